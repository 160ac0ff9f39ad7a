// These tests check lists of entity-tags: what is readable, and what matches.

package conditional

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The kinds of lists in listTable, one letter each.
const (
	star       = '*'
	match      = 'y' // a list that contains the current tag
	miss       = 'n' // a list without it, perhaps an empty list
	unreadable = '!'
)

func lines(s ...string) []string { return s }

// listTable has fields and a current tag, `"A1"` unless a row names another. It says what
// kind the list is if tags are compared weakly.
var listTable = []struct {
	name            string
	lines           []string
	current         ETag
	lenient, strict rune
}{
	{"A1 one tag", lines(`"A1"`), "", match, match},
	{"A2 the last of three", lines(`"B", "C", "A1"`), "", match, match},
	{"A3 no space after the comma", lines(`"B","A1"`), "", match, match},
	{"A4 empty members are skipped", lines(`, ,"B",, "A1" ,`), "", match, match},
	{"A5 tabs around commas", lines("\t\"B\"\t,\t\"A1\"\t"), "", match, match},
	{"A6 two lines", lines(`"B"`, `"A1"`), "", match, match},
	{"A7 two lines, the first matches", lines(`"A1"`, `"B"`), "", match, match},
	{"A6 a line that cannot be read spoils the others", lines(`"A1"`, `"B`), "", unreadable, unreadable},
	{"A6 a tag does not span lines", lines(`"A`, `1"`), `"A, 1"`, unreadable, unreadable},
	{"A8 a comma inside the quotes", lines(`"A,1"`), `"A,1"`, match, match},
	{"A9 a decoy between other tags", lines(`"x,"A1",y"`), "", unreadable, unreadable},
	{"A10 no comma between", lines(`"B" "A1"`), "", unreadable, unreadable},
	{"A10 no comma and no space between", lines(`"B""A1"`), "", unreadable, unreadable},
	{"A10 no comma behind the match", lines(`"A1" "B"`), "", unreadable, unreadable},
	{"A11 words before", lines(`bad one, "A1"`), "", unreadable, unreadable},
	{"A12 words before a star", lines(`bad, *`), "", unreadable, unreadable},
	{"A13 unterminated", lines(`"A1`), "", unreadable, unreadable},
	{"A13 a quote that only ends", lines(`A1"`), "", unreadable, unreadable},
	{"A14 single quotes are part of a bare token", lines(`'A1'`), "", miss, unreadable},
	{"A15 unquoted", lines(`A1`), "", match, unreadable},
	{"A15 unquoted, another", lines(`A2`), "", miss, unreadable},
	{"A16 unquoted list", lines(`B, A1`), "", match, unreadable},
	{"A16 mixed list", lines(`"x", A1`), "", match, unreadable},
	{"A16 mixed lines", lines(`"x"`, `A1`), "", match, unreadable},
	{"A17 lower-case w", lines(`w/"A1"`), "", unreadable, unreadable},
	{"A17 W without quotes is part of a bare token", lines(`W/A1`), "", miss, unreadable},
	{"A18 case counts", lines(`"a1"`), "", miss, miss},
	{"A19 obs-text", lines("\"A\xFC1\""), "\"A\xFC1\"", match, match},
	{"A20 a space inside", lines(`"A 1"`), `"A 1"`, unreadable, unreadable},
	{"A21 a backslash is a byte", lines(`"A\1"`), `"A\1"`, match, match},
	{"A21 a backslash escapes nothing", lines(`"A\1"`), "", miss, miss},
	{"A22 the empty tag", lines(`""`), `""`, match, match},
	{"A23 an empty value", lines(``), "", miss, miss},
	{"A23 white space only", lines(" \t"), "", miss, miss},
	{"A25 commas only", lines(`,`), "", miss, miss},
	{"A25 an empty value is not the empty tag", lines(``), `""`, miss, miss},
	{"A27 a suffix that is not ours", lines(`"A1-gzip"`), "", miss, miss},
	{"A28 NUL", lines("\"A1\", \x00"), "", unreadable, unreadable},
	{"A28 CR", lines("\"A1\"\r"), "", unreadable, unreadable},
	{"DEL", lines("\"A\x7F1\""), "", unreadable, unreadable},
	{"A29 an unfolded line", lines(`"a",  "A1"`), "", match, match},
	{"B1 weak in the list", lines(`W/"A1"`), "", match, match},
	{"B2 weak on the server", lines(`"A1"`), `W/"A1"`, match, match},
	{"C1 star", lines(`*`), "", star, star},
	{"C1 star in white space", lines(" *\t"), "", star, star},
	{"C1 star beside an empty line", lines(``, `*`), "", star, star},
	{"C5 a quoted star is a tag", lines(`"*"`), "", miss, miss},
	{"C5 a quoted star matches itself", lines(`"*"`), `"*"`, match, match},
	{"C6 star behind a tag", lines(`"B", *`), "", unreadable, unreadable},
	{"C6 star before the tag", lines(`*, "A1"`), "", unreadable, unreadable},
	{"C6 star and a comma", lines(`*,`), "", unreadable, unreadable},
	{"C6 star in a line of its own", lines(`"A1"`, `*`), "", unreadable, unreadable},
	{"C6 star twice", lines(`*`, `*`), "", unreadable, unreadable},
	{"C7 a star with something behind", lines(`*x`), `"*x"`, unreadable, unreadable},
	{"weak star", lines(`W/*`), "", miss, unreadable},
	{"a bare token ends before a tag", lines(`A1"B"`), "", unreadable, unreadable},
	{"a tag ends before a bare token", lines(`"B"A1`), "", unreadable, unreadable},
}

