// Package strictjson reads JSON content so that all readers must agree about it (RFC
// 8259; the limits are those of I-JSON, RFC 7493). It accepts exactly one value, with
// limited depth, in valid UTF-8, in which no object has a name twice. encoding/json then
// decodes the content, so tags and unmarshalers work as usual.
//
// Names that differ only in case count as the same name, under the folding of encoding/json
// (unicode.SimpleFold). Otherwise encoding/json would store both in one field. A gateway in
// front of the service could then check one of them, and the service use the other.
//
// Time and memory are linear in the length of the content.
package strictjson

import (
	"bytes"
	"encoding/json"
)

// Error says what is wrong with the content. The mistake is the client's, and Error() is
// written for the client: one sentence, without Go names.
type Error struct {
	Msg string // without a full stop

	cause error
}

func (e *Error) Error() string { return e.Msg }

// Unwrap returns the error of encoding/json or of an unmarshaler, if this error is a
// translation of it. That error may name Go types and is not for clients.
func (e *Error) Unwrap() error { return e.cause }

// Unmarshal stores data in what v points to. data must be one JSON value, with only white
// space around it. maxDepth is the highest number of nested objects and arrays.
// encoding/json allows at most 10,000, even if maxDepth is higher.
//
// A fault of the content is an *Error. Any other error is a fault of v itself. If the
// text is wrong, v is not changed. If a value does not fit its Go type, v may be partly
// filled.
func Unmarshal(data []byte, v any, maxDepth int) error {
	if err := check(data, maxDepth); err != nil {
		return err
	}
	return Decode(data, v)
}

// Decode is like Unmarshal, without the checks. It is for data that can be trusted.
func Decode(data []byte, v any) error {
	if err := json.Unmarshal(data, v); err != nil {
		return explain(err, data)
	}
	return nil
}

// UnmarshalStrict is like Unmarshal, but refuses names that no struct field has.
func UnmarshalStrict(data []byte, v any, maxDepth int) error {
	if err := check(data, maxDepth); err != nil {
		return err
	}
	if err := decodeStrict(data, v); err != nil {
		return explain(err, data)
	}
	return nil
}

// Unknown returns an error if data has a name that no field of v has. It does not say
// whether the rest of data fits.
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
