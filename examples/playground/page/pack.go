// This file compresses the files of the playground. Content comes in, and its gzip and brotli go
// out.

package page

import (
	"bytes"
	"compress/gzip"
	"io"

	"github.com/andybalholm/brotli"
)

// packed is content as a server sends it.
type packed struct{ gzip, brotli []byte }

// pack compresses content, as well as it can, or fast.
func pack(content []byte, o Options) (packed, error) {
	level, quality := gzip.BestCompression, brotli.BestCompression
	if o.Quick {
		level, quality = 6, 3
	}
	var g, b bytes.Buffer
	zip, err := gzip.NewWriterLevel(&g, level)
	if err != nil {
		return packed{}, err
	}
	br := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: quality, LGWin: 24})
	for _, w := range []io.WriteCloser{zip, br} {
		if _, err := w.Write(content); err != nil {
			return packed{}, err
		}
		if err := w.Close(); err != nil {
			return packed{}, err
		}
	}
	return packed{g.Bytes(), b.Bytes()}, nil
}
