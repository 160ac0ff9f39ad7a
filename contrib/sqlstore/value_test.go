// These tests check which values come back as they were written.

package sqlstore_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/sqlstore"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// roundTrip writes a value, and checks that Put and Get return it.
func roundTrip[V any](t *testing.T, e engine, value, want V) {
	t.Helper()
	s, err := sqlstore.Open[string, V](t.Context(), e.database(t), e.dialect, "things")
	require.NoError(t, err)
	wrote, err := s.Put(t.Context(), "k", value, store.Absent())
	require.NoError(t, err)
	got, _, err := s.Get(t.Context(), "k")
	require.NoError(t, err)
	assert.Equal(t, want, wrote.Value)
	assert.Equal(t, want, got.Value)
}

func TestValuesComeBack(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		big := strings.Repeat("0123456789abcdef", 1<<18) // 4 MiB
		roundTrip(t, e, big, big)
		roundTrip(t, e, "NUL \x00, and '\"\\ 😀", "NUL \x00, and '\"\\ 😀")
		roundTrip(t, e, []byte{0, 255}, []byte{0, 255})
		roundTrip[*int](t, e, nil, nil)
		roundTrip(t, e, json.RawMessage(`{"b":1.0,"a":12345678901234567890123}`), json.RawMessage(`{"b":1.0,"a":12345678901234567890123}`))
		roundTrip(t, e, time.Unix(1, 123456789).UTC(), time.Unix(1, 123456789).UTC())
		// No digit is lost in an interface, though the type changes.
		roundTrip(t, e, map[string]any{"n": int64(9007199254740993)}, map[string]any{"n": json.Number("9007199254740993")})
	})
}

func TestValuesThatCannotBeWrittenOrRead(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		db := e.database(t)
		functions, err := sqlstore.Open[string, any](t.Context(), db, e.dialect, "things")
		require.NoError(t, err)
		_, err = functions.Put(t.Context(), "k", func() {}, store.Any())
		var unsupported *json.UnsupportedTypeError
		assert.ErrorAs(t, err, &unsupported)

		_, err = functions.Put(t.Context(), "k", map[string]any{"a": "text", "b": 1}, store.Any())
		require.NoError(t, err)
		type narrow struct{ B int }
		ignores, err := sqlstore.Open[string, narrow](t.Context(), db, e.dialect, "things")
		require.NoError(t, err)
		r, _, err := ignores.Get(t.Context(), "k")
		assert.NoError(t, err, "unknown members are ignored")
		assert.Equal(t, narrow{1}, r.Value)

		numbers, err := sqlstore.Open[string, int](t.Context(), db, e.dialect, "things")
		require.NoError(t, err)
		_, _, err = numbers.Get(t.Context(), "k")
		assert.ErrorContains(t, err, `the value of "k" in things cannot be read`)
		var mismatch *json.UnmarshalTypeError
		assert.ErrorAs(t, err, &mismatch)
	})
}

// The clock of the machine went back, or another machine wrote the row with a clock that is
// ahead. A later version still has a date that is not earlier.
func TestModifiedStaysWhereTheClockWentBack(t *testing.T) {
	ahead := time.Date(2999, 1, 2, 3, 4, 5, 678901000, time.UTC)
	onEach(t, func(t *testing.T, e engine) {
		db := e.database(t)
		s := open(t, db, e)
		before := time.Now().Add(-time.Minute)
		r, err := s.Put(t.Context(), "k", note{}, store.Absent())
		require.NoError(t, err)
		assert.WithinRange(t, r.Modified, before, time.Now().Add(time.Minute))
		assert.Equal(t, time.UTC, r.Modified.Location())
		if e.dialect == sqlstore.SQLite {
			execute(t, db, "UPDATE notes SET modified = ?1", ahead.UnixMicro())
		} else {
			execute(t, db, "UPDATE notes SET modified = $1", ahead)
		}
		for _, expect := range []store.Expect{store.At(r.Version), store.Any()} {
			r, err := s.Put(t.Context(), "k", note{}, expect)
			require.NoError(t, err)
			assert.Equal(t, ahead, r.Modified, expect)
		}
	})
}
