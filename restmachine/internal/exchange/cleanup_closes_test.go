// What comes beside an error, or from a RenderError, is closed like any other content.

package exchange_test

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
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
	app := restmachine.New(harness.Quiet)
	app.Get("/stream", func() (io.ReadCloser, error) { return open(), harness.ErrSecret })
	app.Get("/reply", func() (*restmachine.Reply[any], error) {
		return restmachine.NewReply[any](200, open()), harness.ErrSecret
	})
	app.Get("/nil", func() (io.ReadCloser, error) { return (*door)(nil), harness.ErrSecret })
	app.Put("/stream", func() (io.ReadCloser, error) { return open(), harness.ErrSecret })
	app.Get("/rendered", func() error { return harness.ErrSecret }).RenderError(func(*restmachine.Problem) io.Reader { return open() })
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
