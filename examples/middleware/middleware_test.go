// These tests check the application under two routers, with middleware around it.

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A site is the application under one router, with one version of HTTP.
type site struct {
	url    string
	client *http.Client
	spans  *tracetest.SpanRecorder
}

// everywhere runs a test under both routers, on HTTP/1.1 and HTTP/2.
func everywhere(t *testing.T, test func(t *testing.T, s site)) {
	routers := map[string]func(http.Handler, trace.TracerProvider) http.Handler{"ServeMux": underServeMux, "chi": underChi}
	for router, under := range routers {
		for version, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
			t.Run(router+" "+version, func(t *testing.T) {
				recorder := tracetest.NewSpanRecorder()
				app := New()
				require.NoError(t, app.Start(t.Context()))
				server := httptest.NewUnstartedServer(under(app, sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder))))
				server.EnableHTTP2 = http2
				server.StartTLS()
				t.Cleanup(server.Close)
				s := site{server.URL, server.Client(), recorder}
				resp := s.send(t, "GET", "/", "")
				require.Equal(t, version, resp.Proto, "or the test proves nothing")
				test(t, s)
			})
		}
	}
}

// send returns a response whose content is still to be read.
func (s site) send(t *testing.T, method, path, body string, fields ...string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	resp, err := s.client.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// expect reads the response, and checks the invariants of every response.
func (s site) expect(t *testing.T, status int, method, path, body string, fields ...string) http.Header {
	t.Helper()
	resp := s.send(t, method, path, body, append(fields, "Content-Type", "application/json", "Origin", "https://example.com")...)
	content, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, status, resp.StatusCode, "%s %s: %s", method, path, content)
	restmachinetest.CheckResponse(t, restmachine.Request{Method: method, Path: path, Header: resp.Request.Header},
		restmachine.Response{StatusCode: status, Header: resp.Header, Body: content})
	return resp.Header
}

// TestSpansNameTheRoute checks that a span has the name of the route. It must not have
// the path, because there are many paths. It must not have the pattern of the outer
// router, which is only a prefix.
func TestSpansNameTheRoute(t *testing.T) {
	everywhere(t, func(t *testing.T, s site) {
		s.expect(t, 200, "GET", "/api/lamps/hall", "")
		s.expect(t, 404, "GET", "/api/lamps/none", "")
		s.expect(t, 412, "PUT", "/api/lamps/hall", `{"on": true}`, "If-Match", `"7"`)
		s.expect(t, 201, "POST", "/api/lamps", `{"name": "stairs"}`)
		want := []string{"GET /api/lamps/{name}", "GET /api/lamps/{name}", "PUT /api/lamps/{name}", "POST /api/lamps"}
		names := func() (names []string) {
			for _, span := range s.spans.Ended()[1:] { // the first is that of the home page
				names = append(names, span.Name())
			}
			return names
		}
		// A client may have its answer before the span has ended.
		require.Eventually(t, func() bool { return len(s.spans.Ended()) == 1+len(want) }, 5*time.Second, time.Millisecond)
		assert.ElementsMatch(t, want, names())
	})
}

// TestPreconditionsAndOrigins checks that tags are sent and received, also by other
// origins.
func TestPreconditionsAndOrigins(t *testing.T) {
	everywhere(t, func(t *testing.T, s site) {
		preflight := s.send(t, "OPTIONS", "/api/lamps/hall", "", "Origin", "https://example.com",
			"Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "content-type,if-match")
		assert.Equal(t, 200, preflight.StatusCode)
		assert.Equal(t, "GET, HEAD, PUT, OPTIONS", preflight.Header.Get("Access-Control-Allow-Methods"), "what this path has")
		assert.Contains(t, preflight.Header.Get("Access-Control-Allow-Headers"), "If-Match")

		read := s.expect(t, 200, "GET", "/api/lamps/hall", "")
		assert.Equal(t, `"1"`, read.Get("ETag"))
		assert.Contains(t, strings.ToLower(read.Get("Access-Control-Expose-Headers")), "etag")
		assert.Contains(t, strings.Join(read.Values("Vary"), ","), "Origin", "a cache must not give it to another origin")

		s.expect(t, 304, "GET", "/api/lamps/hall", "", "If-None-Match", `"1"`)
		written := s.expect(t, 200, "PUT", "/api/lamps/hall", `{"on": true}`, "If-Match", `"1"`)
		assert.Equal(t, `"2"`, written.Get("ETag"))
		assert.Equal(t, "/api/lamps/hall", written.Get("Content-Location"))
		s.expect(t, 412, "PUT", "/api/lamps/hall", `{"on": false}`, "If-Match", `"1"`)

		created := s.expect(t, 201, "POST", "/api/lamps", `{"name": "stairs"}`)
		assert.Equal(t, "/api/lamps/stairs", created.Get("Location"), "with what StripPrefix took away")
		s.expect(t, 200, "GET", created.Get("Location"), "")
		s.expect(t, 405, "DELETE", "/api/lamps/hall", "")
		s.expect(t, 404, "GET", "/api/unknown", "")
	})
}

// TestFlush checks that the first line arrives while the stream is open. Otherwise the
// test would never send the PUT that makes the second line.
func TestFlush(t *testing.T) {
	everywhere(t, func(t *testing.T, s site) {
		stream := s.send(t, "GET", "/api/lamps/hall/states", "")
		require.Equal(t, 200, stream.StatusCode)
		lines := bufio.NewReader(stream.Body)
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "hall false\n", line)

		s.expect(t, 200, "PUT", "/api/lamps/hall", `{"on": true}`, "If-Match", `"1"`)
		line, err = lines.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "hall true\n", line)
	})
}
