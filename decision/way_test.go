// These tests check the ways to a status: each is a walk, and no shorter one leads there.

package decision

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEachStatusHasAWay(t *testing.T) {
	for _, status := range HTTP.Statuses() {
		ends := HTTP.Before(status)
		require.NotEmpty(t, ends, "%v", status)
		for _, last := range append(ends, 0) {
			way := HTTP.Way(status, last)
			require.NotEmpty(t, way, "to %v at %v", status, last)
			at := Start
			for _, e := range way {
				require.Equal(t, at, e.ID, "to %v at %v: the way has a gap", status, last)
				at = HTTP[e.ID].next(e.Answer)
			}
			assert.Equal(t, status, at, "at %v", last)
			if last != 0 {
				assert.Equal(t, last, way[len(way)-1].ID)
			}
		}
	}
}

// What a request says at one row holds at the next: who says that a required precondition is
// there stops at a question about preconditions before the write.
func TestAWayKeepsItsWord(t *testing.T) {
	g := Graph{
		G7:  {G7d, 404, "Exists?"},
		G7d: {428, G8, "Required precondition missing?"},
		G8:  {G9, H10, "If-Match?"},
		G9:  {I12, 412, "If-Match: *?"},
		H10: {H11, I12, "If-Unmodified-Since?"},
		H11: {I12, I12, "HTTP-date, and Last-Modified known?"},
		I12: {I13, O15, "If-None-Match?"},
		I13: {412, O15, "If-None-Match: *?"},
		O15: {204, 500, "Write!"},
	}
	require.NoError(t, g.Check(G7))
	assert.Equal(t, []Edge{{G7, Yes}, {G7d, No}, {G8, Yes}, {G9, Yes}, {I12, No}, {O15, Yes}}, g.Way(204, 0))
	assert.Nil(t, g.Way(304, 0), "nothing leads there")
	assert.Nil(t, g.Way(204, I13), "nothing leads there from this row")
	assert.Nil(t, Graph{}.Way(204, 0), "a graph without rows")
	assert.Equal(t, []ID{G9, I13}, g.Before(412))
	assert.Equal(t, []ID{204, 404, 412, 428, 500}, g.Statuses())
}

// Words belong to rows that exist. An answer that only the service decides has none.
func TestHow(t *testing.T) {
	for id := range hows {
		assert.Contains(t, HTTP, id)
	}
	assert.Equal(t, "send If-Match", Edge{G8, Yes}.How())
	assert.Equal(t, "send no If-Match", Edge{G8, No}.How())
	assert.Empty(t, Edge{O15, Yes}.How(), "only the service decides")
	assert.Empty(t, Edge{999, Yes}.How())
}
