// Errors as clients see them: how they are rendered and negotiated, what they
// are mapped to, and which fields they do not carry.

package answer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestVaryOfAProblem: Accept chose how the problem is told, whatever its Header says.
func TestVaryOfAProblem(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/secret", func() error {
			return &restmachine.Problem{Status: 403, Header: http.Header{"Vary": {"Cookie"}}}
		})
	})
	assert.Equal(t, []string{"Cookie, Accept"}, p.Want(403, "GET", "/secret", "").Header["Vary"])
}

// TestTitles are the phrases of RFC 9110, 15.5 (RFC 9457, 4.2.1); Go's are older.
func TestTitles(t *testing.T) {
	for status, title := range map[int]string{413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable", 422: "Unprocessable Content", 409: "Conflict"} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.Get("/", func() error { return &restmachine.Problem{Status: status} })
		})
		assert.Contains(t, string(p.Want(status, "GET", "/", "", "Range", "bytes=1-").Body), `"title":"`+title+`"`)
	}
}

// TestRenderError replaces the rendering of every error, by the seeds' two
// examples; one that fails falls back to problem details.
func TestRenderError(t *testing.T) {
	type message struct {
		Message string `json:"message"`
	}
	for i, place := range []string{"App", "Group", "Resource"} {
		t.Run(place, func(t *testing.T) {
			p := harness.NewProbe(t, harness.Leaves(func(app, group, resource *restmachine.Facts) {
				app.RequirePreconditions()
				[]*restmachine.Facts{app, group, resource}[i].RenderError(func(p *restmachine.Problem, c *harness.Clock) message {
					return message{fmt.Sprint(p.Status, " ", p.Title, " ", c.Year)}
				})
			}))
			for path, want := range map[string]int{"/g/leaves/away": 404, "/g/leaves/here": 428} {
				resp := p.Want(want, "DELETE", path, "")
				assert.JSONEq(t, fmt.Sprintf(`{"message": "%d %s 2015"}`, want, http.StatusText(want)), string(resp.Body))
				assert.Equal(t, "application/json", resp.Header.Get("Content-Type"))
			}
		})
	}
	media := func(typ string) func(p *restmachine.Problem) map[string]any {
		return func(p *restmachine.Problem) map[string]any {
			p.Header.Set("Content-Type", typ)
			return map[string]any{"errors": []any{p.Title}}
		}
	}
	for name, tt := range map[string]struct {
		render    restmachine.Func
		typ, body string
	}{
		"a type of its own": {media("application/vnd.api+json"), "application/vnd.api+json", `{"errors":["Not Found"]}`},
		"text":              {func(p *restmachine.Problem) string { return "sorry" }, "text/plain; charset=utf-8", "sorry"},
		"bytes":             {func(p *restmachine.Problem) []byte { return []byte("sorry") }, "application/octet-stream", "sorry"},
		"an error":          {func(p *restmachine.Problem) (string, error) { return "", harness.ErrSecret }, "application/problem+json", `{"title":"Not Found","status":404,"decision":"L7"}`},
		"a panic":           {func(p *restmachine.Problem) string { panic(harness.ErrSecret) }, "application/problem+json", `{"title":"Not Found","status":404,"decision":"L7"}`},
	} {
		t.Run(name, func(t *testing.T) {
			p := harness.NewProbe(t, func(app *restmachine.App) { app.RenderError(tt.render) })
			resp := p.Want(404, "GET", "/nowhere", "")
			assert.Equal(t, tt.typ, resp.Header.Get("Content-Type"))
			assert.Equal(t, tt.body, string(resp.Body))
		})
	}
}

