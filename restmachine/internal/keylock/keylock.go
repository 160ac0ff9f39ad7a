// Package keylock is mutual exclusion by key: of all callers that name the same
// key, one at a time goes on. A key costs memory only while it is held, so keys
// may come from clients.
package keylock

import (
	"container/list"
	"context"
	"sync"
)

// Locks is a set of locks, one for each key. Its zero value is ready to use. It
// is safe for concurrent use and must not be copied after first use.
type Locks struct {
	mu      sync.Mutex
	keys    map[string]entry // every key that is held; a key nobody holds has no entry
	tickets uint64           // tickets given out so far
}

// An entry is a key that is held.
type entry struct {
	holder uint64     // ticket of the holder
	queue  *list.List // of *waiter, first come first; nil until somebody waits
}

// A waiter is a call of Lock that found its key held.
type waiter struct {
	ticket uint64
	ready  chan struct{} // closed, under Locks.mu, when the key is handed over
}

// Held is a key that is held, from Lock to Unlock. It may be copied; all copies
// are one holding. The zero value holds nothing.
type Held struct {
	locks  *Locks
	key    string
	ticket uint64
}

// Lock waits until the key is free, and holds it until Unlock of what it
// returns. Callers get the key in the order in which they came. If ctx ends
// first, Lock returns its error and the zero Held.
//
// A caller that holds a key and asks for it again waits for itself.
func (l *Locks) Lock(ctx context.Context, key string) (Held, error) {
	if err := ctx.Err(); err != nil {
		return Held{}, err
	}
	l.mu.Lock()
	l.tickets++
	held := Held{l, key, l.tickets}
	e, taken := l.keys[key]
	if !taken {
		if l.keys == nil {
			l.keys = make(map[string]entry)
		}
		l.keys[key] = entry{holder: held.ticket}
		l.mu.Unlock()
		return held, nil
	}
	if e.queue == nil {
		e.queue = list.New()
		l.keys[key] = e
	}
	w := &waiter{held.ticket, make(chan struct{})}
	place := e.queue.PushBack(w)
	l.mu.Unlock()

	select {
	case <-w.ready:
		return held, nil
	case <-ctx.Done():
		l.leave(held, e.queue, place)
		return Held{}, ctx.Err()
	}
}

// leave gives up a place in the queue of a key, or the key itself if it was
// handed over in the meantime.
func (l *Locks) leave(held Held, queue *list.List, place *list.Element) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.keys[held.key].holder == held.ticket {
		l.release(held)
		return
	}
	queue.Remove(place)
}

// Unlock frees the key. It does nothing if that was done already, even if
// somebody else holds the key by now, so it can be both deferred, for the sake
// of panics, and called early.
func (h Held) Unlock() {
	if h.locks == nil {
		return
	}
	h.locks.mu.Lock()
	defer h.locks.mu.Unlock()
	h.locks.release(h)
}

// release hands the key to the first in its queue, or forgets it if nobody
// waits. The caller holds l.mu: a key is never seen free and waited for.
func (l *Locks) release(h Held) {
	e, taken := l.keys[h.key]
	if !taken || e.holder != h.ticket {
		return
	}
	if e.queue == nil || e.queue.Len() == 0 {
		delete(l.keys, h.key)
		return
	}
	next := e.queue.Remove(e.queue.Front()).(*waiter)
	e.holder = next.ticket
	l.keys[h.key] = e
	close(next.ready)
}

// Len returns the number of keys that are held. A key that is waited for is
// held.
func (l *Locks) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.keys)
}
