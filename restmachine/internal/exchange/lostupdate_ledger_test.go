// What the tests of lost updates write to, and by which ways: a ledger that
// believes its callers, in an App that hands the processor on wherever it can.

package exchange_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// errLost is what these tests are about. Whatever else goes wrong is another
// error, and no proof that a test can fail.
var errLost = errors.New("an update is lost")

// A keeper is who keeps check and write together.
type keeper struct {
	name    string
	checks  bool // the store writes over the version that the handler was given, and over no other
	options []restmachine.Option
}

var (
	unlocked = []restmachine.Option{restmachine.WithoutResourceLock()}
	byLock   = keeper{"the lock", false, nil}
	byStore  = keeper{"a store that checks", true, unlocked}
	byNobody = keeper{"nobody", false, unlocked}
)

// A tally counts, and is closed now and then.
type tally struct {
	N      int `json:"n"`
	Closed int `json:"closed"`
}

func (t tally) json() string {
	text, _ := json.Marshal(t) // two integers
	return string(text)
}

type entry = store.Record[string, tally]

// A ledger keeps each tally twice, written one after the other, so that two who
// write at once can leave halves behind; one that checks keeps it once, since it
// writes in one step what it has checked.
type ledger struct {
	keeper
	app  *restmachine.App
	kept store.Memory[string, tally]
}

// newLedger makes a ledger and its App. The tags of what is below /numbered are
// of the tally, of what is below /hashed of its JSON. A PUT to what is made can
// create it.
func newLedger(t *testing.T, k keeper) *ledger {
	t.Helper()
	l := &ledger{keeper: k, app: restmachine.New(append([]restmachine.Option{harness.Quiet}, k.options...)...)}
	l.app.ResourceExists(func(ctx context.Context, path restmachine.PathParams) (entry, bool, error) {
		defer dally() // what was read grows old
		return l.kept.Get(ctx, path.Get("id"))
	})
	l.app.Provides("application/json", func(e entry) tally { dally(); return e.Value })
	l.app.LockKey(restmachine.ByPath) // a law concerns one path, and what is below it
	numbered := l.app.Group("/numbered")
	numbered.GenerateETag(func(e entry) string { dally(); return fmt.Sprintf("%d.%d", e.Value.N, e.Value.Closed) })
	hashed := l.app.Group("/hashed")
	hashed.AutoETag(restmachine.Strong)
	for _, g := range []*restmachine.Scope{numbered, hashed} {
		show := func(e entry) entry { return e }
		g.Get("/tallies/{id}", show).Put(l.put).Patch(l.replied).Delete(l.erase).Post(l.closeIt).Handle("PURGE", l.put)
		g.Get("/made/{id}", show).Put(l.putMade).Delete(l.erase)
	}
	numbered.Post("/tallies/{id}/close", func(ctx context.Context, e entry) error {
		_, err := l.write(ctx, e, tally{e.Value.N, e.Value.Closed + 1})
		return err
	})
	require.NoError(t, l.app.Validate())
	return l
}

// put leaves alone what it was not sent, as it was when it was loaded.
func (l *ledger) put(ctx context.Context, e entry, in restmachine.Body[tally]) (entry, error) {
	return l.write(ctx, e, tally{in.Value.N, e.Value.Closed})
}

// replied is put, in a Reply of its type.
func (l *ledger) replied(ctx context.Context, e entry, in restmachine.Body[tally]) (*restmachine.Reply[entry], error) {
	written, err := l.put(ctx, e, in)
	return restmachine.NewReply(http.StatusOK, written), err
}

// closeIt reads the tally by itself. It is not given what the path loads.
func (l *ledger) closeIt(ctx context.Context, path restmachine.PathParams) (*restmachine.Reply[entry], error) {
	e, _, err := l.kept.Get(ctx, path.Get("id"))
	if err != nil {
		return nil, err
	}
	written, err := l.write(ctx, e, tally{e.Value.N, e.Value.Closed + 1})
	return restmachine.Created("", written), err
}

func (l *ledger) putMade(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[entry], in restmachine.Body[tally]) (entry, error) {
	e := old.Value
	e.Key = path.Get("id")
	return l.write(ctx, e, in.Value)
}

