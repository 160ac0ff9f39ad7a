package restmachine

import (
	"fmt"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/pointer"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
)

// This file is what a Validate method says of a value. In come mistakes, each with where it is.
// Out comes one error, which the client gets as a list. Package problem gathers them.

// Invalid gathers what is wrong with a value, for a Validate() error method, for the function of
// [WithValidator], or for a handler:
//
//	func (o Order) Validate() error {
//		var bad restmachine.Invalid
//		if o.Email == "" {
//			bad.Add("/email", "is required")
//		}
//		for i, item := range o.Items {
//			bad.At(restmachine.Pointer("items", i), item.Validate())
//		}
//		return bad.Err()
//	}
//
// An UnmarshalText or UnmarshalJSON may return an Invalid, too, with at "", for a text that its type
// does not take. Every other error of theirs stays inside: the client hears that the value is not
// acceptable.
//
// The zero Invalid is ready to use. The client gets a [Problem] that lists all of it as its member
// "errors", the first 100 at most (RFC 9457, 3): see [FieldError]. Its status is 422 for content,
// 400 for a [Query], a [Header] or a [Cookie], 404 for a [Path], and 422 where a handler or a fact returns the error. Texts
// are for clients.
type Invalid struct{ faults problem.Faults }

// Add adds a mistake. at is a JSON Pointer from the value that is validated to the part of it
// that is wrong (RFC 6901): "/items/1/sku" in content, the name such as "/page" elsewhere, where
// the first slash may lack, and "" for the value as a whole. [Pointer] makes one. detail says
// what is wrong there, such as "is required". Where the value as a whole is all that is
// wrong, detail is the Detail of the Problem, and there is no list.
func (v *Invalid) Add(at, detail string) { v.faults.Add(at, detail) }

// At adds what err says of the part of the value that a pointer leads to; nothing where err is
// nil. The mistakes of an Invalid that err is, wraps or joins are added one by one, each below
// that pointer. All other errors are added by their text, which the client sees.
func (v *Invalid) At(at string, err error) { v.faults.At(at, err) }

// Err returns v, or nil where nothing was added.
func (v *Invalid) Err() error {
	if v == nil || v.faults.Len() == 0 {
		return nil
	}
	return v
}

// Error returns all mistakes in one line.
func (v *Invalid) Error() string { return v.Unwrap().Error() }

// Unwrap lets errors.Is and errors.As find the errors that were added by At. One that has a
// status of its own, such as a [*Problem] or what MapError names, is what the client gets.
func (v *Invalid) Unwrap() error {
	if v == nil { // as an error it is not nil, and says as much as one without a mistake
		return new(problem.Faults)
	}
	return &v.faults
}

// Pointer returns the JSON Pointer of names and indices, escaped where they need it (RFC 6901):
// Pointer("items", 1, "a/b") is "/items/1/a~1b".
func Pointer(steps ...any) string {
	var b strings.Builder
	for _, step := range steps {
		b.WriteString(pointer.Step(fmt.Sprint(step)))
	}
	return b.String()
}

// FieldError is one mistake as a client sees it. A [Problem] has them in Extensions["errors"], as
// a []FieldError: those of an [Invalid], values that are not of the type of their field, and
// what of a [Query], a [Header] or a [Cookie] does not parse. A RenderError may render them otherwise.
type FieldError struct {
	Pointer   string `json:"pointer,omitempty"`   // into the content, as a fragment: "#/items/1/sku" (RFC 6901, 6)
	Parameter string `json:"parameter,omitempty"` // the name of a parameter in the query or the path, of a field or of a cookie
	Detail    string `json:"detail"`              // what is wrong
}

// String returns the mistake as a line of text.
func (e FieldError) String() string { return problem.Field(e).String() }

// fieldErrors returns fields as the public type.
func fieldErrors(fields []problem.Field) any {
	all := make([]FieldError, len(fields))
	for i, f := range fields {
		all[i] = FieldError(f)
	}
	return all
}
