// This file takes events, each once. Events come in, and go to a function one after the other, which may
// take its time: the sender has its answer by then.

package main

import (
	"context"
	"sync"
	"time"
)

// waiting is how many events may wait for the function.
const waiting = 100

// An Inbox remembers which events it has taken. A real one is a table in the database, where the ID is a
// primary key: it remembers after a restart, too, and nothing that was taken is lost.
type Inbox struct {
	queue chan Event
	done  chan struct{}

	mu    sync.Mutex
	taken map[string]bool
	order []arrival // of what was taken, the oldest first
	ended bool
}

type arrival struct {
	id string
	at time.Time
}

// NewInbox returns an Inbox that hands events to a function.
func NewInbox(handle func(Event)) *Inbox {
	i := &Inbox{queue: make(chan Event, waiting), done: make(chan struct{}), taken: map[string]bool{}}
	go func() {
		defer close(i.done)
		for e := range i.queue {
			handle(e)
		}
	}()
	return i
}

// Take takes an event, unless it was taken before. It returns false if too many are waiting, or if the
// Inbox is closed: then the event is not taken, and the sender has to send it again.
func (i *Inbox) Take(e Event, now time.Time) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	for len(i.order) > 0 && now.Sub(i.order[0].at) > 2*tolerance {
		delete(i.taken, i.order[0].id) // whoever sends it now is too late
		i.order = i.order[1:]
	}
	if i.taken[e.ID] || i.ended {
		return i.taken[e.ID]
	}
	select {
	case i.queue <- e:
		i.taken[e.ID] = true
		i.order = append(i.order, arrival{e.ID, now})
		return true
	default:
		return false
	}
}

// Close hands on what is waiting, and returns when that is done.
func (i *Inbox) Close(ctx context.Context) error {
	i.mu.Lock()
	i.ended = true
	close(i.queue)
	i.mu.Unlock()
	select {
	case <-i.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
