// Package mergepatch applies a JSON Merge Patch (RFC 7396). [Merge] applies the patch to
// a document. [Carry] applies the resulting change to the Go value behind the document.
//
// The time is linear in the size of the document. In addition, the names of the patch are
// sorted. Both are multiplied by the depth that patch and document share.
package mergepatch

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// Read returns a JSON text as maps, slices and scalars. Numbers stay as they are written.
func Read(text []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&tree)
	return tree, err
}

// Merge returns the patched target (RFC 7396, 2). It may change the target. t is the type
// that the result is decoded into. Where names fold, it is read as encoding/json reads it,
// and otherwise as encoding/json/v2 does. The result shares parts of the patch, and Merge does
// not change the patch.
func Merge(target, patch any, t reflect.Type, fold bool) any {
	members, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for _, said := range slices.Sorted(maps.Keys(members)) { // sorted: if two names fold to one, always the same name counts
		value := members[said]
		name, typ := member(object, t, said, fold)
		if _, both := members[name]; both && name != said {
			continue // the patch also has the exact name
		}
		if value == nil {
			delete(object, name)
		} else {
			object[name] = Merge(object[name], value, typ, fold)
		}
	}
	return object
}
