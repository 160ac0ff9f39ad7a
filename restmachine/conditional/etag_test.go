// These tests check one entity-tag: how it is read and made, and what it matches.

package conditional

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// etagTable has values of a field and says whether each is one entity-tag.
var etagTable = []struct {
	name, in string
	ok       bool
}{
	{"strong", `"A1"`, true},
	{"weak", `W/"A1"`, true},
	{"A8 a comma is an etagc", `"A,1"`, true},
	{"A19 obs-text is received", "\"A\xFC1\"", true},
	{"A21 there is no escape, a backslash is a byte", `"A\1"`, true},
	{"A22 the empty tag is a tag", `""`, true},
	{"C5 a quoted star is a tag", `"*"`, true},
	{"exclamation mark, the first etagc", `"!"`, true},
	{"tilde, the last one in US-ASCII", `"~"`, true},
	{"empty", ``, false},
	{"A13 unterminated", `"A1`, false},
	{"a quote alone", `"`, false},
	{"W alone", `W/`, false},
	{"A14 single quotes", `'A1'`, false},
	{"A15 unquoted", `A1`, false},
	{"A17 the W is case-sensitive", `w/"A1"`, false},
	{"A20 a space is not an etagc", `"A 1"`, false},
	{"a backslash does not protect a quote", `"A\"1"`, false},
	{"A28 NUL", "\"A\x001\"", false},
	{"A28 bare CR", "\"A\r1\"", false},
	{"DEL", "\"A\x7F1\"", false},
	{"white space before", ` "A1"`, false},
	{"white space behind", `"A1" `, false},
	{"white space after the W", `W/ "A1"`, false},
	{"weak twice", `W/W/"A1"`, false},
	{"two of them", `"A1", "B"`, false},
}

func TestParseETag(t *testing.T) {
	for _, row := range etagTable {
		t.Run(row.name, func(t *testing.T) {
			tag, err := ParseETag(row.in)
			if !row.ok {
				assert.Error(t, err)
				assert.Empty(t, tag)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, ETag(row.in), tag)
		})
	}
	_, err := ParseETag(strings.Repeat("x", 1<<20))
	assert.Less(t, len(err.Error()), 200, "a message is bounded, whatever the client sent")
}

func TestQuote(t *testing.T) {
	long := strings.Repeat("x", maxETag-2)
	for _, row := range []struct {
		name, in string
		want     ETag // "" means an error
	}{
		{"a version", `1-1`, `"1-1"`},
		{"quoted already", `"1-1"`, `"1-1"`},
		{"weak already", `W/"1-1"`, `W/"1-1"`},
		{"the empty tag already is one", `""`, `""`},
		{"W without quotes is part of the version", `W/1`, `"W/1"`},
		{"lower-case w without quotes as well", `w/1`, `"w/1"`},
		{"a star is a version, not the star", `*`, `"*"`},
		{"a comma", `1,2`, `"1,2"`},
		{"just short enough", long, ETag(`"` + long + `"`)},
		{"too long", long + "x", ""},
		{"too long, quoted already", `"` + long + `x"`, ""},
		{"too long because weak", `W/"` + long + `"`, ""},
		{"A20 a space", `A 1`, ""},
		{"A20 a space, quoted already", `"A 1"`, ""},
		{"a quote inside", `A"1`, ""},
		{"a quote alone", `"`, ""},
		{"unterminated", `"A1`, ""},
		{"lower-case w with quotes", `w/"A1"`, ""},
		{"header injection", "a\r\nX-Evil: 1", ""},
		{"NUL", "a\x00", ""},
		{"tab", "a\tb", ""},
		{"DEL", "a\x7F", ""},
		{"A19 obs-text", "a\xFC", ""},
		{"A19 obs-text, quoted already", "\"a\xFC\"", ""},
		{"A19 UTF-8 is obs-text", "größe", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			tag, err := Quote(row.in)
			assert.Equal(t, row.want, tag)
			assert.Equal(t, row.want == "", err != nil, "error: %v", err)
		})
	}
	tag, err := Quote("")
	require.NoError(t, err, "without a version there is no tag and no error")
	assert.Empty(t, tag)

	_, err = Quote("a b")
	assert.EqualError(t, err, `conditional: "a b" cannot be written as an entity-tag: it contains " "`)
}

