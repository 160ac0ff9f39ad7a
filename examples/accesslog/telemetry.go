// This file stands metrics and spans beside the log. In come the same Outcomes. Out go what a
// Prometheus scrapes, and spans; a line of the log has the ID of its trace.

package main

import (
	"context"
	"log/slog"
	"net/http"

	client "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/restmachine/restmachine-go/contrib/otel"
	"github.com/restmachine/restmachine-go/contrib/prometheus"
	"github.com/restmachine/restmachine-go/restmachine"
)

// observed returns the counters with all that looks at them, and the App in it. Of the order:
// the span is outside, so that all others see it in the context.
func observed(log *slog.Logger, spans sdk.SpanExporter) (http.Handler, *restmachine.App) {
	// A service sends its spans in batches, to a collector: sdk.WithBatcher, and otlptracehttp.
	telemetry := otel.New(otel.Config{TracerProvider: sdk.NewTracerProvider(sdk.WithSyncer(spans)),
		Propagator: propagation.TraceContext{}, WithoutMetrics: true})
	metrics := prometheus.New(prometheus.Config{Exemplar: traceOf})
	app := New(log, accessLog(log), telemetry.Option(), metrics.Option())
	metrics.Watch(app)
	registry := client.NewRegistry()
	registry.MustRegister(metrics)
	mux := http.NewServeMux()
	mux.Handle("/", telemetry.Handler(metrics.InFlight(requestIDs(app))))
	// What scrapes alone should reach this: another port, or a rule in the proxy.
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	return mux, app
}

// traceOf leads from a bucket of the histogram to a trace.
func traceOf(ctx context.Context) client.Labels {
	if span := trace.SpanContextFromContext(ctx); span.IsSampled() {
		return client.Labels{"trace_id": span.TraceID().String()}
	}
	return nil
}

// spansTo is an exporter that logs, in place of a collector.
type spansTo struct{ log *slog.Logger }

// ExportSpans logs spans.
func (s spansTo) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	for _, span := range spans {
		s.log.LogAttrs(ctx, slog.LevelInfo, "span", slog.String("name", span.Name()), slog.Int("decisions", len(span.Events())),
			slog.String("trace_id", span.SpanContext().TraceID().String()))
	}
	return nil
}

// Shutdown has nothing to do.
func (spansTo) Shutdown(context.Context) error { return nil }
