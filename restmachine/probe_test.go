// What the tests of the graph use: a probe that sends requests to an App and
// checks what every answer must keep, and the leaf that they ask for.

package restmachine_test

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

// A probe sends requests to an App and checks what every answer must keep, alone
// and beside the others.
type probe struct {
	t      *testing.T
	app    *restmachine.App
	ledger *restmachinetest.Ledger
}

var quiet = restmachine.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))

// newProbe makes an App, quiet unless options say otherwise, and lets build say
// what is true of it.
func newProbe(t *testing.T, build func(app *restmachine.App), options ...restmachine.Option) *probe {
	t.Helper()
	app := restmachine.New(append([]restmachine.Option{quiet}, options...)...)
	build(app)
	require.NoError(t, app.Validate())
	return probeOf(t, app)
}

func probeOf(t *testing.T, app *restmachine.App) *probe {
	return &probe{t, app, new(restmachinetest.Ledger)}
}

// on is p for a subtest, so that what fails is reported there.
func (p *probe) on(t *testing.T) *probe { return &probe{t, p.app, p.ledger} }

// do sends a request with fields, name and value in turn; content is JSON
// unless they say otherwise.
func (p *probe) do(method, target, body string, fields ...string) restmachine.Response {
	p.t.Helper()
	req := requestOf(method, target, body, fields...)
	resp := p.app.Execute(req)
	restmachinetest.CheckResponse(p.t, req, resp)
	p.ledger.Check(p.t, req, resp)
	return resp
}

// explain is do, with the trace.
func (p *probe) explain(req restmachine.Request) (restmachine.Response, decision.Trace) {
	p.t.Helper()
	resp, trace := p.app.Explain(req)
	restmachinetest.CheckResponse(p.t, req, resp)
	restmachinetest.CheckTrace(p.t, req, resp, trace)
	p.ledger.Check(p.t, req, resp)
	return resp, trace
}

// want is do, which asserts the status.
func (p *probe) want(status int, method, target, body string, fields ...string) restmachine.Response {
	p.t.Helper()
	resp := p.do(method, target, body, fields...)
	assert.Equal(p.t, status, resp.StatusCode, "%s %s %q: %s", method, target, fields, resp.Body)
	return resp
}

// figure counts what a test goes through, and logs it: docs/internals/reliability.md has the
// figures.
func figure(t *testing.T, what string) *atomic.Int64 {
	n := new(atomic.Int64)
	t.Cleanup(func() { t.Logf("figure: %d %s", n.Load(), what) })
	return n
}

func requestOf(method, target, body string, fields ...string) restmachine.Request {
	req := restmachine.Request{Method: method, Path: target, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

// A leaf is the resource of most of these tests: "here" exists, every other
// one does not.
type leaf struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// leafIn is what a client says of a leaf.
type leafIn struct {
	Version int `json:"version"`
}

// A clock is what these tests inject from the start of the App.
type clock struct{ year int }

func leafByPath(path restmachine.PathParams) *leaf {
	if path.Get("id") != "here" {
		return nil
	}
	return &leaf{"here", 1}
}

// leaves declares a leaf below a Group with a handler for every method, of
// which PUT creates, and a plain path beside it, and lets say add a fact at one
// of the three places.
func leaves(say func(app, group, resource *restmachine.Facts)) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.OnStartup(func() *clock { return &clock{2015} })
		app.ResourceExists(leafByPath)
		group := app.Group("/g")
		group.Get("/plain", func() string { return "plain" })
		r := group.Resource("/leaves/{id}")
		r.Get(func(l *leaf) *leaf { return l })
		r.Put(func(old restmachine.Optional[*leaf], in restmachine.Body[leafIn]) *leaf {
			return &leaf{"here", in.Value.Version}
		})
		r.Post(func() string { return "posted" })
		r.Patch(func(l *leaf) *leaf { return l })
		r.Delete(func(*leaf) {})
		say(&app.Facts, &group.Facts, &r.Facts)
	}
}

func nothingSaid(_, _, _ *restmachine.Facts) {}
