// Spans: what they have of exchanges that ended in every way, on the wire and in process.

package otel_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/restmachine/restmachine-go/contrib/otel"
	"github.com/restmachine/restmachine-go/restmachine"
)

var errDisk = errors.New("the disk is full")

type thing struct {
	ID string `json:"id"`
}

// A broken reader fails.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// newApp returns an App whose exchanges end in many ways.
func newApp(options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(append(options, restmachine.WithLogger(slog.New(slog.DiscardHandler)))...)
	app.ResourceExists(func(path restmachine.PathParams) (*thing, error) {
		switch id := path.Get("id"); id {
		case "none":
			return nil, nil
		case "fails":
			return nil, errDisk
		case "panics":
			panic("x")
		default:
			return &thing{id}, nil
		}
	})
	app.GenerateETag(func(*thing) string { return "1" })
	things := app.Resource("/things/{id}")
	things.Get(func(t *thing) *thing { return t })
	things.Put(func(t *thing) *thing { return t })
	app.Resource("/locked").Get(func() error { return &restmachine.Problem{Status: 423} })
	app.Resource("/purge").Handle("PURGE", func() {})
	app.Get("/aborts", func() { panic(http.ErrAbortHandler) })
	for path, err := range map[string]error{"/cut": errDisk, "/gone": context.Canceled, "/late": context.DeadlineExceeded} {
		app.Get(path, func() io.Reader {
			return io.MultiReader(strings.NewReader("piece"), broken{fmt.Errorf("reading: %w", err)})
		})
	}
	return app
}

// A kit is Telemetry whose spans and metrics are kept.
type kit struct {
	*otel.Telemetry
	spans    *tracetest.SpanRecorder
	provider *sdk.TracerProvider
	reader   *sdkmetric.ManualReader
}

// newKit completes a Config.
func newKit(c otel.Config, options ...sdk.TracerProviderOption) *kit {
	k := &kit{spans: tracetest.NewSpanRecorder(), reader: sdkmetric.NewManualReader()}
	k.provider = sdk.NewTracerProvider(append(options, sdk.WithSpanProcessor(k.spans))...)
	c.TracerProvider = k.provider
	c.MeterProvider = sdkmetric.NewMeterProvider(sdkmetric.WithReader(k.reader))
	c.Propagator = propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
	k.Telemetry = otel.New(c)
	return k
}

// one is the one span that ended.
func (k *kit) one(t *testing.T, what string) sdk.ReadOnlySpan {
	t.Helper()
	require.Eventually(t, func() bool { return len(k.spans.Ended()) > 0 }, 10*time.Second, time.Millisecond, what)
	ended := k.spans.Ended()
	require.Len(t, ended, 1, what)
	k.spans.Reset()
	return ended[0]
}

