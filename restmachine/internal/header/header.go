// Package header knows which field names and values may stand in an HTTP message
// (RFC 9110, 5.5 and 5.6.2), and the canonical form of a header. It knows no field
// by name.
package header

import (
	"net/http"
	"strings"
)

// LegalValue reports whether s is a field value (RFC 9110, 5.5). CR, LF and NUL
// are not: they would end the field, or the connection.
func LegalValue(s string) bool {
	for len(s) >= 4 { // four at a time, since it reads every field of Execute
		if valueBytes[s[0]]&valueBytes[s[1]]&valueBytes[s[2]]&valueBytes[s[3]] == 0 {
			return false
		}
		s = s[4:]
	}
	for i := range len(s) {
		if valueBytes[s[i]] == 0 {
			return false
		}
	}
	return true
}

// valueBytes is 1 for what may stand in a field value.
var valueBytes = func() (is [256]byte) {
	for c := range is {
		if c >= ' ' && c != 0x7f || c == '\t' {
			is[c] = 1
		}
	}
	return is
}()

// LegalName reports whether s is a field name, which is a token (RFC 9110, 5.6.2).
func LegalName(s string) bool {
	for i := range len(s) {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return s != ""
}

// tokenBytes may stand in a token.
var tokenBytes = func() (is [256]bool) {
	for c := byte(' ' + 1); c < 0x7f; c++ {
		is[c] = strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) < 0
	}
	return is
}()

// Legal reports whether all names and values of a header are legal.
func Legal(h http.Header) bool {
	for name, lines := range h {
		for _, line := range lines {
			if !LegalValue(line) || !LegalName(name) {
				return false
			}
		}
	}
	return true
}

// Canonical is a header with canonical names; it shares the lines. It is nil where
// h is.
func Canonical(h http.Header) http.Header {
	if h == nil {
		return nil
	}
	c := make(http.Header, len(h))
	for name, lines := range h {
		name = http.CanonicalHeaderKey(name)
		c[name] = append(c[name], lines...)
	}
	return c
}

// IsAsReceived reports whether a header is legal, and is as [Received] makes it:
// then nobody needs a copy.
func IsAsReceived(h http.Header) bool {
	for name, lines := range h {
		if len(lines) == 0 || !isCanonical(name) {
			return false
		}
		for _, line := range lines {
			if n := len(line); n > 0 && (isSpace(line[0]) || isSpace(line[n-1])) || !LegalValue(line) {
				return false
			}
		}
	}
	return true
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// isCanonical reports whether name is a token that http.CanonicalHeaderKey does
// not change.
func isCanonical(name string) bool {
	place := byte(beginsWord)
	for i := range len(name) {
		is := canonicalBytes[name[i]]
		if is&place == 0 {
			return false
		}
		place = is >> nextPlace
	}
	return name != ""
}

// Where a byte may stand in a canonical name. Shifted by nextPlace: where the byte behind it stands.
const (
	beginsWord = 1 << iota
	insideWord
	nextPlace = iota
)

var canonicalBytes = func() (is [256]byte) {
	for c := range is {
		switch {
		case !tokenBytes[c]:
		case c == '-':
			is[c] = beginsWord | insideWord | beginsWord<<nextPlace
		case 'a' <= c && c <= 'z':
			is[c] = insideWord | insideWord<<nextPlace
		case 'A' <= c && c <= 'Z':
			is[c] = beginsWord | insideWord<<nextPlace
		default:
			is[c] = beginsWord | insideWord | insideWord<<nextPlace
		}
	}
	return is
}()

// Received is a header as it comes from the wire. Its names are canonical. Its
// values lack the white space around them, which is not part of them (RFC 9110,
// 5.5).
func Received(h http.Header) http.Header {
	c := make(http.Header, len(h))
	for name, lines := range h {
		name = http.CanonicalHeaderKey(name)
		for _, line := range lines {
			c[name] = append(c[name], strings.Trim(line, " \t"))
		}
	}
	return c
}
