package exchange

import (
	"context"
	"errors"
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
)

// This file closes the gap between the check of a precondition and the write: unsafe
// requests on one resource exclude one another, from before ResourceExists to the end
// of the handler. In comes the key of the plan. File nested.go lets a write through that
// a callback makes under its own context.

// A heldLock is the lock that an exchange holds.
type heldLock struct {
	keylock.Held
	taken  bool
	depth  int32   // 0: it holds the key; 1: it passed by a ticket of depth 0
	outer  *ticket // of the exchange through which this one was reached
	ticket *ticket // nil until a callback is given a context
}

// Lock takes the lock of the resource. It waits as long as the request's context
// lasts.
func (x *Exchange) Lock() error {
	err := x.takeLock()
	if errors.Is(err, ErrOwnApp) {
		x.Warn(Warning{"own app", err.Error()})
	}
	return err
}

func (x *Exchange) takeLock() error {
	key, err := x.lockKey()
	if err != nil {
		return err
	}
	outer, _ := x.Context().Value(ticketKey{}).(*ticket)
	if outer != nil {
		if passed, err := x.pass(key, outer); passed || err != nil {
			return err
		}
	}
	if err := x.Locks.Lock(x.Context(), key, &x.lock.Held); err != nil {
		return err
	}
	x.lock.taken, x.lock.outer = true, outer
	return nil
}

// HasLock reports whether the exchange holds a lock.
func (x *Exchange) HasLock() bool { return x.lock.taken }

// Unlock gives the lock up, when the nested writes have ended that the exchange began.
func (x *Exchange) Unlock() {
	l := &x.lock
	if l.ticket == nil {
		l.release()
		return
	}
	defer l.release()
	x.awaitNested(l.ticket)
}

func (l *heldLock) release() {
	l.Held.Unlock()
	l.taken, l.depth, l.outer, l.ticket = false, 0, nil, nil
}

// lockKey is what the LockKey fact says, else what the path says.
func (x *Exchange) lockKey() (string, error) {
	k := &x.At.Key
	switch {
	case k.Plain:
		return x.Params().Key(), nil
	case k.By != nil:
		key, err := x.Text(k.By, nil)
		return "=" + key, err // no path begins so
	}
	var failed error
	key := x.Params().Prefix(k.Depth, func(i int) string {
		text := x.Params().Value(i)
		if k.Values == nil {
			return text
		}
		for _, form := range k.Values[i] {
			var err error
			if text, err = form.Of(text); err != nil {
				failed = errors.Join(failed, fmt.Errorf("the text of %s for the lock: %w", x.Params().Names()[i], err))
			}
		}
		return text
	})
	return key, failed
}

// Who is the request, for whoever waits for its lock. The waiter asks while the exchange
// holds it: until then nothing of this changes.
func (x *Exchange) Who() keylock.Who {
	return keylock.Who{Method: x.Method(), Path: x.Path(), Route: x.At.Route}
}

// context is the request's, with the ticket of the lock that is held.
func (x *Exchange) context() context.Context {
	l := &x.lock
	if !l.taken {
		return x.Context()
	}
	if l.ticket == nil {
		l.ticket = &ticket{locks: x.Locks, key: withoutDepth(l.Key()), depth: l.depth, outer: l.outer}
	}
	return context.WithValue(x.Context(), ticketKey{}, l.ticket)
}
