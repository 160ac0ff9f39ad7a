// This file is a stream that flushes each piece and sets a deadline for it. A reader
// comes in, its content goes out to the client.

package main

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// patience is the longest time that a client may take to receive a piece.
const patience = 10 * time.Second

// flushed is sent piece by piece, and gives up if the client does not take a piece in
// time. Without the deadline a plain io.Reader would be enough, because restmachine sends
// what it returns immediately.
//
// On a connection, WriteTo gets the writer of the middleware around the application. A
// ResponseController finds the methods that it needs behind this writer. If the
// middleware hides them, it returns an error.
type flushed struct{ io.ReadCloser }

// WriteTo implements [io.WriterTo]. [io.Copy] prefers it to Read.
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
