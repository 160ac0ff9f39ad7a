// The yes/no facts: each on an App, a Group and a Resource, with its default,
// both answers, what it is injected, and every way in which it may fail.

package plan_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A gate is one fact, the request that shows it, and the status without it and
// by its answer.
type gate struct {
	name            string
	say             func(*restmachine.Facts, restmachine.Func)
	method, id      string
	unsaid, yes, no int
}

var gates = []gate{
	{"ServiceAvailable", (*restmachine.Facts).ServiceAvailable, "GET", "here", 200, 200, 503},
	{"KnownMethod", (*restmachine.Facts).KnownMethod, "GET", "here", 200, 200, 501},
	{"URITooLong", (*restmachine.Facts).URITooLong, "GET", "here", 200, 414, 200},
	{"MethodAllowed", (*restmachine.Facts).MethodAllowed, "GET", "here", 200, 200, 405},
	{"MalformedRequest", (*restmachine.Facts).MalformedRequest, "GET", "here", 200, 400, 200},
	{"Authorized", (*restmachine.Facts).Authorized, "GET", "here", 200, 200, 401},
	{"Forbidden", (*restmachine.Facts).Forbidden, "GET", "here", 200, 403, 200},
	{"ValidContentHeaders", (*restmachine.Facts).ValidContentHeaders, "GET", "here", 200, 200, 501},
	{"KnownContentType", (*restmachine.Facts).KnownContentType, "PUT", "here", 200, 200, 415},
	{"ValidEntityLength", (*restmachine.Facts).ValidEntityLength, "PUT", "here", 200, 200, 413},
	{"ResourceExists", (*restmachine.Facts).ResourceExists, "GET", "here", 200, 200, 404},
	{"ResourceExists that cannot revive", (*restmachine.Facts).ResourceExists, "GET", "away", 404, 404, 404},
	{"PreviouslyExisted", (*restmachine.Facts).PreviouslyExisted, "GET", "away", 404, 410, 404},
	{"PreviouslyExisted of a POST", (*restmachine.Facts).PreviouslyExisted, "POST", "away", 404, 410, 404},
	{"AllowMissingPost", (*restmachine.Facts).AllowMissingPost, "POST", "away", 404, 200, 404},
	{"IsConflict of a replacement", (*restmachine.Facts).IsConflict, "PUT", "here", 200, 409, 200},
	{"IsConflict of a creation", (*restmachine.Facts).IsConflict, "PUT", "away", 201, 409, 201},
	{"IsConflict of a patch", (*restmachine.Facts).IsConflict, "PATCH", "here", 200, 409, 200},
	{"MultipleChoices", (*restmachine.Facts).MultipleChoices, "GET", "here", 200, 300, 200},
	{"MultipleChoices of a HEAD", (*restmachine.Facts).MultipleChoices, "HEAD", "here", 200, 300, 200},
	{"DeleteCompleted", (*restmachine.Facts).DeleteCompleted, "DELETE", "here", 204, 204, 202},
}

// ask sends the request that shows the gate.
func (g gate) ask(p *harness.Probe) restmachine.Response {
	p.T.Helper()
	body := ""
	if g.method == "PUT" {
		body = `{"version": 2}`
	}
	return p.Do(g.method, "/g/leaves/"+g.id, body)
}

// places calls f for each place at which a fact can be given.
func places(t *testing.T, f func(t *testing.T, at func(say func(*restmachine.Facts)) func(*restmachine.App))) {
	for i, place := range []string{"App", "Group", "Resource"} {
		t.Run(place, func(t *testing.T) {
			f(t, func(say func(*restmachine.Facts)) func(*restmachine.App) {
				return harness.Leaves(func(app, group, resource *restmachine.Facts) {
					say([]*restmachine.Facts{app, group, resource}[i])
				})
			})
		})
	}
}

func TestGateAnswers(t *testing.T) {
	for _, g := range gates {
		t.Run(g.name, func(t *testing.T) {
			assert.Equal(t, g.unsaid, g.ask(harness.NewProbe(t, harness.Leaves(harness.NothingSaid))).StatusCode, "where nothing is said")
			places(t, func(t *testing.T, at func(func(*restmachine.Facts)) func(*restmachine.App)) {
				for answer, want := range map[bool]int{true: g.yes, false: g.no} {
					p := harness.NewProbe(t, at(func(f *restmachine.Facts) { g.say(f, func() bool { return answer }) }))
					assert.Equal(t, want, g.ask(p).StatusCode, "%t", answer)
				}
			})
		})
	}
}

