// These tests check which paths are clean, and their canonical spelling.

package route

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

var cleanTests = []struct {
	path   string
	err    error
	reason string
}{
	{"/posts/42", nil, "printable ASCII"},
	{"", nil, "an empty path is for others to refuse"},
	{"/a%2Fb/%7E/x%20y", nil, "valid encodings"},
	{"/caf%C3%A9/ü/%f0%9f%98%80", nil, "UTF-8, encoded or not"},
	{"/%E2%82/%AC", errUTF8, "a character does not go on over a slash"},
	{"/100%", errEncoding, "a lone %"},
	{"/a%2", errEncoding, "one digit"},
	{"/a%zz", errEncoding, "no digits"},
	{"/a%u0041", errEncoding, "not an encoding of URIs"},
	{"/a%00", errControl, "NUL"},
	{"/a\x00", errControl, "NUL as it is"},
	{"/a%0d%0aX:y", errControl, "a line break"},
	{"/a\tb", errControl, "a tab"},
	{"/a%7F", errControl, "DEL"},
	{"/a\x7f", errControl, "DEL as it is"},
	{"/a%ff", errUTF8, "no UTF-8"},
	{"/a\xff", errUTF8, "no UTF-8 as it is"},
	{"/%C0%AF", errUTF8, "an overlong slash"},
	{"/%ED%A0%80", errUTF8, "a surrogate"},
}

func TestClean(t *testing.T) {
	for _, test := range cleanTests {
		t.Run(test.reason, func(t *testing.T) {
			assert.Equal(t, test.err, Clean(test.path), "%q", test.path)
		})
	}
}

func TestCanonical(t *testing.T) {
	tests := []struct {
		path, want string
		reason     string
	}{
		{"/posts/42", "/posts/42", "nothing to do"},
		{"/p%6Fsts/%7e", "/posts/~", "unreserved characters are decoded"},
		{"/a%2fb", "/a%2Fb", "a slash stays in its segment"},
		{"/a%252Fb", "/a%252Fb", "decoding is done once"},
		{"/a:b/*/%3a%2a", "/a%3Ab/%2A/%3A%2A", "the router's characters are escaped"},
		{"//:/", "//%3A/", "empty segments stay"},
		{"%", "!", "no encoding"},
		{"/a/%4", "!", "half an encoding"},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			got, ok := canonical(test.path)
			assert.Equal(t, test.want != "!", ok, test.reason)
			if ok {
				assert.Equal(t, test.want, got, test.reason)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, test := range cleanTests {
		f.Add(test.path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		once, ok := canonical(path)
		if !ok {
			assert.Equal(t, errEncoding, Clean(path))
			return
		}
		twice, ok := canonical(once)
		assert.True(t, ok)
		assert.Equal(t, once, twice, "a canonical path is its own spelling")
		assert.Equal(t, strings.Count(path, "/"), strings.Count(once, "/"), "no segment is split or joined")
		assert.Equal(t, Clean(path), Clean(once), "no fault is hidden or made")
	})
}
