// Exchanges as a Tracer sees them, and the path as a client may see it.

package restmachine_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A watcher keeps what it is shown.
type watcher struct {
	mu   sync.Mutex
	seen []*restmachine.Exchange
	apps int
}

func (w *watcher) Watch(*restmachine.App) { w.apps++ }

func (w *watcher) Observe(e *restmachine.Exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, e)
}

func (w *watcher) TraceURI(id uint64) string { return fmt.Sprintf("/traces/%d", id) }

func (w *watcher) last(t *testing.T) *restmachine.Exchange {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	require.NotEmpty(t, w.seen)
	return w.seen[len(w.seen)-1]
}

// A traced is a thing with a tag and a date.
type traced struct{ Name string }

var tracedAt = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)

func tracedApp(options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(append(options, restmachine.WithLogger(slog.New(slog.DiscardHandler)))...)
	app.ResourceExists(func(path restmachine.PathParams) (*traced, error) {
		switch path.Get("id") {
		case "1":
			return &traced{"one"}, nil
		case "bad":
			return nil, errors.New("the disk is full")
		case "panic":
			panic("no such luck")
		}
		return nil, nil
	})
	app.GenerateETag(func(*traced) string { return "1-1" })
	app.LastModified(func(*traced) time.Time { return tracedAt })
	one := app.Get("/things/{id}", func(v *traced) *traced { return v })
	one.Put(func(v *traced, in restmachine.Body[traced]) *traced { return &in.Value })
	app.Post("/things", func(in restmachine.Body[traced]) *restmachine.Reply[any] {
		return restmachine.SeeOther[any]("/things/1")
	})
	app.Get("/stream", func() io.Reader { return strings.NewReader(strings.Repeat("x", 100<<10)) })
	return app
}

func visitOf(t *testing.T, trace decision.Trace, id decision.ID) decision.Visit {
	t.Helper()
	for _, v := range trace.Visits {
		if v.ID == id {
			return v
		}
	}
	require.Failf(t, "not visited", "%v is not on %v", id, trace)
	return decision.Visit{}
}

func TestReasons(t *testing.T) {
	header := func(lines ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(lines); i += 2 {
			h.Add(lines[i], lines[i+1])
		}
		return h
	}
	date := tracedAt.Format(http.TimeFormat)
	for _, row := range []struct {
		name, method, path string
		header             http.Header
		at                 decision.ID
		want               string
	}{
		{"a match is told", "GET", "/things/1", header("If-None-Match", `"1-1"`), decision.K13, `If-None-Match "1-1" matches "1-1" weakly`},
		{"so is a mismatch", "GET", "/things/1", header("If-None-Match", `"0", "2"`), decision.K13, `If-None-Match "0", "2" does not match "1-1" weakly`},
		{"strong comparison", "GET", "/things/1", header("If-Match", `W/"1-1"`), decision.G11, `If-Match W/"1-1" does not match "1-1" strongly`},
		{"an absent field", "GET", "/things/1", nil, decision.G8, "no If-Match"},
		{"dates with their outcome", "GET", "/things/1", header("If-Modified-Since", date), decision.L17,
			"Last-Modified " + date + " is not after If-Modified-Since " + date},
		{"a date that is none", "GET", "/things/1", header("If-Modified-Since", "yesterday"), decision.L14, "If-Modified-Since yesterday is not an HTTP-date"},
		{"what was chosen", "GET", "/things/1", header("Accept", "text/*, */*;q=0.1"), decision.C4, "Accept text/*, */*;q=0.1 chooses application/json"},
		{"what was not", "GET", "/things/1", header("Accept", "image/png"), decision.C4, "Accept image/png matches none of application/json"},
		{"what is missing", "GET", "/things/2", nil, decision.G7, "there is no *restmachine_test.traced: ResourceExists "},
		{"an error", "GET", "/things/bad", nil, decision.G7, "the disk is full"},
		{"a panic, without its stack", "GET", "/things/panic", nil, decision.G7, "panic: no such luck"},
		{"what may be sent", "BREW", "/things/1", nil, decision.B12, "the method is BREW"},
		{"a Reply that names its status", "POST", "/things", header("Content-Type", "application/json"), decision.N11, "the handler returned a Reply with this status"},
	} {
		t.Run(row.name, func(t *testing.T) {
			body := []byte(nil)
			if row.method == "POST" {
				body = []byte(`{}`)
			}
			_, trace := tracedApp().Explain(restmachine.Request{Method: row.method, Path: row.path, Header: row.header, Body: body})
			v := visitOf(t, trace, row.at)
			if at := row.want; strings.HasSuffix(at, "ResourceExists ") {
				assert.Contains(t, v.Why, at)
			} else {
				assert.Equal(t, at, v.Why)
			}
			assert.False(t, v.Folded)
		})
	}
}

