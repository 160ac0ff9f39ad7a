// Package otel tells OpenTelemetry of the exchanges of an App: a server span for each, and
// metrics, by the semantic conventions for HTTP. A span has the decision that led to its status,
// and, where it is sampled, the way there through the graph as its events.
//
//	telemetry := otel.New(otel.Config{})
//	app := restmachine.New(telemetry.Option())
//	http.ListenAndServe(":8080", telemetry.Handler(app))
//
// It needs the API of OpenTelemetry alone: which SDK and which exporter there is, the program
// says. It is a package of a module of its own. See docs/metrics.md.
package otel

import (
	"context"
	"net/http"
	"sync/atomic"

	api "go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
	"go.opentelemetry.io/otel/trace"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is where Telemetry is made, and given to an App. In come providers, and the Outcomes
// of exchanges. Where an exchange has a span, the Outcome waits in its flight until the span ends.

const scope = "github.com/restmachine/restmachine-go/contrib/otel"

// Config says where Telemetry goes. The zero Config takes what the program set globally.
type Config struct {
	TracerProvider trace.TracerProvider          // nil: otel.GetTracerProvider()
	MeterProvider  metric.MeterProvider          // nil: otel.GetMeterProvider()
	Propagator     propagation.TextMapPropagator // nil: otel.GetTextMapPropagator()

	// Root is the path where the App is mounted, such as "/api", if a prefix was stripped. It
	// stands before the route in names of spans and in http.route.
	Root string
	// Public says that strangers send requests: a traceparent of theirs is a link of the span,
	// and not its parent, so that they choose neither its trace nor whether it is sampled.
	Public bool
	// Attributes returns more attributes for the span of a request, such as url.query, which may
	// hold secrets and is not there by itself. Default: none.
	Attributes func(*http.Request) []attribute.KeyValue

	// Decisions adds restmachine.decision to the attributes of the metrics. A route has few
	// decisions beside its statuses, so there are up to about half as many series more.
	Decisions bool
	// WithoutMetrics is for a program whose metrics come from elsewhere.
	WithoutMetrics bool
}

// Telemetry tells of the exchanges of one or more Apps. It is safe for concurrent use.
type Telemetry struct {
	config     Config
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator

	meter    metric.Meter
	duration httpconv.ServerRequestDuration
	size     httpconv.ServerResponseBodySize
	active   httpconv.ServerActiveRequests
	known    atomic.Pointer[map[labels]*options]
}

// New returns Telemetry that has told nothing yet.
func New(c Config) *Telemetry {
	if c.TracerProvider == nil {
		c.TracerProvider = api.GetTracerProvider()
	}
	if c.MeterProvider == nil {
		c.MeterProvider = api.GetMeterProvider()
	}
	if c.Propagator == nil {
		c.Propagator = api.GetTextMapPropagator()
	}
	t := &Telemetry{
		config:     c,
		tracer:     c.TracerProvider.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL)),
		propagator: c.Propagator,
		meter:      c.MeterProvider.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL)),
	}
	t.known.Store(&map[labels]*options{})
	t.makeInstruments()
	return t
}

// Option makes an App tell the Telemetry how each exchange ended.
//
// It suffices for metrics, also of what runs by App.Execute. Spans come from [Telemetry.Handler]
// and [Telemetry.Execute]. Without these, a server span in the context of the request, such as
// that of otelhttp, is named and described.
func (t *Telemetry) Option() restmachine.Option {
	return restmachine.WithObserver(t.observe, t.wantsTrace)
}

// Watch reports the locks that an App holds as the metric restmachine.locks.held.
func (t *Telemetry) Watch(app *restmachine.App) error {
	_, err := t.meter.Int64ObservableUpDownCounter("restmachine.locks.held", metric.WithUnit("{lock}"),
		metric.WithDescription("How many resources are locked by requests that are under way."),
		metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(int64(app.LocksHeld()))
			return nil
		}))
	return err
}

// wantsTrace reports whether the way of an exchange will be part of a span. The outer exchange
// asks before any that its callbacks make.
func (t *Telemetry) wantsTrace(ctx context.Context) bool {
	if f := flightOf(ctx); f != nil {
		return f.span.IsRecording() && !f.asked.Swap(true)
	}
	return isServer(trace.SpanFromContext(ctx))
}

// observe takes the Outcome of an exchange. An exchange that a callback made has the flight of
// the outer one, which ends later, and has the last word.
func (t *Telemetry) observe(o restmachine.Outcome) {
	f := flightOf(o.Context)
	if f == nil || !f.foreign {
		t.record(o.Context, f, &o)
	}
	switch span := trace.SpanFromContext(o.Context); {
	case f != nil:
		f.land(o)
	case isServer(span):
		t.describe(span, &o)
	}
}

// isServer reports whether a span records a request that came in. The spans of SDKs tell.
func isServer(span trace.Span) bool {
	kind, ok := span.(interface{ SpanKind() trace.SpanKind })
	return ok && span.IsRecording() && kind.SpanKind() == trace.SpanKindServer
}
