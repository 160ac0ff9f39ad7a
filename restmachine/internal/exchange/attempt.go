package exchange

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file holds the values of one attempt: what was loaded, made and parsed, and
// what must be undone or closed. A write that begins anew after ErrStale begins
// another attempt, with none of them.

// An attempt is what ErrStale throws away. This file writes to it, parse.go fills the slots of
// contents, and foresee.go its foresight.
type attempt struct {
	values   []value // by slot of the plan
	cleanups []cleanup
	closers  []io.Closer
	foresight
}

// A value is what fills a slot. That of a load is nil where the resource is missing.
type value struct {
	value any
	err   error
	done  bool
}

type cleanup struct {
	fn func(error) error
	by *wire.Func
}

// Start makes x the exchange of a method's plan at an Address, with nothing negotiated and
// nothing found yet.
func (x *Exchange) Start(at *plan.Address, p *plan.Method) {
	x.At, x.Plan = at, p
	x.chosen = p.DefaultChoice()
	if p.Slots > cap(x.values) {
		x.values = make([]value, p.Slots)
	}
	x.values = x.values[:p.Slots]
}

// forget drops every value of the attempt. It counts down, since the compiler makes a loop
// upwards a call of the runtime's clear, whose fixed cost exceeds a short loop.
func (a *attempt) forget() {
	for i := len(a.values) - 1; i >= 0; i-- {
		a.values[i] = value{}
	}
	if a.cleanups != nil || a.closers != nil {
		a.cleanups, a.closers = nil, nil
	}
	a.foresight.forget()
}

// anew calls f, which makes the values of slots anew. Behind it the first ones stand again.
func (a *attempt) anew(slots []int, f func()) {
	kept := make([]value, len(slots))
	for i, slot := range slots {
		kept[i], a.values[slot] = a.values[slot], value{}
	}
	defer func() {
		for i, slot := range slots {
			a.values[slot] = kept[i]
		}
	}()
	f()
}

// Load is the value that l provides, nil where it is missing.
func (x *Exchange) Load(l *plan.Load) (any, error) {
	v := &x.values[l.Slot]
	if !v.done {
		v.value, v.err = x.load(l)
		v.done = true
	}
	return v.value, v.err
}

// load runs the ResourceExists of l, unless something that it is made from is
// missing.
func (x *Exchange) load(l *plan.Load) (any, error) {
	c := l.Callback
	if c == nil {
		return l.Override, nil
	}
	for _, parent := range c.Needs.Required {
		if v, err := x.Load(parent); v == nil || err != nil {
			return nil, err
		}
	}
	if err := x.call(c, nil); err != nil {
		return nil, err
	}
	v := x.result.First()
	if c.Func.IsNil(v) || len(c.Func.Out) > 1 && x.result.Second == false {
		return nil, nil
	}
	return v, nil
}

// Must is the value that l provides, or ErrNotFound.
func (x *Exchange) Must(l *plan.Load) (any, error) {
	v, err := x.Load(l)
	if err == nil && v == nil {
		err = ErrNotFound
	}
	return v, err
}

// AllExist loads what was not loaded yet, and reports whether nothing is missing. A
// load that fails counts as existing, so that its error is seen.
func (x *Exchange) AllExist(loads []*plan.Load) bool {
	for _, l := range loads {
		if v, err := x.Load(l); v == nil && err == nil {
			return false
		}
	}
	return true
}

// AllLoaded reports whether all of loads were loaded, and exist. It loads nothing.
func (x *Exchange) AllLoaded(loads []*plan.Load) bool {
	for _, l := range loads {
		if x.values[l.Slot].value == nil {
			return false
		}
	}
	return true
}

// dependency is the value of a Dependency. It is made when it is first asked for. Where the
// content is made from it, what must be older than the content comes first.
func (x *Exchange) dependency(d *plan.Dependency) (any, error) {
	v := &x.values[d.Slot]
	if d.Shown && !v.done {
		x.Foresee()
	}
	if v.done {
		return v.value, v.err
	}
	made, undo, err := x.Both(d.Callback)
	if fn, _ := undo.(func(error) error); fn != nil {
		x.cleanups = append(x.cleanups, cleanup{fn, d.Callback.Func})
	}
	v.value, v.err, v.done = made, err, true
	return made, err
}

// Abandon throws the attempt away, and begins another. Its cleanups run with err.
func (x *Exchange) Abandon(err error) {
	if failed := x.Cleanup(err); failed != nil {
		x.LogError(failed)
	}
	x.CloseAll()
	x.attempt.forget()
}

// HasCleanups reports whether a cleanup is to be run.
func (x *Exchange) HasCleanups() bool { return len(x.cleanups) > 0 }

// Cleanup runs all cleanups, the last made first, with the error that ended the
// exchange, and returns the first error of theirs. A cleanup that ends the goroutine
// leaves the others to the end of the run. What is being sent is closed later.
func (x *Exchange) Cleanup(ended error) (first error) {
	for n := len(x.cleanups); n > 0; n = len(x.cleanups) {
		last := x.cleanups[n-1]
		x.cleanups = x.cleanups[:n-1]
		x.calling = last.by
		err := Protect(func() error { return last.fn(ended) })
		if err == nil {
			continue
		}
		err = fmt.Errorf("cleanup of %s: %w", last.by, err)
		if first == nil {
			first, ended = err, err
		} else {
			x.LogError(err)
		}
	}
	x.Tell()
	return first
}

// CloseLater closes a value at the end of the attempt, if it can be closed.
func (x *Exchange) CloseLater(v any) {
	c, ok := v.(io.Closer)
	if !ok || wire.IsNil(v) || reflect.TypeOf(v).Kind() == reflect.Pointer && slices.Contains(x.closers, c) {
		return
	}
	x.closers = append(x.closers, c)
}

// KeepSpool leaves the temporary file open for an answer that may be read from it, as long as
// what is opened for the answer.
func (x *Exchange) KeepSpool() { x.CloseLater(kept{x}) }

// kept is the temporary file of an exchange, as what is opened for its answer.
type kept struct{ x *Exchange }

// Close closes the file.
func (k kept) Close() error {
	k.x.CloseSpool()
	return nil
}

// HasClosers reports whether something is to be closed.
func (x *Exchange) HasClosers() bool { return len(x.closers) > 0 }

// CloseAll closes what was opened for the answer. It may be deferred, since a stream
// may panic. A Close that ends the goroutine leaves nothing open.
func (x *Exchange) CloseAll() {
	defer func() {
		if x.HasClosers() {
			x.CloseAll()
		}
	}()
	for x.HasClosers() {
		first := x.closers[0]
		x.closers = x.closers[1:]
		if err := Protect(first.Close); err != nil {
			x.Log(slog.LevelWarn, "restmachine: closing an entity failed", "error", err)
		}
	}
	x.closers = nil
	x.Tell()
}

// ErrGone and ErrNotFound are those of the public package.
var (
	ErrNotFound = errors.New("not found")
	ErrGone     = errors.New("gone")
)

// errUnfit is ErrNotFound for a path whose parameters do not fit the T of a Path[T]. Traces tell it
// apart, and clients do not.
var errUnfit = fmt.Errorf("a parameter of the path does not fit the Path[T] of this callback: %w", ErrNotFound)
