// No update is lost: of writers that saw the same version one wins, and every
// acknowledged write is in what comes after it. The store below does nothing
// for that, and hands the processor on between check and write; the same tests
// without the lock must see updates lost.

package restmachine_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A tally counts. Which writers saw it is told by its tag alone.
type tally struct {
	N int `json:"n"`
}

// A ledger keeps one tally, or none, and believes whatever it is told.
type ledger struct {
	mu    sync.Mutex
	tally *tally
}

func (l *ledger) load() *tally {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tally
}

// store writes without a look at what is there: the check was the caller's.
func (l *ledger) store(t *tally) *tally {
	for range 4 {
		runtime.Gosched()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally = t
	return t
}

// ledgers is an App on a ledger, with the tags that tagged gives it.
func ledgers(tagged func(app *restmachine.App), options ...restmachine.Option) (*restmachine.App, *ledger) {
	l := &ledger{tally: &tally{}}
	app := restmachine.New(append([]restmachine.Option{quiet}, options...)...)
	app.ResourceExists(l.load)
	tagged(app)
	write := func(_ *tally, in restmachine.Body[tally]) *tally { return l.store(&in.Value) }
	app.Get("/tally", func(t *tally) *tally { return t }).Put(write).Patch(write).Delete(func(*tally) { l.store(nil) })
	app.Get("/made", func(t *tally) *tally { return t }).Put(func(_ restmachine.Optional[*tally], in restmachine.Body[tally]) *tally {
		return l.store(&in.Value)
	})
	return app, l
}

func byNumber(app *restmachine.App) {
	app.GenerateETag(func(t *tally) string { return fmt.Sprint(t.N) })
}

func byHash(app *restmachine.App) { app.AutoETag(restmachine.Strong) }

// A race is a round of requests that all saw the same state, of which one may
// win.
type race struct {
	name    string
	start   *tally // before each round
	request func(i int) restmachine.Request
	loses   []int // the statuses of all others
	tagged  func(app *restmachine.App)
}

func contender(method, target, name, value string) func(int) restmachine.Request {
	return func(i int) restmachine.Request {
		if method == "DELETE" {
			return requestOf(method, target, "", name, value)
		}
		return requestOf(method, target, fmt.Sprintf(`{"n": %d}`, 100+i), name, value)
	}
}

var races = []race{
	{"PUT", &tally{1}, contender("PUT", "/tally", "If-Match", `"1"`), []int{412}, byNumber},
	{"PATCH", &tally{1}, contender("PATCH", "/tally", "If-Match", `"1"`), []int{412}, byNumber},
	{"PUT by AutoETag", &tally{1}, contender("PUT", "/tally", "If-Match", restmachine.HashETag(&tally{1})), []int{412}, byHash},
	{"DELETE", &tally{1}, contender("DELETE", "/tally", "If-Match", `"1"`), []int{404}, byNumber},
	{"PUT that may create, of what is there", &tally{1}, contender("PUT", "/made", "If-Match", `"1"`), []int{412}, byNumber},
	{"create once", nil, contender("PUT", "/made", "If-None-Match", "*"), []int{412}, byNumber},
	{"create once by AutoETag", nil, contender("PUT", "/made", "If-None-Match", "*"), []int{412}, byHash},
	{"DELETE against PUT", &tally{1}, func(i int) restmachine.Request {
		return contender([]string{"PUT", "DELETE"}[i%2], "/tally", "If-Match", `"1"`)(i)
	}, []int{404, 412}, byNumber},
}

// winners plays one round of n writers and counts those that were told that
// they had written; the store must then hold what one of them wrote.
func (r race) winners(t assert.TestingT, app *restmachine.App, l *ledger, n int) (won int) {
	l.tally = r.start
	statuses, bodies := make([]int, n), make([]string, n)
	var all sync.WaitGroup
	ready := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-ready
			req := r.request(i)
			statuses[i], bodies[i] = app.Execute(req).StatusCode, string(req.Body)
		})
	}
	close(ready)
	all.Wait()
	held := ""
	if l.tally != nil {
		held = fmt.Sprintf(`{"n": %d}`, l.tally.N)
	}
	for i, status := range statuses {
		if status < 300 {
			won++
			if won == 1 {
				assert.Equal(t, bodies[i], held, "the winner's write is what is kept")
			}
			continue
		}
		assert.Contains(t, r.loses, status)
	}
	return won
}

// mute hears what is expected to fail.
type mute struct{}

func (mute) Errorf(string, ...any) {}

func TestOneWriterWins(t *testing.T) {
	for _, r := range races {
		t.Run(r.name, func(t *testing.T) {
			for n, rounds := range map[int]int{2: 300, 8: 100, 64: 20} {
				app, l := ledgers(r.tagged)
				for range rounds {
					require.Equal(t, 1, r.winners(t, app, l, n), "%d writers saw the same version", n)
				}
				assert.Zero(t, app.LocksHeld())
			}
		})
	}
}

// The proof that TestOneWriterWins can fail.
func TestWithoutTheLockManyWin(t *testing.T) {
	for _, r := range races {
		t.Run(r.name, func(t *testing.T) {
			app, l := ledgers(r.tagged, restmachine.WithoutResourceLock())
			for range 10_000 {
				if r.winners(mute{}, app, l, 8) > 1 {
					return
				}
			}
			assert.Fail(t, "in 10,000 rounds no update was lost: the test above proves nothing")
		})
	}
}

// increments lets clients count: each gets the tally, adds one, and writes it
// back under If-Match, until each has been told times that it was written. It
// returns the tally.
func increments(t *testing.T, app *restmachine.App, l *ledger, method string, clients, times int) int {
	var all sync.WaitGroup
	var refused atomic.Int64
	for range clients {
		all.Go(func() {
			for written := 0; written < times; {
				got := app.Execute(requestOf("GET", "/tally", ""))
				var now tally
				if !assert.NoError(t, json.Unmarshal(got.Body, &now), "%d %s", got.StatusCode, got.Body) {
					return
				}
				runtime.Gosched()
				put := app.Execute(requestOf(method, "/tally", fmt.Sprintf(`{"n": %d}`, now.N+1), "If-Match", got.Header.Get("ETag")))
				switch put.StatusCode {
				case http.StatusOK:
					written++
				case http.StatusPreconditionFailed:
					refused.Add(1)
				default:
					assert.Fail(t, "an answer that is none", "%d %s", put.StatusCode, put.Body)
					return
				}
			}
		})
	}
	all.Wait()
	t.Logf("%s: %d written, %d refused", method, clients*times, refused.Load())
	return l.tally.N
}

func TestNoAcknowledgedIncrementIsLost(t *testing.T) {
	const clients, times = 8, 100
	tags := map[string]func(app *restmachine.App){"GenerateETag": byNumber, "AutoETag": byHash}
	for name, tagged := range tags {
		for _, method := range []string{"PUT", "PATCH"} {
			t.Run(name+" "+method, func(t *testing.T) {
				app, l := ledgers(tagged)
				assert.Equal(t, clients*times, increments(t, app, l, method, clients, times))
				assert.Zero(t, app.LocksHeld())
			})
			t.Run(name+" "+method+" without the lock", func(t *testing.T) {
				for range 100 {
					app, l := ledgers(tagged, restmachine.WithoutResourceLock())
					if increments(t, app, l, method, clients, times) < clients*times {
						return
					}
				}
				assert.Fail(t, "nothing was lost: the test above proves nothing")
			})
		}
	}
}
