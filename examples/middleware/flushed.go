// A stream whose reader has a deadline for each piece.

package main

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// patience is how long a client may take to receive a piece.
const patience = 10 * time.Second

// flushed is sent piece by piece, and gives up on a client that does not take one.
// Without the deadline a plain io.Reader would do: what it returns is sent at once.
//
// The writer that WriteTo is given on the wire is the one that the middleware
// around the application made. A ResponseController finds what it needs in it, or
// says that the middleware hides it.
type flushed struct{ io.ReadCloser }

// WriteTo implements [io.WriterTo], which [io.Copy] prefers.
func (f flushed) WriteTo(w io.Writer) (written int64, err error) {
	response, onWire := w.(http.ResponseWriter)
	if !onWire {
		return io.Copy(w, f.ReadCloser)
	}
	controller := http.NewResponseController(response)
	piece := make([]byte, 4<<10)
	for {
		n, err := f.Read(piece)
		if errors.Is(err, io.EOF) {
			return written, nil
		}
		if err != nil {
			return written, err
		}
		if err := controller.SetWriteDeadline(time.Now().Add(patience)); err != nil {
			return written, err
		}
		m, err := w.Write(piece[:n])
		written += int64(m)
		if err != nil {
			return written, err
		}
		if err := controller.Flush(); err != nil {
			return written, err
		}
	}
}