func TestGateInjection(t *testing.T) {
	for _, g := range gates {
		if g.name == "ResourceExists that cannot revive" {
			continue // it is not asked: the loaded type is missing already
		}
		t.Run(g.name, func(t *testing.T) {
			places(t, func(t *testing.T, at func(func(*restmachine.Facts)) func(*restmachine.App)) {
				var seen []string
				p := harness.NewProbe(t, at(func(f *restmachine.Facts) {
					g.say(f, func(c *harness.Clock, m restmachine.Method, path restmachine.PathParams) bool {
						seen = append(seen, fmt.Sprint(c.Year, m, path.Get("id")))
						return true
					})
				}))
				g.ask(p)
				assert.Contains(t, seen, fmt.Sprint(2015, g.method, g.id))
			})
		})
	}
}

// TestGateFailures: any gate stops the graph with its error, whose text a
// client never sees, or with its Problem.
func TestGateFailures(t *testing.T) {
	const secret = "the password is hunter2"
	failures := []struct {
		name string
		err  error
		want int
	}{
		{"an error", errors.New(secret), 500},
		{"not found", fmt.Errorf("%s: %w", secret, restmachine.ErrNotFound), 404},
		{"gone", fmt.Errorf("%s: %w", secret, restmachine.ErrGone), 410},
		{"a redirect", &restmachine.Problem{Status: 308, Header: http.Header{"Location": {"/g/leaves/new"}}}, 308},
		{"payment", &restmachine.Problem{Status: 402, Detail: "pay first"}, 402},
		{"teapot", &restmachine.Problem{Status: 418}, 418},
		{"wrapped", fmt.Errorf("%s: %w", secret, &restmachine.Problem{Status: 451}), 451},
		{"a status that is none", &restmachine.Problem{Status: 42}, 500},
		{"the last status", &restmachine.Problem{Status: 599}, 599},
	}
	for _, g := range gates {
		if g.name == "ResourceExists that cannot revive" {
			continue
		}
		t.Run(g.name, func(t *testing.T) {
			for _, tt := range failures {
				p := harness.NewProbe(t, harness.Leaves(func(_, _, r *restmachine.Facts) {
					g.say(r, func() (bool, error) { return true, tt.err })
				}))
				resp := g.ask(p)
				assert.Equal(t, tt.want, resp.StatusCode, tt.name)
				assert.NotContains(t, string(resp.Body), "hunter2", tt.name)
				if tt.want == 308 {
					assert.Equal(t, "/g/leaves/new", resp.Header.Get("Location"))
				}
			}
		})
	}
}

// TestProblemOfAnyStatus: each status of an error, with the fields that it must
// carry.
func TestProblemOfAnyStatus(t *testing.T) {
	status := 0
	p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) {
		app.ServiceAvailable(func() (bool, error) {
			return true, &restmachine.Problem{Status: status, Header: http.Header{"Retry-After": {"7"}}}
		})
	}))
	for status = 400; status < 600; status++ {
		if status == 412 || status == 416 || status == 428 {
			continue // they answer what this request does not say
		}
		resp := p.Want(status, "PUT", "/g/leaves/here", `{}`)
		assert.Equal(t, "7", resp.Header.Get("Retry-After"))
		assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"))
		assert.Contains(t, string(resp.Body), `"status":`+strconv.Itoa(status))
	}
}

