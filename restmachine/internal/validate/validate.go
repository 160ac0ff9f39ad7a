// Package validate finds what types say of their values. In comes a type. Out come the functions
// that are called with each value: the type's own Validate, or that of its elements; or the
// Validate that was meant, and that nobody calls.
package validate

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/pointer"
	"github.com/restmachine/restmachine-go/restmachine/internal/problem"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// Checks are what a value has to pass. Each is called, whatever the others say.
type Checks []func(v any) error

var validatesType = reflect.TypeFor[validates]()

type validates interface{ Validate() error }

// Of are what a type says of its values: by the Validate method of a T or a *T, or where
// a slice, array or map has none, by that of its elements.
func Of(t reflect.Type) Checks {
	if own := validator(t, map[reflect.Type]bool{}); own != nil {
		return Checks{own}
	}
	return nil
}

func validator(t reflect.Type, seen map[reflect.Type]bool) func(any) error {
	switch {
	case t.Implements(validatesType):
		return func(v any) error { return v.(validates).Validate() }
	case reflect.PointerTo(t).Implements(validatesType):
		return func(v any) error {
			p := reflect.New(t)
			p.Elem().Set(reflect.ValueOf(v))
			return p.Interface().(validates).Validate()
		}
	case seen[t]: // it is made of itself, and of nothing else
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
		if one := validator(t.Elem(), seen); one != nil {
			return func(v any) error { return validateEach(reflect.ValueOf(v), one) }
		}
	case reflect.Pointer:
		if to := validator(t.Elem(), seen); to != nil {
			return func(v any) error { return to(reflect.ValueOf(v).Elem().Interface()) }
		}
	}
	return nil
}

// validateEach lets the elements of a slice, array or map pass a check, in their order. The
// Faults that it returns have them as they were returned.
func validateEach(all reflect.Value, one func(any) error) error {
	var said problem.Faults
	check := func(name string, element reflect.Value) {
		if v := element.Interface(); !wire.IsNil(v) {
			said.At(pointer.Step(name), one(v))
		}
	}
	if all.Kind() != reflect.Map {
		for i := range all.Len() {
			check(fmt.Sprint(i), all.Index(i))
		}
	} else {
		names, elements := make([]string, 0, all.Len()), make(map[string]reflect.Value, all.Len())
		for key, element := range all.Seq2() {
			names = append(names, nameOf(key))
			elements[nameOf(key)] = element
		}
		slices.Sort(names)
		for _, name := range names {
			check(name, elements[name])
		}
	}
	if said.Len() == 0 {
		return nil
	}
	return &said
}

// nameOf is the key of a map as JSON names it.
func nameOf(key reflect.Value) string {
	if by, ok := key.Interface().(encoding.TextMarshaler); ok && key.Kind() != reflect.String {
		if text, err := by.MarshalText(); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(key.Interface())
}

// Misspelt is the method Validate of a type, or of its elements, that is never called, since it
// takes something, or returns something else than an error; "" where there is none.
func Misspelt(t reflect.Type) string {
	for seen := map[reflect.Type]bool{}; !seen[t]; t = t.Elem() {
		seen[t] = true
		of := t
		if t.Kind() != reflect.Interface && t.Kind() != reflect.Pointer {
			of = reflect.PointerTo(t)
		}
		if m, ok := of.MethodByName("Validate"); ok {
			if of.Implements(validatesType) {
				return ""
			}
			return "Validate" + signatureOf(m, t.Kind() != reflect.Interface)
		}
		switch t.Kind() {
		case reflect.Slice, reflect.Array, reflect.Map, reflect.Pointer:
		default:
			return ""
		}
	}
	return ""
}

// signatureOf is what a method takes and returns.
func signatureOf(m reflect.Method, hasReceiver bool) string {
	list := func(n int, at func(int) reflect.Type, from int) string {
		var all []string
		for i := from; i < n; i++ {
			all = append(all, at(i).String())
		}
		return strings.Join(all, ", ")
	}
	from := 0
	if hasReceiver {
		from = 1
	}
	text := "(" + list(m.Type.NumIn(), m.Type.In, from) + ")"
	switch m.Type.NumOut() {
	case 0:
		return text
	case 1:
		return text + " " + m.Type.Out(0).String()
	}
	return text + " (" + list(m.Type.NumOut(), m.Type.Out, 0) + ")"
}
