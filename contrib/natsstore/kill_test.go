// Writes on a cluster of three whose servers are killed meanwhile: no acknowledged write is lost,
// no refused write takes place, and nobody reads what is older than what he has written.

package natsstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A tally is a counter that remembers how often each writer has incremented it.
type tally struct {
	Count int
	Done  map[string]int
}

// outcomes counts how writes ended.
type outcomes struct{ done, stale, unknown, down atomic.Int64 }

// add counts err. It returns an error that no write may have.
func (o *outcomes) add(err error) error {
	switch {
	case err == nil:
		o.done.Add(1)
	case errors.Is(err, store.ErrUnknown) && errors.Is(err, store.ErrStale):
		return fmt.Errorf("both unknown and stale: %w", err)
	case errors.Is(err, store.ErrUnknown):
		o.unknown.Add(1)
	case errors.Is(err, store.ErrStale):
		o.stale.Add(1)
	default:
		o.down.Add(1) // no leader answered: nothing was written
	}
	return nil
}

func (o *outcomes) String() string {
	return fmt.Sprintf("%d acknowledged, %d stale, %d unknown, %d not tried", o.done.Load(), o.stale.Load(), o.unknown.Load(), o.down.Load())
}

// A writer increments the tally, and knows what it must find.
type writer struct {
	name  string
	tasks *Store[string, tally]
	seen  *outcomes

	done  int            // increments that took place
	doubt *store.Version // what an increment of unknown outcome expected
}

// increment tries to add one, and compares what it finds with what it knows.
func (w *writer) increment(ctx context.Context) error {
	r, _, err := w.tasks.Get(ctx, "tally")
	if err != nil {
		w.seen.down.Add(1)
		return nil
	}
	found := r.Value.Done[w.name]
	switch {
	case w.doubt != nil && found == w.done+1:
		w.done, w.doubt = found, nil // it took place
	case found != w.done:
		return fmt.Errorf("%s finds %d increments of its own, and %d took place", w.name, found, w.done)
	case w.doubt != nil && r.Version != *w.doubt:
		w.doubt = nil // it did not, and cannot any more
	}
	next := tally{r.Value.Count + 1, map[string]int{}}
	for name, n := range r.Value.Done {
		next.Done[name] = n
	}
	next.Done[w.name] = w.done + 1
	_, err = w.tasks.Put(ctx, "tally", next, store.At(r.Version))
	switch {
	case err == nil:
		w.done, w.doubt = w.done+1, nil
	case errors.Is(err, store.ErrUnknown):
		w.doubt = &r.Version
	}
	return w.seen.add(err)
}

// create lets all stores create one record at the same time, and checks that one has done so, and
// that it is the one that was told so.
func create(ctx context.Context, tasks []*Store[string, tally], key string, seen *outcomes) error {
	errs := make([]error, len(tasks))
	var all sync.WaitGroup
	for i, s := range tasks {
		all.Go(func() { _, errs[i] = s.Put(ctx, key, tally{Count: i}, store.Absent()) })
	}
	all.Wait()
	won, maybe := []int{}, []int{}
	for i, err := range errs {
		switch {
		case err == nil:
			won = append(won, i)
		case errors.Is(err, store.ErrUnknown):
			maybe = append(maybe, i)
		}
		if err := seen.add(err); err != nil {
			return err
		}
	}
	r, ok, err := tasks[0].Get(ctx, key)
	switch {
	case len(won) > 1:
		return fmt.Errorf("%s was created %d times", key, len(won))
	case err != nil:
		return nil
	case len(won) == 1 && (!ok || r.Value.Count != won[0]):
		return fmt.Errorf("%s was created by %d, but %v is there (%v)", key, won[0], r, ok)
	case len(won) == 0 && ok && !slices.Contains(maybe, r.Value.Count):
		return fmt.Errorf("%s was created by %d, which was told otherwise", key, r.Value.Count)
	case !ok:
		return nil
	}
	return seen.add(tasks[0].Delete(ctx, key, store.At(r.Version)))
}

// TestKilledServers kills the leader of the bucket, without a warning, and starts it again, while
// eight writers increment a record and three create and delete others. NATSSTORE_KILLS is how
// often, once by default.
func TestKilledServers(t *testing.T) {
	kills := number(t, "NATSSTORE_KILLS", 1)
	nodes := servers(t, 3, true)
	cfg := jetstream.KeyValueConfig{Bucket: "killed", Replicas: 3}
	tasks := make([]*Store[string, tally], 3)
	for i := range tasks { // each has another server before it
		js := connect(t, append(slices.Clone(nodes[i:]), nodes[:i]...)...)
		var err error
		tasks[i], err = Open[string, tally](t.Context(), js, cfg, WithPatience(15*time.Second))
		require.NoError(t, err)
	}
	_, err := tasks[0].Put(t.Context(), "tally", tally{Done: map[string]int{}}, store.Absent())
	require.NoError(t, err)

	var seen outcomes
	var stop atomic.Bool
	var all sync.WaitGroup
	writers := make([]*writer, 8)
	for i := range writers {
		w := &writer{name: fmt.Sprint("w", i), tasks: tasks[i%3], seen: &seen}
		writers[i] = w
		all.Go(func() {
			for !stop.Load() {
				if err := w.increment(t.Context()); !assert.NoError(t, err) {
					return
				}
			}
		})
	}
	rounds := 0
	all.Go(func() {
		for ; !stop.Load(); rounds++ {
			if err := create(t.Context(), tasks, fmt.Sprint("record", rounds%5), &seen); !assert.NoError(t, err) {
				return
			}
		}
	})

	js := connect(t, nodes...)
	for range kills {
		progress(t, &seen, 100)
		victim := leader(t, js, nodes, "killed")
		victim.kill()
		progress(t, &seen, 100) // with two servers
		victim.start(t, true)
		progress(t, &seen, 100)
		current(t, js, "killed")
	}
	stop.Store(true)
	all.Wait()

	r, _, err := tasks[1].Get(t.Context(), "tally")
	require.NoError(t, err)
	sum, lost := 0, 0
	for _, w := range writers {
		found := r.Value.Done[w.name]
		if w.doubt == nil || found != w.done+1 {
			lost += w.done - found
			assert.Equal(t, w.done, found, w.name)
		}
		sum += found
	}
	assert.Equal(t, sum, r.Value.Count)
	t.Logf("%d kills of the leader: %v; %d increments, %d rounds of three creators; lost: %d", kills, &seen, sum, rounds, lost)
}

// progress waits until n more writes are acknowledged.
func progress(t testing.TB, seen *outcomes, n int64) {
	t.Helper()
	most := seen.done.Load() + n
	require.Eventually(t, func() bool { return seen.done.Load() >= most }, 2*time.Minute, 10*time.Millisecond, "no write takes place any more: %v", seen)
}

// current waits until all replicas of a bucket are.
func current(t testing.TB, js jetstream.JetStream, bucket string) {
	t.Helper()
	require.Eventually(t, func() bool {
		s, err := js.Stream(t.Context(), streamPrefix+bucket)
		if err != nil || s.CachedInfo().Cluster.Leader == "" {
			return false
		}
		replicas := s.CachedInfo().Cluster.Replicas
		return len(replicas) == 2 && !slices.ContainsFunc(replicas, func(p *jetstream.PeerInfo) bool { return !p.Current || p.Offline })
	}, time.Minute, 100*time.Millisecond, "the killed server does not catch up")
}
