package wire

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func twice(n int) int { return 2 * n }

func same[T any](v T) T { return v }

type functor struct{}

func (functor) function() {}

func TestIdentity(t *testing.T) {
	n := 0
	closure := func() { n++ }
	made := reflect.MakeFunc(reflect.TypeFor[func()](), func([]reflect.Value) []reflect.Value { return nil }).Interface()
	for _, row := range []struct {
		name  string
		fn    any
		known bool
	}{
		{"a function", twice, true},
		{"a method expression", functor.function, true},
		{"a closure", closure, false},
		{"a method value", functor{}.function, false},
		{"an instance of a generic function", same[int], false},
		{"a function that reflection made", made, false},
	} {
		f, err := New(row.fn, "main.go:1")
		require.NoError(t, err)
		id, known := f.Identity()
		assert.Equal(t, row.known, known, row.name)
		again, err := New(row.fn, "main.go:1")
		require.NoError(t, err)
		second, _ := again.Identity()
		assert.Equal(t, id, second, row.name)
		if elsewhere, _ := New(row.fn, "main.go:2"); row.known {
			other, _ := elsewhere.Identity()
			assert.NotEqual(t, id, other, "%s, given elsewhere", row.name)
		}
	}
}

// ask asks for its caller behind so many calls of the package.
//
//go:noinline
func ask(pkg string, depth int) string {
	if depth > 0 {
		return ask(pkg, depth-1)
	}
	return Caller(pkg)
}

// However deep the stack is, the place is the same, and it is the same when it is asked again.
func TestCallerBehindManyCalls(t *testing.T) {
	const pkg = "github.com/restmachine/restmachine-go/restmachine/internal/wire_test.go"
	for _, depth := range []int{0, nearby - 1, nearby, nearby + 1, 2 * nearby} {
		for range 2 {
			assert.Regexp(t, `^wire/place_test\.go:\d+$`, ask(pkg, depth), "%d calls", depth)
		}
	}
}
