// Package strictjson reads JSON content in the one way that leaves no two
// readers room to disagree about it (RFC 8259; the limits are those of I-JSON,
// RFC 7493): exactly one value, bounded in depth, in valid UTF-8, no name twice
// in an object. What passes is decoded by encoding/json, so tags and
// unmarshalers work as everywhere else.
//
// Names that differ only in case count as the same name, under the folding of
// encoding/json (unicode.SimpleFold): it would store both in one field, and
// what a gateway in front of the service had checked would be the other one.
//
// Time and memory are linear in the length of the content.
package strictjson

import (
	"bytes"
	"encoding/json"
)

// Error says what is wrong with the content. It is the client's mistake and
// Error() is written for the client: one sentence without a Go name in it.
type Error struct {
	Msg string // without a full stop

	cause error
}

func (e *Error) Error() string { return e.Msg }

// Unwrap returns what encoding/json or an unmarshaler said, if this is a
// translation of it. It may name Go types and is not for clients.
func (e *Error) Unwrap() error { return e.cause }

// Unmarshal stores data, which must be one JSON value with nothing but white
// space around it, in what v points to. A value within maxDepth objects and
// arrays is the deepest allowed; encoding/json allows no more than 10,000
// whatever maxDepth says.
//
// The content's faults are an *Error. Any other error is a fault of v itself.
// What v points to is untouched where the text is at fault, but may be partly
// filled where a value does not fit its Go type.
func Unmarshal(data []byte, v any, maxDepth int) error {
	if err := check(data, maxDepth); err != nil {
		return err
	}
	return Decode(data, v)
}

// Decode is Unmarshal, for data that nobody need distrust.
func Decode(data []byte, v any) error {
	if err := json.Unmarshal(data, v); err != nil {
		return explain(err, data)
	}
	return nil
}

// UnmarshalStrict is Unmarshal, and refuses names that no struct field has.
func UnmarshalStrict(data []byte, v any, maxDepth int) error {
	if err := check(data, maxDepth); err != nil {
		return err
	}
	if err := decodeStrict(data, v); err != nil {
		return explain(err, data)
	}
	return nil
}

// Unknown is the error of a name in data that no field of what v points to has. It
// says nothing of whether the rest would fit.
func Unknown(data []byte, v any) error {
	if err := decodeStrict(data, v); isUnknown(err) {
		return explain(err, data)
	}
	return nil
}

func decodeStrict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
