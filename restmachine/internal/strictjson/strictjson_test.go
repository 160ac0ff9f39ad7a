// These tests check which JSON is accepted, and the sentence about the first fault.

package strictjson

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const depth = 4

var accepted = []struct{ name, text, reason string }{
	{"object", `{"a":1,"b":[true,false,null]}`, ""},
	{"scalar", `"x"`, "any value is JSON text, RFC 8259, 2"},
	{"space around", " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n", ""},
	{"numbers", `[0,-0,1.5,-1e3,1E+2,0.1e-1,12345678901234567890]`, ""},
	{"escapes", `"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, "a surrogate pair is one character"},
	{"text beyond ASCII", `{"é":"日本 😀"}`, ""},
	{"U+FFFD itself", `["�","\ufffd"]`, "the replacement character is a character"},
	{"NUL escaped", `"\u0000"`, "escaped, it is a character"},
	{"DEL", "\"\x7f\"", "RFC 8259 forbids only what is below U+0020"},
	{"same name in two objects", `[{"a":1},{"a":2},{"b":{"a":{"a":1}}}]`, "names are unique per object"},
	{"name used again after an inner object", `{"a":{"b":1,"c":2},"b":1,"c":2}`, "inner names are forgotten"},
	{"empty name", `{"":1," ":2}`, "a name like any other"},
	{"similar names", `{"a":1,"á":2,"aa":3,"ss":4,"ß":5}`, "simple folding does not make ß ss"},
	{"many names", manyNames(100), "beyond those that are compared one by one"},
	{"depth", `[[[[1]]]]`, "as deep as allowed"},
	{"depth, side by side", `[[],[],[[],[[]]],{},{"a":[[]]}]`, "closing gives depth back"},
}

var refused = []struct {
	name, text, msg string
}{
	{"empty", "", `the content is empty, but a JSON value is expected`},
	{"only space", " \n ", `the content is empty, but a JSON value is expected`},
	{"two values", `{} {}`, `the content continues after its JSON value, with '{'`},
	{"trailing comma", `[1,]`, `expected a JSON value at byte 3, but found ']'`},
	{"trailing comma in object", `{"a":1,}`, `expected a name in quotes at byte 7, but found '}'`},
	{"cut short", `{"a":[1`, `expected "," or "]" at byte 7, but found the end of the content`},
	{"cut after name", `{"a"`, `expected ":" at byte 4, but found the end of the content`},
	{"no comma", `{"a":1 "b":2}`, `expected "," or "}" at byte 7, but found '"'`},
	{"wrong bracket", `{"a":[1}`, `expected "," or "]" at byte 7, but found '}'`},
	{"bare name", `{a:1}`, `expected a name in quotes at byte 1, but found 'a'`},
	{"single quotes", `['a']`, `expected a JSON value at byte 1, but found '\''`},
	{"comment", `[1] // one`, `the content continues after its JSON value, with '/'`},
	{"byte order mark", "\ufeff{}", `expected a JSON value at byte 0, but found '\ufeff'`},
	{"NUL", "\x00", `expected a JSON value at byte 0, but found '\x00'`},
	{"NaN", `NaN`, `expected a JSON value at byte 0, but found 'N'`},
	{"misspelt literal", `[tru]`, `expected a JSON value at byte 1, but found 't'`},
	{"longer literal", `nullx`, `the content continues after its JSON value, with 'x'`},
	{"leading zero", `01`, `the content continues after its JSON value, with '1'`},
	{"plus", `+1`, `expected a JSON value at byte 0, but found '+'`},
	{"minus alone", `[-]`, `expected a digit at byte 2, but found ']'`},
	{"point alone", `1.`, `expected a digit at byte 2, but found the end of the content`},
	{"exponent alone", `1e+`, `expected a digit at byte 3, but found the end of the content`},
	{"open string", `"abc`, `a string does not end`},
	{"open string, open escape", `"abc\`, `expected an escape at byte 5, but found the end of the content`},
	{"control character", "\"a\nb\"", `a string contains the control character '\n', which must be escaped`},
	{"unknown escape", `"\x41"`, `expected an escape at byte 2, but found 'x'`},
	{"short escape", `"\u00e"`, `expected a hexadecimal digit at byte 6, but found '"'`},
	{"half a pair", `"a\ud83d"`, `a string contains half a surrogate pair, which is not a character`},
	{"half a pair, another escape", `"\ud83d\n"`, `a string contains half a surrogate pair, which is not a character`},
	{"half a pair, no low half", `"\ud83d\ud83d"`, `a string contains half a surrogate pair, which is not a character`},
	{"low half", `"\ude00\ud83d"`, `a string contains half a surrogate pair, which is not a character`},
	{"pair cut short", `"\ud83d\ude0"`, `expected a hexadecimal digit at byte 12, but found '"'`},
	{"invalid UTF-8", "{\"a\":\"\xff\"}", `the content is not valid UTF-8`},
	{"surrogate in UTF-8", "\"\xed\xa0\x80\"", `the content is not valid UTF-8`},
	{"UTF-8 cut short", "\"é\xc3", `the content is not valid UTF-8`},
	{"too deep", `[[[[[1]]]]]`, `the content nests objects and arrays more than 4 levels deep`},
	{"too deep, mixed", `{"a":[{"a":[{}]}]}`, `the content nests objects and arrays more than 4 levels deep`},
	{"duplicate", `{"a":1,"a":2}`, `the name "a" occurs twice in one object`},
	{"duplicate, escaped", `{"a":1,"\u0061":2}`, `the name "a" occurs twice in one object`},
	{"duplicate by case", `{"A":1,"a":2}`, `the name "a" occurs twice in one object`},
	{"duplicate by Unicode case", `{"É":1,"é":2}`, `the name "é" occurs twice in one object`},
	{"duplicate by Kelvin sign", `{"k":1,"\u212a":2}`, "the name \"\u212a\" occurs twice in one object"},
	{"duplicate around an inner object", `{"a":{"b":1},"c":2,"a":3}`, `the name "a" occurs twice in one object`},
	{"duplicate inside", `{"a":[{"b":1,"b":2}]}`, `the name "b" occurs twice in one object`},
	{"duplicate empty name", `{"":1,"":2}`, `the name "" occurs twice in one object`},
	{"duplicate of the first of many", manyNames(100)[:len(manyNames(100))-1] + `,"N0":0}`, `the name "N0" occurs twice in one object`},
	{"duplicate of the last of many", manyNames(17)[:len(manyNames(17))-1] + `,"N16":0}`, `the name "N16" occurs twice in one object`},
	{"long duplicate", `{"` + strings.Repeat("é", 99) + `":1,"` + strings.Repeat("é", 99) + `":2}`,
		`the name "` + strings.Repeat("é", 32) + `…" occurs twice in one object`},
}

func manyNames(n int) string {
	members := make([]string, n)
	for i := range members {
		members[i] = `"n` + strconv.Itoa(i) + `":0.0`
	}
	return "{" + strings.Join(members, ",") + "}"
}

func TestAccepted(t *testing.T) {
	for _, row := range accepted {
		t.Run(row.name, func(t *testing.T) {
			var got, want any
			require.NoError(t, Unmarshal([]byte(row.text), &got, depth), row.reason)
			require.NoError(t, json.Unmarshal([]byte(row.text), &want))
			assert.Equal(t, want, got)

			var strict any
			require.NoError(t, UnmarshalStrict([]byte(row.text), &strict, depth))
			assert.Equal(t, want, strict)
		})
	}
}

func TestRefused(t *testing.T) {
	for _, row := range refused {
		t.Run(row.name, func(t *testing.T) {
			for _, unmarshal := range []func([]byte, any, int) error{Unmarshal, UnmarshalStrict} {
				got := any("untouched")
				var err *Error
				require.ErrorAs(t, unmarshal([]byte(row.text), &got, depth), &err)
				assert.Equal(t, row.msg, err.Error())
				assert.Equal(t, "untouched", got)
			}
		})
	}
}

func TestDepth(t *testing.T) {
	var v any
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	assert.NoError(t, Unmarshal([]byte("1"), &v, 0), "a scalar is not nested")
	assert.Error(t, Unmarshal(nested(1), &v, 0))
	assert.Error(t, Unmarshal(nested(1), &v, -1))
	assert.NoError(t, Unmarshal(nested(100), &v, 100))
	assert.Error(t, Unmarshal(nested(101), &v, 100))
	assert.NoError(t, Unmarshal(nested(maxNesting), &v, 1<<30))
	assert.EqualError(t, Unmarshal(nested(maxNesting+1), &v, 1<<30),
		"the content nests objects and arrays more than 10000 levels deep")
}

// The folding of names must be that of encoding/json. Two names are one name here exactly
// if they reach the same field there.
func TestFoldsAsEncodingJSON(t *testing.T) {
	fold := func(r rune) string { return string(appendFolded(nil, name(string(r)))) }
	type target struct {
		K int `json:"k"`
		E int `json:"é"`
		S int `json:"s"`
	}
	for _, field := range []rune{'k', 'é', 's'} {
		for r := rune('A'); r < 0x3000; r++ {
			if r == '\\' {
				continue
			}
			var v target
			require.NoError(t, json.Unmarshal([]byte(`{"`+string(r)+`":1}`), &v))
			reached := map[rune]int{'k': v.K, 'é': v.E, 's': v.S}[field] == 1
			require.Equal(t, reached, fold(r) == fold(field), "%q and %q", r, field)
		}
	}
}

// The map that large objects get must agree with the comparison that small objects get,
// for every pair of characters that fold.
func TestFoldedAgreesWithEqualFold(t *testing.T) {
	for r := rune(0x80); r < 0x1f000; r++ {
		if !strings.EqualFold(string(r), string(foldRune(r))) || foldRune(foldRune(r)) != foldRune(r) {
			t.Errorf("%q folds to %q", r, foldRune(r))
		}
	}
}

func TestLinearTime(t *testing.T) {
	const size, bound = 1 << 17, 10 * time.Second // a quadratic reader takes minutes
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)) }
	distinct := manyNames(size / 12)
	longNames := `{"` + strings.Join(strings.Split(repeat(strings.Repeat("a", 5000)+"b"), "b"), `":0,"b`) + `":0}`
	for name, text := range map[string]string{
		"distinct names": distinct,
		"wrong type":     `{"wrong":` + distinct + `}`,
		"long names":     longNames,
		"escaped names":  strings.ReplaceAll(distinct, "n", `\u006e`),
		"arrays":         "[" + repeat("[],") + "[]]",
		"objects":        "[" + repeat(`{"a":0},`) + "0]",
		"open":           repeat("["),
		"strings":        `"` + repeat(`\ud83d\ude00`) + `"`,
		"digits":         repeat("9"),
		"spaces":         repeat(" "),
	} {
		start := time.Now()
		var v any
		_ = Unmarshal([]byte(text), &v, 100)
		var typed struct{ Wrong map[string]string }
		_ = UnmarshalStrict([]byte(text), &typed, 100)
		assert.Less(t, time.Since(start), bound, name)
	}
}

// encoding/json accepts everything that is accepted here, with the same value. Text that
// is refused here is not JSON, or breaks one of the few additional rules.
func FuzzUnmarshal(f *testing.F) {
	for _, row := range accepted {
		f.Add([]byte(row.text))
	}
	for _, row := range refused {
		f.Add([]byte(row.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, want any
		err := Unmarshal(data, &got, depth)
		plain := json.Unmarshal(data, &want)
		if err == nil {
			require.NoError(t, plain)
			require.Equal(t, want, got)
			return
		}
		var fault *Error
		require.ErrorAs(t, err, &fault)
		require.NotEmpty(t, fault.Msg)
		require.NotContains(t, fault.Msg, "Go ")
		require.Less(t, len(fault.Msg), 400)
		if plain == nil {
			require.True(t, isLax(data), "%q is refused: %v", data, err)
		}
	})
}

// isLax says whether JSON text breaks one of the rules that encoding/json does not have.
// It uses the tokens of encoding/json.
func isLax(data []byte) bool {
	type object struct {
		names []string
		isMap bool
		name  bool // whether the next token is a name
	}
	var open []object
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	lax := strings.ToValidUTF8(string(data), "") != string(data)
	for {
		token, err := d.Token()
		if err != nil {
			return lax
		}
		top := len(open) - 1
		if token == json.Delim('}') || token == json.Delim(']') {
			open = open[:top]
			continue
		}
		text, isString := token.(string)
		lax = lax || strings.Contains(text, "\ufffd") // it may replace half a pair
		if top >= 0 && open[top].isMap {
			if open[top].name {
				for _, other := range open[top].names {
					lax = lax || isString && strings.EqualFold(other, text)
				}
				open[top].names = append(open[top].names, text)
			}
			open[top].name = !open[top].name
		}
		if delim, ok := token.(json.Delim); ok {
			open = append(open, object{isMap: delim == '{', name: true})
			lax = lax || len(open) > depth
		}
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	type post struct {
		ID     int      `json:"id"`
		Title  string   `json:"title"`
		Body   string   `json:"body"`
		Tags   []string `json:"tags"`
		Author struct {
			Name, Email string
		} `json:"author"`
	}
	small := []byte(`{"id":1,"title":"Hello","body":"` + strings.Repeat("Lorem ipsum. ", 20) +
		`","tags":["a","b","c"],"author":{"name":"Ada","email":"ada@example.org"}}`)
	b.Run("check", func(b *testing.B) {
		b.SetBytes(int64(len(small)))
		b.ReportAllocs()
		for b.Loop() {
			_ = check(small, 100)
		}
	})
	b.Run("strict", func(b *testing.B) {
		b.SetBytes(int64(len(small)))
		b.ReportAllocs()
		for b.Loop() {
			var p post
			_ = Unmarshal(small, &p, 100)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(small)))
		b.ReportAllocs()
		for b.Loop() {
			var p post
			_ = json.Unmarshal(small, &p)
		}
	})
	hostile := []byte(manyNames(50_000))
	b.Run("hostile", func(b *testing.B) {
		b.SetBytes(int64(len(hostile)))
		b.ReportAllocs()
		for b.Loop() {
			_ = check(hostile, 100)
		}
	})
}
