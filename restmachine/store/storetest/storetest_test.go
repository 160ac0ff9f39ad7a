// These tests check the laws with a store that keeps them. The store can be told to
// break each law.

package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A box keeps its number in a slice, which an assignment would share.
type box struct{ n []int }

func (b box) number() (sum int) {
	for _, n := range b.n {
		sum += n
	}
	return sum
}

func (b box) scribble() {
	for i := range b.n {
		b.n[i]--
	}
}

func subject(open func(t testing.TB) store.Store[string, box]) Subject[string, box] {
	return Subject[string, box]{
		Open:     open,
		Key:      func(i int) string { return fmt.Sprintf("key%03d", i) },
		Value:    func(n int) box { return box{[]int{n}} },
		Number:   box.number,
		Scribble: box.scribble,
		Writes:   4_000,
	}
}

type record = store.Record[string, box]

// faulty is a plain store with the named fault.
type faulty struct {
	fault   string
	mu      sync.Mutex
	records map[string]record
}

func (f *faulty) has(fault string) bool { return f.fault == fault }

// clone copies a record, unless the fault is not to copy it.
func (f *faulty) clone(r record, fault string) record {
	if !f.has(fault) {
		r.Value.n = slices.Clone(r.Value.n)
	}
	return r
}

// cross lets other callers run between check and write, if that is the fault.
func (f *faulty) cross() {
	if f.has("check, then act") {
		f.mu.Unlock()
		runtime.Gosched()
		f.mu.Lock()
	}
}

// check is Expect.Check, unless the fault is to compare only a part of the version.
func (f *faulty) check(key string, current store.Version, expect store.Expect) error {
	v, at := expect.Version()
	if at && !v.IsZero() && !current.IsZero() &&
		(f.has("compares the number alone") && v.Number == current.Number || f.has("compares the incarnation alone") && v.Incarnation == current.Incarnation) {
		return nil
	}
	return expect.Check(key, current)
}

func (f *faulty) Get(ctx context.Context, key string) (record, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.has("one record for all keys") {
		key = ""
	}
	r, ok := f.records[key]
	switch {
	case ctx.Err() != nil && !f.has("Get without context"):
		return record{}, false, ctx.Err()
	case !ok && f.has("missing is an error"):
		return record{}, false, errors.New("no rows")
	case !ok && f.has("missing is found"):
		return record{}, true, nil
	case !ok:
		return record{}, false, nil
	}
	return f.clone(r, "Get shares"), true, nil
}

func (f *faulty) Put(ctx context.Context, key string, value box, expect store.Expect) (record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.has("one record for all keys") {
		key = ""
	}
	if ctx.Err() != nil && !f.has("Put without context") {
		return record{}, ctx.Err()
	}
	before, ok := f.records[key]
	_, at := expect.Version()
	switch err := f.check(key, before.Version, expect); {
	case err != nil && f.has("Put does not check"):
	case err != nil && f.has("Absent overwrites") && expect == store.Absent():
	case err != nil && f.has("stale is some error"):
		return record{}, errors.New("stale")
	case err != nil:
		return record{}, err
	case !ok && !at && f.has("Any does not create"):
		return record{}, store.ErrStale
	}
	f.cross()
	r := record{Key: key, Value: value, Version: before.Version.Next(), Modified: time.Now()}
	switch {
	case f.has("version by content"):
		r.Version = store.Version{Incarnation: 1, Number: 1 + int64(value.n[0])}
	case f.has("no incarnation"):
		r.Version.Incarnation = 1
	case f.has("negative versions"):
		r.Version.Number -= 1000
	case f.has("no date"):
		r.Modified = time.Time{}
	case f.has("clock runs backwards") && ok:
		r.Modified = before.Modified.Add(-time.Second)
	}
	f.records[key] = f.clone(r, "Put shares what it is given")
	if f.has("Put shares what it returns") {
		return f.records[key], nil
	}
	return f.clone(r, ""), nil
}

