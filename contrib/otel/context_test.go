// Where spans come from, and whose they are: propagation, sampling, the spans of others,
// exchanges that callbacks make, and what middleware answers.

package otel_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/codes"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/restmachine/restmachine-go/contrib/otel"
	"github.com/restmachine/restmachine-go/restmachine"
)

const (
	parentTrace = "4bf92f3577b34da6a3ce929d0e0e4736"
	parentSpan  = "00f067aa0ba902b7"
	traceparent = "00-" + parentTrace + "-" + parentSpan + "-01"
	unsampled   = "00-" + parentTrace + "-" + parentSpan + "-00"
)

func TestTheParentIsInTheFields(t *testing.T) {
	for _, public := range []bool{false, true} {
		k := newKit(otel.Config{Public: public})
		var seen trace.SpanContext
		var carried string
		app := restmachine.New(k.Option())
		app.Get("/", func(ctx context.Context) string {
			seen, carried = trace.SpanContextFromContext(ctx), baggage.FromContext(ctx).Member("tenant").Value()
			return ""
		})
		check := func(what string) {
			span := k.one(t, what)
			assert.Equal(t, span.SpanContext().SpanID(), seen.SpanID(), "%s: callbacks see the span", what)
			assert.Equal(t, "7", carried, what)
			if public {
				assert.False(t, span.Parent().IsValid(), what)
				assert.NotEqual(t, parentTrace, span.SpanContext().TraceID().String(), what)
				require.Len(t, span.Links(), 1, what)
				assert.Equal(t, parentSpan, span.Links()[0].SpanContext.SpanID().String(), what)
			} else {
				assert.Equal(t, parentSpan, span.Parent().SpanID().String(), what)
				assert.Equal(t, parentTrace, span.SpanContext().TraceID().String(), what)
			}
		}
		send(t, "GET", serve(t, k.Handler(app)).URL, http.Header{"Traceparent": {traceparent}, "Baggage": {"tenant=7"}})
		check("the wire")
		k.Execute(t.Context(), app, restmachine.Request{Path: "/", Header: http.Header{"traceparent": {traceparent}, "BAGGAGE": {"tenant=7"}}})
		check("Execute, in any spelling")
	}
}

// TestWhatIsNotSampledIsNotTraced: no observer has a Trace then.
func TestWhatIsNotSampledIsNotTraced(t *testing.T) {
	k := newKit(otel.Config{})
	traced := false
	app := newApp(k.Option(), restmachine.WithObserver(func(o restmachine.Outcome) { traced = o.Trace != nil }))
	for field, want := range map[string]bool{traceparent: true, unsampled: false} {
		k.Execute(t.Context(), app, restmachine.Request{Path: "/things/1", Header: http.Header{"Traceparent": {field}}})
		assert.Equal(t, want, traced, field)
		r := httptest.NewRequest("GET", "/things/1", nil)
		r.Header.Set("Traceparent", field)
		traced = !want
		k.Handler(app).ServeHTTP(httptest.NewRecorder(), r)
		assert.Equal(t, want, traced, field)
	}
	assert.Len(t, k.spans.Ended(), 2)
}

// TestInsideOtelhttp describes its span, and leaves the metrics to it.
func TestInsideOtelhttp(t *testing.T) {
	for name, inside := range map[string]func(k *kit, app *restmachine.App) http.Handler{
		"Handler":  func(k *kit, app *restmachine.App) http.Handler { return k.Handler(app) },
		"observer": func(_ *kit, app *restmachine.App) http.Handler { return app },
	} {
		k := newKit(otel.Config{})
		theirs := sdkmetric.NewManualReader()
		server := serve(t, otelhttp.NewHandler(inside(k, newApp(k.Option())), "", otelhttp.WithTracerProvider(k.provider),
			otelhttp.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(theirs)))))
		for _, r := range requests {
			what := r.method + " " + r.path
			if r.path == "/aborts" || r.method == "get" || r.path == "/purge" { // otelhttp has its own mind
				continue
			}
			send(t, r.method, server.URL+r.path, r.header)
			span := k.one(t, name+" "+what)
			assert.Contains(t, span.InstrumentationScope().Name, "otelhttp", what)
			checkSpan(t, span, r.name, r.status, r.decision, r.errorType, what)
		}
		assert.NotEmpty(t, points(t, theirs, "http.server.request.duration"), name)
		if name == "Handler" {
			assert.Empty(t, points(t, k.reader, "http.server.request.duration"), name)
		}
	}
}

