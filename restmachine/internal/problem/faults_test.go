package problem

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// a wrapper of Faults, as the public Invalid is one.
type wrapper struct{ inner Faults }

func (w *wrapper) Error() string { return w.inner.Error() }
func (w *wrapper) Unwrap() error { return &w.inner }

func faults(pairs ...string) error {
	var w wrapper
	for i := 0; i < len(pairs); i += 2 {
		w.inner.Add(pairs[i], pairs[i+1])
	}
	return &w
}

func TestFaultsOfErrors(t *testing.T) {
	plain := errors.New("is odd")
	for _, row := range []struct {
		err  error
		want string
		why  string
	}{
		{nil, "", "nothing is wrong"},
		{plain, "/at: is odd", "any error, by its text"},
		{faults(), "", "nothing was added"},
		{faults("", "x"), "/at: x", "the value as a whole is what the pointer leads to"},
		{faults("/a", "x", "b/1", "y"), "/at/a: x; /at/b/1: y", "one by one, each below"},
		{fmt.Errorf("order 7: %w", faults("/a", "x")), "/at/a: x", "what wraps an Invalid only leads to it"},
		{errors.Join(plain, faults("/a", "x")), "/at: is odd; /at/a: x", "joined"},
		{errors.Join(plain, plain), "/at: is odd; /at: is odd", "each of what was joined"},
		{fmt.Errorf("%w, and %w", plain, plain), "/at: is odd, and is odd", "two errors that make one sentence"},
		{fmt.Errorf("%w, and %w", plain, faults("/a", "x")), "/at: is odd; /at/a: x", "but an Invalid is taken out of it"},
		{errors.Join(errors.Join(faults("/a", "x")), fmt.Errorf("%w", errors.Join(faults("/b", "y"), nil))), "/at/a: x; /at/b: y", "however deep"},
	} {
		var all Faults
		all.At("at", row.err)
		assert.Equal(t, row.want, all.Error(), row.why)
	}
	var all Faults
	all.At("/at", fmt.Errorf("wrapped: %w", plain))
	all.At("/at", &all)
	assert.Equal(t, "/at: wrapped: is odd; /at/at: wrapped: is odd", all.Error(), "even itself")
	assert.ErrorIs(t, &all, plain)
}

func TestFaultsAreLimited(t *testing.T) {
	var one, all Faults
	for i := range 150 {
		one.Add(fmt.Sprint(i), "x")
	}
	all.Add("/first", strings.Repeat("ö", 1000))
	all.At("/at", &one)
	fields := all.Fields(true)
	assert.Equal(t, 151, all.Len())
	assert.Len(t, fields, 100)
	assert.Equal(t, Field{Pointer: "#/at/98", Detail: "x"}, fields[99])
	assert.Equal(t, "it has 151 errors; the first 100 are listed", all.Detail("it", fields))
	assert.True(t, strings.HasSuffix(all.Error(), "; and 51 more"))
	assert.LessOrEqual(t, len(fields[0].Detail), 303)
	assert.True(t, utf8.ValidString(fields[0].Detail), "cut between characters")

	var long Faults
	long.Add(strings.Repeat("/a", 1000), "x")
	assert.Len(t, long.Fields(true)[0].Pointer, 303)
	assert.Len(t, long.Fields(false)[0].Parameter, 1)
}

// TestTextListsErrors: several errors stand in lines; one is in the detail. Any list of what
// has a String will do.
func TestTextListsErrors(t *testing.T) {
	two := []Field{{Pointer: "#/a", Detail: "x"}, {Parameter: "page", Detail: "y"}, {Detail: "z"}}
	d := &Details{Status: 422, Title: "T", Detail: "D", Extensions: map[string]any{"errors": two}}
	assert.Equal(t, "422 T\nD\n#/a: x\npage: y\nz\n", d.Text())
	d.Extensions["errors"] = two[:1]
	assert.Equal(t, "422 T\nD\n", d.Text())
	d.Extensions["errors"] = []any{two[0], 7, nil}
	assert.Equal(t, "422 T\nD\n#/a: x\n", d.Text())
	for _, other := range []any{nil, 7, "text", map[string]int{"a": 1}} {
		d.Extensions["errors"] = other
		assert.Equal(t, "422 T\nD\n", d.Text())
	}
}
