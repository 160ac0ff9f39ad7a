// Which answer wins where a request gives several causes for one: every pair of
// causes is forced, and docs/internals/precedence.md is written from what was seen.

package walk_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

var update = flag.Bool("update", false, "write the documents that tests keep fresh")

// A cause is one reason for a status.
type cause struct {
	status int
	at     decision.ID // the row that answers
	words  string
	force  func(r *restmachine.Request)
	kind   string // "missing": the resource is; "content": two of it cannot meet
}

// A ladder is the causes that one kind of request can give, the winner first.
type ladder struct {
	title, intro string
	methods      []string
	path, body   string
	causes       []cause
}

// saying makes a fact answer as the cause wants it.
func saying(what string) func(*restmachine.Request) {
	return func(r *restmachine.Request) { r.Header.Add("Say", what) }
}

func withField(name, value string) func(*restmachine.Request) {
	return func(r *restmachine.Request) { r.Header.Add(name, value) }
}

// withContent sends other content; what follows it stays.
func withContent(text string) func(*restmachine.Request) {
	return func(r *restmachine.Request) { r.Body = bytes.Replace(r.Body, []byte(`{"n": 1}`), []byte(text), 1) }
}

// ofMissing sends the request to a resource that does not exist, of which what is
// so.
func ofMissing(what string) func(*restmachine.Request) {
	return func(r *restmachine.Request) {
		r.Path = strings.Replace(r.Path, "here", "away", 1)
		r.Header.Add("Say", what)
	}
}

var (
	systemCauses = []cause{
		{503, decision.B13, "ServiceAvailable: no", saying("down"), ""},
		{501, decision.B12, "KnownMethod: no", saying("unknown method"), ""},
		{414, decision.B11, "a target of more than 8 KiB", func(r *restmachine.Request) { r.Path += "?" + strings.Repeat("x", 8<<10) }, ""},
	}
	notAllowed   = cause{405, decision.B10, "MethodAllowed: no", saying("not allowed"), ""}
	accessCauses = []cause{
		{400, decision.B9, "MalformedRequest: yes", saying("malformed"), ""},
		{401, decision.B8, "Authorized: no", saying("unauthorized"), ""},
		{403, decision.B7, "Forbidden: yes", saying("forbidden"), ""},
		{501, decision.B6, "ValidContentHeaders: no", saying("unsupported fields"), ""},
	}
	factsOfContent = []cause{
		{415, decision.B5, "KnownContentType: no", saying("unknown type"), ""},
		{413, decision.B4, "ValidEntityLength: no", saying("too long"), ""},
	}
	contentCauses = []cause{
		{415, decision.B5, "a Content-Type that no parser reads", func(r *restmachine.Request) { r.Header.Set("Content-Type", "text/csv") }, ""},
		{413, decision.B4, "content over MaxBody", func(r *restmachine.Request) { r.Body = append(r.Body, strings.Repeat(" ", 100)...) }, ""},
	}
	notAcceptable = cause{406, decision.C4, "an Accept that matches nothing that is offered", withField("Accept", "image/png"), ""}
	missingCauses = []cause{
		{301, decision.K5, "missing; MovedPermanently", ofMissing("moved"), "missing"},
		{307, decision.L5, "missing; MovedTemporarily", ofMissing("moved for now"), "missing"},
		{410, decision.M5, "missing; PreviouslyExisted: yes", ofMissing("gone"), "missing"},
		{404, decision.L7, "missing", ofMissing(""), "missing"},
	}
	forbiddenOnceLoaded = cause{403, decision.G7a, "Forbidden that takes the resource: yes", saying("forbidden once loaded"), ""}
	unreadableContent   = cause{400, decision.O15, "content that cannot be parsed", withContent("{"), "content"}
	invalidContent      = cause{422, decision.O15, "content that Validate refuses", withContent(`{"n": -1}`), "content"}
)

// movedTo is c, decided at another row.
func (c cause) movedTo(at decision.ID) cause {
	c.at = at
	return c
}

var guarded = func(r *restmachine.Request) { r.Path = strings.Replace(r.Path, "/open/", "/guarded/", 1) }

