// Nested writes: those that a handler makes under the context that it was given. They pass
// the lock of their handler, one at a time, and it does not end before they do.
//
// The tests run in bubbles of synctest: time passes only when everybody waits. So a wait that
// does not end is found at once, and nothing depends on luck.

package exchange_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A tree is an App whose writes to one task do what their field Do names.
type tree struct {
	app   *restmachine.App
	log   harness.Log
	does  map[string]func(ctx context.Context)
	count int // of all increments: nothing guards it but the lock
}

func newTree(t *testing.T, does map[string]func(ctx context.Context), options ...restmachine.Option) *tree {
	x := &tree{does: does}
	options = append(options, restmachine.WithLogger(slog.New(slog.NewTextHandler(&x.log, nil))))
	x.app = restmachine.New(options...)
	x.app.ResourceExists(harness.TaskByPath)
	do := func(_ *harness.Task, ctx context.Context, h http.Header) { x.does[h.Get("Do")](ctx) }
	x.app.Put("/tasks/{id}", do).Patch(do).Delete(do)
	x.app.Post("/tasks/{id}/notes", do).GenerateETag(func(*harness.Task) string { return "1" })
	if does["increment"] == nil {
		does["increment"] = func(context.Context) { x.increment() }
	}
	require.NoError(t, x.app.Validate())
	return x
}

// increment is a read and a write with a pause between them.
func (x *tree) increment() {
	n := x.count
	time.Sleep(time.Millisecond)
	x.count = n + 1
}

// do sends a write to a task, and is its status.
func (x *tree) do(ctx context.Context, what string) int { return x.doTo(ctx, "/tasks/1", what) }

func (x *tree) doTo(ctx context.Context, path, what string) int {
	return x.app.ExecuteContext(ctx, harness.RequestOf("PUT", path, "", "Do", what)).StatusCode
}

// idle asserts that everybody has ended, and nothing is locked.
func (x *tree) idle(t *testing.T) {
	t.Helper()
	synctest.Wait()
	restmachinetest.CheckIdle(t, x.app)
}

func TestNestedWritesGoOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x *tree
		x = newTree(t, map[string]func(context.Context){"ten": func(ctx context.Context) {
			var all sync.WaitGroup
			for i := range 10 {
				method, path := []string{"PUT", "PATCH", "DELETE", "POST"}[i%4], "/tasks/1"
				if method == "POST" {
					path = "/tasks/1/notes"
				}
				all.Go(func() {
					req := harness.RequestOf(method, path, "", "Do", "increment")
					assert.Equal(t, 204, x.app.ExecuteContext(ctx, req).StatusCode)
				})
			}
			all.Wait()
		}})
		assert.Equal(t, 204, x.do(t.Context(), "ten"))
		assert.Equal(t, 10, x.count, "ten were acknowledged")
		x.idle(t)
	})
}

// A tree of writes, three at each of four depths, beside other writes: each increment is kept.
// No handler waits for those that it began.
func TestNestedWritesOfAllDepths(t *testing.T) {
	for _, waits := range []bool{true, false} {
		t.Run(fmt.Sprintf("waits: %v", waits), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var x *tree
				var sent atomic.Int64
				grow := func(deeper string) func(context.Context) {
					return func(ctx context.Context) {
						x.increment()
						var all sync.WaitGroup
						for range 3 {
							all.Go(func() {
								sent.Add(1)
								assert.Equal(t, 204, x.do(context.WithoutCancel(ctx), deeper))
							})
						}
						if waits {
							all.Wait()
						}
					}
				}
				x = newTree(t, map[string]func(context.Context){
					"tree": grow("branch"), "branch": grow("twig"), "twig": grow("increment")})
				var all sync.WaitGroup
				for range 4 {
					all.Go(func() { sent.Add(1); assert.Equal(t, 204, x.do(t.Context(), "tree")) })
				}
				all.Wait()
				time.Sleep(time.Hour)
				x.idle(t)
				assert.EqualValues(t, 4*(1+3+9+27), sent.Load())
				assert.EqualValues(t, sent.Load(), x.count, "each write was acknowledged")
			})
		})
	}
}

