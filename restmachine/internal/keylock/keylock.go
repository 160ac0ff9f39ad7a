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
)

// Locks is a set of locks, one for each key. Its zero value is ready to use. It is safe
// for concurrent use and must not be copied after first use.
//
// A hash assigns every key to a spot. If one key is held at a spot, the spot points to
// its holder. This takes one atomic operation. If a second caller comes to the spot, for
// the same key or another key, the spot becomes crowded. It stays crowded until nothing
// is held there. The keys of crowded spots are in the map.
type Locks struct {
	spots [256]spot
	mu    sync.Mutex
	keys  map[string]entry // the held keys of crowded spots
}

// A spot is the place of all keys with one hash.
type spot struct {
	holder atomic.Pointer[Held] // nil if there is none; crowded if keys has the holders; Locks.mu guards changes to and from crowded
	held   int                  // the number of keys that are held here, if the spot is crowded; guarded by Locks.mu
}

var crowded = new(Held)

// An entry is a key that is held.
type entry struct {
	holder *Held
	queue  *list.List // of *waiter, in order of arrival; nil until a caller waits
}

// A waiter is a call of Lock that found its key held.
type waiter struct {
	held  *Held
	ready chan struct{} // closed when the key is handed over; guarded by Locks.mu
}

// Held is a key that is held from Lock to Unlock, or the room for one. It must not be
// copied. The zero value holds nothing.
type Held struct {
	locks *Locks // nil if nothing is held
	spot  *spot
	key   string
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
	s := &l.spots[maphash.String(seed, key)%uint64(len(l.spots))]
	h.locks, h.spot, h.key = l, s, key
	if s.holder.CompareAndSwap(nil, h) {
		return nil
	}
	return l.wait(ctx, h)
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
	w := &waiter{h, make(chan struct{})}
	place := e.queue.PushBack(w)
	l.mu.Unlock()

	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
		l.leave(h, e.queue, place)
		*h = Held{}
		return ctx.Err()
	}
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
		l.keys = make(map[string]entry)
	}
	l.keys[h.key] = entry{holder: h}
	h.spot.held++
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
	*h = Held{}
}

// release hands the key to the first waiter in its queue. If nobody waits, it removes the
// key. The caller holds l.mu, so a key with waiters is never seen as free.
func (l *Locks) release(h *Held) {
	e := l.keys[h.key]
	if e.queue != nil && e.queue.Len() > 0 {
		next := e.queue.Remove(e.queue.Front()).(*waiter)
		e.holder = next.held
		l.keys[h.key] = e
		close(next.ready)
		return
	}
	delete(l.keys, h.key)
	if h.spot.held--; h.spot.held == 0 {
		h.spot.holder.Store(nil)
	}
}

// Len returns the number of keys that are held. A key that callers wait for counts as
// held.
func (l *Locks) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.keys)
	for i := range l.spots {
		if h := l.spots[i].holder.Load(); h != nil && h != crowded {
			n++
		}
	}
	return n
}
