// What callbacks are given and return at the edges: what comes beside an error, or
// from a RenderError, is closed like any other, and a request is the callback's own.

package restmachine_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A door is content that counts how often it was closed.
type door struct {
	io.Reader
	closed *int
}

func (d *door) Close() error { *d.closed++; return nil }

func TestWhatComesBesideAnErrorIsClosed(t *testing.T) {
	closed := 0
	open := func() *door { return &door{strings.NewReader("x"), &closed} }
	app := restmachine.New(quiet)
	app.Get("/stream", func() (io.ReadCloser, error) { return open(), errSecret })
	app.Get("/reply", func() (*restmachine.Reply, error) { return restmachine.NewReply(200, open()), errSecret })
	app.Get("/nil", func() (io.ReadCloser, error) { return (*door)(nil), errSecret })
	app.Put("/stream", func() (io.ReadCloser, error) { return open(), errSecret })
	app.Get("/rendered", func() error { return errSecret }).RenderError(func(*restmachine.Problem) io.Reader { return open() })
	for target, want := range map[string]int{"GET /stream": 1, "GET /reply": 1, "GET /nil": 0, "PUT /stream": 1, "GET /rendered": 1} {
		method, path, _ := strings.Cut(target, " ")
		closed = 0
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		assert.Equal(t, 500, w.Code, target)
		assert.Equal(t, want, closed, target)
		closed = 0
		assert.Equal(t, 500, app.Execute(restmachine.Request{Method: method, Path: path}).StatusCode, target)
		assert.Equal(t, want, closed, target)
	}
}

// TestARequestOfOnesOwn: what a callback does to its *http.Request stays its own.
func TestARequestOfOnesOwn(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/{customer}/things/{tenant}", func(r *http.Request, header http.Header) string {
		r.Header.Set("X-Flag", "mine")
		return r.PathValue("customer") + " " + r.PathValue("tenant")
	}).FinishRequest(func(header http.Header, out *restmachine.Response) { out.Header.Set("X-Flag", header.Get("X-Flag")) })
	mux := http.NewServeMux()
	var outer *http.Request
	mux.HandleFunc("/{tenant}/", func(w http.ResponseWriter, r *http.Request) {
		app.ServeHTTP(w, r)
		outer = r
	})
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/acme/things/7", nil)
	r.Header.Set("X-Flag", "theirs")
	mux.ServeHTTP(w, r)
	assert.Equal(t, "acme 7", w.Body.String())
	assert.Equal(t, "acme", outer.PathValue("tenant"), "a mux's own match")
	assert.Equal(t, "theirs", outer.Header.Get("X-Flag"))
	assert.Equal(t, "theirs", w.Header().Get("X-Flag"))
}
