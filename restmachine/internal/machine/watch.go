package machine

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file shows whole exchanges to whoever asked for them. It does nothing, and costs
// nothing, unless an option asks for it.

// A Watch says who looks at exchanges.
type Watch struct {
	Observe  func(*Seen)              // nil: nobody
	URI      func(id uint64) string   // where an exchange can be looked at, or ""
	MayTrace func(*http.Request) bool // which clients see the path of their own request; nil: none
}

// A Seen is the public Exchange, seen from inside.
type Seen struct {
	ID           uint64
	Started      time.Time
	Took         time.Duration
	Route        string // "" for an unknown path
	Request      Request
	Response     plan.Response
	RequestSize  int64
	ResponseSize int64
	Trace        decision.Trace
	Err          error
	Warnings     []exchange.Warning
}

// maxSeen is how much of a content is kept, in bytes.
const maxSeen = 64 << 10

// exchanges counts those that were watched.
var exchanges atomic.Uint64

// A watched is a Seen in the making; nil where nobody looks.
type watched struct {
	Seen
	job   *job
	told  bool            // the client sees the path
	uri   string          // where the client can look at the exchange; "" for nowhere
	trace *decision.Trace // that of Seen, or one that Explain was asked for
	in    *tapReader
	out   *tapWriter
}

// watch begins to watch a job that is about to run; nil where nobody looks.
func (m *Machine) watch(j *job, asked *decision.Trace) *watched {
	o := &m.options.Watch
	wire := j.exchange.OnWire()
	told := false
	if o.MayTrace != nil && wire != nil {
		j.shield("WithTraceField", func() { told = o.MayTrace(wire) })
	}
	if o.Observe == nil && !told {
		return nil
	}
	w := &watched{job: j, told: told, trace: asked}
	w.ID, w.Started = exchanges.Add(1), time.Now()
	if told && o.Observe != nil {
		j.shield("TraceURI of the Tracer", func() { w.uri = o.URI(w.ID) })
	}
	if w.trace == nil {
		w.trace = &w.Seen.Trace
	}
	j.exchange.Tap(func(r io.Reader) io.Reader {
		w.in = &tapReader{Reader: r}
		return w.in
	})
	return w
}

// shield calls what a user gave to look at exchanges. A panic in it is logged, and changes
// nothing. Nothing is held meanwhile.
func (j *job) shield(what string, f func()) {
	if err := exchange.Protect(func() error { f(); return nil }); err != nil {
		j.exchange.Log(slog.LevelError, "restmachine: "+what+" panicked", "error", err)
	}
}

// traceOr is where the walk writes its trace: asked where nobody looks, which may be nil.
func (w *watched) traceOr(asked *decision.Trace) *decision.Trace {
	if w == nil {
		return asked
	}
	return w.trace
}

// serveWatched serves a request that somebody may look at. A trace that is not nil is told
// every step.
func (j *job) serveWatched(rw http.ResponseWriter, trace *decision.Trace) {
	w := j.m.watch(j, trace)
	trace = w.traceOr(trace)
	if trace != nil {
		j.exchange.LogCalls()
	}
	j.run(trace)
	if w == nil {
		j.write(rw)
		return
	}
	w.announce()
	w.out = &tapWriter{ResponseWriter: rw}
	defer w.sent()
	j.write(w.out)
}

// announce adds the fields for a client that may see the path.
func (w *watched) announce() {
	if !w.told {
		return
	}
	a := &w.job.answer
	a.Set("Trace", fmt.Sprint(w.trace))
	if w.uri != "" {
		a.Add("Link", "<"+w.uri+`>; rel="describedby"; title="trace"`)
	}
}

// sent shows an exchange on the wire.
func (w *watched) sent() {
	w.Response = plan.Response{StatusCode: w.out.status, Header: w.out.header, Body: w.out.kept}
	w.ResponseSize = w.out.size
	w.show()
}

// executed shows an exchange in process.
func (w *watched) executed(resp *plan.Response) {
	if w == nil {
		return
	}
	w.ResponseSize = int64(len(resp.Body))
	w.Response = plan.Response{StatusCode: resp.StatusCode, Header: resp.Header.Clone(), Body: slices.Clone(resp.Body[:min(len(resp.Body), maxSeen)])}
	w.show()
}

// show gives the exchange to the observer.
func (w *watched) show() {
	x, o := &w.job.exchange, w.job.m.options
	if o.Watch.Observe == nil {
		return
	}
	w.Took = time.Since(w.Started)
	w.Route = x.At.RouteSeen
	w.Request = Request{Method: x.Method(), Path: x.Path(), Header: x.HeaderCopy()}
	if query := x.RawQuery(); query != "" {
		w.Request.Path += "?" + query
	}
	if w.in != nil {
		w.Request.Body, w.RequestSize = w.in.kept, w.in.size
	}
	w.Err = w.job.answer.Err()
	w.Warnings = x.Warnings()
	if w.trace != &w.Seen.Trace {
		w.Seen.Trace = *copied(w.trace)
	}
	seen := w.Seen
	w.job.shield("the Tracer", func() { o.Watch.Observe(&seen) })
}

// copied is a trace that shares nothing with t.
func copied(t *decision.Trace) *decision.Trace {
	return &decision.Trace{Visits: slices.Clone(t.Visits), Status: t.Status}
}

// tapped is content on its way. Its beginning is kept.
type tapped struct {
	kept []byte
	size int64
}

func (t *tapped) pass(p []byte) {
	t.size += int64(len(p))
	t.kept = append(t.kept, p[:min(len(p), maxSeen-len(t.kept))]...)
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
