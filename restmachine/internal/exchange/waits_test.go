// A write that would wait for itself is refused, and never one that only waits. Long waits are
// logged once for each pair of routes.
//
// The tests run in bubbles of synctest: time passes only when everybody waits.

package exchange_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// deep calls f from so many calls of itself.
func deep(n int, f func()) {
	if n == 0 {
		f()
		return
	}
	deep(n-1, f)
}

func TestWhoWaitsForItselfIsRefused(t *testing.T) {
	rows := []struct {
		name    string
		options []restmachine.Option
		calls   func(x *tree, ctx context.Context) (status int)
	}{
		{name: "by Execute", calls: func(x *tree, _ context.Context) int {
			return x.app.Execute(harness.RequestOf("DELETE", "/tasks/1", "", "Do", "increment")).StatusCode
		}},
		{name: "by Explain", calls: func(x *tree, _ context.Context) int {
			resp, _ := x.app.Explain(harness.RequestOf("PUT", "/tasks/1", "", "Do", "increment"))
			return resp.StatusCode
		}},
		{name: "by ServeHTTP", calls: func(x *tree, _ context.Context) int {
			w := httptest.NewRecorder()
			r := httptest.NewRequest("PUT", "/tasks/1", nil)
			r.Header.Set("Do", "increment")
			x.app.ServeHTTP(w, r)
			return w.Code
		}},
		{name: "by another path of the key", calls: func(x *tree, _ context.Context) int {
			return x.app.Execute(harness.RequestOf("POST", "/tasks/1/notes", "", "Do", "increment")).StatusCode
		}},
		{name: "under a context of its own", calls: func(x *tree, _ context.Context) int {
			own, cancel := context.WithTimeout(context.Background(), time.Hour)
			defer cancel()
			return x.do(own, "increment")
		}},
		{name: "from a nested one", calls: func(x *tree, ctx context.Context) (status int) {
			x.does["inner"] = func(context.Context) { status = x.do(context.Background(), "increment") }
			assert.Equal(t, 204, x.do(ctx, "inner"))
			return status
		}},
		{name: "from deep within", calls: func(x *tree, _ context.Context) (status int) {
			deep(30, func() { status = x.do(context.Background(), "increment") })
			return status
		}},
		{name: "where nobody is warned", options: []restmachine.Option{restmachine.WithLockWarning(0)},
			calls: func(x *tree, _ context.Context) int { return x.do(context.Background(), "increment") }},
		{name: "where observers are told", options: []restmachine.Option{restmachine.WithObserver(func(restmachine.Outcome) {})},
			calls: func(x *tree, _ context.Context) int { return x.do(context.Background(), "increment") }},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var x *tree
				status := 0
				x = newTree(t, map[string]func(context.Context){"outer": func(ctx context.Context) { status = row.calls(x, ctx) }}, row.options...)
				x.log.Take()
				begin := time.Now()
				assert.Equal(t, 204, x.do(t.Context(), "outer"), "the handler goes on")
				assert.Equal(t, 500, status)
				assert.Equal(t, time.Second/10, time.Since(begin))
				line := x.log.Take()
				assert.Equal(t, 1, strings.Count(line, "\n"), "%s", line)
				for _, says := range []string{"level=ERROR", "called its own App without the context", "app.ExecuteContext(ctx, …)", "the handler is PUT /tasks/{id}"} {
					assert.Contains(t, line, says)
				}
				assert.Zero(t, x.count, "it was not run")
				x.idle(t)
			})
		})
	}
}

// A write that waits for somebody else is not refused, whatever its goroutine runs meanwhile.
func TestWhoWaitsForAnotherIsNotRefused(t *testing.T) {
	rows := []struct {
		name  string
		calls func(x, other *tree) (status int)
	}{
		{"a callback that holds another key", func(x, _ *tree) int {
			return x.doTo(context.Background(), "/tasks/2", "increment")
		}},
		{"another App, of the same key", func(_, other *tree) int {
			return other.do(context.Background(), "increment")
		}},
		{"another goroutine of nobody", func(x, _ *tree) (status int) {
			elsewhere(func() { status = x.doTo(context.Background(), "/tasks/2", "increment") })
			return status
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var x *tree
				long := func(context.Context) { time.Sleep(time.Minute) }
				other := newTree(t, map[string]func(context.Context){"long": long})
				status := 0
				x = newTree(t, map[string]func(context.Context){"long": long, "outer": func(context.Context) { status = row.calls(x, other) }})
				var all sync.WaitGroup
				all.Go(func() { assert.Equal(t, 204, x.doTo(t.Context(), "/tasks/2", "long")) })
				all.Go(func() { assert.Equal(t, 204, other.do(t.Context(), "long")) })
				synctest.Wait()
				assert.Equal(t, 204, x.do(t.Context(), "outer"))
				assert.Equal(t, 204, status)
				all.Wait()
				assert.Equal(t, 1, x.count+other.count)
				x.idle(t)
				other.idle(t)
			})
		})
	}
}

// Of a hundred waits of one route for one other the first is logged, the tenth and the hundredth.
func TestLongWaitsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := newTree(t, map[string]func(context.Context){"long": func(context.Context) { time.Sleep(time.Minute) }})
		x.log.Take()
		for i := range 100 {
			var all sync.WaitGroup
			path := fmt.Sprintf("/tasks/%d", i)
			all.Go(func() { x.doTo(t.Context(), path, "long") })
			synctest.Wait()
			all.Go(func() { x.doTo(t.Context(), path, "increment") })
			all.Wait()
		}
		log := x.log.Take()
		assert.Equal(t, 3, strings.Count(log, "waits long for a lock"), "%s", log)
		for _, says := range []string{"lock=/tasks/0", "lock=/tasks/9", "times=10", "lock=/tasks/99", "times=100"} {
			assert.Contains(t, log, says)
		}
		assert.Equal(t, 1, strings.Count(log, "called its own App without the context"), "what it may come from is said once")
		x.idle(t)
	})
}

// The waiter's exchange has the warning each time, and who waits for itself has its own.
func TestAWaitIsAWarningOfItsExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var said []restmachine.Warning
		tracer := restmachine.TracerFunc(func(e *restmachine.Exchange) {
			mu.Lock()
			defer mu.Unlock()
			said = append(said, e.Warnings...)
		})
		var x *tree
		x = newTree(t, map[string]func(context.Context){
			"long": func(context.Context) { time.Sleep(time.Minute) },
			"self": func(context.Context) { x.do(context.Background(), "increment") },
		}, restmachine.WithTrace(tracer))
		for range 2 {
			var all sync.WaitGroup
			all.Go(func() { x.do(t.Context(), "long") })
			synctest.Wait()
			all.Go(func() { x.do(t.Context(), "increment") })
			all.Wait()
		}
		x.do(t.Context(), "self")
		if assert.Len(t, said, 3) {
			assert.Equal(t, "lock waited", said[0].Name)
			assert.Contains(t, said[0].Text, "it waited for more than 5s for the lock /tasks/1, which PUT /tasks/1 held")
			assert.Equal(t, said[0], said[1], "it is said of each exchange")
			assert.Equal(t, "own app", said[2].Name)
			assert.Contains(t, said[2].Text, "app.ExecuteContext(ctx, …)")
		}
	})
}
