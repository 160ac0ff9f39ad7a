package mergepatch

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// This file changes a Go value where its JSON was changed, and nowhere else: the
// rest may hold what JSON does not show.

// Carry changes dst by the difference of was and now, which were read from what
// dst wrote and from its changed form. What they have in common dst keeps.
func Carry(dst, was, now reflect.Value) {
	switch {
	case now.CanInterface() && reflect.DeepEqual(was.Interface(), now.Interface()):
	case now.Kind() == reflect.Struct && !readsItself(now.Type()):
		for i := range now.NumField() {
			Carry(dst.Field(i), was.Field(i), now.Field(i))
		}
	case !now.CanInterface(): // unexported: JSON does not set it
	case now.Kind() == reflect.Pointer && !dst.IsNil() && !was.IsNil() && !now.IsNil():
		fresh := reflect.New(now.Type().Elem()) // others may hold what dst points to
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

// carryMembers makes the members of now those of dst with the changes in them.
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

// readsItself reports whether a t has its own way to be read from JSON, so that
// its fields alone do not say what it is.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
