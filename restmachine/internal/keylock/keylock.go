// Package keylock is mutual exclusion by key. Of all callers that name the same key, one
// goes on and the others wait. A key costs memory only while it is held. Keys may
// therefore come from clients.
package keylock

import (
	"container/list"
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

// Locks is a set of locks, one for each key. Its zero value is ready to use. It is safe
// for concurrent use and must not be copied after first use.
//
// A hash assigns every key to a spot. If one key is held at a spot, the spot points to
// its holder. This takes one atomic operation. If a second caller comes to the spot, for
// the same key or another key, the spot becomes crowded. It stays crowded until nothing
// is held there. The keys of crowded spots are in the map.
type Locks struct {
	// Warn is told of a caller that has waited for a key for Patience. It still waits then.
	// nil, or a Patience of 0: nobody is told. Both are set before the first Lock.
	Warn     func(ctx context.Context, w Wait)
	Patience time.Duration

	// Proof is asked once of a caller that has waited for a tenth of a second, or for Patience if
	// that is shorter: its error says that the holder waits for this very caller, who would wait
	// for ever. It ends the wait. nil: nobody is asked. It is set before the first Lock.
	Proof func(holder Owner) error

	spots atomic.Pointer[[256]spot] // nil before the first Lock
	mu    sync.Mutex
	keys  map[string]entry // the held keys of crowded spots
	held  map[*spot]int    // how many of keys are at each crowded spot; guarded by mu
}

// A spot is the place of all keys with one hash.
type spot struct {
	holder atomic.Pointer[Held] // nil if there is none; crowded if keys has the holders; Locks.mu guards changes to and from crowded
}

var crowded = new(Held)

// An entry is a key that is held.
type entry struct {
	holder *Held
	since  time.Time  // when the holder was first seen with the key: when it came, or another caller did
	queue  *list.List // of *waiter, in order of arrival; nil until a caller waits
}

// A waiter is a call of Lock that found its key held.
type waiter struct {
	held  *Held
	since time.Time
	ready chan struct{} // closed when the key is handed over; guarded by Locks.mu
}

// Held is a key that is held from Lock to Unlock, or the room for one. It must not be
// copied. The zero value holds nothing.
type Held struct {
	// Owner is who locks, for messages. nil: nobody knows. It is set before the first Lock.
	Owner Owner

	locks *Locks // nil if nothing is held
	spot  *spot
	key   string
}

// An Owner says who it is. It may be asked by other goroutines while it waits for a key or
// holds one.
type Owner interface{ Who() Who }

// Who is the request that waits for a key or holds one.
type Who struct{ Method, Path, Route string }

// Wait is what Warn is told.
type Wait struct {
	Key            string
	Waiter, Holder Who
	WaitsSince     time.Time
	HeldSince      time.Time // or earlier, if the holder was alone before
	By             Owner     // who waits
}

// Key returns the key that is held, or "" if none is.
func (h *Held) Key() string { return h.key }

var seed = maphash.MakeSeed()

// Lock waits until the key is free. Then h holds the key until its Unlock. h must not
// hold a key before. Callers get the key in the order in which they came. If ctx ends
// first, Lock returns its error, and h holds nothing.
//
// A caller that holds a key and locks it again waits for itself: this is a deadlock.
func (l *Locks) Lock(ctx context.Context, key string, h *Held) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	spots := l.spots.Load()
	if spots == nil {
		spots = l.makeSpots()
	}
	s := &spots[maphash.String(seed, key)%uint64(len(spots))]
	h.locks, h.spot, h.key = l, s, key
	if s.holder.CompareAndSwap(nil, h) {
		return nil
	}
	return l.wait(ctx, h)
}

// makeSpots makes the spots at the first Lock.
func (l *Locks) makeSpots() *[256]spot {
	l.spots.CompareAndSwap(nil, new([256]spot))
	return l.spots.Load()
}

// wait is the part of Lock for a spot that is in use.
func (l *Locks) wait(ctx context.Context, h *Held) error {
	l.mu.Lock()
	if l.crowd(h) {
		l.mu.Unlock()
		return nil
	}
	e, taken := l.keys[h.key]
	if !taken {
		l.put(h)
		l.mu.Unlock()
		return nil
	}
	if e.queue == nil {
		e.queue = list.New()
		l.keys[h.key] = e
	}
	w := &waiter{h, time.Now(), make(chan struct{})}
	place := e.queue.PushBack(w)
	l.mu.Unlock()

	if l.Proof != nil || l.warns() {
		if ready, err := l.waitAndWarn(ctx, h, w, func() { l.leave(h, e.queue, place) }); ready || err != nil {
			return err
		}
	}
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
		l.leave(h, e.queue, place)
		h.clear()
		return ctx.Err()
	}
}

// proving is how long a caller waits before Proof is asked.
const proving = time.Second / 10

// warns reports whether somebody is told of long waits.
func (l *Locks) warns() bool { return l.Warn != nil && l.Patience > 0 }

