// These tests check the store in memory: the laws of storetest, and its own rules.

package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/restmachine/restmachine-go/restmachine/store/storetest"
)

// A note is a value that needs a Clone.
type note struct {
	Count int
	Tags  []string
}

func (n note) clone() note {
	n.Tags = slices.Clone(n.Tags)
	return n
}

func TestMemoryKeepsTheLaws(t *testing.T) {
	t.Run("with Clone", func(t *testing.T) {
		storetest.Run(t, storetest.Subject[string, note]{
			Open: func(testing.TB) store.Store[string, note] {
				return &store.Memory[string, note]{Clone: note.clone}
			},
			Key:   func(i int) string { return fmt.Sprintf("key%03d", i) },
			Value: func(n int) note { return note{n, []string{""}} },
			Number: func(v note) int {
				for _, tag := range v.Tags {
					v.Count += len(tag)
				}
				return v.Count
			},
			Scribble: func(v note) { v.Tags[0] += "x" },
		})
	})
	t.Run("zero Memory", func(t *testing.T) {
		storetest.Run(t, storetest.Subject[int, int]{
			Open:   func(testing.TB) store.Store[int, int] { return new(store.Memory[int, int]) },
			Key:    func(i int) int { return i - 100 }, // 0 is an ordinary key
			Value:  func(n int) int { return n },
			Number: func(v int) int { return v },
		})
	})
}

// puts puts one value of a type into a new Memory, without an expectation.
func puts[V any](value V) error {
	_, err := new(store.Memory[string, V]).Put(context.Background(), "k", value, store.Any())
	return err
}

func TestMemoryRefusesToShare(t *testing.T) {
	type inner struct{ At []*time.Time }
	for _, tt := range []struct {
		name string
		got  error
		want string // the part that copies would share, or "" if there is none
	}{
		{"number", puts(1), ""},
		{"string, which nobody can change", puts("x"), ""},
		{"time, whose pointer is to a zone", puts(time.Now()), ""},
		{"struct of such", puts(struct {
			A [2]string
			T time.Time
		}{}), ""},
		{"slice", puts([]int{}), "share []int, a []int"},
		{"map", puts(map[string]int{}), "share map[string]int, a map"},
		{"pointer", puts(new(1)), "share *int, a *int"},
		{"interface", puts[any](1), "share interface {}, a interface {}"},
		{"function", puts(func() {}), "share func(), a func()"},
		{"channel", puts(make(chan int)), "share chan int, a chan int"},
		{"slice in a struct", puts(note{}), "needs a Clone: copies would share store_test.note.Tags, a []string"},
		{"deeper", puts(struct{ A [3]inner }{}), ".A[0].At, a []*time.Time"},
		{"unexported", puts(struct{ a any }{}), ".a, a interface {}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == "" {
				assert.NoError(t, tt.got)
				return
			}
			assert.ErrorContains(t, tt.got, tt.want)
		})
	}

	var m store.Memory[string, note]
	_, ok, onGet := m.Get(t.Context(), "k")
	_, onList := m.List(t.Context(), nil, 1)
	for _, err := range []error{onGet, m.Delete(t.Context(), "k", store.Any()), onList} {
		assert.ErrorContains(t, err, "needs a Clone", "every method says so, for a test to see it early")
	}
	assert.False(t, ok)
}

func TestModifiedNeverGoesBack(t *testing.T) {
	noon := time.Date(2024, time.January, 15, 12, 0, 0, 0, time.UTC)
	var now time.Time
	m := store.Memory[string, int]{Now: func() time.Time { return now }}
	for _, step := range []struct {
		clock, want time.Duration // after noon
		reason      string
	}{
		{0, 0, "created"},
		{time.Second, time.Second, "written later"},
		{-time.Hour, time.Second, "the clock was set back: who has seen the last date must not get a 304"},
		{time.Minute, time.Minute, "the clock runs on"},
	} {
		now = noon.Add(step.clock)
		r, err := m.Put(t.Context(), "k", 1, store.Any())
		require.NoError(t, err)
		assert.Equal(t, noon.Add(step.want), r.Modified, step.reason)
	}

	for name, m := range map[string]*store.Memory[string, int]{"default": {}, "given": {Now: time.Now}} {
		r, err := m.Put(t.Context(), "k", 1, store.Any())
		require.NoError(t, err)
		assert.Equal(t, r.Modified.Round(0), r.Modified, "%s: by the wall clock, which is the one that clients see", name)
		assert.WithinDuration(t, time.Now(), r.Modified, time.Minute, name)
	}
}

// TestCloneIsFree checks that a Clone runs without the lock.
func TestCloneIsFree(t *testing.T) {
	var m *store.Memory[string, int]
	depth := 0
	m = &store.Memory[string, int]{Clone: func(v int) int {
		if v < 0 {
			panic("no such value")
		}
		if depth++; depth == 1 { // with the lock held, this would wait forever
			_, err := m.Put(t.Context(), "inner", v, store.Any())
			assert.NoError(t, err)
		}
		return v
	}}
	_, err := m.Put(t.Context(), "outer", 1, store.Any())
	require.NoError(t, err)
	assert.Panics(t, func() { _, _ = m.Put(t.Context(), "bad", -1, store.Any()) })
	page, err := m.List(t.Context(), nil, 9)
	require.NoError(t, err)
	require.Len(t, page, 2, "a panic leaves no record, and releases the lock")
}

func TestNaNIsAKey(t *testing.T) {
	var m store.Memory[float64, int]
	_, err := m.Put(t.Context(), math.NaN(), 1, store.Absent())
	require.NoError(t, err)
	_, err = m.Put(t.Context(), math.NaN(), 2, store.Absent())
	assert.ErrorIs(t, err, store.ErrStale, "it is less than all others, and equal to itself, as in package cmp")
}

func TestAll(t *testing.T) {
	for _, n := range []int{0, 1, 99, 100, 101, 200, 250} { // around the ends of pages
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var m store.Memory[int, int]
			var want, got []int
			for i := range n {
				_, err := m.Put(t.Context(), n-i, i, store.Absent())
				require.NoError(t, err)
				want = append(want, i+1)
			}
			for r, err := range store.All(t.Context(), &m) {
				require.NoError(t, err)
				got = append(got, r.Key)
			}
			assert.Equal(t, want, got)
		})
	}
}

// failing is a Memory whose second page cannot be read.
type failing struct {
	store.Memory[int, int]
	err error
}

func (f *failing) List(ctx context.Context, after *int, limit int) ([]store.Record[int, int], error) {
	if after != nil {
		return nil, f.err
	}
	return f.Memory.List(ctx, after, limit)
}

func TestAllEnds(t *testing.T) {
	f := failing{err: errors.New("the disk is gone")}
	for i := range 150 {
		_, err := f.Put(t.Context(), i, i, store.Absent())
		require.NoError(t, err)
	}
	seen, errs := 0, []error(nil)
	for _, err := range store.All(t.Context(), &f) {
		if seen++; err != nil {
			errs = append(errs, err)
		}
	}
	assert.Equal(t, 101, seen)
	assert.Equal(t, []error{f.err}, errs, "an error comes once, and last")

	for r := range store.All(t.Context(), &f) {
		assert.Zero(t, r.Key, "nothing comes after a break")
		break
	}
}
