package otel

import (
	"context"
	"maps"

	api "go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file records metrics. In come Outcomes. Their attributes have few values, whatever
// clients send, so each set of them is made once, and then found in a map that is never changed,
// only replaced.

// labels distinguish the metrics. The host is not among them: clients choose it.
type labels struct {
	method, route, decision, scheme, version, errorType string
	status                                              int
}

// options are the attributes of one set of labels, as the instruments take them.
type options struct {
	record []metric.RecordOption
	add    []metric.AddOption
}

// sizes are the boundaries of the histogram of sizes, in bytes. The conventions name none.
var sizes = metric.WithExplicitBucketBoundaries(0, 128, 512, 2<<10, 8<<10, 32<<10, 128<<10, 512<<10, 2<<20, 8<<20, 32<<20)

// makeInstruments makes those of the conventions. One that the SDK refuses measures nothing.
func (t *Telemetry) makeInstruments() {
	var err error
	if t.duration, err = httpconv.NewServerRequestDuration(t.meter); err != nil {
		api.Handle(err)
	}
	if t.size, err = httpconv.NewServerResponseBodySize(t.meter, sizes); err != nil {
		api.Handle(err)
	}
	if t.active, err = httpconv.NewServerActiveRequests(t.meter); err != nil {
		api.Handle(err)
	}
}

// record measures an exchange. f is nil where nothing is known of the connection.
func (t *Telemetry) record(ctx context.Context, f *flight, o *restmachine.Outcome) {
	if t.config.WithoutMetrics {
		return
	}
	of := labels{method: methodOf(o), route: t.routeOf(o), status: o.Status, errorType: errorType(o)}
	if f != nil {
		of.scheme, of.version = f.scheme, f.version
	}
	if t.config.Decisions {
		of.decision = o.Decision
	}
	with := t.options(of)
	t.duration.Inst().Record(ctx, o.Duration.Seconds(), with.record...)
	t.size.Inst().Record(ctx, o.Bytes, with.record...)
}

// fly counts a request that takes off, or that has landed.
func (t *Telemetry) fly(ctx context.Context, f *flight, n int64) {
	if !t.config.WithoutMetrics {
		t.active.Inst().Add(ctx, n, t.options(labels{method: f.method, scheme: f.scheme}).add...)
	}
}

// options are those of labels.
func (t *Telemetry) options(of labels) *options {
	for {
		known := t.known.Load()
		if o := (*known)[of]; o != nil {
			return o
		}
		more := maps.Clone(*known)
		with := metric.WithAttributeSet(of.set())
		more[of] = &options{[]metric.RecordOption{with}, []metric.AddOption{with}}
		t.known.CompareAndSwap(known, &more)
	}
}

// set is labels as attributes. What is empty is left out.
func (l labels) set() attribute.Set {
	all := []attribute.KeyValue{semconv.HTTPRequestMethodKey.String(l.method)}
	for _, a := range []attribute.KeyValue{
		semconv.HTTPRoute(l.route), decisionKey.String(l.decision), semconv.URLScheme(l.scheme),
		semconv.NetworkProtocolVersion(l.version), semconv.ErrorTypeKey.String(l.errorType),
	} {
		if a.Value.AsString() != "" {
			all = append(all, a)
		}
	}
	if l.status != 0 {
		all = append(all, semconv.HTTPResponseStatusCode(l.status))
	}
	return attribute.NewSet(all...)
}
