// These tests check which pattern a path finds. They compare the table with a plain
// definition of its order.

package route

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parseAll(t testing.TB, written ...string) []Pattern {
	t.Helper()
	patterns := make([]Pattern, len(written))
	for i, s := range written {
		patterns[i] = mustParse(t, s)
	}
	return patterns
}

// hostile are patterns that a single httprouter tree cannot hold.
var hostile = []string{
	"/",
	"/posts",
	"/posts/",
	"/posts/new",
	"/posts/{id}",
	"/posts/{id}/comments",
	"/posts/new/draft",
	"/posts/{id}/comments/{n}",
	"/posts/{id}/{rest...}",
	"/posts/new/{tab}",
	"/{page}",
	"/{page}/",
	"/files/{path...}",
	"/files/readme",
	"/p%6Fsts:batch/{id}",
	"/caf%C3%A9",
	"/at/{time}",
	"/a%2Fb/{x}",
	"/{a}/x/{b}",
}

var lookupTests = []struct {
	path    string
	pattern string // or "" if no pattern matches
	values  []string
	reason  string
}{
	{"/", "/", nil, "the root"},
	{"", "", nil, "no path"},
	{"*", "", nil, "of OPTIONS *"},
	{"/posts", "/posts", nil, "a literal beats /{page}"},
	{"/posts/", "/posts/", nil, "a trailing slash is another path"},
	{"/about", "/{page}", []string{"about"}, "a parameter"},
	{"/about/", "/{page}/", []string{"about"}, "a parameter with a trailing slash"},
	{"//", "", nil, "an empty segment is not a parameter"},
	{"/posts/new", "/posts/new", nil, "a literal beats a parameter"},
	{"/posts/42", "/posts/{id}", []string{"42"}, "beside it"},
	{"/posts/newer", "/posts/{id}", []string{"newer"}, "a literal is a whole segment"},
	{"/posts/new/draft", "/posts/new/draft", nil, "a literal beats both"},
	{"/posts/new/comments", "/posts/new/{tab}", []string{"comments"}, "the leftmost difference decides"},
	{"/posts/42/comments", "/posts/{id}/comments", []string{"42"}, "beside it"},
	{"/posts/new/comments/3", "/posts/{id}/comments/{n}", []string{"new", "3"}, "back from a literal that leads nowhere"},
	{"/posts/new/x/y", "/posts/{id}/{rest...}", []string{"new", "x/y"}, "back to the rest"},
	{"/posts/42/", "/posts/{id}/{rest...}", []string{"42", ""}, "the rest may be empty"},
	{"/posts//comments", "", nil, "a parameter is never empty"},
	{"/posts//", "", nil, "not with a rest either"},
	{"/posts/new//", "/posts/{id}/{rest...}", []string{"new", "/"}, "the rest may be slashes"},
	{"/files", "/{page}", []string{"files"}, "the rest begins behind a slash"},
	{"/files/", "/files/{path...}", []string{""}, "as in net/http"},
	{"/files/readme", "/files/readme", nil, "a literal beats the rest"},
	{"/files/a/b//c/", "/files/{path...}", []string{"a/b//c/"}, "the rest as it is"},
	{"/files/a%2Fb/%63", "/files/{path...}", []string{"a/b/c"}, "decoded as a whole"},
	{"/files/x/3", "/files/{path...}", []string{"x/3"}, "a literal further left beats /{a}/x/{b}"},
	{"/other/x/3", "/{a}/x/{b}", []string{"other", "3"}, "beside it"},
	{"/p%6fsts/%34%32", "/posts/{id}", []string{"42"}, "encoded literals match"},
	{"/posts/a%2Fb", "/posts/{id}", []string{"a/b"}, "an encoded slash stays in its parameter"},
	{"/posts/a%252Fb", "/posts/{id}", []string{"a%2Fb"}, "decoded once"},
	{"/posts%2Fnew", "/{page}", []string{"posts/new"}, "an encoded slash separates nothing"},
	{"/posts/%2e%2e", "/posts/{id}", []string{".."}, "encoded dots are a value"},
	{"/posts:batch/7", "/p%6Fsts:batch/{id}", []string{"7"}, "a colon in a literal"},
	{"/posts%3Abatch/7", "/p%6Fsts:batch/{id}", []string{"7"}, "also encoded"},
	{"/at/12:30", "/at/{time}", []string{"12:30"}, "a colon in a value"},
	{"/at/:p", "/at/{time}", []string{":p"}, "what the router calls a parameter, as a value"},
	{"/at/*p", "/at/{time}", []string{"*p"}, "and the rest"},
	{"/at/a+b%20c", "/at/{time}", []string{"a+b c"}, "a plus is a plus"},
	{"/caf%c3%a9", "/caf%C3%A9", nil, "UTF-8"},
	{"/café", "/caf%C3%A9", nil, "not encoded"},
	{"/a%2fb/1", "/a%2Fb/{x}", []string{"1"}, "a literal with a slash in it"},
	{"/a/b/1", "", nil, "which separates nothing"},
	{"/POSTS", "/{page}", []string{"POSTS"}, "case counts"},
	{"/posts/%zz", "", nil, "no encoding"},
	{"/posts/%4", "", nil, "half an encoding"},
}

