// Package mergepatch applies a JSON Merge Patch (RFC 7396): [Merge] to a
// document, [Carry] what that changed to the Go value that the document shows.
//
// Time is linear in the document and the patch, times the depth that they share.
package mergepatch

import (
	"bytes"
	"encoding/json"
)

// Read is a JSON text as maps, slices and scalars; numbers stay as they are
// written.
func Read(text []byte) (tree any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&tree)
	return tree, err
}

// Merge is the target, which it may change, patched (RFC 7396, 2). It shares
// parts of the patch, and does not change them.
func Merge(target, patch any) any {
	members, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, value := range members {
		if value == nil {
			delete(object, name)
		} else {
			object[name] = Merge(object[name], value)
		}
	}
	return object
}
