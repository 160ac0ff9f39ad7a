package exchange

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
)

// This file closes the gap between the check of a precondition and the write: unsafe
// requests on one resource exclude one another, from before ResourceExists to the end
// of the handler.

// A ticket stands in the contexts that callbacks are given. It says which key their
// exchange holds, so that a nested exchange can pass.
type ticket struct {
	locks *keylock.Locks
	key   string
	over  atomic.Bool
	outer *ticket // of another App, through which the exchange was reached
}

type ticketKey struct{}

var errNestedLock = errors.New("a request that a callback makes needs a second lock, which could wait for the first")

// Lock takes the lock of the resource. It waits as long as the request's context
// lasts.
func (x *Exchange) Lock() error {
	key, err := x.lockKey()
	if err != nil {
		return err
	}
	outer, _ := x.Context().Value(ticketKey{}).(*ticket)
	for t := outer; t != nil; t = t.outer {
		if t.locks != x.Locks || t.over.Load() {
			continue
		}
		if t.key == key {
			return nil
		}
		// Two keys are held in no order, so it could wait for itself.
		return fmt.Errorf("%w (it holds %q and needs %q); give both paths the same LockKey", errNestedLock, t.key, key)
	}
	if err := x.Locks.Lock(x.Context(), key, &x.lock.Held); err != nil {
		return err
	}
	x.lock.taken, x.lock.outer = true, outer
	return nil
}

// HasLock reports whether the exchange holds a lock.
func (x *Exchange) HasLock() bool { return x.lock.taken }

// Unlock gives the lock up.
func (x *Exchange) Unlock() {
	l := &x.lock
	if l.ticket != nil {
		l.ticket.over.Store(true)
	}
	l.Held.Unlock()
	*l = heldLock{}
}

// A heldLock is the lock that an exchange holds.
type heldLock struct {
	keylock.Held
	taken  bool
	outer  *ticket
	ticket *ticket // nil until a callback is given a context
}

// lockKey is what the LockKey fact says, else the path up to its last parameter.
func (x *Exchange) lockKey() (string, error) {
	if gates := x.Plan.Gates[declare.LockKey]; len(gates) > 0 {
		key, err := x.Text(gates[0].Callback, nil)
		return "=" + key, err // no path begins so
	}
	return x.Params().Key(), nil
}

// context is the request's, with the ticket of the lock that is held.
func (x *Exchange) context() context.Context {
	l := &x.lock
	if !l.taken {
		return x.Context()
	}
	if l.ticket == nil {
		l.ticket = &ticket{locks: x.Locks, key: l.Key(), outer: l.outer}
	}
	return context.WithValue(x.Context(), ticketKey{}, l.ticket)
}
