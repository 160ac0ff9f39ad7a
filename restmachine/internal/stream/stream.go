// Package stream is content that is sent while it is made. In come the values that make
// it: functions that write, sequences, and event streams. Out come the bytes, which an
// Outlet sends. It knows neither requests nor responses.
package stream

import (
	"io"
	"reflect"
)

// This file tells from a type how its values make content.

// A Kind is a way to make content.
type Kind uint8

// The kinds.
const (
	None     Kind = iota // the value is not a stream of this package
	Writes               // func(io.Writer) error and io.WriterTo write themselves
	Sequence             // iter.Seq[T] and iter.Seq2[T, error], as JSON, element by element
	Events               // an event stream
)

var (
	errorType    = reflect.TypeFor[error]()
	readerType   = reflect.TypeFor[io.Reader]()
	writerToType = reflect.TypeFor[io.WriterTo]()
	sourceType   = reflect.TypeFor[source]()
	writerFunc   = reflect.TypeFor[func(io.Writer) error]()
)

// KindOf is how values of type t make content. What can be read is read, also where it could
// write itself.
func KindOf(t reflect.Type) Kind {
	switch {
	case t == nil:
		return None
	case t.Kind() == reflect.Func && t.ConvertibleTo(writerFunc):
		return Writes
	case ElementOf(t) != nil:
		return Sequence
	case t.Implements(sourceType):
		return Events
	case t.Implements(writerToType) && !t.Implements(readerType):
		return Writes
	}
	return None
}

// ElementOf is the T of an iter.Seq[T] and an iter.Seq2[T, error]; nil for every other type.
func ElementOf(t reflect.Type) reflect.Type {
	if t == nil || t.Kind() != reflect.Func || t.NumIn() != 1 || t.NumOut() != 0 || t.IsVariadic() {
		return nil
	}
	yield := t.In(0)
	if yield.Kind() != reflect.Func || yield.IsVariadic() || yield.NumOut() != 1 || yield.Out(0).Kind() != reflect.Bool {
		return nil
	}
	switch {
	case yield.NumIn() == 1, yield.NumIn() == 2 && yield.In(1) == errorType:
		return yield.In(0)
	}
	return nil
}

// WriterOf is a value that writes itself, as a function.
func WriterOf(v any) (write func(io.Writer) error, ok bool) {
	switch v := v.(type) {
	case func(io.Writer) error:
		return v, true
	case io.WriterTo:
		return func(w io.Writer) error {
			_, err := v.WriteTo(w)
			return err
		}, true
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Func && r.CanConvert(writerFunc) {
		return r.Convert(writerFunc).Interface().(func(io.Writer) error), true
	}
	return nil, false
}
