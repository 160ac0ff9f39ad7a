// One text in four content codings. A request comes in, and the negotiated coding goes
// out. Each coding has its own entity-tag, which is made from the tag that is given here.

package main

import (
	"io"
	"strings"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Text is the resource, served as plain text.
type Text struct{ Words string }

// New returns the application, with a text that is long enough to compress.
func New() *restmachine.App {
	var text atomic.Pointer[Text]
	text.Store(&Text{strings.Repeat("Say what is true of your resource. HTTP follows.\n", 200)})

	app := restmachine.New()
	app.Encodings("zstd", "br", "gzip") // our order counts if the client does not prefer one
	app.Encoder("zstd", newZstd)
	app.Encoder("br", newBrotli) // gzip is built in

	app.ResourceExists(func() *Text { return text.Load() })
	app.GenerateETag(func(t *Text) string { return restmachine.HashETag(t.Words) })
	app.Provides("text/plain; charset=utf-8", func(t *Text) string { return t.Words })
	app.Get("/text", func(t *Text) *Text { return t }).
		Put(func(_ *Text, in restmachine.Body[string]) *Text {
			text.Store(&Text{in.Value})
			return text.Load()
		})
	return app
}

// newZstd returns a writer that uses one core. The other cores are for other requests.
func newZstd(w io.Writer) io.WriteCloser {
	encoder, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1)) // fails only for a bad option
	return encoder
}

// newBrotli compresses about as fast as gzip, and better. The default level is meant for
// content that is compressed once and kept.
func newBrotli(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 4) }
