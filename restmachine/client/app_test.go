// What the tests of the client share: a real App over a connection, scripts of answers, and
// servers that cut connections.

package client_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/client"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Doc is what the service knows. Count is all that most tests know of it.
type Doc struct {
	Count  int    `json:"count"`
	Title  string `json:"title"`
	Secret string `json:"secret,omitempty"`
}

type Count struct {
	Count int `json:"count"`
}

type (
	Record = store.Record[string, Doc]
	Docs   = store.Store[string, Doc]
)

// newApp returns a service of documents, with one at /docs/1. A write needs a precondition.
func newApp(t testing.TB) (*restmachine.App, Docs) {
	var docs Docs = new(store.Memory[string, Doc])
	_, err := docs.Put(t.Context(), "1", Doc{Title: "First", Secret: "kept"}, store.Any())
	require.NoError(t, err)
	app := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	app.OnStartup(func() Docs { return docs })
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, docs Docs) (Record, bool, error) {
		return docs.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(Record.ETag)
	app.LastModified(Record.LastModified)
	app.Location(func(r Record) string { return "/docs/" + r.Key })
	app.Provides("application/json", func(r Record) Doc { return r.Value })

	doc := app.Resource("/docs/{id}")
	doc.RequirePreconditions()
	bump := app.Post("/docs/{id}/bump", func(ctx context.Context, r Record, docs Docs) (Record, error) {
		r.Value.Count++
		return docs.Put(ctx, r.Key, r.Value, store.At(r.Version))
	})
	bump.RequirePreconditions("POST")
	doc.Get(func(r Record) Record { return r })
	doc.Put(func(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[Record], in restmachine.Body[Doc], docs Docs) (Record, error) {
		return docs.Put(ctx, path.Get("id"), in.Value, store.At(old.Value.Version))
	})
	doc.Patch(func(ctx context.Context, r Record, in restmachine.Body[restmachine.MergePatch[Doc]], docs Docs) (Record, error) {
		changed, err := in.Value.Apply(r.Value)
		if err != nil {
			return r, err
		}
		return docs.Put(ctx, r.Key, changed, store.At(r.Version))
	})
	doc.Delete(func(ctx context.Context, r Record, docs Docs) error {
		return docs.Delete(ctx, r.Key, store.At(r.Version))
	})
	app.Post("/docs", func(ctx context.Context, in restmachine.Body[Doc], docs Docs) (*restmachine.Reply[Record], error) {
		if in.Value.Title == "" {
			var bad restmachine.Invalid
			bad.Add("/title", "is required")
			return nil, bad.Err()
		}
		r, err := docs.Put(ctx, in.Value.Title, in.Value, store.Absent())
		return restmachine.Created("", r), err
	})
	return app, docs
}

// serve serves a handler over a connection until the test ends.
func serve(t testing.TB, handler http.Handler) *httptest.Server {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// newClient returns a Client of one server, with connections of its own.
func newClient(server *httptest.Server) *client.Client {
	return &client.Client{HTTP: server.Client()}
}

// count reads the counter of a document, past all clients.
func count(t testing.TB, docs Docs, key string) int {
	r, ok, err := docs.Get(t.Context(), key)
	require.NoError(t, err)
	require.True(t, ok)
	return r.Value.Count
}

// inProcess is a Transport without a connection, so that time can be virtual.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	server := httptest.NewRequestWithContext(req.Context(), req.Method, req.URL.String(), req.Body)
	server.Header = req.Header.Clone()
	p.ServeHTTP(recorder, server)
	return recorder.Result(), nil
}

// A script answers requests in turn, and keeps what it was asked. A request too many is an error.
type script struct {
	t     testing.TB
	steps []step

	mu    sync.Mutex
	asked []*http.Request
	sent  []string // contents
}

// A step is one answer. fields are names and values in turn.
type step struct {
	status int
	body   string
	fields []string
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, _ := io.ReadAll(r.Body)
	s.asked, s.sent = append(s.asked, r), append(s.sent, string(content))
	n := len(s.asked) - 1
	if n >= len(s.steps) {
		s.t.Errorf("request %d is one too many: %s %s", n+1, r.Method, r.URL)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	for i := 0; i+1 < len(s.steps[n].fields); i += 2 {
		w.Header().Add(s.steps[n].fields[i], s.steps[n].fields[i+1])
	}
	if w.Header().Get("Content-Type") == "" && s.steps[n].body != "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(s.steps[n].status)
	_, _ = io.WriteString(w, s.steps[n].body)
}

// done checks that the script was played to its end.
func (s *script) done() {
	assert.Len(s.t, s.asked, len(s.steps), "requests")
}

// methods returns what was asked.
func (s *script) methods() (all []string) {
	for _, r := range s.asked {
		all = append(all, r.Method)
	}
	return all
}

// play returns a Client whose requests are answered by steps, in process.
func play(t testing.TB, steps ...step) (*client.Client, *script) {
	s := &script{t: t, steps: steps}
	return &client.Client{HTTP: &http.Client{Transport: inProcess{s}}}, s
}

const at = "http://service.example/docs/1"

// add adds one.
func add(c *Count) error {
	c.Count++
	return nil
}
