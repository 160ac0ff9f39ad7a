package restmachine

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/mergepatch"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/strictjson"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
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
	patch any
	rules strictjson.Rules // see WithStrictJSON and WithJSONv2

	checks validate.Checks // what the result has to pass, where the App has read the patch
}

// UnmarshalJSON reads a patch. Any JSON value is one.
func (p *MergePatch[T]) UnmarshalJSON(text []byte) (err error) {
	p.patch, err = mergepatch.Read(text)
	return err
}

// Apply returns a copy of to, changed as the patch says. What the patch does not touch
// stays as it was, also what JSON does not show, such as fields tagged json:"-".
// Arrays, and types that have an UnmarshalJSON method, are replaced whole. A result
// that does not fit T, or that its Validate method or [WithValidator] refuses, is a [*Problem] of
// 422, with a pointer to each mistake (see [Invalid]).
// Under [WithStrictJSON], so is a member that T lacks.
func (p MergePatch[T]) Apply(to T) (T, error) {
	var none, was, now T
	reader := p.rules.For(reflect.TypeFor[T]())
	text, err := p.write(to)
	if err != nil {
		return none, err
	}
	if err := reader.Trust(text, &was); err != nil {
		return none, fmt.Errorf("a %T does not read the JSON that it writes: %w", to, errors.Unwrap(err))
	}
	document, err := mergepatch.Read(text)
	if err != nil {
		return none, err
	}
	merged := mergepatch.Merge(document, p.patch, reflect.TypeFor[T](), !p.rules.V2)
	if err := p.read(reader, merged, &now); err != nil {
		return none, err
	}
	mergepatch.Carry(reflect.ValueOf(&to).Elem(), reflect.ValueOf(&was).Elem(), reflect.ValueOf(&now).Elem())
	if err := p.check(to); err != nil {
		return none, err
	}
	return to, nil
}

// check returns what is wrong with a patched value. A Problem, or an error that MapError names,
// goes first.
func (p MergePatch[T]) check(v T) error {
	if wire.IsNil(v) {
		return nil
	}
	checks := p.checks
	if checks == nil {
		checks = validate.Of(reflect.TypeFor[T]())
	}
	var all []error
	var said problem.Faults
	for _, check := range checks {
		err := check(v)
		all = append(all, err)
		said.At("", err)
	}
	if said.Len() == 0 {
		return nil
	}
	return errors.Join(append(all, vocabulary.RefuseFaults(http.StatusUnprocessableEntity, "", plan.BodyPart, &said))...)
}

// write returns a value as JSON.
func (p MergePatch[T]) write(v any) ([]byte, error) {
	var text bytes.Buffer
	err := p.rules.Writer().Append(&text, v)
	return text.Bytes(), err
}

// read reads the patched document into v. For a struct it must be an object: null would
// be read as a struct of zeros.
func (p MergePatch[T]) read(reader *strictjson.Reader, document any, v *T) error {
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if document == nil && t.Kind() == reflect.Struct {
		return misfit("the patched document must be an object, not null", "", "must be an object, not null")
	}
	text, err := p.write(document)
	if err != nil {
		return err
	}
	if p.rules.Strict {
		err = p.unknown(reader)
	}
	if err == nil { // what the document had is the service's own, and was not for a client to write
		err = reader.Trust(text, v)
	}
	if clear := (*strictjson.Error)(nil); errors.As(err, &clear) {
		return misfit("the patched document is not the expected JSON: "+clear.Msg, clear.Pointer, clear.Reason)
	}
	return err
}

// unknown returns the error of a member of the patch that T lacks, or nil.
func (p MergePatch[T]) unknown(reader *strictjson.Reader) error {
	text, err := p.write(p.patch)
	if err != nil {
		return err
	}
	return reader.Unknown(text, new(T))
}

// misfit returns a 422 for a document in which one value is not of its type.
func misfit(detail, at, reason string) error {
	var said problem.Faults
	said.Add(at, reason)
	return vocabulary.RefuseFaults(http.StatusUnprocessableEntity, detail, plan.BodyPart, &said)
}

// A patch is a MergePatch, seen without its T.
type patch interface {
	applyBy(r strictjson.Rules, checks validate.Checks)
}

// applyBy says by which rules the patch is applied, and what its result has to pass.
func (p *MergePatch[T]) applyBy(r strictjson.Rules, checks validate.Checks) {
	p.rules, p.checks = r, checks
}
