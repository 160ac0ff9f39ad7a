package store

// This file is about what a write expects to overwrite, and the error where
// something else is there.

import (
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// An Expect says what must be there for a write to take place. The zero Expect
// is [Absent], so that what was left out overwrites nothing.
type Expect struct {
	any     bool
	version Version // zero: that of nothing
}

// Any expects nothing in particular: the write overwrites what somebody else has
// just written. It is for values that do not depend on those that they replace.
func Any() Expect { return Expect{any: true} }

// Absent expects that there is no record, as If-None-Match: * does.
func Absent() Expect { return Expect{} }

// At expects that the record is still at version v. The zero Version is Absent:
// a record that Get did not find must not have been created since.
func At(v Version) Expect { return Expect{version: v} }

// Version returns the version that must be there, which is zero for Absent; ok is
// false for Any.
func (e Expect) Version() (v Version, ok bool) { return e.version, !e.any }

// Check returns nil if current, the version of what is stored under a key, is as
// expected, or else a [*StaleError]. It is for those who implement a [Store]: who
// calls it must also see to it that nobody writes between it and the write.
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

// ErrStale is what errors.Is finds in the error of a write that came too late:
// what it was to overwrite is no longer there. It is the ErrStale of restmachine,
// so that a handler returns it as it is.
var ErrStale = conditional.ErrStale

// A StaleError is the error of a write that did not find what it expected. It
// wraps [ErrStale].
type StaleError struct {
	Key     any
	Expect  Expect
	Current Version // what was found; zero: nothing
}

// Error says what was expected, and what is there.
func (e *StaleError) Error() string {
	return fmt.Sprintf("store: %v is stale: expected %v, found %v", e.Key, e.Expect, e.Current)
}

// Unwrap returns [ErrStale].
func (e *StaleError) Unwrap() error { return ErrStale }