// A nested write that its handler does not wait for is not left without a lock.
func TestANestedWriteDoesNotOutliveItsHandler(t *testing.T) {
	endings := map[string]func(){"returns": func() {}, "panics": func() { panic("lost") }, "ends its goroutine": runtime.Goexit}
	for outerEnds, endOuter := range endings {
		for nestedEnds, endNested := range endings {
			t.Run("the handler "+outerEnds+", the nested one "+nestedEnds, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var x *tree
					var mu sync.Mutex // the handler goes on beside the nested one
					var events []string
					note := func(event string) { mu.Lock(); defer mu.Unlock(); events = append(events, event) }
					x = newTree(t, map[string]func(context.Context){
						"leave": func(ctx context.Context) {
							go x.do(context.WithoutCancel(ctx), "nested")
							time.Sleep(time.Second) // it has passed, and is in its handler
							note("the handler ends")
							endOuter()
						},
						"nested": func(context.Context) {
							time.Sleep(time.Minute)
							note("the nested one ends")
							endNested()
						},
						"next": func(context.Context) { note("the next begins") },
					})
					var all sync.WaitGroup
					all.Go(func() { x.do(t.Context(), "leave") })
					time.Sleep(time.Millisecond)
					all.Go(func() { assert.Equal(t, 204, x.do(t.Context(), "next")) })
					all.Wait()
					assert.Equal(t, []string{"the handler ends", "the nested one ends", "the next begins"}, events)
					x.idle(t)
				})
			})
		}
	}
}

// Who still waits in line when the handler ends is no longer nested. It waits for the lock
// like everybody.
func TestWhoIsInLineWhenTheHandlerEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x *tree
		x = newTree(t, map[string]func(context.Context){"leave": func(ctx context.Context) {
			for range 5 {
				go func() { assert.Equal(t, 204, x.do(context.WithoutCancel(ctx), "increment")) }()
			}
			time.Sleep(time.Microsecond) // all are in line
		}})
		for range 5 {
			go func() { assert.Equal(t, 204, x.do(t.Context(), "leave")) }()
			go func() { assert.Equal(t, 204, x.do(t.Context(), "increment")) }()
		}
		time.Sleep(time.Hour)
		x.idle(t)
		assert.Equal(t, 30, x.count)
	})
}

// A hesitant context takes a second to say that it has not ended: it is asked right before a
// lock is taken.
type hesitant struct{ context.Context }

func (h hesitant) Err() error { time.Sleep(time.Second); return h.Context.Err() }

// A nested write that begins while its handler still runs, and comes to the lock when that has
// ended, has nothing to pass by.
func TestANestedWriteThatComesTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x *tree
		x = newTree(t, map[string]func(context.Context){
			"leave": func(ctx context.Context) {
				go func() { assert.Equal(t, 204, x.do(hesitant{context.WithoutCancel(ctx)}, "slow")) }()
				time.Sleep(time.Millisecond)
			},
			"slow": func(context.Context) { n := x.count; time.Sleep(time.Minute); x.count = n + 1 },
		})
		assert.Equal(t, 204, x.do(t.Context(), "leave"))
		for range 5 {
			go func() { assert.Equal(t, 204, x.do(t.Context(), "slow")) }()
		}
		time.Sleep(time.Hour)
		x.idle(t)
		assert.Equal(t, 6, x.count)
	})
}

// A nested write whose context ends while it waits gives up, and the others go on.
func TestANestedWriteGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x *tree
		x = newTree(t, map[string]func(context.Context){
			"outer": func(ctx context.Context) {
				var all sync.WaitGroup
				all.Go(func() { assert.Equal(t, 204, x.do(ctx, "long")) })
				time.Sleep(time.Microsecond)
				all.Go(func() {
					short, cancel := context.WithTimeout(ctx, time.Second)
					defer cancel()
					assert.Equal(t, 503, x.do(short, "increment"))
				})
				all.Go(func() { assert.Equal(t, 204, x.do(ctx, "increment")) })
				all.Wait()
			},
			"long": func(context.Context) { time.Sleep(time.Minute) },
		})
		assert.Equal(t, 204, x.do(t.Context(), "outer"))
		assert.Equal(t, 1, x.count)
		x.idle(t)
	})
}

// A nested write of another key is refused at each depth, since it could wait for itself.
func TestASecondKeyIsRefusedAtEachDepth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x *tree
		x = newTree(t, map[string]func(context.Context){
			"outer": func(ctx context.Context) { assert.Equal(t, 204, x.do(ctx, "inner")) },
			"inner": func(ctx context.Context) { assert.Equal(t, 500, x.doTo(ctx, "/tasks/2", "increment")) },
		})
		assert.Equal(t, 204, x.do(t.Context(), "outer"))
		assert.Equal(t, 1, strings.Count(x.log.Take(), "needs a second lock"))
		x.idle(t)
	})
}