// TestTheSpanOfAJob is not renamed: an Execute in it has a span of its own, or none.
func TestTheSpanOfAJob(t *testing.T) {
	k := newKit(otel.Config{})
	app := newApp(k.Option())
	ctx, job := k.provider.Tracer("").Start(t.Context(), "nightly")
	app.ExecuteContext(ctx, restmachine.Request{Path: "/things/fails"})
	assert.Empty(t, k.spans.Ended())
	k.Execute(ctx, app, restmachine.Request{Path: "/things/1"})
	child := k.one(t, "")
	assert.Equal(t, job.SpanContext().SpanID(), child.Parent().SpanID())
	assert.Equal(t, trace.SpanKindInternal, child.SpanKind())
	job.End()
	span := k.one(t, "")
	assert.Equal(t, "nightly", span.Name())
	assert.Equal(t, codes.Unset, span.Status().Code)
	assert.Empty(t, span.Attributes())
}

// TestExchangesOfCallbacks change nothing in the span of the outer one.
func TestExchangesOfCallbacks(t *testing.T) {
	k := newKit(otel.Config{})
	var app *restmachine.App
	traces := map[string]bool{}
	app = newApp(k.Option(), restmachine.WithObserver(func(o restmachine.Outcome) { traces[o.Path] = o.Trace != nil }))
	app.Get("/outer", func(ctx context.Context) string {
		app.ExecuteContext(ctx, restmachine.Request{Path: "/things/fails"})
		app.ExecuteContext(ctx, restmachine.Request{Method: "BREW", Path: "/nowhere"})
		k.Execute(ctx, app, restmachine.Request{Path: "/things/panics"})
		return "x"
	})
	send(t, "GET", serve(t, k.Handler(app)).URL+"/outer", nil)
	require.Eventually(t, func() bool { return len(k.spans.Ended()) == 2 }, patience, tick)
	inner, outer := k.spans.Ended()[0], k.spans.Ended()[1]
	checkSpan(t, outer, "GET /outer", 200, "P19", "", "GET /outer")
	checkSpan(t, inner, "GET /things/{id}", 500, "", "500", "GET /things/panics")
	assert.Equal(t, map[string]bool{"/outer": true, "/things/panics": true, "/things/fails": false, "/nowhere": false}, traces,
		"what has no span is not traced")
	assert.Equal(t, outer.SpanContext().SpanID(), inner.Parent().SpanID())
}

// TestWhatMiddlewareAnswers has a span and is measured, though no App was asked.
func TestWhatMiddlewareAnswers(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		status int
		failed string
	}{
		{"401", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401); w.WriteHeader(500) }, 401, ""},
		{"hints", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(204) }, 204, ""},
		{"written", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) }, 200, ""},
		{"copied", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = bytes.NewBufferString("x").WriteTo(struct{ http.ResponseWriter }{w})
		}, 200, ""},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, 200, ""},
		{"fails", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, 502, "502"},
		{"panics", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, "*errors.errorString"},
	} {
		k := newKit(otel.Config{})
		send(t, "GET", serve(t, k.Handler(test.answer)).URL, nil)
		span := k.one(t, test.name)
		assert.Equal(t, "GET", span.Name(), test.name)
		has := values(span.Attributes())
		if test.status == 0 {
			assert.NotContains(t, has, "http.response.status_code", test.name)
		} else {
			assert.EqualValues(t, test.status, has["http.response.status_code"], test.name)
		}
		if test.failed != "" {
			assert.Equal(t, test.failed, has["error.type"], test.name)
		}
		assert.Equal(t, test.failed != "", span.Status().Code == codes.Error, test.name)
		assert.Len(t, points(t, k.reader, "http.server.request.duration"), 1, test.name)
	}
}

// TestTheRequestOfMiddleware: what is around Handler sees the route, and a writer can do all
// that it could.
func TestTheRequestOfMiddleware(t *testing.T) {
	k := newKit(otel.Config{})
	app := newApp(k.Option())
	r := httptest.NewRequest("GET", "/things/1", nil)
	k.Handler(app).ServeHTTP(httptest.NewRecorder(), r)
	assert.Equal(t, "/things/{id}", r.Pattern)

	server := serve(t, k.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		assert.NoError(t, http.NewResponseController(w).Flush())
		connection, _, err := w.(http.Hijacker).Hijack()
		if assert.NoError(t, err) {
			_ = connection.Close()
		}
	})))
	send(t, "GET", server.URL, nil)
}

var neverSampled = sdk.WithSampler(sdk.NeverSample())
