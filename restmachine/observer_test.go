// Outcomes: each exchange has one, whatever ends it, and it says what ended it. What observers
// may do is in observer_safety_test.go.

package restmachine_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

var errDisk = errors.New("the disk is full")

type observedThing struct{ N int }

// A halting reader gives a piece, and then ends as it was told.
type halting struct {
	piece string
	end   func() (int, error)
}

func (h *halting) Read(p []byte) (int, error) {
	if h.piece != "" {
		n := copy(p, h.piece)
		h.piece = h.piece[n:]
		return n, nil
	}
	return h.end()
}

// observedApp ends exchanges in every way.
func observedApp(t *testing.T, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(append(options, harness.Quiet)...)
	app.ResourceExists(func(path restmachine.PathParams) (*observedThing, error) {
		switch path.Get("id") {
		case "none":
			return nil, nil
		case "panics":
			panic("x")
		case "fails":
			return nil, errDisk
		}
		return &observedThing{1}, nil
	})
	app.GenerateETag(func(*observedThing) string { return "1" })
	things := app.Resource("/things/{id}")
	things.Get(func(t *observedThing) *observedThing { return t })
	stale := 0
	things.Put(func(thing *observedThing, path restmachine.PathParams) (*observedThing, error) {
		if stale++; path.Get("id") == "stale" && stale == 1 {
			return nil, restmachine.ErrStale
		}
		return thing, nil
	})
	things.Delete(func(*observedThing) error { return &restmachine.Problem{Status: 423} })
	app.Get("/text", func() string { return "text" })
	app.Get("/aborts", func() { panic(http.ErrAbortHandler) })
	app.Get("/ends", func() { runtime.Goexit() })
	stream := func(end func() (int, error)) func() io.Reader {
		return func() io.Reader { return &halting{"piece", end} }
	}
	app.Get("/stream", stream(func() (int, error) { return 0, io.EOF }))
	app.Get("/stream/fails", stream(func() (int, error) { return 0, errDisk }))
	app.Get("/stream/panics", stream(func() (int, error) { panic("x") }))
	app.Get("/stream/ends", stream(func() (int, error) { runtime.Goexit(); return 0, nil }))
	file := filepath.Join(t.TempDir(), "file.txt")
	require.NoError(t, os.WriteFile(file, []byte("0123456789"), 0o600))
	app.Get("/file", func() (*os.File, error) { return os.Open(file) })
	app.Resource("/gone").Get(func(ctx context.Context) (string, error) { return "", ctx.Err() })
	app.Resource("/finish").Get(func() string { return "x" }).FinishRequest(func() { panic("x") })
	app.Resource("/purge").Handle("PURGE", func() {})
	return app
}

// observers collect Outcomes.
type observers []restmachine.Outcome

func (o *observers) observe(out restmachine.Outcome) { *o = append(*o, out) }

// one is the one Outcome.
func (o *observers) one(t *testing.T, what string) restmachine.Outcome {
	t.Helper()
	require.Len(t, *o, 1, what)
	out := (*o)[0]
	*o = nil
	return out
}

// observedRequests are how exchanges end. wire is the status on the wire, where it is another one.
var observedRequests = []struct {
	method, path string
	header       http.Header
	status, wire int
	decision     string
	route        string
	bytes        int64 // -1: some
	err          string
}{
	{"GET", "/things/1?secret=1", nil, 200, 200, "P19", "/things/{id}", 7, ""},
	{"HEAD", "/things/1", nil, 200, 200, "P19", "/things/{id}", 0, ""},
	{"GET", "/things/1", http.Header{"If-None-Match": {`"1"`}}, 304, 304, "J19", "/things/{id}", 0, ""},
	{"PUT", "/things/1", http.Header{"If-Match": {`"2"`}}, 412, 412, "G11", "/things/{id}", -1, ""},
	{"PUT", "/things/stale", nil, 200, 200, "P19", "/things/{id}", 7, ""},
	{"GET", "/things/none", nil, 404, 404, "L7", "/things/{id}", -1, ""},
	{"GET", "/nowhere", nil, 404, 404, "L7", "", -1, ""},
	{"POST", "/things/1", nil, 405, 405, "B10", "/things/{id}", -1, ""},
	{"BREW", "/things/1", nil, 501, 501, "B12", "/things/{id}", -1, ""},
	{"OPTIONS", "/things/1", nil, 200, 200, "B3", "/things/{id}", 0, ""},
	{"PURGE", "/purge", nil, 204, 204, "O20", "/purge", 0, ""},
	{"GET", "/things/fails", nil, 500, 500, "G7", "/things/{id}", -1, "disk is full"},
	{"GET", "/things/panics", nil, 500, 500, "", "/things/{id}", -1, "panic: x"},
	{"DELETE", "/things/1", nil, 423, 423, "M20", "/things/{id}", -1, "Locked"},
	{"GET", "/finish", nil, 500, 500, "P19", "/finish", -1, "panic: x"},
	{"GET", "/gone", nil, 200, 200, "P19", "/gone", 0, ""},
	{"GET", "/aborts", nil, 500, 0, "", "/aborts", -1, "abort Handler"},
	{"GET", "/ends", nil, 0, 0, "", "/ends", 0, "ended its goroutine"},
	{"GET", "/stream", nil, 200, 200, "P19", "/stream", 5, ""},
	{"GET", "/stream/fails", nil, 500, 200, "P19", "/stream/fails", -1, "disk is full"},
	{"GET", "/stream/panics", nil, 500, 200, "P19", "/stream/panics", -1, "panic: x"},
	{"GET", "/stream/ends", nil, 0, 200, "P19", "/stream/ends", -1, "end of the goroutine"},
	{"GET", "/file", nil, 200, 200, "P19", "/file", 10, ""},
	{"GET", "/file", http.Header{"Range": {"bytes=2-4"}}, 206, 206, "P21", "/file", 3, ""},
	{"GET", "/file", http.Header{"Range": {"bytes=90-"}}, 416, 416, "P21", "/file", -1, ""},
}

