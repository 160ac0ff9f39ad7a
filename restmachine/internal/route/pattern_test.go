// These tests check patterns: what is read, what is refused, conflicts and keys.

package route

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func mustParse(t testing.TB, s string) Pattern {
	t.Helper()
	p, err := Parse(s)
	require.NoError(t, err)
	return p
}

var goodPatterns = []struct {
	pattern   string
	names     []string
	lastParam int
	reason    string
}{
	{"/", nil, -1, "the root is one empty segment"},
	{"/posts", nil, -1, "a literal"},
	{"/posts/", nil, -1, "a trailing slash is an empty segment"},
	{"/posts/{post_id}", []string{"post_id"}, 1, "a parameter"},
	{"/{a}", []string{"a"}, 0, "a parameter at the beginning"},
	{"/posts/{id}/comments/{n}/", []string{"id", "n"}, 3, "more than one"},
	{"/posts/{id}/comments", []string{"id"}, 1, "a literal after the last one"},
	{"/files/{path...}", []string{"path"}, 1, "the rest"},
	{"/{path...}", []string{"path"}, 0, "everything"},
	{"/{type}/{_x}/{naïve2}", []string{"type", "_x", "naïve2"}, 2, "keywords and letters of all kinds are names"},
	{"/posts:batch/2*3", nil, -1, "colons and asterisks inside a segment are literal"},
	{"/%3Aid/%2Ax/%7Bid%7D/%3F%23", nil, -1, "everything can be had literally"},
	{"/a%2Fb/caf%c3%A9/ü/x y", nil, -1, "literals in any spelling"},
	{"/.well-known/...", nil, -1, "dots that are no dot segments"},
}

func TestParse(t *testing.T) {
	for _, test := range goodPatterns {
		t.Run(test.pattern, func(t *testing.T) {
			p, err := Parse(test.pattern)
			require.NoError(t, err, test.reason)
			assert.Equal(t, test.pattern, p.String())
			assert.Equal(t, test.names, p.Names())
			last := -1
			if n := len(p.at); n > 0 {
				last = p.at[n-1]
			}
			assert.Equal(t, test.lastParam, last, test.reason)
		})
	}
}

var badPatterns = []struct {
	pattern string
	advice  string // a part of the error
}{
	{"", `must begin with "/"`},
	{"posts", `must begin with "/"`},
	{"GET /posts", "without a method or a host"},
	{"example.com/posts", "without a method or a host"},
	{"/posts/:id", "write a parameter as {name}"},
	{"/posts/:id", "%3A"},
	{"/files/*path", "write the rest of a path as {name...}"},
	{"/files/*", "%2A"},
	{"/posts/{$}", "leave {$} out"},
	{"/posts/{}", "as in {post_id}"},
	{"/posts/{...}", "as in {post_id}"},
	{"/posts/{id:[0-9]+}", "as in {post_id}"},
	{"/posts/{post-id}", "as in {post_id}"},
	{"/posts/{1st}", "as in {post_id}"},
	{"/posts/{i%64}", "as in {post_id}"},
	{"/posts/{id", "must be a whole segment"},
	{"/posts/id}", "must be a whole segment"},
	{"/posts/{id}.json", "must be a whole segment"},
	{"/posts/v{id}", "must be a whole segment"},
	{"/posts/{a}{b}", "must be a whole segment"},
	{"/posts/{{id}}", "%7B and %7D"},
	{"/files/{path...}/raw", "make it the last segment"},
	{"/files/{path...}/", "make it the last segment"},
	{"/{a}/x/{a}", `two parameters are named "a"`},
	{"/{a}/x/{a...}", `two parameters are named "a"`},
	{"//posts", "an empty segment"},
	{"/posts//{id}", "an empty segment"},
	{"/posts/../users", "clients resolve the segment"},
	{"/posts/.", "clients resolve the segment"},
	{"/posts?page={page}", "cannot have a query"},
	{"/posts#top", "or a fragment"},
	{"/100%", "%25"},
	{"/a%0", "two hexadecimal digits"},
	{"/a\x00b", "control character"},
	{"/a%0Ab", "control character"},
	{"/a%FF", "UTF-8"},
	{"/" + strings.Repeat("{a}/", 2), "two parameters"},
}

func TestParseRefuses(t *testing.T) {
	for _, test := range badPatterns {
		t.Run(test.pattern, func(t *testing.T) {
			p, err := Parse(test.pattern)
			require.Error(t, err)
			assert.ErrorContains(t, err, "pattern ", "which pattern it is")
			assert.ErrorContains(t, err, test.advice)
			assert.Zero(t, p)
		})
	}
}

func TestParseLimit(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString("/{p" + strings.Repeat("x", i) + "}")
		}
		return b.String()
	}
	_, err := Parse(many(maxParameters + 1))
	assert.ErrorContains(t, err, "at most 255")

	p := mustParse(t, many(maxParameters))
	table, conflicts := New([]Pattern{p})
	require.Empty(t, conflicts)
	_, values, ok := lookup(table, strings.Repeat("/v", maxParameters))
	assert.True(t, ok)
	assert.Len(t, values, maxParameters)
}

