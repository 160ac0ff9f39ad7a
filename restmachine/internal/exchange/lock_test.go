// The lock of a resource: whom it excludes, under which key, and how it is given
// up. That no update is lost behind it is in lostupdate_test.go.

package exchange_test

import (
	"context"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// An errand is a record that two paths lead to.
type errand struct{}

// tasks declares paths to a task and around it; every handler asks the doorman.
func tasks(d *harness.Doorman) func(app *restmachine.App) {
	stay := d.Pass
	stayWith := func(_ *harness.Task, header http.Header) { d.Pass(header) }
	show := func(t *harness.Task, header http.Header) *harness.Task { d.Pass(header); return t }
	list := func() []harness.Task { return nil }
	return func(app *restmachine.App) {
		app.ResourceExists(harness.TaskByPath)
		app.GenerateETag(func(t *harness.Task) string { return "v" + t.ID })
		app.GenerateETag(func(all []harness.Task) string { return "all" })
		app.Get("/tasks/{id}", show).Put(show).Patch(show).Delete(stayWith).Post(stay)
		app.Post("/tasks/{id}/close", stayWith)
		app.Post("/tasks/{id}/touch", stay)
		app.Put("/tasks/{id}/notes/{n}", stayWith)
		app.Get("/tasks", list).Post(stay)
		app.Put("/settings", stay).ResourceExists(func() bool { return true })
		app.Put("/log", stay)
		twice := app.Group("/twice")
		twice.ResourceExists(func(restmachine.PathParams) *errand { return &errand{} })
		twice.GenerateETag(func(*errand) string { return "1" })
		twice.LockKey(func(path restmachine.PathParams) string { return "errand " + path.Get("id") })
		twice.Put("/a/{id}", func(_ *errand, header http.Header) { d.Pass(header) })
		twice.Put("/b/{id}", func(_ *errand, header http.Header) { d.Pass(header) })
	}
}

// ask is a method and a target, and preconditions.
type ask struct {
	method, target string
	fields         []string
}

func TestTheLockExcludes(t *testing.T) {
	rows := []struct {
		name          string
		first, second ask
		excludes      bool
		reason        string
	}{
		{"two PUTs", ask{"PUT", "/tasks/7", nil}, ask{"PUT", "/tasks/7", nil}, true, "the gap between check and write"},
		{"PUT and PATCH", ask{"PUT", "/tasks/7", nil}, ask{"PATCH", "/tasks/7", nil}, true, "both write"},
		{"PUT and DELETE", ask{"PUT", "/tasks/7", nil}, ask{"DELETE", "/tasks/7", nil}, true, "both write"},
		{"another spelling", ask{"PUT", "/tasks/7", nil}, ask{"PUT", "/tasks/%37", nil}, true, "the key is decoded"},
		{"another item", ask{"PUT", "/tasks/7", nil}, ask{"PUT", "/tasks/8", nil}, false, "it is another resource"},
		{"item and sub-path", ask{"PUT", "/tasks/7", nil}, ask{"POST", "/tasks/7/close", nil}, true, "the key ends with the last parameter"},
		{"sub-path and item", ask{"POST", "/tasks/7/close", nil}, ask{"DELETE", "/tasks/7", nil}, true, "in either order"},
		{"a task and a part of it", ask{"PUT", "/tasks/7", nil}, ask{"PUT", "/tasks/7/notes/1", nil}, true, "both ask for the task"},
		{"two parts of one task", ask{"PUT", "/tasks/7/notes/1", nil}, ask{"PUT", "/tasks/7/notes/2", nil}, true, "both ask for the task"},
		{"parts of two tasks", ask{"PUT", "/tasks/7/notes/1", nil}, ask{"PUT", "/tasks/8/notes/1", nil}, false, "they ask for two tasks"},
		{"a slash in a parameter", ask{"PUT", "/tasks/7%2Fnotes%2F1", nil}, ask{"PUT", "/tasks/7/notes/1", nil}, false, "it is not a separator"},
		{"GET beside PUT", ask{"PUT", "/tasks/7", nil}, ask{"GET", "/tasks/7", nil}, false, "a GET takes no lock"},
		{"PUT beside GET", ask{"GET", "/tasks/7", nil}, ask{"PUT", "/tasks/7", nil}, false, "a GET holds no lock"},
		{"GET with a precondition", ask{"GET", "/tasks/7", nil}, ask{"GET", "/tasks/7", []string{"If-Match", `"v7"`}}, false, "nor with one"},
		{"creating in a collection", ask{"POST", "/tasks", nil}, ask{"POST", "/tasks", nil}, false, "new items do not collide"},
		{"creating under a precondition", ask{"POST", "/tasks", []string{"If-Match", `"all"`}}, ask{"POST", "/tasks", []string{"If-Match", `"all"`}}, true, "a POST with a check"},
		{"POST that asks for the task", ask{"POST", "/tasks/7/close", nil}, ask{"POST", "/tasks/7/close", nil}, true, "its validators hold there"},
		{"POST that does not", ask{"POST", "/tasks/7", nil}, ask{"PUT", "/tasks/7", nil}, true, "the path has a PUT that is always locked"},
		{"PUT beside a POST that does not", ask{"PUT", "/tasks/7", nil}, ask{"POST", "/tasks/7", nil}, true, "in either order"},
		{"POST to nothing guarded", ask{"POST", "/tasks/7/touch", nil}, ask{"PUT", "/tasks/7", nil}, false, "nothing is checked there"},
		{"a bool ResourceExists", ask{"PUT", "/settings", nil}, ask{"PUT", "/settings", nil}, true, "existence is checked, too"},
		{"nothing to check", ask{"PUT", "/log", nil}, ask{"PUT", "/log", nil}, false, "no target, no validators"},
		{"two paths, one LockKey", ask{"PUT", "/twice/a/7", nil}, ask{"PUT", "/twice/b/7", nil}, true, "the key is the service's"},
		{"two paths, two LockKeys", ask{"PUT", "/twice/a/7", nil}, ask{"PUT", "/twice/b/8", nil}, false, "the key is the service's"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := harness.NewDoorman()
			x := harness.NewTrial(t, tasks(d))
			assert.Equal(t, row.excludes, excluded(x, d, row.first, row.second), row.reason)
		})
	}
	t.Run("WithoutResourceLock", func(t *testing.T) {
		d := harness.NewDoorman()
		x := harness.NewTrial(t, tasks(d), restmachine.WithoutResourceLock())
		assert.False(t, excluded(x, d, rows[0].first, rows[0].second))
	})
}

