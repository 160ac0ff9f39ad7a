// This file carries a change of JSON over to a Go value. The value and two readings of
// its JSON come in, before and after the change. The value is changed only where the two
// differ, because the rest may hold data that JSON does not show.

package mergepatch

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// Carry changes dst where was and now differ. was is read from the JSON of dst, now from
// the changed JSON. dst keeps everything that they have in common.
func Carry(dst, was, now reflect.Value) {
	switch {
	case now.CanInterface() && reflect.DeepEqual(was.Interface(), now.Interface()):
	case now.Kind() == reflect.Struct && !readsItself(now.Type()):
		for i := range now.NumField() {
			Carry(dst.Field(i), was.Field(i), now.Field(i))
		}
	case !now.CanInterface(): // an unexported field, which JSON does not set
	case now.Kind() == reflect.Pointer && !dst.IsNil() && !was.IsNil() && !now.IsNil():
		fresh := reflect.New(now.Type().Elem()) // other values may share what dst points to
		fresh.Elem().Set(dst.Elem())
		Carry(fresh.Elem(), was.Elem(), now.Elem())
		dst.Set(fresh)
	case now.Kind() == reflect.Map:
		carryMembers(dst, was, now)
		dst.Set(now)
	default:
		dst.Set(now)
	}
}

// carryMembers replaces each member of now by the member of dst with its changes.
func carryMembers(dst, was, now reflect.Value) {
	for _, key := range now.MapKeys() {
		held, before := dst.MapIndex(key), was.MapIndex(key)
		if held.IsValid() && before.IsValid() {
			fresh := reflect.New(held.Type()).Elem()
			fresh.Set(held)
			Carry(fresh, before, now.MapIndex(key))
			now.SetMapIndex(key, fresh)
		}
	}
}

// readsItself reports whether t has its own method to read JSON. Then the fields of t do
// not tell how it is read.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
