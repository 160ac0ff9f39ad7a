// Observers: they are told when nothing is held any more, they harm nothing, and cost nothing
// to who does not look.

package restmachine_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestAnObserverHarmsNothing: it panics, or ends the goroutine, and the others are told, the
// client has its answer and nothing is held.
func TestAnObserverHarmsNothing(t *testing.T) {
	for name, breaks := range map[string]func(){"panics": func() { panic("observer") }, "aborts": func() { panic(http.ErrAbortHandler) }, "ends": runtime.Goexit} {
		for _, target := range []string{"GET /text", "PUT /things/1", "GET /stream/fails", "GET /aborts", "GET /ends", "GET /nowhere"} {
			var first, last observers
			app := observedApp(t, restmachine.WithObserver(first.observe), restmachine.WithObserver(func(restmachine.Outcome) { breaks() }),
				restmachine.WithObserver(func(restmachine.Outcome) { breaks() }), restmachine.WithObserver(last.observe))
			method, path, _ := strings.Cut(target, " ")
			w := httptest.NewRecorder()
			panicked := any(nil)
			inGoroutine(func() {
				defer func() { panicked = recover() }()
				app.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			})
			what := name + " " + target
			assert.Equal(t, first.one(t, what), last.one(t, what), what)
			restmachinetest.CheckIdle(t, app)
			if path == "/text" {
				assert.Equal(t, "text", w.Body.String(), what)
			}
			if name != "ends" {
				assert.Equal(t, path == "/stream/fails" || path == "/aborts", panicked == http.ErrAbortHandler, what)
			}
			inGoroutine(func() { app.Execute(restmachine.Request{Method: method, Path: path}) })
			assert.Equal(t, first.one(t, what), last.one(t, what), what)
		}
	}
}

// TestAPanicOfAnObserverIsLogged with the context of the request.
func TestAPanicOfAnObserverIsLogged(t *testing.T) {
	var text strings.Builder
	h := slog.NewTextHandler(&text, nil)
	app := restmachine.New(restmachine.WithLogger(slog.New(contextual{h})),
		restmachine.WithObserver(func(restmachine.Outcome) { panic("observer") }, func(context.Context) bool { panic("wants") }, nil))
	app.Get("/things/{id}", func() string { return "x" })
	resp := app.ExecuteContext(context.WithValue(t.Context(), observedKey{}, "7"), restmachine.Request{Path: "/things/1"})
	assert.Equal(t, 200, resp.StatusCode)
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	require.Len(t, lines, 3)
	for _, line := range lines {
		assert.Contains(t, line, "level=ERROR")
		assert.Contains(t, line, "method=GET path=/things/1 route=/things/{id}")
		assert.Contains(t, line, "id=7")
	}
	assert.Contains(t, lines[2], "an observer panicked")
}

// contextual is a slog.Handler that adds what the context has.
type contextual struct{ slog.Handler }

func (c contextual) Handle(ctx context.Context, r slog.Record) error {
	id, _ := ctx.Value(observedKey{}).(string)
	r.Add("id", id)
	return c.Handler.Handle(ctx, r)
}

// TestObserversAreToldWhenNothingIsHeld: they may write to the same resource.
func TestObserversAreToldWhenNothingIsHeld(t *testing.T) {
	var app *restmachine.App
	again := true
	var statuses []int
	app = observedApp(t, restmachine.WithObserver(func(restmachine.Outcome) {
		assert.Zero(t, app.LocksHeld())
		if again {
			again = false
			statuses = append(statuses, app.Execute(restmachine.Request{Method: "PUT", Path: "/things/1"}).StatusCode)
		}
	}))
	statuses = append(statuses, app.Execute(restmachine.Request{Method: "PUT", Path: "/things/1"}).StatusCode)
	assert.Equal(t, []int{200, 200}, statuses)
}

// TestTheDurationHasTheStart of the App, and the sending.
func TestTheDurationHasTheStart(t *testing.T) {
	var got observers
	app := restmachine.New(harness.Quiet, restmachine.WithObserver(got.observe))
	pause := func() { time.Sleep(5 * time.Millisecond) }
	app.OnStartup(pause)
	app.Get("/", func() io.Reader { return &halting{"x", func() (int, error) { pause(); return 0, io.EOF }} })
	app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	assert.GreaterOrEqual(t, got.one(t, "").Duration, 10*time.Millisecond)
}

// TestTheRouteOfACopiedRequest is in the Outcome; the request that middleware has lacks it.
func TestTheRouteOfACopiedRequest(t *testing.T) {
	var got observers
	app := observedApp(t, restmachine.WithObserver(got.observe))
	r := httptest.NewRequest("GET", "/api/things/1", nil)
	http.StripPrefix("/api", app).ServeHTTP(httptest.NewRecorder(), r)
	assert.Empty(t, r.Pattern)
	out := got.one(t, "")
	assert.Equal(t, "/things/{id}", out.Route)
	assert.Equal(t, "/things/1", out.Path)
}

// TestAnObserverCostsNoAllocation.
func TestAnObserverCostsNoAllocation(t *testing.T) {
	if harness.Race {
		t.Skip("the race detector makes sync.Pool forget")
	}
	cost := func(path, tag string, options ...restmachine.Option) float64 {
		app := observedApp(t, options...)
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", tag)
		w := &blank{header: http.Header{}}
		return testing.AllocsPerRun(200, func() {
			clear(w.header)
			app.ServeHTTP(w, r)
		})
	}
	seen := 0
	observe := restmachine.WithObserver(func(o restmachine.Outcome) { seen += len(o.Decision) })
	for _, path := range []string{"/things/1", "/things/none", "/nowhere", "/text", "/file"} {
		for _, tag := range []string{`"1"`, `"2"`} {
			want := cost(path, tag)
			assert.Equal(t, want, cost(path, tag, restmachine.WithObserver(nil)), path)
			assert.Equal(t, want, cost(path, tag, observe, observe), path)
		}
	}
	assert.Positive(t, seen)
}

// TestBytesAreThoseOnTheWire: of a file, which net/http copies without looking at its bytes, of
// a stream that is flushed, and of content that is there. Many ask at once.
func TestBytesAreThoseOnTheWire(t *testing.T) {
	told := make(chan restmachine.Outcome, 100)
	server := httptest.NewServer(observedApp(t, restmachine.WithObserver(func(o restmachine.Outcome) { told <- o })))
	defer server.Close()
	var all sync.WaitGroup
	want := map[string]int64{"/file": 10, "/stream": 5, "/text": 4}
	for path, size := range want {
		for range 8 {
			all.Go(func() {
				resp, err := server.Client().Get(server.URL + path)
				if !assert.NoError(t, err) {
					return
				}
				content, err := io.ReadAll(resp.Body)
				assert.NoError(t, err)
				assert.NoError(t, resp.Body.Close())
				assert.Len(t, content, int(size), path)
			})
		}
	}
	all.Wait()
	for range 8 * len(want) {
		out := <-told
		assert.Equal(t, want[out.Path], out.Bytes, out.Path)
		assert.Equal(t, 200, out.Status, out.Path)
	}
}
