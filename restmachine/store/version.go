package store

// This file is about versions: which state of a key a record is, and the
// entity-tag that says so to clients.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// A Version names one state of a key. Versions are equal, by ==, only where the
// state is the same one. The zero Version is that of nothing: of a key without a
// record. In that of a record, both parts are positive.
type Version struct {
	// Incarnation tells apart what was created under one key one after the other.
	// A number alone would begin at 1 again, and let a client that has seen the
	// first record overwrite the second one.
	Incarnation int64

	// Number counts the writes since the record was created, from 1.
	Number int64
}

// NewVersion returns the version of a record that is being created: with the
// number 1, and a random incarnation, so that versions also differ from those of
// other processes, and of this one before it was started anew.
func NewVersion() Version { return Version{Incarnation: 1 + rand.Int64N(math.MaxInt64), Number: 1} }

// Next returns the version that follows v. What follows nothing is a NewVersion.
func (v Version) Next() Version {
	if v.IsZero() {
		return NewVersion()
	}
	return Version{v.Incarnation, v.Number + 1}
}

// IsZero reports whether v is the version of nothing.
func (v Version) IsZero() bool { return v == Version{} }

// ETag returns the entity-tag of v, a strong one; "" for the version of nothing.
func (v Version) ETag() conditional.ETag {
	if v.IsZero() {
		return ""
	}
	return conditional.ETag(`"` + v.String() + `"`)
}

// String returns what stands between the quotes of the entity-tag: incarnation
// and number to the base 36, with a hyphen between them.
func (v Version) String() string {
	if v.IsZero() {
		return "nothing"
	}
	return strconv.FormatInt(v.Incarnation, 36) + "-" + strconv.FormatInt(v.Number, 36)
}

// ParseVersion returns the version whose entity-tag is t. It is an error if
// there is none: where t is weak, or the tag of a variant, as
// [conditional.ETag.WithSuffix] makes them, or was not made by ETag at all.
func ParseVersion(t conditional.ETag) (Version, error) {
	incarnation, number, _ := strings.Cut(t.Opaque(), "-")
	var v Version
	v.Incarnation, _ = strconv.ParseInt(incarnation, 36, 64)
	v.Number, _ = strconv.ParseInt(number, 36, 64)
	// Comparing the tags refuses all that went wrong, and each other spelling.
	if v.Incarnation <= 0 || v.Number <= 0 || v.ETag() != t {
		return Version{}, fmt.Errorf("store: %.100q is not the entity-tag of a version", string(t))
	}
	return v, nil
}