func TestConflict(t *testing.T) {
	tests := []struct {
		p, q   string
		why    string // a part of the answer, or "" if there is no conflict
		reason string
	}{
		{"/x/{a}", "/x/{b}", "the same names", "only the names differ"},
		{"/x/{a}", "/x/{a}", "keep one", "twice the same"},
		{"/x/{a...}", "/x/{b...}", "the same names", "the rest under two names"},
		{"/caf%C3%A9", "/café", "keep one", "one literal in two spellings"},
		{"/x/{a}/y/{b}", "/x/{b}/y/{a}", "the same names", "names in another order"},
		{"/x/{a}", "/x/{a}/", "", "a trailing slash is another path"},
		{"/x/{a}", "/x/{a...}", "", "a parameter beats the rest"},
		{"/x/new", "/x/{a}", "", "a literal beats a parameter"},
		{"/x/{a}/z", "/x/y/{b}", "", "both match /x/y/z: the leftmost difference decides"},
		{"/x", "/y", "", "nothing in common"},
		{"/%3Ap", "/{p}", "", "a literal that looks like a shape"},
	}
	for _, test := range tests {
		t.Run(test.p+" "+test.q, func(t *testing.T) {
			p, q := mustParse(t, test.p), mustParse(t, test.q)
			if test.why == "" {
				assert.Empty(t, p.Conflict(q), test.reason)
				assert.Empty(t, q.Conflict(p), test.reason)
				return
			}
			assert.Contains(t, p.Conflict(q), test.why, test.reason)
			assert.Contains(t, q.Conflict(p), test.why, test.reason)
			assert.Contains(t, p.Conflict(q), test.p)
			assert.Contains(t, p.Conflict(q), test.q)
		})
	}
}

func TestKey(t *testing.T) {
	tests := []struct {
		pattern string
		values  []string
		key     string
		reason  string
	}{
		{"/", nil, "/", "no parameter: all of the path"},
		{"/posts/", nil, "/posts/", "no parameter: all of the path"},
		{"/caf%C3%A9", nil, "/café", "literals are decoded"},
		{"/tasks/{id}", []string{"7"}, "/tasks/7", "an item"},
		{"/tasks/{id}/close", []string{"7"}, "/tasks/7", "has the key of its sub-paths"},
		{"/tasks/{id}/", []string{"7"}, "/tasks/7", "with a trailing slash, too"},
		{"/a/{b}/c/{d}/e", []string{"1", "2"}, "/a/1/c/2", "up to the last of them"},
		{"/a/{b}", []string{"x/y"}, "/a/x%2Fy", "a slash in a value is not a separator"},
		{"/a/{b}", []string{"x%2Fy"}, "/a/x%252Fy", "nor is it confused with its encoding"},
		{"/a/{b...}", []string{"x/y"}, "/a/x%2Fy", "the rest is one value"},
		{"/a/{b...}", []string{""}, "/a/", "and can be empty"},
	}
	for _, test := range tests {
		t.Run(test.pattern, func(t *testing.T) {
			assert.Equal(t, test.key, key(mustParse(t, test.pattern), test.values...), test.reason)
		})
	}
}

// key returns the key of decoded values.
func key(p Pattern, values ...string) string { return Params{pattern: &p, decoded: &values}.Key() }

// A resource has one key for all spellings of its path.
func TestKeyInPathIsKeyOfValues(t *testing.T) {
	for _, pattern := range []string{"/", "/a", "/a/", "/{x}", "/a/{x}", "/{x}/a", "/a/{x}/b/{y}", "/a/{x}/b/{y}/c/", "/a/{x...}", "/{x}/b/{y...}"} {
		p := mustParse(t, pattern)
		table, _ := New([]Pattern{p})
		for _, path := range []string{"/", "/a", "/a/", "/a/b", "/a/b/", "/c/a", "/a/1/b/2", "/a/1/b/2/c/", "/a/b/c/d", "/a/b/"} {
			if _, params, ok := table.Find(path, true); ok {
				_, values, _ := lookup(table, path)
				assert.Equal(t, key(p, values...), params.Key(), "%s of %s", path, pattern)
			}
		}
	}
}

func FuzzKey(f *testing.F) {
	f.Add("a", "b", "a", "c")
	f.Add("a/b", "c", "a", "b/c")
	f.Add("a%2Fb", "c", "a/b", "c")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		p := mustParse(t, "/x/{a}/y/{b...}")
		one, two := key(p, a, b), key(p, c, d)
		assert.Equal(t, a == c && b == d, one == two, "%q %q", one, two)
	})
}

func FuzzParse(f *testing.F) {
	for _, test := range goodPatterns {
		f.Add(test.pattern, "/x/{a}")
	}
	for _, test := range badPatterns {
		f.Add(test.pattern, "/{a}/x")
	}
	f.Fuzz(func(t *testing.T, s, u string) {
		var patterns []Pattern
		for _, text := range []string{s, u, "/posts/{id}", "/posts/new"} {
			p, err := Parse(text)
			if err != nil {
				continue
			}
			assert.Equal(t, text, p.String())
			patterns = append(patterns, p)
		}
		table, conflicts := New(patterns) // must not panic
		for _, c := range conflicts {
			assert.Less(t, c.I, c.J)
		}
		lookup(table, u)
	})
}