type observedKey struct{}

func TestOneOutcomeOfEachExchange(t *testing.T) {
	ctx := context.WithValue(t.Context(), observedKey{}, "7")
	for _, test := range observedRequests {
		var got observers
		app := observedApp(t, restmachine.WithObserver(got.observe))
		check := func(status int, sent int64, what string) {
			what = test.method + " " + test.path + " " + what
			out := got.one(t, what)
			assert.Equal(t, "7", out.Context.Value(observedKey{}), what)
			assert.Equal(t, status, out.Status, what)
			assert.Equal(t, test.decision, out.Decision, what)
			assert.Equal(t, test.route, out.Route, what)
			assert.Equal(t, test.method, out.Method, what)
			assert.Equal(t, map[bool]string{true: "OTHER", false: test.method}[test.method == "BREW"], out.KnownMethod, what)
			path, _, _ := strings.Cut(test.path, "?")
			assert.Equal(t, path, out.Path, what)
			if test.bytes >= 0 {
				assert.Equal(t, test.bytes, out.Bytes, what)
			}
			assert.Equal(t, sent, out.Bytes, what)
			assert.Positive(t, out.Duration, what)
			assert.Nil(t, out.Trace, what)
			if test.err == "" {
				assert.NoError(t, out.Err, what)
			} else {
				assert.ErrorContains(t, out.Err, test.err, what)
			}
			restmachinetest.CheckIdle(t, app)
		}
		var resp restmachine.Response
		inGoroutine(func() {
			resp = app.ExecuteContext(ctx, restmachine.Request{Method: test.method, Path: test.path, Header: test.header})
		})
		check(test.status, int64(len(resp.Body)), "Execute")

		app = observedApp(t, restmachine.WithObserver(got.observe)) // of which nothing is stale yet
		w := httptest.NewRecorder()
		inGoroutine(func() {
			defer func() { _ = recover() }()
			r := httptest.NewRequestWithContext(ctx, test.method, test.path, nil)
			r.Header = test.header.Clone()
			app.ServeHTTP(w, r)
		})
		check(test.wire, int64(w.Body.Len()), "on the wire")
	}
}

func inGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// TestOutcomesOfATraceAreTheSame: who traces sees the same ways.
func TestOutcomesOfATraceAreTheSame(t *testing.T) {
	for _, test := range observedRequests {
		var got, tracer observers
		asks := true
		app := observedApp(t, restmachine.WithObserver(got.observe, func(ctx context.Context) bool {
			return asks && ctx.Value(observedKey{}) != nil
		}), restmachine.WithObserver(tracer.observe))
		traced := observedApp(t, restmachine.WithObserver(tracer.observe), restmachine.WithTrace(&watcher{}))
		r := restmachine.Request{Method: test.method, Path: test.path, Header: test.header}
		what := test.method + " " + test.path
		inGoroutine(func() { app.ExecuteContext(context.WithValue(t.Context(), observedKey{}, "7"), r) })
		assert.Equal(t, test.decision, tracer.one(t, what).Decision, what)
		out := got.one(t, what)
		assert.Equal(t, test.decision, out.Decision, what)
		require.NotNil(t, out.Trace, what)
		if test.decision != "" {
			assert.Equal(t, test.decision, out.Trace.Visits[len(out.Trace.Visits)-1].ID.String(), what)
		}
		if test.status != 0 {
			assert.Equal(t, test.status, out.Trace.Status, what)
		}
		inGoroutine(func() { traced.Execute(r) })
		assert.Equal(t, test.decision, tracer.one(t, what).Decision, what)
	}
}

