// The lock of a resource: whom it excludes, under which key, and how it is given
// up. That no update is lost behind it is in lostupdate_test.go.

package restmachine_test

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A doorman keeps the handler of a request inside that asks for it.
type doorman struct {
	in, out chan struct{}
	once    sync.Once // a write may run the GET's handler, too
}

func newDoorman() *doorman { return &doorman{in: make(chan struct{}), out: make(chan struct{})} }

func (d *doorman) pass(header http.Header) {
	if header.Get("X-Stay") == "" {
		return
	}
	d.once.Do(func() {
		d.in <- struct{}{}
		<-d.out
	})
}

// A task is what the paths of these tests are about.
type task struct {
	ID string `json:"id"`
}

func taskByPath(path restmachine.PathParams) *task { return &task{path.Get("id")} }

// tasks declares paths to a task and around it; every handler asks the doorman.
func tasks(d *doorman) func(app *restmachine.App) {
	stay := d.pass
	stayWith := func(_ *task, header http.Header) { d.pass(header) }
	show := func(t *task, header http.Header) *task { d.pass(header); return t }
	list := func() []task { return nil }
	return func(app *restmachine.App) {
		app.ResourceExists(taskByPath)
		app.GenerateETag(func(t *task) string { return "v" + t.ID })
		app.GenerateETag(func(all []task) string { return "all" })
		app.Get("/tasks/{id}", show).Put(show).Patch(show).Delete(stayWith).Post(stay)
		app.Post("/tasks/{id}/close", stayWith)
		app.Post("/tasks/{id}/touch", stay)
		app.Put("/tasks/{id}/notes/{n}", stayWith)
		app.Get("/tasks", list).Post(stay)
		app.Put("/settings", stay).ResourceExists(func() bool { return true })
		app.Put("/log", stay)
		twice := app.Group("/twice")
		twice.LockKey(func(path restmachine.PathParams) string { return "task " + path.Get("id") })
		twice.Put("/a/{id}", stayWith)
		twice.Put("/b/{id}", stayWith)
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
		{"item and a part of it", ask{"PUT", "/tasks/7", nil}, ask{"PUT", "/tasks/7/notes/1", nil}, false, "its last parameter is another"},
		{"a slash in a parameter", ask{"PUT", "/tasks/7%2Fnotes%2F1", nil}, ask{"PUT", "/tasks/7/notes/1", nil}, false, "it is no separator"},
		{"GET beside PUT", ask{"PUT", "/tasks/7", nil}, ask{"GET", "/tasks/7", nil}, false, "a GET takes no lock"},
		{"PUT beside GET", ask{"GET", "/tasks/7", nil}, ask{"PUT", "/tasks/7", nil}, false, "a GET holds no lock"},
		{"GET with a precondition", ask{"GET", "/tasks/7", nil}, ask{"GET", "/tasks/7", []string{"If-Match", `"v7"`}}, false, "nor with one"},
		{"creating in a collection", ask{"POST", "/tasks", nil}, ask{"POST", "/tasks", nil}, false, "new items do not collide"},
		{"creating under a precondition", ask{"POST", "/tasks", []string{"If-Match", `"all"`}}, ask{"POST", "/tasks", []string{"If-Match", `"all"`}}, true, "a POST with a check"},
		{"POST that asks for the task", ask{"POST", "/tasks/7/close", nil}, ask{"POST", "/tasks/7/close", nil}, true, "its validators hold there"},
		{"POST that does not", ask{"POST", "/tasks/7", nil}, ask{"PUT", "/tasks/7", nil}, false, "it carries no precondition"},
		{"POST that does not, under one", ask{"POST", "/tasks/7", []string{"If-Match", "*"}}, ask{"PUT", "/tasks/7", nil}, true, "now it does"},
		{"POST to nothing guarded", ask{"POST", "/tasks/7/touch", nil}, ask{"PUT", "/tasks/7", nil}, false, "nothing is checked there"},
		{"a bool ResourceExists", ask{"PUT", "/settings", nil}, ask{"PUT", "/settings", nil}, true, "existence is checked, too"},
		{"nothing to check", ask{"PUT", "/log", nil}, ask{"PUT", "/log", nil}, false, "no target, no validators"},
		{"two paths, one LockKey", ask{"PUT", "/twice/a/7", nil}, ask{"PUT", "/twice/b/7", nil}, true, "the key is the service's"},
		{"two paths, two LockKeys", ask{"PUT", "/twice/a/7", nil}, ask{"PUT", "/twice/b/8", nil}, false, "the key is the service's"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := newDoorman()
			x := newTrial(t, tasks(d))
			assert.Equal(t, row.excludes, x.excluded(d, row.first, row.second), row.reason)
		})
	}
	t.Run("WithoutResourceLock", func(t *testing.T) {
		d := newDoorman()
		x := newTrial(t, tasks(d), restmachine.WithoutResourceLock())
		assert.False(t, x.excluded(d, rows[0].first, rows[0].second))
	})
}

// excluded reports whether second has to wait while the handler of first runs.
// Where it has, it gives up with 503, and its handler has not run.
func (x *trial) excluded(d *doorman, first, second ask) bool {
	x.t.Helper()
	done := make(chan restmachine.Response)
	go func() {
		done <- x.app.Execute(requestOf(first.method, first.target, "", append(first.fields, "X-Stay", "yes")...))
	}()
	<-d.in
	// Long enough for one that need not wait, and short for one that must.
	ctx, cancel := context.WithTimeout(x.t.Context(), 100*time.Millisecond)
	defer cancel()
	resp := x.app.ExecuteContext(ctx, requestOf(second.method, second.target, "", second.fields...))
	close(d.out)
	assert.Less(x.t, (<-done).StatusCode, 300, "the first goes on")
	x.idle()
	if resp.StatusCode == http.StatusServiceUnavailable {
		return true
	}
	assert.Less(x.t, resp.StatusCode, 300, "%s", resp.Body)
	return false
}

