package request

import (
	"fmt"
	"net/url"
	"strings"
)

// This file makes the URIs that a response sends. A path of the App is escaped where
// it must be, never twice, and what StripPrefix took off is put back in front of it.

// URI is a URI as it is sent. What begins with one "/" is a path of the App; every
// other URI stays as it is.
func (r *Request) URI(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") {
		return s
	}
	return r.mount() + EscapePath(s)
}

// OwnURI is the request's own target as a URI. A path that begins with "//" would
// name a host (RFC 3986, 4.2), so it gets a segment in front that means nothing.
func (r *Request) OwnURI() string {
	path := r.path
	if r.simple && r.wire != nil && r.wire.RequestURI == path && !strings.HasPrefix(path, "//") {
		return path // nothing is mounted, escaped or asked
	}
	if !r.simple {
		path = EscapePath(path)
	}
	uri := r.mount() + path
	if strings.HasPrefix(uri, "//") {
		uri = "/." + uri
	}
	if r.rawQuery != "" {
		uri += "?" + strings.ReplaceAll(EscapePath(r.rawQuery), "#", "%23")
	}
	return uri
}

// mount is what was taken off the path before the App saw it.
func (r *Request) mount() string {
	if r.wire == nil {
		return ""
	}
	full, _, _ := strings.Cut(r.wire.RequestURI, "?")
	if prefix, ok := strings.CutSuffix(full, r.path); ok && strings.HasPrefix(full, "/") {
		return strings.TrimSuffix(prefix, "/")
	}
	if u, err := url.ParseRequestURI(full); err == nil { // escaped otherwise, or in absolute form
		for _, path := range []string{u.EscapedPath(), u.RawPath} {
			if prefix, ok := strings.CutSuffix(path, r.path); ok {
				return strings.TrimSuffix(prefix, "/")
			}
		}
	}
	return ""
}

// EscapePath escapes what may not stand in a URI (RFC 3986, 3.3), and leaves what is
// escaped already.
func EscapePath(s string) string {
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

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
