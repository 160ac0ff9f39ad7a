// Package strictjson reads JSON content so that all readers must agree about it (RFC 8259;
// the limits are those of I-JSON, RFC 7493), and writes values as JSON. Content and the
// type that it is read into come in. A value goes out, or an [Error] with words for the
// client.
//
// The work is done by encoding/json/v2, which can be told to mean what encoding/json means:
// tags, methods, names in any case. What v2 leaves open is decided here. No object has a
// name twice, however it is written. Objects and arrays nest 100 levels deep at most.
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
	"errors"
	"reflect"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// MaxDepth is the highest number of objects and arrays around a value.
const MaxDepth = 100

// Rules say how JSON is read and written.
type Rules struct {
	V2     bool // what encoding/json/v2 means by tags and types, and not what encoding/json means
	Strict bool // a name that no field has is refused
}

// Error says what is wrong with the content. The mistake is the client's, and Error() is
// written for the client: one sentence, without Go names.
type Error struct {
	Msg string // without a full stop

	// Of content that is JSON, but not of its type: the JSON Pointer of the first value that does
	// not fit (RFC 6901), and Msg without a word for that value. Else both are empty.
	Pointer, Reason string

	cause error
}

// NotExpected stands in front of a Msg.
const NotExpected = "the content is not the expected JSON: "

func (e *Error) Error() string { return e.Msg }

// Unwrap returns the error of the library or of an unmarshaler, if this error is a
// translation of it. That error may name Go types and is not for clients.
func (e *Error) Unwrap() error { return e.cause }

// A Reader reads JSON into values of one type. Many goroutines may use it.
type Reader struct {
	Rules   Rules
	checked bool           // the library does not compare all names, so each content is checked first
	deep    bool           // values of the type may nest too deep, and so may what the library then reads
	try     jsonv2.Options // refuses all that is odd
	read    jsonv2.Options // for content that was checked
	trust   jsonv2.Options // for content of the service's own
}

type readerKey struct {
	t     reflect.Type
	rules Rules
}

var readers sync.Map // of *Reader by readerKey

// For returns the reader of a type. A type that it cannot read is found by [Rules.Unreadable].
func (r Rules) For(t reflect.Type) *Reader {
	if known, ok := readers.Load(readerKey{t, r}); ok {
		return known.(*Reader)
	}
	made, _ := readers.LoadOrStore(readerKey{t, r}, r.newReader(t))
	return made.(*Reader)
}

func (r Rules) newReader(t reflect.Type) *Reader {
	traits := traitsOf(t)
	base := []jsonv2.Options{jsonv2.DefaultOptionsV2()}
	if !r.V2 {
		base = []jsonv2.Options{
			jsonv1.DefaultOptionsV1(),
			jsontext.AllowDuplicateNames(false),
			jsontext.AllowInvalidUTF8(false),
			jsonv1.ReportErrorsWithLegacySemantics(false), // or v2 would read everything twice
			jsonv1.StringifyWithLegacySemantics(traits.quoted),
		}
	}
	switch {
	case traits.quoted && !r.V2:
		base = append(base, jsonv2.WithUnmarshalers(jsonv2.JoinUnmarshalers(readNumber, readQuoted)))
	case traits.numbers:
		base = append(base, jsonv2.WithUnmarshalers(readNumber))
	}
	with := func(more ...jsonv2.Options) jsonv2.Options {
		return jsonv2.JoinOptions(jsonv2.JoinOptions(base...), jsonv2.JoinOptions(more...))
	}
	return &Reader{
		Rules:   r,
		checked: traits.open && !r.V2,
		deep:    traits.deep,
		try:     with(jsonv2.RejectUnknownMembers(true)),
		read:    with(jsonv2.RejectUnknownMembers(r.Strict)),
		trust:   with(jsontext.AllowDuplicateNames(true)),
	}
}

// readNumber reads a json.Number as the library reads its own type of that name.
var readNumber = jsonv2.UnmarshalFromFunc(func(d *jsontext.Decoder, n *json.Number) error {
	if in, i := d.StackIndex(d.StackDepth()); in == '{' && i%2 == 0 {
		return errors.ErrUnsupported // a name, which is any string
	}
	return (*jsonv1.Number)(n).UnmarshalJSONFrom(d)
})

// readQuoted reads numbers in quotes as JSON numbers, in types for which the library would
// read them as Go does: Infinity, +1 or 0x1p-2.
var readQuoted = jsonv2.JoinUnmarshalers(
	jsonv2.UnmarshalFromFunc(readPlain[int]), jsonv2.UnmarshalFromFunc(readPlain[int8]), jsonv2.UnmarshalFromFunc(readPlain[int16]),
	jsonv2.UnmarshalFromFunc(readPlain[int32]), jsonv2.UnmarshalFromFunc(readPlain[int64]), jsonv2.UnmarshalFromFunc(readPlain[uint]),
	jsonv2.UnmarshalFromFunc(readPlain[uint8]), jsonv2.UnmarshalFromFunc(readPlain[uint16]), jsonv2.UnmarshalFromFunc(readPlain[uint32]),
	jsonv2.UnmarshalFromFunc(readPlain[uint64]), jsonv2.UnmarshalFromFunc(readPlain[float32]), jsonv2.UnmarshalFromFunc(readPlain[float64]),
)

func readPlain[T any](d *jsontext.Decoder, n *T) error {
	if legacy, _ := jsonv2.GetOption(d.Options(), jsonv1.StringifyWithLegacySemantics); !legacy {
		return errors.ErrUnsupported
	}
	return jsonv2.UnmarshalDecode(d, n, jsonv1.StringifyWithLegacySemantics(false))
}

// Read stores data in what into points to, which is zero before. data must be one JSON
// value, with only white space around it. The error is an *Error.
//
// Most content is read in one pass. It is read again, with care, where something in it is
// odd: a mistake, a name that no field has, or a type whose names the library does not
// compare as we do.
func (r *Reader) Read(data []byte, into any) error {
	if !r.checked && (!r.deep || isShallow(data)) {
		if jsonv2.Unmarshal(data, into, r.try) == nil {
			return nil
		}
		reflect.ValueOf(into).Elem().SetZero()
	}
	if err := check(data, !r.Rules.V2); err != nil {
		return err
	}
	if err := jsonv2.Unmarshal(data, into, r.read); err != nil {
		return explain(err, data)
	}
	return nil
}

// Trust is like Read, for JSON of the service's own: names may occur twice, and values may
// nest.
func (r *Reader) Trust(data []byte, into any) error {
	if err := jsonv2.Unmarshal(data, into, r.trust); err != nil {
		return explain(err, data)
	}
	return nil
}

// Unknown returns an error if data has a name that no field of into has. It does not say
// whether the rest of data fits.
func (r *Reader) Unknown(data []byte, into any) error {
	if err := jsonv2.Unmarshal(data, into, r.trust, jsonv2.RejectUnknownMembers(true)); errors.Is(err, jsonv2.ErrUnknownName) {
		return explain(err, data)
	}
	return nil
}

// isShallow reports whether data, if it is JSON, does not nest too deep. Counting comes
// first, since it is cheap, and enough for most content.
func isShallow(data []byte) bool {
	if bytes.Count(data, []byte{'{'})+bytes.Count(data, []byte{'['}) <= MaxDepth {
		return true
	}
	depth, inString := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			inString = !inString
		case inString:
			if c == '\\' {
				i++ // an escaped quote does not end the string
			}
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return false
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return true
}
