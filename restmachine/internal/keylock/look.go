package keylock

import (
	"cmp"
	"slices"
	"time"
)

// This file looks at all locks at one moment. Nothing comes in. Each key that is held goes
// out, with its holder and those who wait for it. It costs those who lock nothing until
// somebody looks.

// A State is a key that is held.
type State struct {
	Key     string
	Holder  Stay
	Waiters []Stay // in the order in which they will get the key
}

// A Stay is a caller that holds a key or waits for it. Since is when it began to. A holder
// that was alone may hold the key for longer: Since is when another caller, or Look, first
// found it there.
type Stay struct {
	Who
	Since time.Time
}

// Look returns the keys that are held, sorted.
//
// A spot with one holder does not know since when. Look makes it crowded, so that the next
// Look knows at least since when this one does.
func (l *Locks) Look() []State {
	spots := l.spots.Load()
	if spots == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range spots {
		s := &spots[i].holder
		if h := s.Load(); h != nil && h != crowded && s.CompareAndSwap(h, crowded) {
			l.put(h) // it cannot be released before l.mu is free
		}
	}
	all := make([]State, 0, len(l.keys))
	for key, e := range l.keys {
		one := State{Key: key, Holder: Stay{whoIs(e.holder), e.since}}
		if e.queue != nil {
			for at := e.queue.Front(); at != nil; at = at.Next() {
				w := at.Value.(*waiter)
				one.Waiters = append(one.Waiters, Stay{whoIs(w.held), w.since})
			}
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b State) int { return cmp.Compare(a.Key, b.Key) })
	return all
}
