// Package storetest tests whether a [store.Store] keeps what the interface
// promises: that no update is lost, that no version comes twice, and that nobody
// changes what is stored but by a write.
//
//	func TestTasks(t *testing.T) {
//		storetest.Run(t, storetest.Subject[string, Todo]{
//			Open:   func(t testing.TB) store.Store[string, Todo] { return openTasks(t) },
//			Key:    func(i int) string { return fmt.Sprintf("key%03d", i) },
//			Value:  func(n int) Todo { return Todo{Title: strconv.Itoa(n)} },
//			Number: func(v Todo) int { n, _ := strconv.Atoi(v.Title); return n },
//		})
//	}
//
// Each law is a subtest, and fails with the rule that the store broke.
package storetest

import (
	"cmp"
	"context"
	"fmt"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Subject is a store to be tested, and how to make keys and values for it. All
// fields but Scribble and Writes must be set.
type Subject[K comparable, V any] struct {
	// Open returns an empty store. Each law has its own.
	Open func(t testing.TB) store.Store[K, V]

	// Key returns the key with the number i, from 0 to 249. Keys are in the order
	// of their numbers.
	Key func(i int) K

	// Value returns a value in which the number n is kept, and Number finds it
	// there. A store that loses values makes Number, and Scribble, see the zero V.
	Value  func(n int) V
	Number func(value V) int

	// Scribble changes what copies of the value would share if they were not
	// whole, say an element of a slice, so that Number finds another number. The
	// default is nothing, for a V without references.
	Scribble func(value V)

	// Writes is how many writes compete in the laws on concurrency. The default
	// is 16,000, and a tenth of that with -short.
	Writes int
}

// Run tests the store. It needs time for some 16,000 writes: see
// [Subject.Writes].
func Run[K comparable, V any](t *testing.T, s Subject[K, V]) {
	if s.Scribble == nil {
		s.Scribble = func(V) {}
	}
	if s.Writes == 0 {
		s.Writes = 16_000
		if testing.Short() {
			s.Writes /= 10
		}
	}
	for _, l := range laws[K, V]() {
		t.Run(l.name, func(t *testing.T) {
			if err := l.holds(newProbe(t, s)); err != nil {
				t.Errorf("The rule is: %s.\nIt is broken: %v.", l.rule, err)
			}
		})
	}
}

// A law is a rule, and a way to find out that a store breaks it.
type law[K comparable, V any] struct {
	name, rule string
	holds      func(p *probe[K, V]) error
}

// laws returns all laws, in the order in which one relies on another.
func laws[K comparable, V any]() []law[K, V] {
	type p = *probe[K, V]
	return []law[K, V]{
		{"Missing", "Get of a key without a record says so, and is no error", p.missing},
		{"GetAfterPut", "Get returns what Put has written and returned, under its key alone", p.getAfterPut},
		{"VersionsChange", "each write makes another version, which has an entity-tag of its own", p.versionsChange},
		{"ModifiedGrows", "Modified is set, and never goes back while a record exists", p.modifiedGrows},
		{"StalePut", "Put at an old version is ErrStale, and writes nothing", p.stalePut},
		{"StaleDelete", "Delete at an old version is ErrStale, and deletes nothing", p.staleDelete},
		{"Absent", "Absent, and At the version of nothing, create, and never overwrite", p.absent},
		{"Any", "Any creates and overwrites", p.any},
		{"AnyDelete", "Delete with Any leaves no record, and is no error where there was none", p.anyDelete},
		{"Recreation", "a version of a deleted record never comes back for another one", p.recreation},
		{"Incarnations", "At a version of a deleted record neither overwrites nor deletes the one in its place, whatever its number", p.incarnations},
		{"Isolation", "values are copied in and out: only a write changes what is stored", p.isolation},
		{"List", "List returns the records behind a key in their order, as many as asked for", p.list},
		{"Cancelled", "under a context that is over, there is an error and no write", p.cancelled},
		{"OneWinner", "of writes at one version, exactly one succeeds, and the others are ErrStale", p.oneWinner},
		{"OneCreator", "of writes with Absent, exactly one succeeds, and the others are ErrStale", p.oneCreator},
		{"UpdateOrDelete", "of an update and a delete at one version, exactly one succeeds", p.updateOrDelete},
		{"Conservation", "no acknowledged increment is lost", p.conservation},
	}
}

// A probe is a subject under test: one open store, and the short forms in which
// laws are written.
type probe[K comparable, V any] struct {
	Subject[K, V]
	ctx   context.Context
	store store.Store[K, V]
}

func newProbe[K comparable, V any](t testing.TB, s Subject[K, V]) *probe[K, V] {
	return &probe[K, V]{s, t.Context(), s.Open(t)}
}

// put writes n under key number i.
func (p *probe[K, V]) put(i, n int, expect store.Expect) (store.Record[K, V], error) {
	return p.store.Put(p.ctx, p.Key(i), p.Value(n), expect)
}

// puts is put where nothing keeps the write from succeeding.
func (p *probe[K, V]) puts(i, n int, expect store.Expect) (store.Record[K, V], error) {
	r, err := p.put(i, n, expect)
	if err != nil {
		return r, fmt.Errorf("Put of %v, expecting %v, failed: %w", p.Key(i), expect, err)
	}
	return r, nil
}

// finds returns an error unless key number i has the record.
func (p *probe[K, V]) finds(i int, want store.Record[K, V]) error {
	got, ok, err := p.store.Get(p.ctx, p.Key(i))
	switch {
	case err != nil:
		return fmt.Errorf("Get of %v failed: %w", p.Key(i), err)
	case !ok:
		return fmt.Errorf("Get found nothing under %v", p.Key(i))
	}
	return p.same(got, want)
}

// findsNothing returns an error unless key number i has no record.
func (p *probe[K, V]) findsNothing(i int) error {
	got, ok, err := p.store.Get(p.ctx, p.Key(i))
	switch {
	case err != nil:
		return fmt.Errorf("Get of %v failed: %w", p.Key(i), err)
	case ok:
		return fmt.Errorf("Get found %s under %v", p.show(got), p.Key(i))
	case !got.Version.IsZero():
		return fmt.Errorf("Get found nothing under %v, but gave it the version %v", p.Key(i), got.Version)
	}
	return nil
}

func (p *probe[K, V]) same(got, want store.Record[K, V]) error {
	if got.Key != want.Key || p.Number(got.Value) != p.Number(want.Value) ||
		got.Version != want.Version || !got.Modified.Equal(want.Modified) {
		return fmt.Errorf("got %s, want %s", p.show(got), p.show(want))
	}
	return nil
}

func (p *probe[K, V]) show(r store.Record[K, V]) string {
	return fmt.Sprintf("{%v: %d, version %v, modified %v}", r.Key, p.Number(r.Value), r.Version, r.Modified)
}

// delete deletes key number i.
func (p *probe[K, V]) delete(i int, expect store.Expect) error {
	return p.store.Delete(p.ctx, p.Key(i), expect)
}

// deletes is delete where nothing keeps it from succeeding.
func (p *probe[K, V]) deletes(i int, expect store.Expect) error {
	if err := p.delete(i, expect); err != nil {
		return fmt.Errorf("Delete of %v, expecting %v, failed: %w", p.Key(i), expect, err)
	}
	return nil
}

// first returns the first error there is.
func first(errs ...error) error { return cmp.Or(errs...) }
