package stream

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// This file sends content while it is made. In come pieces, from the goroutine that makes
// them. Out they go in larger ones: when there is enough, or after a short while. A timer
// sends what has waited, and heartbeats. It and the goroutine take turns, and when Close has
// returned neither sends any more.

const (
	gathered = 8 << 10  // bytes that are sent at once
	piece    = 32 << 10 // bytes that a client has Patience for
	soon     = 100 * time.Millisecond
	prompt   = 50 * time.Millisecond
)

// An Out says how an Outlet sends.
type Out struct {
	Open     func() io.Writer // begins the response, and is called once
	Flush    func() error     // nil: nobody waits for anything, and there is no timer
	Deadline func(time.Time)  // by when the client has to take what is written; zero: there is none
	Patience time.Duration    // for a client to take a piece; 0: for ever
	Live     bool             // the response begins soon, also where nothing is written
	Beat     time.Duration    // how long it may be silent before a heartbeat; 0: for ever
	Failed   func(error)      // is told once that the client does not take a piece
}

// An Outlet is where content goes while it is made. Several goroutines may use it.
type Outlet struct {
	Out

	turn    turn
	w       io.Writer // nil: the response has not begun
	buffer  []byte    // what was written, and is not sent
	waits   bool      // something was written since the last flush
	began   bool      // something was written
	closed  bool
	failure error // of the first piece that was not taken
	crashed bool  // that was a panic of the timer's
	timer   *time.Timer
	due     time.Time // when the timer is to come; zero: not at all
}

// A turn is a mutex that is a channel. A test with a clock of its own (testing/synctest) sees who
// waits for a channel, and not who waits for a mutex.
type turn chan struct{}

func (t turn) take() { t <- struct{}{} }
func (t turn) give() { <-t }

// ErrClosed is what a write gets that comes after the end of the stream.
var ErrClosed = errors.New("the stream has ended")

// NewOutlet is an open Outlet.
func NewOutlet(out Out) *Outlet {
	o := &Outlet{Out: out, turn: make(turn, 1)}
	o.turn.take() // the timer may come before it is set
	defer o.turn.give()
	if o.Live {
		o.arm(prompt)
	}
	return o
}

// Write sends p with what comes soon behind it.
func (o *Outlet) Write(p []byte) (int, error) {
	o.turn.take()
	defer o.turn.give()
	if err := o.ended(); err != nil {
		return 0, err
	}
	if err := o.add(p); err != nil {
		return 0, err
	}
	if !o.waits {
		o.waits = true
		o.arm(soon)
	}
	return len(p), nil
}

// Send sends p at once.
func (o *Outlet) Send(p []byte) error {
	o.turn.take()
	defer o.turn.give()
	if err := o.ended(); err != nil {
		return err
	}
	if err := o.add(p); err != nil {
		return err
	}
	return o.flush()
}

// IsUntaken reports whether the stream ended since the client did not take a piece.
func (o *Outlet) IsUntaken() bool {
	o.turn.take()
	defer o.turn.give()
	return o.failure != nil && !o.crashed
}

// Close ends the stream. Where err is nil, what was written is sent, and end is called, which
// may write the last bytes. Where it is not, what was written is sent, so that the client sees
// a response that breaks off; nothing is sent where nothing was written.
func (o *Outlet) Close(err error, end func() error) error {
	o.turn.take()
	defer o.turn.give()
	o.closed = true
	if o.timer != nil {
		o.timer.Stop()
	}
	switch {
	case o.failure != nil:
		return o.failure
	case err != nil && !o.began && o.w == nil:
		return err
	}
	failed := o.push()
	if failed == nil && err == nil {
		o.hurry() // stands until net/http has sent the last byte, and is lifted there
		failed = end()
	} else if failed == nil {
		failed = o.flush()
	}
	if err != nil {
		return err
	}
	return failed
}

// ended says why nothing can be written any more.
func (o *Outlet) ended() error {
	if o.failure != nil {
		return o.failure
	}
	if o.closed {
		return ErrClosed
	}
	return nil
}

// add adds p to what was written, and sends that where it is enough.
func (o *Outlet) add(p []byte) error {
	o.began = true
	if len(o.buffer)+len(p) <= gathered {
		o.buffer = append(o.buffer, p...)
		return nil
	}
	if err := o.push(); err != nil {
		return err
	}
	if len(p) <= gathered {
		o.buffer = append(o.buffer, p...)
		return nil
	}
	return o.put(p)
}

// push sends what was written.
func (o *Outlet) push() error {
	if o.w == nil {
		o.w = o.Open()
	}
	if len(o.buffer) == 0 {
		return nil
	}
	err := o.put(o.buffer)
	o.buffer = o.buffer[:0]
	return err
}

// put sends p, piece by piece.
func (o *Outlet) put(p []byte) error {
	defer o.rest()
	for len(p) > 0 {
		n := min(len(p), piece)
		o.hurry()
		if _, err := o.w.Write(p[:n]); err != nil {
			return o.fail(err)
		}
		p = p[n:]
	}
	return nil
}

// flush sends what was written through all buffers.
func (o *Outlet) flush() error {
	if err := o.push(); err != nil {
		return err
	}
	if o.waits = false; o.Flush == nil {
		return nil
	}
	o.hurry()
	defer o.rest()
	if err := o.Flush(); err != nil {
		return o.fail(err)
	}
	if !o.closed {
		o.arm(o.Beat)
	}
	return nil
}

// hurry gives the client its time for the next piece.
func (o *Outlet) hurry() {
	if o.Patience > 0 && o.Deadline != nil {
		o.Deadline(time.Now().Add(o.Patience))
	}
}

// rest lifts the deadline: an HTTP/2 stream whose deadline passes is reset, also where nothing
// is being written.
func (o *Outlet) rest() {
	if o.Patience > 0 && o.Deadline != nil && !o.closed {
		o.Deadline(time.Time{})
	}
}

func (o *Outlet) fail(err error) error {
	o.failure = err
	if o.Failed != nil {
		o.Failed(err)
	}
	return err
}

// arm has the timer come in a while; 0: not at all.
func (o *Outlet) arm(in time.Duration) {
	if o.Flush == nil {
		return
	}
	if o.due = (time.Time{}); in > 0 {
		o.due = time.Now().Add(in)
	}
	switch {
	case in > 0 && o.timer == nil:
		o.timer = time.AfterFunc(in, o.tick)
	case in > 0:
		o.timer.Reset(in)
	case o.timer != nil:
		o.timer.Stop()
	}
}

// tick sends what has waited, or begins the response, or sends a heartbeat. A middleware may
// panic in it, on a goroutine that nobody else would recover.
func (o *Outlet) tick() {
	o.turn.take()
	defer o.turn.give()
	defer func() {
		if p := recover(); p != nil {
			o.crashed = true
			_ = o.fail(fmt.Errorf("panic while content was sent: %v", p))
		}
	}()
	if o.ended() != nil || o.due.IsZero() || time.Now().Before(o.due) {
		return // it came while something was sent, and was put off
	}
	if o.w != nil && !o.waits && o.Beat > 0 {
		o.buffer = append(o.buffer, Heartbeat...)
	}
	_ = o.flush() // what fails is kept
}
