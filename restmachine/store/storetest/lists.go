// This file holds the laws of lists: of their tag, and of lists that are read while others
// write. A store comes in, and the first broken law goes out as an error.

package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// listTag changes what the first page shows in each way. It lists twice after each change.
func (p *probe[K, V]) listTag() error {
	const limit = 3
	seen := map[conditional.ETag]string{}
	var last conditional.ETag
	for _, change := range []struct {
		what  string
		write func() error
		shown bool // whether the page shows the change
	}{
		{"nothing was written", func() error { return nil }, true},
		{"a record was created", func() error { return p.writes(1, 1) }, true},
		{"another was created after it", func() error { return p.writes(3, 1) }, true},
		{"another was created before it", func() error { return p.writes(0, 1) }, true},
		{"a record was changed", func() error { return p.writes(1, 2) }, true},
		{"it got its first value again", func() error { return p.writes(1, 1) }, true},
		{"a record was created behind the page", func() error { return p.writes(4, 1) }, false},
		{"it was changed", func() error { return p.writes(4, 2) }, false},
		{"a record was deleted", func() error { return p.deletes(1, store.Any()) }, true},
		{"it was created again", func() error { return p.writes(1, 1) }, true},
	} {
		if err := change.write(); err != nil {
			return err
		}
		for range 2 {
			page, err := p.store.List(p.ctx, nil, limit)
			if err != nil {
				return fmt.Errorf("List failed: %w", err)
			}
			tag := store.ListTag(page)
			before, known := seen[tag]
			switch {
			case change.shown && known:
				return fmt.Errorf("%s, but the tag is still that of when %s", change.what, before)
			case !change.shown && tag != last:
				return fmt.Errorf("%s, and the tag changed", change.what)
			}
			last, change.shown = tag, false
			seen[tag] = change.what
		}
	}
	return nil
}

// writes is puts without an expectation.
func (p *probe[K, V]) writes(i, n int) error {
	_, err := p.puts(i, n, store.Any())
	return err
}

// listed is how many keys a list has that is read during writes.
const listed = 40

// A bustle is what happens to a list while it is read: numbers are written under the even
// keys, and the records of the odd keys come and go. The arrays tell, for each key, the last
// number that a write was asked for, and the last that was acknowledged.
type bustle[K comparable, V any] struct {
	*probe[K, V]
	number      map[K]int // of each key
	asked, done [listed]atomic.Int64
	reads       atomic.Int64 // how often the list was read
	stopped     atomic.Bool  // whether it is read no more

	mu      sync.Mutex
	written map[state[K]]int // which number was written at each version
}

// A state is a version of a key.
type state[K comparable] struct {
	key     K
	version store.Version
}

func newBustle[K comparable, V any](p *probe[K, V]) *bustle[K, V] {
	b := &bustle[K, V]{probe: p, number: map[K]int{}, written: map[state[K]]int{}}
	for i := range listed {
		b.number[p.Key(i)] = i
	}
	return b
}

// writes writes n under key number i, and notes the version.
func (b *bustle[K, V]) writes(i, n int) error {
	b.asked[i].Store(int64(n))
	r, err := b.puts(i, n, store.Any())
	if err != nil {
		return err
	}
	b.done[i].Store(int64(n))
	b.mu.Lock()
	defer b.mu.Unlock()
	b.written[state[K]{r.Key, r.Version}] = n
	return nil
}

// during calls read until two writers have written enough. All records that read returns
// must be as they were written.
func (b *bustle[K, V]) during(read func() ([]store.Record[K, V], error)) error {
	for i := range listed {
		if err := b.writes(i, 0); err != nil {
			return err
		}
	}
	const busy = 2
	var running atomic.Int64
	running.Store(busy)
	var shown []store.Record[K, V] // those whose write was not acknowledged yet
	errs := together(busy+1, func(worker int) error {
		if worker < busy {
			defer running.Add(-1)
			return b.write(worker, busy)
		}
		defer b.stopped.Store(true)
		for {
			last := running.Load() == 0
			records, err := read()
			if err != nil {
				return err
			}
			if shown, err = b.compare(append(shown, records...)); err != nil || last {
				return err
			}
			b.reads.Add(1)
			runtime.Gosched() // let the writers write, also on a single processor
		}
	})
	if err := errors.Join(errs...); err != nil {
		return err
	}
	shown, err := b.compare(shown)
	if err == nil && len(shown) > 0 {
		err = fmt.Errorf("List has shown %s, whose version was never written", b.show(shown[0]))
	}
	return err
}

