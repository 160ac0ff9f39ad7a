package restmachine

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file runs requests in process: the same machine as on the wire, without
// the wire.

// Request is a request to Execute. Path is the request target, percent-encoded
// as on the wire, and may carry a ?query; Method is GET where it is "". The
// header's names need not be canonical. Nothing in it is changed, and nothing may
// be changed by others while it is answered.
type Request struct {
	Method, Path string
	Header       http.Header
	Body         []byte
}

// Response is what an App answered; nothing in it is shared with the App.
type Response struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// Execute answers a request in process, as ServeHTTP would on the wire. It
// starts an App that has not started.
func (a *App) Execute(r Request) (resp Response) {
	a.execute(context.Background(), &r, &resp, nil)
	return resp
}

// ExecuteContext is Execute under a context; one that ends before the write
// makes a 503. One that a callback was given makes the exchange a nested one: it
// passes the lock that the outer one holds, and asks for no other (see LockKey).
func (a *App) ExecuteContext(ctx context.Context, r Request) (resp Response) {
	a.execute(ctx, &r, &resp, nil)
	return resp
}

// Explain answers a request, its writes included, and says why: the trace has
// every decision on the way to the status.
func (a *App) Explain(r Request) (resp Response, trace decision.Trace) {
	a.execute(context.Background(), &r, &resp, &trace)
	return resp, trace
}

// execute takes and gives by pointer: a copy of what was just written waits for it.
func (a *App) execute(ctx context.Context, r *Request, resp *Response, trace *decision.Trace) {
	m, err := a.machine(ctx)
	if err != nil {
		*resp = notRunning(r.Method, err)
		return
	}
	x := m.exchange()
	x.ctx, x.method = ctx, r.Method
	if x.method == "" {
		x.method = http.MethodGet
	}
	x.header = r.Header
	if !asReceived(r.Header) {
		x.header = received(r.Header)
		if !legalFields(x.header) {
			x.malformed = "a header field has a line break or a NUL in it"
		}
	}
	path, query, _ := strings.Cut(r.Path, "?")
	x.path, x.simple, x.rawQuery, x.target = path, route.IsSimple(path), query, len(r.Path)
	if x.length = int64(len(r.Body)); x.length > 0 {
		x.body = bytes.NewReader(r.Body)
	}
	m.find(x)
	watch := m.watch(x, trace)
	trace = watch.traced(trace)
	x.logs = trace != nil
	x.run(trace)
	x.respond(resp)
	if x.att.closers != nil {
		x.closeAll()
	}
	if trace != nil {
		trace.Status = resp.StatusCode // a stream may have failed
	}
	watch.answered(resp)
	x.recycle()
}

// asReceived reports whether a header is as received makes it, and legal: then it
// need not be copied, since nobody writes to it.
func asReceived(h http.Header) bool {
	for name, lines := range h {
		if len(lines) == 0 || !isCanonical(name) {
			return false
		}
		for _, line := range lines {
			if n := len(line); n > 0 && (isSpace(line[0]) || isSpace(line[n-1])) || !legalValue(line) {
				return false
			}
		}
	}
	return true
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// isCanonical reports whether name is a token that http.CanonicalHeaderKey leaves
// as it is.
func isCanonical(name string) bool {
	start := true
	for i := range len(name) {
		c := name[i]
		if !tokenBytes[c] || start && 'a' <= c && c <= 'z' || !start && 'A' <= c && c <= 'Z' {
			return false
		}
		start = c == '-'
	}
	return name != ""
}

// received is a header as it comes from the wire: its names canonical, its values
// less the white space around them, which is no part of them (RFC 9110, 5.5).
func received(h http.Header) http.Header {
	c := make(http.Header, len(h))
	for name, lines := range h {
		name = http.CanonicalHeaderKey(name)
		for _, line := range lines {
			c[name] = append(c[name], strings.Trim(line, " \t"))
		}
	}
	return c
}

// respond makes the answer a Response, its content read.
func (x *exchange) respond(resp *Response) {
	resp.StatusCode, resp.Header = x.out.status, x.out.header()
	c := x.out.content
	if c == nil {
		return
	}
	if c.bytes != nil && x.out.ranges == nil {
		resp.Body = bytes.Clone(c.bytes)
		return
	}
	var b bytes.Buffer
	if err := x.protectedCopy(&b); err != nil {
		// Nothing has been sent yet, so that a stream that fails can be a 500.
		x.protect(func() { x.refuse(err) })
		x.finish()
		x.respond(resp)
		return
	}
	resp.Body = b.Bytes()
}

// protectedCopy sends the content to w; a panic in a stream is an error.
func (x *exchange) protectedCopy(w io.Writer) error {
	return x.protectedErr(func() error { return x.out.copyTo(w) })
}

// notRunning answers for an App that has wiring faults, or whose providers
// failed: 500. One that has shut down, or that the client did not wait for, is
// 503.
func notRunning(method string, err error) Response {
	status := http.StatusInternalServerError
	if _, idle := err.(unavailable); idle {
		status = http.StatusServiceUnavailable
	}
	body, _ := (&Problem{Status: status, Title: phrase(status)}).MarshalJSON()
	h := http.Header{"Content-Type": {problemMedia[0]}, "X-Content-Type-Options": {"nosniff"}, "Content-Length": {strconv.Itoa(len(body))}}
	if method == http.MethodHead {
		body = nil
	}
	return Response{StatusCode: status, Header: h, Body: body}
}
