// These tests check transactions: those of the caller, and those that keep others away.

package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/sqlstore"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

func TestInATransactionOfTheCaller(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		db, ctx := e.database(t), t.Context()
		s := open(t, db, e)
		old, err := s.Put(ctx, "a", note{Count: 1}, store.Absent())
		require.NoError(t, err)
		for _, commit := range []bool{false, true} {
			tx, err := db.BeginTx(ctx, nil)
			require.NoError(t, err)
			in := s.WithTx(tx)
			_, err = in.Put(ctx, "a", note{}, store.Absent())
			assert.ErrorIs(t, err, store.ErrStale, "the transaction goes on after it")
			changed, err := in.Put(ctx, "a", note{Count: 2}, store.At(old.Version))
			require.NoError(t, err)
			_, err = in.Put(ctx, "b", note{}, store.Absent())
			require.NoError(t, err)
			got, _, err := in.Get(ctx, "a")
			require.NoError(t, err)
			assert.Equal(t, changed, got)
			outside, _, err := s.Get(ctx, "a")
			require.NoError(t, err)
			assert.Equal(t, old, outside, "nothing is committed yet")
			if commit {
				require.NoError(t, tx.Commit())
			} else {
				require.NoError(t, tx.Rollback())
			}
			page, err := s.List(ctx, nil, 3)
			require.NoError(t, err)
			if commit {
				assert.Len(t, page, 2)
				assert.Equal(t, changed, page[0])
			} else {
				assert.Equal(t, []store.Record[string, note]{old}, page)
			}
		}
	})
}

// A list may have five records at most. Many writers guard it by its tag.
func TestAWholeListIsGuarded(t *testing.T) {
	const most, writers = 5, 8
	onEach(t, func(t *testing.T, e engine) {
		source := e.source(t)
		var all sync.WaitGroup
		var refused atomic.Int64
		for w := range writers {
			s := open(t, connect(t, e.driver, source), e)
			all.Go(func() {
				for n := 0; ; {
					page, err := s.List(t.Context(), nil, most)
					if !assert.NoError(t, err) || len(page) == most {
						return
					}
					err = s.Exclusive(t.Context(), func(s *notes) error {
						now, err := s.List(t.Context(), nil, most)
						if err != nil {
							return err
						}
						if store.ListTag(now) != store.ListTag(page) {
							return store.ErrStale
						}
						_, err = s.Put(t.Context(), fmt.Sprint(w, n), note{}, store.Absent())
						return err
					})
					switch {
					case errors.Is(err, store.ErrStale):
						refused.Add(1)
					case assert.NoError(t, err):
						n++
					default:
						return
					}
				}
			})
		}
		all.Wait()
		page, err := open(t, connect(t, e.driver, source), e).List(t.Context(), nil, 100)
		require.NoError(t, err)
		assert.Len(t, page, most)
		t.Logf("%d refused", refused.Load())
	})
}

// While Exclusive runs, a plain write waits, and a read does not.
func TestExclusiveKeepsWritersAway(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		source, ctx := e.source(t), t.Context()
		s, other := open(t, connect(t, e.driver, source), e), open(t, connect(t, e.driver, source), e)
		written := make(chan error, 1)
		failure := errors.New("of the caller")
		for _, fails := range []bool{true, false} {
			err := s.Exclusive(ctx, func(in *notes) error {
				_, err := in.Put(ctx, "a", note{}, store.Any())
				assert.NoError(t, err)
				_, ok, err := other.Get(ctx, "a")
				assert.NoError(t, err)
				assert.False(t, ok, "it is not committed yet")
				go func() {
					_, err := other.Put(ctx, "b", note{}, store.Any())
					written <- err
				}()
				select {
				case err := <-written:
					assert.Fail(t, "the other writer did not wait", "%v", err)
				case <-time.After(50 * time.Millisecond):
				}
				if fails {
					return failure
				}
				return nil
			})
			assert.NoError(t, <-written)
			_, ok, _ := other.Get(ctx, "a")
			if fails {
				assert.Same(t, failure, err)
				assert.False(t, ok)
			} else {
				assert.NoError(t, err)
				assert.True(t, ok)
			}
		}
	})
}

