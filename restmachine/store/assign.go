package store

// This file is about types whose values an assignment copies as a whole. Where
// it does not, who changes a slice that Get returned would change what is
// stored, and its version would not.

import (
	"fmt"
	"reflect"
	"time"
)

// assignable returns why an assignment does not copy a V.
func assignable[V any]() error {
	t := reflect.TypeFor[V]()
	path, shared := sharing(t)
	if shared == nil {
		return nil
	}
	return fmt.Errorf("store: a Memory of %v needs a Clone: copies would share %v%s, a %v", t, t, path, shared)
}

// sharing returns the first part of a t that its copies would share, and the way
// there; nil if there is none. It ends, since no type contains itself but by a
// reference.
func sharing(t reflect.Type) (path string, shared reflect.Type) {
	if t == reflect.TypeFor[time.Time]() {
		return "", nil // its pointer is to a time zone, which nobody changes
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			if path, shared := sharing(field.Type); shared != nil {
				return "." + field.Name + path, shared
			}
		}
		return "", nil
	case reflect.Array:
		path, shared := sharing(t.Elem())
		return "[0]" + path, shared
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.UnsafePointer,
		reflect.Interface, reflect.Func, reflect.Chan:
		return "", t
	}
	return "", nil
}
