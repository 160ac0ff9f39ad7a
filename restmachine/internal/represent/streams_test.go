// Content that is a stream: it is sent as it comes, and half of it never looks whole.

package represent_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

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
	app := restmachine.New(harness.Quiet)
	app.Get("/pipe", pipe)
	app.Get("/copies", func() io.Reader { return bufio.NewReader(pipe()) })
	coded := app.Resource("/coded")
	coded.Encodings("gzip")
	coded.Provides("text/plain", func(r io.Reader) io.Reader { return r })
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
	app := restmachine.New(harness.Quiet)
	app.Get("/stream", func() io.Reader { return io.MultiReader(strings.NewReader("one, "), strings.NewReader("two")) })
	rec := httptest.NewRecorder()
	app.ServeHTTP(struct{ http.ResponseWriter }{rec}, httptest.NewRequest(http.MethodGet, "/stream", nil))
	assert.Equal(t, "one, two", rec.Body.String())
}

// A stream that ends early must not look whole, whoever is to blame: with the
// last chunk behind it, half an answer would be one.
func TestAStreamThatTheContextEnds(t *testing.T) {
	var end context.CancelFunc
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Get("/stream", func(ctx context.Context) io.Reader {
			sent := 0
			return readerFunc(func(p []byte) (int, error) {
				if sent += len(p); sent > 1<<20 {
					end()
				}
				return len(p), ctx.Err()
			})
		})
	})
	x.Server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		end = cancel
		x.App.ServeHTTP(w, r.WithContext(ctx))
	})
	resp, err := x.Send(harness.RequestOf("GET", "/stream", ""))
	assert.Error(t, err, "%d, %d bytes", resp.StatusCode, len(resp.Body))
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