// nest is an App with a PUT whose handler runs inner under its own context.
func nest(t *testing.T, inner func(app *restmachine.App, ctx context.Context)) *trial {
	var app *restmachine.App
	x := newTrial(t, func(a *restmachine.App) {
		app = a
		a.ResourceExists(taskByPath)
		a.Get("/tasks/{id}", func(t *task) *task { return t }).Delete(func(*task) {})
		a.Put("/outer/{id}", func(_ *task, ctx context.Context) { inner(app, ctx) })
		a.Put("/outer/{id}/again", func(*task) {})
		a.Put("/tasks/{id}", func(*task) {})
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
				inner = app.ExecuteContext(ctx, requestOf(row.inner.method, row.inner.target, ""))
				assert.Equal(t, 1, app.LocksHeld(), "the outer exchange still holds its own")
			})
			x.want(204, "PUT", "/outer/1", "")
			assert.Equal(t, row.want, inner.StatusCode)
			if row.want == 500 {
				assert.Contains(t, x.log.read(), "LockKey", "the log says what to do")
				assert.NotContains(t, string(inner.Body), "/outer")
			}
			x.idle()
		})
	}
}

// A context that a handler leaves behind knows of a lock that is no longer held.
func TestAnOutlivedTicketDoesNotPass(t *testing.T) {
	var kept context.Context
	x := nest(t, func(_ *restmachine.App, ctx context.Context) { kept = context.WithoutCancel(ctx) })
	x.want(204, "PUT", "/outer/1", "")

	resp := x.app.ExecuteContext(kept, requestOf("PUT", "/tasks/1", ""))
	assert.Equal(t, 204, resp.StatusCode, "it is no nested exchange any more")

	d := newDoorman()
	y := newTrial(t, tasks(d))
	go y.app.Execute(requestOf("PUT", "/tasks/7", "", "X-Stay", "yes"))
	<-d.in
	ctx, cancel := context.WithTimeout(kept, 20*time.Millisecond)
	defer cancel()
	assert.Equal(t, 503, y.app.ExecuteContext(ctx, requestOf("PUT", "/tasks/7", "")).StatusCode)
	close(d.out)
	y.idle()
}

// Through another App the lock of the first is still held.
func TestNestedThroughAnotherApp(t *testing.T) {
	var inner restmachine.Response
	other := restmachine.New(quiet)
	var first *restmachine.App
	other.ResourceExists(taskByPath)
	other.Put("/tasks/{id}", func(_ *task, ctx context.Context) {
		inner = first.ExecuteContext(ctx, requestOf("PUT", "/outer/1/again", ""))
	})
	x := nest(t, func(app *restmachine.App, ctx context.Context) {
		first = app
		assert.Equal(t, 204, other.ExecuteContext(ctx, requestOf("PUT", "/tasks/1", "")).StatusCode)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // where it waits for itself
	defer cancel()
	assert.Equal(t, 204, x.app.ExecuteContext(ctx, requestOf("PUT", "/outer/1", "")).StatusCode)
	assert.Equal(t, 204, inner.StatusCode)
	x.idle()
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
			d := newDoorman()
			x := newTrial(t, func(app *restmachine.App) {
				app.ResourceExists(taskByPath)
				app.Put("/tasks/{id}", func(_ *task, header http.Header) {
					if header.Get("X-Stay") != "" {
						d.pass(header)
						end()
					}
				})
			})
			go x.app.Execute(requestOf("PUT", "/tasks/1", "", "X-Stay", "yes"))
			<-d.in
			second := make(chan int)
			go func() { second <- x.app.Execute(requestOf("PUT", "/tasks/1", "")).StatusCode }()
			close(d.out)
			select {
			case status := <-second:
				assert.Equal(t, 204, status)
			case <-time.After(10 * time.Second):
				require.Fail(t, "the second waits for ever")
			}
			x.idle()
		})
	}
}

func TestManyPanicsLeaveNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	p := newProbe(t, func(app *restmachine.App) {
		app.ResourceExists(taskByPath)
		app.Put("/tasks/{id}", func(*task) { panic("lost") })
	})
	for range 1000 {
		require.Equal(t, 500, p.app.Execute(requestOf("PUT", "/tasks/1", "")).StatusCode)
	}
	restmachinetest.CheckIdle(t, p.app)
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// A request whose client has gone stops before the write, and never in it.
func TestACancelledContextStopsBeforeTheWrite(t *testing.T) {
	wrote := 0
	var cancel func()
	p := newProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func(path restmachine.PathParams) *task { cancel(); return taskByPath(path) })
		app.Put("/tasks/{id}", func(*task) { wrote++ })
		app.Put("/slow", func(ctx context.Context) error { cancel(); wrote++; return nil })
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cancel = stop
	assert.Equal(t, 503, p.app.ExecuteContext(ctx, requestOf("PUT", "/tasks/1", "")).StatusCode)
	assert.Zero(t, wrote, "the write was begun for a client that has gone")

	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	cancel = stop
	assert.Equal(t, 204, p.app.ExecuteContext(ctx, requestOf("PUT", "/slow", "")).StatusCode, "it was written")
	assert.Equal(t, 1, wrote)
	restmachinetest.CheckIdle(t, p.app)
}
