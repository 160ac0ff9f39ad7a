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

// This file makes entity-tags for GenerateETag. In comes a value, a moment or a tag.
// Out comes the text of a tag. HTTP lets a server choose its tags (RFC 9110, 8.8.3),
// and these are the usual ways.

// HashETag returns a strong entity-tag by hash of v: of the bytes of a string or
// []byte, else of v as encoding/json writes it, so that what JSON leaves out does not
// count. Equal values have equal tags on every machine. A value that JSON cannot hold
// panics; in a callback that is a logged 500.
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

// TimeETag returns a strong entity-tag of a moment, to the nanosecond, and "" for the
// zero time. Two changes at one moment would share it: where the store keeps whole
// seconds, use a version, or make the tag weak by [WeakETag].
func TimeETag(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return `"` + strconv.FormatInt(t.Unix(), 36) + "." + strconv.FormatInt(int64(t.Nanosecond()), 36) + `"`
}

// WeakETag returns the weak form of a tag (RFC 9110, 8.8.1), and quotes a tag that is
// not quoted. "" stays "". A text that a tag cannot hold is returned as it is, and
// GenerateETag refuses it.
func WeakETag(tag string) string {
	t, err := conditional.Quote(tag)
	if err != nil {
		return tag
	}
	return string(t.Weak())
}