// excluded reports whether second has to wait while the handler of first runs.
// Where it has, it gives up with 503, and its handler has not run.
func excluded(x *harness.Trial, d *harness.Doorman, first, second ask) bool {
	x.T.Helper()
	done := make(chan restmachine.Response)
	go func() {
		done <- x.App.Execute(harness.RequestOf(first.method, first.target, "", append(first.fields, "X-Stay", "yes")...))
	}()
	<-d.In
	// Long enough for one that need not wait, and short for one that must.
	ctx, cancel := context.WithTimeout(x.T.Context(), 100*time.Millisecond)
	defer cancel()
	resp := x.App.ExecuteContext(ctx, harness.RequestOf(second.method, second.target, "", second.fields...))
	close(d.Out)
	assert.Less(x.T, (<-done).StatusCode, 300, "the first goes on")
	x.Idle()
	if resp.StatusCode == http.StatusServiceUnavailable {
		return true
	}
	assert.Less(x.T, resp.StatusCode, 300, "%s", resp.Body)
	return false
}

// nest is an App with a PUT whose handler runs inner under its own context.
func nest(t *testing.T, inner func(app *restmachine.App, ctx context.Context)) *harness.Trial {
	var app *restmachine.App
	x := harness.NewTrial(t, func(a *restmachine.App) {
		app = a
		a.ResourceExists(harness.TaskByPath)
		a.Get("/tasks/{id}", func(t *harness.Task) *harness.Task { return t }).Delete(func(*harness.Task) {})
		a.Put("/outer/{id}", func(_ *harness.Task, ctx context.Context) { inner(app, ctx) })
		a.Put("/outer/{id}/again", func(*harness.Task) {})
		a.Put("/tasks/{id}", func(*harness.Task) {})
	})
	return x
}

func TestNestedExchanges(t *testing.T) {
	rows := []struct {
		name  string
		inner ask
		want  int
	}{
		{"the same key", ask{method: "PUT", target: "/outer/1/again"}, 204},
		{"another key could wait for itself", ask{method: "PUT", target: "/tasks/1"}, 500},
		{"no key", ask{method: "GET", target: "/tasks/1"}, 200},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var inner restmachine.Response
			x := nest(t, func(app *restmachine.App, ctx context.Context) {
				inner = app.ExecuteContext(ctx, harness.RequestOf(row.inner.method, row.inner.target, ""))
				assert.Equal(t, 1, app.LocksHeld(), "the outer exchange still holds its own")
			})
			x.Want(204, "PUT", "/outer/1", "")
			assert.Equal(t, row.want, inner.StatusCode)
			if row.want == 500 {
				assert.Contains(t, x.Log.Take(), "LockKey", "the log says what to do")
				assert.NotContains(t, string(inner.Body), "/outer")
			}
			x.Idle()
		})
	}
}

// A context that a handler leaves behind knows of a lock that is no longer held.
func TestAnOutlivedTicketDoesNotPass(t *testing.T) {
	var kept context.Context
	x := nest(t, func(_ *restmachine.App, ctx context.Context) { kept = context.WithoutCancel(ctx) })
	x.Want(204, "PUT", "/outer/1", "")

	resp := x.App.ExecuteContext(kept, harness.RequestOf("PUT", "/tasks/1", ""))
	assert.Equal(t, 204, resp.StatusCode, "it is no nested exchange any more")

	d := harness.NewDoorman()
	y := harness.NewTrial(t, tasks(d))
	go y.App.Execute(harness.RequestOf("PUT", "/tasks/7", "", "X-Stay", "yes"))
	<-d.In
	ctx, cancel := context.WithTimeout(kept, 20*time.Millisecond)
	defer cancel()
	assert.Equal(t, 503, y.App.ExecuteContext(ctx, harness.RequestOf("PUT", "/tasks/7", "")).StatusCode)
	close(d.Out)
	y.Idle()
}

