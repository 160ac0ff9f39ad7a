// Package request is what came in: method, target, fields and content of one
// request. In comes a request from the wire or from Execute. Out come its parts,
// read once. Only this package writes to a Request, and once it is received only
// its content is still to come.
package request

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// A Config says how requests are read. One App has one.
type Config struct {
	StrictTags bool // entity-tags without quotes cannot be read
}

// A Request is what came in. It belongs to one goroutine. [Request.Reset] makes
// room for the next one.
type Request struct {
	received
	preconditions conditional.Preconditions // set where preconditionsRead is, and cleared only then
	room          []byte                    // for content that no callback sees; it is used again
	config        *Config
}

// received is everything that Reset clears.
type received struct {
	method    string
	path      string // escaped
	rawQuery  string
	simple    bool // nothing in the path is escaped, or could be
	target    int  // the length of the request target, in bytes
	header    http.Header
	wire      *http.Request // nil: in process
	ctx       context.Context
	malformed string // why the request cannot be read, or ""
	params    route.Params

	accept            []string // the lines of Accept, where acceptRead is set
	acceptRead        bool
	ofUsualType       bool // IsOfUsualType was true
	ifMatchRead       bool // each of these two is implied by preconditionsRead
	ifNoneMatchRead   bool
	preconditionsRead bool
	waits             bool // the client waits for 100 Continue

	body   io.Reader // nil: none
	length int64     // of the body; -1: unknown
	content
}

// Configure sets how requests are read.
func (r *Request) Configure(c *Config) { r.config = c }

// Reset forgets the request. It keeps the room of buffers.
func (r *Request) Reset() {
	if r.preconditionsRead {
		r.preconditions = conditional.Preconditions{}
	} else if r.ifMatchRead || r.ifNoneMatchRead {
		r.preconditions.IfMatch, r.preconditions.IfNoneMatch = conditional.List{}, conditional.List{}
	}
	if len(r.room) > 0 {
		r.room = Cleared(r.room)
	}
	r.received = received{}
}

// maxKept is how long a buffer may be, in bytes, to be used again.
const maxKept = 64 << 10

// Cleared is an empty buffer with the room of b, if that is not too long to keep.
// What stood in it is gone.
func Cleared(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	clear(b)
	return b[:0]
}

// Method is the request's method.
func (r *Request) Method() string { return r.method }

// AsMethod calls f while the request has another method.
func (r *Request) AsMethod(name string, f func()) {
	own := r.method
	defer func() { r.method = own }()
	r.method = name
	f()
}

// Path is the path as it came, escaped; "*" for the server as a whole.
func (r *Request) Path() string { return r.path }

// RawQuery is the query as it came, without the "?".
func (r *Request) RawQuery() string { return r.rawQuery }

// MaxTarget is the longest request target, in bytes. RFC 9110, 4.1 asks for at least
// 8,000.
const MaxTarget = 8 << 10

// TargetLength is the length of the request target, in bytes.
func (r *Request) TargetLength() int { return r.target }

// Context is the request's own context.
func (r *Request) Context() context.Context { return r.ctx }

// Malformed says why the request cannot be read; "" where it can.
func (r *Request) Malformed() string { return r.malformed }

// Params are the parameters of the path.
func (r *Request) Params() *route.Params { return &r.params }

// OnWire is the request as net/http gave it; nil in process.
func (r *Request) OnWire() *http.Request { return r.wire }

// Lines are the lines of a field, by its canonical name. They must not be changed.
func (r *Request) Lines(name string) []string { return r.header[name] }

// Has reports whether a field was sent.
func (r *Request) Has(name string) bool { return len(r.header[name]) > 0 }

// Field is a field as one line (RFC 9110, 5.3); "" where it was not sent.
func (r *Request) Field(name string) string {
	switch lines := r.header[name]; len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0]
	default:
		return strings.Join(lines, ", ")
	}
}

// Cookie is the value of each cookie of a name, as net/http reads them: what it cannot read counts
// as not sent.
func (r *Request) Cookie(name string) []string {
	if !r.Has("Cookie") {
		return nil
	}
	h := http.Request{Header: r.header}
	var values []string
	for _, c := range h.CookiesNamed(name) {
		values = append(values, c.Value)
	}
	return values
}

// ContentType is the request's Content-Type; "" where it has none.
func (r *Request) ContentType() string { return strings.TrimSpace(r.Field("Content-Type")) }