func serve(t *testing.T, handler http.Handler) *httptest.Server {
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// send sends a request, and reads its answer, or what there is of it.
func send(t *testing.T, method, url string, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	if header != nil {
		r.Header = header.Clone()
	}
	r.Header.Set("User-Agent", "agent")
	r.Close = true // a connection that was cut is tried again, if others used it
	resp, err := http.DefaultClient.Do(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		require.NoError(t, resp.Body.Close())
	}
}

// values are attributes by their key.
func values(attributes []attribute.KeyValue) map[string]any {
	all := map[string]any{}
	for _, a := range attributes {
		all[string(a.Key)] = a.Value.AsInterface()
	}
	return all
}

// requests end in these ways. wire is whether only the wire can end so.
var requests = []struct {
	method, path string
	header       http.Header
	name         string
	status       int
	decision     string
	errorType    string // with which the span failed
	wire         bool
}{
	{"GET", "/things/1?secret=1", nil, "GET /things/{id}", 200, "P19", "", false},
	{"HEAD", "/things/1", nil, "HEAD /things/{id}", 200, "P19", "", false},
	{"GET", "/things/a%2Fb", http.Header{"If-None-Match": {`"1"`}}, "GET /things/{id}", 304, "J19", "", false},
	{"PUT", "/things/2", http.Header{"If-Match": {`"2"`}}, "PUT /things/{id}", 412, "G11", "", false},
	{"GET", "/things/none", nil, "GET /things/{id}", 404, "L7", "", false},
	{"GET", "/things/fails", nil, "GET /things/{id}", 500, "G7", "500", false},
	{"GET", "/things/panics", nil, "GET /things/{id}", 500, "", "500", false},
	{"GET", "/locked", nil, "GET /locked", 423, "O18", "", false},
	{"DELETE", "/things/1", nil, "DELETE /things/{id}", 405, "B10", "", false},
	{"PURGE", "/purge", nil, "PURGE /purge", 204, "O20", "", false},
	{"BREW", "/things/1", nil, "HTTP /things/{id}", 501, "B12", "501", false},
	{"get", "/things/1", nil, "HTTP /things/{id}", 501, "B12", "501", false},
	{"GET", "/nowhere", nil, "GET", 404, "L7", "", false},
	{"BREW", "/nowhere", nil, "HTTP", 501, "B12", "501", false},
	{"GET", "/aborts", nil, "GET /aborts", 0, "", "aborted", true},
	{"GET", "/cut", nil, "GET /cut", 200, "P19", "*errors.errorString", true},
	{"GET", "/gone", nil, "GET /gone", 200, "P19", "canceled", true},
	{"GET", "/late", nil, "GET /late", 200, "P19", "deadline_exceeded", true},
}

func TestSpansOnTheWire(t *testing.T) {
	k := newKit(otel.Config{})
	server := serve(t, k.Handler(newApp(k.Option())))
	for _, r := range requests {
		what := r.method + " " + r.path
		send(t, r.method, server.URL+r.path, r.header)
		span := k.one(t, what)
		checkSpan(t, span, r.name, r.status, r.decision, r.errorType, what)
		assert.Equal(t, trace.SpanKindServer, span.SpanKind(), what)

		path, _, _ := strings.Cut(r.path, "?")
		has := values(span.Attributes())
		assert.Equal(t, path, has["url.path"], what)
		assert.Equal(t, "http", has["url.scheme"], what)
		assert.Equal(t, "127.0.0.1", has["server.address"], what)
		assert.Positive(t, has["server.port"], what)
		assert.Equal(t, "127.0.0.1", has["client.address"], what)
		assert.Equal(t, "127.0.0.1", has["network.peer.address"], what)
		assert.Positive(t, has["network.peer.port"], what)
		assert.Equal(t, "1.1", has["network.protocol.version"], what)
		assert.Equal(t, "agent", has["user_agent.original"], what)
		assert.NotContains(t, has, "url.query", what)
	}
}

// checkSpan checks what a span has of its exchange.
func checkSpan(t *testing.T, span sdk.ReadOnlySpan, name string, status int, decision, errorType, what string) {
	t.Helper()
	assert.Equal(t, name, span.Name(), what)
	has := values(span.Attributes())
	want := func(key string, value any, there bool) {
		t.Helper()
		if there {
			assert.Equal(t, value, has[key], "%s: %s", what, key)
		} else {
			assert.NotContains(t, has, key, what)
		}
	}
	method, route, _ := strings.Cut(name, " ")
	asSent, _, _ := strings.Cut(what, " ")
	want("http.request.method_original", asSent, method == "HTTP")
	if method == "HTTP" {
		method = "_OTHER"
	}
	want("http.request.method", method, true)
	want("http.route", route, route != "")
	want("http.response.status_code", int64(status), status != 0)
	want("restmachine.decision", decision, decision != "")
	want("error.type", errorType, errorType != "")
	code := codes.Unset
	if errorType != "" {
		code = codes.Error
	}
	assert.Equal(t, code, span.Status().Code, what)
	assert.Equal(t, errorType == "" || status >= 500, span.Status().Description == "", what)
	checkEvents(t, span, decision, errorType, what)
}

// checkEvents checks the path, and the error.
func checkEvents(t *testing.T, span sdk.ReadOnlySpan, decision, errorType, what string) {
	t.Helper()
	var path []string
	failed, last := false, span.StartTime().Add(-time.Millisecond)
	for _, e := range span.Events() {
		if e.Name == "exception" {
			failed = true
			assert.NotContains(t, values(e.Attributes)["exception.message"], "\n", what)
			continue
		}
		has := values(e.Attributes)
		path = append(path, has["restmachine.decision"].(string))
		assert.True(t, strings.HasPrefix(e.Name, path[len(path)-1]+" "), e.Name)
		assert.NotEmpty(t, has["restmachine.answer"], what)
		assert.False(t, e.Time.Before(last), "%s: events are in order", what)
		last = e.Time
	}
	assert.False(t, last.After(span.EndTime()), "%s: events are in the span", what)
	if decision != "" && decision != "B12" && decision != "B10" { // which plans settle
		assert.NotEmpty(t, path, what)
	}
	if errorType == "501" {
		assert.False(t, failed, what)
	} else {
		assert.Equal(t, errorType != "", failed, "%s: the error is an event", what)
	}
}

// TestThePath has the questions that were asked, with their reasons and callbacks.
func TestThePath(t *testing.T) {
	k := newKit(otel.Config{})
	app := newApp(k.Option())
	request := restmachine.Request{Method: "PUT", Path: "/things/1", Header: http.Header{"If-Match": {`"7"`}}}
	k.Execute(t.Context(), app, request)
	events := k.one(t, "").Events()
	_, way := app.Explain(request)
	asked := 0
	for _, v := range way.Visits {
		if !v.Folded {
			asked++
		}
	}
	assert.Len(t, events, asked)
	assert.Less(t, asked, len(way.Visits), "what was settled at start is left out")
	last := values(events[len(events)-1].Attributes)
	assert.Equal(t, "G11", last["restmachine.decision"])
	assert.Equal(t, "no", last["restmachine.answer"])
	assert.Contains(t, last["restmachine.reason"], `"7"`)
	called := false
	for _, e := range events {
		called = called || values(e.Attributes)["restmachine.callback"] != nil
	}
	assert.True(t, called, "a callback was asked")
}

// TestSpansInProcess are those of the wire, without a connection.
func TestSpansInProcess(t *testing.T) {
	k := newKit(otel.Config{})
	app := newApp(k.Option())
	for _, r := range requests {
		if r.wire {
			continue
		}
		what := r.method + " " + r.path
		resp := k.Execute(t.Context(), app, restmachine.Request{Method: r.method, Path: r.path, Header: r.header})
		assert.Equal(t, r.status, resp.StatusCode, what)
		span := k.one(t, what)
		checkSpan(t, span, r.name, r.status, r.decision, r.errorType, what)
		assert.Equal(t, trace.SpanKindServer, span.SpanKind(), what)
		path, _, _ := strings.Cut(r.path, "?")
		assert.Equal(t, path, values(span.Attributes())["url.path"], what)
	}
	k.Execute(t.Context(), app, restmachine.Request{Path: "/things/1"})
	assert.Equal(t, "GET /things/{id}", k.one(t, "no method is GET").Name())
}

// TestAPanicHasItsStack as an attribute of its own.
func TestAPanicHasItsStack(t *testing.T) {
	k := newKit(otel.Config{})
	k.Execute(t.Context(), newApp(k.Option()), restmachine.Request{Path: "/things/panics"})
	for _, e := range k.one(t, "").Events() {
		if e.Name == "exception" {
			has := values(e.Attributes)
			assert.Equal(t, "panic: x", has["exception.message"])
			assert.Contains(t, has["exception.stacktrace"], "otel_test.go")
			return
		}
	}
	t.Error("no event has the panic")
}

func TestRootAndAttributes(t *testing.T) {
	k := newKit(otel.Config{Root: "/api", Attributes: func(r *http.Request) []attribute.KeyValue {
		return []attribute.KeyValue{attribute.String("url.query", r.URL.RawQuery)}
	}})
	server := serve(t, k.Handler(http.StripPrefix("/api", newApp(k.Option()))))
	send(t, "GET", server.URL+"/api/things/1?a=b", nil)
	span := k.one(t, "")
	assert.Equal(t, "GET /api/things/{id}", span.Name())
	has := values(span.Attributes())
	assert.Equal(t, "/api/things/{id}", has["http.route"])
	assert.Equal(t, "/api/things/1", has["url.path"])
	assert.Equal(t, "a=b", has["url.query"])
	send(t, "GET", server.URL+"/api/nowhere", nil)
	assert.Equal(t, "GET", k.one(t, "").Name())
}

// TestTheHostOfARequest may lack a port, or be an address.
func TestTheHostOfARequest(t *testing.T) {
	k := newKit(otel.Config{})
	handler := k.Handler(newApp(k.Option()))
	for host, want := range map[string][2]any{
		"example.com": {"example.com", nil}, "example.com:81": {"example.com", int64(81)}, "[::1]": {"::1", nil},
		"[::1]:82": {"::1", int64(82)}, "example.com:x": {"example.com", nil}, "": {nil, nil},
	} {
		r := httptest.NewRequest("GET", "https://example.com/things/1", nil)
		r.Host, r.ProtoMajor, r.ProtoMinor = host, 2, 0
		handler.ServeHTTP(httptest.NewRecorder(), r)
		has := values(k.one(t, host).Attributes())
		assert.Equal(t, want, [2]any{has["server.address"], has["server.port"]}, host)
		assert.Equal(t, "https", has["url.scheme"])
		assert.Equal(t, "2", has["network.protocol.version"])
	}
}