func TestTracesNameTheCallback(t *testing.T) {
	_, trace := tracedApp().Explain(restmachine.Request{Path: "/things/1", Header: http.Header{"If-None-Match": {`"1-1"`}}})
	assert.Contains(t, visitOf(t, trace, decision.G7).Callback, "tracing_test.go:")
	assert.Contains(t, visitOf(t, trace, decision.K13).Callback, "tracing_test.go:")
	assert.Empty(t, visitOf(t, trace, decision.J19).Callback, "what a reason looks up is not the next row's")
	assert.Positive(t, visitOf(t, trace, decision.G7).Took)
	_, trace = tracedApp().Explain(restmachine.Request{Path: "/things/panic"})
	last := trace.Visits[len(trace.Visits)-1]
	assert.Equal(t, decision.Answer(500), last.Answer, "a panic is no answer, and so no no")
	assert.Contains(t, last.Callback, "tracing_test.go:")
}

func TestWithTraceShowsExchanges(t *testing.T) {
	w := &watcher{}
	app := tracedApp(restmachine.WithTrace(w))
	assert.Equal(t, 1, w.apps)
	server := func(method, target, body string, fields ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		for i := 0; i < len(fields); i += 2 {
			r.Header.Set(fields[i], fields[i+1])
		}
		rec := httptest.NewRecorder()
		app.ServeHTTP(rec, r)
		return rec
	}
	put := `{"Name":"two"}`
	rec := server("PUT", "/things/1?x=y", put, "Content-Type", "application/json", "If-Match", `"1-1"`)
	e := w.last(t)
	assert.Equal(t, restmachine.Request{Method: "PUT", Path: "/things/1?x=y", Body: []byte(put),
		Header: http.Header{"Content-Type": {"application/json"}, "If-Match": {`"1-1"`}}}, e.Request)
	assert.Equal(t, restmachine.Response{StatusCode: 200, Header: rec.Result().Header, Body: rec.Body.Bytes()}, e.Response)
	assert.Equal(t, "/things/{id}", e.Route)
	assert.Equal(t, 200, e.Trace.Status)
	assert.Equal(t, int64(len(put)), e.RequestSize)
	assert.NoError(t, e.Err)
	assert.Positive(t, e.Took)
	assert.Empty(t, rec.Header().Get("Trace"), "nobody asked for it")

	server("GET", "/stream", "")
	e = w.last(t)
	assert.Equal(t, int64(100<<10), e.ResponseSize)
	assert.Len(t, e.Response.Body, 64<<10, "content is kept up to a limit")

	server("GET", "/nowhere", "")
	assert.Empty(t, w.last(t).Route)
	server("GET", "/things/bad", "")
	assert.ErrorContains(t, w.last(t).Err, "the disk is full")

	before := w.last(t).ID
	resp, trace := app.Explain(restmachine.Request{Path: "/things/1"})
	e = w.last(t)
	assert.Greater(t, e.ID, before)
	assert.Equal(t, resp, e.Response)
	assert.Equal(t, trace, e.Trace)
	trace.Visits[0].Why, resp.Body[0], resp.Header["Etag"][0] = "changed", '!', "changed"
	assert.Empty(t, e.Trace.Visits[0].Why, "an exchange is the Tracer's own")
	assert.Equal(t, `"1-1"`, e.Response.Header.Get("Etag"))
	assert.Equal(t, `{"Name":"one"}`, string(e.Response.Body))
}

func TestOnlyWhoMaySeesThePath(t *testing.T) {
	w := &watcher{}
	allow := restmachine.WithTraceField(func(r *http.Request) bool { return r.Header.Get("Debug") == "sesame" })
	send := func(app *restmachine.App, debug string) http.Header {
		r := httptest.NewRequest("GET", "/things/1", nil)
		r.Header.Set("Debug", debug)
		r.Header.Set("If-None-Match", `"1-1"`)
		rec := httptest.NewRecorder()
		app.ServeHTTP(rec, r)
		assert.Equal(t, 304, rec.Code)
		return rec.Result().Header
	}
	both := tracedApp(restmachine.WithTrace(w), allow)
	h := send(both, "sesame")
	assert.Equal(t, fmt.Sprint(w.last(t).Trace), h.Get("Trace"))
	assert.Equal(t, fmt.Sprintf(`</traces/%d>; rel="describedby"; title="trace"`, w.last(t).ID), h.Get("Link"))
	h = send(both, "guess")
	assert.Empty(t, h.Get("Trace")+h.Get("Link"))
	h = send(tracedApp(allow), "sesame")
	assert.Regexp(t, `^B13 .* J19 304$`, h.Get("Trace"))
	assert.Empty(t, h.Get("Link"), "nobody keeps it")
	resp := both.Execute(restmachine.Request{Path: "/things/1", Header: http.Header{"Debug": {"sesame"}}})
	assert.Empty(t, resp.Header.Get("Trace"), "in process there is Explain")
}

