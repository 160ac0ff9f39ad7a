// This file has two stores that break their promises. They are controls: a checker that does not
// refute them sees nothing.

package register

import (
	"context"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// Careless is a store that ignores what a write expects.
type Careless struct {
	Store
	// Between is called before each write, so that another request can come between check and
	// write.
	Between func()
}

// Put writes over any version.
func (c Careless) Put(ctx context.Context, key string, v Value, _ store.Expect) (Record, error) {
	c.Between()
	return c.Store.Put(ctx, key, v, store.Any())
}

// Delete deletes any version.
func (c Careless) Delete(ctx context.Context, key string, _ store.Expect) error {
	c.Between()
	return c.Store.Delete(ctx, key, store.Any())
}

// Stale is a store that answers every third read of a key with what the read before has found, as
// a replica does that lags.
type Stale struct {
	Store
	mu   sync.Mutex
	seen map[string]*seen
}

// seen is what the last read of a key has found.
type seen struct {
	reads  int
	record Record
	ok     bool
}

// Get reads, or repeats what was read.
func (s *Stale) Get(ctx context.Context, key string) (Record, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil {
		s.seen = map[string]*seen{}
	}
	last := s.seen[key]
	if last == nil {
		last = new(seen)
		s.seen[key] = last
	}
	last.reads++
	if last.reads%3 == 0 {
		return last.record, last.ok, nil
	}
	var err error
	last.record, last.ok, err = s.Store.Get(ctx, key)
	return last.record, last.ok, err
}