// lookup is Find, and returns the values of all parameters.
func lookup(table *Table, path string) (index int, values []string, ok bool) {
	index, params, ok := table.Find(path, IsSimple(path))
	for i := range params.Names() {
		values = append(values, params.Value(i))
	}
	return index, values, ok
}

func TestLookup(t *testing.T) {
	table, conflicts := New(parseAll(t, hostile...))
	require.Empty(t, conflicts)
	for _, test := range lookupTests {
		t.Run(test.path, func(t *testing.T) {
			index, values, ok := lookup(table, test.path)
			require.Equal(t, test.pattern != "", ok, test.reason)
			assert.Equal(t, test.values, values, test.reason)
			if ok {
				assert.Equal(t, test.pattern, hostile[index], test.reason)
			}
		})
	}
}

// TestFewLayers limits the cost: each layer is one more tree to ask.
func TestFewLayers(t *testing.T) {
	table, _ := New(parseAll(t, "/", "/posts", "/posts/new", "/posts/{id}", "/posts/{id}/comments",
		"/posts/{id}/comments/{n}", "/users/{id}", "/users/me", "/files/{path...}", "/api/posts/{id}"))
	assert.Len(t, table.layers, 1, "an ordinary set of patterns")
	table, _ = New(parseAll(t, hostile...))
	assert.Len(t, table.layers, 3, "a hostile one")
}

func TestNewReportsConflicts(t *testing.T) {
	patterns := parseAll(t, "/x/{a}", "/y", "/x/{b}", "/x/{c}", "/y", "/x/{a}/{rest...}")
	table, conflicts := New(patterns)
	require.Len(t, conflicts, 3)
	for n, pair := range [][2]int{{0, 2}, {0, 3}, {1, 4}} {
		assert.Equal(t, pair[0], conflicts[n].I)
		assert.Equal(t, pair[1], conflicts[n].J)
		assert.Equal(t, patterns[pair[0]].Conflict(patterns[pair[1]]), conflicts[n].Why)
	}
	for path, want := range map[string]int{"/x/1": 0, "/y": 1, "/x/1/2": 5} {
		index, _, ok := lookup(table, path)
		assert.True(t, ok)
		assert.Equal(t, want, index, "the first of a conflict is in the table: %s", path)
	}
	_, _, ok := lookup(&Table{}, "/x")
	assert.False(t, ok, "an empty table has nothing")
}

// slowLookup is the definition of Lookup. Of all patterns that match, it returns the
// pattern with the most specific segments, compared from the left.
func slowLookup(patterns []string, path string) (best int, values []string, ok bool) {
	var bestRank string
	for i, pattern := range patterns {
		rank, vals, matches := slowMatch(strings.Split(pattern, "/"), strings.Split(path, "/"))
		if matches && (!ok || rank < bestRank) {
			best, values, bestRank, ok = i, vals, rank, true
		}
	}
	return best, values, ok
}

func slowMatch(pattern, path []string) (rank string, values []string, ok bool) {
	for i, want := range pattern {
		switch {
		case i >= len(path):
			return "", nil, false
		case strings.HasSuffix(want, "...}"):
			return rank + "2", append(values, slowDecode(strings.Join(path[i:], "/"))), true
		case strings.HasPrefix(want, "{") && path[i] != "":
			rank, values = rank+"1", append(values, slowDecode(path[i]))
		case slowDecode(want) == slowDecode(path[i]):
			rank += "0"
		default:
			return "", nil, false
		}
	}
	return rank, values, len(pattern) == len(path)
}

func slowDecode(s string) string {
	decoded, err := url.PathUnescape(s)
	if err != nil {
		panic(err)
	}
	return decoded
}

// TestLookupAgreesWithDefinition compares random tables with slowLookup.
func TestLookupAgreesWithDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	literals := []string{"a", "b", "ab", "abc", "a:b", "%3Ap", "%2Ap", "a%2Fb", "%25", "caf%C3%A9"}
	spellings := append([]string{"", "%61", "a%62", ":p", "*p", "a%3ab", "a%2fb", "café", "x", "%2F", ".."}, literals...)
	pick := func(from []string) string { return from[rng.IntN(len(from))] }
	for range 3000 {
		var written []string
		for range 1 + rng.IntN(12) {
			written = append(written, randomPattern(rng, pick, literals))
		}
		table, conflicts := New(parseAll(t, written...))
		kept := written
		for _, c := range conflicts {
			kept[c.J] = "/left out" // does not match any path below
		}
		for range 40 {
			var path strings.Builder
			for range 1 + rng.IntN(5) {
				path.WriteString("/" + pick(spellings))
			}
			wantIndex, wantValues, wantOK := slowLookup(kept, path.String())
			index, values, ok := lookup(table, path.String())
			if wantOK != ok || wantIndex != index || fmt.Sprintf("%q", wantValues) != fmt.Sprintf("%q", values) {
				t.Fatalf("%s in %q: got %v %d %q, want %v %d %q", path.String(), kept,
					ok, index, values, wantOK, wantIndex, wantValues)
			}
		}
	}
}

