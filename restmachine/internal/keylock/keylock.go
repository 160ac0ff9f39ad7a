// Package keylock is mutual exclusion by key: of all callers that name the same
// key, one at a time goes on. A key costs memory only while it is held, so keys
// may come from clients.
package keylock

import (
	"container/list"
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Locks is a set of locks, one for each key. Its zero value is ready to use. It
// is safe for concurrent use and must not be copied after first use.
//
// Every key falls on a spot. A holder that is alone there is written on it, which
// takes one atomic operation; where a second one comes, for the same key or for
// another, the spot is crowded until it is empty, and what is held there is in
// keys.
type Locks struct {
	spots [256]spot
	mu    sync.Mutex
	keys  map[string]entry // what is held on crowded spots
}

// A spot is crowded from when a second holder or waiter came, until it is empty.
type spot struct {
	holder atomic.Pointer[Held] // nil: none; crowded: see keys; set to crowded, and back, under Locks.mu alone
	held   int                  // the keys that are held here, if it is crowded; under Locks.mu
}

var crowded = new(Held)

// An entry is a key that is held.
type entry struct {
	holder *Held
	queue  *list.List // of *waiter, first come first; nil until somebody waits
}

// A waiter is a call of Lock that found its key held.
type waiter struct {
	held  *Held
	ready chan struct{} // closed, under Locks.mu, when the key is handed over
}

// Held is a key that is held, from Lock to Unlock, or the room for one. It must
// not be copied. The zero value holds nothing.
type Held struct {
	locks *Locks // nil: nothing is held
	spot  *spot
	key   string
}

// Key is the key that is held, "" where none is.
func (h *Held) Key() string { return h.key }

var seed = maphash.MakeSeed()

// Lock waits until the key is free, and makes h, which must hold nothing, hold it
// until its Unlock. Callers get the key in the order in which they came. If ctx
// ends first, Lock returns its error, and h holds nothing.
//
// A caller that holds a key and asks for it again waits for itself.
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

// wait is Lock on a spot where somebody is.
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

// crowd makes the spot of h a crowded one, unless it is empty by now and h gets
// it alone. The caller holds l.mu.
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
				l.put(other) // it cannot go before l.mu is free
				return false
			}
		}
	}
}

// put notes a holder on a crowded spot.
func (l *Locks) put(h *Held) {
	if l.keys == nil {
		l.keys = make(map[string]entry)
	}
	l.keys[h.key] = entry{holder: h}
	h.spot.held++
}

// leave gives up a place in the queue of a key, or the key itself if it was
// handed over in the meantime.
func (l *Locks) leave(h *Held, queue *list.List, place *list.Element) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys[h.key].holder == h {
		l.release(h)
		return
	}
	queue.Remove(place)
}

// Unlock frees the key. It does nothing if that was done already, so it can be
// both deferred, for the sake of panics, and called early.
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

// release hands the key to the first in its queue, or forgets it if nobody
// waits. The caller holds l.mu: a key is never seen free and waited for.
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

// Len returns the number of keys that are held. A key that is waited for is
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
