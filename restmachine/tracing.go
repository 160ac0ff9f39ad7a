package restmachine

import (
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/decision"
)

// This file shows whole exchanges to who asked for them. It does nothing, and
// costs nothing, unless an option asks for it.

// An Exchange is one request, its answer, and why it was that.
type Exchange struct {
	ID      uint64        // unique in the process; later exchanges have greater ones
	Started time.Time     // when the App was given the request
	Took    time.Duration // until the answer was sent
	Route   string        // the path as it was registered, or "" for an unknown path

	// Copies. Of each content at most 64 KiB are kept; RequestSize and
	// ResponseSize are what was read and sent, in bytes. Content that a callback
	// read from *http.Request by itself is in neither. A StatusCode of 0 stands
	// for a connection that was cut.
	Request      Request
	Response     Response
	RequestSize  int64
	ResponseSize int64

	Trace decision.Trace
	Err   error // what ended the exchange, if an error did; not for clients
}

// A Tracer observes exchanges: see WithTrace. Its methods must be safe for
// concurrent use.
type Tracer interface {
	// Watch is called by New with the App that is going to be observed.
	Watch(*App)
	// Observe is called when an exchange is over, by the goroutine that ran it.
	// The exchange is its to keep. A panic is logged.
	Observe(*Exchange)
	// TraceURI is where the exchange with this ID can be looked at, or "".
	TraceURI(id uint64) string
}

// TracerFunc is a Tracer that is only a function.
type TracerFunc func(*Exchange)

// Watch does nothing.
func (TracerFunc) Watch(*App) {}

// Observe calls f.
func (f TracerFunc) Observe(e *Exchange) { f(e) }

// TraceURI is "".
func (TracerFunc) TraceURI(uint64) string { return "" }

// WithTrace shows every exchange to t: requests with their credentials, answers,
// and each decision on the way. Default: nobody looks, and that costs nothing.
func WithTrace(t Tracer) Option { return func(o *options) { o.tracer = t } }

// WithTraceField lets a client see the path of its own request: where allow says
// so of a request on the wire, the response has a field Trace with the path, as
// fmt.Sprint(trace), and where a Tracer keeps the exchange, a Link to that, with
// the relation describedby. Default: nobody may. What allow looks at should be a
// secret: a path tells which checks a service makes.
func WithTraceField(allow func(*http.Request) bool) Option {
	return func(o *options) { o.mayTrace = allow }
}

// maxTraced is how much of a content an Exchange has, in bytes.
const maxTraced = 64 << 10

// exchanges counts those that were watched.
var exchanges atomic.Uint64

// A watch is an Exchange in the making; nil where nobody looks.
type watch struct {
	Exchange
	x     *exchange
	told  bool            // the client gets the path
	trace *decision.Trace // the Exchange's own, or one that Explain was asked for
	in    *tapReader
	out   *tapWriter
}

// watch begins to watch an exchange that is about to run; nil where nobody looks.
func (m *machine) watch(x *exchange, asked *decision.Trace) *watch {
	if m.options.tracer == nil && m.options.mayTrace == nil {
		return nil
	}
	return m.beginWatch(x, asked)
}

func (m *machine) beginWatch(x *exchange, asked *decision.Trace) *watch {
	told := m.options.mayTrace != nil && x.r != nil && m.options.mayTrace(x.r)
	if m.options.tracer == nil && !told {
		return nil
	}
	w := &watch{x: x, told: told, trace: asked}
	w.ID, w.Started = exchanges.Add(1), time.Now()
	if w.trace == nil {
		w.trace = &w.Exchange.Trace
	}
	if x.body != nil {
		w.in = &tapReader{Reader: x.body}
		x.body = w.in
	}
	return w
}

// traced is where the walk writes its trace: nil for nowhere.
func (w *watch) traced(asked *decision.Trace) *decision.Trace {
	if w == nil {
		return asked
	}
	return w.trace
}

// announce adds the fields for a client that may see the path.
func (w *watch) announce() {
	if !w.told {
		return
	}
	out := &w.x.out
	out.set("Trace", fmt.Sprint(w.trace))
	if t := w.x.m.options.tracer; t != nil && t.TraceURI(w.ID) != "" {
		link := "<" + t.TraceURI(w.ID) + `>; rel="describedby"; title="trace"`
		out.share("Link", append(slices.Clone(out.get("Link")), link))
	}
}

// tap is w, through which the answer can be seen.
func (w *watch) tap(rw http.ResponseWriter) http.ResponseWriter {
	w.out = &tapWriter{ResponseWriter: rw}
	return w.out
}

// sent shows an exchange on the wire.
func (w *watch) sent() {
	w.Response = Response{w.out.status, w.out.header, w.out.kept}
	w.ResponseSize = w.out.size
	w.show()
}

// answered shows an exchange in process.
func (w *watch) answered(resp *Response) {
	if w == nil {
		return
	}
	w.ResponseSize = int64(len(resp.Body))
	w.Response = Response{resp.StatusCode, resp.Header.Clone(), slices.Clone(resp.Body[:min(len(resp.Body), maxTraced)])}
	w.show()
}

// show gives the exchange to the tracer.
func (w *watch) show() {
	x, t := w.x, w.x.m.options.tracer
	if t == nil {
		return
	}
	w.Took = time.Since(w.Started)
	if !x.plan.unknown {
		w.Route = x.plan.route
	}
	w.Request = Request{Method: x.method, Path: x.path, Header: x.headerCopy()}
	if x.rawQuery != "" {
		w.Request.Path += "?" + x.rawQuery
	}
	if w.in != nil {
		w.Request.Body, w.RequestSize = w.in.kept, w.in.size
	}
	w.Err = x.err
	if w.trace != &w.Exchange.Trace {
		w.Exchange.Trace = decision.Trace{Visits: slices.Clone(w.trace.Visits), Status: w.trace.Status}
	}
	defer func() {
		if p := recover(); p != nil {
			x.m.options.logger.Error("restmachine: the Tracer panicked", "exchange", strconv.FormatUint(w.ID, 10), "panic", p, "stack", string(debug.Stack()))
		}
	}()
	e := w.Exchange
	t.Observe(&e)
}

// tapped is content on its way, of which the beginning is kept.
type tapped struct {
	kept []byte
	size int64
}

func (t *tapped) pass(p []byte) {
	t.size += int64(len(p))
	t.kept = append(t.kept, p[:min(len(p), maxTraced-len(t.kept))]...)
}

type tapReader struct {
	io.Reader
	tapped
}

func (t *tapReader) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.pass(p[:n])
	return n, err
}

// A tapWriter is what the answer is written through.
type tapWriter struct {
	http.ResponseWriter
	tapped
	status int
	header http.Header
}

func (t *tapWriter) WriteHeader(status int) {
	t.status, t.header = status, t.Header().Clone()
	t.ResponseWriter.WriteHeader(status)
}

func (t *tapWriter) Write(p []byte) (int, error) {
	n, err := t.ResponseWriter.Write(p)
	t.pass(p[:n])
	return n, err
}

// Unwrap lets an http.ResponseController through.
func (t *tapWriter) Unwrap() http.ResponseWriter { return t.ResponseWriter }
