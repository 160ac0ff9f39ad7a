// Package pointer writes JSON Pointers (RFC 6901). In come names and indices, or a pointer as
// people write it. Out comes a pointer such as /items/1/sku, or that as the fragment of a URI.
package pointer

import (
	"strings"
	"unicode/utf8"
)

var escape = strings.NewReplacer("~", "~0", "/", "~1")
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// Step is one name or index as a part of a pointer (RFC 6901, 3).
func Step(name string) string { return "/" + escape.Replace(name) }

// Of is a pointer as somebody wrote it: "" is the whole value, and all others begin with a
// slash, which is added where it lacks. A ~ that begins no escape stands for itself.
func Of(written string) string {
	if written != "" && written[0] != '/' {
		written = "/" + written
	}
	var b strings.Builder
	for i := 0; i < len(written); i++ {
		b.WriteByte(written[i])
		if written[i] == '~' && (i+1 == len(written) || written[i+1] != '0' && written[i+1] != '1') {
			b.WriteByte('0')
		}
	}
	return b.String()
}

// First is the first name of a pointer, "" where it has none.
func First(pointer string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return unescape.Replace(first)
}

// Fragment is a pointer as the fragment of a URI, with its # (RFC 6901, 6). What cannot stand in
// a fragment (RFC 3986, 3.5) is percent-encoded.
func Fragment(pointer string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.WriteByte('#')
	for _, c := range []byte(strings.ToValidUTF8(pointer, "\uFFFD")) {
		if c < utf8.RuneSelf && inFragment[c] {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// inFragment are the bytes that stand for themselves in a fragment.
var inFragment = func() (is [utf8.RuneSelf]bool) {
	for c := range is {
		is[c] = '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' ||
			strings.ContainsRune("-._~!$&'()*+,;=:@/?", rune(c))
	}
	return is
}()