// compare returns an error if a record was not written like this. It returns those whose
// version is not known yet.
func (b *bustle[K, V]) compare(records []store.Record[K, V]) (unknown []store.Record[K, V], err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range records {
		switch n, ok := b.written[state[K]{r.Key, r.Version}]; {
		case !ok:
			unknown = append(unknown, r)
		case n != b.Number(r.Value):
			return nil, fmt.Errorf("List shows %s, but at this version %d was written", b.show(r), n)
		}
	}
	return unknown, nil
}

// write is one of several workers that write under all keys. It waits for a reader after
// each round, so that no round passes unseen.
func (b *bustle[K, V]) write(worker, of int) error {
	for round := range max(2, b.Writes/listed/4) {
		for _, i := range rand.Perm(listed) { // in step with the reader, it would never meet it
			if i%of != worker {
				continue
			}
			if i%2 == 1 {
				if err := b.deletes(i, store.Any()); err != nil {
					return err
				}
				runtime.Gosched() // let the reader see that the record is gone
			}
			if err := b.writes(i, round+1); err != nil {
				return err
			}
		}
		for b.reads.Load() <= int64(round) && !b.stopped.Load() {
			runtime.Gosched()
		}
	}
	return nil
}

func (p *probe[K, V]) listDuringWrites() error {
	b := newBustle(p)
	return b.during(func() ([]store.Record[K, V], error) {
		var least [listed]int64
		for i := range least {
			least[i] = b.done[i].Load()
		}
		page, err := p.store.List(p.ctx, nil, listed)
		if err != nil {
			return nil, fmt.Errorf("List failed: %w", err)
		}
		for _, r := range page {
			i := b.number[r.Key]
			if n := int64(p.Number(r.Value)); i%2 == 0 && (n < least[i] || n > b.asked[i].Load()) {
				return nil, fmt.Errorf("List shows %s, but %d was written before it began", p.show(r), least[i])
			}
		}
		return page, b.complete(page)
	})
}

// cursor writes between the pages: before, at and behind the place where they go on.
func (p *probe[K, V]) cursor() error {
	b := newBustle(p)
	for i := range listed {
		if err := b.writes(i, 0); err != nil {
			return err
		}
	}
	const limit = 3
	var all []store.Record[K, V]
	var after *K
	for turn := 1; ; turn += 4 {
		page, err := p.store.List(p.ctx, after, limit)
		if err != nil {
			return fmt.Errorf("List failed: %w", err)
		}
		all = append(all, page...)
		if len(page) < limit {
			return b.complete(all)
		}
		after = &page[limit-1].Key
		last := b.number[*after]
		if last%2 == 1 { // its record need not exist when the next page begins after it
			err = p.deletes(last, store.Any())
		}
		if err := first(err, b.writes(last/2*2, turn), b.writes((turn+20)%listed, turn),
			p.deletes(turn%listed, store.Any()), p.deletes((turn+2)%listed, store.Any())); err != nil {
			return err
		}
	}
}

// complete returns an error unless the records are in the order of their keys, and all even
// keys are among them.
func (b *bustle[K, V]) complete(records []store.Record[K, V]) error {
	next := 0
	for _, r := range records {
		i, ok := b.number[r.Key]
		if !ok || i < next {
			return fmt.Errorf("%s is shown twice, or out of order", b.show(r))
		}
		for ; next < i; next++ {
			if next%2 == 0 {
				return fmt.Errorf("%v, which always exists, is left out", b.Key(next))
			}
		}
		next = i + 1
	}
	if next < listed-1 {
		return fmt.Errorf("%v, which always exists, is left out", b.Key(next))
	}
	return nil
}
