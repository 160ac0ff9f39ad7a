package restmachine

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/restmachine/restmachine-go/decision"
)

// This file runs an exchange from its first question to its answer: the walk,
// its repetition after ErrStale, and what is undone at the end.

// turns is how often a write may begin anew after ErrStale.
const turns = 3

// run decides and builds the answer. Cleanups have run and the lock is free
// when it returns, even by runtime.Goexit.
func (x *exchange) run(trace *decision.Trace) {
	defer x.leave(trace)
	x.begin()
	status := x.walk(decision.Start, trace)
	for turn := 1; status == http.StatusConflict && turn <= turns && x.again(turn); turn++ {
		status = x.walk(decision.G7, trace)
	}
	x.build(status)
	x.conclude(trace)
}

// conclude ends the exchange, whose answer was built: nothing but the writing of
// it is left.
func (x *exchange) conclude(trace *decision.Trace) {
	if x.plan.finishes {
		x.protect(func() { x.finishRequest(false) })
	}
	if len(x.att.cleanups) > 0 {
		x.settle()
	}
	x.finish()
	if trace != nil {
		trace.Status = x.out.status
	}
	x.ran = true
}

// leave is the end of run. A panic on the way to the answer is a 500.
func (x *exchange) leave(trace *decision.Trace) {
	if x.ran {
		if x.lock.Key() != "" || x.spool != nil {
			x.letGo()
		}
		return
	}
	defer x.letGo() // what follows may end the goroutine, too
	if p := recover(); p != nil {
		err := x.panicked(p)
		x.notePanic(trace, err)
		x.breakdown(err)
		x.conclude(trace)
	}
}

// letGo gives up what the exchange holds. Where that was not concluded, the
// goroutine is ending.
func (x *exchange) letGo() {
	if !x.ran {
		x.logError(errGone)
		x.abandon(errGone)
	}
	if x.lock.Key() != "" {
		x.lock.release()
	}
	if x.spool != nil {
		x.closeSpool()
	}
}

var errGone = errors.New("a callback ended its goroutine")

// walk walks the graph from an entry.
func (x *exchange) walk(from decision.ID, trace *decision.Trace) (status int) {
	if trace == nil {
		status, last := x.plan.program.Walk(from, x)
		if x.at == 0 { // else a rehearsal has said more
			x.at = last
		}
		return status
	}
	status = x.plan.program.Trace(from, x, trace, x.note)
	if x.at == 0 {
		x.at = trace.Visits[len(trace.Visits)-1].ID
	}
	return status
}

// again reports whether the exchange begins anew: a write without a
// precondition, whose handler found what it was given stale. What comes before
// G7 is not asked again, so it must have been passed; streamed content cannot be
// read again. The wait is random, so that two that collided do not do so again.
func (x *exchange) again(turn int) bool {
	if x.err == nil || !errors.Is(x.resolve(x.err), ErrStale) {
		return false
	}
	if !x.entered || !x.plan.repeats() || x.feed != nil && x.feed.begun {
		return false
	}
	select {
	case <-x.ctx.Done():
		return false
	case <-time.After(time.Duration(rand.Int64N(int64(turn) * int64(2*time.Millisecond)))):
	}
	x.abandon(x.err)
	x.err, x.at = nil, 0
	return true
}

// abandon throws the attempt away: its cleanups run, with err.
func (x *exchange) abandon(err error) {
	if failed := x.cleanup(err); failed != nil {
		x.logError(failed)
	}
	x.closeAll()
	x.begin()
	x.out.reset(0)
}

// settle runs the cleanups of the attempt that made the answer. Where one
// fails, that is the answer.
func (x *exchange) settle() {
	ended := x.err
	if status := x.att.result.status(); ended == nil && status >= 400 {
		ended = &Problem{Status: status} // the handler says that it failed: nothing is to be kept
	}
	if err := x.cleanup(ended); err != nil {
		x.protect(func() { x.refuse(err) })
		if x.plan.finishes { // it is another response
			x.protect(func() { x.finishRequest(true) })
		}
	}
}

// cleanup runs the cleanups, the last made first, all of them: one that ends
// the goroutine leaves the others to run's end. What is being sent is closed
// later.
func (x *exchange) cleanup(ended error) (first error) {
	for n := len(x.att.cleanups); n > 0; n = len(x.att.cleanups) {
		last := x.att.cleanups[n-1]
		x.att.cleanups = x.att.cleanups[:n-1]
		x.calling = last.by
		err := x.protectedErr(func() error { return last.fn(ended) })
		if err == nil {
			continue
		}
		err = fmt.Errorf("cleanup of %s: %w", last.by, err)
		if first == nil {
			first, ended = err, err
		} else {
			x.logError(err)
		}
	}
	return first
}

// finishRequest runs the FinishRequest facts on the response as it is; again, only
// those that need nothing that is undone by then.
func (x *exchange) finishRequest(again bool) {
	for _, g := range x.plan.gates[kindFinishRequest] {
		if !x.loadedAlready(g.needs.loads) || again && !g.light() {
			continue
		}
		before := x.out.header()
		x.finishing = &Response{StatusCode: x.out.status, Header: before.Clone()}
		if x.out.content != nil {
			x.finishing.Body = bytes.Clone(x.out.content.bytes)
		}
		_, _, err := g.call(x)
		if err == nil {
			h := canonical(x.finishing.Header)
			x.mountFields(h, before)
			x.out.fields.reset()
			x.out.merge(h)
			err = errors.Join(x.out.bad, x.out.quoteTag())
		}
		if err != nil {
			x.refuse(err)
			return
		}
	}
}

// protect runs f; a panic in it makes the answer a 500.
func (x *exchange) protect(f func()) {
	if err := x.protectedErr(func() error { f(); return nil }); err != nil {
		x.breakdown(err)
	}
}

// breakdown makes a panic the answer, whatever it was before.
func (x *exchange) breakdown(err error) {
	x.err = err
	x.out.reset(http.StatusInternalServerError)
	if again := x.protectedErr(func() error { x.buildProblem(); return nil }); again != nil { // the RenderError panics, too
		x.logError(again)
		x.out.reset(http.StatusInternalServerError)
		x.sent = content{}
		x.sent.setBytes([]byte("{}"))
		x.out.content = &x.sent
		x.out.set("Content-Type", problemMedia[0])
	}
}

// protectedErr runs f; a panic in it is an error.
func (x *exchange) protectedErr(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = x.panicked(p)
		}
	}()
	return f()
}

// panicked is a panic as an error, with its stack for the log.
func (x *exchange) panicked(p any) error {
	if p == http.ErrAbortHandler {
		return errAborted
	}
	return fmt.Errorf("panic: %v\n%s", p, debug.Stack())
}

var errAborted = errors.New("a callback panicked with http.ErrAbortHandler")

// closeAll closes what was opened for the answer. It may be deferred: a stream may
// panic.
func (x *exchange) closeAll() {
	for _, c := range x.att.closers {
		if err := x.protectedErr(c.Close); err != nil {
			x.m.options.logger.Warn("restmachine: closing an entity failed", "path", x.path, "error", err)
		}
	}
	x.att.closers = nil
}
