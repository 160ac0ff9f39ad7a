package request

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
)

// This file says why content did not come whole. In comes what reading the connection
// failed with. Out comes a Broken, which a handler that reads a stream may return as its
// own error: it is the client's failure, and not the service's.

// A Broken is the error of content that could not be read to its end.
type Broken struct {
	Slow  bool // it came too slowly
	cause error
}

// broken is the error of a read as callbacks see it. The end of the content is not a failure.
func broken(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &Broken{isTimeout(err), err}
}

// isTimeout reports whether a deadline has passed. Each kind of connection says so in its
// own way.
func isTimeout(err error) bool {
	timeout := net.Error(nil)
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// Detail tells the client what is wrong with its content.
func (b *Broken) Detail() string {
	switch {
	case b.Slow:
		return "the content came too slowly"
	case errors.Is(b.cause, io.ErrUnexpectedEOF):
		return "the content ended early"
	}
	return "the content could not be read"
}

func (b *Broken) Error() string { return b.Detail() + ": " + b.cause.Error() }

// Unwrap is the cause, where a middleware may have said something by it. The errors of
// connections are hidden: to a service they mean what its own connections do, such as one
// to a database.
func (b *Broken) Unwrap() error {
	own := (*net.OpError)(nil)
	if b.Slow || errors.As(b.cause, &own) || errors.Is(b.cause, io.ErrUnexpectedEOF) || errors.Is(b.cause, context.Canceled) {
		return nil
	}
	return b.cause
}

// source is the content as it comes, whose failures are each a Broken.
type source struct{ io.Reader }

func (s source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	return n, broken(err)
}
