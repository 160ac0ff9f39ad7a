// Package validator lets struct tags say which values are valid, by go-playground's validator:
//
//	type Order struct {
//		Email string `json:"email" validate:"required,email"`
//		Items []Item `json:"items" validate:"min=1,dive"`
//	}
//
//	app := restmachine.New(validator.New())
//
// Every value that the App reads from a request is validated: the T of a Body, a Query and a
// Path, and the result of a MergePatch. The client gets all mistakes in one answer, with their
// JSON Pointers, by the names of the json tags. A Validate() error method of the type is called,
// too. Tags that cannot be meant are wiring faults: the App does not start.
//
// This file validates values. types.go looks at types at start, pointer.go says where a mistake
// is, and words.go what it is.
package validator

import (
	"errors"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/restmachine/restmachine-go/restmachine"
)

// New makes the Option of an App whose values are validated by their tags `validate:"…"`. The
// options are those of go-playground's validator. WithRequiredStructEnabled is always there:
// "required" on a struct means that it is not zero.
func New(options ...validator.Option) restmachine.Option {
	return With(validator.New(append([]validator.Option{validator.WithRequiredStructEnabled()}, options...)...))
}

// With is New for a validator that knows more: tags of your own, aliases, validations of whole
// structs. It registers how fields are named: by the tags json, query, path, header and
// cookie, in this order, and else by the field. A tag of your own is called at start, with values
// that it may refuse.
func With(v *validator.Validate) restmachine.Option {
	v.RegisterTagNameFunc(nameOf)
	by := rules{v}
	return restmachine.WithValidator(by.check, by.checkType)
}

// nameOf is the name of a field for a client, "" for the name that Go has for it.
func nameOf(f reflect.StructField) string {
	for _, tag := range []string{"json", "query", "path", "header", "cookie"} {
		if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" && name != "-" {
			return name
		}
	}
	return ""
}

// rules are what a validator knows.
type rules struct{ *validator.Validate }

// check finds what is wrong with a value. Of a slice or map of structs it looks at each.
func (r rules) check(v any) error {
	value, at := reflect.Indirect(reflect.ValueOf(v)), rootName
	var err error
	switch value.Kind() {
	case reflect.Struct:
		err, at = r.Struct(v), value.Type().Name()
	case reflect.Slice, reflect.Array, reflect.Map:
		if structIn(value.Type()) == nil {
			return nil
		}
		err = r.Var(v, "dive"+strings.Repeat(",dive", depthOf(value.Type())-1))
	}
	var found validator.ValidationErrors
	if !errors.As(err, &found) {
		return nil // it is not for this validator: a time, say
	}
	var bad restmachine.Invalid
	for i, one := range found {
		pointer := ""
		if i < mostListed {
			pointer = locate(value, strings.TrimPrefix(one.Namespace(), at))
		}
		bad.Add(pointer, words(one))
	}
	return bad.Err()
}

const (
	rootName   = ""  // of what Var validates
	mostListed = 100 // of an Invalid. To find more places would be in vain.
)

// structIn is the struct type that slices, arrays, maps and pointers lead to, or nil.
func structIn(t reflect.Type) reflect.Type {
	for seen := 0; seen < 8; seen++ {
		switch t.Kind() {
		case reflect.Struct:
			return t
		case reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer:
			t = t.Elem()
		default:
			return nil
		}
	}
	return nil
}

// depthOf is how many slices, arrays and maps stand around the struct in t.
func depthOf(t reflect.Type) (depth int) {
	for ; t.Kind() != reflect.Struct; t = t.Elem() {
		if t.Kind() != reflect.Pointer {
			depth++
		}
	}
	return depth
}