// IsOfUsualType reports whether the Content-Type is usual, as it stands, and keeps that.
func (r *Request) IsOfUsualType(usual string) bool {
	lines := r.header["Content-Type"]
	r.ofUsualType = len(lines) == 1 && lines[0] == usual
	return r.ofUsualType
}

// WasOfUsualType reports whether IsOfUsualType was true.
func (r *Request) WasOfUsualType() bool { return r.ofUsualType }

// IsPreflight reports whether a browser asks whether a page of another origin may send another
// request (Fetch standard, "CORS protocol").
func (r *Request) IsPreflight() bool {
	return r.method == http.MethodOptions && r.Has("Origin") && r.Has("Access-Control-Request-Method")
}

// HeaderCopy is the header, for a callback to keep.
func (r *Request) HeaderCopy() http.Header {
	if r.header == nil {
		return http.Header{}
	}
	return r.header.Clone()
}

// Accept are the lines of Accept. They must not be changed.
func (r *Request) Accept() []string {
	if !r.acceptRead {
		r.accept, r.acceptRead = r.header["Accept"], true
	}
	return r.accept
}

// Preconditions are those of the request. They are read once.
func (r *Request) Preconditions() *conditional.Preconditions {
	if !r.preconditionsRead {
		r.preconditionsRead, r.ifMatchRead, r.ifNoneMatchRead = true, true, true
		r.preconditions.Read(r.header, r.config.StrictTags)
	}
	return &r.preconditions
}

// IfMatch is the If-Match of the request, for those who need nothing else of its preconditions.
func (r *Request) IfMatch() *conditional.List {
	r.readList("If-Match", &r.preconditions.IfMatch, &r.ifMatchRead)
	return &r.preconditions.IfMatch
}

// IfNoneMatch is the If-None-Match of the request, alike.
func (r *Request) IfNoneMatch() *conditional.List {
	r.readList("If-None-Match", &r.preconditions.IfNoneMatch, &r.ifNoneMatchRead)
	return &r.preconditions.IfNoneMatch
}

func (r *Request) readList(name string, list *conditional.List, read *bool) {
	if *read {
		return
	}
	*read = true
	if lines := r.header[name]; lines != nil {
		*list = conditional.ParseList(lines, r.config.StrictTags)
	}
}

// SentTag is the one entity-tag that the client's precondition names, as it was
// sent; "" where nobody has asked for the preconditions yet, and where they do not
// name exactly one.
func (r *Request) SentTag() string {
	list := &r.preconditions.IfNoneMatch // the zero one where it was not read
	if !list.Present() {
		list = &r.preconditions.IfMatch
	}
	if !list.IsTag() {
		return ""
	}
	return list.Lines()[0]
}

// SentIfNoneMatch are the lines of If-None-Match; nil where nobody has asked for the
// preconditions yet.
func (r *Request) SentIfNoneMatch() []string { return r.preconditions.IfNoneMatch.Lines() }

// Query is the parsed query, a copy for each caller.
func (r *Request) Query() (url.Values, error) { return url.ParseQuery(r.rawQuery) }

// ForCallback is the request for a callback that asks for net/http's. Nothing that
// the callback does to it changes r. In process one is made. pattern is the route's
// pattern. limit is the greatest length of content, in bytes.
func (r *Request) ForCallback(ctx context.Context, pattern string, limit int64) *http.Request {
	h := r.wire
	if h == nil {
		h = r.made()
	}
	h = h.Clone(ctx)
	h.Method = r.method
	if r.wire != nil {
		h.Trailer = r.wire.Trailer // net/http fills it behind the content
	}
	switch {
	case r.bytes != nil:
		h.Body = io.NopCloser(bytes.NewReader(r.bytes))
	case r.spool != nil:
		h.Body = io.NopCloser(io.NewSectionReader(r.spool, 0, r.spooled))
	case r.body != nil:
		h.Body = io.NopCloser(r.Streamed(limit))
	}
	h.Pattern = pattern
	for i, name := range r.params.Names() {
		h.SetPathValue(name, r.params.Value(i))
	}
	return h
}

// made is the request of Execute as one of net/http's.
func (r *Request) made() *http.Request {
	h := &http.Request{Method: r.method, Header: r.HeaderCopy(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		URL: &url.URL{RawQuery: r.rawQuery}, Host: r.header.Get("Host"), ContentLength: r.length, Body: http.NoBody}
	h.URL.RawPath = r.path
	h.URL.Path, _ = url.PathUnescape(r.path)
	h.RequestURI = h.URL.RequestURI()
	return h
}
