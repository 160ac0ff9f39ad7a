// These tests hold the store to the laws of all stores, and count increments.

package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/restmachine/restmachine-go/restmachine/store/storetest"
)

func TestTheStoreKeepsTheLaws(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		e.source(t) // skips once, and not once for each law
		sources := map[store.Store[string, note]]string{}
		opens := func(t testing.TB, source string) store.Store[string, note] {
			s := open(t, connect(t, e.driver, source), e)
			sources[s] = source
			return s
		}
		storetest.Run(t, storetest.Subject[string, note]{
			Open:   func(t testing.TB) store.Store[string, note] { return opens(t, e.source(t)) },
			Reopen: func(t testing.TB, s store.Store[string, note]) store.Store[string, note] { return opens(t, sources[s]) },
			Key:    func(i int) string { return fmt.Sprintf("key%03d", i) },
			Value:  func(n int) note { return note{n, []string{""}} },
			Number: func(v note) int {
				for _, tag := range v.Tags {
					v.Count += len(tag)
				}
				return v.Count
			},
			Scribble: func(v note) { v.Tags[0] += "x" },
			Writes:   800,
		})
	})
}

// TestNoIncrementIsLost lets eight writers count, each with a pool of connections of its own, as a
// process has it. SQLSTORE_INCREMENTS is how often each adds one, 150 times by default.
func TestNoIncrementIsLost(t *testing.T) {
	const writers = 8
	each := 50
	if text := os.Getenv("SQLSTORE_INCREMENTS"); text != "" {
		n, err := strconv.Atoi(text)
		require.NoError(t, err, "SQLSTORE_INCREMENTS")
		each = n
	}
	onEach(t, func(t *testing.T, e engine) {
		source := e.source(t)
		begin := time.Now()
		var all sync.WaitGroup
		for range writers {
			s := open(t, connect(t, e.driver, source), e)
			all.Go(func() {
				for range each {
					if err := increment(t.Context(), s); !assert.NoError(t, err) {
						return
					}
				}
			})
		}
		all.Wait()
		r, _, err := open(t, connect(t, e.driver, source), e).Get(t.Context(), "k")
		require.NoError(t, err)
		assert.Equal(t, writers*each, r.Value.Count)
		assert.EqualValues(t, writers*each, r.Version.Number)
		t.Logf("%d increments in %v", r.Value.Count, time.Since(begin).Round(time.Millisecond))
	})
}

// increment reads, adds one and writes, until nobody else was faster.
func increment(ctx context.Context, s store.Store[string, note]) error {
	for {
		r, _, err := s.Get(ctx, "k")
		if err != nil {
			return err
		}
		r.Value.Count++
		if _, err = s.Put(ctx, "k", r.Value, store.At(r.Version)); !errors.Is(err, store.ErrStale) {
			return err
		}
	}
}

// What a process kept is there when the next one starts.
func TestTheStoreOutlivesTheProcess(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		source := e.source(t)
		write := func(db *sql.DB) store.Record[string, note] {
			defer db.Close()
			r, err := open(t, db, e).Put(t.Context(), "a", note{1, []string{"x"}}, store.Any())
			require.NoError(t, err)
			return r
		}
		first := write(connect(t, e.driver, source))
		again := open(t, connect(t, e.driver, source), e)
		got, ok, err := again.Get(t.Context(), "a")
		require.NoError(t, err)
		require.True(t, ok)
		assert.Equal(t, first, got)
		second, err := again.Put(t.Context(), "a", note{}, store.At(first.Version))
		require.NoError(t, err)
		assert.Equal(t, first.Version.Next(), second.Version)
	})
}