// write replaces what seen was.
func (l *ledger) write(ctx context.Context, seen entry, t tally) (entry, error) {
	dally()
	written, err := l.kept.Put(ctx, seen.Key, t, l.expect(seen))
	if err != nil {
		return entry{}, err
	}
	if !l.checks {
		dally()
		_, err = l.kept.Put(ctx, seen.Key+", copied", t, store.Any())
	}
	return written, err
}

func (l *ledger) erase(ctx context.Context, seen entry) error {
	dally()
	if err := l.kept.Delete(ctx, seen.Key, l.expect(seen)); err != nil || l.checks {
		return err
	}
	dally()
	return l.kept.Delete(ctx, seen.Key+", copied", store.Any())
}

func (l *ledger) expect(seen entry) store.Expect {
	if l.checks {
		return store.At(seen.Version)
	}
	return store.Any()
}

// reset makes the tally "t" be as start is, and be missing if that is nil.
func (l *ledger) reset(t *testing.T, start *tally) {
	for _, key := range []string{"t", "t, copied"} {
		var err error
		if start == nil {
			err = l.kept.Delete(t.Context(), key, store.Any())
		} else {
			_, err = l.kept.Put(t.Context(), key, *start, store.Any())
		}
		require.NoError(t, err)
	}
}

// holds is the tally "t" as JSON, "" where there is none. Both places must have
// it, or neither.
func (l *ledger) holds(t *testing.T) string {
	var texts []string
	for _, key := range []string{"t", "t, copied"} {
		e, ok, err := l.kept.Get(t.Context(), key)
		require.NoError(t, err)
		text := ""
		if ok {
			text = e.Value.json()
		}
		texts = append(texts, text)
	}
	if texts[0] != texts[1] && !l.checks {
		return fmt.Sprintf("half %s, half %s", texts[0], texts[1])
	}
	return texts[0]
}

// dally lets others go first, in one way or another.
func dally() {
	switch n := rand.IntN(32); n {
	case 0:
		time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
	case 1, 2, 3, 4, 5, 6, 7, 8:
		for range n {
			runtime.Gosched()
		}
	}
}

// A sender sends a request to an App, whose answer it checks.
type sender func(req restmachine.Request) restmachine.Response

// reaches are the ways by which requests reach an App.
var reaches = []struct {
	name  string
	open  func(t *testing.T, app *restmachine.App) sender
	quick int // no more writes of each client
}{
	{"Execute", executes, 500},
	{"HTTP/1.1", func(t *testing.T, app *restmachine.App) sender { return serves(t, app, 1) }, 25},
	{"HTTP/2", func(t *testing.T, app *restmachine.App) sender { return serves(t, app, 2) }, 25},
}

func executes(t *testing.T, app *restmachine.App) sender {
	return func(req restmachine.Request) restmachine.Response {
		resp := app.Execute(req)
		restmachinetest.CheckResponse(t, req, resp)
		return resp
	}
}

func serves(t *testing.T, app *restmachine.App, major int) sender {
	server := httptest.NewUnstartedServer(app)
	if server.EnableHTTP2 = major == 2; server.EnableHTTP2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	transport := server.Client().Transport.(*http.Transport)
	transport.DisableCompression = true // else it asks for gzip itself
	transport.MaxIdleConnsPerHost = 64
	harness.SendOver(t, server, harness.RequestOf("GET", "/", "")) // else each dials, and closes what HTTP/2 has no need of
	return func(req restmachine.Request) restmachine.Response {
		proto, resp := harness.SendOver(t, server, req)
		assert.Equal(t, major, proto)
		restmachinetest.CheckResponse(t, req, resp)
		return resp
	}
}

// onProcessors sets GOMAXPROCS until the test ends.
func onProcessors(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// atOnce lets n write, none before all are ready, and returns what went wrong.
func atOnce(n int, write func(i int) error) error {
	faults := make([]error, n)
	var ready, all sync.WaitGroup
	ready.Add(n)
	for i := range n {
		all.Go(func() {
			ready.Done()
			ready.Wait()
			faults[i] = write(i)
		})
	}
	all.Wait()
	return errors.Join(faults...)
}

// breaks asserts that in so many rounds an update is lost.
func breaks(t *testing.T, times int, round func() error) {
	t.Helper()
	for i := range times {
		if err := round(); err != nil {
			require.ErrorIs(t, err, errLost)
			t.Logf("in round %d: %v", i+1, err)
			return
		}
	}
	assert.Fail(t, "nothing was lost: the test with the lock proves nothing", "%d rounds", times)
}
