package lambda

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is what all kinds of requests have in common. In come the parts of an event. Out
// comes a request as HTTP has it: path and query escaped, fields by their canonical names,
// content as bytes.

// incoming is a request.
type incoming struct {
	method, path, query string // path and query as on the wire, escaped
	header              http.Header
	body                []byte
	event               Event
}

// target is the request target.
func (in *incoming) target() string {
	if in.query == "" {
		return in.path
	}
	return in.path + "?" + in.query
}

// answer answers a request. The context has its event.
func (h *Handler) answer(ctx context.Context, in *incoming) (restmachine.Response, error) {
	ctx, cancel := h.soon(context.WithValue(ctx, eventKey{}, in.event))
	defer cancel()
	resp, err := h.serve(ctx, in)
	if err == nil {
		resp.Header = forService(resp.Header)
	}
	return resp, err
}

// content is the content of a request.
func content(kind Kind, body string, isBase64 bool) ([]byte, error) {
	if !isBase64 {
		return []byte(body), nil
	}
	b, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil, fmt.Errorf("lambda: the content of an event of an %s says that it is base64, and is not: %w", kind, err)
	}
	return b, nil
}

// header makes one header of the two maps that events have. API Gateway keeps the case in which a
// client wrote a name, and names of both cases if there are such: they are one field. Of a field
// that is in both maps, many has all lines, and one the last.
func header(one map[string]string, many map[string][]string) http.Header {
	h := make(http.Header, max(len(one), len(many)))
	for _, name := range slices.Sorted(maps.Keys(many)) {
		for _, line := range many[name] {
			h.Add(name, line)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(one)) {
		if _, known := h[http.CanonicalHeaderKey(name)]; !known {
			h[http.CanonicalHeaderKey(name)] = []string{one[name]}
		}
	}
	if cookies := h["Cookie"]; len(cookies) > 1 {
		h["Cookie"] = []string{strings.Join(cookies, "; ")} // RFC 9113, 8.2.3
	}
	return h
}

// setHost sets the Host where the service has told it apart from the header.
func setHost(h http.Header, domain string) {
	if domain != "" && h.Get("Host") == "" {
		h.Set("Host", domain)
	}
}

// decodedPath is the path on the wire of one that the service has decoded. An escaped slash that
// the client sent is a slash by now, and nothing tells it from others.
func decodedPath(path string) string {
	if path == "" {
		return "/"
	}
	return (&url.URL{Path: path}).EscapedPath()
}

// encodedPath is the path on the wire of one that came as the client has sent it. What cannot
// stand in a path is escaped, so that it cannot be read as something else; the rest stays.
func encodedPath(path string) string { return escape(cmp.Or(path, "/"), "?#") }

// encodedQuery is the query on the wire of one that came as the client has sent it.
func encodedQuery(query string) string { return escape(query, "#") }

// escape escapes the bytes that no URI has, and those of more.
func escape(s, more string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(more, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// without takes a prefix off a path, in whole segments. ok says that it was there.
func without(path, prefix string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, prefix)
	if !ok || prefix == "" || rest != "" && rest[0] != '/' {
		return path, false
	}
	return cmp.Or(rest, "/"), true
}

// takeBasePath takes the base path off, where it is there.
func (h *Handler) takeBasePath(in *incoming) {
	if rest, ok := without(in.path, h.basePath); ok {
		in.path, in.event.Prefix = rest, in.event.Prefix+h.basePath
	}
}
