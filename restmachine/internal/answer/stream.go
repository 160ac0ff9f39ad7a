package answer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// This file sends content while it is made. In comes what makes it. Out goes the response: its
// fields with the first bytes, so that what fails before is a response of its own.

// IsStream reports whether the content is still to be read or made.
func (a *Answer) IsStream() bool { return a.content != nil && a.content.Bytes == nil }

// WillStream is IsStream, of a success, before Finish has taken away what a HEAD or a 204 does
// not send.
func (a *Answer) WillStream() bool {
	return a.IsStream() && a.status < 400 && a.x.Method() != http.MethodHead && !isBodyless(a.status)
}

// HasBegun reports whether something of the response was sent.
func (a *Answer) HasBegun() bool { return a.begun }

// make makes the content onto out. An error of the client's is in out, and is not logged.
func (a *Answer) make(ctx context.Context, out *stream.Outlet) error {
	return exchange.Protect(func() error { return a.content.Make(ctx, out) })
}

// makeTo sends content to a client while it is made.
func (a *Answer) makeTo(w http.ResponseWriter) error {
	ctx, cancel := context.WithCancelCause(a.x.Context())
	defer cancel(nil)
	controller := http.NewResponseController(w)
	onto := coded{response: w, flushes: []func() error{flushOf(controller)}}
	out := stream.NewOutlet(stream.Out{
		Open:     func() io.Writer { a.sendFields(w); return onto.begin(a.coder()) },
		Flush:    onto.flush,
		Deadline: func(t time.Time) { _ = controller.SetWriteDeadline(t) }, // where a middleware lets it
		Patience: a.x.Patience,
		Live:     a.content.Events,
		Beat:     a.beat(),
		Failed:   cancel,
	})
	ended := false
	defer func() {
		if !ended { // the goroutine is ending
			_ = out.Close(errUnfinished, nil)
		}
	}()
	err := a.makeUntilDrain(ctx, cancel, out)
	ended = true
	err = out.Close(err, onto.end)
	a.untaken = out.IsUntaken()
	return err
}

// collect makes the content in process.
func (a *Answer) collect(b *bytes.Buffer) error {
	ctx, cancel := context.WithCancelCause(a.x.Context())
	defer cancel(nil)
	onto := coded{response: b}
	out := stream.NewOutlet(stream.Out{Open: func() io.Writer { return onto.begin(a.coder()) }})
	return out.Close(a.makeUntilDrain(ctx, cancel, out), onto.end)
}

// makeUntilDrain makes the content. Draining ends an event stream, and one that only begins then
// is over at once. An event stream that ends since it was told to has not failed.
func (a *Answer) makeUntilDrain(ctx context.Context, cancel context.CancelCauseFunc, out *stream.Outlet) error {
	drain := a.x.Drain
	if !a.content.Events || drain == nil {
		return a.make(ctx, out)
	}
	if drain.Err() != nil {
		return out.Send([]byte(stream.RetrySoon))
	}
	defer context.AfterFunc(drain, func() { cancel(stream.ErrDraining) })()
	err := a.make(ctx, out)
	if ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))) {
		return nil
	}
	return err
}

// beat is how long the content may be silent.
func (a *Answer) beat() time.Duration {
	if a.content.Events {
		return a.x.Heartbeat
	}
	return 0
}

var errUnfinished = errors.New("the content was not made to its end")

// coded is where content goes: through a coder, where it is coded.
type coded struct {
	response io.Writer
	coder    io.WriteCloser // nil: it is not coded
	flushes  []func() error // from the inside out
}

// begin is the writer that takes the content.
func (w *coded) begin(encode func(io.Writer) io.WriteCloser) io.Writer {
	if encode == nil {
		return w.response
	}
	w.coder = encode(w.response)
	if f, ok := w.coder.(interface{ Flush() error }); ok {
		w.flushes = append([]func() error{f.Flush}, w.flushes...)
	}
	return w.coder
}

func (w *coded) flush() error {
	for _, flush := range w.flushes {
		if err := flush(); err != nil {
			return err
		}
	}
	return nil
}

// end ends the coding.
func (w *coded) end() error {
	if w.coder == nil {
		return nil
	}
	return w.coder.Close()
}

// flushOf sends what was written. Where a middleware does not let it, that is sent when a
// buffer is full.
func flushOf(controller *http.ResponseController) func() error {
	return func() error {
		if err := controller.Flush(); !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		return nil
	}
}
