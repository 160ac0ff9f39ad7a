// This file gives each path one spelling. A path has many: /posts, /p%6Fsts, /%70osts. The
// router compares bytes, so patterns and paths first get the canonical spelling. It decodes
// all characters except the four that mean something to the router. This file also finds
// faults in the path of a request.

package route

import (
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"
)

var (
	errEncoding = errors.New("the path has a % without two hexadecimal digits after it; write %25 for a literal %")
	errControl  = errors.New("the path has a control character")
	errUTF8     = errors.New("the path is not valid UTF-8")
)

// Clean returns what is wrong with the escaped path of a request, or nil. The faults are an
// invalid percent-encoding and, in the decoded path, a control byte (including NUL and DEL)
// or invalid UTF-8.
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

// isPlain reports whether s consists of printable ASCII without "%". Most paths do, and
// need no further check.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '%' {
			return false
		}
	}
	return true
}

// IsSimple reports whether a path consists of letters, digits, "-", "_", "." and "/". Such
// a path has only one spelling, unless characters are escaped without need. Most paths are
// simple and need no further check.
func IsSimple(path string) bool {
	for len(path) >= 4 { // four at a time, since every request comes here
		if simple[path[0]]&simple[path[1]]&simple[path[2]]&simple[path[3]] == 0 {
			return false
		}
		path = path[4:]
	}
	for i := range len(path) {
		if simple[path[i]] == 0 {
			return false
		}
	}
	return true
}

// simple is 1 for the unreserved characters except "~" (RFC 3986, 2.3), and for the slash.
var simple = func() (is [256]byte) {
	for _, c := range []byte("/-_.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		is[c] = 1
	}
	return is
}()

// isReserved reports whether c is escaped in a canonical path. "/" separates segments, "%"
// escapes, and the router reads ":" and "*" as parameters.
func isReserved(c byte) bool {
	return c == '/' || c == '%' || c == ':' || c == '*'
}

// isCanonical reports whether path has none of the characters that are escaped in a
// segment. (strings.ContainsAny does the same at five times the cost.)
func isCanonical(path string) bool {
	for i := range len(path) {
		if c := path[i]; c == '%' || c == ':' || c == '*' {
			return false
		}
	}
	return true
}

// canonical returns the canonical spelling of an escaped path. It returns false for an
// invalid percent-encoding.
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

// appendEscaped appends a decoded segment in its canonical spelling.
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