func (f *faulty) Delete(ctx context.Context, key string, expect store.Expect) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	before, ok := f.records[key]
	switch err := f.check(key, before.Version, expect); {
	case ctx.Err() != nil && !f.has("Delete without context"):
		return ctx.Err()
	case err != nil && !f.has("Delete does not check"):
		return err
	case !ok && f.has("nothing to delete is an error"):
		return store.ErrStale
	}
	f.cross()
	if !f.has("Delete does nothing") {
		delete(f.records, key)
	}
	return nil
}

func (f *faulty) List(ctx context.Context, after *string, limit int) ([]record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil && !f.has("List without context") {
		return nil, ctx.Err()
	}
	var page []record
	keys := slices.Sorted(maps.Keys(f.records))
	if f.has("last first") {
		slices.Reverse(keys)
	}
	for _, key := range keys {
		if after == nil || key > *after || key == *after && f.has("List begins at the key") {
			page = append(page, f.clone(f.records[key], "List shares"))
		}
	}
	if f.has("no limit") {
		return page, nil
	}
	return page[:min(limit, len(page))], nil
}

// brokenBy returns the laws that a fault breaks.
func brokenBy(t *testing.T, fault string) (broken []string) {
	s := subject(func(testing.TB) store.Store[string, box] {
		return &faulty{fault: fault, records: map[string]record{}}
	})
	for _, l := range laws[string, box]() {
		if l.holds(newProbe(t, s)) != nil {
			broken = append(broken, l.name)
		}
	}
	return broken
}

func TestEachFaultBreaksItsLaw(t *testing.T) {
	proven := map[string]bool{}
	for _, tt := range []struct {
		fault string
		laws  []string
	}{
		{"missing is an error", []string{"Missing"}},
		{"missing is found", []string{"Missing"}},
		{"one record for all keys", []string{"GetAfterPut"}},
		{"version by content", []string{"VersionsChange", "Recreation"}},
		{"compares the number alone", []string{"Incarnations"}},
		{"compares the incarnation alone", []string{"StalePut", "StaleDelete"}},
		{"negative versions", []string{"VersionsChange"}},
		{"no incarnation", []string{"Recreation"}},
		{"no date", []string{"ModifiedGrows"}},
		{"clock runs backwards", []string{"ModifiedGrows"}},
		{"Put does not check", []string{"StalePut", "Absent", "OneWinner", "OneCreator", "Conservation"}},
		{"stale is some error", []string{"StalePut", "Absent"}},
		{"Delete does not check", []string{"StaleDelete", "UpdateOrDelete"}},
		{"Absent overwrites", []string{"Absent", "OneCreator"}},
		{"Any does not create", []string{"Any"}},
		{"nothing to delete is an error", []string{"AnyDelete"}},
		{"Delete does nothing", []string{"AnyDelete"}},
		{"Put shares what it is given", []string{"Isolation"}},
		{"Put shares what it returns", []string{"Isolation"}},
		{"Get shares", []string{"Isolation"}},
		{"List shares", []string{"Isolation"}},
		{"last first", []string{"List"}},
		{"List begins at the key", []string{"List"}},
		{"no limit", []string{"List"}},
		{"Get without context", []string{"Cancelled"}},
		{"Put without context", []string{"Cancelled"}},
		{"Delete without context", []string{"Cancelled"}},
		{"List without context", []string{"Cancelled"}},
		{"check, then act", []string{"OneWinner", "OneCreator", "UpdateOrDelete", "Conservation"}},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			assert.Subset(t, brokenBy(t, tt.fault), tt.laws)
			for _, law := range tt.laws {
				proven[law] = true
			}
		})
	}
	for _, l := range laws[string, box]() {
		assert.True(t, proven[l.name], "no fault shows that %s can fail", l.name)
	}
	assert.Empty(t, brokenBy(t, ""), "the store without a fault")
}

func TestRun(t *testing.T) {
	Run(t, subject(func(testing.TB) store.Store[string, box] {
		return &faulty{records: map[string]record{}}
	}))
}
