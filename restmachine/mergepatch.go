package restmachine

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/mergepatch"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/strictjson"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is JSON Merge Patch (RFC 7396). In come a patch, which says what changes,
// and a Go value. Out comes the changed value. Package mergepatch merges the documents;
// here the result becomes a T again.

// MergePatch is a JSON Merge Patch (RFC 7396) for a T, which may be a pointer.
// Body[MergePatch[T]] reads it from application/merge-patch+json. A member replaces, an
// object is merged, and null removes: the field becomes zero. A callback may keep a
// MergePatch, and many goroutines may use it.
type MergePatch[T any] struct {
	patch  any
	strict bool // see WithStrictJSON
}

// UnmarshalJSON reads a patch. Any JSON value is one.
func (p *MergePatch[T]) UnmarshalJSON(text []byte) (err error) {
	p.patch, err = mergepatch.Read(text)
	return err
}

// Apply returns a copy of to, changed as the patch says. What the patch does not touch
// stays as it was, also what JSON does not show, such as fields tagged json:"-".
// Arrays, and types that have an UnmarshalJSON method, are replaced whole. A result
// that does not fit T, or that its Validate method refuses, is a [*Problem] of 422.
// Under [WithStrictJSON], so is a member that T lacks.
func (p MergePatch[T]) Apply(to T) (T, error) {
	var none, was, now T
	text, err := json.Marshal(to)
	if err != nil {
		return none, err
	}
	if err := json.Unmarshal(text, &was); err != nil {
		return none, fmt.Errorf("a %T does not read the JSON that it writes: %w", to, err)
	}
	document, err := mergepatch.Read(text)
	if err != nil {
		return none, err
	}
	if err := p.read(mergepatch.Merge(document, p.patch, reflect.TypeFor[T]()), &now); err != nil {
		return none, err
	}
	mergepatch.Carry(reflect.ValueOf(&to).Elem(), reflect.ValueOf(&was).Elem(), reflect.ValueOf(&now).Elem())
	if validate := plan.Validator(reflect.TypeFor[T]()); validate != nil && !wire.IsNil(to) {
		if err := validate(to); err != nil { // a Problem or an error that MapError names goes first
			return none, errors.Join(err, unprocessable(err.Error()))
		}
	}
	return to, nil
}

// read reads the patched document into v. For a struct it must be an object: null would
// be read as a struct of zeros.
func (p MergePatch[T]) read(document any, v *T) error {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if document == nil && t.Kind() == reflect.Struct {
		return unprocessable("the patched document must be an object, not null")
	}
	text, err := json.Marshal(document)
	if err != nil {
		return err
	}
	if p.strict {
		err = p.unknown()
	}
	if err == nil { // what the document had is the service's own, and was not for a client to write
		err = strictjson.Decode(text, v)
	}
	if clear := (*strictjson.Error)(nil); errors.As(err, &clear) {
		return unprocessable("the patched document is not the expected JSON: " + clear.Msg)
	}
	return err
}

// unknown returns the error of a member of the patch that T lacks, or nil.
func (p MergePatch[T]) unknown() error {
	text, err := json.Marshal(p.patch)
	if err != nil {
		return err
	}
	return strictjson.Unknown(text, new(T))
}

// unprocessable returns a 422 with a detail.
func unprocessable(detail string) *Problem {
	return &Problem{Status: http.StatusUnprocessableEntity, Detail: detail}
}

// A patch is a MergePatch, seen without its T.
type patch interface{ beStrict() }

// beStrict makes the patch refuse members that T lacks.
func (p *MergePatch[T]) beStrict() { p.strict = true }
