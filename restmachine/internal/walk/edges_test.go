// Every edge of the graph, walked through an App: the requests below are few,
// and the list of edges that none of them takes must be empty.

package walk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// An edge is a row and one of its two answers.
type edge struct {
	from decision.ID
	yes  bool
}

func (e edge) String() string {
	row := decision.HTTP[e.from]
	answer, to := "no", row.No
	if e.yes {
		answer, to = "yes", row.Yes
	}
	return fmt.Sprintf("%s %s -> %s (%s)", e.from, answer, to, row.Label)
}

// walked are the edges of a trace. The "no" of an act is the status that its
// failure means, where that is the edge's.
func walked(trace decision.Trace) []edge {
	var all []edge
	for _, v := range trace.Visits {
		no := decision.HTTP[v.ID].No
		switch {
		case v.Answer == decision.Yes, v.Answer == decision.No:
			all = append(all, edge{v.ID, v.Answer == decision.Yes})
		case no.IsStatus() && v.Answer == decision.Status(int(no)):
			all = append(all, edge{v.ID, false})
		}
	}
	return all
}

// unfailing is an entity that renders, unless it is told not to.
type unfailing struct{ Fails bool }

// creatable declares the leaf of most requests, whose facts and handlers are
// steered by fields of the request: Say names what is so, Fail what fails.
func creatable(app *restmachine.App) {
	says := func(what string) func(http.Header) bool {
		return func(h http.Header) bool { return h.Get("Say") == what }
	}
	failing := func(h http.Header) (*unfailing, error) {
		switch h.Get("Fail") {
		case "handler":
			return nil, errors.New("the handler failed")
		case "renderer":
			return &unfailing{true}, nil
		}
		return &unfailing{}, nil
	}
	app.ServiceAvailable(func(h http.Header) bool { return !says("down")(h) })
	app.MethodAllowed(func(h http.Header) bool { return !says("not allowed")(h) })
	app.MalformedRequest(says("malformed"))
	app.Authorized(func(h http.Header) bool { return !says("unauthorized")(h) })
	app.Forbidden(says("forbidden"))
	app.ValidContentHeaders(func(h http.Header) bool { return !says("unsupported fields")(h) })

	app.ResourceExists(harness.LeafByPath)
	r := app.Resource("/leaves/{id}")
	r.GenerateETag(func(*harness.Leaf) string { return "1" })
	r.LastModified(func(*harness.Leaf) time.Time { return harness.LeafModified })
	r.Provides("application/json", func(u *unfailing) (string, error) {
		if u.Fails {
			return "", errors.New("the renderer failed")
		}
		return "{}", nil
	})
	r.Provides("text/plain", func(*unfailing) []byte { return []byte("0123456789") })
	r.Languages("en", "de")
	r.Charsets("utf-8", "utf-16")
	r.Encodings("gzip")
	r.MaxBody(64)
	r.LockKey(func(h http.Header) (string, error) {
		if says("client gone")(h) {
			return "", context.Canceled
		}
		return "one", nil
	})
	r.Forbidden(func(_ restmachine.Optional[*harness.Leaf], h http.Header) bool {
		return says("forbidden once loaded")(h)
	})
	r.MultipleChoices(says("choices"))
	r.MovedPermanently(func(h http.Header) string { return h.Get("Moved") })
	r.MovedTemporarily(func(h http.Header) string { return h.Get("Moved-For-Now") })
	r.PreviouslyExisted(func(h http.Header) bool {
		return says("gone")(h) || h.Get("Moved")+h.Get("Moved-For-Now") != ""
	})
	r.AllowMissingPost(func(h http.Header) bool { return h.Get("Allow-Post") != "" })
	r.IsConflict(says("conflict"))
	r.DeleteCompleted(func(h http.Header) bool { return !says("pending")(h) })

	r.Get(func(h http.Header, _ *harness.Leaf) (*unfailing, error) { return failing(h) })
	r.Put(func(h http.Header, _ restmachine.Optional[*harness.Leaf], _ restmachine.Body[harness.LeafIn]) (*unfailing, error) {
		return failing(h)
	})
	r.Patch(func(h http.Header, _ *harness.Leaf) (*unfailing, error) { return failing(h) })
	r.Post(func(h http.Header) (*restmachine.Reply[any], error) {
		u, err := failing(h)
		if says("created")(h) {
			return restmachine.Created[any]("/leaves/new", u), err
		}
		return restmachine.NewReply[any](0, u), err
	})
	r.Delete(func(h http.Header, _ *harness.Leaf) error {
		_, err := failing(h)
		return err
	})

	required := app.Resource("/required/{id}")
	required.RequirePreconditions()
	required.LockKey(restmachine.ByPath)
	required.Put(func(_ restmachine.Optional[*harness.Leaf]) {})
}