// TestResourceExistsForms: each way to say that there is nothing, and to say
// what there is.
func TestResourceExistsForms(t *testing.T) {
	type crown interface{ Size() int }
	is := func(path restmachine.PathParams) bool { return path.Get("id") == "here" }
	tests := []struct {
		name    string
		fact    restmachine.Func
		handler restmachine.Func
	}{
		{"a pointer", harness.LeafByPath, func(l *harness.Leaf) *harness.Leaf { return l }},
		{"a pointer and an error", func(p restmachine.PathParams) (*harness.Leaf, error) { return harness.LeafByPath(p), nil }, func(l *harness.Leaf) *harness.Leaf { return l }},
		{"a value and ok", func(p restmachine.PathParams) (harness.Leaf, bool) { return harness.Leaf{}, is(p) }, func(l harness.Leaf) harness.Leaf { return l }},
		{"a value, ok and an error", func(p restmachine.PathParams) (harness.Leaf, bool, error) { return harness.Leaf{}, is(p), nil }, func(l harness.Leaf) harness.Leaf { return l }},
		{"an interface", func(p restmachine.PathParams) crown {
			if is(p) {
				return treetop{}
			}
			return nil
		}, func(c crown) string { return fmt.Sprint(c.Size()) }},
		{"a typed nil in an interface", func(p restmachine.PathParams) crown {
			if is(p) {
				return &treetop{}
			}
			return (*treetop)(nil)
		}, func(c crown) string { return fmt.Sprint(c.Size()) }},
		{"a bool", is, func() string { return "there" }},
		{"a bool and an error", func(p restmachine.PathParams) (bool, error) { return is(p), nil }, func() string { return "there" }},
		{"ErrNotFound", func(p restmachine.PathParams) (*harness.Leaf, error) {
			if is(p) {
				return &harness.Leaf{}, nil
			}
			return nil, restmachine.ErrNotFound
		}, func(l *harness.Leaf) *harness.Leaf { return l }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := harness.NewProbe(t, func(app *restmachine.App) {
				app.ResourceExists(tt.fact)
				app.Get("/leaves/{id}", tt.handler)
				app.Delete("/leaves/{id}", tt.handler)
			})
			for _, method := range []string{"GET", "HEAD", "DELETE"} {
				p.Want(200, method, "/leaves/here", "")
				p.Want(404, method, "/leaves/away", "", "If-Match", "*")
			}
		})
	}
}

type treetop struct{}

func (treetop) Size() int { return 3 }

// TestGatesAddUp: a nearer gate can refuse more, and never less.
func TestGatesAddUp(t *testing.T) {
	refuse := func() bool { return true }
	allow := func() bool { return false }
	p := harness.NewProbe(t, harness.Leaves(func(app, group, resource *restmachine.Facts) {
		app.Forbidden(refuse)
		group.Forbidden(refuse)
		resource.Forbidden(allow)
	}))
	p.Want(403, "GET", "/g/leaves/here", "")
	p.Want(403, "GET", "/g/plain", "")

	p = harness.NewProbe(t, harness.Leaves(func(app, group, _ *restmachine.Facts) {
		app.Forbidden(allow)
		group.Forbidden(refuse)
	}))
	p.Want(403, "GET", "/g/leaves/here", "")
	p.Want(404, "GET", "/elsewhere", "")
}

func TestAuthorizedGivesItsChallenge(t *testing.T) {
	tests := []struct {
		name    string
		fact    restmachine.Func
		options []restmachine.Option
		want    string
	}{
		{"bool", func() bool { return false }, nil, "Bearer"},
		{"bool, with an option", func() bool { return false }, []restmachine.Option{restmachine.WithChallenge(`Basic realm="x"`)}, `Basic realm="x"`},
		{"its own", func() (string, bool) { return `Digest realm="y"`, false }, nil, `Digest realm="y"`},
		{"its own is empty", func() (string, bool) { return "", false }, nil, "Bearer"},
		{"its own, and no error", func() (string, bool, error) { return "Negotiate", false, nil }, nil, "Negotiate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) { app.Authorized(tt.fact) }), tt.options...)
			assert.Equal(t, tt.want, p.Want(401, "GET", "/g/leaves/here", "").Header.Get("WWW-Authenticate"))
			assert.Empty(t, p.Want(200, "OPTIONS", "/g/leaves/here", "").Header.Get("WWW-Authenticate"), "a preflight is never a 401")
			p.Want(401, "GET", "/elsewhere", "")
			p.Want(401, "OPTIONS", "/elsewhere", "")
		})
	}
	p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) {
		app.Authorized(func() (string, bool) { return "Bearer", true })
	}))
	assert.Empty(t, p.Want(200, "GET", "/g/leaves/here", "").Header.Get("WWW-Authenticate"))
}

