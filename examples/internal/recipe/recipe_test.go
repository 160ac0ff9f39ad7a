package recipe

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const page = "# Title\n\nProse.\n\n<!-- varies: abc, \"7\" -->\n<!-- needs: openssl -->\n\n```console\n$ curl -i \\\n    http://a\nHTTP/1.1 200 OK\n\nx\n$ pwd\n```\n\n```go\nx := 1\n```\n\n```sh\nls\n```\n"

func TestParse(t *testing.T) {
	p := Parse(page)
	assert.Equal(t, []Step{{"curl -i \\\n    http://a\n", "HTTP/1.1 200 OK\n\nx\n"}, {"pwd\n", ""}}, p.Steps)
	assert.Equal(t, []string{"x := 1\n"}, p.Blocks["go"])
	assert.Equal(t, []string{"abc", `"7"`}, p.Varies)
	assert.Equal(t, []string{"openssl"}, p.Needs)
	assert.NotContains(t, p.Prose, "ls")
}

func TestStands(t *testing.T) {
	const source = "func f() {\n\ta := 1\n\tif a > 0 {\n\n\t\tb()\n\t}\n\tc()\n}\n"
	for excerpt, want := range map[string]bool{
		"a := 1\n":                         true,
		"if a > 0 {\n\n\tb()\n}\n":         true,
		"func f() {\n\t// …\n\tc()\n}\n":   true,
		"c()\n// …\na := 1\n":              false, // in this order
		"a := 2\n":                         false,
		"if a > 0 {\nb()\n}\n":             false, // indented otherwise
		"func f() {\n\t// …\n\tc()\n\td()": false,
	} {
		assert.Equal(t, want, Stands(excerpt, source), "%q", excerpt)
	}
}

func TestCompare(t *testing.T) {
	const got = "HTTP/1.1 201 Created\nETag: \"k-1\"\nDate: Mon\nLocation: /a/k\n\n{\"id\":\"k\"}"
	tests := []struct {
		why, shown string
		ok         bool
	}{
		{"fields in any order, some left out", "HTTP/1.1 201 Created\nLocation: /a/ID\nETag: \"ID-1\"\n\n{\"id\":\"ID\"}", true},
		{"any text", "HTTP/1.1 201 Created\nDate: …\n\n{…}", true},
		{"the rest", "HTTP/1.1 201 Created\n\n…", true},
		{"another status", "HTTP/1.1 200 OK\n\n…", false},
		{"another field", "HTTP/1.1 201 Created\nETag: \"k-2\"\n\n…", false},
		{"content is not shown", "HTTP/1.1 201 Created\n", false},
		{"content that is not there", "HTTP/1.1 201 Created\n\n{\"id\":\"k\"}\nmore", false},
		{"another value of what varies", "HTTP/1.1 201 Created\nLocation: /a/ID\nDate: ID\n\n…", false},
		{"without a head", "{\"id\":\"k\"}", false},
	}
	for _, tt := range tests {
		values := map[string]string{}
		err := Compare(tt.shown, got, []string{"ID"}, values)
		assert.Equal(t, tt.ok, err == nil, "%s: %v", tt.why, err)
	}
	assert.NoError(t, Compare("HTTP/1.1 200 OK\n\nx", "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\n\nx", nil, nil))
	values := map[string]string{}
	require.NoError(t, Compare("HTTP/1.1 201 Created\nLocation: /a/ID\n\n…", got, []string{"ID"}, values))
	assert.Equal(t, map[string]string{"ID": "k"}, values)
	assert.Error(t, Compare("ID and ID", "a and b", []string{"ID"}, map[string]string{}))
	assert.NoError(t, Compare("ID and ID", "a and a", []string{"ID"}, map[string]string{}))
}

// TestShell: variables and files of one command are there for the next one, and what ends without
// a line break is whole.
func TestShell(t *testing.T) {
	s := openShell(t)
	assert.Equal(t, "\n", s.run(t, "a=7"))
	assert.Equal(t, "7\n", s.run(t, `printf "$a"`))
	assert.Equal(t, "\n", s.run(t, "echo x > file; cat"))
	assert.Equal(t, "x\n\n", s.run(t, "cat file"))
	assert.Equal(t, "no\n\n", s.run(t, "echo no >&2; false"))
}
