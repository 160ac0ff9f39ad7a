// This file holds the laws of what a write leaves behind: if its context ends meanwhile,
// for another store on the same data, and in dates. A store comes in, and the first broken
// law goes out as an error.

package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// An ending is a context that ends by itself when it was asked for the nth time whether it
// has ended. So a write is interrupted at each place where it asks, one after the other,
// without luck.
type ending struct {
	context.Context
	cancel context.CancelFunc
	left   atomic.Int64
}

func newEnding(ctx context.Context, n int) *ending {
	e := &ending{}
	e.Context, e.cancel = context.WithCancel(ctx)
	e.left.Store(int64(n))
	return e
}

func (e *ending) asked() {
	if e.left.Add(-1) < 0 {
		e.cancel()
	}
}

func (e *ending) Err() error {
	e.asked()
	return e.Context.Err()
}

func (e *ending) Done() <-chan struct{} {
	e.asked()
	return e.Context.Done()
}

// interruptions is after how many questions for its end a context ends, at most.
const interruptions = 30

func (p *probe[K, V]) interrupted() error {
	took, err := p.duration()
	if err != nil {
		return err
	}
	for n := range 2 * interruptions {
		for _, w := range p.interruptedWrites() {
			ctx := newEnding(p.ctx, n)
			if n >= interruptions { // after a time: at places where the store asks nothing
				ctx.left.Store(math.MaxInt64)
				time.AfterFunc(took*time.Duration(n-interruptions)/(interruptions/2), ctx.cancel)
			}
			err := p.interrupt(ctx, w)
			ctx.cancel()
			if err != nil {
				return fmt.Errorf("%s, interrupted: %w", w.what, err)
			}
		}
	}
	return nil
}

// An interruptedWrite is a write to key number 0, which has a record or not.
type interruptedWrite[K comparable, V any] struct {
	what   string
	exists bool
	write  func(ctx context.Context, r store.Record[K, V]) error
}

// interruptedWrites returns writes that expect a version. If the outcome of one is unknown,
// another write makes sure that it cannot take place any more.
func (p *probe[K, V]) interruptedWrites() []interruptedWrite[K, V] {
	put := func(ctx context.Context, r store.Record[K, V]) error {
		_, err := p.store.Put(ctx, p.Key(0), p.Value(1), store.At(r.Version))
		return err
	}
	return []interruptedWrite[K, V]{
		{"a Put with Absent", false, put},
		{"a Put with At", true, put},
		{"a Delete with At", true, func(ctx context.Context, r store.Record[K, V]) error {
			return p.store.Delete(ctx, p.Key(0), store.At(r.Version))
		}},
	}
}

// duration returns how long a write takes.
func (p *probe[K, V]) duration() (time.Duration, error) {
	const n = 10
	begin := time.Now()
	for i := range n {
		if err := p.writes(0, i); err != nil {
			return 0, err
		}
	}
	return time.Since(begin) / n, nil
}

// interrupt writes with a context that ends meanwhile. It compares the outcome with what
// the write said.
func (p *probe[K, V]) interrupt(ctx context.Context, w interruptedWrite[K, V]) error {
	before, ok, err := p.prepare(w.exists)
	if err != nil {
		return err
	}
	said := w.write(ctx, before)
	if errors.Is(said, store.ErrUnknown) {
		if errors.Is(said, store.ErrStale) {
			return fmt.Errorf("the error %v is both ErrUnknown and ErrStale", said)
		}
		return p.settle()
	}
	after, still, err := p.store.Get(p.ctx, p.Key(0))
	if err != nil {
		return fmt.Errorf("Get after it failed: %w", err)
	}
	written := after.Version != before.Version || still != ok
	switch {
	case errors.Is(said, store.ErrStale):
		return fmt.Errorf("it is stale, but nobody else has written")
	case said == nil && !written:
		return errors.New("it returned no error, and did not write")
	case said != nil && written:
		return fmt.Errorf("it returned the error %w, which is not ErrUnknown, and has written", said)
	}
	return nil
}

// prepare makes key number 0 have a record, or not.
func (p *probe[K, V]) prepare(exists bool) (r store.Record[K, V], ok bool, err error) {
	r, ok, err = p.store.Get(p.ctx, p.Key(0))
	switch {
	case err != nil:
		return r, ok, fmt.Errorf("Get failed: %w", err)
	case ok && !exists:
		return store.Record[K, V]{}, false, p.deletes(0, store.At(r.Version))
	case !ok && exists:
		r, err = p.puts(0, 0, store.Absent())
		return r, true, err
	}
	return r, ok, nil
}

// settle writes, so that a write of unknown outcome, which expects an earlier version, cannot
// take place any more.
func (p *probe[K, V]) settle() error {
	if err := p.writes(0, 0); err != nil {
		return fmt.Errorf("after a write whose outcome is unknown: %w", err)
	}
	return nil
}

// another returns a probe of another store on the same data.
func (p *probe[K, V]) another() *probe[K, V] {
	other := *p
	other.store = p.Reopen(p.t, p.store)
	return &other
}

func (p *probe[K, V]) reopened() error {
	const n = 5
	seen := p.versions()
	var last [n]store.Record[K, V]
	for i := range 3 * n {
		r, err := p.puts(i%n, i, store.Any())
		if err := first(err, seen.add(r)); err != nil {
			return err
		}
		last[i%n] = r
	}
	if err := p.deletes(0, store.Any()); err != nil {
		return err
	}
	other := p.another()
	for i := 1; i < n; i++ {
		if err := other.finds(i, last[i]); err != nil {
			return err
		}
	}
	if err := first(other.findsNothing(0), other.lists(-1, n, last[1:])); err != nil {
		return err
	}
	_, err := other.put(0, 1, store.At(last[0].Version))
	if err := isStale("Put at the version of a record that was deleted before", err); err != nil {
		return err
	}
	for i := range last {
		r, err := other.puts(i, 1, store.Any())
		if err := first(err, seen.add(r), p.finds(i, r)); err != nil {
			return err
		}
	}
	return nil
}

func (p *probe[K, V]) twoStores() error {
	other := p.another()
	for n := range 20 {
		r, err := p.puts(0, n, store.Any())
		if err := first(err, other.finds(0, r), other.lists(-1, 1, []store.Record[K, V]{r})); err != nil {
			return fmt.Errorf("what the first store wrote, by the second: %w", err)
		}
		if err := first(other.deletes(0, store.At(r.Version)), p.findsNothing(0)); err != nil {
			return fmt.Errorf("what the second store deleted, by the first: %w", err)
		}
	}
	if _, err := p.puts(0, 0, store.Absent()); err != nil {
		return err
	}
	return p.countsAll(p, other)
}

func (p *probe[K, V]) modifiedInOrder() error {
	var mu sync.Mutex
	var all []store.Record[K, V]
	errs := together(writers, func(i int) error {
		for range p.rounds() {
			r, err := p.puts(0, i, store.Any())
			if err != nil {
				return err
			}
			mu.Lock()
			all = append(all, r)
			mu.Unlock()
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b store.Record[K, V]) int { return cmp.Compare(a.Version.Number, b.Version.Number) })
	for i, r := range all[1:] {
		before := all[i]
		switch {
		case r.Version.Incarnation != before.Version.Incarnation || r.Version.Number == before.Version.Number:
			return fmt.Errorf("two writes to one record returned %s and %s", p.show(before), p.show(r))
		case r.Modified.Before(before.Modified):
			return fmt.Errorf("Modified goes back from %s to %s", p.show(before), p.show(r))
		}
	}
	return nil
}
