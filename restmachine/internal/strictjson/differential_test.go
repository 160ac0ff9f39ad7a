// These tests hold what is read to encoding/json: the same values of the same contents, but
// for contents that break one of the rules that encoding/json does not have.

package strictjson

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// compare reads text into the type of a shape, and once more by encoding/json. It reports
// whether both took it.
func compare(t testing.TB, typ reflect.Type, text string, strict bool) (taken bool) {
	t.Helper()
	got, want := reflect.New(typ), reflect.New(typ)
	gotErr := Rules{Strict: strict}.For(typ).Read([]byte(text), got.Interface())
	wantErr := readByEncodingJSON(text, want.Interface(), strict)
	broken := brokenRule(text)
	switch {
	case gotErr == nil:
		require.NoError(t, wantErr, "%s: encoding/json refuses %q", typ, text)
		require.Empty(t, broken, "%s: %q is taken", typ, text)
		require.Equal(t, want.Interface(), got.Interface(), "%s: %q", typ, text)
		return true
	case wantErr == nil && broken == "":
		require.True(t, isDeliberate(gotErr.Error()), "%s: %q is refused: %v", typ, text, gotErr)
	}
	require.IsType(t, &Error{}, gotErr)
	require.NotEmpty(t, gotErr.Error())
	return false
}

// isDeliberate reports whether we mean to refuse what encoding/json takes. The guide has these
// cases, on its page on JSON.
func isDeliberate(msg string) bool {
	inQuotes := strings.Contains(msg, `must be a number, not "`) || strings.Contains(msg, `must be a whole number, not "`)
	return inQuotes || strings.HasSuffix(msg, "may mean several")
}

func readByEncodingJSON(text string, into any, strict bool) error {
	d := json.NewDecoder(strings.NewReader(text))
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return io.ErrUnexpectedEOF // something follows
	}
	return nil
}

// brokenRule says which of the rules JSON text breaks that encoding/json does not have. It
// uses the tokens of encoding/json.
func brokenRule(text string) string {
	type object struct {
		names []string
		isMap bool
		name  bool // whether the next token is a name
	}
	if !utf8.ValidString(text) {
		return "not UTF-8"
	}
	var open []object
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	for {
		before := d.InputOffset()
		token, err := d.Token()
		if err != nil {
			return "" // the end, or no JSON
		}
		said, isString := token.(string)
		if raw := text[before:d.InputOffset()]; isString && strings.Contains(said, "\ufffd") && hasHalfPair(raw) {
			return "half a surrogate pair"
		}
		top := len(open) - 1
		if token == json.Delim('}') || token == json.Delim(']') {
			open = open[:top]
			continue
		}
		if top >= 0 && open[top].isMap {
			if open[top].name {
				for _, other := range open[top].names {
					if strings.EqualFold(other, said) {
						return "a name twice"
					}
				}
				open[top].names = append(open[top].names, said)
			}
			open[top].name = !open[top].name
		}
		if delim, ok := token.(json.Delim); ok {
			if open = append(open, object{isMap: delim == '{', name: true}); len(open) > MaxDepth {
				return "too deep"
			}
		}
	}
}

// hasHalfPair reports whether a string that is not cut has a U+FFFD that nobody wrote.
func hasHalfPair(raw string) bool {
	var said string
	_ = json.Unmarshal([]byte(raw[strings.IndexByte(raw, '"'):]), &said)
	written := strings.Count(raw, "\ufffd")
	for i := 0; i+6 <= len(raw); i++ {
		if raw[i] == '\\' {
			if strings.EqualFold(raw[i:i+6], `\ufffd`) {
				written++
			}
			i++ // what is escaped is no backslash
		}
	}
	return strings.Count(said, "\ufffd") > written
}

// Random contents are read as encoding/json reads them.
func TestReadsAsEncodingJSON(t *testing.T) {
	const contents = 20_000
	r := rand.New(rand.NewPCG(16, 2))
	taken := map[string]int{}
	for i := range contents {
		s := shapes[i%len(shapes)]
		text := s.content[r.IntN(len(s.content))]
		if r.IntN(20) > 0 {
			text = mutate(r, text)
		}
		if compare(t, s.typ, text, r.IntN(3) == 0) {
			taken[s.name]++
		}
	}
	for _, s := range shapes {
		assert.Greater(t, taken[s.name], 50, s.name)
	}
}

// FuzzRead is the same for any content.
func FuzzRead(f *testing.F) {
	for i, s := range shapes {
		for _, text := range s.content {
			f.Add(byte(i), i%2 == 0, []byte(text))
		}
	}
	for i, row := range accepted {
		f.Add(byte(i), true, []byte(row.text))
	}
	for i, row := range refused {
		f.Add(byte(i), false, []byte(row.text))
	}
	f.Fuzz(func(t *testing.T, shape byte, strict bool, data []byte) {
		before := bytes.Clone(data)
		compare(t, shapes[int(shape)%len(shapes)].typ, string(data), strict)
		require.Equal(t, before, data)
	})
}
