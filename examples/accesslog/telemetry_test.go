// This test checks that log, metrics and spans tell the same, and lead to each other.

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

func TestLogMetricsAndSpans(t *testing.T) {
	j, spans := &journal{}, tracetest.NewInMemoryExporter()
	handler, app := observed(newLogger(j), spans)
	require.NoError(t, app.Start(t.Context()))
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	j.lines(t)
	lines, resp := send(t, server.URL, j, "PUT", "/counters/doors", `{"count": 5}`, "If-Match", `"7"`,
		"Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	require.Equal(t, 412, resp.StatusCode)
	line := lines[len(lines)-1]
	assert.Equal(t, resp.Header.Get("X-Request-Id"), line["request_id"])

	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/metrics", nil)
	require.NoError(t, err)
	r.Header.Set("Accept", "application/openmetrics-text")
	scrape, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	metrics, err := io.ReadAll(scrape.Body)
	require.NoError(t, err)
	require.NoError(t, scrape.Body.Close())
	server.Close() // waits for the span

	require.Len(t, spans.GetSpans(), 1, "a scrape has none")
	span := spans.GetSpans()[0]
	assert.Equal(t, "PUT /counters/{name}", span.Name)
	id := span.SpanContext.TraceID().String()
	assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", id, "the trace of the client goes on")
	assert.Equal(t, id, line["trace_id"])
	assert.Contains(t, string(metrics), `restmachine_requests_total{decision="G11",method="PUT",route="/counters/{name}",status="412"} 1`)
	assert.Equal(t, 1, strings.Count(string(metrics), `trace_id="`+id+`"`))
	require.NoError(t, spansTo{newLogger(j)}.ExportSpans(t.Context(), spans.GetSpans().Snapshots()))
}