// waitAndWarn is the first part of a wait: until the key is there, or ctx has ended, or Proof
// has said that it would never come, or the caller has waited for l.Patience. Then it warns. It
// reports whether the key is there. leave leaves the queue, in case that it does not come back, or
// that Proof has an error.
func (l *Locks) waitAndWarn(ctx context.Context, h *Held, w *waiter, leave func()) (ready bool, err error) {
	stays := false
	defer func() {
		if !stays {
			leave()
			h.clear()
		}
	}()
	asked := proving
	if l.warns() {
		asked = min(asked, l.Patience)
	}
	if over, ready := w.waitFor(ctx, asked); over {
		stays = true
		return ready, nil
	}
	if l.Proof != nil {
		if holder := l.holderOf(h.key); holder == h {
			stays = true
			return true, nil // it has just come
		} else if err := l.Proof(holder.Owner); err != nil {
			return false, err
		}
	}
	if l.warns() {
		if over, ready := w.waitFor(ctx, l.Patience-time.Since(w.since)); over {
			stays = true
			return ready, nil
		}
		ready = l.warn(ctx, h, w.since)
	}
	stays = true
	return ready, nil
}

// waitFor waits for the key, for the end of ctx, or for d. It reports whether one of the first
// two came, and whether that was the key.
func (w *waiter) waitFor(ctx context.Context, d time.Duration) (over, ready bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-w.ready:
		return true, true
	case <-ctx.Done():
		return true, false
	case <-timer.C:
		return false, false
	}
}

// holderOf is who holds a key that somebody waits for.
func (l *Locks) holderOf(key string) *Held {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.keys[key].holder
}

// warn tells of a caller that waits since a time, unless the key has just come.
func (l *Locks) warn(ctx context.Context, h *Held, since time.Time) (ready bool) {
	wait := Wait{Key: h.key, Waiter: whoIs(h), WaitsSince: since, By: h.Owner}
	l.mu.Lock()
	e := l.keys[h.key]
	wait.Holder, wait.HeldSince = whoIs(e.holder), e.since
	l.mu.Unlock()
	if e.holder == h {
		return true
	}
	l.Warn(ctx, wait)
	return false
}

// whoIs is the owner of h. The caller holds Locks.mu, or h is its own: then the owner does not
// go away.
func whoIs(h *Held) Who {
	if h.Owner == nil {
		return Who{}
	}
	return h.Owner.Who()
}

// crowd makes the spot of h crowded. If the spot has become empty, h takes it instead,
// and crowd returns true. The caller holds l.mu.
func (l *Locks) crowd(h *Held) (alone bool) {
	s := h.spot
	for {
		switch other := s.holder.Load(); other {
		case crowded:
			return false
		case nil:
			if s.holder.CompareAndSwap(nil, h) {
				return true
			}
		default:
			if s.holder.CompareAndSwap(other, crowded) {
				l.put(other) // it cannot be released before l.mu is free
				return false
			}
		}
	}
}

// put enters a holder into the map of a crowded spot.
func (l *Locks) put(h *Held) {
	if l.keys == nil {
		l.keys, l.held = make(map[string]entry), make(map[*spot]int)
	}
	l.keys[h.key] = entry{holder: h, since: time.Now()}
	l.held[h.spot]++
}

// leave removes a waiter from the queue of its key. If the key was handed over in the
// meantime, leave releases the key.
func (l *Locks) leave(h *Held, queue *list.List, place *list.Element) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys[h.key].holder == h {
		l.release(h)
		return
	}
	queue.Remove(place)
}

// Unlock frees the key. It does nothing if h is already unlocked. A caller can
// therefore both defer it, for panics, and call it early.
func (h *Held) Unlock() {
	l := h.locks
	if l == nil {
		return
	}
	if !h.spot.holder.CompareAndSwap(h, nil) {
		l.mu.Lock()
		l.release(h)
		l.mu.Unlock()
	}
	h.clear()
}

func (h *Held) clear() { h.locks, h.spot, h.key = nil, nil, "" }

// release hands the key to the first waiter in its queue. If nobody waits, it removes the
// key. The caller holds l.mu, so a key with waiters is never seen as free.
func (l *Locks) release(h *Held) {
	e := l.keys[h.key]
	if e.queue != nil && e.queue.Len() > 0 {
		next := e.queue.Remove(e.queue.Front()).(*waiter)
		e.holder, e.since = next.held, time.Now()
		l.keys[h.key] = e
		close(next.ready)
		return
	}
	delete(l.keys, h.key)
	if l.held[h.spot]--; l.held[h.spot] == 0 {
		delete(l.held, h.spot)
		h.spot.holder.Store(nil)
	}
}

// Len returns the number of keys that are held. A key that callers wait for counts as
// held.
func (l *Locks) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.keys)
	spots := l.spots.Load()
	if spots == nil {
		return n
	}
	for i := range spots {
		if h := spots[i].holder.Load(); h != nil && h != crowded {
			n++
		}
	}
	return n
}
