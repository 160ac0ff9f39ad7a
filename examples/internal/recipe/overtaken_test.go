package recipe

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/store"
)

// TestOvertaken: the first Get returns what was there before the other process wrote.
func TestOvertaken(t *testing.T) {
	inner := new(store.Memory[string, int])
	s := Overtaken(inner, func() {
		_, err := inner.Put(t.Context(), "a", 1, store.Any())
		require.NoError(t, err)
	})
	_, ok, err := s.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.False(t, ok)
	_, err = s.Put(t.Context(), "a", 2, store.Absent())
	assert.ErrorIs(t, err, store.ErrStale)
	r, _, err := s.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, 1, r.Value)
}
