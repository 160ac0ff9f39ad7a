package recipe

import (
	"context"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// Overtaken returns s as a process finds it that is overtaken: just after its first Get, another
// process does what other does. So a write that does not look at the version loses that.
func Overtaken[K, V any](s store.Store[K, V], other func()) store.Store[K, V] {
	return &overtaken[K, V]{Store: s, other: other}
}

type overtaken[K, V any] struct {
	store.Store[K, V]
	other func()
	was   atomic.Bool
}

// Get reads the record, and then it is overtaken.
func (o *overtaken[K, V]) Get(ctx context.Context, key K) (store.Record[K, V], bool, error) {
	r, ok, err := o.Store.Get(ctx, key)
	if o.was.CompareAndSwap(false, true) {
		o.other()
	}
	return r, ok, err
}
