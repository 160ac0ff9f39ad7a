// Every path has many spellings: /posts, /p%6Fsts, /%70osts. The router compares
// bytes, so patterns and paths are first brought to one spelling, in which all
// is decoded but the four characters that mean something to the router.

package route

import (
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"
)

var (
	errEncoding = errors.New("the path has a % without two hexadecimal digits behind it; % itself is written %25")
	errControl  = errors.New("the path has a control character")
	errUTF8     = errors.New("the path is not valid UTF-8")
)

// Clean says what is wrong with the escaped path of a request, if anything: a
// percent-encoding that is none, or, decoded, a control byte (NUL and DEL among
// them) or invalid UTF-8.
func Clean(escaped string) error {
	if isPlain(escaped) {
		return nil
	}
	decoded, err := url.PathUnescape(escaped)
	if err != nil {
		return errEncoding
	}
	for i := range len(decoded) {
		if decoded[i] < ' ' || decoded[i] == 0x7F {
			return errControl
		}
	}
	if !utf8.ValidString(decoded) {
		return errUTF8
	}
	return nil
}

// isPlain reports whether s is made of printable ASCII without "%": most paths
// are, and need no second look.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '%' {
			return false
		}
	}
	return true
}

// IsSimple reports whether a path has no spelling but itself, as far as nothing is
// escaped that need not be: most paths are made of letters, digits, "-", "_" and
// ".", and need no second look.
func IsSimple(path string) bool {
	for i := range len(path) {
		if !simple[path[i]] {
			return false
		}
	}
	return true
}

// simple are the unreserved characters but "~" (RFC 3986, 2.3), and the slash.
var simple = func() (is [256]bool) {
	for _, c := range []byte("/-_.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		is[c] = true
	}
	return is
}()

// isReserved reports whether c is escaped in a canonical path: "/" separates
// segments, "%" escapes, and the router takes ":" and "*" for parameters.
func isReserved(c byte) bool {
	return c == '/' || c == '%' || c == ':' || c == '*'
}

// isCanonical reports whether path has none of the characters that are escaped in
// a segment. (strings.ContainsAny does, too, at five times the cost.)
func isCanonical(path string) bool {
	for i := range len(path) {
		if c := path[i]; c == '%' || c == ':' || c == '*' {
			return false
		}
	}
	return true
}

// canonical returns the one spelling of an escaped path. It fails for an invalid
// percent-encoding.
func canonical(path string) (string, bool) {
	out := make([]byte, 0, len(path)+16) // room for a few colons
	for len(path) > 0 {
		segment, _, more := strings.Cut(path, "/")
		decoded, err := url.PathUnescape(segment)
		if err != nil {
			return "", false
		}
		out = appendEscaped(out, decoded)
		path = path[len(segment):]
		if more {
			out = append(out, '/')
			path = path[1:]
		}
	}
	return string(out), true
}

// appendEscaped appends a decoded segment as it is spelled in a canonical path.
func appendEscaped(dst []byte, decoded string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(decoded) {
		if c := decoded[i]; isReserved(c) {
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}
