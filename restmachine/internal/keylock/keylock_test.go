// These tests check exclusion, the order of waiters, and that nothing is left behind.

package keylock

import (
	"context"
	"fmt"
	"hash/maphash"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lock locks a key that the test knows to be free. Many goroutines call it, so it uses
// assert and not require.
func lock(t *testing.T, l *Locks, key string) *Held {
	t.Helper()
	held := new(Held)
	assert.NoError(t, l.Lock(context.Background(), key, held))
	return held
}

// waitFor returns when n callers wait for the key.
func waitFor(l *Locks, key string, n int) {
	for {
		l.mu.Lock()
		queue := l.keys[key].queue
		waiting := queue != nil && queue.Len() == n
		l.mu.Unlock()
		if waiting {
			return
		}
		runtime.Gosched()
	}
}

func TestHolderExcludesOthers(t *testing.T) {
	var l Locks
	var inside, most atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				held := lock(t, &l, "k")
				most.Store(max(most.Load(), inside.Add(1)))
				runtime.Gosched()
				inside.Add(-1)
				held.Unlock()
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, most.Load())
	assert.Zero(t, l.Len())
}

func TestOtherKeysAreFree(t *testing.T) {
	var l Locks
	a := lock(t, &l, "a")
	b := lock(t, &l, "b")
	assert.Equal(t, 2, l.Len())
	a.Unlock()
	b.Unlock()
	assert.Zero(t, l.Len())
}

// TestNoIncrementIsLost guards plain integers only by the locks. Without exclusion the
// sums are too small, and the race detector reports it.
func TestNoIncrementIsLost(t *testing.T) {
	var l Locks
	var counters [3]int
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				n := (g + i) % len(counters)
				held := lock(t, &l, fmt.Sprint("counter ", n))
				before := counters[n]
				if i%16 == 0 {
					runtime.Gosched()
				}
				counters[n] = before + 1
				held.Unlock()
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 16000, counters[0]+counters[1]+counters[2])
	assert.Zero(t, l.Len())
}

func TestFirstComeFirstServed(t *testing.T) {
	var l Locks
	held := lock(t, &l, "k")
	var order []int // guarded by the key
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			mine := lock(t, &l, "k")
			order = append(order, i)
			mine.Unlock()
		})
		waitFor(&l, "k", i+1)
	}
	held.Unlock()
	wg.Wait()
	assert.Equal(t, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, order)
}

func TestEndedContext(t *testing.T) {
	t.Run("before", func(t *testing.T) {
		var l Locks
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		assert.ErrorIs(t, l.Lock(ctx, "k", new(Held)), context.Canceled)
		assert.Zero(t, l.Len(), "a free key is not taken either")
	})
	t.Run("while waiting", func(t *testing.T) {
		var l Locks
		held := lock(t, &l, "k")
		ctx, cancel := context.WithCancel(context.Background())
		failed := make(chan error)
		for range 3 {
			go func() {
				held := new(Held)
				failed <- l.Lock(ctx, "k", held)
				held.Unlock() // holds nothing
			}()
		}
		waitFor(&l, "k", 3)
		cancel()
		for range 3 {
			assert.ErrorIs(t, <-failed, context.Canceled)
		}
		waitFor(&l, "k", 0)
		held.Unlock()
		assert.Zero(t, l.Len())
	})
	t.Run("in the middle of the queue", func(t *testing.T) {
		var l Locks
		held := lock(t, &l, "k")
		ctx, cancel := context.WithCancel(context.Background())
		got := make(chan string, 2)
		failed := make(chan error)
		go func() { mine := lock(t, &l, "k"); got <- "first"; mine.Unlock() }()
		waitFor(&l, "k", 1)
		go func() { failed <- l.Lock(ctx, "k", new(Held)) }()
		waitFor(&l, "k", 2)
		go func() { mine := lock(t, &l, "k"); got <- "third"; mine.Unlock() }()
		waitFor(&l, "k", 3)
		cancel()
		require.ErrorIs(t, <-failed, context.Canceled)
		held.Unlock()
		assert.Equal(t, "first", <-got)
		assert.Equal(t, "third", <-got)
	})
}

// TestEndsAsItIsHandedOver ends contexts while keys are handed over. Waiters then leave a
// queue in both possible ways. Neither way leaves anything behind.
func TestEndsAsItIsHandedOver(t *testing.T) {
	var l Locks
	for range 2000 {
		held := lock(t, &l, "k")
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				mine := new(Held)
				_ = l.Lock(ctx, "k", mine)
				mine.Unlock()
			})
		}
		waitFor(&l, "k", 2)
		wg.Go(cancel)
		wg.Go(held.Unlock)
		wg.Wait()
		require.Zero(t, l.Len())
	}
}

