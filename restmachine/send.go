package restmachine

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// This file sends content: bytes, ranges of them, or a stream as it comes.

// eager is a response of which the client gets each piece at once: of content
// whose length nobody knows, the next one may be a while in coming.
type eager struct {
	http.ResponseWriter
	controller *http.ResponseController
}

func (w eager) Write(piece []byte) (n int, err error) {
	return flushed{w.ResponseWriter, w.Flush}.Write(piece)
}

// Flush sends what was written. Where a middleware hides how, that comes when a
// buffer is full.
func (w eager) Flush() error {
	if err := w.controller.Flush(); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
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
	}
	if response, onWire := w.(http.ResponseWriter); onWire && c.live {
		w = eager{response, http.NewResponseController(response)}
		if _, err := w.Write(nil); err != nil { // the fields
			return err
		}
	}
	if c.encode != nil {
		return c.copyEncoded(w)
	}
	n, err := io.Copy(w, c.stream)
	if err == nil && c.size >= 0 && n != c.size {
		err = fmt.Errorf("the content has %d bytes, and promised %d", n, c.size)
	}
	return err
}

// copyEncoded sends a stream in its content coding. An encoder keeps what it has
// until it has enough, unless it is flushed, too.
func (c *content) copyEncoded(w io.Writer) error {
	e := c.encode(w)
	var into io.Writer = e
	if f, ok := e.(interface{ Flush() error }); ok && c.live {
		into = flushed{e, f.Flush}
	}
	if _, err := io.Copy(into, c.stream); err != nil {
		return err
	}
	return e.Close()
}

// flushed is a writer that is flushed after each piece.
type flushed struct {
	io.Writer
	flush func() error
}

func (w flushed) Write(piece []byte) (n int, err error) {
	if n, err = w.Writer.Write(piece); err == nil {
		err = w.flush()
	}
	return n, err
}
