package request

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/header"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file receives a request. In comes one of net/http's, or one of Execute. Out
// comes a Request that can be routed, or that is malformed.

// FromWire receives a request of net/http's.
func (r *Request) FromWire(h *http.Request) {
	r.wire, r.ctx, r.method, r.header = h, h.Context(), h.Method, h.Header
	r.setPath(h.URL)
	r.rawQuery = h.URL.RawQuery
	r.target = max(len(h.RequestURI), len(r.path)+len(r.rawQuery))
	r.length = h.ContentLength
	if h.Body != nil && h.Body != http.NoBody {
		r.body = h.Body
		if expect := h.Header["Expect"]; len(expect) > 0 {
			r.waits = waits(expect[0])
		}
	}
}

// InProcess receives a request of Execute. target is the request target, escaped;
// "" as method is GET. Nothing of what comes in is changed.
func (r *Request) InProcess(ctx context.Context, method, target string, h http.Header, body []byte) {
	r.ctx, r.method, r.header = ctx, method, h
	if method == "" {
		r.method = http.MethodGet
	}
	if !header.IsAsReceived(h) {
		r.header = header.Received(h)
		if !header.Legal(r.header) {
			r.malformed = "a header field contains a line break or a NUL"
		}
	}
	path, query, _ := strings.Cut(target, "?")
	r.path, r.simple, r.rawQuery, r.target = path, route.IsSimple(path), query, len(target)
	if r.length = int64(len(body)); r.length > 0 {
		r.body = bytes.NewReader(body)
	}
}

// waits reports whether the first line of Expect, which is all that net/http looks at, has
// 100-continue.
func waits(expect string) bool {
	for token := range strings.SplitSeq(expect, ",") {
		if strings.EqualFold(strings.TrimSpace(token), "100-continue") {
			return true
		}
	}
	return false
}

// setPath sets the path from u, escaped.
func (r *Request) setPath(u *url.URL) {
	r.path, r.simple = u.Path, route.IsSimple(u.Path)
	if u.RawPath != "" || !r.simple {
		r.path, r.simple = u.EscapedPath(), false
		// EscapedPath makes separators of escaped slashes where anything else in the
		// path should have been escaped, too, and was not.
		if plain, err := url.PathUnescape(u.RawPath); err == nil && plain == u.Path {
			r.path = u.RawPath
		}
	}
	if r.path == "" && r.method != http.MethodConnect {
		r.path = "/" // an absolute URI need not have it (RFC 9110, 4.2.3)
	}
}

// IsPath reports whether the request target is a path that can be read. Where it is
// not, the request is malformed from then on, unless it asks about the server as a
// whole.
func (r *Request) IsPath() bool {
	if r.simple && strings.HasPrefix(r.path, "/") {
		return true
	}
	if !strings.HasPrefix(r.path, "/") {
		if r.path != "*" || r.method != http.MethodOptions {
			r.malformed = "the request target is not a path"
		}
		return false
	}
	err := route.Clean(r.path)
	if err != nil {
		r.malformed = "the path cannot be read: " + err.Error()
	}
	return err == nil
}

// Find looks the path up in a table and keeps its parameters.
func (r *Request) Find(t *route.Table) (i int, ok bool) {
	i, params, ok := t.Find(r.path, r.simple)
	if ok {
		r.params = params
	}
	return i, ok
}

// Tap lets the content be read through a reader that sees it pass.
func (r *Request) Tap(through func(io.Reader) io.Reader) {
	if r.body != nil {
		r.body = through(r.body)
	}
}
