// This file holds the laws for one caller. A store comes in, and the first broken law
// goes out as an error.

package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

func (p *probe[K, V]) missing() error { return p.findsNothing(0) }

func (p *probe[K, V]) getAfterPut() error {
	for n := 1; n <= 3; n++ {
		wrote, err := p.puts(1, n, store.Any())
		if err != nil {
			return err
		}
		if wrote.Key != p.Key(1) || p.Number(wrote.Value) != n {
			return fmt.Errorf("Put of %d under %v returned %s", n, p.Key(1), p.show(wrote))
		}
		if err := first(p.finds(1, wrote), p.findsNothing(0), p.findsNothing(2)); err != nil {
			return err
		}
	}
	return nil
}

func (p *probe[K, V]) versionsChange() error {
	seen := p.versions()
	current := store.Version{}
	for n := range 50 {
		r, err := p.puts(0, n%2, store.At(current)) // a value that returns is still a new state
		if err := first(err, seen.add(r)); err != nil {
			return err
		}
		current = r.Version
	}
	return nil
}

func (p *probe[K, V]) modifiedGrows() error {
	var before time.Time
	for n := range 20 {
		r, err := p.puts(0, n, store.Any())
		switch {
		case err != nil:
			return err
		case conditional.IsZeroDate(r.Modified):
			return fmt.Errorf("Modified is %v", r.Modified)
		case r.Modified.Before(before):
			return fmt.Errorf("Modified went from %v to %v", before, r.Modified)
		}
		before = r.Modified
	}
	return nil
}

// outdated writes a record twice, and returns it as it was and as it is.
func (p *probe[K, V]) outdated() (old, current store.Record[K, V], err error) {
	old, err = p.puts(0, 1, store.Absent())
	if err == nil {
		current, err = p.puts(0, 2, store.At(old.Version))
	}
	return old, current, err
}

func (p *probe[K, V]) stalePut() error {
	old, current, err := p.outdated()
	if err != nil {
		return err
	}
	_, err = p.put(0, 3, store.At(old.Version))
	if err := first(isStale("Put at an old version", err), p.finds(0, current)); err != nil {
		return err
	}
	_, err = p.put(1, 3, store.At(current.Version))
	return first(isStale("Put at a version of another key", err), p.findsNothing(1))
}

func (p *probe[K, V]) staleDelete() error {
	old, current, err := p.outdated()
	if err != nil {
		return err
	}
	return first(
		isStale("Delete at an old version", p.delete(0, store.At(old.Version))),
		p.finds(0, current),
		exists("Delete that expected nothing", p.delete(0, store.Absent())),
		p.finds(0, current),
		p.deletes(0, store.At(current.Version)),
		p.findsNothing(0),
		isStale("Delete of what was deleted", p.delete(0, store.At(current.Version))),
	)
}

func (p *probe[K, V]) absent() error {
	for i, expect := range []store.Expect{store.Absent(), store.At(store.Version{})} {
		r, err := p.puts(i, 1, expect)
		if err != nil {
			return err
		}
		_, err = p.put(i, 2, expect)
		if err := first(exists("Put over a record, expecting nothing", err), p.finds(i, r)); err != nil {
			return err
		}
	}
	return nil
}

func (p *probe[K, V]) any() error {
	for n := range 2 {
		r, err := p.puts(0, n, store.Any())
		if err := first(err, p.finds(0, r)); err != nil {
			return err
		}
	}
	return nil
}

func (p *probe[K, V]) anyDelete() error {
	_, err := p.puts(0, 1, store.Any())
	return first(err, p.deletes(0, store.Any()), p.findsNothing(0), p.deletes(0, store.Any()), p.deletes(0, store.Absent()))
}

func (p *probe[K, V]) recreation() error {
	seen := p.versions()
	for range 10 {
		var last store.Version
		for n := range 3 { // a store that counts uses the same numbers again
			r, err := p.puts(0, n, store.At(last))
			if err := first(err, seen.add(r)); err != nil {
				return err
			}
			last = r.Version
		}
		if err := p.deletes(0, store.At(last)); err != nil {
			return err
		}
	}
	return nil
}

