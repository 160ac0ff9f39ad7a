package restmachine

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// This file sends content: bytes, ranges of them, or a stream as it comes.

// eager is a writer that is flushed after each piece: of content whose length
// nobody knows, the next one may be a while in coming.
type eager struct {
	http.ResponseWriter
	controller *http.ResponseController
}

func (w eager) Write(piece []byte) (n int, err error) {
	n, err = w.ResponseWriter.Write(piece)
	if err == nil {
		if err = w.controller.Flush(); errors.Is(err, http.ErrNotSupported) {
			err = nil // a middleware hides it: then it comes when a buffer is full
		}
	}
	return n, err
}

// Unwrap lets an http.ResponseController through.
func (w eager) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// copyTo sends the content, or the ranges of it.
func (a *answer) copyTo(w io.Writer) error {
	c := a.content
	switch {
	case c == nil:
		return nil
	case c.parts != nil:
		return c.parts.Copy(w, c.seeker)
	case len(a.ranges) == 1 && a.status == 206:
		if _, err := c.seeker.Seek(a.ranges[0].Start, io.SeekStart); err != nil {
			return err
		}
		_, err := io.CopyN(w, c.seeker, a.ranges[0].Length)
		return err
	case c.bytes != nil:
		_, err := w.Write(c.bytes)
		return err
	case c.encode != nil:
		e := c.encode(w)
		if _, err := io.Copy(e, c.stream); err != nil {
			return err
		}
		return e.Close()
	}
	if response, onWire := w.(http.ResponseWriter); onWire && c.size < 0 {
		eagerly := eager{response, http.NewResponseController(response)}
		if _, err := eagerly.Write(nil); err != nil { // the fields
			return err
		}
		w = eagerly
	}
	n, err := io.Copy(w, c.stream)
	if err == nil && c.size >= 0 && n != c.size {
		err = fmt.Errorf("the content has %d bytes, and promised %d", n, c.size)
	}
	return err
}
