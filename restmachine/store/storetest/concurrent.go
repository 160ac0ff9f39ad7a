// This file holds the laws for many concurrent callers. A store comes in, and the first
// broken law goes out as an error.

package storetest

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// writers is the number of concurrent callers.
const writers = 8

// together calls f on n goroutines at the same time, with the numbers from 0 to n-1. It
// returns their errors.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// one returns an error unless exactly one write succeeded and all others were stale.
func one(errs []error) error {
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, store.ErrStale):
			return fmt.Errorf("a write failed: %w", err)
		}
	}
	if won != 1 {
		return fmt.Errorf("of %d writes, %d succeeded", len(errs), won)
	}
	return nil
}

// rounds is how often concurrent writes at one version are tried. All rounds together
// write an eighth of Writes.
func (p *probe[K, V]) rounds() int { return max(1, p.Writes/writers/8) }

func (p *probe[K, V]) oneWinner() error {
	r, err := p.puts(0, 0, store.Absent())
	if err != nil {
		return err
	}
	for range p.rounds() {
		errs := together(writers, func(i int) error {
			_, err := p.put(0, i, store.At(r.Version))
			return err
		})
		if err := one(errs); err != nil {
			return err
		}
		if r, _, err = p.store.Get(p.ctx, p.Key(0)); err != nil {
			return fmt.Errorf("Get failed: %w", err)
		}
	}
	return nil
}

func (p *probe[K, V]) oneCreator() error {
	for range p.rounds() {
		errs := together(writers, func(i int) error {
			_, err := p.put(0, i, store.Absent())
			return err
		})
		if err := first(one(errs), p.deletes(0, store.Any())); err != nil {
			return err
		}
	}
	return nil
}

func (p *probe[K, V]) updateOrDelete() error {
	for range p.rounds() {
		r, err := p.puts(0, 0, store.Any())
		if err != nil {
			return err
		}
		errs := together(2, func(i int) error {
			if i == 0 {
				return p.delete(0, store.At(r.Version))
			}
			_, err := p.put(0, 1, store.At(r.Version))
			return err
		})
		if err := one(errs); err != nil {
			return err
		}
		_, ok, err := p.store.Get(p.ctx, p.Key(0))
		if err != nil {
			return fmt.Errorf("Get failed: %w", err)
		}
		if updated := errs[1] == nil; ok != updated {
			return fmt.Errorf("the update succeeded: %v; there is a record: %v", updated, ok)
		}
	}
	return nil
}

func (p *probe[K, V]) conservation() error {
	if _, err := p.puts(0, 0, store.Absent()); err != nil {
		return err
	}
	return p.countsAll(p, p)
}

// countsAll increments the counter through both probes in turn, and returns an error if
// an increment was lost.
func (p *probe[K, V]) countsAll(even, odd *probe[K, V]) error {
	var acknowledged atomic.Int64
	errs := together(writers, func(i int) error {
		for n := range p.Writes / writers {
			through := even
			if (i+n)%2 == 1 {
				through = odd
			}
			if err := through.increment(); err != nil {
				return err
			}
			acknowledged.Add(1)
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("an increment failed: %w", err)
	}
	r, _, err := p.store.Get(p.ctx, p.Key(0))
	if err != nil {
		return fmt.Errorf("Get failed: %w", err)
	}
	if got, want := int64(p.Number(r.Value)), acknowledged.Load(); got != want {
		return fmt.Errorf("%d increments were acknowledged, but the counter is %d", want, got)
	}
	return nil
}

// increment reads, adds one and writes. It repeats this until no other write comes in
// between.
func (p *probe[K, V]) increment() error {
	for {
		r, _, err := p.store.Get(p.ctx, p.Key(0))
		if err != nil {
			return err
		}
		runtime.Gosched() // let other callers write between the read and the write
		_, err = p.put(0, p.Number(r.Value)+1, store.At(r.Version))
		if !errors.Is(err, store.ErrStale) {
			return err
		}
	}
}