// TestTheTraceOfAnOutcomeIsItsOwn: Explain and a Tracer have theirs.
func TestTheTraceOfAnOutcomeIsItsOwn(t *testing.T) {
	var got observers
	w := &watcher{}
	app := observedApp(t, restmachine.WithObserver(got.observe, func(context.Context) bool { return true }), restmachine.WithTrace(w))
	_, trace := app.Explain(restmachine.Request{Path: "/text"})
	want := trace.String()
	out := got.one(t, "Explain")
	assert.Equal(t, want, out.Trace.String())
	out.Trace.Visits[0].Why = "another reason"
	out.Trace.Status = 1
	assert.Equal(t, want, trace.String())
	assert.Equal(t, want, w.last(t).Trace.String())
	assert.NotEqual(t, "another reason", trace.Visits[0].Why)
	assert.NotEqual(t, "another reason", w.last(t).Trace.Visits[0].Why)
}

func TestOutcomesOfAnAppThatDoesNotRun(t *testing.T) {
	faulty := func(o restmachine.Option) *restmachine.App {
		app := restmachine.New(o, harness.Quiet)
		app.Get("/x", func(*observedThing) {})
		return app
	}
	over := func(o restmachine.Option) *restmachine.App {
		app := restmachine.New(o, harness.Quiet)
		require.NoError(t, app.Start(t.Context()))
		require.NoError(t, app.Shutdown(t.Context()))
		return app
	}
	failing := func(o restmachine.Option) *restmachine.App {
		app := restmachine.New(o, harness.Quiet)
		app.OnStartup(func() error { return errDisk })
		return app
	}
	ending := func(o restmachine.Option) *restmachine.App {
		app := restmachine.New(o, harness.Quiet)
		app.OnStartup(func() { runtime.Goexit() })
		return app
	}
	for _, test := range []struct {
		name   string
		make   func(restmachine.Option) *restmachine.App
		status int
		err    string
	}{{"faults", faulty, 500, "observedThing"}, {"over", over, 503, "shut down"}, {"failed", failing, 500, "disk is full"}, {"ended", ending, 0, "ended the goroutine"}} {
		var got observers
		app := test.make(restmachine.WithObserver(got.observe))
		for _, method := range []string{"", "GET", "HEAD", "BREW"} {
			var resp restmachine.Response
			inGoroutine(func() { resp = app.Execute(restmachine.Request{Method: method, Path: "/x?y"}) })
			executed := got.one(t, test.name+" "+method)
			w := httptest.NewRecorder()
			inGoroutine(func() { app.ServeHTTP(w, httptest.NewRequest(method, "/x?y", nil)) })
			served := got.one(t, test.name+" "+method)
			for sent, out := range map[int]restmachine.Outcome{len(resp.Body): executed, w.Body.Len(): served} {
				assert.Equal(t, test.status, out.Status, test.name)
				assert.ErrorContains(t, out.Err, test.err)
				assert.Equal(t, int64(sent), out.Bytes)
				assert.Empty(t, out.Route+out.Decision)
				assert.Equal(t, "/x", out.Path)
				assert.NotEmpty(t, out.Method)
				assert.Equal(t, method == "BREW", out.KnownMethod == "OTHER")
			}
		}
	}
}

// TestAClientThatGoesAway is seen: by its context before the answer, by the connection in it.
func TestAClientThatGoesAway(t *testing.T) {
	told := make(chan restmachine.Outcome, 1)
	app := observedApp(t, restmachine.WithObserver(func(out restmachine.Outcome) { told <- out }))
	arrived := make(chan struct{})
	app.Get("/waits", func(ctx context.Context) error { arrived <- struct{}{}; <-ctx.Done(); return ctx.Err() })
	app.Get("/endless", func() io.Reader {
		return &halting{"", func() (int, error) { return 1 << 10, nil }}
	})
	server := httptest.NewServer(app)
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/waits", nil)
	require.NoError(t, err)
	go func() { <-arrived; cancel() }()
	_, err = server.Client().Do(r)
	require.Error(t, err)
	out := <-told
	assert.ErrorIs(t, out.Err, context.Canceled)
	assert.Error(t, out.Context.Err())
	assert.Equal(t, 503, out.Status, "it was written, to nobody")
	assert.Equal(t, "O18", out.Decision)

	resp, err := server.Client().Get(server.URL + "/endless")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	out = <-told
	assert.Equal(t, 200, out.Status)
	assert.Error(t, out.Err)
	assert.Equal(t, "/endless", out.Route)
}
