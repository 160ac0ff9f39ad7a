package represent

import (
	"bytes"
	"context"
	"io"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// This file is content that is sent while it is made. In come values that write themselves,
// sequences and event streams. Out comes content that is made only once it is sent: a HEAD
// and a 304 do not make it.

// A Maker makes content, and writes it to an Outlet. Its context ends when nobody needs the
// content any more.
type Maker func(ctx context.Context, out *stream.Outlet) error

// setMade sets c to a value that makes its content; false where v is not such a value. media is
// what a sequence is written as.
func (rs *Representations) setMade(c *Content, v any, media string) bool {
	if run, ok := stream.RunOf(v); ok {
		c.Make, c.Events = rs.makeEvents(run), true
	} else if write, ok := stream.WriterOf(v); ok {
		c.Make = func(_ context.Context, out *stream.Outlet) error { return write(out) }
	} else if stream.ElementOf(reflect.TypeOf(v)) != nil {
		c.Make = rs.makeSequence(v, media)
	} else {
		return false
	}
	c.Size = -1
	return true
}

// makeSequence writes a sequence as JSON.
func (rs *Representations) makeSequence(seq any, media string) Maker {
	write := stream.WriteArray
	if plan.IsLines(media) {
		write = stream.WriteLines
	}
	return func(_ context.Context, out *stream.Outlet) error { return write(out, seq, rs.encode) }
}

// makeEvents writes the events of a stream, each at once.
func (rs *Representations) makeEvents(run stream.Run) Maker {
	return func(ctx context.Context, out *stream.Outlet) error {
		return run(ctx, func(e stream.Event) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			var frame bytes.Buffer
			if err := stream.AppendEvent(&frame, e, rs.encode); err != nil {
				return err
			}
			return out.Send(frame.Bytes())
		})
	}
}

// encode writes an element or the data of an event as JSON, as an entity would be written.
func (rs *Representations) encode(dst *bytes.Buffer, v any) error {
	if some := orEmpty(v); some != nil {
		v = some
	}
	return rs.x.Plan.Plans.Encode(dst, v)
}

// canFlush reports whether a coder passes on what it was given when it is told to. One that
// cannot would keep an event until it has enough of them.
func canFlush(coder func(io.Writer) io.WriteCloser) bool {
	_, can := coder(io.Discard).(interface{ Flush() error })
	return can
}
