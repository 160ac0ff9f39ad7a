// This file is the store in memory. It is the reference for the rules of a Store. It
// suits tests and services that may lose their data when they stop.

package store

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a [Store] in memory. The zero Memory is empty and ready for use, unless V
// needs a Clone. An App that makes one without it by OnStartup does not start: see
// [Memory.Validate]. It must not be copied after its first use. Its fields must not be
// changed after its first use.
//
// A read takes time logarithmic in the number of records. Creating and deleting move 8
// bytes for each record with a greater key.
type Memory[K cmp.Ordered, V any] struct {
	// Clone copies a value, so that the copy shares nothing with it. The default is an
	// assignment. An assignment is not enough if V contains slices, maps, pointers or
	// interfaces. Then all methods return the error of Validate without a Clone. If nobody
	// ever changes what these refer to, Clone may return its argument.
	Clone func(V) V

	// Now is the clock that Modified is read from. The default is time.Now.
	Now func() time.Time

	once  sync.Once
	fault error // V needs a Clone

	mu      sync.RWMutex
	records []*Record[K, V] // by key; a record is never changed, only replaced
}

// Get implements [Store].
func (m *Memory[K, V]) Get(ctx context.Context, key K) (r Record[K, V], ok bool, err error) {
	if err := m.ready(ctx); err != nil {
		return r, false, err
	}
	m.mu.RLock()
	i, ok := m.find(key)
	if !ok {
		m.mu.RUnlock()
		return r, false, nil
	}
	stored := m.records[i]
	m.mu.RUnlock()
	return m.copyOf(stored), true, nil
}

// Put implements [Store]. If the clock went back, Modified stays as it was.
func (m *Memory[K, V]) Put(ctx context.Context, key K, value V, expect Expect) (Record[K, V], error) {
	if err := m.ready(ctx); err != nil {
		return Record[K, V]{}, err
	}
	// The functions of the caller run outside the lock. They may be slow, panic, or use
	// this store.
	stored := &Record[K, V]{Key: key, Value: m.clone(value), Modified: m.now()}
	if err := m.replace(stored, expect); err != nil {
		return Record[K, V]{}, err
	}
	return m.copyOf(stored), nil
}

func (m *Memory[K, V]) replace(r *Record[K, V], expect Expect) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.find(r.Key)
	var current Version
	if ok {
		current = m.records[i].Version
	}
	if err := expect.Check(r.Key, current); err != nil {
		return err
	}
	r.Version = current.Next()
	if !ok {
		m.records = slices.Insert(m.records, i, r)
		return nil
	}
	if before := m.records[i].Modified; r.Modified.Before(before) {
		r.Modified = before
	}
	m.records[i] = r
	return nil
}

// Delete implements [Store].
func (m *Memory[K, V]) Delete(ctx context.Context, key K, expect Expect) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.find(key)
	if !ok {
		return expect.Check(key, Version{})
	}
	if err := expect.Check(key, m.records[i].Version); err != nil {
		return err
	}
	m.records = slices.Delete(m.records, i, i+1)
	return nil
}

// List implements [Store].
func (m *Memory[K, V]) List(ctx context.Context, after *K, limit int) ([]Record[K, V], error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	stored := m.page(after, limit)
	page := make([]Record[K, V], len(stored))
	for i, r := range stored {
		page[i] = m.copyOf(r)
	}
	return page, nil
}

func (m *Memory[K, V]) page(after *K, limit int) []*Record[K, V] {
	m.mu.RLock()
	defer m.mu.RUnlock()
	from := 0
	if after != nil {
		i, ok := m.find(*after)
		if from = i; ok {
			from++
		}
	}
	rest := m.records[from:]
	return slices.Clone(rest[:min(max(limit, 0), len(rest))])
}

// find returns the index of the record of a key, or the index where it would be.
func (m *Memory[K, V]) find(key K) (int, bool) {
	return slices.BinarySearchFunc(m.records, key, func(r *Record[K, V], key K) int {
		return cmp.Compare(r.Key, key)
	})
}

// Validate returns an error if V needs a Clone and there is none: which part of V copies would
// share, and what to do. An App asks each value that its OnStartups make, and does not start if
// it returns an error. Call it yourself if you make the store elsewhere.
func (m *Memory[K, V]) Validate() error {
	m.once.Do(func() {
		if m.Clone == nil {
			m.fault = assignable[V]()
		}
	})
	return m.fault
}

// ready returns an error if the store cannot be used.
func (m *Memory[K, V]) ready(ctx context.Context) error {
	if err := m.Validate(); err != nil {
		return err
	}
	return ctx.Err()
}

func (m *Memory[K, V]) copyOf(r *Record[K, V]) Record[K, V] {
	c := *r
	c.Value = m.clone(r.Value)
	return c
}

func (m *Memory[K, V]) clone(value V) V {
	if m.Clone == nil {
		return value
	}
	return m.Clone(value)
}

// now reads the clock. Round removes the monotonic reading. With it, a time could seem
// later than another time, although clients see the opposite order.
func (m *Memory[K, V]) now() time.Time {
	if m.Now == nil {
		return time.Now().Round(0)
	}
	return m.Now().Round(0)
}