// A panic or the end of the context inside Exclusive leaves neither a write nor a lock.
func TestExclusiveLeavesNothingBehind(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		source := e.source(t)
		s, other := open(t, connect(t, e.driver, source), e), open(t, connect(t, e.driver, source), e)
		assert.PanicsWithValue(t, "of the caller", func() {
			s.Exclusive(t.Context(), func(in *notes) error {
				_, err := in.Put(t.Context(), "a", note{}, store.Absent())
				assert.NoError(t, err)
				panic("of the caller")
			})
		})
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Exclusive(ctx, func(in *notes) error {
			_, err := in.Put(ctx, "a", note{}, store.Absent())
			assert.NoError(t, err)
			cancel()
			return nil
		})
		assert.ErrorIs(t, err, context.Canceled)
		assert.NotErrorIs(t, err, store.ErrUnknown)
		_, err = other.Put(t.Context(), "a", note{}, store.Absent())
		assert.NoError(t, err)
	})
}

func TestExclusiveInATransactionOfTheCaller(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		source, ctx := e.source(t), t.Context()
		db := connect(t, e.driver, source)
		s, other := open(t, db, e), open(t, connect(t, e.driver, source), e)
		tx, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		require.NoError(t, s.WithTx(tx).Exclusive(ctx, func(in *notes) error {
			_, err := in.List(ctx, nil, 1)
			return err
		}))
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		_, err = other.Put(short, "a", note{}, store.Absent())
		assert.Error(t, err, "the table is still locked")
		require.NoError(t, tx.Commit())
		_, err = other.Put(ctx, "a", note{}, store.Any())
		assert.NoError(t, err)
	})
}

// Patience is long enough for a writer that is not in a hurry.
func TestAWriterWaitsForAnother(t *testing.T) {
	source := sqlite.source(t)
	db, ctx := connect(t, "sqlite", source), t.Context()
	s, other := open(t, db, sqlite), open(t, connect(t, "sqlite", source), sqlite)
	conn, err := db.Conn(ctx)
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	require.NoError(t, err)

	// A database that is locked has written nothing, and says so. On a busy machine the time may be over
	// before it says anything.
	known := false
	for try := 0; try < 20 && !known; try++ {
		short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
		_, err = other.Put(short, "a", note{}, store.Any())
		cancel()
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		known = !errors.Is(err, store.ErrUnknown)
	}
	assert.True(t, known)
	_, ok, err := other.Get(ctx, "a")
	assert.NoError(t, err, "readers do not wait")
	assert.False(t, ok)

	written := make(chan error)
	go func() {
		_, err := s.Put(ctx, "a", note{}, store.Absent())
		written <- err
	}()
	time.Sleep(50 * time.Millisecond)
	_, err = conn.ExecContext(ctx, "COMMIT")
	require.NoError(t, err)
	assert.NoError(t, <-written)
}

// At a higher level of isolation, PostgreSQL refuses statements for the sake of others. They
// are tried again.
func TestSerializableByDefault(t *testing.T) {
	source := postgreSQL.source(t) + "&default_transaction_isolation=serializable"
	var all sync.WaitGroup
	const writers, each = 8, 30
	for range writers {
		s := open(t, connect(t, "pgx", source), postgreSQL)
		all.Go(func() {
			for range each {
				assert.NoError(t, increment(t.Context(), s))
			}
		})
	}
	all.Wait()
	r, _, err := open(t, connect(t, "pgx", source), postgreSQL).Get(t.Context(), "k")
	require.NoError(t, err)
	assert.Equal(t, writers*each, r.Value.Count)
}

var _ store.Store[string, note] = (*sqlstore.Store[string, note])(nil)