// incarnations writes a record three times, deletes it, and writes it three times again.
// It tries each version of the first record on each version of the second. Three pairs of
// versions have the same number.
func (p *probe[K, V]) incarnations() error {
	var gone []store.Version
	var current store.Version
	for n := range 6 {
		if n == 3 {
			if err := p.deletes(0, store.At(current)); err != nil {
				return err
			}
			current = store.Version{}
		}
		r, err := p.puts(0, n, store.At(current))
		if err != nil {
			return err
		}
		current = r.Version
		if n < 3 {
			gone = append(gone, current)
			continue
		}
		for _, v := range gone {
			_, err := p.put(0, n+1, store.At(v))
			if err := first(
				isStale(fmt.Sprintf("Put at %v, of a deleted record, over %v", v, current), err),
				isStale(fmt.Sprintf("Delete at %v, of a deleted record, of %v", v, current), p.delete(0, store.At(v))),
				p.finds(0, r),
			); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *probe[K, V]) isolation() error {
	value := p.Value(1)
	wrote, err := p.store.Put(p.ctx, p.Key(0), value, store.Any())
	if err != nil {
		return fmt.Errorf("Put failed: %w", err)
	}
	want := wrote
	want.Value = p.Value(1) // a value that nobody else can change
	p.Scribble(value)
	if err := p.finds(0, want); err != nil {
		return fmt.Errorf("after a change to what was given to Put: %w", err)
	}
	p.Scribble(wrote.Value)
	if err := p.finds(0, want); err != nil {
		return fmt.Errorf("after a change to what Put returned: %w", err)
	}
	got, _, err := p.store.Get(p.ctx, p.Key(0))
	p.Scribble(got.Value)
	if err := first(err, p.finds(0, want)); err != nil {
		return fmt.Errorf("after a change to what Get returned: %w", err)
	}
	page, err := p.store.List(p.ctx, nil, 1)
	for _, r := range page {
		p.Scribble(r.Value)
	}
	if err := first(err, p.finds(0, want)); err != nil {
		return fmt.Errorf("after a change to what List returned: %w", err)
	}
	return nil
}

func (p *probe[K, V]) list() error {
	const n = 250 // store.All needs three pages
	all := make([]store.Record[K, V], n)
	for i := range n {
		i = i * 7 % n // not in the order of the keys
		r, err := p.puts(i, i, store.Absent())
		if err != nil {
			return err
		}
		all[i] = r
	}
	if err := p.deletes(5, store.Any()); err != nil { // List must accept a key without a record as after
		return err
	}
	for _, page := range []struct{ after, limit, from, to int }{
		{-1, 2, 0, 2},
		{-1, 0, 0, 0},
		{1, 3, 2, 5},
		{5, 2, 6, 8},
		{n - 3, 2, n - 2, n},
		{n - 3, 3, n - 2, n},
		{n - 1, 3, n, n},
	} {
		if err := p.lists(page.after, page.limit, all[page.from:page.to]); err != nil {
			return fmt.Errorf("List of %d after number %d: %w", page.limit, page.after, err)
		}
	}
	return nil
}

// lists returns an error unless List returns these records. after may be -1.
func (p *probe[K, V]) lists(after, limit int, want []store.Record[K, V]) error {
	var key *K
	if after >= 0 {
		key = new(p.Key(after))
	}
	page, err := p.store.List(p.ctx, key, limit)
	switch {
	case err != nil:
		return err
	case len(page) != len(want):
		return fmt.Errorf("got %d records, want %d", len(page), len(want))
	}
	for i, r := range page {
		if err := p.same(r, want[i]); err != nil {
			return err
		}
	}
	return nil
}

func (p *probe[K, V]) cancelled() error {
	r, err := p.puts(0, 1, store.Any())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(p.ctx)
	cancel()
	_, _, onGet := p.store.Get(ctx, p.Key(0))
	_, onPut := p.store.Put(ctx, p.Key(0), p.Value(2), store.Any())
	onDelete := p.store.Delete(ctx, p.Key(0), store.Any())
	_, onList := p.store.List(ctx, nil, 1)
	for method, err := range map[string]error{"Get": onGet, "Put": onPut, "Delete": onDelete, "List": onList} {
		if !errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s returned the error %v, want context.Canceled", method, err)
		}
	}
	return p.finds(0, r)
}

// isStale returns an error unless err is ErrStale, and not ErrExists: a version was expected.
func isStale(what string, err error) error {
	if !errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrExists) {
		return fmt.Errorf("%s returned the error %v, want ErrStale", what, err)
	}
	return nil
}

// exists returns an error unless err is ErrExists.
func exists(what string, err error) error {
	if !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("%s returned the error %v, want ErrExists", what, err)
	}
	return nil
}

// versions holds the versions that were seen under one key.
type versions[K comparable, V any] struct {
	seen map[store.Version]bool
	tags map[conditional.ETag]bool
	p    *probe[K, V]
}

func (p *probe[K, V]) versions() versions[K, V] {
	return versions[K, V]{map[store.Version]bool{}, map[conditional.ETag]bool{}, p}
}

// add returns an error if the version of r was seen before.
func (v versions[K, V]) add(r store.Record[K, V]) error {
	parsed, err := store.ParseVersion(r.ETag())
	switch {
	case v.seen[r.Version], v.tags[r.ETag()]:
		return fmt.Errorf("the version of %s was used before", v.p.show(r))
	case err != nil:
		return fmt.Errorf("the version of %s is not valid: Incarnation and Number must be positive", v.p.show(r))
	case parsed != r.Version:
		return fmt.Errorf("the entity-tag of %s names another version, %v", v.p.show(r), parsed)
	}
	v.seen[r.Version], v.tags[r.ETag()] = true, true
	return nil
}
