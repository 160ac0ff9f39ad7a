// This file holds the store that the laws are tried on. It keeps them all. The name of a
// fault makes it break one.

package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

type record = store.Record[string, box]

// A disk is what several stores share.
type disk struct {
	mu      sync.Mutex
	records map[string]record
	first   map[string]store.Version // of each record, when it was created
}

// faulty is a plain store with the named fault.
type faulty struct {
	fault string
	*disk
	cached    map[string]record // what Get found, for a fault
	positions map[string]int    // where the last pages ended, for a fault
	page      []record          // an old page, for a fault
	pages     int               // how often List was called, for a fault
}

func newFaulty(fault string) *faulty {
	return &faulty{
		fault:     fault,
		disk:      &disk{records: map[string]record{}, first: map[string]store.Version{}},
		cached:    map[string]record{},
		positions: map[string]int{},
	}
}

// reopen returns another store on the disk of f.
func (f *faulty) reopen() *faulty {
	f.mu.Lock()
	defer f.mu.Unlock()
	other := newFaulty(f.fault)
	switch {
	case f.has("reopened, it has a copy"):
		maps.Copy(other.records, f.records)
	case f.has("reopened, it makes new versions"):
		for key, r := range f.records {
			r.Version = store.NewVersion()
			f.records[key] = r
		}
		other.disk = f.disk
	default:
		other.disk = f.disk
	}
	return other
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
		f.pause()
	}
}

// pause lets other callers run.
func (f *faulty) pause() {
	f.mu.Unlock()
	runtime.Gosched()
	f.mu.Lock()
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
	if old, known := f.cached[key]; known && f.has("Get from a cache") {
		r, ok = old, true
	}
	f.cached[key] = r
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
	asked := time.Now()
	_, at := expect.Version()
	if f.has("date of before it waited") && !at {
		time.Sleep(rand.N(100 * time.Microsecond))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.has("one record for all keys") {
		key = ""
	}
	if ctx.Err() != nil && !f.has("Put without context") {
		return record{}, ctx.Err()
	}
	before, ok := f.records[key]
	switch err := f.check(key, before.Version, expect); {
	case err != nil && f.has("Put does not check"):
	case err != nil && f.has("Absent overwrites") && expect == store.Absent():
	case err != nil && f.has("what exists is only stale"):
		return record{}, fmt.Errorf("%q: %w", key, store.ErrStale)
	case err != nil && f.has("what is stale exists"):
		return record{}, store.ErrExists
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
	case f.has("date of before it waited"):
		r.Modified = asked
	case f.has("clock runs backwards") && ok:
		r.Modified = before.Modified.Add(-time.Second)
	}
	if f.has("Put says nothing of its end") && ctx.Err() != nil {
		return r, nil
	}
	f.records[key] = f.clone(r, "Put shares what it is given")
	if !ok {
		f.first[key] = r.Version
	}
	f.cached[key] = f.records[key]
	switch {
	case f.has("Put writes, and then sees the end"):
		if err := ctx.Err(); err != nil {
			return record{}, err
		}
	case f.has("an unknown write is stale"):
		if err := ctx.Err(); err != nil {
			return record{}, errors.Join(store.ErrUnknown, store.ErrStale, err)
		}
	case f.has("an interrupted write is stale"):
		if ctx.Err() != nil {
			return record{}, store.ErrStale
		}
	}
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
		delete(f.cached, key)
	}
	if f.has("Delete deletes, and then sees the end") {
		return ctx.Err()
	}
	return nil
}

func (f *faulty) List(ctx context.Context, after *string, limit int) ([]record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil && !f.has("List without context") {
		return nil, ctx.Err()
	}
	f.pages++
	if f.has("List is old") && f.pages%2 == 0 && limit >= len(f.page) {
		return f.page, nil
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
	if f.has("cursor by number") && after != nil {
		if n, ok := f.positions[*after]; ok {
			page = nil
			for _, key := range keys[min(n, len(keys)):] {
				page = append(page, f.records[key])
			}
		}
	}
	if f.has("no limit") {
		return page, nil
	}
	f.page = page[:min(limit, len(page))]
	for i := range f.page {
		f.positions[f.page[i].Key] = slices.Index(keys, f.page[i].Key) + 1
	}
	return f.again(f.page)
}

// Below is List, of the keys that begin with a prefix.
func (f *faulty) Below(ctx context.Context, prefix string, after *string, limit int) ([]record, error) {
	if f.has("Below forgets the page before") {
		after = nil
	}
	page, err := f.List(ctx, after, 1000)
	page = slices.DeleteFunc(slices.Clone(page), func(r record) bool {
		return !strings.HasPrefix(r.Key, prefix) && !f.has("Below shows all") ||
			r.Key == prefix && !f.has("Below shows the parent")
	})
	return page[:min(limit, len(page))], err
}

// again reads the records of a page again, if a fault wants that.
func (f *faulty) again(page []record) ([]record, error) {
	for i, r := range page {
		switch {
		case f.has("List shows the first version"):
			page[i].Version = f.first[r.Key]
		case f.has("List reads values first, and then versions"):
			f.pause()
			if now, ok := f.records[r.Key]; ok {
				page[i].Version = now.Version
			}
		case f.has("List reads keys first, and then records"):
			f.pause()
			if _, ok := f.records[r.Key]; !ok {
				return nil, errors.New("no rows")
			}
		}
	}
	return page, nil
}
