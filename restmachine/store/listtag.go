// This file makes the entity-tag of a list. Records come in, and the tag of a
// representation that shows them goes out.

package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// ListTag returns the entity-tag of a representation that shows exactly these records, in
// this order. Two lists have the same tag only if they have the same keys at the same
// versions. So any write to a record of the list changes the tag, and so does a record
// that is created or deleted. A write to a record that the list does not show leaves it.
//
// The tag is made of the records themselves, so it is always that of what was read,
// whatever is written meanwhile. It is strong: if the representation also shows something
// else, such as the number of all records, append that by
// [conditional.ETag.WithSuffix].
func ListTag[K, V any](records []Record[K, V]) conditional.ETag {
	h := sha256.New()
	for _, r := range records {
		key := fmt.Sprintf("%#v", r.Key)
		fmt.Fprintf(h, "%d %s %d %d\n", len(key), key, r.Version.Incarnation, r.Version.Number)
	}
	return conditional.ETag(`"` + hex.EncodeToString(h.Sum(nil)[:16]) + `"`)
}
