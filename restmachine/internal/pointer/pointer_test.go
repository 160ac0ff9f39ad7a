package pointer

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var pointers = []struct{ written, pointer, fragment, first, why string }{
	{"", "", "#", "", "the whole document (RFC 6901, 5)"},
	{"/items/1/sku", "/items/1/sku", "#/items/1/sku", "items", "names and an index"},
	{"items/1", "/items/1", "#/items/1", "items", "the first slash may lack"},
	{"page", "/page", "#/page", "page", "so a parameter is its name"},
	{"/", "/", "#/", "", "the empty name (RFC 6901, 5)"},
	{"//", "//", "#//", "", "and again"},
	{"/a~1b", "/a~1b", "#/a~1b", "a/b", "a slash in a name"},
	{"/m~0n", "/m~0n", "#/m~0n", "m~n", "a tilde in a name"},
	{"/~01", "/~01", "#/~01", "~1", "an escaped tilde, and then a 1 (RFC 6901, 4)"},
	{"/m~n", "/m~0n", "#/m~0n", "m~n", "a tilde that begins no escape stands for itself"},
	{"/m~", "/m~0", "#/m~0", "m~", "and so at the end"},
	{"/c%d", "/c%d", "#/c%25d", "c%d", "RFC 6901, 6"},
	{"/e^f", "/e^f", "#/e%5Ef", "e^f", "RFC 6901, 6"},
	{"/g|h", "/g|h", "#/g%7Ch", "g|h", "RFC 6901, 6"},
	{`/i\j`, `/i\j`, "#/i%5Cj", `i\j`, "RFC 6901, 6"},
	{`/k"l`, `/k"l`, "#/k%22l", `k"l`, "RFC 6901, 6"},
	{"/ ", "/ ", "#/%20", " ", "RFC 6901, 6"},
	{"/a#b?c", "/a#b?c", "#/a%23b?c", "a#b?c", "a # ends no fragment, and a ? may stand in one (RFC 3986, 3.5)"},
	{"/größe", "/größe", "#/gr%C3%B6%C3%9Fe", "größe", "UTF-8, percent-encoded"},
	{"/\xff", "/\xff", "#/%EF%BF%BD", "\xff", "what is not UTF-8 is replaced"},
	{"/a\r\nb", "/a\r\nb", "#/a%0D%0Ab", "a\r\nb", "no line breaks"},
}

func TestPointers(t *testing.T) {
	for _, row := range pointers {
		pointer := Of(row.written)
		assert.Equal(t, row.pointer, pointer, "%q: %s", row.written, row.why)
		assert.Equal(t, row.fragment, Fragment(pointer), "%q: %s", row.written, row.why)
		assert.Equal(t, row.first, First(pointer), "%q: %s", row.written, row.why)
	}
}

// FuzzFragment: whatever the names are, a reader of the fragment gets them back.
func FuzzFragment(f *testing.F) {
	for _, row := range pointers {
		f.Add(row.written, row.first)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		pointer := Step(first) + Step(second)
		require.Equal(t, pointer, Of(pointer), "what Step made stays")
		require.Equal(t, first, First(pointer))
		assert.Equal(t, Of(first), Of(Of(first)), "a pointer stays")

		fragment := Fragment(pointer)
		uri, err := url.Parse("http://example.com/" + fragment)
		require.NoError(t, err)
		require.Equal(t, fragment, "#"+uri.EscapedFragment(), "it is legal as it stands")
		names := strings.Split(uri.Fragment, "/")
		require.Len(t, names, 3)
		for i, name := range []string{first, second} {
			if utf8.ValidString(name) {
				assert.Equal(t, name, strings.ReplaceAll(strings.ReplaceAll(names[i+1], "~1", "/"), "~0", "~"))
			}
		}
	})
}
