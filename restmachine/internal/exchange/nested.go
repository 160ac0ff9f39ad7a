package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
)

// This file lets nested writes through: those that a callback makes under the context that
// it was given. In comes the ticket in that context. Out comes a lock of its own, one for
// each depth: of the writes that one exchange began, one goes on and the others wait. Who
// waits for a depth does not hold it, and who holds a depth waits only for deeper ones. So
// they do not wait in a circle.

// A ticket stands in the contexts that callbacks are given. It says which key their
// exchange holds.
type ticket struct {
	locks *keylock.Locks // of the App
	key   string
	depth int32       // 0: its exchange holds the key; 1: that passed by a ticket of depth 0
	used  atomic.Bool // a nested write has come
	over  atomic.Bool // nobody passes any more
	outer *ticket     // of the exchange through which this one was reached, of this App or another
}

type ticketKey struct{}

var errNestedLock = errors.New("a request that a callback makes needs a second lock, which could wait for the first")

// pass takes the lock of the depth below the nearest exchange that holds the key, if there
// is one. outer is the ticket that the exchange came with.
func (x *Exchange) pass(key string, outer *ticket) (passed bool, err error) {
	for t := outer; t != nil; t = t.outer {
		if t.locks != x.Locks || t.over.Load() {
			continue
		}
		if t.key != key {
			// Two keys are held in no order, so it could wait for itself.
			return false, fmt.Errorf("%w (it holds %q and needs %q); give both paths the same LockKey", errNestedLock, t.key, key)
		}
		t.used.Store(true)
		if err := x.Nested.Lock(x.Context(), t.below(), &x.lock.Held); err != nil {
			return false, err
		}
		if t.over.Load() { // the exchange ended while this one waited, and does not wait for it
			x.lock.Held.Unlock()
			continue
		}
		x.lock.taken, x.lock.depth, x.lock.outer = true, t.depth+1, outer
		return true, nil
	}
	return false, nil
}

// awaitNested lets nobody pass any more, and waits for the nested write that has passed.
func (x *Exchange) awaitNested(t *ticket) {
	t.over.Store(true)
	if !t.used.Load() {
		return // and who comes now sees that it is over
	}
	held := keylock.Held{Owner: x}
	defer held.Unlock()
	_ = x.Nested.Lock(context.WithoutCancel(x.Context()), t.below(), &held) // that context does not end
}

// below is the key for the writes that are nested in the ticket's exchange. Keys of
// resources do not begin with a digit.
func (t *ticket) below() string { return strconv.Itoa(int(t.depth)+1) + t.key }

// A LockState is a key of a resource that is held, with the depth of the write that holds it.
type LockState struct {
	keylock.State
	Depth int
}

// Held returns the locks of the App that are held, sorted by key, then by depth.
func (c *Config) Held() []LockState {
	var all []LockState
	for _, locks := range []*keylock.Locks{c.Locks, c.Nested} {
		for _, one := range locks.Look() {
			key := withoutDepth(one.Key)
			depth, _ := strconv.Atoi(strings.TrimSuffix(one.Key, key))
			one.Key = key
			all = append(all, LockState{one, depth})
		}
	}
	slices.SortFunc(all, func(a, b LockState) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Depth, b.Depth)) })
	return all
}

// withoutDepth is the key of a resource, of which below makes a key for each depth.
func withoutDepth(key string) string { return strings.TrimLeft(key, "0123456789") }

// WarnOfLocks has the locks of the App warn of who has waited for patience; 0 has them not
// warn. Who waits for itself is told in any case. It is called before the first request.
func (c *Config) WarnOfLocks(patience time.Duration) {
	for _, locks := range []*keylock.Locks{c.Locks, c.Nested} {
		locks.Patience, locks.Warn, locks.Proof = patience, c.warnOfLock, waitsForItself
	}
}
