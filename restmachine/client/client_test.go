// These tests play the client against a real App, and count that no update is lost.

package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/client"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

func TestRoundTrip(t *testing.T) {
	app, _ := newApp(t)
	server := serve(t, app)
	c, ctx := newClient(server), t.Context()

	made, err := client.Create(ctx, c, server.URL+"/docs/2", Doc{Title: "Second"})
	require.NoError(t, err)
	assert.NotEmpty(t, made.ETag)
	_, err = client.Create(ctx, c, server.URL+"/docs/2", Doc{Title: "Other"})
	require.ErrorIs(t, err, client.ErrPreconditionFailed)

	changed, err := client.Update(ctx, c, made.URL, func(d *Doc) error { d.Count = 7; return nil })
	require.NoError(t, err)
	assert.Equal(t, Doc{Title: "Second", Count: 7}, changed.Value)
	assert.NotEqual(t, made.ETag, changed.ETag)

	read, err := client.Get[Doc](ctx, c, made.URL)
	require.NoError(t, err)
	assert.Equal(t, changed.Value, read.Value)
	assert.Equal(t, changed.ETag, read.ETag, "the tag of a write is that of the next read")

	require.ErrorIs(t, client.Delete(ctx, c, made.URL, made.ETag), client.ErrPreconditionFailed, "of an older version")
	require.NoError(t, client.Delete(ctx, c, made.URL, read.ETag))
	_, err = client.Get[Doc](ctx, c, made.URL)
	require.ErrorIs(t, err, client.ErrNotFound)
	_, err = client.Update(ctx, c, made.URL, func(*Doc) error { return nil })
	require.ErrorIs(t, err, client.ErrNotFound)
}

// TestWhatIsLinked: a program with a client does not link a server, nor anything of others.
func TestWhatIsLinked(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	require.NoError(t, err)
	const ours = "github.com/restmachine/restmachine-go/restmachine/"
	assert.Equal(t, []string{ours + "conditional", ours + "client"}, strings.Fields(string(out)))
}

func TestPostCreates(t *testing.T) {
	app, _ := newApp(t)
	server := serve(t, app)
	c := newClient(server)
	made, err := client.Post[Doc](t.Context(), c, server.URL+"/docs", Doc{Title: "posted"})
	require.NoError(t, err)
	assert.Equal(t, server.URL+"/docs/posted", made.URL)
	assert.Equal(t, Doc{Title: "posted"}, made.Value)
	require.NoError(t, client.Delete(t.Context(), c, made.URL, made.ETag), "its tag guards the next write")

	_, err = client.Post[Doc](t.Context(), c, server.URL+"/docs", Doc{})
	var problem *client.Problem
	require.ErrorAs(t, err, &problem)
	assert.Equal(t, []client.FieldError{{Pointer: "#/title", Detail: "is required"}}, problem.Errors)
	var status *client.StatusError
	require.ErrorAs(t, err, &status)
	assert.Equal(t, http.StatusUnprocessableEntity, status.StatusCode)
	assert.Contains(t, err.Error(), "#/title is required")
}

// TestMembersOfTheServerStay: a client that knows one member changes nothing else.
func TestMembersOfTheServerStay(t *testing.T) {
	for name, update := range map[string]func(t *testing.T, c *client.Client, url string) error{
		"Update": func(t *testing.T, c *client.Client, url string) error {
			_, err := client.Update(t.Context(), c, url, add)
			return err
		},
		"Patch": func(t *testing.T, c *client.Client, url string) error {
			_, err := client.Patch(t.Context(), c, url, add)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			app, docs := newApp(t)
			server := serve(t, app)
			require.NoError(t, update(t, newClient(server), server.URL+"/docs/1"))
			r, _, err := docs.Get(t.Context(), "1")
			require.NoError(t, err)
			assert.Equal(t, Doc{Count: 1, Title: "First", Secret: "kept"}, r.Value)
		})
	}
}