func TestATracerThatPanicsHarmsNobody(t *testing.T) {
	app := tracedApp(restmachine.WithTrace(restmachine.TracerFunc(func(*restmachine.Exchange) { panic("broken") })))
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, httptest.NewRequest("GET", "/things/1", nil))
	assert.Equal(t, 200, rec.Code)
	assert.Equal(t, 200, app.Execute(restmachine.Request{Path: "/things/1"}).StatusCode)
}

// Options that are not given cost nothing: an App that could be traced and is
// not allocates as one that cannot.
func TestTracingIsFreeWhenOff(t *testing.T) {
	if harness.Race {
		t.Skip("the race detector makes sync.Pool forget")
	}
	allocs := func(app *restmachine.App) float64 {
		r := httptest.NewRequest("GET", "/things/1", nil)
		r.Header.Set("If-None-Match", `"1-1"`)
		w := &blank{header: http.Header{}}
		return testing.AllocsPerRun(200, func() {
			clear(w.header)
			app.ServeHTTP(w, r)
		})
	}
	plain := allocs(tracedApp())
	assert.Equal(t, plain, allocs(tracedApp(restmachine.WithTrace(nil), restmachine.WithTraceField(nil))))
	assert.Equal(t, plain, allocs(tracedApp(restmachine.WithTraceField(func(*http.Request) bool { return false }))), "not this request")
	assert.Greater(t, allocs(tracedApp(restmachine.WithTrace(&watcher{}))), plain)
}

// A blank writes nothing.
type blank struct {
	header http.Header
	bytes.Buffer
}

func (b *blank) Header() http.Header         { return b.header }
func (b *blank) Write(p []byte) (int, error) { return len(p), nil }
func (b *blank) WriteHeader(int)             {}

func TestRoutes(t *testing.T) {
	routes, err := tracedApp().Routes()
	require.NoError(t, err)
	var names []string
	for _, r := range routes {
		names = append(names, r.Method+" "+r.Path)
		assert.NoError(t, r.Graph.Check(first(r.Graph)), "%s %s: a graph that can be walked", r.Method, r.Path)
	}
	assert.Equal(t, []string{
		"GET /things/{id}", "HEAD /things/{id}", "OPTIONS /things/{id}", "PUT /things/{id}", " /things/{id}",
		"OPTIONS /things", "POST /things", " /things",
		"GET /stream", "HEAD /stream", "OPTIONS /stream", " /stream",
	}, names)

	faulty := restmachine.New()
	faulty.Get("/", func(*traced) {})
	_, err = faulty.Routes()
	assert.Equal(t, faulty.Validate(), err)
}

// first is the row at which a request enters.
func first(g decision.Graph) decision.ID {
	for id := range g.All() {
		return id
	}
	return 0
}

// TestATraceAsksNothing that the answer does not need.
func TestATraceAsksNothing(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.ResourceExists(harness.LeafByPath)
	app.GenerateETag(func(*harness.Leaf) string { return "1" })
	app.LastModified(func(*harness.Leaf) time.Time { panic("asked") })
	app.Get("/leaves/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
	req := harness.RequestOf("GET", "/leaves/here", "", "If-None-Match", `"1"`)
	assert.Equal(t, 304, app.Execute(req).StatusCode)
	resp, trace := app.Explain(req)
	assert.Equal(t, 304, resp.StatusCode, trace)
}

// TestPatterns: r.Pattern is the route, and "" where the path is unknown. What else names the
// route does the same.
func TestPatterns(t *testing.T) {
	w := &watcher{}
	var log bytes.Buffer
	app := restmachine.New(restmachine.WithTrace(w), restmachine.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	app.Get("/things/{id}", func() {})
	members := app.Group("/members")
	members.Get("/{id}", func() {})
	members.Forbidden(func(r *http.Request) (bool, error) {
		assert.Equal(t, r.URL.Path == "/members/1", r.Pattern != "", r.URL.Path)
		return false, errors.New("the disk is full")
	})
	plain := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	plain.Get("/things/{id}", func() {})
	plain.Group("/members").Get("/{id}", func() {})
	for path, want := range map[string]string{"/things/1": "/things/{id}", "/members/1": "/members/{id}", "/nowhere": "", "/": "",
		"/things": "", "/things/1/2": "", "/members": "", "/members/1/2": ""} {
		for _, method := range []string{"GET", "POST", "BREW", "OPTIONS"} {
			for _, a := range []*restmachine.App{app, plain} {
				log.Reset()
				r := httptest.NewRequest(method, path, nil)
				r.Pattern = "of a mux"
				a.ServeHTTP(httptest.NewRecorder(), r)
				assert.Equal(t, want, r.Pattern, "%s %s", method, path)
				if a == app {
					assert.Equal(t, want, w.last(t).Route, "%s %s", method, path)
					if text := log.String(); text != "" {
						quoted := want
						if want == "" {
							quoted = fmt.Sprintf("%q", want)
						}
						assert.Contains(t, text, " route="+quoted+" ", "%s %s", method, path)
					}
				}
			}
		}
	}
}
