// The probe: a client of an App in process.

package harness

import (
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A Probe sends requests to an App. It checks what every answer must keep, alone
// and beside the answers before it.
type Probe struct {
	T      *testing.T
	App    *restmachine.App
	ledger *restmachinetest.Ledger
}

// Quiet lets an App log nothing.
var Quiet = restmachine.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))

// NewProbe makes an App, quiet unless options say otherwise, and lets build say
// what is true of it.
func NewProbe(t *testing.T, build func(app *restmachine.App), options ...restmachine.Option) *Probe {
	t.Helper()
	app := restmachine.New(append([]restmachine.Option{Quiet}, options...)...)
	build(app)
	require.NoError(t, app.Validate())
	return ProbeOf(t, app)
}

// ProbeOf is a Probe of an App that was made already.
func ProbeOf(t *testing.T, app *restmachine.App) *Probe {
	return &Probe{t, app, new(restmachinetest.Ledger)}
}

// On is p for a subtest, so that what fails is reported there.
func (p *Probe) On(t *testing.T) *Probe { return &Probe{t, p.App, p.ledger} }

// Do sends what RequestOf makes, and checks the answer.
func (p *Probe) Do(method, target, body string, fields ...string) restmachine.Response {
	p.T.Helper()
	req := RequestOf(method, target, body, fields...)
	resp := p.App.Execute(req)
	restmachinetest.CheckResponse(p.T, req, resp)
	p.ledger.Check(p.T, req, resp)
	return resp
}

// Explain is Do with the trace.
func (p *Probe) Explain(req restmachine.Request) (restmachine.Response, decision.Trace) {
	p.T.Helper()
	resp, trace := p.App.Explain(req)
	restmachinetest.CheckResponse(p.T, req, resp)
	restmachinetest.CheckTrace(p.T, req, resp, trace)
	p.ledger.Check(p.T, req, resp)
	return resp, trace
}

// Want is Do. It asserts the status.
func (p *Probe) Want(status int, method, target, body string, fields ...string) restmachine.Response {
	p.T.Helper()
	resp := p.Do(method, target, body, fields...)
	assert.Equal(p.T, status, resp.StatusCode, "%s %s %q: %s", method, target, fields, resp.Body)
	return resp
}

// Figure counts what a test goes through, and logs it. docs/internals/reliability.md has the
// figures.
func Figure(t *testing.T, what string) *atomic.Int64 {
	n := new(atomic.Int64)
	t.Cleanup(func() { t.Logf("figure: %d %s", n.Load(), what) })
	return n
}

// RequestOf makes a request with fields, name and value in turn. Content is JSON
// unless they say otherwise.
func RequestOf(method, target, body string, fields ...string) restmachine.Request {
	req := restmachine.Request{Method: method, Path: target, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}
