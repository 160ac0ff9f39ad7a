package restmachine

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
)

// This file closes the gap between checking a precondition and writing: unsafe
// requests on one resource exclude one another, from before ResourceExists to
// the end of the handler.

// A ticket says, in the contexts given to callbacks, which key their exchange
// holds: a nested exchange may pass where its outer one already is.
type ticket struct {
	locks *keylock.Locks
	key   string
	over  atomic.Bool
	outer *ticket // of another App, through which the exchange was reached
}

type ticketKey struct{}

var errNestedLock = errors.New("a nested exchange needs the lock of another resource")

// acquire takes the lock of the resource, and waits for it as long as the
// request's context lasts.
func (x *exchange) acquire() error {
	key, err := x.lockKey()
	if err != nil {
		return err
	}
	outer, _ := x.ctx.Value(ticketKey{}).(*ticket)
	for t := outer; t != nil; t = t.outer {
		if t.locks != x.m.locks || t.over.Load() {
			continue
		}
		if t.key == key {
			return nil
		}
		// It could wait for itself: two keys are held in no order.
		return fmt.Errorf("%w: it holds %q and asks for %q; give both paths one LockKey", errNestedLock, t.key, key)
	}
	x.lock.outer = outer
	return x.m.locks.Lock(x.ctx, key, &x.lock.Held)
}

// A heldLock is the lock that an exchange holds.
type heldLock struct {
	keylock.Held
	outer  *ticket
	ticket *ticket // made when a callback is given a context
}

// release gives the lock up.
func (l *heldLock) release() {
	if l.ticket != nil {
		l.ticket.over.Store(true)
	}
	l.Unlock()
	*l = heldLock{}
}

// lockKey is what the LockKey facts say, else the path up to its last parameter.
func (x *exchange) lockKey() (string, error) {
	if gates := x.plan.gates[kindLockKey]; len(gates) > 0 {
		key, _, err := gates[0].call(x)
		if err != nil {
			return "", err
		}
		return "=" + key.(string), nil // no path begins so
	}
	return x.pathParams.params.Key(), nil
}

// context is the request's, with the ticket of the lock that is held.
func (x *exchange) context() context.Context {
	l := &x.lock
	if l.Key() == "" {
		return x.ctx
	}
	if l.ticket == nil {
		l.ticket = &ticket{locks: x.m.locks, key: l.Key(), outer: l.outer}
	}
	return context.WithValue(x.ctx, ticketKey{}, l.ticket)
}

// LocksHeld returns how many resources are locked at the moment, by requests
// that are under way: a gauge of the writes that exclude others, for metrics. At
// rest it is 0. See WithoutResourceLock for what is locked.
func (a *App) LocksHeld() int { return a.locks.Len() }
