// These tests check IDs: their text, the names of places, and answers as text.

package decision

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every number is either an ID whose name reads back as the same number, or an error
// when it is written.
func TestIDRoundTrip(t *testing.T) {
	places := 0
	for n := range 1 << 16 {
		id := ID(n)
		text, err := id.MarshalText()
		if err != nil {
			assert.False(t, id.IsStatus() || id.Column() != 0 && id.Row() != 0, "%d", n)
			continue
		}
		var back ID
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, id, back, "%s", text)
		require.Equal(t, id.String(), string(text))
		if !id.IsStatus() {
			places++
		}
	}
	assert.Equal(t, 26*maxRow*(maxSub+1), places)
}

func TestIDCoordinates(t *testing.T) {
	for _, tt := range []struct {
		id       ID
		name     string
		col      byte
		row, sub int
		status   bool
	}{
		{B3, "B3", 'B', 3, 0, false},
		{B13, "B13", 'B', 13, 0, false},
		{G7b, "G7b", 'G', 7, 2, false},
		{P21, "P21", 'P', 21, 0, false},
		{100, "100", 0, 0, 0, true},
		{304, "304", 0, 0, 0, true},
		{599, "599", 0, 0, 0, true},
		{0, "ID(0)", 0, 0, 0, false},
		{600, "ID(600)", 0, 0, 0, false},
		{'G' << colBits, "ID(18176)", 'G', 0, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.name, tt.id.String())
			assert.Equal(t, tt.col, tt.id.Column())
			assert.Equal(t, tt.row, tt.id.Row())
			assert.Equal(t, tt.sub, tt.id.Sub())
			assert.Equal(t, tt.status, tt.id.IsStatus())
		})
	}
}

// noIDs are texts that look like an ID and are not IDs, with the reason.
var noIDs = map[string]string{
	"":                      "nothing",
	"B":                     "no row",
	"13":                    "no column, and no status",
	"b13":                   "columns are capital letters",
	"B0":                    "rows begin at 1",
	"B32":                   "rows end at 31",
	"B03":                   "a second way to write B3",
	"B+3":                   "a sign",
	"B13h":                  "sub-rows end at g",
	"B13A":                  "sub-rows are small letters",
	"B13ab":                 "one sub-row at the most",
	"Gb":                    "a sub-row of nothing",
	"099":                   "no status",
	"600":                   "beyond the statuses",
	"+304":                  "a second way to write 304",
	"304 ":                  "a space",
	"Ä1":                    "no letter of ours",
	"ID(0)":                 "what String says of no ID",
	"B99999999999999999999": "overflow",
}

func TestIDRefusesOtherText(t *testing.T) {
	for text, reason := range noIDs {
		id := B13
		assert.Error(t, id.UnmarshalText([]byte(text)), "%q: %s", text, reason)
		assert.Equal(t, B13, id, "%q: a refused text changes nothing", text)
	}
}

func FuzzID(f *testing.F) {
	for text := range noIDs {
		f.Add(text)
	}
	for id := range HTTP {
		f.Add(id.String())
	}
	f.Fuzz(func(t *testing.T, text string) {
		var id ID
		if id.UnmarshalText([]byte(text)) != nil {
			return
		}
		back, err := id.MarshalText()
		require.NoError(t, err)
		require.Equal(t, text, string(back))
	})
}

func TestAnswerText(t *testing.T) {
	for _, a := range []Answer{No, Yes, Status(100), Status(412), Status(599)} {
		text, err := a.MarshalText()
		require.NoError(t, err)
		var back Answer
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, a, back)
	}
	for _, text := range []string{"", "Yes", "true", "1", "0", "99", "600", "+200", "0500", "-1"} {
		a := Yes
		assert.Error(t, a.UnmarshalText([]byte(text)), "%q", text)
		assert.Equal(t, Yes, a, "%q", text)
	}
}

// A code that is not a status must end the walk. It must never be taken for a yes or
// a no.
func TestStatusOfNoCodeIs500(t *testing.T) {
	for _, code := range []int{-32768, -1, 0, 1, 2, 99, 600, 1000, 1 << 16, 1<<16 + 1} {
		assert.Equal(t, Answer(500), Status(code), "%d", code)
	}
}