// Through another App the lock of the first is still held.
func TestNestedThroughAnotherApp(t *testing.T) {
	var inner restmachine.Response
	other := restmachine.New(harness.Quiet)
	var first *restmachine.App
	other.ResourceExists(harness.TaskByPath)
	other.Put("/tasks/{id}", func(_ *harness.Task, ctx context.Context) {
		inner = first.ExecuteContext(ctx, harness.RequestOf("PUT", "/outer/1/again", ""))
	})
	x := nest(t, func(app *restmachine.App, ctx context.Context) {
		first = app
		assert.Equal(t, 204, other.ExecuteContext(ctx, harness.RequestOf("PUT", "/tasks/1", "")).StatusCode)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // where it waits for itself
	defer cancel()
	assert.Equal(t, 204, x.App.ExecuteContext(ctx, harness.RequestOf("PUT", "/outer/1", "")).StatusCode)
	assert.Equal(t, 204, inner.StatusCode)
	x.Idle()
}

// The lock is free, and whoever waits for it goes on, however its holder ended.
func TestTheLockIsGivenUp(t *testing.T) {
	endings := map[string]func(){
		"return": func() {},
		"panic":  func() { panic("lost") },
		"Goexit": runtime.Goexit,
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			d := harness.NewDoorman()
			x := harness.NewTrial(t, func(app *restmachine.App) {
				app.ResourceExists(harness.TaskByPath)
				app.Put("/tasks/{id}", func(_ *harness.Task, header http.Header) {
					if header.Get("X-Stay") != "" {
						d.Pass(header)
						end()
					}
				})
			})
			go x.App.Execute(harness.RequestOf("PUT", "/tasks/1", "", "X-Stay", "yes"))
			<-d.In
			second := make(chan int)
			go func() { second <- x.App.Execute(harness.RequestOf("PUT", "/tasks/1", "")).StatusCode }()
			close(d.Out)
			select {
			case status := <-second:
				assert.Equal(t, 204, status)
			case <-time.After(10 * time.Second):
				require.Fail(t, "the second waits for ever")
			}
			x.Idle()
		})
	}
}

func TestManyPanicsLeaveNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.TaskByPath)
		app.Put("/tasks/{id}", func(*harness.Task) { panic("lost") })
	})
	for range 1000 {
		require.Equal(t, 500, p.App.Execute(harness.RequestOf("PUT", "/tasks/1", "")).StatusCode)
	}
	restmachinetest.CheckIdle(t, p.App)
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// A request whose client has gone stops before the write, and never in it.
func TestACancelledContextStopsBeforeTheWrite(t *testing.T) {
	wrote := 0
	var cancel func()
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func(path restmachine.PathParams) *harness.Task { cancel(); return harness.TaskByPath(path) })
		app.Put("/tasks/{id}", func(*harness.Task) { wrote++ })
		app.Put("/slow", func(ctx context.Context) error { cancel(); wrote++; return nil })
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cancel = stop
	assert.Equal(t, 503, p.App.ExecuteContext(ctx, harness.RequestOf("PUT", "/tasks/1", "")).StatusCode)
	assert.Zero(t, wrote, "the write was begun for a client that has gone")

	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	cancel = stop
	assert.Equal(t, 204, p.App.ExecuteContext(ctx, harness.RequestOf("PUT", "/slow", "")).StatusCode, "it was written")
	assert.Equal(t, 1, wrote)
	restmachinetest.CheckIdle(t, p.App)
}

// App.Locks tells who holds a lock and who waits, nested writes too.
func TestLocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := harness.NewDoorman()
		app := restmachine.New(harness.Quiet)
		app.ResourceExists(harness.TaskByPath)
		app.Put("/outer/{id}", func(_ *harness.Task, ctx context.Context) {
			app.ExecuteContext(ctx, harness.RequestOf("PUT", "/outer/1/inner", "", "X-Stay", "yes"))
		})
		app.Put("/outer/{id}/inner", func(_ *harness.Task, header http.Header) { d.Pass(header) })
		assert.Empty(t, app.Locks())

		begin := time.Now()
		go app.Execute(harness.RequestOf("PUT", "/outer/1?q", ""))
		<-d.In
		time.Sleep(time.Second)
		go app.Execute(harness.RequestOf("PUT", "/outer/1", ""))
		synctest.Wait()
		stay := func(path, route string) restmachine.LockStay {
			return restmachine.LockStay{Method: "PUT", Path: path, Route: route, Since: begin.Add(time.Second)}
		}
		outer := stay("/outer/1", "/outer/{id}")
		assert.Equal(t, []restmachine.Lock{
			{Key: "/outer/1", Holder: outer, Waiters: []restmachine.LockStay{outer}},
			{Key: "/outer/1", Depth: 1, Holder: stay("/outer/1/inner", "/outer/{id}/inner")},
		}, app.Locks())
		close(d.Out)
		synctest.Wait()
		assert.Empty(t, app.Locks())
	})
}
