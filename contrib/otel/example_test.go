package otel_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	api "go.opentelemetry.io/otel"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdk "go.opentelemetry.io/otel/sdk/trace"

	"github.com/restmachine/restmachine-go/contrib/otel"
	"github.com/restmachine/restmachine-go/restmachine"
)

// A program says which SDK and exporter there are; here, one that prints. The zero Config takes
// the providers that were set globally.
func Example() {
	provider := sdk.NewTracerProvider(sdk.WithSyncer(printer{}))
	telemetry := otel.New(otel.Config{TracerProvider: provider})
	app := restmachine.New(telemetry.Option())
	app.GenerateETag(func() string { return "1" })
	app.Put("/mottos/{id}", func(id restmachine.PathParams) string { return id.Get("id") })
	handler := telemetry.Handler(app)

	r := httptest.NewRequest("PUT", "/mottos/1", nil)
	r.Header.Set("If-Match", `"7"`)
	handler.ServeHTTP(httptest.NewRecorder(), r)
	// Output:
	// PUT /mottos/{id}
	//   http.route: /mottos/{id}
	//   http.response.status_code: 412
	//   restmachine.decision: G11
	//   G11 Entity-tag matches?
}

// Telemetry of an App that is mounted below a prefix has that in its routes.
func ExampleConfig() {
	telemetry := otel.New(otel.Config{TracerProvider: sdk.NewTracerProvider(sdk.WithSyncer(namer{})), Root: "/api"})
	app := restmachine.New(telemetry.Option())
	app.Get("/mottos/{id}", func() string { return "Say what is true." })
	handler := telemetry.Handler(http.StripPrefix("/api", app))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/api/mottos/1", nil))
	// Output:
	// GET /api/mottos/{id}
}

// The zero Config takes what is set globally, also if that is set later.
func ExampleNew() {
	telemetry := otel.New(otel.Config{})
	app := restmachine.New(telemetry.Option())
	api.SetTracerProvider(sdk.NewTracerProvider(sdk.WithSyncer(namer{})))
	telemetry.Handler(app).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("HEAD", "/nowhere", nil))
	// Output:
	// HEAD
}

// The Option suffices for metrics, whatever runs the App.
func ExampleTelemetry_Option() {
	reader := sdkmetric.NewManualReader()
	telemetry := otel.New(otel.Config{MeterProvider: sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))})
	app := restmachine.New(telemetry.Option())
	app.Execute(restmachine.Request{Method: "BREW", Path: "/coffee"})
	printMetrics(reader)
	// Output:
	// http.server.request.duration s
	// http.server.response.body.size By
}

// An unknown path has no route, so the name of its span is the method.
func ExampleTelemetry_Handler() {
	telemetry := otel.New(otel.Config{TracerProvider: sdk.NewTracerProvider(sdk.WithSyncer(namer{}))})
	handler := telemetry.Handler(restmachine.New(telemetry.Option()))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/nowhere", nil))
	// Output:
	// GET
}

// What runs in process has a span by Execute.
func ExampleTelemetry_Execute() {
	telemetry := otel.New(otel.Config{TracerProvider: sdk.NewTracerProvider(sdk.WithSyncer(namer{}))})
	app := restmachine.New(telemetry.Option())
	app.Get("/mottos/{id}", func() string { return "Say what is true." })
	resp := telemetry.Execute(context.Background(), app, restmachine.Request{Path: "/mottos/1"})
	fmt.Println(resp.StatusCode)
	// Output:
	// GET /mottos/{id}
	// 200
}

// The locks that an App holds are a metric of their own.
func ExampleTelemetry_Watch() {
	reader := sdkmetric.NewManualReader()
	telemetry := otel.New(otel.Config{MeterProvider: sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))})
	app := restmachine.New(telemetry.Option())
	if err := telemetry.Watch(app); err != nil {
		fmt.Println(err)
	}
	printMetrics(reader)
	// Output:
	// restmachine.locks.held {lock}
}

// A namer is an exporter that prints the names of spans.
type namer struct{}

func (namer) ExportSpans(_ context.Context, spans []sdk.ReadOnlySpan) error {
	for _, span := range spans {
		fmt.Println(span.Name())
	}
	return nil
}

func (namer) Shutdown(context.Context) error { return nil }

// A printer is an exporter that prints of a span what the App knows, and its last event.
type printer struct{}

func (printer) ExportSpans(_ context.Context, spans []sdk.ReadOnlySpan) error {
	for _, span := range spans {
		fmt.Println(span.Name())
		for _, key := range []string{"http.route", "http.response.status_code", "restmachine.decision"} {
			for _, a := range span.Attributes() {
				if string(a.Key) == key {
					fmt.Printf("  %s: %v\n", key, a.Value.AsInterface())
				}
			}
		}
		fmt.Println(" ", span.Events()[len(span.Events())-1].Name)
	}
	return nil
}

func (printer) Shutdown(context.Context) error { return nil }

func printMetrics(reader *sdkmetric.ManualReader) {
	var all metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &all); err != nil {
		fmt.Println(err)
	}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			fmt.Println(m.Name, m.Unit)
		}
	}
}
