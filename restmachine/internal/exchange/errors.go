package exchange

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"runtime/debug"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file says what an error means. In comes whatever a callback returned. Out comes
// its status. A Problem and a few other errors have a status of their own. A MapError or
// MapErrorAs gives one to others. All the rest are 500.

// Resolve is the error that err means: by the mappings that hold, and for an Invalid the Problem
// that lists what is wrong.
func (x *Exchange) Resolve(err error) error {
	err = x.mapping(err)
	said := (*problem.Faults)(nil)
	if errors.As(err, &said) && said.Len() > 0 && !x.means(err) {
		var all problem.Faults
		all.At("", err)
		return x.Words.RefuseFaults(http.StatusUnprocessableEntity, "", plan.BodyPart, &all)
	}
	return err
}

// mapping is the error that err means by the mappings that hold.
func (x *Exchange) mapping(err error) error {
	var asked uint64 // the MapErrorAs that have spoken, a bit for each mapping
	for range 8 {    // a circle of MapErrors ends here
		to := x.mapped(err, &asked)
		if to == nil {
			return err
		}
		err = to
	}
	return err
}

// mapped is what the first mapping says that matches err; nil where none does. A MapErrorAs
// that has spoken is not asked again, since what it returned may be of its type, too.
func (x *Exchange) mapped(err error, asked *uint64) error {
	for i, m := range x.Plan.Settings.Mapped {
		switch {
		case m.As == nil && errors.Is(err, m.From):
			return m.To
		case m.As == nil || *asked&(1<<i) != 0:
		default:
			if to := mappedAs(err, m.As); to != nil {
				*asked |= 1 << i
				return to
			}
		}
	}
	return nil
}

// mappedAs is what a func(E) error says of the first E in err's tree; nil where there is
// none, or where it has nothing to say. A panic of it is an error.
func mappedAs(err error, as *wire.Func) error {
	target := reflect.New(as.In[0])
	if err == nil || !errors.As(err, target.Interface()) {
		return nil
	}
	return Protect(func() error { return as.Call([]reflect.Value{target.Elem()}, new(wire.Result)) })
}

// StatusOf is the status that an error means.
func (x *Exchange) StatusOf(err error) int { return x.statusOf(x.Resolve(err)) }

// statusOf is StatusOf for an error that stands for itself.
func (x *Exchange) statusOf(err error) int {
	tooLong, broken := (*http.MaxBytesError)(nil), (*request.Broken)(nil)
	said, _ := x.Words.ProblemIn(err)
	switch {
	case said != nil:
		return said.FinalStatus()
	case errors.Is(err, ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, ErrGone):
		return http.StatusGone
	case errors.Is(err, conditional.ErrStale):
		if x.guarded() {
			return http.StatusPreconditionFailed
		}
		return http.StatusConflict
	case errors.As(err, &tooLong):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &broken):
		if broken.Slow {
			return http.StatusRequestTimeout // RFC 9110, 15.5.9
		}
		return http.StatusBadRequest
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// guarded reports whether a write carries a precondition that another write makes false:
// If-Modified-Since is for GET and HEAD alone (RFC 9110, 13.1.3), an If-Match of * is true as long
// as there is something (13.1.1), and beside an If-Match an If-Unmodified-Since does not count.
func (x *Exchange) guarded() bool {
	p := x.Preconditions()
	switch {
	case x.Plan.Safe:
		return false
	case p.IfMatch.Star():
		return p.IfNoneMatch.Present()
	}
	return p.IfMatch.Present() || p.IfNoneMatch.Present() || p.IfUnmodifiedSince.Present()
}

// HasMeaning reports whether an error has a meaning, and is not just any failure.
func (x *Exchange) HasMeaning(err error) bool { return x.means(x.Resolve(err)) }

// means is HasMeaning for an error that stands for itself.
func (x *Exchange) means(err error) bool {
	_, isProblem := x.Words.ProblemIn(err)
	return isProblem || x.statusOf(err) != http.StatusInternalServerError
}

// Protect calls f. A panic in it is an error.
func Protect(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = Panicked(p)
		}
	}()
	return f()
}

// Panicked is a panic as an error, with its stack for the log.
func Panicked(p any) error {
	if p == http.ErrAbortHandler {
		return ErrAborted
	}
	return fmt.Errorf("panic: %v\n%s", p, debug.Stack())
}

// ErrAborted is what a callback ends with that panics with http.ErrAbortHandler.
var ErrAborted = fmt.Errorf("a callback panicked with %w", http.ErrAbortHandler)
