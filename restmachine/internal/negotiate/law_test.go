// These tests check laws that hold for every field and every value. The fuzz targets
// look for a value that breaks one.

package negotiate

import (
	"mime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var choosers = []struct {
	name   string
	choose func(asked, offers []string) (int, bool)
	rows   []choice
}{
	{"MediaType", MediaType, mediaRows},
	{"Charset", Charset, charsetRows},
	{"Coding", Coding, codingRows},
	{"Language", Language, languageRows},
}

// A list may be sent in any number of lines, with empty members and with white space
// between members. It means the same (RFC 9110, 5.3 and 5.6.1).
func TestSpellingDoesNotMatter(t *testing.T) {
	for _, c := range choosers {
		for _, row := range c.rows {
			t.Run(c.name+"/"+row.name, func(t *testing.T) {
				var split, spaced []string
				list := membersOf(row.asked)
				for member, more := list.next(); more; member, more = list.next() {
					split = append(split, member)
					spaced = append(spaced, "\t"+member+" ", "", " ")
				}
				if split == nil {
					t.Skip("no members")
				}
				want, _ := c.choose(row.asked, row.offers)
				for _, respelt := range [][]string{split, spaced, {strings.Join(spaced, ",")}} {
					got, _ := c.choose(respelt, row.offers)
					assert.Equal(t, want, got, "%q", respelt)
				}
			})
		}
	}
}

// 128 KiB take milliseconds in linear time and minutes in quadratic time. So the bound
// does not depend on how busy the machine is.
func TestLinearTime(t *testing.T) {
	const size, bound = 1 << 17, 10 * time.Second
	for _, piece := range []string{",", " ", ";", "; ", "*", "*,", "*; q=.2,", "a/b;q=.1234567890,", "a/b;", `a/b;c="`, `\"`, "a/b;c=d;e=f", "en-", "en-a,", "gzip;q=0.1,"} {
		for _, lead := range []string{"", `a/b;c="`} {
			asked := lines(lead + strings.Repeat(piece, size/len(piece)))
			start := time.Now()
			for _, c := range choosers {
				c.choose(asked, lines("a/b;c=d", "gzip", "de"))
			}
			Match(asked[0], "a/b;c=d")
			Match("a/b;c=d", asked[0])
			assert.Less(t, time.Since(start), bound, "%q and many of %q", lead, piece)
		}
	}
}

func FuzzChoose(f *testing.F) {
	for _, c := range choosers {
		for _, row := range c.rows {
			f.Add(strings.Join(row.asked, "\n"), strings.Join(row.offers, "\n"))
		}
	}
	f.Fuzz(func(t *testing.T, field, offered string) {
		asked, offers := strings.Split(field, "\n"), strings.Split(offered, "\n")
		for _, c := range choosers {
			index, ok := c.choose(asked, offers)
			require.Equal(t, ok, index >= 0, c.name)
			require.Less(t, index, len(offers), c.name)
			again, _ := c.choose(slices.Concat(lines(" "), asked, lines(",")), offers)
			require.Equal(t, index, again, "%s: empty members say nothing", c.name)
			if strings.Count(field, ",")+len(asked) <= maxMembers/2 {
				twice, _ := c.choose(slices.Concat(asked, asked), offers)
				require.Equal(t, index, twice, "%s: saying a thing twice adds nothing", c.name)
			}
		}
	})
}

// FuzzParse compares with package mime, which is laxer in some points and stricter in
// others. If both read a media type, they read the same.
func FuzzParse(f *testing.F) {
	for _, s := range lines("text/plain", `a/b; c="d\"e"; F=g`, "a/b;", "a/b;x=1;x=2", `a/b;x="`, "*/*", "a/b;x*=utf-8''y") {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		m, ok := readMediaType(a)
		require.Equal(t, ok, Match("*/*", a), "Match and readMediaType read alike")
		if !ok {
			require.False(t, IsJSON(a))
			return
		}
		if Match(a, b) && !strings.Contains(folded(m), "*") {
			other, _ := readMediaType(b)
			require.Equal(t, folded(m), folded(other), "a range without * matches one type")
		}
		theirs, theirParams, err := mime.ParseMediaType(a)
		if err != nil || strings.ContainsAny(a, `*\`) { // mime joins x*0 and x*1, and keeps some backslashes
			return
		}
		require.Equal(t, theirs, folded(m))
		for name, want := range theirParams {
			value, _ := lookup(m.params, name)
			require.Equal(t, want, unquote(value), name)
		}
	})
}
