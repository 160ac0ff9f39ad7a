// This file holds what a write expects to overwrite, and the errors of writes. An Expect
// and the current version come in. Nil goes out, or the error of a stale write.

package store

import (
	"errors"
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// An Expect says which version must be stored for a write to take place. The zero Expect
// is [Absent]: an Expect that was left out never overwrites a record.
type Expect struct {
	any     bool
	version Version // the zero Version if nothing must be stored
}

// Any expects nothing: the write also overwrites a value that somebody else has just
// written. Use it for values that do not depend on the value that they replace.
func Any() Expect { return Expect{any: true} }

// Absent expects that there is no record, like If-None-Match: *.
func Absent() Expect { return Expect{} }

// At expects that the record is still at version v. At the zero Version it is Absent: a
// record that Get did not find must not have been created since.
func At(v Version) Expect { return Expect{version: v} }

// Version returns the version that must be stored. It is zero for Absent. ok is false for
// Any.
func (e Expect) Version() (v Version, ok bool) { return e.version, !e.any }

// Check compares the expectation with current, the version of the stored record. It
// returns nil, or a [*StaleError] if they differ. Check is for authors of a [Store]. The
// caller must prevent other writes between Check and its own write.
func (e Expect) Check(key any, current Version) error {
	if e.any || e.version == current {
		return nil
	}
	return &StaleError{Key: key, Expect: e, Current: current}
}

// String returns "any version", "nothing", or the version.
func (e Expect) String() string {
	if e.any {
		return "any version"
	}
	return e.version.String()
}

// ErrStale is the error of a write that came too late: the version that it expected is no
// longer stored. Use errors.Is to find it. It is the ErrStale of restmachine, so a
// handler can return it unchanged.
var ErrStale = conditional.ErrStale

// ErrExists is the [ErrStale] of a write that expected [Absent], and found a record. It is the
// ErrExists of restmachine, which tells the client so.
var ErrExists = conditional.ErrExists

// ErrUnknown is the error of a write whose outcome is not known: the store was asked to
// write, and then the answer was lost, for example with the connection. The write may have
// taken place, or may still take place. Read the record to find out. ErrUnknown never
// matches [ErrStale].
var ErrUnknown = errors.New("store: it is not known whether the write took place")

// A StaleError is the error of a write that did not find the expected version. It wraps
// [ErrStale], or [ErrExists] if nothing was expected.
type StaleError struct {
	Key     any
	Expect  Expect
	Current Version // the version that was found; zero if there is no record
}

// Error says which version was expected, and which was found.
func (e *StaleError) Error() string {
	if e.Unwrap() == ErrExists && !e.Current.IsZero() {
		return fmt.Sprintf("store: %v exists already, at %v", e.Key, e.Current)
	}
	return fmt.Sprintf("store: %v is stale: expected %v, found %v", e.Key, e.Expect, e.Current)
}

// Unwrap returns [ErrStale], or [ErrExists] if nothing was expected.
func (e *StaleError) Unwrap() error {
	if v, only := e.Expect.Version(); only && v.IsZero() {
		return ErrExists
	}
	return ErrStale
}
