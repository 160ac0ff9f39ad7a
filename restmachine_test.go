// Package restmachine_test is the acceptance test: each request flow of the
// documents that restmachine comes from, from outside, in process and over a
// connection. This file holds what all of them use.
package restmachine_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A twin plays each request twice, on two Apps that were made alike: in
// process, and over a connection. Both must answer the same.
type twin struct {
	t         *testing.T
	inProcess *restmachine.App
	server    *httptest.Server
	ledger    *restmachinetest.Ledger // of both
}

func newTwin(t *testing.T, build func() *restmachine.App) *twin {
	t.Helper()
	w := &twin{t: t, inProcess: build(), ledger: new(restmachinetest.Ledger)}
	require.NoError(t, w.inProcess.Validate())
	w.server = httptest.NewServer(build())
	t.Cleanup(w.server.Close)
	// What Go's client adds of its own accord would make the twins differ.
	w.server.Client().Transport.(*http.Transport).DisableCompression = true
	w.server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return w
}

// on returns w for a subtest, so that what fails is reported there.
func (w *twin) on(t *testing.T) *twin {
	sub := *w
	sub.t = t
	return &sub
}

// do sends a request with fields, name and value in turn. Content is JSON
// unless they say otherwise.
func (w *twin) do(method, path, body string, fields ...string) restmachine.Response {
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
	wire := overTheWire(w.t, w.server, req)
	restmachinetest.CheckResponse(w.t, req, wire)
	w.ledger.Check(w.t, req, inProcess)
	w.ledger.Check(w.t, req, wire)

	assert.Equal(w.t, inProcess.StatusCode, wire.StatusCode, "status in process and over the wire")
	assert.Equal(w.t, lessDate(inProcess.Header), lessDate(wire.Header), "fields in process and over the wire")
	assert.Equal(w.t, string(inProcess.Body), string(wire.Body), "content in process and over the wire")
	return inProcess
}

// expect is do, where only the status is of interest.
func (w *twin) expect(status int, method, path, body string, fields ...string) restmachine.Response {
	w.t.Helper()
	resp := w.do(method, path, body, fields...)
	assert.Equal(w.t, status, resp.StatusCode, "%s %s %q: %s", method, path, fields, resp.Body)
	return resp
}

// expect304 asserts that the answer is the 304 that stands for full.
func (w *twin) expect304(full restmachine.Response, path string, fields ...string) {
	w.t.Helper()
	restmachinetest.CheckNotModified(w.t, full, w.do("GET", path, "", fields...))
}

// overTheWire may be called from any goroutine: it reports what fails and goes
// on, with no response.
func overTheWire(t *testing.T, server *httptest.Server, req restmachine.Request) (got restmachine.Response) {
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

func lessDate(header http.Header) http.Header {
	header = header.Clone()
	header.Del("Date")
	return header
}

// modified is when the first version of a document was made; each later
// version is a second younger.
var modified = time.Date(2015, 10, 21, 7, 28, 0, 0, time.UTC)

func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// A document is the resource of most of these tests. Its version counts its
// changes.
type document struct {
	ID      string `json:"id"`
	Title   string `json:"title,omitempty"`
	Content string `json:"content,omitempty"`
	Version int    `json:"version"`

	updatedAt time.Time
}

// A change is what a client may say about a document.
type change struct {
	Title   *string `json:"title"`
	Content *string `json:"content"`
}

// A library keeps documents and hands out copies.
type library struct {
	mu        sync.Mutex
	documents map[string]document
}

func newLibrary() *library {
	return &library{documents: map[string]document{
		"doc1": {ID: "doc1", Title: "Document 1", Version: 1, updatedAt: modified},
	}}
}

func (l *library) document(path restmachine.PathParams) *document {
	l.mu.Lock()
	defer l.mu.Unlock()
	d, ok := l.documents[path.Get("doc_id")]
	if !ok {
		return nil
	}
	return &d
}

func (l *library) update(d *document, in restmachine.Body[change]) *document {
	l.mu.Lock()
	defer l.mu.Unlock()
	changed := *d
	if in.Value.Title != nil {
		changed.Title = *in.Value.Title
	}
	if in.Value.Content != nil {
		changed.Content = *in.Value.Content
	}
	changed.Version++
	changed.updatedAt = changed.updatedAt.Add(time.Second)
	l.documents[d.ID] = changed
	return &changed
}

// documents is the application of the first pages: a document can be read and
// changed. What is known of it is for each test to say.
func documents(facts func(app *restmachine.App), options ...restmachine.Option) func() *restmachine.App {
	return func() *restmachine.App {
		app := restmachine.New(options...)
		app.OnStartup(newLibrary)
		app.ResourceExists(func(path restmachine.PathParams, l *library) *document { return l.document(path) })
		app.Get("/documents/{doc_id}", func(d *document) *document { return d })
		app.Put("/documents/{doc_id}", func(d *document, in restmachine.Body[change], l *library) *document {
			return l.update(d, in)
		})
		facts(app)
		return app
	}
}
