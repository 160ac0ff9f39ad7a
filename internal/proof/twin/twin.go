// Package twin plays the requests of an acceptance test twice: in process, and
// over a connection. In come a function that makes an App, and requests; out
// comes the one response that both ways gave. A difference between the two, or a
// response that breaks a rule of HTTP, fails the test.
package twin

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A Twin is two Apps that were made alike. Both get each request.
type Twin struct {
	t         *testing.T
	inProcess *restmachine.App
	server    *httptest.Server
	ledger    *restmachinetest.Ledger // of both
}

// New makes two Apps with build, and starts a server for the second one. The
// server is closed when the test ends.
func New(t *testing.T, build func() *restmachine.App) *Twin {
	t.Helper()
	w := &Twin{t: t, inProcess: build(), ledger: new(restmachinetest.Ledger)}
	require.NoError(t, w.inProcess.Validate())
	w.server = httptest.NewServer(build())
	t.Cleanup(w.server.Close)
	// Go's client would add fields and follow redirects, and the twins would differ.
	w.server.Client().Transport.(*http.Transport).DisableCompression = true
	w.server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return w
}

// On returns the twin for a subtest: failures are reported there.
func (w *Twin) On(t *testing.T) *Twin {
	sub := *w
	sub.t = t
	return &sub
}

// Do sends a request with fields: name and value in turn. The Content-Type is
// application/json unless a field says otherwise.
func (w *Twin) Do(method, path, body string, fields ...string) restmachine.Response {
	w.t.Helper()
	req := restmachine.Request{Method: method, Path: path, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}

	inProcess := w.inProcess.Execute(req)
	restmachinetest.CheckResponse(w.t, req, inProcess)
	wire := Send(w.t, w.server, req)
	restmachinetest.CheckResponse(w.t, req, wire)
	w.ledger.Check(w.t, req, inProcess)
	w.ledger.Check(w.t, req, wire)

	assert.Equal(w.t, inProcess.StatusCode, wire.StatusCode, "status in process and over the wire")
	assert.Equal(w.t, Undated(inProcess.Header), Undated(wire.Header), "fields in process and over the wire")
	assert.Equal(w.t, string(inProcess.Body), string(wire.Body), "content in process and over the wire")
	return inProcess
}

// Expect is Do, and asserts the status.
func (w *Twin) Expect(status int, method, path, body string, fields ...string) restmachine.Response {
	w.t.Helper()
	resp := w.Do(method, path, body, fields...)
	assert.Equal(w.t, status, resp.StatusCode, "%s %s %q: %s", method, path, fields, resp.Body)
	return resp
}

// Expect304 sends a GET, and asserts that the answer is the 304 that stands for
// full.
func (w *Twin) Expect304(full restmachine.Response, path string, fields ...string) {
	w.t.Helper()
	restmachinetest.CheckNotModified(w.t, full, w.Do("GET", path, "", fields...))
}

// Send sends a request to a server. Any goroutine may call it: it reports a
// failure, and returns an empty response.
func Send(t *testing.T, server *httptest.Server, req restmachine.Request) (got restmachine.Response) {
	t.Helper()
	r, err := http.NewRequest(req.Method, server.URL+req.Path, bytes.NewReader(req.Body))
	if !assert.NoError(t, err) {
		return got
	}
	r.Header = req.Header.Clone()
	resp, err := server.Client().Do(r)
	if !assert.NoError(t, err) {
		return got
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	assert.NoError(t, err)
	return restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
}

// Undated returns a header without its Date.
func Undated(header http.Header) http.Header {
	header = header.Clone()
	header.Del("Date")
	return header
}