// randomPattern makes short patterns of few literals, so many of them overlap.
func randomPattern(rng *rand.Rand, pick func([]string) string, literals []string) string {
	var b strings.Builder
	n := 1 + rng.IntN(4)
	for i := range n {
		switch r := rng.IntN(10); {
		case r < 4:
			fmt.Fprintf(&b, "/{p%d}", i)
		case r == 4 && i == n-1:
			b.WriteString("/{rest...}")
		case r == 5 && i == n-1:
			b.WriteString("/")
		default:
			b.WriteString("/" + pick(literals))
		}
	}
	return b.String()
}

// FuzzLookup compares Lookup with slowLookup, for any path and the hostile patterns.
func FuzzLookup(f *testing.F) {
	for _, test := range lookupTests {
		f.Add(test.path)
	}
	table, _ := New(parseAll(f, hostile...))
	f.Fuzz(func(t *testing.T, path string) {
		index, values, ok := lookup(table, path)
		if _, err := url.PathUnescape(path); err != nil {
			assert.False(t, ok)
			return
		}
		wantIndex, wantValues, wantOK := slowLookup(hostile, path)
		assert.Equal(t, wantOK, ok)
		assert.Equal(t, wantIndex, index)
		assert.Equal(t, wantValues, values)
	})
}

// FuzzRoundTrip puts values into a path and expects the same values back.
func FuzzRoundTrip(f *testing.F) {
	f.Add("1", "2", "3/4")
	f.Add("a/b", ":p", "")
	f.Add("%2F", "..", "//")
	f.Add("\x00", "\xff", "*p")
	table, _ := New(parseAll(f, "/x/{a}/y/{b}/{c...}", "/x/new", "/x/{a}/z/{b}", "/x/{rest...}"))
	f.Fuzz(func(t *testing.T, a, b, c string) {
		path := "/x/" + url.PathEscape(a) + "/y/" + url.PathEscape(b) + "/" + url.PathEscape(c)
		index, values, ok := lookup(table, path)
		require.True(t, ok)
		if a == "" || b == "" {
			assert.Equal(t, 3, index, "an empty segment is not a parameter")
			return
		}
		assert.Equal(t, 0, index)
		assert.Equal(t, []string{a, b, c}, values)
	})
}

func TestLookupAllocates(t *testing.T) {
	table, _ := New(parseAll(t, "/posts/new", "/posts/{id}", "/posts/{id}/comments/{n}"))
	tests := []struct {
		path   string
		allocs float64
		reason string
	}{
		{"/posts/new", 0, "the map"},
		{"/posts/42", 0, "the map of those that end in a parameter"},
		{"/posts/42/comments/7", 1, "httprouter's parameters"},
		{"/nothing", 0, "no match"},
	}
	for _, test := range tests {
		assert.Equal(t, test.allocs, testing.AllocsPerRun(100, func() {
			if _, params, ok := table.Find(test.path, true); ok {
				for i := range params.Names() {
					params.Value(i)
				}
			}
		}), "%s: %s", test.path, test.reason)
	}
}

// benchPatterns makes n patterns: one third literal, one third with one parameter, one
// third with two parameters.
func benchPatterns(b *testing.B, n int) []Pattern {
	patterns := make([]Pattern, n)
	for i := range patterns {
		suffix := []string{"", "/{id}", "/{id}/comments/{n}"}[i%3]
		patterns[i] = mustParse(b, fmt.Sprintf("/area%d/things%d%s", i%17, i, suffix))
	}
	return patterns
}

func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{10, 1000, 10000} {
		patterns := benchPatterns(b, n)
		table, _ := New(patterns)
		for i, kind := range []string{"static", "one", "two"} {
			path := patterns[n/2/3*3+i].String()
			path = strings.NewReplacer("{id}", "12345", "{n}", "7").Replace(path)
			b.Run(fmt.Sprintf("%d/%s", n, kind), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, _, ok := table.Find(path, true); !ok {
						b.Fatal(path)
					}
				}
			})
		}
	}
}

func BenchmarkNew10000(b *testing.B) {
	patterns := benchPatterns(b, 10000)
	b.ReportAllocs()
	for b.Loop() {
		New(patterns)
	}
}

func BenchmarkKey(b *testing.B) {
	table, _ := New([]Pattern{mustParse(b, "/posts/{id}/close")})
	_, params, _ := table.Find("/posts/12345/close", true)
	b.ReportAllocs()
	for b.Loop() {
		params.Key()
	}
}

func BenchmarkClean(b *testing.B) {
	for _, path := range []string{"/posts/12345/comments/7", "/posts/12345/caf%C3%A9/7"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = Clean(path)
			}
		})
	}
}
