// These tests compare lists with what sorting in Go says.

package sqlstore_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/sqlstore"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// pieces are what keys are made of: texts whose order, case or form a collation would change,
// and those that the end of a prefix depends on.
var pieces = []string{"a", "A", "b", "B", "é", "e\u0301", "ß", "ss", "_", "%", " ", "'", "\"", "\\", "0", "10", "2", "\u007f", "\ud7ff", "\ue000", "\U0010ffff", "😀"}

func randomKey() string {
	var b strings.Builder
	for range rand.N(4) {
		b.WriteString(pieces[rand.N(len(pieces))])
	}
	return b.String()
}

// within is Select, said in Go.
func within(keys []string, r sqlstore.Range[string]) (page []string) {
	keys = slices.Sorted(slices.Values(keys))
	if r.Descending {
		slices.Reverse(keys)
	}
	for _, key := range keys {
		switch {
		case !strings.HasPrefix(key, r.Prefix), key < r.From, r.To != "" && key >= r.To:
		case r.After != nil && !r.Descending && key <= *r.After, r.After != nil && r.Descending && key >= *r.After:
		case r.Limit > 0 && len(page) == r.Limit:
		default:
			page = append(page, key)
		}
	}
	return page
}

func TestRangesHaveTheOrderOfGo(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		s := open(t, e.database(t), e)
		known := map[string]bool{}
		for range 150 {
			known[randomKey()] = true
		}
		var keys []string
		for key := range known {
			keys = append(keys, key)
			r, err := s.Put(t.Context(), key, note{Count: len(keys)}, store.Absent())
			require.NoError(t, err, "%q is taken for another key", key)
			assert.Equal(t, key, r.Key)
		}
		for range 300 {
			r := sqlstore.Range[string]{Limit: rand.N(20), Descending: rand.N(2) == 0}
			for _, bound := range []*string{&r.Prefix, &r.From, &r.To} {
				if rand.N(3) == 0 {
					*bound = randomKey()
				}
			}
			if rand.N(3) == 0 {
				r.After = new(randomKey())
			}
			page, err := s.Select(t.Context(), r)
			require.NoError(t, err)
			var got []string
			for _, record := range page {
				got = append(got, record.Key)
			}
			assert.Equal(t, within(keys, r), got, "%+v", r)
		}
	})
}

// A key that the table cannot hold is not there. Writing it is an error that says so.
func TestKeysThatTheTableCannotHold(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		s, ctx := open(t, e.database(t), e), t.Context()
		longest := strings.Repeat("x", sqlstore.MaxKey)
		for _, key := range []string{"", " ", longest} {
			_, err := s.Put(ctx, key, note{}, store.Absent())
			assert.NoError(t, err, "%.10q", key)
			_, ok, err := s.Get(ctx, key)
			assert.NoError(t, err)
			assert.True(t, ok, "%.10q", key)
		}
		for _, key := range []string{"\x00", "a\x00", "\xff", "a\xc3", longest + "x"} {
			_, ok, err := s.Get(ctx, key)
			assert.NoError(t, err)
			assert.False(t, ok, "%.10q", key)
			_, err = s.Put(ctx, key, note{}, store.Any())
			assert.ErrorIs(t, err, sqlstore.ErrKey, "%.10q", key)
			assert.NoError(t, s.Delete(ctx, key, store.Any()))
			assert.NoError(t, s.Delete(ctx, key, store.Absent()))
			assert.ErrorIs(t, s.Delete(ctx, key, store.At(store.NewVersion())), store.ErrStale)
			_, err = s.List(ctx, &key, 1)
			assert.ErrorIs(t, err, sqlstore.ErrKey, "%.10q", key)
		}
	})
}

// The test server may have the collation C anyway.
func TestTheOrderIsThatOfTheTable(t *testing.T) {
	db := postgreSQL.database(t)
	open(t, db, postgreSQL)
	var collation string
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT collname FROM pg_attribute a JOIN pg_collation c
		ON c.oid = a.attcollation WHERE attrelid = 'notes'::regclass AND attname = 'key'`).Scan(&collation))
	assert.Equal(t, "C", collation)
}

// The keys have the order of Go even if K has another name for string.
func TestKeysOfANamedType(t *testing.T) {
	type id string
	onEach(t, func(t *testing.T, e engine) {
		s, err := sqlstore.Open[id, int](t.Context(), e.database(t), e.dialect, "Numbers")
		require.NoError(t, err)
		for i := range 3 {
			_, err := s.Put(t.Context(), id(fmt.Sprint(i)), i, store.Absent())
			require.NoError(t, err)
		}
		page, err := s.Select(t.Context(), sqlstore.Range[id]{From: "1"})
		require.NoError(t, err)
		assert.Len(t, page, 2)
	})
}
