// This file finds types whose values an assignment does not copy completely. A type comes
// in, and the part that copies would share goes out. Such a type needs a Clone. Otherwise
// a caller could change a slice that Get returned, and thereby change the stored value
// without a new version.

package store

import (
	"fmt"
	"reflect"
	"time"
)

// assignable returns an error that says why an assignment does not copy a V completely,
// or nil.
func assignable[V any]() error {
	t := reflect.TypeFor[V]()
	path, shared := sharing(t)
	if shared == nil {
		return nil
	}
	return fmt.Errorf("store: a Memory of %v needs a Clone: copies would share %v%s, a %v; set its field Clone to a func(%v) %v that copies this too, or that returns its argument if nobody ever changes it",
		t, t, path, shared, t, t)
}

// sharing returns the first part of t that copies would share, and the path to it, or nil
// if there is none. The search ends, because a type can contain itself only through a
// reference.
func sharing(t reflect.Type) (path string, shared reflect.Type) {
	if t == reflect.TypeFor[time.Time]() {
		return "", nil // its pointer leads to a time zone, which nobody changes
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