// TestProblemsAreNegotiated: an error is problem details, or text where a
// client prefers that; it is never a 406.
func TestProblemsAreNegotiated(t *testing.T) {
	p := harness.NewProbe(t, harness.Leaves(harness.NothingSaid))
	for accept, want := range map[string]string{
		"*/*": "application/problem+json", "application/json": "application/problem+json", "application/problem+json": "application/problem+json",
		"text/plain": "text/plain; charset=utf-8", "text/html": "application/problem+json", "text/*, application/json;q=0.1": "text/plain; charset=utf-8",
		"*/*;q=0": "application/problem+json",
	} {
		resp := p.Want(404, "GET", "/nowhere", "", "Accept", accept)
		assert.Equal(t, want, resp.Header.Get("Content-Type"), accept)
		assert.Equal(t, "Accept", resp.Header.Get("Vary"))
		assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
		assert.Contains(t, string(resp.Body), "Not Found")
	}
}

// TestMapErrors: the nearest mapping that fits says what an error means.
func TestMapErrors(t *testing.T) {
	errTaken, errLater := errors.New("taken"), errors.New("later")
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.MapError(errTaken, &restmachine.Problem{Status: 409})
		app.MapError(errLater, errTaken)
		app.MapError(harness.ErrSecret, restmachine.ErrNotFound)
		g := app.Group("/g")
		g.MapError(errTaken, &restmachine.Problem{Status: 423})
		for _, at := range []*restmachine.Scope{&app.Scope, g} {
			at.Get("/taken", func() (string, error) { return "", fmt.Errorf("wrapped: %w", errTaken) })
			at.Get("/later", func() (string, error) { return "", errLater })
			at.Get("/secret", func() (string, error) { return "", harness.ErrSecret })
		}
	})
	got := map[string]int{}
	for _, path := range []string{"/taken", "/later", "/secret", "/g/taken", "/g/later", "/g/secret"} {
		got[path] = p.Do("GET", path, "").StatusCode
	}
	assert.Equal(t, map[string]int{"/taken": 409, "/later": 409, "/secret": 404, "/g/taken": 423, "/g/later": 423, "/g/secret": 404}, got)
}

// A pgError is an error of a driver: made anew each time, and told apart by a field.
type pgError struct{ Code string }

func (e *pgError) Error() string { return "secret " + e.Code }

// A kindError is an error by value, with an Is method.
type kindError struct{ Kind int }

func (kindError) Error() string       { return "secret kind" }
func (kindError) Is(other error) bool { return other == errKind }

var errKind = errors.New("kind")

// A temporary is what some errors are.
type temporary interface{ Temporary() bool }

type busyError struct{}

func (busyError) Error() string   { return "secret busy" }
func (busyError) Temporary() bool { return true }

// TestMapErrorsByType: by the first error of a type, wherever it is wrapped, the nearest
// mapping first, then in the order of registration.
func TestMapErrorsByType(t *testing.T) {
	byCode := func(e *pgError) error {
		switch e.Code {
		case "23505":
			return &restmachine.Problem{Status: 409, Detail: "taken"}
		case "02000":
			return restmachine.ErrNotFound
		case "40001":
			return restmachine.ErrStale
		case "again":
			return fmt.Errorf("more: %w", e) // it is not asked again: the next one is
		case "panic":
			panic("secret")
		}
		return nil // the next one
	}
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.MapErrorAs(byCode)
		app.MapErrorAs(func(kindError) error { return restmachine.ErrGone })
		app.MapErrorAs(func(e temporary) error { return &restmachine.Problem{Status: 503, Detail: fmt.Sprint(e.Temporary())} })
		app.MapErrorAs(func(e *pgError) error {
			if e.Code == "named" || e.Code == "again" {
				return errKind
			}
			return nil
		})
		app.MapError(errKind, &restmachine.Problem{Status: 423})
		g := app.Group("/g")
		g.MapErrorAs(func(e *pgError) error {
			if e.Code == "23505" {
				return &restmachine.Problem{Status: 422}
			}
			return nil
		})
		g.MapError(harness.ErrSecret, &pgError{"02000"})
		for _, at := range []*restmachine.Scope{&app.Scope, g} {
			at.Get("/pg/{code}", func(path restmachine.PathParams) (string, error) {
				return "", fmt.Errorf("x: %w", &pgError{path.Get("code")})
			})
			at.Get("/joined", func() (string, error) { return "", errors.Join(errors.New("first"), &pgError{"23505"}) })
			at.Get("/kind", func() (string, error) { return "", kindError{1} })
			at.Get("/busy", func() (string, error) { return "", busyError{} })
			at.Get("/any", func() any { return &pgError{"23505"} })
			at.Get("/secret", func() (string, error) { return "", harness.ErrSecret })
			at.Get("/plain", func() (string, error) { return "", errors.New("secret") })
			at.Put("/pg/{code}", func(path restmachine.PathParams) error { return &pgError{path.Get("code")} })
		}
	})
	want := map[string]int{"/pg/23505": 409, "/pg/02000": 404, "/pg/40001": 409, "/pg/again": 423, "/pg/panic": 500, "/pg/other": 500, "/pg/named": 423,
		"/joined": 409, "/kind": 410, "/busy": 503, "/any": 409, "/secret": 500, "/plain": 500,
		"/g/pg/23505": 422, "/g/pg/02000": 404, "/g/joined": 422, "/g/secret": 404, "/g/any": 422}
	for path, status := range want {
		assert.NotContains(t, string(p.Want(status, "GET", path, "").Body), "secret", path)
	}
	p.Want(412, "PUT", "/pg/40001", "", "If-None-Match", `"1"`)
	assert.Contains(t, p.App.Describe(), "MapErrorAs *answer_test.pgError by answer_test.TestMapErrorsByType.func1 (answer/problems_test.go:")
}