// shown declares a leaf that only its GET can represent, and that may not be
// shown although it exists; and a GET without validators that fails.
func shown(app *restmachine.App) {
	app.GenerateETag(func(*unfailing) string { return "1" })
	app.Get("/shown/{id}", func(_ *harness.Leaf, h http.Header) *unfailing {
		if h.Get("Hide") != "" {
			return nil
		}
		return &unfailing{}
	})
	app.Get("/failing", func() (string, error) { return "", errors.New("the handler failed") })
}

// An edgeRow is one request and its status.
type edgeRow struct {
	method, target string
	want           int
	fields         []string
}

var edgeRows = []edgeRow{
	// System and request checks.
	{"GET", "/leaves/here", 503, []string{"Say", "down"}},
	{"FROB", "/leaves/here", 501, nil},
	{"GET", "/leaves/here?" + strings.Repeat("x", 8<<10), 414, nil},
	{"GET", "/leaves/here", 405, []string{"Say", "not allowed"}},
	{"GET", "/leaves/here", 400, []string{"Say", "malformed"}},
	{"OPTIONS", "/leaves/here", 200, nil},
	{"GET", "/leaves/here", 401, []string{"Say", "unauthorized"}},
	{"GET", "/leaves/here", 403, []string{"Say", "forbidden"}},
	{"GET", "/leaves/here", 501, []string{"Say", "unsupported fields"}},
	{"PUT", "/leaves/here", 415, []string{"Content-Type", "text/csv"}},
	{"PUT", "/leaves/here", 413, []string{"Long", "yes"}},

	// Proactive negotiation.
	{"GET", "/leaves/here", 200, []string{"Accept", "text/plain", "Accept-Language", "de", "Accept-Charset", "utf-16", "Accept-Encoding", "gzip"}},
	{"GET", "/leaves/here", 406, []string{"Accept", "image/png"}},
	{"GET", "/leaves/here", 406, []string{"Accept-Language", "fr"}},
	{"GET", "/leaves/here", 406, []string{"Accept-Charset", "koi8-r"}},
	{"GET", "/leaves/here", 406, []string{"Accept-Encoding", "br, identity;q=0"}},

	// The target resource.
	{"PUT", "/leaves/here", 503, []string{"Say", "client gone"}},
	{"GET", "/leaves/here", 403, []string{"Say", "forbidden once loaded"}},
	{"GET", "/shown/here", 200, nil},
	{"GET", "/shown/here", 404, []string{"Hide", "it"}},
	{"GET", "/leaves/here", 300, []string{"Say", "choices"}},
	{"PUT", "/required/here", 428, nil},

	// Preconditions on a current representation.
	{"PUT", "/leaves/here", 200, []string{"If-Match", "*"}},
	{"PUT", "/leaves/here", 200, []string{"If-Match", `"1"`}},
	{"PUT", "/leaves/here", 412, []string{"If-Match", `"2"`}},
	{"PUT", "/leaves/here", 400, []string{"If-Match", `"1`}},
	{"GET", "/leaves/here", 412, []string{"If-Match", `"1`}},
	{"PUT", "/leaves/here", 412, []string{"If-Unmodified-Since", harness.DateBeforeIt}},
	{"PUT", "/leaves/here", 200, []string{"If-Unmodified-Since", harness.LeafDate}},
	{"PUT", "/leaves/here", 200, []string{"If-Unmodified-Since", "yesterday"}},
	{"PUT", "/leaves/here", 412, []string{"If-None-Match", "*"}},
	{"PUT", "/leaves/here", 400, []string{"If-None-Match", `"1`}},
	{"GET", "/leaves/here", 200, []string{"If-None-Match", `"1`}},
	{"GET", "/leaves/here", 200, []string{"If-None-Match", `"2"`}},
	{"GET", "/leaves/here", 304, []string{"If-None-Match", `"1"`}},
	{"GET", "/leaves/here", 200, []string{"If-None-Match", `"1"`, "If-Modified-Since", harness.DateBeforeIt}},
	{"GET", "/leaves/here", 304, []string{"If-Modified-Since", harness.LeafDate}},
	{"GET", "/leaves/here", 200, []string{"If-Modified-Since", harness.DateBeforeIt}},
	{"GET", "/leaves/here", 200, []string{"If-Modified-Since", "yesterday"}},

	// No current representation.
	{"PUT", "/leaves/away", 301, []string{"Moved", "/leaves/here"}},
	{"GET", "/leaves/away", 301, []string{"Moved", "/leaves/here"}},
	{"GET", "/leaves/away", 307, []string{"Moved-For-Now", "/leaves/here"}},
	{"GET", "/leaves/away", 410, []string{"Say", "gone"}},
	{"GET", "/leaves/away", 404, nil},
	{"POST", "/leaves/away", 404, nil},
	{"POST", "/leaves/away", 410, []string{"Say", "gone"}},
	{"POST", "/leaves/away", 200, []string{"Say", "gone", "Allow-Post", "yes"}},
	{"POST", "/leaves/away", 200, []string{"Allow-Post", "yes"}},
	{"PUT", "/leaves/away", 403, []string{"Say", "forbidden once loaded"}},
	{"PUT", "/leaves/away", 412, []string{"If-Match", `"1"`}},
	{"PUT", "/leaves/away", 400, []string{"If-None-Match", `"1`}},
	{"PUT", "/required/away", 428, nil},
	{"PUT", "/leaves/away", 409, []string{"Say", "conflict"}},
	{"PUT", "/leaves/away", 500, []string{"Fail", "handler"}},
	{"PUT", "/leaves/away", 500, []string{"Fail", "renderer"}},
	{"PUT", "/leaves/away", 201, nil},

	// The method.
	{"DELETE", "/leaves/here", 204, nil},
	{"DELETE", "/leaves/here", 202, []string{"Say", "pending"}},
	{"DELETE", "/leaves/here", 500, []string{"Fail", "handler"}},
	{"POST", "/leaves/here", 201, []string{"Say", "created"}},
	{"POST", "/leaves/here", 500, []string{"Fail", "handler"}},
	{"PATCH", "/leaves/here", 200, nil},
	{"PATCH", "/leaves/here", 409, []string{"Say", "conflict"}},
	{"PATCH", "/leaves/here", 500, []string{"Fail", "handler"}},
	{"GET", "/leaves/here", 500, []string{"Fail", "handler"}},
	{"GET", "/failing", 500, nil},

	// The content of the answer.
	{"POST", "/leaves/here", 500, []string{"Fail", "renderer"}},
	{"GET", "/leaves/here", 206, []string{"Accept", "text/plain", "Range", "bytes=0-4"}},
	{"GET", "/leaves/here", 416, []string{"Accept", "text/plain", "Range", "bytes=99-"}},
	{"GET", "/leaves/here", 200, []string{"Accept", "text/plain", "Range", "bytes=0-4", "If-Range", `"2"`}},
}

