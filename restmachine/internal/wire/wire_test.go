package wire

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type number int

func double(n number) number { return 2 * n }

func (n number) method() string { return "n" }

// known is a function whose type is registered.
func known(n number) string { return "n" }

func init() {
	Register(func(fn func(number) string) Call {
		return func(args *Args, out *Result) error {
			Put(out, fn(As[number](args.At[0])))
			return nil
		}
	})
}

func TestNew(t *testing.T) {
	f, err := New(double, "main.go:1")
	require.NoError(t, err)
	assert.Equal(t, "wire.double", f.Name)
	assert.Equal(t, "wire.double (main.go:1)", f.String())
	assert.Equal(t, "func(wire.number) wire.number", f.Signature())
	assert.Equal(t, reflect.TypeFor[number](), f.Returns())
	assert.False(t, f.Err)
	assert.False(t, f.IsDirect())

	type named func(number) string
	for _, fn := range []any{known, named(known), number.method} {
		f, err = New(fn, "main.go:1")
		require.NoError(t, err)
		assert.True(t, f.IsDirect(), "%T", fn)
		assert.Equal(t, reflect.TypeFor[func(number) string](), f.Type(), "%T", fn)
	}

	f, err = New(func() error { return nil }, "")
	require.NoError(t, err)
	assert.True(t, f.Err, "a last error is no result")
	assert.Nil(t, f.Returns())
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name string
		fn   any
		says string
	}{
		{"nil", nil, "nil is not a function"},
		{"a number", 7, "7 of type int is not a function"},
		{"a value, which may be a secret", []string{"hunter22"}, "a value of type []string is not a function"},
		{"an error, which says why there is no function", errors.New("no such folder"), "an error is not a function: no such folder"},
		{"a nil function", (func())(nil), "the func() is nil"},
		{"a variadic one", func(...int) {}, "variadic"},
		{"three results", func() (a, b, c int) { return }, "3 results"},
	}
	for _, test := range tests {
		_, err := New(test.fn, "")
		require.Error(t, err, test.name)
		assert.Contains(t, err.Error(), test.says, test.name)
	}
}

// invoke calls f with values.
func invoke(f *Func, values []any, out *Result) error {
	var args Args
	args.More = values[copy(args.At[:], values):]
	return f.Invoke(&args, out)
}

func TestCall(t *testing.T) {
	failed := errors.New("failed")
	day := time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)
	three := number(3)
	tests := []struct {
		name          string
		fn            any
		args          []any
		first, second any
		err           error
		reason        string
	}{
		{"a value", double, []any{three}, number(6), nil, nil, "as it is"},
		{"a pointer to it", double, []any{&three}, number(6), nil, nil, "what is asked for often is given by pointer"},
		{"nil", double, []any{nil}, number(0), nil, nil, "the zero value"},
		{"an interface", func(e error) bool { return e == nil }, []any{nil}, true, nil, nil, "the nil interface"},
		{"a text", func() string { return "x" }, nil, "x", nil, nil, "it has a place of its own"},
		{"a time", func() time.Time { return day }, nil, day, nil, nil, "so has it"},
		{"two results", func() (int, bool) { return 1, true }, nil, 1, true, nil, ""},
		{"an error", func() (int, error) { return 1, failed }, nil, 1, nil, failed, "beside the result"},
		{"nothing", func() {}, nil, nil, nil, nil, ""},
		{"three parameters", func(a, b, c number) number { return 100*a + 10*b + c }, []any{number(1), &three, number(5)}, number(135), nil, nil, ""},
		{"seven parameters", func(_, _, _, _, _, _, g number) number { return g }, []any{three, three, three, three, three, three, number(7)}, number(7), nil, nil, "the seventh stands behind the others"},
		{"a registered type", known, []any{&three}, "n", nil, nil, ""},
	}
	for _, test := range tests {
		f, err := New(test.fn, "")
		require.NoError(t, err, test.name)
		out := Result{Value: "before", Second: "before", text: "before", in: inText}
		assert.Equal(t, test.err, invoke(f, test.args, &out), test.name)
		assert.Equal(t, test.first, out.First(), "%s: %s", test.name, test.reason)
		assert.Equal(t, test.second, out.Second, test.name)
	}
}

// As gives what Argument gives.
func TestAs(t *testing.T) {
	three := number(3)
	f, err := New(double, "")
	require.NoError(t, err)
	for _, v := range []any{three, &three, nil} {
		assert.Equal(t, f.Argument(0, v).Interface(), As[number](v))
	}
	assert.Nil(t, As[error](nil))
}

func TestResult(t *testing.T) {
	type tag string
	var r Result
	Put(&r, tag("x"))
	assert.Equal(t, "x", r.Text(), "any kind of string is a text")
	Put(&r, 7)
	assert.Equal(t, "", r.Text())
	assert.True(t, r.Time().IsZero())
	now := time.Now()
	Put(&r, now)
	assert.Equal(t, now, r.Time())
	assert.Zero(t, testing.AllocsPerRun(100, func() { Put(&r, "text"); Put(&r, now) }), "texts and times are not boxed")
}

func TestCaller(t *testing.T) {
	const pkg = "github.com/restmachine/restmachine-go/restmachine/internal/wire"
	assert.Regexp(t, `^wire/wire_test\.go:\d+$`, Caller(pkg), "a package's own tests count as outside")
	assert.NotContains(t, Caller("testing"), "testing.go", "the nearest outside")
}
