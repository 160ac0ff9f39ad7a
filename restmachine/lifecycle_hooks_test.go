// What may be called while an App starts or shuts down, and afterwards.

package restmachine_test

import (
	"context"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// What a hook calls, and what it is told. What is said is "" where it works.
var hookCalls = []struct {
	name, reason       string
	call               func(ctx context.Context, app *restmachine.App) string
	starting, stopping string // what it says in an OnStartup, and in an OnShutdown
}{
	{"Describe", "a hook may log what it is part of", func(_ context.Context, app *restmachine.App) string {
		if app.Describe() == "" {
			return "nothing is described"
		}
		return ""
	}, "", ""},
	{"Validate", "as Describe", func(_ context.Context, app *restmachine.App) string { return errText(app.Validate()) }, "", ""},
	{"Routes", "a hook may register them elsewhere", func(_ context.Context, app *restmachine.App) string {
		_, err := app.Routes()
		return errText(err)
	}, "", ""},
	{"ExecuteContext", "the hook and the request would wait for each other", func(ctx context.Context, app *restmachine.App) string {
		return strconv.Itoa(app.ExecuteContext(ctx, restmachine.Request{Path: "/"}).StatusCode)
	}, "500", "503"},
	{"ServeHTTP", "as ExecuteContext", func(ctx context.Context, app *restmachine.App) string {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil).WithContext(ctx))
		return strconv.Itoa(w.Code)
	}, "500", "503"},
	{"Start", "it is under way", func(ctx context.Context, app *restmachine.App) string { return errText(app.Start(ctx)) },
		"after Start has returned", "after Start has returned"},
	{"Shutdown", "what has half started is not shut down", func(ctx context.Context, app *restmachine.App) string { return errText(app.Shutdown(ctx)) },
		"after Start has returned", "after Start has returned"},
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A hook that calls its own App is answered, and never waited for.
func TestHooksCallTheirApp(t *testing.T) {
	for _, row := range hookCalls {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // what waits for itself fails here at once
				p := harness.NewPort(t)
				starting, stopping := "not called", "not called"
				p.OnStartup(func(ctx context.Context) { starting = row.call(ctx, p.App) })
				p.OnShutdown(func(ctx context.Context) { stopping = row.call(ctx, p.App) })
				p.Get("/", func() string { return "" })
				require.NoError(t, p.Start(t.Context()))
				p.Expect(200, "GET", "/")
				require.NoError(t, p.Shutdown(t.Context()))
				for want, got := range map[*string]string{&row.starting: starting, &row.stopping: stopping} {
					if *want == "" {
						assert.Empty(t, got, row.reason)
					} else {
						assert.Contains(t, got, *want, row.reason)
					}
				}
			})
		})
	}
}

// Requests that come while the App starts wait for it, but for those whose
// clients have gone; it starts once. A hook does not keep others from asking
// what the App is.
func TestRequestsWaitForTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, starts, goOn := harness.NewPort(t), atomic.Int32{}, make(chan bool)
		p.OnStartup(func() *harness.Harbour { starts.Add(1); <-goOn; return &harness.Harbour{Name: "oslo"} })
		p.Get("/", func(h *harness.Harbour) string { return h.Name })
		go p.Execute(restmachine.Request{Path: "/"})
		synctest.Wait()

		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() { p.Expect(200, "GET", "/") })
			all.Go(func() {
				assert.Equal(t, 503, p.ExecuteContext(ctx, restmachine.Request{Path: "/"}).StatusCode, "the client has gone")
			})
			all.Go(func() { assert.ErrorIs(t, p.Start(ctx), context.Canceled) })
		}
		synctest.Wait()
		assert.Contains(t, p.Describe(), "OnStartup")
		cancel()
		synctest.Wait()
		close(goOn)
		all.Wait()
		assert.EqualValues(t, 1, starts.Load())
	})
}

// What has shut down stays so: nobody would undo what a late request started.
func TestAfterShutdown(t *testing.T) {
	p, starts := harness.NewPort(t), 0
	p.OnStartup(func() *harness.Harbour { starts++; return &harness.Harbour{Name: "oslo"} })
	p.Get("/", func(h *harness.Harbour) string { return h.Name })
	require.NoError(t, p.Shutdown(t.Context()), "it has not started: that is nothing")
	p.Expect(200, "GET", "/")
	before := p.Describe()
	require.NoError(t, p.Shutdown(t.Context()))
	logged := p.Log.String()

	resp := p.Expect(503, "GET", "/")
	assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"))
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 503, w.Code)
	assert.Empty(t, strings.TrimPrefix(p.Log.String(), logged), "each late request would write the same line")
	assert.ErrorContains(t, p.Start(t.Context()), "has shut down")
	gone, cancel := context.WithCancel(t.Context())
	cancel() // lest it serve for ever
	assert.ErrorContains(t, p.ListenAndServe(gone, "127.0.0.1:0"), "has shut down")
	assert.Equal(t, before, p.Describe())
	assert.Equal(t, 1, starts)
}
