package doubt

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// at is a sighting of one target: a tag and a content.
func at(tag string, sum uint64) *Sighting { return &Sighting{Key: 1, Tag: tag, Sum: sum} }

func tale(tag string, sum uint64) *Sighting {
	s := at(tag, sum)
	s.OneTale = true
	return s
}

func weak(tag string, sum uint64) *Sighting {
	s := at(tag, sum)
	s.Weak = true
	return s
}

func wrote(tag string, sum uint64) *Sighting {
	s := at(tag, sum)
	s.Wrote = true
	return s
}

// TestWhatSightingsShow: each row is what one method of a route shows, in order, and what is said at the end.
// "write" is a write of this App that stands between two sightings.
func TestWhatSightingsShow(t *testing.T) {
	const write = "write"
	for _, row := range []struct {
		name, reason string
		seen         []any
		want         Kind
	}{
		{"nothing changes", "all is well", []any{at("1", 1), at("1", 1), at("1", 1)}, Nothing},
		{"a version that is counted up", "tag and content change together", []any{at("1", 1), at("2", 2), at("3", 3)}, Nothing},
		{"other content, same tag, of one value", "nobody can have written in between", []any{tale("1", 1), tale("1", 2)}, Kept},
		{"the same, asked apart, once", "somebody may have written between the tag and the content", []any{at("1", 1), at("1", 2)}, Nothing},
		{"the same, asked apart, twice", "not twice in a row", []any{at("1", 1), at("1", 2), at("1", 3)}, Kept},
		{"a weak tag", "it promises nothing about bytes", []any{weak("1", 1), weak("1", 2), weak("1", 3)}, Nothing},
		{"a tag that moves, three times", "the content does not", []any{at("1", 1), at("2", 1), at("3", 1), at("4", 1)}, Unsteady},
		{"a tag that moves, twice", "another process may have written and undone it", []any{at("1", 1), at("2", 1), at("3", 1)}, Nothing},
		{"a tag that moves with writes", "each write counts up, whatever it writes", []any{at("1", 1), write, at("2", 1), write, at("3", 1), write, at("4", 1)}, Nothing},
		{"a tag that moves, and content in between", "it begins anew", []any{at("1", 1), at("2", 1), at("3", 1), at("4", 2), at("5", 2), at("6", 2)}, Nothing},
		{"a write that answers what was there", "twice, and the next GET shows something else",
			[]any{wrote("1", 1), at("2", 2), wrote("2", 2), at("3", 3)}, Older},
		{"the same, once", "another writer may have been faster", []any{wrote("1", 1), at("2", 2)}, Nothing},
		{"the same, and others write in between", "what they wrote is what the GETs show",
			[]any{wrote("1", 1), write, at("2", 2), wrote("2", 2), write, at("3", 3)}, Nothing},
		{"a write that changes nothing", "the GET shows the same", []any{wrote("1", 1), at("1", 1), wrote("1", 1), at("2", 2)}, Nothing},
	} {
		t.Run(row.name, func(t *testing.T) {
			var table Table
			said := Nothing
			for _, s := range row.seen {
				if s == write {
					table.Begin()
					table.End()
					continue
				}
				s := s.(*Sighting)
				if s.Wrote {
					table.Begin()
				}
				k, _, _ := table.See(0, 1, s, true)
				if s.Wrote {
					table.End()
				}
				said = max(said, k)
			}
			assert.Equal(t, row.want, said, row.reason)
		})
	}
}

// TestAnotherTargetIsAnotherStory: what one target shows says nothing about another one.
func TestAnotherTargetIsAnotherStory(t *testing.T) {
	var table Table
	for key := range uint64(100) {
		k, _, _ := table.See(0, 1, &Sighting{Key: key, Tag: "1", Sum: key, OneTale: true}, false)
		assert.Equal(t, Nothing, k)
	}
}

// TestAWriteUnderWay: while another write is under way, nothing is known.
func TestAWriteUnderWay(t *testing.T) {
	var table Table
	table.Begin()
	for i := range 5 {
		k, _, _ := table.See(0, 1, at(string(rune('a'+i)), 1), true)
		assert.Equal(t, Nothing, k)
	}
}

// TestLooksEnd: a method that shows nothing odd is left alone, until a write asks for a look.
func TestLooksEnd(t *testing.T) {
	var table Table
	assert.True(t, table.LooksAt(0), "nobody has looked yet")
	looks := 0
	for ; table.LooksAt(0); looks++ {
		table.See(0, 1, at("1", 1), false)
	}
	assert.Equal(t, enough+1, looks)
	for again := range maxAgain {
		table.LookAgain(0)
		assert.True(t, table.LooksAt(0), "the %d. time", again)
		for table.LooksAt(0) {
			table.See(0, 1, at("1", 1), false)
		}
	}
	table.LookAgain(0)
	assert.False(t, table.LooksAt(0), "not for ever")
}

// TestEachMistakeIsToldOnce, for each method.
func TestEachMistakeIsToldOnce(t *testing.T) {
	var table Table
	var wg sync.WaitGroup
	told := make(chan bool, 100)
	for range 100 {
		wg.Go(func() { told <- table.Says(1, 2, Kept) })
	}
	wg.Wait()
	close(told)
	first := 0
	for is := range told {
		if is {
			first++
		}
	}
	assert.Equal(t, 1, first)
	assert.True(t, table.Says(1, 2, Older), "another mistake")
	assert.True(t, table.Says(0, 2, Kept), "another method")
}

// TestLongWaitsAreToldSeldom: the 1st, the 10th and the 100th.
func TestLongWaitsAreToldSeldom(t *testing.T) {
	var table Table
	var told []int
	for range 1000 {
		if n, says := table.Waited("PUT /a", "PUT /b"); says {
			told = append(told, n)
		}
	}
	assert.Equal(t, []int{1, 10, 100, 1000}, told)
	_, says := table.Waited("PUT /b", "PUT /a")
	assert.True(t, says, "another pair")
}

// TestArmed: one look for each Arm.
func TestArmed(t *testing.T) {
	var table Table
	assert.False(t, table.Armed(0))
	table.Arm(0, 1)
	assert.True(t, table.Armed(0))
	assert.False(t, table.Armed(0))
}

// TestSuspects: the first writes whose tags stay, then some, and none after one was told.
func TestSuspects(t *testing.T) {
	var table Table
	looked := 0
	for range 10 * maxWrites {
		if table.Suspects(0, 1) {
			looked++
		}
	}
	assert.Equal(t, maxWrites+9, looked)
	table.Silence(0, 1)
	assert.False(t, table.Suspects(0, 1))
}
