// These tests check small histories whose verdicts are known.

package history

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// at makes an operation of a client, from one time to another.
func at(call, back time.Duration, in Input, out Output) Operation {
	in.Key = "k"
	return Operation{Client: int(call) % 3, Input: in, Output: out, Call: call, Return: back}
}

var (
	one, two = Pair{1, -1}, Pair{2, -2}
	get      = Input{Method: "GET"}
	putOne   = Input{Method: "PUT", Set: one}
	created  = at(0, 1, putOne, Output{201, `"1"`, one})
	lost     = Output{}
)

func guarded(method, tag string, set Pair) Input {
	return Input{Method: method, IfMatch: tag, Set: set}
}

func TestVerdicts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		legal bool
		all   []Operation
	}{
		{"a read of what was written", true, []Operation{created, at(2, 3, get, Output{200, `"1"`, one})}},
		{"a read of nothing, after a write", false, []Operation{created, at(2, 3, get, Output{Status: 404})}},
		{"the same at the same time", true, []Operation{created, at(0, 3, get, Output{Status: 404})}},
		{"a tag of its own in each answer", false, []Operation{created, at(2, 3, get, Output{200, `"2"`, one})}},
		{"not modified", true, []Operation{created, at(2, 3, Input{Method: "GET", IfNoneMatch: `"1"`}, Output{304, `"1"`, Pair{}})}},
		{"a stale 304", false, []Operation{created,
			at(2, 3, guarded("PUT", `"1"`, two), Output{200, `"2"`, two}),
			at(4, 5, Input{Method: "GET", IfNoneMatch: `"1"`}, Output{304, `"1"`, Pair{}})}},
		{"two writes over one tag", false, []Operation{created,
			at(2, 4, guarded("PUT", `"1"`, two), Output{200, `"2"`, two}),
			at(3, 5, guarded("PUT", `"1"`, Pair{3, -3}), Output{200, `"3"`, Pair{3, -3}})}},
		{"a write over one tag, and a refused one", true, []Operation{created,
			at(2, 4, guarded("PUT", `"1"`, two), Output{200, `"2"`, two}),
			at(3, 5, guarded("PUT", `"1"`, Pair{3, -3}), Output{Status: 412})}},
		{"refused for nothing", false, []Operation{created, at(2, 3, guarded("PUT", `"1"`, two), Output{Status: 412})}},
		{"refused for something", false, []Operation{created, at(2, 3, guarded("PUT", "*", two), Output{Status: 412})}},
		{"overtaken again and again", true, []Operation{created, at(2, 3, guarded("PUT", "*", two), Output{Status: 409})}},
		{"overtaken once, under a tag", false, []Operation{created, at(2, 3, guarded("PUT", `"1"`, two), Output{Status: 409})}},
		{"overtaken by a deletion", true, []Operation{created, at(2, 4, Input{Method: "DELETE"}, Output{Status: 204}),
			at(3, 5, guarded("PATCH", `"1"`, two), Output{Status: 412})}},
		{"two creations", false, []Operation{
			at(0, 2, Input{Method: "PUT", IfNoneMatch: "*", Set: one}, Output{201, `"1"`, one}),
			at(1, 3, Input{Method: "PUT", IfNoneMatch: "*", Set: two}, Output{201, `"2"`, two})}},
		{"a patch of what another patch has replaced", false, []Operation{created,
			at(2, 3, Input{Method: "PATCH", Set: two}, Output{200, `"2"`, Pair{1, -2}}),
			at(4, 5, Input{Method: "PATCH", Set: Pair{3, -3}}, Output{200, `"3"`, Pair{2, -3}})}},
		{"a tag that comes back", false, []Operation{created,
			at(2, 3, Input{Method: "DELETE"}, Output{Status: 204}),
			at(4, 5, Input{Method: "PUT", Set: two}, Output{201, `"1"`, two})}},
		{"a deletion that is seen again", false, []Operation{created,
			at(2, 3, Input{Method: "DELETE"}, Output{Status: 204}),
			at(4, 5, get, Output{200, `"1"`, one})}},
		{"a precondition is demanded", true, []Operation{created, at(2, 3, Input{Method: "DELETE", Demanding: true}, Output{Status: 428})}},
		{"a precondition is demanded, and not told", false, []Operation{created, at(2, 3, Input{Method: "DELETE", Demanding: true}, Output{Status: 204})}},
		{"a lost answer to a write that took place", true, []Operation{at(0, 1, putOne, lost), at(2, 3, get, Output{200, `"1"`, one})}},
		{"a lost answer to a write that never did", true, []Operation{at(0, 1, putOne, lost), at(2, 3, get, Output{Status: 404})}},
		{"a lost answer to a write that takes place late", true, []Operation{at(0, 1, putOne, lost),
			at(2, 3, get, Output{Status: 404}), at(4, 5, get, Output{200, `"1"`, one})}},
		{"but not twice", false, []Operation{at(0, 1, putOne, lost),
			at(2, 3, get, Output{200, `"1"`, one}), at(4, 5, Input{Method: "DELETE"}, Output{Status: 204}),
			at(6, 7, get, Output{200, `"2"`, one})}},
		{"nor before it was sent", false, []Operation{at(4, 5, putOne, lost), at(2, 3, get, Output{200, `"1"`, one})}},
		{"others were faster", true, []Operation{created, at(2, 3, Input{Method: "PATCH", Set: two}, Output{Status: 409})}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := Check(tt.all, time.Minute, t.TempDir())
			assert.Equal(t, tt.legal, len(r.Illegal) == 0, r.Illegal)
			assert.Zero(t, r.Undecided)
			assert.Equal(t, len(tt.all), r.Operations)
		})
	}
}

// TestKeysAreCheckedApart: only the history that is wrong is printed, and drawn.
func TestKeysAreCheckedApart(t *testing.T) {
	folder := t.TempDir()
	other := created
	other.Input.Key = "other"
	r := Check([]Operation{created, other, at(2, 3, get, Output{Status: 404})}, time.Minute, folder)
	assert.Equal(t, 2, r.Keys)
	require.Len(t, r.Illegal, 1)
	assert.True(t, strings.HasPrefix(r.Illegal[0], "k: "), r.Illegal[0])
	assert.Contains(t, r.Illegal[0], `0: PUT a=1 b=-1 -> 201 a=1 b=-1 "1"`)
	files, err := filepath.Glob(filepath.Join(folder, "*.html"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	assert.Contains(t, string(text), "<html")
}