func TestOrCreate(t *testing.T) {
	app, docs := newApp(t)
	server := serve(t, app)
	var all sync.WaitGroup
	for range 4 {
		c := newClient(server)
		all.Go(func() {
			for range 5 {
				_, err := client.Update(t.Context(), c, server.URL+"/docs/new", add, client.OrCreate)
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
	assert.Equal(t, 20, count(t, docs, "new"), "one creates, and the others add to it")
}

// TestNoUpdateIsLost: N goroutines, M updates each, over connections, by PUT and by PATCH. The
// sum is N×M.
func TestNoUpdateIsLost(t *testing.T) {
	n, m := 8, 25
	if testing.Short() {
		n, m = 4, 10
	}
	app, docs := newApp(t)
	server := serve(t, app)
	shared := newClient(server)
	shared.Tries = 1000
	var all sync.WaitGroup
	for i := range n {
		c, change := shared, client.Update[Count]
		if i%2 == 1 {
			c, change = &client.Client{HTTP: server.Client(), Tries: 1000}, client.Patch[Count]
		}
		all.Go(func() {
			for range m {
				_, err := change(t.Context(), c, server.URL+"/docs/1", add)
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
	assert.Equal(t, n*m, count(t, docs, "1"))
}

// faulty wraps a handler: of the writes, some are cut before they are done, some after, and some
// get a 503 or a 502 that hides what was done.
type faulty struct {
	http.Handler
	n atomic.Int64
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		f.Handler.ServeHTTP(w, r)
		return
	}
	switch n := f.n.Add(1); {
	case n%11 == 3: // cut before
		panic(http.ErrAbortHandler)
	case n%7 == 4: // cut after
		f.Handler.ServeHTTP(discard{http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case n%13 == 6: // a gateway that gave up waiting
		f.Handler.ServeHTTP(discard{http.Header{}}, r)
		w.WriteHeader(http.StatusGatewayTimeout)
	case n%5 == 1: // overload
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		f.Handler.ServeHTTP(w, r)
	}
}

// discard is a ResponseWriter whose answer nobody sees.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// TestNothingIsLostOrDoneTwice: the server cuts, hides and refuses. What a client was told is true:
// the counter lies between the successes and those plus the unknown outcomes, and no update was
// done twice or lost without an error.
func TestNothingIsLostOrDoneTwice(t *testing.T) {
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(protocol, func(t *testing.T) {
			app, docs := newApp(t)
			server := httptest.NewUnstartedServer(&faulty{Handler: app})
			server.EnableHTTP2 = protocol == "HTTP/2.0"
			server.StartTLS()
			defer server.Close()
			done, unknown := countUpdates(t, server, protocol)
			got := int64(count(t, docs, "1"))
			assert.GreaterOrEqual(t, got, done, "no success is lost")
			assert.LessOrEqual(t, got, done+unknown, "nothing is done twice")
			assert.NotZero(t, unknown, "the server hides outcomes")
			t.Logf("%d done, %d unknown, %d in the counter", done, unknown, got)
		})
	}
}

// countUpdates lets four clients update the counter, and returns what they were told.
func countUpdates(t *testing.T, server *httptest.Server, protocol string) (done, unknown int64) {
	var all sync.WaitGroup
	var mu sync.Mutex
	for range 4 {
		c := &client.Client{HTTP: server.Client(), Tries: 200}
		all.Go(func() {
			for range 15 {
				res, err := client.Get[Count](t.Context(), c, server.URL+"/docs/1")
				assert.NoError(t, err)
				assert.NotEmpty(t, res.ETag)
				_, err = client.Update(t.Context(), c, server.URL+"/docs/1", add)
				mu.Lock()
				switch {
				case err == nil:
					done++
				case errors.Is(err, client.ErrUnknown):
					assert.NotErrorIs(t, err, client.ErrPreconditionFailed, "it must not look like a write that was not done")
					unknown++
				default:
					t.Errorf("%s: %v", protocol, err)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return done, unknown
}

// TestSlowServer: the context ends a request that hangs. A write that was sent is unknown then.
func TestSlowServer(t *testing.T) {
	app, docs := newApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			app.ServeHTTP(discard{http.Header{}}, r)
			cancel()
			<-r.Context().Done() // the client has gone
			return
		}
		app.ServeHTTP(w, r)
	}))
	_, err := client.Update(ctx, newClient(server), server.URL+"/docs/1", add)
	require.ErrorIs(t, err, client.ErrUnknown)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, count(t, docs, "1"), "it was done")
}

// An action at the version that was read, on an App that demands one.
func TestPostAt(t *testing.T) {
	app, docs := newApp(t)
	server := serve(t, app)
	c, url := newClient(server), server.URL+"/docs/a"
	made, err := client.Create(t.Context(), c, url, Doc{Title: "a"})
	require.NoError(t, err)

	_, err = client.Post[Doc](t.Context(), c, url+"/bump", nil)
	var status *client.StatusError
	require.ErrorAs(t, err, &status)
	assert.Equal(t, http.StatusPreconditionRequired, status.StatusCode)

	for _, tag := range []conditional.ETag{"", `W/"1"`, "1"} {
		_, err = client.PostAt[Doc](t.Context(), c, url+"/bump", tag, nil)
		assert.ErrorIs(t, err, client.ErrNoStrongTag, "%s", tag)
	}
	bumped, err := client.PostAt[Doc](t.Context(), c, url+"/bump", made.ETag, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, bumped.Value.Count)

	_, err = client.PostAt[Doc](t.Context(), c, url+"/bump", made.ETag, Doc{})
	assert.ErrorIs(t, err, client.ErrPreconditionFailed)
	assert.Equal(t, 1, count(t, docs, "a"))
}