// TestGatesOfLoadedTypes: a Forbidden that takes what was loaded is asked
// behind G7, so that what is missing stays a 404.
func TestGatesOfLoadedTypes(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		app.Forbidden(func(l *harness.Leaf) bool { return l.Version == 1 })
		app.Get("/secret/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		app.Get("/open/{id}", func() string { return "no leaf is loaded here" })
	})
	p.Want(403, "GET", "/secret/here", "")
	p.Want(404, "GET", "/secret/away", "")
	p.Want(200, "GET", "/open/here", "")
	p.Want(200, "OPTIONS", "/secret/here", "")

	// Given on a Group, it makes every path below load what it takes.
	p = harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		g := app.Group("/g/{id}")
		g.Forbidden(func(l *harness.Leaf) bool { return l.Version == 1 })
		g.Get("/comments", func() string { return "comments" })
	})
	p.Want(403, "GET", "/g/here/comments", "")
	p.Want(404, "GET", "/g/away/comments", "")
}

// TestGatesOnTheWayToCreating: what would be created is asked as an Optional,
// before the preconditions and the write.
func TestGatesOnTheWayToCreating(t *testing.T) {
	type twig struct{ leaf string }
	var seen []bool
	p := harness.NewProbe(t, harness.Leaves(func(_, _, r *restmachine.Facts) {
		r.Forbidden(func(l restmachine.Optional[*harness.Leaf], h http.Header) bool {
			seen = append(seen, l.OK)
			return h.Get("Role") != "admin"
		})
	}))
	p.Want(403, "PUT", "/g/leaves/away", `{}`, "If-Match", `"1"`)
	p.Want(403, "PUT", "/g/leaves/here", `{}`)
	p.Want(404, "GET", "/g/leaves/away", "")
	assert.Equal(t, []bool{false, true}, seen, "a GET of what is missing is a 404, and nothing is asked")
	p.Want(201, "PUT", "/g/leaves/away", `{}`, "Role", "admin")
	p.Want(412, "PUT", "/g/leaves/away", `{}`, "Role", "admin", "If-Match", `"1"`)
	p.Want(200, "PUT", "/g/leaves/here", `{}`, "Role", "admin")

	// Gates on different types must all pass.
	p = harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		app.ResourceExists(func(l *harness.Leaf) *twig { return &twig{l.ID} })
		app.Forbidden(func(l *harness.Leaf, h http.Header) bool { return h.Get("No-Leaf") != "" })
		app.Forbidden(func(w *twig, h http.Header) bool { return h.Get("No-Twig") != "" })
		app.Get("/twigs/{id}", func(w *twig) string { return w.leaf })
	})
	p.Want(200, "GET", "/twigs/here", "")
	p.Want(403, "GET", "/twigs/here", "", "No-Leaf", "1")
	p.Want(403, "GET", "/twigs/here", "", "No-Twig", "1")
}

// TestGatesThatCannotBeAsked: a gate that would be asked before what it takes
// is there is a fault, and never silence.
func TestGatesThatCannotBeAsked(t *testing.T) {
	tests := []struct {
		name string
		say  func(r *restmachine.Facts)
		want string
	}{
		{"loaded, ahead of G7", func(r *restmachine.Facts) { r.Authorized(func(*harness.Leaf) bool { return true }) }, saysNotLoaded},
		{"content, ahead of G5", func(r *restmachine.Facts) {
			r.ValidEntityLength(func(restmachine.Body[harness.LeafIn]) bool { return true })
		}, saysNotRead},
		{"what may be created", func(r *restmachine.Facts) { r.IsConflict(func(*harness.Leaf) bool { return true }) }, "Optional[*harness.Leaf]"},
		{"a target that is missing", func(r *restmachine.Facts) { r.PreviouslyExisted(func(*harness.Leaf) bool { return true }) }, "only where the target is missing"},
		{"two of one name, of which the nearest alone holds", func(r *restmachine.Facts) {
			r.MultipleChoices(func() bool { return true })
			r.MultipleChoices(func() bool { return false })
		}, saysBothGiven},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			app := restmachine.New(harness.Quiet)
			harness.Leaves(func(_, _, r *restmachine.Facts) { tt.say(r) })(app)
			err := app.Validate()
			require.Error(t, err)
			assert.Contains(t, err.Error(), tt.want)
			assert.Contains(t, err.Error(), harness.InThisFile(), "it says where")
			assert.Equal(t, 500, app.Execute(restmachine.Request{Path: "/g/leaves/here"}).StatusCode)
		})
	}
}
