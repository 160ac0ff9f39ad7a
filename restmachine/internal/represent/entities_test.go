// What an entity becomes: a row for each kind of value that a handler returns.

package represent_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// noted is a stream that remembers that it was closed.
type noted struct {
	io.Reader
	closed *int
}

func (n noted) Close() error { *n.closed++; return nil }

// TestWhatAnEntityBecomes has a row for each that DESIGN names.
func TestWhatAnEntityBecomes(t *testing.T) {
	type named string
	closed := 0
	tests := []struct {
		name    string
		handler restmachine.Func
		status  int
		typ     string
		body    string
	}{
		{"no result", func() {}, 204, "", ""},
		{"a nil pointer", func() *harness.LeafIn { return nil }, 204, "", ""},
		{"a nil interface", func() any { return nil }, 204, "", ""},
		{"a typed nil in an interface", func() any { return (*harness.LeafIn)(nil) }, 204, "", ""},
		{"a nil slice", func() []int { return nil }, 200, "application/json", "[]"},
		{"a nil map", func() map[string]int { return nil }, 200, "application/json", "{}"},
		{"a nil slice in an interface", func() any { return []int(nil) }, 200, "application/json", "[]"},
		{"a struct", func() harness.LeafIn { return harness.LeafIn{Version: 1} }, 200, "application/json", `{"version":1}`},
		{"a pointer", func() *harness.LeafIn { return &harness.LeafIn{Version: 1} }, 200, "application/json", `{"version":1}`},
		{"a number", func() int { return 7 }, 200, "application/json", "7"},
		{"false", func() bool { return false }, 200, "application/json", "false"},
		{"HTML is not escaped in JSON", func() []string { return []string{"<&>"} }, 200, "application/json", `["<&>"]`},
		{"a string", func() string { return "text" }, 200, "text/plain; charset=utf-8", "text"},
		{"an empty string", func() string { return "" }, 200, "text/plain; charset=utf-8", ""},
		{"a named string is a value", func() named { return "text" }, 200, "application/json", `"text"`},
		{"bytes", func() []byte { return []byte("raw") }, 200, "application/octet-stream", "raw"},
		{"nil bytes", func() []byte { return nil }, 200, "application/octet-stream", ""},
		{"bytes of a type", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Header: http.Header{"content-type": {"image/png"}}, Entity: []byte("png")}
		}, 200, "image/png", "png"},
		{"a reader", func() io.Reader { return strings.NewReader("stream") }, 200, "application/octet-stream", "stream"},
		{"a reader that can seek", func() io.ReadSeeker { return strings.NewReader("seek") }, 200, "application/octet-stream", "seek"},
		{"a closer", func() io.ReadCloser { return noted{strings.NewReader("close"), &closed} }, 200, "application/octet-stream", "close"},
		{"a Reply with a nil pointer", func() *restmachine.Reply[any] { return restmachine.NewReply[any](0, (*harness.LeafIn)(nil)) }, 204, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := harness.NewProbe(t, func(app *restmachine.App) { app.Get("/entity", tt.handler) })
			for _, method := range []string{"GET", "HEAD"} {
				resp := p.Want(tt.status, method, "/entity", "")
				assert.Equal(t, tt.typ, resp.Header.Get("Content-Type"))
				if method == "GET" {
					assert.Equal(t, tt.body, string(resp.Body))
				}
				if tt.typ != "" {
					assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
				}
			}
		})
	}
	assert.Equal(t, 2, closed, "on GET and HEAD")

	// On 304 a stream is closed as well, and so is one that is not sent.
	closed = 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/stream", func() io.ReadCloser { return noted{strings.NewReader("x"), &closed} }).GenerateETag(func() string { return "1" })
	})
	p.Want(304, "GET", "/stream", "", "If-None-Match", `"1"`)
	p.Want(412, "GET", "/stream", "", "If-Match", `"2"`)
	assert.Equal(t, 2, closed)
}

// TestNilShownWithValidators: a resource with validators that shows nothing is
// missing (rule 1 of what a GET returns).
func TestNilShownWithValidators(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/page", func() *harness.Leaf { return nil })
		app.GenerateETag(func(*harness.Leaf) string { return "1" })
	})
	p.Want(404, "GET", "/page", "")
	p.Want(404, "GET", "/page", "", "If-None-Match", "*")
	require.Equal(t, 404, p.Do("HEAD", "/page", "").StatusCode)
}

// A volume is loaded, shown as it is, and must be closed.
type volume struct {
	*strings.Reader
	closed *int
}

func (v *volume) Close() error { *v.closed++; return nil }

func TestWhatIsLoadedAndShownIsClosed(t *testing.T) {
	closed := 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func() *volume { return &volume{strings.NewReader("text"), &closed} })
		app.GenerateETag(func(*volume) string { return "1" })
		app.Get("/volume", func(v *volume) *volume { return v })
	})
	for status, fields := range map[int][]string{200: nil, 304: {"If-None-Match", `"1"`}, 412: {"If-Match", `"2"`}} {
		for _, method := range []string{"GET", "HEAD"} {
			closed = 0
			p.Want(status, method, "/volume", "", fields...)
			assert.Equal(t, 1, closed, "%s %d", method, status)
		}
	}
}

// TestNilRawMessage is what it says of itself, and no empty list.
func TestNilRawMessage(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/raw", func() json.RawMessage { return nil })
		app.Get("/list", func() []int { return nil })
	})
	assert.Equal(t, "null", string(p.Want(200, "GET", "/raw", "").Body))
	assert.Equal(t, "[]", string(p.Want(200, "GET", "/list", "").Body))
}
