// One text in four content codings. Which of them a client gets is negotiated;
// each has an entity-tag of its own, made from the one that is said here.

package main

import (
	"io"
	"strings"
	"sync/atomic"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Text is what is served, as plain text.
type Text struct{ Words string }

// New returns the application, with a text that is worth compressing.
func New() *restmachine.App {
	var text atomic.Pointer[Text]
	text.Store(&Text{strings.Repeat("Say what is true of your resource. HTTP follows.\n", 200)})

	app := restmachine.New()
	app.Encodings("zstd", "br", "gzip") // the order is ours where the client has none
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

// newZstd is one writer without helpers: a server has other requests for its
// other cores.
func newZstd(w io.Writer) io.WriteCloser {
	encoder, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1)) // fails for a bad option only
	return encoder
}

// newBrotli compresses about as fast as gzip does, and better. The default
// level is for what is compressed once and kept.
func newBrotli(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 4) }