func TestETagForms(t *testing.T) {
	for _, row := range []struct {
		name   string
		tag    ETag
		weak   ETag
		opaque string
		isWeak bool
		gzip   ETag // t with the suffix gzip
	}{
		{"strong", `"x"`, `W/"x"`, `x`, false, `"x;gzip"`},
		{"weak", `W/"x"`, `W/"x"`, `x`, true, `W/"x;gzip"`},
		{"empty tag", `""`, `W/""`, ``, false, `";gzip"`},
		{"no tag", ``, ``, ``, false, ``},
		{"converted from no tag", `x`, `x`, ``, false, `x`},
		{"converted from a quote", `"`, `"`, ``, false, `"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.weak, row.tag.Weak())
			assert.Equal(t, row.opaque, row.tag.Opaque())
			assert.Equal(t, row.isWeak, row.tag.IsWeak())
			assert.Equal(t, row.gzip, row.tag.WithSuffix("gzip"))
		})
	}
}

func TestWithSuffixLeavesOutWhatATagCannotHold(t *testing.T) {
	for _, row := range []struct {
		name, suffix string
		want         ETag
	}{
		{"a media type", "text/html", `"x;text/html"`},
		{"spaces and quotes", `text/html; charset="utf-8"`, `"x;text/html;charset=utf-8"`},
		{"line breaks", "a\r\nb", `"x;ab"`},
		{"obs-text", "a\xFCb", `"x;ab"`},
		{"nothing", "", `"x"`},
		{"nothing that is left", " \" ", `"x"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, ETag(`"x"`).WithSuffix(row.suffix))
		})
	}
}

// TestMatch has the table of RFC 9110, 8.8.3.2, and then our own rows. Each row is run
// in both directions, because matching is symmetric.
func TestMatch(t *testing.T) {
	for _, row := range []struct {
		name         string
		a, b         ETag
		strong, weak bool
	}{
		{"both weak", `W/"1"`, `W/"1"`, false, true},
		{"both weak, unequal", `W/"1"`, `W/"2"`, false, false},
		{"one weak", `W/"1"`, `"1"`, false, true},
		{"both strong", `"1"`, `"1"`, true, true},
		{"both strong, unequal", `"1"`, `"2"`, false, false},
		{"A18 case counts", `"A1"`, `"a1"`, false, false},
		{"A22 the empty tag", `""`, `""`, true, true},
		{"A27 a suffix counts", `"A1"`, `"A1-gzip"`, false, false},
		{"no tag is not equal to no tag", ``, ``, false, false},
		{"no tag is not the empty tag", ``, `""`, false, false},
		{"a value that is not a tag", `A1`, `A1`, false, false},
		{"a value that is not a tag, and the tag", `A1`, `"A1"`, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.strong, StrongMatch(row.a, row.b))
			assert.Equal(t, row.strong, StrongMatch(row.b, row.a))
			assert.Equal(t, row.weak, WeakMatch(row.a, row.b))
			assert.Equal(t, row.weak, WeakMatch(row.b, row.a))
		})
	}
}

// FuzzETag checks the laws of entity-tags with any two strings.
func FuzzETag(f *testing.F) {
	for _, row := range etagTable {
		f.Add(row.in, "gzip")
		f.Add(row.in, row.in)
	}
	f.Fuzz(func(t *testing.T, s, other string) {
		parsed, err := ParseETag(s)
		if err == nil {
			require.Equal(t, s, string(parsed), "parsing changes nothing")
			require.True(t, ParseList([]string{s}, true).Weak(parsed), "a tag is a list of one")
		}
		quoted, err := Quote(s)
		if err == nil && s != "" {
			again, err := ParseETag(string(quoted))
			require.NoError(t, err, "what is written can be read")
			require.Equal(t, quoted, again)
			again, err = Quote(string(quoted))
			require.NoError(t, err)
			require.Equal(t, quoted, again, "quoting twice is quoting once")
			_, err = ParseETag(string(quoted.WithSuffix(other)))
			require.NoError(t, err, "a suffix keeps a tag a tag")
		}
		a, b := ETag(s), ETag(other)
		require.Equal(t, WeakMatch(a, b), WeakMatch(b, a))
		require.Equal(t, StrongMatch(a, b), StrongMatch(b, a))
		require.False(t, StrongMatch(a, b) && !WeakMatch(a, b), "a strong match is a weak one")
		require.Equal(t, WeakMatch(a, b), WeakMatch(a.Weak(), b), "weakness is nothing to a weak match")
		require.False(t, StrongMatch(a.Weak(), a.Weak()), "a weak tag matches nothing strongly")
		require.Equal(t, a.Weak(), a.Weak().Weak())
	})
}
