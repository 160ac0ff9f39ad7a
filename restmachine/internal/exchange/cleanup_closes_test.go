// What comes beside an error, or from a RenderError, is closed like any other content.

package exchange_test

import (
	"io"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A door is content that counts how often it was closed.
type door struct {
	io.Reader
	closed *int
}

func (d *door) Close() error { *d.closed++; return nil }

type leaf struct{}

// A lastDoor is content that ends the goroutine, when it is read or when it is closed.
type lastDoor struct {
	door
	onRead bool
}

func (d *lastDoor) Read(p []byte) (int, error) {
	if d.onRead {
		runtime.Goexit()
	}
	return d.door.Read(p)
}

func (d *lastDoor) Close() error {
	*d.closed++
	runtime.Goexit()
	return nil
}

// TestAStreamThatEndsItsGoroutine leaves nothing open, on the wire and in process.
func TestAStreamThatEndsItsGoroutine(t *testing.T) {
	closed := 0
	type page struct{}
	app := restmachine.New(harness.Quiet)
	open := func(onRead bool) io.ReadCloser { return &lastDoor{door{strings.NewReader("x"), &closed}, onRead} }
	app.Get("/reads", func() io.ReadCloser { return open(true) })
	app.Get("/closes", func() io.ReadCloser { return open(false) })
	app.Provides("text/html", func(*page) io.ReadCloser { return open(true) })
	app.Get("/provided", func() *page { return &page{} })
	app.Get("/two", func() (io.ReadCloser, error) { return open(false), harness.ErrSecret }).
		RenderError(func(*restmachine.Problem) io.Reader { return open(false) })
	app.Put("/tasks/{id}", func(*harness.Task) io.ReadCloser { return open(true) })
	app.ResourceExists(harness.TaskByPath)
	for target, want := range map[string]int{"GET /reads": 1, "GET /closes": 1, "GET /provided": 1, "GET /two": 2, "PUT /tasks/1": 1} {
		method, path, _ := strings.Cut(target, " ")
		for name, run := range map[string]func(){
			"Execute": func() { app.Execute(restmachine.Request{Method: method, Path: path}) },
			"Explain": func() { app.Explain(restmachine.Request{Method: method, Path: path}) },
			"wire":    func() { app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, path, nil)) },
		} {
			closed = 0
			inGoroutine(run)
			assert.Equal(t, want, closed, "%s %s", name, target)
			restmachinetest.CheckIdle(t, app)
		}
	}
}

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
	type page struct{}
	app.Provides("text/html", func(*page) (io.ReadCloser, error) { return open(), harness.ErrSecret })
	app.Get("/provided", func() *page { return &page{} }).AutoETag(restmachine.Strong)
	app.Put("/provided", func() *page { return &page{} })
	app.Get("/provided-nil", func() *leaf { return &leaf{} })
	app.Provides("text/html", func(*leaf) (io.ReadCloser, error) { return (*door)(nil), harness.ErrSecret })
	app.Get("/rendered", func() error { return harness.ErrSecret }).RenderError(func(*restmachine.Problem) io.Reader { return open() })
	for target, want := range map[string]int{"GET /stream": 1, "GET /reply": 1, "GET /nil": 0, "PUT /stream": 1, "GET /rendered": 1,
		"GET /provided": 1, "PUT /provided": 1, "GET /provided-nil": 0} {
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

// TestWhatIsNotSentIsClosed: an entity beside a status that has no content.
func TestWhatIsNotSentIsClosed(t *testing.T) {
	closed := 0
	for _, status := range []int{204, 205, 304} {
		app := restmachine.New(harness.Quiet)
		typed := func() *restmachine.Reply[io.ReadCloser] {
			return restmachine.NewReply[io.ReadCloser](status, &door{strings.NewReader("x"), &closed})
		}
		app.Get("/typed", typed).Put(typed).Post(typed).Delete(typed)
		app.Get("/any", func() any { return typed() })
		app.Get("/nothing", func() any { return restmachine.NewReply[io.ReadCloser](status, (*door)(nil)) })
		for target, want := range map[string]int{"GET /typed": 1, "HEAD /typed": 1, "PUT /typed": 1, "POST /typed": 1, "DELETE /typed": 1, "GET /any": 1, "GET /nothing": 0} {
			method, path, _ := strings.Cut(target, " ")
			closed = 0
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			assert.Equal(t, status, w.Code, target)
			assert.Equal(t, want, closed, "%s %d", target, status)
			closed = 0
			assert.Equal(t, status, app.Execute(restmachine.Request{Method: method, Path: path}).StatusCode, target)
			assert.Equal(t, want, closed, "%s %d", target, status)
		}
	}
}