var ladders = []ladder{
	{"A GET or HEAD", "Preconditions come after all that can be told without them (RFC 9110, 13.2.1): " +
		"a 404 stays a 404 whatever If-Match says.",
		[]string{"GET", "HEAD"}, "/open/here", "", slices.Concat(systemCauses, []cause{notAllowed}, accessCauses, factsOfContent, []cause{notAcceptable}, missingCauses,
			[]cause{
				forbiddenOnceLoaded,
				{300, decision.G7c, "MultipleChoices: yes", saying("choices"), ""},
				{412, decision.G11, "an If-Match that does not match", withField("If-Match", `"2"`), ""},
				{304, decision.J19, "an If-None-Match that matches", withField("If-None-Match", `"1"`), ""},
			})},
	{"A PATCH, or a PUT of what exists", "The content is looked at last: a 412 comes before the 422 that it would get. " +
		"A PUT of what is missing has a table of its own.",
		[]string{"PATCH", "PUT"}, "/open/here", `{"n": 1}`, slices.Concat(systemCauses, []cause{notAllowed}, accessCauses, contentCauses, []cause{notAcceptable}, missingCauses,
			[]cause{
				forbiddenOnceLoaded,
				{428, decision.G7d, "RequirePreconditions, and no If-Match", guarded, ""},
				{412, decision.J18, "an If-None-Match that matches", withField("If-None-Match", `"1"`), ""},
				{409, decision.O14, "IsConflict: yes", saying("conflict"), ""},
				unreadableContent, invalidContent,
			})},
	{"A PUT that would create", "Nothing is there that If-Match could match, so it is refused before it is asked whether one was needed.",
		[]string{"PUT"}, "/open/away", `{"n": 1}`, slices.Concat(systemCauses, []cause{notAllowed}, accessCauses, contentCauses, []cause{notAcceptable},
			[]cause{
				{301, decision.I4, "MovedPermanently", saying("moved"), ""},
				forbiddenOnceLoaded.movedTo(decision.H6),
				{412, decision.H7, "any If-Match", withField("If-Match", `"1"`), ""},
				{428, decision.P2, "RequirePreconditions, and no If-None-Match: *", guarded, ""},
				{409, decision.P3, "IsConflict: yes", saying("conflict"), ""},
				unreadableContent.movedTo(decision.P4), invalidContent.movedTo(decision.P4),
			})},
	{"An unknown path", "It is a resource of its own that does not exist, so that the facts of the App hold there, too.",
		[]string{"GET", "HEAD", "PUT", "OPTIONS"}, "/unknown", "", slices.Concat(systemCauses, accessCauses, factsOfContent, []cause{
			{404, decision.L7, "no such path", func(*restmachine.Request) {}, ""},
		})},
}

// counted is content that may be invalid.
type counted struct {
	N int `json:"n"`
}

func (c counted) Validate() error {
	if c.N < 0 {
		return fmt.Errorf("n must not be negative, and is %d", c.N)
	}
	return nil
}

// precedenceApp has every cause, steered by the request.
func precedenceApp(app *restmachine.App) {
	said := func(what string) func(http.Header) bool {
		return func(h http.Header) bool { return slices.Contains(h.Values("Say"), what) }
	}
	unless := func(what string) func(http.Header) bool {
		return func(h http.Header) bool { return !slices.Contains(h.Values("Say"), what) }
	}
	uriIf := func(what string) func(http.Header) string {
		return func(h http.Header) string {
			if said(what)(h) {
				return "/new"
			}
			return ""
		}
	}
	app.ServiceAvailable(unless("down"))
	app.KnownMethod(unless("unknown method"))
	app.MethodAllowed(unless("not allowed"))
	app.MalformedRequest(said("malformed"))
	app.Authorized(unless("unauthorized"))
	app.Forbidden(said("forbidden"))
	app.ValidContentHeaders(unless("unsupported fields"))
	app.KnownContentType(unless("unknown type"))
	app.ValidEntityLength(unless("too long"))
	app.ResourceExists(harness.LeafByPath)
	app.GenerateETag(func(l *harness.Leaf) string { return fmt.Sprint(l.Version) })
	app.MaxBody(64)

	for _, path := range []string{"/open/{id}", "/guarded/{id}"} {
		r := app.Resource(path)
		r.LockKey(restmachine.ByPath)
		r.Forbidden(func(_ restmachine.Optional[*harness.Leaf], h http.Header) bool {
			return said("forbidden once loaded")(h)
		})
		r.MultipleChoices(said("choices"))
		r.MovedPermanently(uriIf("moved"))
		r.MovedTemporarily(uriIf("moved for now"))
		r.PreviouslyExisted(func(h http.Header) bool { return said("gone")(h) || said("moved")(h) || said("moved for now")(h) })
		r.IsConflict(said("conflict"))
		r.Get(func(l *harness.Leaf) *harness.Leaf { return l })
		r.Put(func(restmachine.Optional[*harness.Leaf], restmachine.Body[counted]) {})
		r.Patch(func(l *harness.Leaf, in restmachine.Body[counted]) *harness.Leaf { return l })
		if path == "/guarded/{id}" {
			r.RequirePreconditions()
		}
	}
}

