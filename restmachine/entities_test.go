// What an entity becomes: a row for each kind of value that a handler returns.

package restmachine_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
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
		{"a nil pointer", func() *leafIn { return nil }, 204, "", ""},
		{"a nil interface", func() any { return nil }, 204, "", ""},
		{"a typed nil in an interface", func() any { return (*leafIn)(nil) }, 204, "", ""},
		{"a nil slice", func() []int { return nil }, 200, "application/json", "[]"},
		{"a nil map", func() map[string]int { return nil }, 200, "application/json", "{}"},
		{"a nil slice in an interface", func() any { return []int(nil) }, 200, "application/json", "[]"},
		{"a struct", func() leafIn { return leafIn{1} }, 200, "application/json", `{"version":1}`},
		{"a pointer", func() *leafIn { return &leafIn{1} }, 200, "application/json", `{"version":1}`},
		{"a number", func() int { return 7 }, 200, "application/json", "7"},
		{"false", func() bool { return false }, 200, "application/json", "false"},
		{"HTML is not escaped in JSON", func() []string { return []string{"<&>"} }, 200, "application/json", `["<&>"]`},
		{"a string", func() string { return "text" }, 200, "text/plain; charset=utf-8", "text"},
		{"an empty string", func() string { return "" }, 200, "text/plain; charset=utf-8", ""},
		{"a named string is a value", func() named { return "text" }, 200, "application/json", `"text"`},
		{"bytes", func() []byte { return []byte("raw") }, 200, "application/octet-stream", "raw"},
		{"nil bytes", func() []byte { return nil }, 200, "application/octet-stream", ""},
		{"bytes of a type", func() *restmachine.Reply {
			return &restmachine.Reply{Header: http.Header{"content-type": {"image/png"}}, Entity: []byte("png")}
		}, 200, "image/png", "png"},
		{"a reader", func() io.Reader { return strings.NewReader("stream") }, 200, "application/octet-stream", "stream"},
		{"a reader that can seek", func() io.ReadSeeker { return strings.NewReader("seek") }, 200, "application/octet-stream", "seek"},
		{"a closer", func() io.ReadCloser { return noted{strings.NewReader("close"), &closed} }, 200, "application/octet-stream", "close"},
		{"a Reply with a nil pointer", func() *restmachine.Reply { return restmachine.NewReply(0, (*leafIn)(nil)) }, 204, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newProbe(t, func(app *restmachine.App) { app.Get("/entity", tt.handler) })
			for _, method := range []string{"GET", "HEAD"} {
				resp := p.want(tt.status, method, "/entity", "")
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
	p := newProbe(t, func(app *restmachine.App) {
		app.Get("/stream", func() io.ReadCloser { return noted{strings.NewReader("x"), &closed} }).GenerateETag(func() string { return "1" })
	})
	p.want(304, "GET", "/stream", "", "If-None-Match", `"1"`)
	p.want(412, "GET", "/stream", "", "If-Match", `"2"`)
	assert.Equal(t, 2, closed)
}

// TestNilShownWithValidators: a resource with validators that shows nothing is
// missing (rule 1 of what a GET returns).
func TestNilShownWithValidators(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.Get("/page", func() *leaf { return nil })
		app.GenerateETag(func(*leaf) string { return "1" })
	})
	p.want(404, "GET", "/page", "")
	p.want(404, "GET", "/page", "", "If-None-Match", "*")
	require.Equal(t, 404, p.do("HEAD", "/page", "").StatusCode)
}

// What a Read of a stream returns is sent at once, also where the stream copies
// itself, as a bufio.Reader does.
func TestStreamsComeAsTheyCome(t *testing.T) {
	pieces := make(chan string)
	pipe := func() io.Reader {
		reader, writer := io.Pipe()
		go func() {
			for range 2 {
				_, _ = io.WriteString(writer, <-pieces)
			}
			_ = writer.Close()
		}()
		return reader
	}
	app := restmachine.New(quiet)
	app.Get("/pipe", pipe)
	app.Get("/copies", func() io.Reader { return bufio.NewReader(pipe()) })
	coded := app.Resource("/coded")
	coded.Encodings("gzip")
	coded.Get(pipe)
	server := httptest.NewServer(app)
	defer server.Close()

	for _, path := range []string{"/pipe", "/copies", "/coded"} { // the client asks for gzip by itself
		resp, err := server.Client().Get(server.URL + path)
		require.NoError(t, err)
		assert.Equal(t, path == "/coded", resp.Uncompressed)
		for _, piece := range []string{"one", "two"} {
			pieces <- piece
			got := make([]byte, len(piece))
			_, err := io.ReadFull(resp.Body, got)
			require.NoError(t, err)
			assert.Equal(t, piece, string(got), path)
		}
		left, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		assert.Empty(t, left)
		require.NoError(t, resp.Body.Close())
	}
}

// A middleware that hides Flush is no error.
func TestStreamsNeedNoFlush(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/stream", func() io.Reader { return io.MultiReader(strings.NewReader("one, "), strings.NewReader("two")) })
	rec := httptest.NewRecorder()
	app.ServeHTTP(struct{ http.ResponseWriter }{rec}, httptest.NewRequest(http.MethodGet, "/stream", nil))
	assert.Equal(t, "one, two", rec.Body.String())
}
