package restmachine

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file writes the URIs that a response sends.

// uri is a URI as it is sent: a path of the App is escaped where it must be,
// never twice, and what a StripPrefix took off is put back in front; anything
// else stays as it is.
func (x *exchange) uri(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") {
		return s
	}
	return x.mount() + escapePath(s)
}

// uriFields hold URIs.
var uriFields = []string{"Location", "Content-Location"}

// mountFields makes URIs as they are sent of those that a callback set in h. What was
// there before is one, and so is what goes on behind it.
func (x *exchange) mountFields(h, before http.Header) {
	for _, name := range uriFields {
		lines := h[name]
		if len(lines) != 1 {
			continue
		}
		goesOn := func(of string) bool {
			was := before.Get(of)
			return was != "" && strings.HasPrefix(lines[0], was)
		}
		if slices.ContainsFunc(uriFields, goesOn) {
			h[name] = []string{escapePath(lines[0])}
		} else {
			h[name] = []string{x.uri(lines[0])}
		}
	}
}

// ownURI is the request's own target, as a URI: a path that begins with "//" gets a
// segment in front that means nothing, lest it name a host (RFC 3986, 4.2).
func (x *exchange) ownURI() string {
	path := x.path
	if !x.simple {
		path = escapePath(path)
	}
	uri := x.mount() + path
	if strings.HasPrefix(uri, "//") {
		uri = "/." + uri
	}
	if x.rawQuery != "" {
		uri += "?" + strings.ReplaceAll(escapePath(x.rawQuery), "#", "%23")
	}
	return uri
}

// mount is what was taken off the path before the App saw it.
func (x *exchange) mount() string {
	if x.r == nil {
		return ""
	}
	full, _, _ := strings.Cut(x.r.RequestURI, "?")
	if prefix, ok := strings.CutSuffix(full, x.path); ok && strings.HasPrefix(full, "/") {
		return strings.TrimSuffix(prefix, "/")
	}
	if u, err := url.ParseRequestURI(full); err == nil { // escaped otherwise, or in absolute form
		for _, path := range []string{u.EscapedPath(), u.RawPath} {
			if prefix, ok := strings.CutSuffix(path, x.path); ok {
				return strings.TrimSuffix(prefix, "/")
			}
		}
	}
	return ""
}

// escapePath escapes what may not stand in a URI (RFC 3986, 3.3), and leaves
// what is escaped already.
func escapePath(s string) string {
	stays := func(i int) bool {
		c := s[i]
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			strings.IndexByte("-._~!$&'()*+,;=:@/?#", c) >= 0 ||
			c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
	}
	n := 0
	for n < len(s) && stays(n) {
		n++
	}
	if n == len(s) {
		return s
	}
	b := []byte(s[:n])
	for i := n; i < len(s); i++ {
		if stays(i) {
			b = append(b, s[i])
		} else {
			b = fmt.Appendf(b, "%%%02X", s[i])
		}
	}
	return string(b)
}

// setPath sets the path from u, escaped.
func (x *exchange) setPath(u *url.URL) {
	x.path, x.simple = u.Path, route.IsSimple(u.Path)
	if u.RawPath != "" || !x.simple {
		x.path, x.simple = u.EscapedPath(), false
		// EscapedPath makes separators of escaped slashes where anything else in the
		// path should have been escaped, too, and was not.
		if plain, err := url.PathUnescape(u.RawPath); err == nil && plain == u.Path {
			x.path = u.RawPath
		}
	}
	if x.path == "" && x.method != http.MethodConnect {
		x.path = "/" // an absolute URI need not have it (RFC 9110, 4.2.3)
	}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
