// The log: a slog.Handler that breaks down holds nothing, a slow one keeps nobody waiting,
// and each line has the context of its request.

package exchange_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A listener is a slog.Handler that does something with each line.
type listener func(ctx context.Context, r slog.Record)

func (l listener) Enabled(context.Context, slog.Level) bool { return true }
func (l listener) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l listener) WithGroup(string) slog.Handler            { return l }
func (l listener) Handle(ctx context.Context, r slog.Record) error {
	l(ctx, r)
	return nil
}

// sinking is a slog.Handler all of whose methods panic.
type sinking struct{}

func (sinking) Enabled(context.Context, slog.Level) bool          { panic("enabled") }
func (sinking) WithAttrs([]slog.Attr) slog.Handler                { panic("attrs") }
func (sinking) WithGroup(string) slog.Handler                     { panic("group") }
func (sinking) Handle(context.Context, slog.Record) error         { panic("handle") }
func loggerOf(do func(context.Context, slog.Record)) slog.Handler { return listener(do) }

// A hold is what an exchange holds while it fails: a lock, a cleanup, a temporary file and a
// stream.
type hold struct {
	cleanups, closed int
	spool            io.Reader
}

// failing declares an App whose exchanges hold everything, and fail in every way that is
// logged.
func (h *hold) failing(app *restmachine.App) {
	app.ResourceExists(func(path restmachine.PathParams) *harness.Task { return &harness.Task{} })
	app.Dependency(func() (*tx, func(error) error) {
		return &tx{}, func(error) error { h.cleanups++; return nil }
	})
	app.Dependency(func(*tx) (*ledgerTx, func(error) error) {
		return &ledgerTx{}, func(error) error { h.cleanups++; return errors.New("no commit") }
	})
	open := func() io.ReadCloser { return &door{failingReader{}, &h.closed} }
	for path, end := range map[string]func() error{
		"fails": func() error { return harness.ErrSecret }, "panics": func() error { panic("x") },
		"is stale": func() error { return restmachine.ErrStale }, "ends": func() error { runtime.Goexit(); return nil },
		"streams": func() error { return nil },
	} {
		app.Put("/"+strings.ReplaceAll(path, " ", "-")+"/{id}", func(_ *harness.Task, in restmachine.Body[io.ReadSeeker], _ *ledgerTx) (io.ReadCloser, error) {
			h.spool = in.Value
			return open(), end()
		})
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("the disk is full") }

// released asserts that nothing is held.
func (h *hold) released(t *testing.T, app *restmachine.App, what string) {
	t.Helper()
	restmachinetest.CheckIdle(t, app)
	assert.Positive(t, h.cleanups, what)
	assert.Zero(t, h.cleanups%2, "%s: one cleanup was left out", what)
	if what != "/panics/1" && what != "/ends/1" { // these return nothing
		assert.Positive(t, h.closed, what)
	}
	_, err := h.spool.Read(make([]byte, 1))
	assert.Error(t, err, "%s: the temporary file is open", what)
}

// served runs a request over ServeHTTP, in a goroutine that it may end. It returns what it
// panicked with.
func served(app *restmachine.App, method, target, body string) (w *httptest.ResponseRecorder, panicked any) {
	w = httptest.NewRecorder()
	inGoroutine(func() {
		defer func() { panicked = recover() }()
		app.ServeHTTP(w, httptest.NewRequest(method, target, strings.NewReader(body)))
	})
	return w, panicked
}

func inGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func TestABrokenLogHoldsNothing(t *testing.T) {
	for name, handler := range map[string]slog.Handler{
		"panics": sinking{}, "panics at each line": loggerOf(func(context.Context, slog.Record) { panic("log") }),
		"ends the goroutine": loggerOf(func(context.Context, slog.Record) { runtime.Goexit() }),
	} {
		for _, path := range []string{"/fails/1", "/panics/1", "/is-stale/1", "/ends/1", "/streams/1"} {
			t.Run(name+path, func(t *testing.T) {
				h := &hold{}
				app := restmachine.New(restmachine.WithLogger(slog.New(handler)))
				h.failing(app)
				require.NoError(t, app.Start(t.Context()))
				w, panicked := served(app, "PUT", path, "content")
				h.released(t, app, path)
				if name != "ends the goroutine" && path != "/ends/1" && path != "/streams/1" {
					assert.Nil(t, panicked)
					assert.GreaterOrEqual(t, w.Code, 409)
				}
				*h = hold{}
				status := 0
				inGoroutine(func() { status = app.Execute(harness.RequestOf("PUT", path, "content")).StatusCode })
				h.released(t, app, path)
				if name != "ends the goroutine" && path != "/ends/1" {
					assert.GreaterOrEqual(t, status, 409)
				}
			})
		}
	}
}

// TestNothingIsHeldWhileLogging: a slow slog.Handler keeps nobody waiting.
func TestNothingIsHeldWhileLogging(t *testing.T) {
	for _, path := range []string{"/fails/1", "/panics/1", "/is-stale/1", "/ends/1", "/streams/1"} {
		h := &hold{}
		app := (*restmachine.App)(nil)
		lines := 0
		app = restmachine.New(restmachine.WithLogger(slog.New(loggerOf(func(_ context.Context, r slog.Record) {
			if r.Level >= slog.LevelWarn {
				lines++
				h.released(t, app, path)
			}
		}))))
		h.failing(app)
		require.NoError(t, app.Start(t.Context()))
		_, _ = served(app, "PUT", path, "content")
		assert.Positive(t, lines, path)
		lines, *h = 0, hold{}
		inGoroutine(func() { app.Execute(harness.RequestOf("PUT", path, "content")) })
		assert.Positive(t, lines, path)
	}
}

// A tracerThat panics, or ends the goroutine, wherever it is asked.
type tracerThat struct {
	breaks func()
	uri    string
}

func (tracerThat) Watch(*restmachine.App)          {}
func (x tracerThat) Observe(*restmachine.Exchange) { x.breaks() }
func (x tracerThat) TraceURI(uint64) string {
	if x.uri == "" {
		x.breaks()
	}
	return x.uri
}

func TestABrokenTracerHoldsNothing(t *testing.T) {
	for name, breaks := range map[string]func(){"panics": func() { panic("trace") }, "ends the goroutine": runtime.Goexit} {
		for option, options := range map[string][]restmachine.Option{
			"allow":   {restmachine.WithTraceField(func(*http.Request) bool { breaks(); return true })},
			"uri":     {restmachine.WithTraceField(func(*http.Request) bool { return true }), restmachine.WithTrace(tracerThat{breaks: breaks})},
			"observe": {restmachine.WithTraceField(func(*http.Request) bool { return true }), restmachine.WithTrace(tracerThat{breaks, "/x"})},
		} {
			t.Run(option+" "+name, func(t *testing.T) {
				log, closed := "", 0
				app := restmachine.New(append(options, restmachine.WithLogger(slog.New(loggerOf(func(_ context.Context, r slog.Record) { log += r.Message }))))...)
				app.ResourceExists(harness.TaskByPath)
				app.Put("/tasks/{id}", func(*harness.Task) io.ReadCloser { return &door{strings.NewReader("x"), &closed} })
				require.NoError(t, app.Start(t.Context()))
				w, panicked := served(app, "PUT", "/tasks/1", "")
				assert.Nil(t, panicked)
				restmachinetest.CheckIdle(t, app)
				opened := 1
				if name == "panics" {
					assert.Equal(t, 200, w.Code)
					assert.Contains(t, log, "panicked")
					assert.Equal(t, option != "allow", w.Header().Get("Trace") != "", "who breaks may not see it")
				} else if option != "observe" {
					opened = 0 // nothing has begun
				}
				assert.Equal(t, opened, closed)
			})
		}
	}
}

// TestALinkOfATracerIsChecked: it is a field like all others.
func TestALinkOfATracerIsChecked(t *testing.T) {
	for uri, sent := range map[string]bool{"/traces/1": true, "/x\r\nSet-Cookie: a=b": false, "/\x00": false} {
		app := restmachine.New(harness.Quiet, restmachine.WithTrace(tracerThat{func() {}, uri}), restmachine.WithTraceField(func(*http.Request) bool { return true }))
		app.Get("/", func() string { return "x" })
		w, _ := served(app, "GET", "/", "")
		assert.Equal(t, sent, w.Header().Get("Link") != "", uri)
	}
}

type requestID struct{}

// TestLinesHaveTheContext: each line that a request causes carries its context, and its route.
func TestLinesHaveTheContext(t *testing.T) {
	type seen struct{ message, id, route string }
	var lines []seen
	app := restmachine.New(restmachine.WithLogger(slog.New(loggerOf(func(ctx context.Context, r slog.Record) {
		id, _ := ctx.Value(requestID{}).(string)
		route := ""
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "route" {
				route = a.Value.String()
			}
			return true
		})
		lines = append(lines, seen{r.Message, id, route})
	}))), restmachine.WithTrace(tracerThat{func() { panic("trace") }, "/x"}))
	app.ResourceExists(harness.TaskByPath)
	closed := 0
	app.Get("/fails", func() error { return harness.ErrSecret })
	app.Get("/panics", func() { panic("x") })
	app.Get("/closes/{id}", func() io.ReadCloser { return brokenDoor{strings.NewReader("x")} })
	app.Get("/streams", func() io.ReadCloser { return &door{failingReader{}, &closed} })
	app.Put("/tasks/{id}", func(*harness.Task) error { return harness.ErrSecret })
	app.Post("/parses", func(restmachine.Body[*tx]) {}).Accepts("*/*", func([]byte) (*tx, error) { return nil, harness.ErrSecret })
	gated := app.Group("/gated")
	gated.Authorized(func() (bool, error) { return false, harness.ErrSecret })
	gated.Get("/here", func() {})
	ctx := context.WithValue(t.Context(), requestID{}, "7")
	require.NoError(t, app.Start(ctx))
	for _, l := range lines {
		assert.Equal(t, "7", l.id, "of a start: %s", l.message)
	}
	for target, route := range map[string]string{"GET /fails": "/fails", "GET /panics": "/panics", "GET /closes/1": "/closes/{id}", "GET /streams": "/streams",
		"PUT /tasks/1": "/tasks/{id}", "POST /parses": "/parses", "GET /gated/x": ""} {
		method, path, _ := strings.Cut(target, " ")
		for _, run := range []func(){
			func() { app.ExecuteContext(ctx, harness.RequestOf(method, path, "x")) },
			func() {
				defer func() { _ = recover() }()
				app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, method, path, strings.NewReader("x")))
			},
		} {
			lines = nil
			run()
			require.Len(t, lines, 2, "%s, and the Tracer's", target)
			for _, l := range lines {
				assert.Equal(t, "7", l.id, "%s: %s", target, l.message)
			}
			assert.Equal(t, route, lines[0].route, target)
		}
	}
}

type brokenDoor struct{ io.Reader }

func (brokenDoor) Close() error { return errors.New("no") }

// TestTheLoggerOfCallbacks is the very one that the App was given.
func TestTheLoggerOfCallbacks(t *testing.T) {
	own := slog.New(slog.DiscardHandler)
	app := restmachine.New(restmachine.WithLogger(own))
	var got []*slog.Logger
	app.OnStartup(func(l *slog.Logger) { got = append(got, l) })
	app.Get("/", func(l *slog.Logger) { got = append(got, l) })
	app.Execute(restmachine.Request{Path: "/"})
	require.Len(t, got, 2)
	assert.Same(t, own, got[0])
	assert.Same(t, own, got[1])
}