// TestErrorsCarryNoFieldsOfSuccess: what a 200 would have said of a
// representation is not said of an error.
func TestErrorsCarryNoFieldsOfSuccess(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Provides("application/json", func(l *harness.Leaf) (string, error) { return "", harness.ErrSecret })
		r := app.Get("/page", func() *harness.Leaf { return &harness.Leaf{} })
		r.GenerateETag(func() string { return "1" })
		r.LastModified(func() time.Time { return harness.LeafModified })
		r.Expires(func() time.Time { return harness.LeafModified })
		r.CacheControl(func() string { return "max-age=60" })
		r.Encodings("gzip")
		r.Languages("en", "de")
	})
	for want, fields := range map[int][]string{500: {"Accept-Encoding", "gzip"}, 412: {"If-Match", `"2"`}, 406: {"Accept", "image/png"}} {
		resp := p.Want(want, "GET", "/page", "", fields...)
		for name := range resp.Header {
			assert.True(t, slices.Contains([]string{"Content-Type", "Content-Length", "Vary", "X-Content-Type-Options", "Cache-Control"}, name), "%d carries %s", want, name)
		}
		assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
	}
}

// TestProblemsNameTheirDecision: each refusal of the graph names a decision. That
// it is the last row of the trace, rows that the plan settles included, is what
// explain checks of it.
func TestProblemsNameTheirDecision(t *testing.T) {
	tests := []struct {
		method, path string
		header       http.Header
		reason       string
	}{
		{"PUT", "/docs/1", http.Header{"If-Match": {"x y"}}, "G10b is settled by the method"},
		{"PUT", "/docs/1", http.Header{"If-None-Match": {"x y"}}, "J13b, too"},
		{"PUT", "/docs/1", http.Header{"If-None-Match": {`"1042"`}}, "J18 behind K13"},
		{"PUT", "/docs/1", http.Header{"If-None-Match": {"*"}}, "J18 behind I13"},
		{"PUT", "/docs/1", http.Header{"If-Match": {`"1"`}}, "G11 is asked"},
		{"GET", "/docs/1", http.Header{"If-Match": {"x y"}}, "G10b for a GET"},
		{"GET", "/docs/2", nil, "L7 behind G7"},
		{"POST", "/docs/1", nil, "B10 behind B11"},
		{"GET", "/nowhere", nil, "L7 of an unknown path"},
		{"FROB", "/docs/1", nil, "B12 is asked"},
		{"GET", "/docs/1", http.Header{"Accept": {"text/html"}}, "C4 is asked"},
	}
	p := harness.ProbeOf(t, harness.NewPriced(false))
	for _, test := range tests {
		resp, trace := p.Explain(restmachine.Request{Method: test.method, Path: test.path, Header: test.header, Body: []byte("{}")})
		assert.Contains(t, string(resp.Body), `"decision":"`, "%s %s %v: %s\n%s", test.method, test.path, test.header, test.reason, trace)
	}
}