// Who calls the App for its own key without its context, from another goroutine, waits for its
// handler. It is told, while it waits. So is a handler that waits for what it began.
func TestLongWaitsAreLogged(t *testing.T) {
	rows := []struct {
		name    string
		options []restmachine.Option
		waits   time.Duration // 0: it is not told
		handler func(x *tree, ctx context.Context)
	}{
		{name: "without the context", waits: 5 * time.Second,
			handler: func(x *tree, _ context.Context) {
				own, cancel := context.WithTimeout(context.Background(), time.Hour) // app.Execute would never end
				defer cancel()
				elsewhere(func() { x.do(own, "increment") })
			}},
		{name: "with the context of an outer one", waits: 5 * time.Second,
			handler: func(x *tree, ctx context.Context) {
				x.does["inner"] = func(context.Context) {
					own, cancel := context.WithTimeout(ctx, time.Hour)
					defer cancel()
					elsewhere(func() { x.do(own, "increment") })
				}
				x.do(ctx, "inner")
			}},
		{name: "a handler that waits for what it began", waits: 5*time.Second + time.Microsecond,
			handler: func(x *tree, ctx context.Context) {
				x.does["inner"] = func(context.Context) { time.Sleep(time.Hour) }
				go x.do(context.WithoutCancel(ctx), "inner")
				time.Sleep(time.Microsecond)
			}},
		{name: "WithLockWarning", waits: time.Minute, options: []restmachine.Option{restmachine.WithLockWarning(time.Minute)},
			handler: func(x *tree, ctx context.Context) {
				own, cancel := context.WithTimeout(context.Background(), time.Hour)
				defer cancel()
				elsewhere(func() { x.do(own, "increment") })
			}},
		{name: "switched off", options: []restmachine.Option{restmachine.WithLockWarning(0)},
			handler: func(x *tree, ctx context.Context) {
				own, cancel := context.WithTimeout(context.Background(), time.Hour)
				defer cancel()
				elsewhere(func() { x.do(own, "increment") })
			}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var x *tree
				x = newTree(t, map[string]func(context.Context){"outer": func(ctx context.Context) { row.handler(x, ctx) }}, row.options...)
				x.log.Take()
				go x.do(t.Context(), "outer")
				if row.waits > 0 {
					time.Sleep(row.waits - 1)
					assert.Empty(t, x.log.String())
					time.Sleep(time.Nanosecond)
				} else {
					time.Sleep(time.Hour - 1)
				}
				synctest.Wait()
				line := x.log.Take()
				if row.waits == 0 {
					assert.Empty(t, line)
				} else {
					assert.Equal(t, 1, strings.Count(line, "level=WARN"), "%s", line)
					for _, says := range []string{"waits long for a lock", "lock=/tasks/1", "waiter.method=PUT", "waiter.path=/tasks/1",
						"waiter.route=/tasks/{id}", "holder.method=PUT", "holder.path=/tasks/1", "holder.route=/tasks/{id}",
						"waiter.since=2000-01-01T00:00:00", "holder.since=2000-01-01T00:00:00"} {
						assert.Contains(t, line, says)
					}
				}
				time.Sleep(2 * time.Hour)
				x.idle(t)
			})
		})
	}
}

// elsewhere calls f in another goroutine, and waits for it.
func elsewhere(f func()) {
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	<-done
}

// A logger that panics, or ends its goroutine, holds nobody up.
func TestALongWaitWithALoggerThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := restmachine.New(restmachine.WithLogger(slog.New(failingLog{slog.DiscardHandler})))
		app.ResourceExists(harness.TaskByPath)
		app.Put("/tasks/{id}", func(*harness.Task) { time.Sleep(time.Minute) })
		require.NoError(t, app.Start(t.Context()))
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() { assert.Equal(t, 204, app.Execute(harness.RequestOf("PUT", "/tasks/1", "")).StatusCode) })
		}
		all.Wait()
		restmachinetest.CheckIdle(t, app)
	})
}

type failingLog struct{ slog.Handler }

func (failingLog) Enabled(context.Context, slog.Level) bool  { return true }
func (failingLog) Handle(context.Context, slog.Record) error { panic("the log is full") }
