// Package mergepatch applies a JSON Merge Patch (RFC 7396): [Merge] to a
// document, [Carry] what that changed to the Go value that the document shows.
//
// Time is linear in the document and that of sorting in the names of the patch, times
// the depth that they share.
package mergepatch

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// Read is a JSON text as maps, slices and scalars; numbers stay as they are
// written.
func Read(text []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&tree)
	return tree, err
}

// Merge is the target, which it may change and which a t is read from, patched (RFC
// 7396, 2). It shares parts of the patch, and does not change them.
func Merge(target, patch any, t reflect.Type) any {
	members, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for _, said := range slices.Sorted(maps.Keys(members)) { // of two that fold to one, always the same counts
		value := members[said]
		name, typ := member(object, t, said)
		if _, both := members[name]; both && name != said {
			continue // it is there exactly, too
		}
		if value == nil {
			delete(object, name)
		} else {
			object[name] = Merge(object[name], value, typ)
		}
	}
	return object
}
