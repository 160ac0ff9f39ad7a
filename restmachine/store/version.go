// This file holds versions. A version says which state of a key a record is. It becomes
// an entity-tag for clients, and an entity-tag becomes a version again.

package store

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// A Version names one state of a key. Two versions are equal, by ==, only if the state is
// the same. A key without a record has the zero Version. In the version of a
// record, both parts are positive.
type Version struct {
	// Incarnation distinguishes records that were created under one key one after the
	// other. A number alone would begin at 1 again. Then a client that has seen the first
	// record could overwrite the second.
	Incarnation int64

	// Number grows with each write of the record. Next counts the writes, from 1. A store
	// that numbers all of its writes may use this number instead.
	Number int64
}

// NewVersion returns the version of a record that is created now. Its number is 1, and
// its incarnation is random. It therefore differs from the versions of other processes,
// and from those of this process before a restart.
func NewVersion() Version { return Version{Incarnation: 1 + rand.Int64N(math.MaxInt64), Number: 1} }

// Next returns the version after v. After the zero Version it returns a NewVersion.
func (v Version) Next() Version {
	if v.IsZero() {
		return NewVersion()
	}
	return Version{v.Incarnation, v.Number + 1}
}

// IsZero reports whether v is the version of a key without a record.
func (v Version) IsZero() bool { return v == Version{} }

// ETag returns the entity-tag of v, which is strong, or "" for the zero Version.
func (v Version) ETag() conditional.ETag {
	if v.IsZero() {
		return ""
	}
	return conditional.ETag(`"` + v.String() + `"`)
}

// String returns the text between the quotes of the entity-tag: incarnation and number in
// base 36, with a hyphen between them.
func (v Version) String() string {
	if v.IsZero() {
		return "nothing"
	}
	return strconv.FormatInt(v.Incarnation, 36) + "-" + strconv.FormatInt(v.Number, 36)
}

// ParseVersion returns the version whose entity-tag is t. It is an error if t is not the
// entity-tag of a version. A weak tag and the tag of a variant, which
// [conditional.ETag.WithSuffix] makes, are such errors.
func ParseVersion(t conditional.ETag) (Version, error) {
	incarnation, number, _ := strings.Cut(t.Opaque(), "-")
	var v Version
	v.Incarnation, _ = strconv.ParseInt(incarnation, 36, 64)
	v.Number, _ = strconv.ParseInt(number, 36, 64)
	// Comparing the tags refuses everything that could not be read, and other spellings.
	if v.Incarnation <= 0 || v.Number <= 0 || v.ETag() != t {
		return Version{}, fmt.Errorf("store: %.100q is not the entity-tag of a version", string(t))
	}
	return v, nil
}
