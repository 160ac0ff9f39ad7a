// These tests check the store in PostgreSQL: the laws of storetest, and its own rules.

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/store"
	"github.com/restmachine/restmachine-go/restmachine/store/storetest"
)

// database returns the URL of a database with its own schema for the test. Without
// PostgreSQL, it skips the test.
func database(t testing.TB) string {
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		t.Skip(`SKIPPED, nothing was tested: DATABASE_URL is not set. Try eval "$(.ci/postgres)" at the root of the repository.`)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	execute(t, url, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { execute(t, url, "DROP SCHEMA "+schema+" CASCADE") })
	t.Setenv("PGOPTIONS", "-c search_path="+schema) // for this process, and for processes that the test starts
	return url
}

func execute(t testing.TB, url, statement string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second) // t.Context has ended in a Cleanup
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	require.NoError(t, err)
}

func openPostgres(t testing.TB) Counters {
	counters, err := OpenPostgres(t.Context(), database(t))
	require.NoError(t, err)
	t.Cleanup(counters.Close)
	return counters
}

func TestPostgresKeepsTheLawsOfAStore(t *testing.T) {
	database(t) // skips once if PostgreSQL is missing, and not once for each law
	storetest.Run(t, storetest.Subject[string, Counter]{
		Open:   func(t testing.TB) store.Store[string, Counter] { return openPostgres(t) },
		Key:    func(i int) string { return fmt.Sprintf("key%03d", i) },
		Value:  func(n int) Counter { return Counter{Count: int64(n)} },
		Number: func(c Counter) int { return int(c.Count) },
	})
}

// Replicas start at the same moment, and all of them create the table. Without the lock,
// most rounds fail.
func TestReplicasStartTogether(t *testing.T) {
	url := database(t)
	const replicas, rounds = 8, 5
	for range rounds {
		execute(t, url, "DROP TABLE IF EXISTS counters")
		errs := make(chan error, replicas)
		for range replicas {
			go func() {
				counters, err := OpenPostgres(t.Context(), url)
				if err == nil {
					counters.Close()
				}
				errs <- err
			}()
		}
		for range replicas {
			assert.NoError(t, <-errs)
		}
	}
}

// The clock of the database went back, or another server wrote the row with a clock that
// is ahead. A later version still has a date that is not earlier.
func TestModifiedStaysWhereTheClockWentBack(t *testing.T) {
	url := database(t)
	counters, err := OpenPostgres(t.Context(), url)
	require.NoError(t, err)
	defer counters.Close()
	_, err = counters.Put(t.Context(), "a", Counter{}, store.Absent())
	require.NoError(t, err)
	execute(t, url, "UPDATE counters SET modified = '2999-01-02 03:04:05.678901Z'")
	ahead := time.Date(2999, 1, 2, 3, 4, 5, 678901000, time.UTC)

	r, ok, err := counters.Get(t.Context(), "a")
	require.NoError(t, err)
	require.True(t, ok)
	for _, expect := range []store.Expect{store.At(r.Version), store.Any()} {
		r, err := counters.Put(t.Context(), "a", Counter{Count: 1}, expect)
		require.NoError(t, err, expect)
		assert.Equal(t, ahead, r.Modified, expect)
	}
}

// A counter was deleted, and another was created in its place with the same number. A
// client that has seen the first cannot overwrite or delete the second.
func TestWhatWasCreatedAnewIsSomethingElse(t *testing.T) {
	onEach(t, func(t *testing.T, counters Counters) {
		ctx := t.Context()
		first, err := counters.Put(ctx, "a", Counter{Count: 1}, store.Absent())
		require.NoError(t, err)
		require.NoError(t, counters.Delete(ctx, "a", store.At(first.Version)))
		second, err := counters.Put(ctx, "a", Counter{Count: 2}, store.Absent())
		require.NoError(t, err)
		require.Equal(t, first.Version.Number, second.Version.Number)

		_, err = counters.Put(ctx, "a", Counter{Count: 3}, store.At(first.Version))
		assert.ErrorIs(t, err, store.ErrStale)
		assert.ErrorIs(t, counters.Delete(ctx, "a", store.At(first.Version)), store.ErrStale)
		now, _, err := counters.Get(ctx, "a")
		require.NoError(t, err)
		assert.Equal(t, second, now)
	})
}
