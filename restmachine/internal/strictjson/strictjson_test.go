// These tests check which JSON is accepted, and the sentence about the first fault.

package strictjson

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
	{"depth", strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), "as deep as allowed"},
	{"brackets in strings", `["` + strings.Repeat(`[{\"`, MaxDepth) + `"]`, "they are text"},
	{"depth, side by side", `[` + strings.Repeat(`[[]],{"a":[]},`, MaxDepth) + `1]`, "closing gives depth back"},
}

var refused = []struct {
	name, text, msg string
}{
	{"empty", "", `the content is empty, but a JSON value is expected`},
	{"only space", " \n ", `the content is empty, but a JSON value is expected`},
	{"two values", `{} {}`, `the content continues after its JSON value, with '{'`},
	{"trailing comma", `[1,]`, `invalid character ',' at start of value, at byte 2`},
	{"trailing comma in object", `{"a":1,}`, `invalid character ',' at start of value, at byte 6`},
	{"cut short", `{"a":[1`, `the content ends before its JSON value does`},
	{"cut after name", `{"a"`, `the content ends before its JSON value does`},
	{"no comma", `{"a":1 "b":2}`, `invalid character '"' after object value (expecting ',' or '}'), at byte 7`},
	{"wrong bracket", `{"a":[1}`, `invalid character '}' after array element (expecting ',' or ']'), at byte 7`},
	{"bare name", `{a:1}`, `invalid character 'a' at start of value, at byte 1`},
	{"single quotes", `['a']`, `invalid character '\'' at start of value, at byte 1`},
	{"comment", `[1] // one`, `the content continues after its JSON value, with '/'`},
	{"byte order mark", "\ufeff{}", `invalid character '\ufeff' at start of value, at byte 0`},
	{"NUL", "\x00", `invalid character '\x00' at start of value, at byte 0`},
	{"NaN", `NaN`, `invalid character 'N' at start of value, at byte 0`},
	{"misspelt literal", `[tru]`, `invalid character ']' in literal true (expecting 'e'), at byte 4`},
	{"longer literal", `nullx`, `the content continues after its JSON value, with 'x'`},
	{"leading zero", `01`, `the content continues after its JSON value, with '1'`},
	{"plus", `+1`, `invalid character '+' at start of value, at byte 0`},
	{"minus alone", `[-]`, `invalid character ']' in number (expecting digit), at byte 2`},
	{"point alone", `1.`, `the content ends before its JSON value does`},
	{"exponent alone", `1e+`, `the content ends before its JSON value does`},
	{"open string", `"abc`, `the content ends before its JSON value does`},
	{"open string, open escape", `"abc\`, `the content ends before its JSON value does`},
	{"control character", "\"a\nb\"", `invalid character '\n' in string (expecting non-control character), at byte 2`},
	{"unknown escape", `"\x41"`, "invalid escape sequence `\\x` in string, at byte 1"},
	{"short escape", `"\u00e"`, "invalid escape sequence `\\u00e\"` in string, at byte 1"},
	{"half a pair", `"a\ud83d"`, "invalid surrogate pair `\\ud83d\"` in string, at byte 2"},
	{"half a pair, another escape", `"\ud83d\n"`, "invalid surrogate pair `\\ud83d\\n\"` in string, at byte 1"},
	{"half a pair, no low half", `"\ud83d\ud83d"`, "invalid surrogate pair `\\ud83d\\ud83d` in string, at byte 1"},
	{"low half", `"\ude00\ud83d"`, "invalid surrogate pair `\\ude00\\ud83d` in string, at byte 1"},
	{"pair cut short", `"\ud83d\ude0"`, "invalid surrogate pair `\\ud83d\\ude0\"` in string, at byte 1"},
	{"invalid UTF-8", "{\"a\":\"\xff\"}", `the content is not valid UTF-8`},
	{"surrogate in UTF-8", "\"\xed\xa0\x80\"", `the content is not valid UTF-8`},
	{"UTF-8 cut short", "\"é\xc3", `the content is not valid UTF-8`},
	{"too deep", strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), `the content nests objects and arrays more than 100 levels deep`},
	{"too deep, mixed", strings.Repeat(`{"a":[`, MaxDepth/2) + `{}` + strings.Repeat("]}", MaxDepth/2), `the content nests objects and arrays more than 100 levels deep`},
	{"too deep, and not closed", strings.Repeat("[", 1<<16), `the content nests objects and arrays more than 100 levels deep`},
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

// read reads text into a new T.
func read[T any](text string, rules Rules) (v T, err error) {
	err = rules.For(reflect.TypeFor[T]()).Read([]byte(text), &v)
	return v, err
}

func TestAccepted(t *testing.T) {
	for _, row := range accepted {
		t.Run(row.name, func(t *testing.T) {
			var want any
			require.NoError(t, json.Unmarshal([]byte(row.text), &want))
			for _, rules := range allRules {
				got, err := read[any](row.text, rules)
				require.NoError(t, err, row.reason)
				assert.Equal(t, want, got)
			}
		})
	}
}

var allRules = []Rules{{}, {Strict: true}, {V2: true}, {V2: true, Strict: true}}

// A struct that knows none of the names is read in one pass, and an any in two. Both say the
// same.
func TestRefused(t *testing.T) {
	for _, row := range refused {
		t.Run(row.name, func(t *testing.T) {
			for _, rules := range allRules {
				if rules.V2 && (strings.Contains(row.name, "by ") || strings.Contains(row.name, "of many")) {
					continue // v2 does not fold names
				}
				_, err := read[any](row.text, rules)
				require.IsType(t, &Error{}, err)
				assert.Equal(t, row.msg, err.Error())
				_, err = read[struct{ Other int }](row.text, rules)
				require.IsType(t, &Error{}, err)
				assert.Equal(t, row.msg, err.Error())
			}
		})
	}
}

