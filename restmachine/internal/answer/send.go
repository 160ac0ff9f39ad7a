package answer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
)

// This file sends the response: to net/http, or to Execute. Content goes as bytes, as ranges
// of them, or as a stream piece by piece.

// WriteTo sends the response. A stream that fails after its first byte cuts the connection,
// so that the client sees that something is missing.
func (a *Answer) WriteTo(w http.ResponseWriter) {
	if err := a.Send(w); err != nil {
		a.Abort(err)
	}
}

// Send sends the response. Where it fails and nothing was sent, there is room for another
// response. See HasBegun.
func (a *Answer) Send(w http.ResponseWriter) error {
	if a.content != nil && a.content.Make != nil {
		return a.makeTo(w)
	}
	a.sendFields(w)
	if a.content == nil {
		return nil
	}
	return a.writeContent(w)
}

// sendFields sends the status and the fields.
func (a *Answer) sendFields(w http.ResponseWriter) {
	h := w.Header()
	a.addTo(h)
	if a.status >= 400 {
		a.prepareError(h)
	}
	a.begun = true
	w.WriteHeader(a.status)
}

// Abort cuts the connection, since sending the response has failed.
func (a *Answer) Abort(err error) {
	if a.x.Context().Err() == nil && !a.untaken && !isBroken(err) && !isBroken(a.err) { // else the client has gone
		a.x.LogError(err)
	}
	if a.err == nil {
		a.err = err
	}
	panic(http.ErrAbortHandler)
}

// prepareError does what only an error needs on the wire.
func (a *Answer) prepareError(h http.Header) {
	if a.err != nil && errors.Is(a.err, exchange.ErrAborted) {
		panic(http.ErrAbortHandler)
	}
	unread := a.status == http.StatusRequestEntityTooLarge || a.status == http.StatusRequestTimeout || isBroken(a.err)
	if unread && a.x.OnWire().ProtoMajor == 1 {
		h["Connection"] = []string{"close"} // RFC 9110, 15.5.9; else net/http reads on before it answers
	}
}

// isBroken reports whether an error says that the content did not come whole.
func isBroken(err error) bool { return err != nil && errors.As(err, new(*request.Broken)) }

// writeContent sends the content. What is read for it may panic; bytes do not.
func (a *Answer) writeContent(w http.ResponseWriter) error {
	if a.content.Bytes == nil || a.ranges != nil {
		return exchange.Protect(func() error { return a.copyTo(w) })
	}
	_, err := w.Write(a.content.Bytes)
	return err
}

// Respond sets resp to the response, its content read. Where that fails there is room for
// another response, since nothing was sent.
func (a *Answer) Respond(resp *plan.Response) error {
	resp.StatusCode, resp.Header, resp.Body = a.status, a.header(), nil
	c := a.content
	if c == nil {
		return nil
	}
	if c.Bytes != nil && a.ranges == nil {
		resp.Body = bytes.Clone(c.Bytes)
		return nil
	}
	var b bytes.Buffer
	var err error
	if c.Make != nil {
		err = a.collect(&b)
	} else {
		err = exchange.Protect(func() error { return a.copyTo(&b) })
	}
	resp.Body = b.Bytes()
	return err
}

// copyTo sends the content, or the ranges of it.
func (a *Answer) copyTo(w io.Writer) error {
	c := a.content
	switch {
	case a.parts != nil:
		return a.parts.Copy(w, c.Seeker)
	case len(a.ranges) == 1:
		if _, err := c.Seeker.Seek(a.ranges[0].Start, io.SeekStart); err != nil {
			return err
		}
		_, err := io.CopyN(w, c.Seeker, a.ranges[0].Length)
		return err
	case c.Bytes != nil:
		_, err := w.Write(c.Bytes)
		return err
	}
	if response, onWire := w.(http.ResponseWriter); onWire && c.Live {
		w = eager{response, flushOf(http.NewResponseController(response))}
		if _, err := w.Write(nil); err != nil { // the fields
			return err
		}
	}
	if encode := a.coder(); encode != nil {
		return copyEncoded(w, c, encode)
	}
	n, err := io.Copy(w, c.Stream)
	if err == nil && c.Size >= 0 && n != c.Size {
		err = fmt.Errorf("the content has %d bytes, but %d were announced", n, c.Size)
	}
	return err
}

// coder codes the stream that is sent; nil where it is sent as it is.
func (a *Answer) coder() func(io.Writer) io.WriteCloser {
	if a.content.Coding == "" {
		return nil
	}
	return a.x.Plan.Encoders[a.content.Coding]
}

// copyEncoded sends a stream in its content coding. An encoder keeps what it has until it has
// enough, unless it is flushed, too.
func copyEncoded(w io.Writer, c *represent.Content, encode func(io.Writer) io.WriteCloser) error {
	onto := coded{response: w}
	into := onto.begin(encode)
	if c.Live {
		into = flushed{into, onto.flush}
	}
	if _, err := io.Copy(into, c.Stream); err != nil {
		return err
	}
	return onto.end()
}

// eager is a response of which the client gets each piece at once: where nobody knows the
// length of the content, the next piece may take a while.
type eager struct {
	http.ResponseWriter
	flush func() error
}

func (w eager) Write(piece []byte) (n int, err error) {
	return flushed{w.ResponseWriter, w.flush}.Write(piece)
}

// Flush sends what was written.
func (w eager) Flush() error { return w.flush() }

// Unwrap lets an http.ResponseController through.
func (w eager) Unwrap() http.ResponseWriter { return w.ResponseWriter }

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