func TestList(t *testing.T) {
	for _, row := range listTable {
		current := row.current
		if current == "" {
			current = `"A1"`
		}
		for name, strict := range map[string]bool{"lenient": false, "strict": true} {
			t.Run(row.name+"/"+name, func(t *testing.T) {
				want := row.lenient
				if strict {
					want = row.strict
				}
				l := ParseList(row.lines, strict)
				assert.True(t, l.Present())
				assert.Equal(t, want == star, l.Star(), "star")
				assert.Equal(t, want != unreadable, l.Readable(), "readable")
				assert.Equal(t, want == match, l.Weak(current), "match")
				assert.False(t, l.Weak(""), "no tag matches nothing")
			})
		}
	}
}

func TestListStrong(t *testing.T) {
	for _, row := range []struct {
		name, list string
		current    ETag
		want       bool
	}{
		{"both strong", `"A1"`, `"A1"`, true},
		{"a bare token is strong", `A1`, `"A1"`, true},
		{"B3 weak in the list", `W/"A1"`, `"A1"`, false},
		{"B4 both weak", `W/"A1"`, `W/"A1"`, false},
		{"B5 weak on the server", `"A1"`, `W/"A1"`, false},
		{"both forms in the list", `W/"A1", "A1"`, `"A1"`, true},
		{"C11 no tag on the server", `"A1"`, ``, false},
		{"the empty tag is not no tag", `""`, ``, false},
		{"a value on the server that is not a tag", `A1`, `A1`, false},
		{"star has no members", `*`, `"*"`, false},
		{"unreadable behind the match", `"A1", "B`, `"A1"`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, ParseList(lines(row.list), false).Strong(row.current))
		})
	}
}

func TestListAbsent(t *testing.T) {
	for _, l := range []List{{}, ParseList(nil, false), ParseList(lines(), true)} {
		assert.False(t, l.Present())
		assert.False(t, l.Star())
		assert.True(t, l.Readable())
		assert.False(t, l.Weak(`"A1"`))
		assert.Empty(t, l.String())
	}
}

func TestListString(t *testing.T) {
	x := strings.Repeat("x", 200)
	for _, row := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"one line", lines(`"A"`), `"A"`},
		{"lines are joined", lines(`"A"`, `"B"`), `"A", "B"`},
		{"200 bytes", lines(x), x},
		{"201 bytes", lines(x + "x"), x + "…"},
		{"200 bytes in lines", lines(x[:99], x[:99]), x[:99] + ", " + x[:99]},
		{"201 bytes in lines", lines(x[:100], x[:99]), x[:100] + ", " + x[:98] + "…"},
		{"a character is not cut in two", lines(x[:199] + "ü"), x[:199] + "…"},
		{"empty lines end, too", make([]string, 10_000), strings.Repeat(", ", 100) + "…"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := ParseList(row.lines, false).String()
			assert.Equal(t, row.want, got)
			assert.True(t, utf8.ValidString(got))
		})
	}
}

