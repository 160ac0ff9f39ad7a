// No update is lost: of writers that saw the same version one wins. The store
// below does nothing for that, and everything around it dallies between check
// and write. Without the lock the same races must have several winners, and
// over a store that compares versions they must have one again.
// lostupdate_laws_test.go is about what many acknowledged writes amount to.
//
// These tests are quick by default. 2,000 rounds of each race in each setting,
// and 16,000 writes for each law, take a quarter of an hour:
//
//	go test -race -timeout 2h ./restmachine/internal/exchange -run 'Writer|TheLaws' -lostupdate.rounds 2000

package exchange_test

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

var lostUpdateRounds = flag.Int("lostupdate.rounds", 0, "rounds of each race, and writes of each client; 0: as many as are quick")

// rounds is how often to play: quick, unless a flag says otherwise.
func rounds(quick int) int {
	if *lostUpdateRounds > 0 {
		return *lostUpdateRounds
	}
	return quick
}

// crowds are how many write at once, and in how many rounds.
var crowds = []struct{ writers, quick int }{{2, 90}, {8, 45}, {64, 18}}

// processors are the values of GOMAXPROCS: nothing runs at once; as here; more
// than there are.
var processors = []int{1, 2, 8}

// A race is a round of requests that all saw the same state, of which one may
// win.
type race struct {
	name    string
	start   *tally // before each round; nil: nothing is there
	request func(i int) restmachine.Request
	loses   []int // the statuses of all others
}

// contender writes in a round, and no two the same.
func contender(method, target, name, value string) func(int) restmachine.Request {
	return func(i int) restmachine.Request {
		body := ""
		if method != "DELETE" {
			body = tally{N: 100 + i}.json()
		}
		return harness.RequestOf(method, target, body, name, value)
	}
}

var (
	one     = tally{N: 1}
	hashed1 = restmachine.HashETag(one)
)

var races = []race{
	{"PUT", &one, contender("PUT", "/numbered/tallies/t", "If-Match", `"1.0"`), []int{412}},
	{"PATCH", &one, contender("PATCH", "/numbered/tallies/t", "If-Match", `"1.0"`), []int{412}},
	{"DELETE", &one, contender("DELETE", "/numbered/tallies/t", "If-Match", `"1.0"`), []int{404, 412}},
	{"DELETE against PUT", &one, func(i int) restmachine.Request {
		return contender([]string{"PUT", "DELETE"}[i%2], "/numbered/tallies/t", "If-Match", `"1.0"`)(i)
	}, []int{404, 412}},
	{"create once", nil, contender("PUT", "/numbered/made/t", "If-None-Match", "*"), []int{412}},
	{"PUT that may create, of what is there", &one, contender("PUT", "/numbered/made/t", "If-Match", `"1.0"`), []int{412}},
	{"PUT by AutoETag", &one, contender("PUT", "/hashed/tallies/t", "If-Match", hashed1), []int{412}},
	{"PATCH by AutoETag", &one, contender("PATCH", "/hashed/tallies/t", "If-Match", hashed1), []int{412}},
	{"create once by AutoETag", nil, contender("PUT", "/hashed/made/t", "If-None-Match", "*"), []int{412}},
}

// run plays one round of n writers. One must be told that it has written, and
// what it wrote must be what is kept.
func (r race) run(t *testing.T, l *ledger, send sender, n int) error {
	l.reset(t, r.start)
	responses := make([]restmachine.Response, n)
	faults := atOnce(n, func(i int) error {
		responses[i] = send(r.request(i))
		return nil
	})
	var winners []int
	for i, resp := range responses {
		switch {
		case resp.StatusCode/100 == 2:
			winners = append(winners, i)
		case !slices.Contains(r.loses, resp.StatusCode):
			faults = errors.Join(faults, fmt.Errorf("%d to one of the others: %s", resp.StatusCode, resp.Body))
		}
	}
	if len(winners) != 1 {
		return errors.Join(faults, fmt.Errorf("%s: %w: %d writers of %d have won", r.name, errLost, len(winners), n))
	}
	if r.start == nil && responses[winners[0]].StatusCode != http.StatusCreated {
		faults = errors.Join(faults, fmt.Errorf("%d to who created it", responses[winners[0]].StatusCode))
	}
	if kept, wrote := l.holds(t), string(r.request(winners[0]).Body); kept != wrote {
		faults = errors.Join(faults, fmt.Errorf("%s: the winner wrote %q, and kept is %q", r.name, wrote, kept))
	}
	return faults
}

func TestOneWriterWins(t *testing.T) {
	for _, w := range reaches {
		for _, n := range processors {
			t.Run(fmt.Sprintf("%s, GOMAXPROCS %d", w.name, n), func(t *testing.T) {
				onProcessors(t, n)
				l := newLedger(t, byLock)
				send := w.open(t, l.app)
				for _, crowd := range crowds {
					for round := range rounds(crowd.quick) {
						require.NoError(t, races[round%len(races)].run(t, l, send, crowd.writers))
					}
				}
				restmachinetest.CheckIdle(t, l.app)
			})
		}
	}
}

// Each race on its own, so that none is played too seldom.
func TestOneWriterWinsEachRace(t *testing.T) {
	for _, k := range []keeper{byLock, byStore} {
		for _, r := range races {
			t.Run(k.name+", "+r.name, func(t *testing.T) {
				l := newLedger(t, k)
				for _, crowd := range crowds {
					for range rounds(crowd.quick / 9) {
						require.NoError(t, r.run(t, l, executes(t, l.app), crowd.writers))
					}
				}
				restmachinetest.CheckIdle(t, l.app)
			})
		}
	}
}

// The proof that the tests above can fail: nothing but the lock is taken away.
func TestWithoutTheLockManyWritersWin(t *testing.T) {
	for _, w := range reaches {
		for _, n := range processors {
			for _, r := range races {
				t.Run(fmt.Sprintf("%s, GOMAXPROCS %d, %s", w.name, n, r.name), func(t *testing.T) {
					onProcessors(t, n)
					l := newLedger(t, byNobody)
					send := w.open(t, l.app)
					breaks(t, 10_000, func() error { return r.run(t, l, send, 8) })
				})
			}
		}
	}
}