// ask forces all of causes, and asserts that the first of them is answered.
func (l ladder) ask(p *harness.Probe, method string, causes ...cause) {
	p.T.Helper()
	req := harness.RequestOf(method, l.path, l.body)
	words := []string{method}
	for _, c := range causes {
		c.force(&req)
		words = append(words, fmt.Sprint(c.status, " ", c.words))
	}
	resp, trace := p.Explain(req)
	assert.Equal(p.T, causes[0].status, resp.StatusCode, "%q: %s", words, resp.Body)
	if assert.NotEmpty(p.T, trace.Visits) {
		assert.Equal(p.T, causes[0].at.String(), trace.Visits[len(trace.Visits)-1].ID.String(), "%q\n%s", words, trace)
	}
}

func (c cause) meets(other cause) bool { return c.kind != "content" || other.kind != "content" }

// of are the causes that a method can have: a PUT of what is missing creates.
func (l ladder) of(method string) []cause {
	return slices.DeleteFunc(slices.Clone(l.causes), func(c cause) bool { return method == "PUT" && c.kind == "missing" })
}

func TestPrecedence(t *testing.T) {
	p, all := harness.NewProbe(t, precedenceApp), harness.Figure(t, "causes and pairs of causes")
	for _, l := range ladders {
		t.Run(l.title, func(t *testing.T) {
			for _, method := range l.methods {
				causes := l.of(method)
				for i, c := range causes {
					l.ask(p.On(t), method, c)
					all.Add(1)
					for _, later := range causes[i+1:] {
						if c.meets(later) {
							l.ask(p.On(t), method, c, later)
							all.Add(1)
						}
					}
				}
			}
		})
	}
}

// TestPrecedenceOfAll: what is left wins when what would win before it is taken
// away, one cause at a time.
func TestPrecedenceOfAll(t *testing.T) {
	p := harness.NewProbe(t, precedenceApp)
	for _, l := range ladders {
		for i := range l.causes {
			rest := slices.Clone(l.causes[i:])
			if last := len(rest) - 1; last > 0 && !rest[last-1].meets(rest[last]) {
				rest = rest[:last]
			}
			l.ask(p, l.methods[0], rest...)
		}
	}
}

const precedenceDocument = "../../../docs/internals/precedence.md"

func TestPrecedenceDocument(t *testing.T) {
	document := precedenceText()
	if *update {
		require.NoError(t, os.WriteFile(precedenceDocument, []byte(document), 0o644))
	}
	kept, err := os.ReadFile(precedenceDocument)
	require.NoError(t, err)
	assert.Equal(t, document, string(kept), "go test ./restmachine/internal/walk -run Precedence -update writes it")
}

func precedenceText() string {
	var b strings.Builder
	b.WriteString(`# Which answer wins

A request can give several reasons for an answer: nobody is authorised, *and* the
resource is missing, *and* the content cannot be read. The graph asks in a fixed
order, so that the answer is always the same one, and so that no question tells
what an earlier one keeps secret: who is not authorised does not learn what
exists. RFC 9110, 13.2.1 fixes the part that is about preconditions: they count
only where the answer without them would be 2xx or 412.

In each table the higher row wins over every lower one. A test forces every pair
of causes (the content cannot be unreadable and refused at once), asserts the
winner and the row of the graph that answered, and writes this page: ` + "`go test ./restmachine/internal/walk -run Precedence -update`" + `.
`)
	for _, l := range ladders {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", l.title, l.intro)
		b.WriteString("| | status | cause | answered at |\n|---:|---|---|---|\n")
		for i, c := range l.causes {
			fmt.Fprintf(&b, "| %d | %d %s | %s | %s: %s |\n", i+1, c.status, (&restmachine.Problem{Status: c.status}).Error(), c.words, c.at, decision.HTTP[c.at].Label)
		}
	}
	return b.String()
}
