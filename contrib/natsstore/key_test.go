package natsstore

import (
	"cmp"
	"math"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
)

var allowed = regexp.MustCompile(`^[-/_=a-zA-Z0-9]+$`)

func TestKeysOfText(t *testing.T) {
	for text, token := range map[string]string{
		"":      "-",
		"a1B":   "a1B",
		"post7": "post7",
		"a-b.c": "a-2Db-2Ec",
		"a/b":   "a-2Fb",
		"z":     "z7A",
		"_x>*":  "_5Fx=3E-2A",
		"ü":     "zC3zBC",
		"\x00":  "-00",
	} {
		assert.Equal(t, token, encode(text))
	}
}

// FuzzKeys: keys come back, have the order of their spellings, and are what NATS allows.
func FuzzKeys(f *testing.F) {
	for _, text := range []string{"", "a", "z", "-", "a b", "A_", "é", "\xff", "9:", "zz", "-00"} {
		f.Add(text, "b"+text)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := encode(a), encode(b)
		assert.Regexp(t, allowed, x)
		assert.Equal(t, cmp.Compare(a, b), cmp.Compare(x, y), "%q and %q", x, y)
		back, ok := decode[string](x)
		assert.True(t, ok)
		assert.Equal(t, a, back)
		if back, ok := decode[string](a); ok { // a as a token that another program chose
			assert.Equal(t, a, encode(back))
		}
	})
}

func TestKeysOfIntegers(t *testing.T) {
	type id int16
	for i, n := range []id{math.MinInt16, -256, -1, 0, 1, 15, 16, math.MaxInt16} {
		back, ok := decode[id](encode(n))
		assert.True(t, ok)
		assert.Equal(t, n, back)
		if i > 0 {
			assert.Less(t, encode(id(math.MinInt16)), encode(n))
			assert.Less(t, encode(n-1), encode(n))
		}
	}
	assert.Less(t, encode(uint64(math.MaxInt64)), encode(uint64(math.MaxUint64)))
	back, ok := decode[uint8](encode(uint8(200)))
	assert.True(t, ok)
	assert.Equal(t, uint8(200), back)
}

func TestOtherTokens(t *testing.T) {
	for _, token := range []string{"a-b", "-", "-2", "-2d", "-61", "zZZ", "a.b"} {
		_, ok := decode[string](token)
		assert.Equal(t, token == "-", ok, token)
	}
	for _, token := range []string{"", "1", "00000000000000ff", "80000000000000FFF", "FFFFFFFFFFFFFFFF"} {
		_, ok := decode[int8](token)
		assert.False(t, ok, token)
	}
}