func TestEveryEdgeIsWalked(t *testing.T) {
	left := map[edge]bool{}
	for id := range decision.HTTP.All() {
		left[edge{id, true}], left[edge{id, false}] = true, true
	}
	edges := len(left)
	p := harness.NewProbe(t, func(app *restmachine.App) {
		creatable(app)
		shown(app)
	}, restmachine.WithStrictNegotiation())
	for _, row := range edgeRows {
		body := ""
		if row.method == "PUT" {
			body = `{"version": 1}`
		}
		req := harness.RequestOf(row.method, row.target, body, row.fields...)
		if req.Header.Get("Long") != "" {
			req.Body = []byte(strings.Repeat(" ", 65))
		}
		resp, trace := p.Explain(req)
		assert.Equal(t, row.want, resp.StatusCode, "%s %s %q: %s\n%s", row.method, row.target, row.fields, resp.Body, trace)
		for _, e := range walked(trace) {
			delete(left, e)
		}
	}
	if longContentIsRefusedAtG5(t, p.App) {
		delete(left, edge{decision.G5, false})
	}
	var missed []string
	for e := range left {
		missed = append(missed, e.String())
	}
	assert.ElementsMatch(t, []string{}, missed, "edges that no request takes")
	harness.Figure(t, fmt.Sprintf("edges walked, of %d", edges)).Add(int64(edges - len(left)))
}

// longContentIsRefusedAtG5 sends content that does not say how long it is, as
// only a connection can; the problem tells which decision failed.
func longContentIsRefusedAtG5(t *testing.T, app *restmachine.App) bool {
	t.Helper()
	long := io.MultiReader(strings.NewReader(strings.Repeat(" ", 65)))
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest("PUT", "/leaves/here", long))
	return assert.Equal(t, 413, w.Code) && assert.Contains(t, w.Body.String(), `"decision":"G5"`)
}

// TestSettledOptions: the two policies differ in what J19 is settled to, and in
// no row beside it.
func TestSettledOptions(t *testing.T) {
	req := harness.RequestOf("GET", "/leaves/here", "", "If-None-Match", `"1"`, "If-Modified-Since", harness.DateBeforeIt)
	for _, tt := range []struct {
		policy restmachine.Policy
		want   string
	}{
		{restmachine.Combine, "K13 J18 J19 M16"},
		{restmachine.RFC9110, "K13 J18 J19 304"},
	} {
		p := harness.NewProbe(t, creatable, restmachine.WithPrecedence(tt.policy))
		_, trace := p.Explain(req)
		assert.Contains(t, trace.String(), tt.want)
	}
}