// TestLeaveWithKey tests the rarer way: the key was handed over before the waiter leaves,
// and must go to the next waiter.
func TestLeaveWithKey(t *testing.T) {
	var l Locks
	held := lock(t, &l, "k")
	next := make(chan *Held)
	go func() { next <- lock(t, &l, "k") }()
	waitFor(&l, "k", 1)
	l.leave(held, nil, nil)
	(<-next).Unlock()
	assert.Zero(t, l.Len())
}

func TestUnlockIsIdempotent(t *testing.T) {
	var l Locks
	first := lock(t, &l, "k")
	assert.Equal(t, "k", first.Key())
	first.Unlock()
	assert.Empty(t, first.Key())
	first.Unlock()
	second := lock(t, &l, "k")
	first.Unlock()
	assert.Equal(t, 1, l.Len(), "an old holding frees nobody else's")
	second.Unlock()
	assert.Zero(t, l.Len())
	new(Held).Unlock()
}

// sharing returns keys that fall on the same spot as key.
func sharing(key string, n int) (keys []string) {
	at := func(key string) uint64 { return maphash.String(seed, key) % uint64(len([256]spot{})) }
	for i := 0; len(keys) < n; i++ {
		if other := fmt.Sprint("key ", i); at(other) == at(key) && other != key {
			keys = append(keys, other)
		}
	}
	return keys
}

// Keys on one spot do not wait for each other, in any order of Lock and Unlock. After the
// last Unlock, the spot is like new.
func TestKeysOnOneSpot(t *testing.T) {
	keys := sharing("k", 3)
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {1, 2, 0}} {
		var l Locks
		held := make([]*Held, len(keys))
		for i, key := range keys {
			held[i] = lock(t, &l, key)
			assert.Equal(t, i+1, l.Len())
		}
		for n, i := range order {
			held[i].Unlock()
			assert.Equal(t, len(keys)-n-1, l.Len())
		}
		assert.Empty(t, l.keys)
		assert.Empty(t, l.held)
		for i := range l.spots.Load() {
			assert.Nil(t, l.spots.Load()[i].holder.Load())
		}
	}
}

// A caller that comes to a crowded spot finds the key that was held before the spot became
// crowded.
func TestHeldBeforeTheCrowdCame(t *testing.T) {
	var l Locks
	first, other := lock(t, &l, "k"), lock(t, &l, sharing("k", 1)[0])
	got := make(chan *Held)
	go func() { got <- lock(t, &l, "k") }()
	waitFor(&l, "k", 1)
	other.Unlock()
	assert.Equal(t, 1, l.Len(), "the spot stays crowded")
	first.Unlock()
	(<-got).Unlock()
	assert.Zero(t, l.Len())
}

// TestCrowdsComeAndGo is like TestNoIncrementIsLost. It uses each Held several times, on
// one spot that is sometimes crowded.
func TestCrowdsComeAndGo(t *testing.T) {
	var l Locks
	keys := sharing("k", 3)
	counters := make([]int, len(keys))
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			held := new(Held)
			for i := range 4000 {
				n := (g + i) % len(keys)
				assert.NoError(t, l.Lock(context.Background(), keys[n], held))
				counters[n]++
				held.Unlock()
				if i%8 == g {
					runtime.Gosched()
				}
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 16000, counters[0]+counters[1]+counters[2])
	assert.Zero(t, l.Len())
}

func TestReleaseByDefer(t *testing.T) {
	var l Locks
	for range 10000 {
		assert.PanicsWithValue(t, "handler", func() {
			defer lock(t, &l, "k").Unlock()
			panic("handler")
		})
	}
	assert.Zero(t, l.Len(), "after panics")

	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			defer lock(t, &l, "k").Unlock()
			runtime.Goexit()
		})
	}
	wg.Wait()
	assert.Zero(t, l.Len(), "after runtime.Goexit")
}

func TestUncontendedDoesNotAllocate(t *testing.T) {
	var l Locks
	ctx, held := context.Background(), new(Held)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		_ = l.Lock(ctx, "k", held)
		held.Unlock()
	}))
}

func BenchmarkUncontended(b *testing.B) {
	var l Locks
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	held := new(Held)
	b.ReportAllocs()
	for b.Loop() {
		_ = l.Lock(ctx, "/posts/42", held)
		held.Unlock()
	}
}

func BenchmarkContended(b *testing.B) {
	var l Locks
	ctx := context.Background()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		held := new(Held)
		for pb.Next() {
			_ = l.Lock(ctx, "/posts/42", held)
			held.Unlock()
		}
	})
}
