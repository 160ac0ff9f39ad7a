package store

// This file is the store in memory.

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a [Store] in memory. The zero Memory is empty and ready for use,
// unless V needs a Clone. It must not be copied after its first use, nor its
// fields be changed.
//
// Reading takes time logarithmic in the number of records; creating and deleting
// move the 8 bytes of each record behind.
type Memory[K cmp.Ordered, V any] struct {
	// Clone copies a value, so that nothing it consists of is shared. The default
	// is an assignment. That is not enough where V has slices, maps, pointers or
	// interfaces in it: without a Clone, all methods then return an error. Where
	// nobody ever changes what they refer to, Clone may return its argument.
	Clone func(V) V

	// Now is the clock that Modified is read from. The default is time.Now.
	Now func() time.Time

	once  sync.Once
	fault error // that V needs a Clone

	mu      sync.RWMutex
	records []*Record[K, V] // by key; never changed, but replaced
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

// Put implements [Store]. Where the clock went back, Modified stays as it was.
func (m *Memory[K, V]) Put(ctx context.Context, key K, value V, expect Expect) (Record[K, V], error) {
	if err := m.ready(ctx); err != nil {
		return Record[K, V]{}, err
	}
	// Callers' functions run before and after the lock: they may take their time,
	// panic, or use this very store.
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

// find returns where the record of a key is, or would have to be.
func (m *Memory[K, V]) find(key K) (int, bool) {
	return slices.BinarySearchFunc(m.records, key, func(r *Record[K, V], key K) int {
		return cmp.Compare(r.Key, key)
	})
}

// ready returns why nothing can be done.
func (m *Memory[K, V]) ready(ctx context.Context) error {
	m.once.Do(func() {
		if m.Clone == nil {
			m.fault = assignable[V]()
		}
	})
	if m.fault != nil {
		return m.fault
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

// now reads the clock. Round takes the monotonic reading off, by which a time
// would seem to be later than one that clients are shown as the later one.
func (m *Memory[K, V]) now() time.Time {
	if m.Now == nil {
		return time.Now().Round(0)
	}
	return m.Now().Round(0)
}
