package restmachine

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
)

// This file has the usual ways to make an entity-tag.

// HashETag is a strong entity-tag by hash of v: of the bytes of a string or
// []byte, else of v as JSON, so that what JSON leaves out does not count. What
// JSON cannot hold panics, and so makes a logged 500. Equal values have equal
// tags on every machine.
func HashETag(v any) string {
	switch v := v.(type) {
	case string:
		return represent.HashTag([]byte(v))
	case []byte:
		return represent.HashTag(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("HashETag cannot write a %s as JSON: %v", reflect.TypeOf(v), err))
	}
	return represent.HashTag(text)
}

// TimeETag is a strong entity-tag of a moment, to the nanosecond; "" for the
// zero time. Two changes at one moment would share it: where the store keeps
// whole seconds, a version makes a better tag, or WeakETag an honest one.
func TimeETag(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return `"` + strconv.FormatInt(t.Unix(), 36) + "." + strconv.FormatInt(int64(t.Nanosecond()), 36) + `"`
}

// WeakETag is the weak form of a tag (RFC 9110, 8.8.1), quoted where it was
// not; "" stays "". A tag that cannot be written is returned as it is, for
// GenerateETag to refuse.
func WeakETag(tag string) string {
	t, err := conditional.Quote(tag)
	if err != nil {
		return tag
	}
	return string(t.Weak())
}
