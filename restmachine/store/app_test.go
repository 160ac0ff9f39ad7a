// These tests put the store below an App without a resource lock, as with several
// processes. Only the store prevents lost updates.

package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

type (
	count    struct{ N int }
	counter  = store.Record[string, count]
	counters = store.Store[string, count]
)

// newCounters returns an App with one counter. PUT sets it, PATCH adds one. between is
// called between the check and the write.
func newCounters(t *testing.T, between func(s counters)) *restmachine.App {
	kept := new(store.Memory[string, count])
	_, err := kept.Put(t.Context(), "c", count{}, store.Absent())
	require.NoError(t, err)

	app := restmachine.New(restmachine.WithoutResourceLock())
	app.OnStartup(func() counters { return kept })
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, s counters) (counter, bool, error) {
		return s.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(counter.ETag)
	app.Provides("application/json", func(c counter) count { return c.Value })
	r := app.Resource("/counters/{id}")
	r.Get(func(c counter) counter { return c })
	write := func(ctx context.Context, c counter, n int, s counters) (counter, error) {
		between(s)
		return s.Put(ctx, c.Key, count{n}, store.At(c.Version))
	}
	r.Put(func(ctx context.Context, c counter, in restmachine.Body[count], s counters) (counter, error) {
		return write(ctx, c, in.Value.N, s)
	})
	r.Patch(func(ctx context.Context, c counter, s counters) (counter, error) {
		return write(ctx, c, c.Value.N+1, s)
	})
	require.NoError(t, app.Validate())
	return app
}

func send(t *testing.T, app *restmachine.App, method, etag, body string) restmachine.Response {
	req := restmachine.Request{Method: method, Path: "/counters/c", Header: http.Header{}, Body: []byte(body)}
	if etag != "" {
		req.Header.Set("If-Match", etag)
	}
	resp := app.Execute(req)
	restmachinetest.CheckResponse(t, req, resp)
	return resp
}

func read(t *testing.T, app *restmachine.App) (n int, etag string) {
	resp := send(t, app, "GET", "", "")
	var c count
	assert.NoError(t, json.Unmarshal(resp.Body, &c))
	return c.N, resp.Header.Get("ETag")
}

func TestNoAcknowledgedIncrementIsLost(t *testing.T) {
	const clients, rounds = 8, 200
	for name, increment := range map[string]func(app *restmachine.App) int{
		"PUT with If-Match": func(app *restmachine.App) int {
			n, etag := read(t, app)
			return send(t, app, "PUT", etag, fmt.Sprintf(`{"N":%d}`, n+1)).StatusCode
		},
		"PATCH without a precondition": func(app *restmachine.App) int {
			return send(t, app, "PATCH", "", "").StatusCode
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := newCounters(t, func(counters) { time.Sleep(time.Microsecond) })
			var acknowledged, refused atomic.Int64
			var all sync.WaitGroup
			for range clients {
				all.Go(func() {
					for range rounds {
						switch status := increment(app); status {
						case http.StatusOK:
							acknowledged.Add(1)
						case http.StatusPreconditionFailed, http.StatusConflict:
							refused.Add(1)
						default:
							assert.Equal(t, http.StatusOK, status)
						}
					}
				})
			}
			all.Wait()
			n, _ := read(t, app)
			assert.EqualValues(t, acknowledged.Load(), n)
			assert.EqualValues(t, clients*rounds, acknowledged.Load()+refused.Load())
		})
	}
}

func TestSomebodyIsFaster(t *testing.T) {
	for _, tt := range []struct {
		name, method string
		match        bool // whether to send If-Match with the current tag
		rivals       int  // how many writes find that another write was faster
		status, n    int
	}{
		{"nobody is", "PUT", true, 0, 200, 10},
		{"the precondition was true when it was checked, and no longer is", "PUT", true, 1, 412, 100},
		{"without a precondition, PUT begins anew", "PUT", false, 1, 200, 10},
		{"and so does PATCH, from what is there now", "PATCH", false, 1, 200, 101},
		{"three times", "PATCH", false, 3, 200, 301},
		{"but not for ever", "PATCH", false, 4, 409, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rivals := tt.rivals
			app := newCounters(t, func(s counters) {
				if rivals--; rivals < 0 {
					return
				}
				c, _, err := s.Get(t.Context(), "c")
				assert.NoError(t, err)
				_, err = s.Put(t.Context(), "c", count{c.Value.N + 100}, store.At(c.Version))
				assert.NoError(t, err)
			})
			_, etag := read(t, app)
			if !tt.match {
				etag = ""
			}
			assert.Equal(t, tt.status, send(t, app, tt.method, etag, `{"N":10}`).StatusCode)
			n, _ := read(t, app)
			assert.Equal(t, tt.n, n)
		})
	}
}

// A failed Absent is a 409 that says that it exists, and a 412 where the client has asked for that.
func TestWhatExistsAlready(t *testing.T) {
	app := newCounters(t, func(counters) {})
	app.Post("/counters", func(ctx context.Context, s counters) error {
		_, err := s.Put(ctx, "c", count{}, store.Absent())
		return err
	})
	for field, status := range map[string]int{"": 409, "If-None-Match": 412} {
		req := restmachine.Request{Method: "POST", Path: "/counters", Header: http.Header{}}
		if field != "" {
			req.Header.Set(field, `"1"`)
		}
		resp := app.Execute(req)
		assert.Equal(t, status, resp.StatusCode)
		assert.Contains(t, string(resp.Body), "exists already")
		assert.NotContains(t, string(resp.Body), "changed")
	}
}

// A Memory without the Clone that it needs is found when the App starts, at the line of what made
// it, and not by the first request.
func TestAMemoryWithoutACloneDoesNotStart(t *testing.T) {
	type notes = store.Store[string, note]
	for name, row := range map[string]struct {
		kept  notes
		error bool
	}{
		"no Clone":        {new(store.Memory[string, note]), true},
		"a Clone":         {&store.Memory[string, note]{Clone: note.clone}, false},
		"embedded":        {&struct{ *store.Memory[string, note] }{new(store.Memory[string, note])}, true},
		"no store at all": {nil, false},
		"a nil store":     {(*store.Memory[string, note])(nil), false}, // as before: its first use tells
	} {
		for _, by := range []string{"OnStartup", "Override"} {
			t.Run(name+" by "+by, func(t *testing.T) {
				app, closed := restmachine.New(), false
				made := row.kept
				if by == "Override" {
					made = &store.Memory[string, note]{Clone: note.clone}
				}
				app.OnStartup(func() notes { return made })
				app.OnShutdown(func(notes) { closed = true })
				if by == "Override" {
					restmachine.Override[notes](app, row.kept)
				}
				app.Get("/notes", func(notes) string { return "" })
				require.NoError(t, app.Validate(), "only the value shows it")
				err := app.Start(t.Context())
				if !row.error {
					require.NoError(t, err)
					return
				}
				for _, words := range []string{by, "store/app_test.go:", "needs a Clone", "note.Tags, a []string", "set its field Clone"} {
					assert.ErrorContains(t, err, words)
				}
				assert.Equal(t, by == "OnStartup", closed, "what was made is shut down")
				assert.Equal(t, 500, app.Execute(restmachine.Request{Path: "/notes"}).StatusCode)
			})
		}
	}
}