// Names that differ in case alone are two names for v2.
func TestV2DoesNotFold(t *testing.T) {
	got, err := read[struct{ Name string }](`{"Name":"a","name":"b"}`, Rules{V2: true})
	require.NoError(t, err)
	assert.Equal(t, "a", got.Name)
	_, err = read[struct{ Name string }](`{"Name":"a","name":"b"}`, Rules{V2: true, Strict: true})
	assert.EqualError(t, err, `the name "name" is not known here`)
}

// Content that is read twice is read into a value that is zero both times.
func TestReadAgain(t *testing.T) {
	got, err := read[struct {
		A tally
		B []int
	}](`{"A":"x","B":[1,2],"unknown":2}`, Rules{})
	require.NoError(t, err)
	assert.EqualValues(t, 1, got.A)
	assert.Equal(t, []int{1, 2}, got.B)
}

// A tally counts how often it was read.
type tally int

func (n *tally) UnmarshalText([]byte) error { *n++; return nil }

// The folding of names must be that of encoding/json. Two names are one name here exactly
// if they reach the same field there.
func TestFoldsAsEncodingJSON(t *testing.T) {
	fold := func(r rune) string { return string(appendFolded(nil, []byte(string(r)))) }
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
			text := `{"` + string(r) + `":1}`
			var want target
			require.NoError(t, json.Unmarshal([]byte(text), &want))
			got, err := read[target](text, Rules{})
			require.NoError(t, err)
			require.Equal(t, want, got)
			reached := map[rune]int{'k': want.K, 'é': want.E, 's': want.S}[field] == 1
			require.Equal(t, reached, fold(r) == fold(field), "%q and %q", r, field)
		}
	}
}

// The folded form of a name must agree with strings.EqualFold, for every pair of characters
// that fold.
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
		"many and few":   "[" + distinct + repeat(`,{"a":0}`) + "]",
		"open":           repeat("["),
		"strings":        `"` + repeat(`\ud83d\ude00`) + `"`,
		"digits":         repeat("9"),
		"spaces":         repeat(" "),
	} {
		start := time.Now()
		_, _ = read[any](text, Rules{})
		_, _ = read[struct{ Wrong map[string]string }](text, Rules{Strict: true})
		_, _ = read[struct{ Known int }](text, Rules{})
		assert.Less(t, time.Since(start), bound, name)
	}
}

// What one content says is not in the words about another, and readers share their room.
func TestReadersSideBySide(t *testing.T) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			name := strings.Repeat(string('a'+rune(i)), 20)
			for range 200 {
				_, err := read[map[string]any](`{"`+name+`":1,"x":{"`+name+`":2},"`+strings.ToUpper(name)+`":3}`, Rules{})
				assert.EqualError(t, err, `the name "`+strings.ToUpper(name)+`" occurs twice in one object`)
				got, err := read[map[string]string](`{"`+name+`":"`+name+`"}`, Rules{})
				assert.NoError(t, err)
				assert.Equal(t, map[string]string{name: name}, got)
			}
		})
	}
	all.Wait()
}

func TestTrust(t *testing.T) {
	reader := Rules{}.For(reflect.TypeFor[map[string]any]())
	var got map[string]any
	require.NoError(t, reader.Trust([]byte(`{"a":1,"A":2,"b":`+strings.Repeat("[", 200)+strings.Repeat("]", 200)+`}`), &got))
	assert.Len(t, got, 3)
	assert.Error(t, reader.Trust([]byte(`{"a":1`), &got))

	known := Rules{}.For(reflect.TypeFor[Embedded]())
	assert.NoError(t, known.Unknown([]byte(`{"inner":1}`), &Embedded{}), "it says nothing of values")
	assert.EqualError(t, known.Unknown([]byte(`{"outer":1}`), &Embedded{}), `the name "outer" is not known here`)
}

func BenchmarkRead(b *testing.B) {
	type post struct {
		ID     int      `json:"id"`
		Title  string   `json:"title"`
		Body   string   `json:"body"`
		Tags   []string `json:"tags"`
		Author struct {
			Name, Email string
		} `json:"author"`
	}
	small := `{"id":1,"title":"Hello","body":"` + strings.Repeat("Lorem ipsum. ", 20) +
		`","tags":["a","b","c"],"author":{"name":"Ada","email":"ada@example.org"}}`
	b.Run("a struct", func(b *testing.B) { benchmark[post](b, small) })
	b.Run("a struct that lacks a name", func(b *testing.B) { benchmark[post](b, small[:1]+`"unknown":1,`+small[1:]) })
	b.Run("a map", func(b *testing.B) { benchmark[map[string]any](b, small) })
	b.Run("hostile", func(b *testing.B) { benchmark[post](b, manyNames(50_000)) })
	b.Run("encoding json", func(b *testing.B) {
		b.SetBytes(int64(len(small)))
		b.ReportAllocs()
		for b.Loop() {
			var p post
			_ = json.Unmarshal([]byte(small), &p)
		}
	})
}

func benchmark[T any](b *testing.B, text string) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	data := []byte(text)
	reader := Rules{}.For(reflect.TypeFor[T]())
	for b.Loop() {
		var v T
		_ = reader.Read(data, &v)
	}
}