// TestScanIsLinear scans a megabyte of each shape that is slow for a quadratic scanner.
// Such a scanner would take longer than any test may run, so the test does not need a
// clock. The shapes do not allocate, so nothing is joined or collected.
func TestScanIsLinear(t *testing.T) {
	const size = 1 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	many := strings.Split(strings.Repeat(`"B"|`, 100_000)+`"A1"`, "|")
	for _, row := range []struct {
		name            string
		lines           []string
		readable, match bool
	}{
		{"A26 the last tag matches", lines(fill(`"B",`) + `"A1"`), true, true},
		{"A26 many lines", many, true, true},
		{"weak tags", lines(fill(`W/"A1",`)), true, true},
		{"bare tokens", lines(fill(`B,`) + `A1`), true, true},
		{"commas", lines(fill(`,`)), true, false},
		{"white space", lines(fill(" \t")), true, false},
		{"white space between members", lines(fill(`"B"` + strings.Repeat(" ", 1000) + ",")), true, false},
		{"one long tag", lines(`"` + fill(`x`) + `"`), true, false},
		{"unterminated", lines(`"` + fill(`x`)), false, false},
		{"unterminated W", lines(fill(`W/`)), true, false},
		{"quotes", lines(fill(`"`)), false, false},
		{"stars", lines(fill(`*`)), false, false},
		{"stars in lines", strings.Split(fill(`*|`), "|"), false, false},
		{"empty lines and a star", append(make([]string, 100_000), `*`), true, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := ParseList(row.lines, false)
			assert.Equal(t, row.readable, l.Readable())
			assert.Equal(t, row.match, l.Weak(`"A1"`))
			assert.Zero(t, testing.AllocsPerRun(1, func() { l.Weak(`"A1"`) }))
		})
	}
}

// FuzzList checks laws that hold for every field, and spellings that must not make a
// difference.
func FuzzList(f *testing.F) {
	for _, row := range listTable {
		f.Add(strings.Join(row.lines, "\n"), string(row.current), false)
		f.Add(strings.Join(row.lines, "\n"), `"A1"`, true)
	}
	f.Fuzz(func(t *testing.T, field, tag string, strict bool) {
		split := strings.Split(field, "\n")
		current := ETag(tag)
		l := ParseList(split, strict)
		if l.Star() {
			require.True(t, l.Readable())
			require.False(t, l.Weak(current), "a star has no members")
		}
		if !l.Readable() {
			require.False(t, l.Weak(current), "nothing unreadable matches")
		}
		require.False(t, l.Strong(current) && !l.Weak(current), "a strong match is a weak one")
		if strict && l.Readable() && !l.Star() {
			lenient := ParseList(split, false)
			require.True(t, lenient.Readable(), "what is strict is lenient")
			require.Equal(t, l.Weak(current), lenient.Weak(current))
			require.Equal(t, l.Strong(current), lenient.Strong(current))
		}
		if l.Weak(current) {
			require.Contains(t, field, current.Opaque(), "a match is in the bytes")
		}
		if !l.Star() {
			joined := ParseList(lines(strings.Join(split, ", ")), strict)
			if l.Readable() { // In an unreadable list, a quote may end in another line.
				require.True(t, joined.Readable(), "lines are one list")
				require.Equal(t, l.Weak(current), joined.Weak(current))
			}
			padded := ParseList(append(lines("\t, "), split...), strict)
			require.Equal(t, l.Readable(), padded.Readable(), "empty members are nothing")
			require.Equal(t, l.Weak(current), padded.Weak(current))
		}
		require.LessOrEqual(t, len(l.String()), 200+len("…"))
	})
}
