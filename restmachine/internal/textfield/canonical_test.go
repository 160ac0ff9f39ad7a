// Which texts stand for one value: which are refused where one value has one text, and what
// the canonical form of the others is.

package textfield

import (
	"encoding/hex"
	"errors"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"testing/quick"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type (
	number int
	ratio  float64
	folded string // reads its text in any case
	mute   struct{ s string }
	code   [4]byte
	stamp  struct{ time.Time }
	lapse  struct{ stamp }
	day    time.Time
)

func (f *folded) UnmarshalText(b []byte) error {
	*f = folded(strings.ToLower(string(b)))
	return nil
}

func (d *day) UnmarshalText(b []byte) error { return (*time.Time)(d).UnmarshalText(b) }
func (d day) MarshalText() ([]byte, error)  { return time.Time(d).MarshalText() }

func (m *mute) UnmarshalText(b []byte) error { m.s = string(b); return nil }

func (c *code) UnmarshalText(b []byte) error {
	if n, err := hex.Decode(c[:], b); err != nil || n != len(c) {
		return errors.New("a code has eight digits")
	}
	return nil
}

func (c code) MarshalText() ([]byte, error) {
	if c == (code{}) {
		return nil, errors.New("the zero code has no text")
	}
	return []byte(hex.EncodeToString(c[:])), nil
}

type fieldsOf[T any] struct {
	V T `path:"v"`
}

func textsOf[T any](t *testing.T) (exact func(text string) error, form *Canonical, err error) {
	typ := reflect.TypeFor[fieldsOf[T]]()
	fields, wrong := Of(typ, Path)
	require.NoError(t, wrong)
	form, err = fields.Canonical("v")
	return func(text string) error {
		if _, unfit := fields.FillExactly(typ, func(string) []string { return []string{text} }); unfit != nil {
			return unfit[0]
		}
		return nil
	}, form, err
}

// testOneText: of a type with one text for each value, good are read and bad are not.
func testOneText[T any](t *testing.T, good, bad []string) {
	t.Run(reflect.TypeFor[T]().String(), func(t *testing.T) {
		exact, form, err := textsOf[T](t)
		require.NoError(t, err)
		assert.Nil(t, form, "each value has one text")
		for _, text := range good {
			assert.NoError(t, exact(text), "%q", text)
		}
		for _, text := range bad {
			var unfit *Unfit
			if assert.ErrorAs(t, exact(text), &unfit) {
				assert.Equal(t, Unfit{Name: "v", Text: text, Err: unfit.Err}, *unfit)
			}
		}
	})
}

func TestOneTextForEachValue(t *testing.T) {
	aliases := []string{"", "01", "+1", "-0", "00", " 1", "1 ", "1_0", "0x1", "1.0", "-01", "--1", "-", "+", "१"}
	testOneText[int](t, []string{"0", "1", "-1", "10", "-10", "9223372036854775807", "-9223372036854775808"}, append(aliases, "9223372036854775808"))
	testOneText[int8](t, []string{"0", "-128", "127"}, append(aliases, "128"))
	testOneText[int64](t, []string{"5"}, aliases)
	testOneText[number](t, []string{"5", "-5"}, aliases)
	testOneText[*int](t, []string{"5"}, aliases)
	testOneText[**number](t, []string{"5"}, aliases)
	testOneText[uint](t, []string{"0", "1", "18446744073709551615"}, append(aliases, "-1"))
	testOneText[uint8](t, []string{"255"}, append(aliases, "256"))
	testOneText[bool](t, []string{"true", "false"}, []string{"", "T", "t", "TRUE", "True", "1", "0", "F", "FALSE"})
	testOneText[string](t, []string{"", "01", "T"}, nil)
}

// A query takes any spelling: it names no resource.
func TestFillTakesAnySpelling(t *testing.T) {
	typ := reflect.TypeFor[fieldsOf[int]]()
	fields, err := Of(typ, Path)
	require.NoError(t, err)
	v, unfit := fields.Fill(typ, func(string) []string { return []string{"+01"} })
	assert.Empty(t, unfit)
	assert.Equal(t, fieldsOf[int]{1}, v)
}

// testForms: all texts of a row have the first one as their canonical form.
func testForms[T any](t *testing.T, rows ...[]string) {
	t.Run(reflect.TypeFor[T]().String(), func(t *testing.T) {
		exact, form, err := textsOf[T](t)
		require.NoError(t, err)
		require.NotNil(t, form)
		assert.True(t, form.Same(form))
		for _, row := range rows {
			for _, text := range row {
				assert.NoError(t, exact(text), "any spelling is read: %q", text)
				got, err := form.Of(text)
				assert.NoError(t, err)
				assert.Equal(t, row[0], got, "of %q", text)
			}
		}
	})
}

func TestCanonicalForms(t *testing.T) {
	floats := [][]string{{"1.5", "1.50", "15e-1", "+1.5", "0x1.8p0", "01.5"}, {"0", "-0", "0.0", "0e9"}, {"+Inf", "inf", "Infinity"}, {"NaN", "nan"}, {"1e+21", "1E21"}}
	testForms[float64](t, floats...)
	testForms[float32](t, append(floats, []string{"0.1", "0.1000000000000001"})...)
	testForms[ratio](t, floats...)
	testForms[*float64](t, floats...)
	testForms[folded](t, []string{"abc", "ABC", "aBc"})
	testForms[code](t, []string{"0a0b0c0d", "0A0B0C0D", "0a0B0c0D"})
	testForms[*code](t, []string{"0a0b0c0d", "0A0B0C0D"})
	testForms[netip.Addr](t, []string{"::1", "0:0:0::1", "::0001"}, []string{"2001:db8::a", "2001:DB8::A", "2001:0db8:0::000a"})
	testForms[netip.Prefix](t, []string{"::/0", "0::/0"})
	testForms[big.Int](t, []string{"7", "+7", "07", "0x7"})
	testForms[*big.Int](t, []string{"7", "+7", "0x7"})
	moments := []string{"2024-01-15T09:00:00Z", "2024-01-15T10:00:00+01:00", "2024-01-15T09:00:00.000Z"}
	testForms[time.Time](t, moments)
	testForms[stamp](t, moments)
	testForms[*stamp](t, moments)
	testForms[lapse](t, moments)
	testForms[day](t, moments)
}

func TestTextsWithoutAForm(t *testing.T) {
	_, form, err := textsOf[code](t)
	require.NoError(t, err)
	got, err := form.Of("not a code")
	assert.NoError(t, err)
	assert.Equal(t, "not a code", got, "what stands for no value is its own form")
	_, err = form.Of("00000000")
	assert.EqualError(t, err, "the zero code has no text")

	_, _, err = textsOf[mute](t)
	assert.ErrorContains(t, err, "textfield.mute reads its text by itself, and has no MarshalText")
}

// The canonical form of a float's text stands for the same float, and is its own form.
func TestFormsStandForTheValue(t *testing.T) {
	_, form, err := textsOf[float64](t)
	require.NoError(t, err)
	require.NoError(t, quick.Check(func(text string) bool {
		once, _ := form.Of(text)
		twice, _ := form.Of(once)
		return once == twice
	}, nil))
}
