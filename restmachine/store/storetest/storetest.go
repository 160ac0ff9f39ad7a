// Package storetest tests whether a [store.Store] keeps the promises of the interface: no
// update is lost, no version is used twice, and stored values change only through a
// write.
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
// Each law is a subtest. If it fails, it names the rule that the store broke.
package storetest

import (
	"cmp"
	"context"
	"fmt"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Subject is a store under test, with functions that make keys and values for it. All
// fields except Scribble, Reopen and Writes must be set.
type Subject[K comparable, V any] struct {
	// Open returns an empty store. Each law has its own.
	Open func(t testing.TB) store.Store[K, V]

	// Key returns the key with the number i, from 0 to 249. The keys must have the order
	// of their numbers.
	Key func(i int) K

	// Value returns a value that holds the number n. Number returns this number. If a
	// store loses values, Number and Scribble get the zero V.
	Value  func(n int) V
	Number func(value V) int

	// Scribble changes the parts of the value that an incomplete copy would share, for
	// example an element of a slice. Afterwards Number must return another number. The
	// default does nothing, which suits a V without references.
	Scribble func(value V)

	// Reopen returns another store on the data of s, as another process would open it. Both
	// are used from then on. Its laws are left out if it is nil, which suits a store that
	// belongs to one process.
	Reopen func(t testing.TB, s store.Store[K, V]) store.Store[K, V]

	// Writes is how many writes the laws about concurrency do. The default is 16,000, and
	// 1,600 with -short.
	Writes int
}

// Run tests the store. By default it does about 16,000 writes: see [Subject.Writes].
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
		if l.reopens && s.Reopen == nil {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			if err := l.holds(newProbe(t, s)); err != nil {
				t.Errorf("The rule is: %s.\nIt is broken: %v.", l.rule, err)
			}
		})
	}
}

// A law is a rule and a function that finds out whether a store breaks it.
type law[K comparable, V any] struct {
	name, rule string
	holds      func(p *probe[K, V]) error
	reopens    bool // whether it needs Subject.Reopen
}

// laws returns all laws. A law may rely on the laws before it.
func laws[K comparable, V any]() []law[K, V] {
	type p = *probe[K, V]
	return []law[K, V]{
		{"Missing", "Get of a key without a record says so, and does not return an error", p.missing, false},
		{"GetAfterPut", "Get returns what Put has written and returned, only under its key", p.getAfterPut, false},
		{"VersionsChange", "each write makes another version, with another entity-tag", p.versionsChange, false},
		{"ModifiedGrows", "Modified is set, and never goes back while a record exists", p.modifiedGrows, false},
		{"StalePut", "Put at an old version is ErrStale, and writes nothing", p.stalePut, false},
		{"StaleDelete", "Delete at an old version is ErrStale, and deletes nothing", p.staleDelete, false},
		{"Absent", "Absent, and At the zero Version, create a record and never overwrite one, which is ErrExists", p.absent, false},
		{"Any", "Any creates and overwrites", p.any, false},
		{"AnyDelete", "Delete with Any leaves no record, and does not fail if there was none", p.anyDelete, false},
		{"Recreation", "a version of a deleted record is never used again for another record", p.recreation, false},
		{"Incarnations", "At a version of a deleted record neither overwrites nor deletes the record in its place, whatever its number", p.incarnations, false},
		{"Isolation", "values are copied in and out: only a write changes a stored value", p.isolation, false},
		{"List", "List returns the records after a key in their order, as many as asked for", p.list, false},
		{"Below", "store.Below returns the records whose keys begin with a prefix and are longer, as List would, if keys are text", p.below, false},
		{"ListTag", "the tag of a list changes with each write to what it shows, and does not change without", p.listTag, false},
		{"Cancelled", "if the context has ended, a method returns an error and does not write", p.cancelled, false},
		{"Interrupted", "if the context ends during a write, nil means that it took place, and an error that is not ErrUnknown means that it did not", p.interrupted, false},
		{"Reopened", "another store on the same data finds the same records, and makes versions that were never used", p.reopened, true},
		{"OneWinner", "of writes at one version, exactly one succeeds, and the others are ErrStale", p.oneWinner, false},
		{"OneCreator", "of writes with Absent, exactly one succeeds, and the others are ErrStale", p.oneCreator, false},
		{"UpdateOrDelete", "of an update and a delete at one version, exactly one succeeds", p.updateOrDelete, false},
		{"Conservation", "no acknowledged increment is lost", p.conservation, false},
		{"ModifiedInOrder", "of concurrent writes to a record, a later version has a greater Number and never an earlier Modified", p.modifiedInOrder, false},
		{"ListDuringWrites", "List shows each record as it was at some moment of the call, in the order of the keys, and leaves out none that exists all the time", p.listDuringWrites, false},
		{"Cursor", "pages, each after the last key of the one before, hold each record that exists all the time once", p.cursor, false},
		{"TwoStores", "of two stores on the same data, one shows what the other has written, and no acknowledged increment is lost", p.twoStores, true},
	}
}

// A probe is a subject under test: one open store, with short methods for writing laws.
type probe[K comparable, V any] struct {
	Subject[K, V]
	t     testing.TB
	ctx   context.Context
	store store.Store[K, V]
}

func newProbe[K comparable, V any](t testing.TB, s Subject[K, V]) *probe[K, V] {
	return &probe[K, V]{s, t, t.Context(), s.Open(t)}
}

// put writes n under key number i.
func (p *probe[K, V]) put(i, n int, expect store.Expect) (store.Record[K, V], error) {
	return p.store.Put(p.ctx, p.Key(i), p.Value(n), expect)
}

// puts is put for a write that must succeed.
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

// findsNothing returns an error if key number i has a record.
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

// deletes is delete for a delete that must succeed.
func (p *probe[K, V]) deletes(i int, expect store.Expect) error {
	if err := p.delete(i, expect); err != nil {
		return fmt.Errorf("Delete of %v, expecting %v, failed: %w", p.Key(i), expect, err)
	}
	return nil
}

// first returns the first error that is not nil.
func first(errs ...error) error { return cmp.Or(errs...) }
