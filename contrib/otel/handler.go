package otel

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file makes spans. In comes a request. Its span is in the context that the App sees, and
// ends when the answer was sent. How the exchange ended comes by the observer, before that.

// A flight is a request with its span. It travels in the context, and notes what is sent.
type flight struct {
	http.ResponseWriter // nil in process
	span                trace.Span
	foreign             bool // somebody else started the span, and will end it
	came                time.Time
	method              string // for metrics
	scheme, version     string
	asked               atomic.Bool // an exchange was asked for its trace

	status int
	bytes  int64

	mu      sync.Mutex // callbacks may make exchanges in goroutines
	outcome *restmachine.Outcome
}

type flightKey struct{}

func flightOf(ctx context.Context) *flight {
	f, _ := ctx.Value(flightKey{}).(*flight)
	return f
}

// land keeps the Outcome of the last exchange that ended.
func (f *flight) land(o restmachine.Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.outcome = &o
}

// Handler starts a span for each request and ends it when next has answered. The parent is in
// the fields of the request, as the propagator reads them. It counts the requests in flight.
//
// next is an App, or middleware around it: what such middleware answers by itself has a span,
// too, and is in the metrics. Where the request already has a span of this process, such as that
// of otelhttp, Handler starts none and describes that one, and leaves the metrics to whoever
// started it.
func (t *Telemetry) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		f := &flight{ResponseWriter: w, method: knownMethod(r.Method), scheme: schemeOf(r), version: versionOf(r)}
		if span := trace.SpanFromContext(ctx); isLocal(span) {
			f.span, f.foreign = span, true
		} else {
			ctx = t.start(t.propagator.Extract(ctx, propagation.HeaderCarrier(r.Header)), f, trace.SpanKindServer, t.attributesOf(r))
		}
		inner := r.WithContext(context.WithValue(ctx, flightKey{}, f))
		returned := false
		defer func() {
			r.Pattern, r.MultipartForm = inner.Pattern, inner.MultipartForm // net/http removes the files of a form
			t.end(ctx, f, returned)
		}()
		next.ServeHTTP(f, inner)
		returned = true
	})
}

// Execute is app.ExecuteContext with a span: a server span, whose parent is in the fields of the
// request, or a child of the span in ctx. The App has the Option of the Telemetry.
func (t *Telemetry) Execute(ctx context.Context, app *restmachine.App, r restmachine.Request) restmachine.Response {
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	f := &flight{method: knownMethod(r.Method)}
	kind := trace.SpanKindInternal
	if !isLocal(trace.SpanFromContext(ctx)) {
		kind, ctx = trace.SpanKindServer, t.propagator.Extract(ctx, fields(r.Header))
	}
	ctx = t.start(ctx, f, kind, executed(r))
	returned := false
	defer func() { t.end(ctx, f, returned) }()
	resp := app.ExecuteContext(context.WithValue(ctx, flightKey{}, f), r)
	returned = true
	return resp
}

// isLocal reports whether a span was started in this process, sampled or not.
func isLocal(span trace.Span) bool {
	sc := span.SpanContext()
	return sc.IsValid() && !sc.IsRemote()
}

// start starts the span of a flight. The route is not known yet, so the name is the method.
func (t *Telemetry) start(ctx context.Context, f *flight, kind trace.SpanKind, attributes trace.SpanStartEventOption) context.Context {
	options := []trace.SpanStartOption{trace.WithSpanKind(kind), attributes}
	if parent := trace.SpanContextFromContext(ctx); t.config.Public && parent.IsRemote() {
		options = append(options, trace.WithNewRoot(), trace.WithLinks(trace.Link{SpanContext: parent}))
	}
	f.came = time.Now()
	ctx, f.span = t.tracer.Start(ctx, spanName(f.method, ""), options...)
	t.fly(ctx, f, 1)
	return ctx
}

// end describes the span, and ends it where it was started here. Where no App was asked, what
// the ResponseWriter saw tells.
func (t *Telemetry) end(ctx context.Context, f *flight, returned bool) {
	f.mu.Lock()
	o := f.outcome
	f.mu.Unlock()
	if o == nil {
		o = &restmachine.Outcome{KnownMethod: f.method, Status: f.status, Bytes: f.bytes}
		if returned && o.Status == 0 {
			o.Status = http.StatusOK
		}
		if !returned {
			o.Err = errPanicked
		}
		if !f.foreign {
			o.Duration = time.Since(f.came)
			t.record(ctx, f, o)
		}
	}
	t.describe(f.span, o)
	if !f.foreign {
		t.fly(ctx, f, -1)
		f.span.End()
	}
}

// WriteHeader notes the status, but for those that come before the answer.
func (f *flight) WriteHeader(status int) {
	f.ResponseWriter.WriteHeader(status)
	if f.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		f.status = status
	}
}

func (f *flight) Write(p []byte) (int, error) {
	n, err := f.ResponseWriter.Write(p)
	f.wrote(int64(n))
	return n, err
}

// ReadFrom lets net/http copy a file without looking at its bytes.
func (f *flight) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(f.ResponseWriter, r)
	f.wrote(n)
	return n, err
}

func (f *flight) wrote(n int64) {
	f.bytes += n
	if f.status == 0 {
		f.status = http.StatusOK
	}
}

// Flush is for middleware that asks for an http.Flusher.
func (f *flight) Flush() { _ = f.FlushError() }

// FlushError is Flush for an http.ResponseController.
func (f *flight) FlushError() error { return http.NewResponseController(f.ResponseWriter).Flush() }

// Hijack is for middleware that asks for an http.Hijacker.
func (f *flight) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(f.ResponseWriter).Hijack()
}

// Unwrap lets an http.ResponseController through.
func (f *flight) Unwrap() http.ResponseWriter { return f.ResponseWriter }

// fields are those of a Request, in any spelling.
type fields http.Header

func (f fields) Get(key string) string {
	for name, values := range f {
		if len(values) > 0 && strings.EqualFold(name, key) {
			return values[0]
		}
	}
	return ""
}

// Values is for propagators whose field may come more than once, such as baggage.
func (f fields) Values(key string) (all []string) {
	for name, values := range f {
		if strings.EqualFold(name, key) {
			all = append(all, values...)
		}
	}
	return all
}

// Set is never called: nothing is injected.
func (f fields) Set(key, value string) { http.Header(f).Set(key, value) }

// Keys are the names.
func (f fields) Keys() (names []string) {
	for name := range f {
		names = append(names, name)
	}
	return names
}