// TestDetailsAreTrue: a refusal of a fact's is not told as one of ours, whatever the request has
// that could be blamed, and whoever renders it. A 415 never has an empty Accept.
func TestDetailsAreTrue(t *testing.T) {
	no, yes := func() bool { return false }, func() bool { return true }
	typed := func(restmachine.Body[harness.LeafIn]) {}
	for name, say := range map[string]func(app *restmachine.App){
		"default": func(*restmachine.App) {},
		"RenderError": func(app *restmachine.App) {
			app.RenderError(func(p *restmachine.Problem) *restmachine.Problem { return p })
		},
		"Provides for Problem": func(app *restmachine.App) {
			app.Provides("text/html", func(p *restmachine.Problem) string { return p.Detail })
		},
	} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			say(app)
			app.Get("/short", func() string { return "" }).ValidEntityLength(no)
			app.Put("/short", func(restmachine.Body[[]byte]) {})
			app.Get("/target", func() string { return "" }).URITooLong(yes)
			app.Get("/malformed", func() string { return "" }).Put(typed).MalformedRequest(yes)
			app.Put("/typed", typed).Patch(typed).Post(func(restmachine.Body[[]byte]) {}).KnownContentType(no)
			app.Delete("/typed", func() {})
		})
		for _, row := range []struct {
			status               int
			method, path, accept string
		}{
			{413, "GET", "/short", ""}, {413, "PUT", "/short", ""}, {414, "GET", "/target", ""}, {400, "GET", "/malformed", ""}, {400, "PUT", "/malformed", ""},
			{415, "PUT", "/typed", "application/json"}, {415, "PATCH", "/typed", "application/json"}, {415, "POST", "/typed", "*/*"}, {415, "DELETE", "/typed", ""},
		} {
			for _, typ := range []string{"application/json", "text/plain", ""} {
				req := restmachine.Request{Method: row.method, Path: row.path, Header: http.Header{"Content-Type": {typ}}, Body: []byte("{}")}
				w, r := httptest.NewRecorder(), httptest.NewRequest(req.Method, req.Path, bytes.NewReader(req.Body))
				r.Header = req.Header.Clone()
				p.App.ServeHTTP(w, r)
				for _, resp := range []restmachine.Response{p.App.Execute(req), {StatusCode: w.Code, Header: w.Header(), Body: w.Body.Bytes()}} {
					what := fmt.Sprintf("%s: %s %s with %q", name, row.method, row.path, typ)
					var said struct{ Detail string }
					require.NoError(t, json.Unmarshal(resp.Body, &said), what)
					if row.path == "/typed" && row.method != "DELETE" && row.method != "POST" && typ == "text/plain" {
						assert.Equal(t, `Content-Type "text/plain" is not supported; supported: application/json`, said.Detail, what)
					} else {
						assert.Empty(t, said.Detail, what)
					}
					assert.Equal(t, row.status, resp.StatusCode, what)
					field := map[bool]string{true: "Accept-Patch", false: "Accept"}[row.method == "PATCH"]
					assert.Equal(t, row.accept, resp.Header.Get(field), what)
					assert.Equal(t, row.accept != "", resp.Header.Values(field) != nil, "%s: not an empty one", what)
				}
			}
		}
	}
}

// TestHeadOfARefusal has the length of the GET's (RFC 9110, 8.6).
func TestHeadOfARefusal(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) { app.Put("/x", func() {}) })
	get, head := p.Want(405, "GET", "/x", ""), p.Want(405, "HEAD", "/x", "")
	assert.Equal(t, get.Header, head.Header)
}
