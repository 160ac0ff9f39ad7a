// Each function of the package, and what a function that it registers is given and returns.

package fast_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/fast"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// Parameters of different types, so that the order of arguments is seen.
type (
	pa int
	pb string
	pc float64
	pd bool
	pe []int
	pf struct{ N int }
)

var errArity = errors.New("the error of the function")

// TestEveryArity: arguments arrive in their order, by value and by pointer, and results leave
// in theirs, as by reflection.
func TestEveryArity(t *testing.T) {
	last := ""
	rows := []struct {
		register func()
		fn       any
	}{
		{fast.Call0x0, func() { last = fmt.Sprint() }},
		{fast.Call0x1[string], func() string { return fmt.Sprint() }},
		{fast.Call0x1[error], func() error { return errArity }},
		{fast.Call0x2[string, int], func() (string, int) { return fmt.Sprint(), 7 }},
		{fast.Call0x2[string, error], func() (string, error) { return fmt.Sprint(), errArity }},
		{fast.Call0x3[string, int, error], func() (string, int, error) { return fmt.Sprint(), 7, errArity }},
		{fast.Call1x0[pa], func(a pa) { last = fmt.Sprint(a) }},
		{fast.Call1x1[pa, string], func(a pa) string { return fmt.Sprint(a) }},
		{fast.Call1x1[pa, error], func(a pa) error { return errArity }},
		{fast.Call1x2[pa, string, int], func(a pa) (string, int) { return fmt.Sprint(a), 7 }},
		{fast.Call1x2[pa, string, error], func(a pa) (string, error) { return fmt.Sprint(a), errArity }},
		{fast.Call1x3[pa, string, int, error], func(a pa) (string, int, error) { return fmt.Sprint(a), 7, errArity }},
		{fast.Call2x0[pa, pb], func(a pa, b pb) { last = fmt.Sprint(a, b) }},
		{fast.Call2x1[pa, pb, string], func(a pa, b pb) string { return fmt.Sprint(a, b) }},
		{fast.Call2x1[pa, pb, error], func(a pa, b pb) error { return errArity }},
		{fast.Call2x2[pa, pb, string, int], func(a pa, b pb) (string, int) { return fmt.Sprint(a, b), 7 }},
		{fast.Call2x2[pa, pb, string, error], func(a pa, b pb) (string, error) { return fmt.Sprint(a, b), errArity }},
		{fast.Call2x3[pa, pb, string, int, error], func(a pa, b pb) (string, int, error) { return fmt.Sprint(a, b), 7, errArity }},
		{fast.Call3x0[pa, pb, pc], func(a pa, b pb, c pc) { last = fmt.Sprint(a, b, c) }},
		{fast.Call3x1[pa, pb, pc, string], func(a pa, b pb, c pc) string { return fmt.Sprint(a, b, c) }},
		{fast.Call3x1[pa, pb, pc, error], func(a pa, b pb, c pc) error { return errArity }},
		{fast.Call3x2[pa, pb, pc, string, int], func(a pa, b pb, c pc) (string, int) { return fmt.Sprint(a, b, c), 7 }},
		{fast.Call3x2[pa, pb, pc, string, error], func(a pa, b pb, c pc) (string, error) { return fmt.Sprint(a, b, c), errArity }},
		{fast.Call3x3[pa, pb, pc, string, int, error], func(a pa, b pb, c pc) (string, int, error) { return fmt.Sprint(a, b, c), 7, errArity }},
		{fast.Call4x0[pa, pb, pc, pd], func(a pa, b pb, c pc, d pd) { last = fmt.Sprint(a, b, c, d) }},
		{fast.Call4x1[pa, pb, pc, pd, string], func(a pa, b pb, c pc, d pd) string { return fmt.Sprint(a, b, c, d) }},
		{fast.Call4x1[pa, pb, pc, pd, error], func(a pa, b pb, c pc, d pd) error { return errArity }},
		{fast.Call4x2[pa, pb, pc, pd, string, int], func(a pa, b pb, c pc, d pd) (string, int) { return fmt.Sprint(a, b, c, d), 7 }},
		{fast.Call4x2[pa, pb, pc, pd, string, error], func(a pa, b pb, c pc, d pd) (string, error) { return fmt.Sprint(a, b, c, d), errArity }},
		{fast.Call4x3[pa, pb, pc, pd, string, int, error], func(a pa, b pb, c pc, d pd) (string, int, error) { return fmt.Sprint(a, b, c, d), 7, errArity }},
		{fast.Call5x0[pa, pb, pc, pd, pe], func(a pa, b pb, c pc, d pd, e pe) { last = fmt.Sprint(a, b, c, d, e) }},
		{fast.Call5x1[pa, pb, pc, pd, pe, string], func(a pa, b pb, c pc, d pd, e pe) string { return fmt.Sprint(a, b, c, d, e) }},
		{fast.Call5x1[pa, pb, pc, pd, pe, error], func(a pa, b pb, c pc, d pd, e pe) error { return errArity }},
		{fast.Call5x2[pa, pb, pc, pd, pe, string, int], func(a pa, b pb, c pc, d pd, e pe) (string, int) { return fmt.Sprint(a, b, c, d, e), 7 }},
		{fast.Call5x2[pa, pb, pc, pd, pe, string, error], func(a pa, b pb, c pc, d pd, e pe) (string, error) { return fmt.Sprint(a, b, c, d, e), errArity }},
		{fast.Call5x3[pa, pb, pc, pd, pe, string, int, error], func(a pa, b pb, c pc, d pd, e pe) (string, int, error) { return fmt.Sprint(a, b, c, d, e), 7, errArity }},
		{fast.Call6x0[pa, pb, pc, pd, pe, pf], func(a pa, b pb, c pc, d pd, e pe, f pf) { last = fmt.Sprint(a, b, c, d, e, f) }},
		{fast.Call6x1[pa, pb, pc, pd, pe, pf, string], func(a pa, b pb, c pc, d pd, e pe, f pf) string { return fmt.Sprint(a, b, c, d, e, f) }},
		{fast.Call6x1[pa, pb, pc, pd, pe, pf, error], func(a pa, b pb, c pc, d pd, e pe, f pf) error { return errArity }},
		{fast.Call6x2[pa, pb, pc, pd, pe, pf, string, int], func(a pa, b pb, c pc, d pd, e pe, f pf) (string, int) { return fmt.Sprint(a, b, c, d, e, f), 7 }},
		{fast.Call6x2[pa, pb, pc, pd, pe, pf, string, error], func(a pa, b pb, c pc, d pd, e pe, f pf) (string, error) {
			return fmt.Sprint(a, b, c, d, e, f), errArity
		}},
		{fast.Call6x3[pa, pb, pc, pd, pe, pf, string, int, error], func(a pa, b pb, c pc, d pd, e pe, f pf) (string, int, error) {
			return fmt.Sprint(a, b, c, d, e, f), 7, errArity
		}},
	}
	var args wire.Args
	number := pa(1)
	for i, v := range []any{&number, pb("two"), pc(3.5), true, pe{5}, &pf{6}} {
		args.At[i] = v
	}
	args.At[3] = pd(true)
	for _, row := range rows {
		var want, got wire.Result
		reflected, err := wire.New(row.fn, "here")
		require.NoError(t, err)
		require.False(t, reflected.IsDirect(), "%T is registered already", row.fn)
		wantErr := reflected.Invoke(&args, &want)
		wantLast := last
		last = "not called"

		row.register()
		row.register() // again: it is nothing
		known, err := wire.New(row.fn, "here")
		require.NoError(t, err)
		require.True(t, known.IsDirect(), "%T", row.fn)
		gotErr := known.Invoke(&args, &got)

		assert.Equal(t, wantErr, gotErr, "%T", row.fn)
		assert.Equal(t, want.First(), got.First(), "%T", row.fn)
		assert.Equal(t, want.Second, got.Second, "%T", row.fn)
		if known.Returns() == nil && !known.Err {
			assert.Equal(t, wantLast, last, "%T", row.fn)
		}
	}
}
