// A real exporter: what the SDK sends over OTLP, in protobuf over HTTP, to a collector.

package otel_test

import (
	"encoding/hex"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/restmachine/restmachine-go/contrib/otel"
)

// A collector takes what exporters send.
type collector struct {
	mu      sync.Mutex
	spans   []*otlp.Span
	metrics map[string]*metrics.Metric
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch r.Method + " " + r.URL.Path {
	case "POST /v1/traces":
		var in collectortrace.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(content, &in)
		}
		for _, resource := range in.GetResourceSpans() {
			for _, scope := range resource.GetScopeSpans() {
				c.spans = append(c.spans, scope.GetSpans()...)
			}
		}
	case "POST /v1/metrics":
		var in collectormetrics.ExportMetricsServiceRequest
		if err == nil {
			err = proto.Unmarshal(content, &in)
		}
		for _, resource := range in.GetResourceMetrics() {
			for _, scope := range resource.GetScopeMetrics() {
				for _, m := range scope.GetMetrics() {
					c.metrics[m.GetName()] = m
				}
			}
		}
	default:
		err = http.ErrNotSupported
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// sent are attributes as they were sent.
func sent(attributes []*common.KeyValue) map[string]any {
	all := map[string]any{}
	for _, a := range attributes {
		switch v := a.GetValue().GetValue().(type) {
		case *common.AnyValue_StringValue:
			all[a.GetKey()] = v.StringValue
		case *common.AnyValue_IntValue:
			all[a.GetKey()] = v.IntValue
		}
	}
	return all
}

func TestOverOTLP(t *testing.T) {
	c := &collector{metrics: map[string]*metrics.Metric{}}
	to := serve(t, c)
	spans, err := otlptracehttp.New(t.Context(), otlptracehttp.WithEndpointURL(to.URL+"/v1/traces"))
	require.NoError(t, err)
	tracers := sdk.NewTracerProvider(sdk.WithBatcher(spans))
	points, err := otlpmetrichttp.New(t.Context(), otlpmetrichttp.WithEndpointURL(to.URL+"/v1/metrics"))
	require.NoError(t, err)
	meters := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(points)))
	telemetry := otel.New(otel.Config{TracerProvider: tracers, MeterProvider: meters, Propagator: propagation.TraceContext{}})
	app := newApp(telemetry.Option())
	require.NoError(t, telemetry.Watch(app))
	server := serve(t, telemetry.Handler(app))
	send(t, "PUT", server.URL+"/things/1", http.Header{"If-Match": {`"7"`}, "Traceparent": {traceparent}})
	send(t, "GET", server.URL+"/things/fails", nil)
	server.Close() // waits for what is served
	require.NoError(t, tracers.Shutdown(t.Context()))
	require.NoError(t, meters.Shutdown(t.Context()))

	require.Len(t, c.spans, 2)
	refused, failed := c.spans[0], c.spans[1]
	assert.Equal(t, "PUT /things/{id}", refused.GetName())
	assert.Equal(t, otlp.Span_SPAN_KIND_SERVER, refused.GetKind())
	assert.Equal(t, parentSpan, hexOf(refused.GetParentSpanId()))
	assert.Equal(t, otlp.Status_STATUS_CODE_UNSET, refused.GetStatus().GetCode())
	has := sent(refused.GetAttributes())
	assert.EqualValues(t, 412, has["http.response.status_code"])
	assert.Equal(t, "G11", has["restmachine.decision"])
	last := refused.GetEvents()[len(refused.GetEvents())-1]
	assert.Equal(t, "G11", sent(last.GetAttributes())["restmachine.decision"])
	assert.Equal(t, otlp.Status_STATUS_CODE_ERROR, failed.GetStatus().GetCode())
	assert.Equal(t, "500", sent(failed.GetAttributes())["error.type"])

	duration := c.metrics["http.server.request.duration"]
	require.NotNil(t, duration)
	assert.Equal(t, "s", duration.GetUnit())
	require.Len(t, duration.GetHistogram().GetDataPoints(), 2)
	for _, point := range duration.GetHistogram().GetDataPoints() {
		assert.EqualValues(t, 1, point.GetCount())
		assert.Equal(t, "/things/{id}", sent(point.GetAttributes())["http.route"])
		assert.NotEmpty(t, point.GetExemplars(), "which lead to the trace")
	}
	assert.Contains(t, c.metrics, "http.server.response.body.size")
	assert.Contains(t, c.metrics, "http.server.active_requests")
	assert.Contains(t, c.metrics, "restmachine.locks.held")
}

func hexOf(id []byte) string { return hex.EncodeToString(id) }
