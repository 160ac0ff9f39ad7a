// This file translates errors of the library for clients. An error and the content come in.
// An Error with a sentence for the client goes out. The library writes for programmers:
// "cannot unmarshal JSON number into Go string within \"/title\"". The client reads: "title"
// must be a string, not a number.

package strictjson

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// explain translates the error of the library about data. data is JSON.
func explain(err error, data []byte) error {
	var said *jsonv2.SemanticError
	if !errors.As(err, &said) {
		return notJSON(err)
	}
	if said.JSONKind == 0 && said.ByteOffset <= int64(len(data)) {
		said.JSONKind = jsontext.Value(data[said.ByteOffset:]).Kind()
	}
	var badTime *time.ParseError
	var inner *json.UnmarshalTypeError // of an unmarshaler that calls encoding/json
	subject, reason := "", ""
	switch {
	case errors.Is(said.Err, jsonv2.ErrUnknownName):
		subject, reason = "the name "+brief(said.JSONPointer.LastToken()), "is not known here"
	case errors.As(said.Err, &badTime):
		subject, reason = brief(strings.Trim(badTime.Value, `"`)), "is not a date and time like "+layout(badTime)
	case errors.As(said.Err, &inner):
		kind, number, _ := strings.Cut(inner.Value, " ")
		subject, reason = "a value", mismatch(inner.Type, kind, number)
	case said.JSONKind == ']' && said.GoType.Kind() == reflect.Array:
		subject, reason = subjectOf(said, data), fmt.Sprintf("must have exactly %d elements", said.GoType.Len())
	case isAmbiguous(said):
		subject, reason = "the name "+brief(said.JSONPointer.LastToken()), "may mean several"
	case isMismatch(said):
		subject, reason = subjectOf(said, data), mismatch(said.GoType, kindNames[said.JSONKind], string(said.JSONValue))
	default:
		return &Error{"the content has a value that is not acceptable", string(said.JSONPointer), "is not acceptable", err}
	}
	return &Error{subject + " " + reason, string(said.JSONPointer), reason, err}
}

// layout is how a time should have been written. time.Time reads RFC 3339; a type of the user reads what it
// likes, such as 2006-01-02.
func layout(bad *time.ParseError) string {
	if strings.Contains(bad.Layout, time.RFC3339) {
		return "2006-01-02T15:04:05Z"
	}
	return bad.Layout
}

var kindNames = map[jsontext.Kind]string{
	'"': "string", '0': "number", 't': "bool", 'f': "bool", 'n': "null", '{': "object", '[': "array",
}

// isAmbiguous reports whether a name has the case of none of the fields that it may mean.
func isAmbiguous(said *jsonv2.SemanticError) bool {
	t := said.GoType
	return t != nil && t.Kind() == reflect.Struct && said.JSONKind == '"' && said.Err != nil && !implements(t, ownReaders)
}

// isMismatch reports whether the kind of a value, or its size, is all that is wrong.
func isMismatch(said *jsonv2.SemanticError) bool {
	t := said.GoType
	switch {
	case t == nil:
		return false
	case said.Err == nil, errors.Is(said.Err, strconv.ErrRange), errors.Is(said.Err, strconv.ErrSyntax):
		return true
	case t.Kind() == reflect.Interface:
		return true
	}
	return said.JSONKind != '"' && readsText(t) && !implements(t, ownReaders[:2])
}

// readsText reports whether values of t are read from text, by a method.
func readsText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// mismatch says that a value of the given kind is not what t wants. value is the wrong
// number or string, if there is one.
func mismatch(t reflect.Type, kind, value string) string {
	is := given(kind, value)
	want := nameOf(t, kind, value)
	switch want {
	case "":
		return "cannot be " + is
	case is, "a whole number":
		if kind == "number" && value == "" || want == is {
			want += " in quotes" // the field has the option string
		}
	}
	return "must be " + want + ", not " + is
}

// given names the value in the content: its kind, or the value itself if it is wrong and
// short enough to repeat.
func given(kind, value string) string {
	const longest = len("-9223372036854775808.0")
	switch {
	case kind == "string" && value != "":
		text, err := jsontext.AppendUnquote(nil, value)
		if err != nil { // encoding/json has taken off the quotes
			return brief(value)
		}
		return brief(text)
	case value != "" && len(value) <= longest:
		return value
	case kind == "array" || kind == "object":
		return "an " + kind
	case kind == "bool":
		return "true or false"
	case value != "":
		return "such a long number"
	}
	return "a " + kind
}

// nameOf says in words of JSON what a Go type accepts in place of a value of the given
// kind. number is the wrong number, if there is one. "" means that there are no words for t.
func nameOf(t reflect.Type, kind, number string) string {
	if t == nil { // an unmarshaler made the error without a type
		return ""
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == timeType || readsText(t) {
		return "a string"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		most := uint64(1)<<(t.Bits()-1) - 1
		return wholeNumber(number, "-"+strconv.FormatUint(most+1, 10), most)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return wholeNumber(number, "0", 1<<t.Bits()-1)
	case reflect.Float32, reflect.Float64:
		if kind == "number" && number != "" {
			return "a smaller number"
		}
		return "a number"
	case reflect.String:
		if t == numberType || t == reflect.TypeFor[jsonv1.Number]() {
			return "a number"
		}
		return "a string"
	case reflect.Slice, reflect.Array:
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 { // bytes, in base64
			return "a string"
		}
		return "an array"
	case reflect.Map, reflect.Struct:
		return "an object"
	}
	return ""
}

// wholeNumber states the bounds only if the client sent a whole number outside them.
func wholeNumber(number, least string, most uint64) string {
	digits := strings.TrimPrefix(number, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return "a whole number"
	}
	return fmt.Sprintf("a whole number from %s to %d", least, most)
}

// subjectOf names the value that an error is about, by its path in the client's words:
// items[2].title. Of a long path it has only the end, which is the most useful part.
func subjectOf(said *jsonv2.SemanticError, data []byte) string {
	const most = 8
	var steps []string
	arrays := arraysAround(data, said.ByteOffset)
	for step := range said.JSONPointer.Tokens() {
		if i := len(steps); i < len(arrays) && arrays[i] {
			steps = append(steps, "["+step+"]")
		} else {
			steps = append(steps, "."+shorten(step))
		}
	}
	switch {
	case len(steps) == 0:
		return "the content"
	case len(steps) > most:
		return strconv.Quote("…" + strings.Join(steps[len(steps)-most:], ""))
	}
	return strconv.Quote(strings.TrimPrefix(strings.Join(steps, ""), "."))
}

// arraysAround reports of each object and array around an offset of data, the outermost
// first, whether it is an array. A JSON Pointer does not tell.
func arraysAround(data []byte, offset int64) (are []bool) {
	d := jsontext.NewDecoder(strings.NewReader(string(data)), jsontext.AllowDuplicateNames(true))
	for d.InputOffset() < offset {
		if _, err := d.ReadToken(); err != nil {
			break
		}
	}
	for level := 1; level <= d.StackDepth(); level++ {
		kind, _ := d.StackIndex(level)
		are = append(are, kind == '[')
	}
	return are
}

// brief quotes text, shortened to fit a message.
func brief[T ~string | ~[]byte](text T) string { return strconv.Quote(shorten(text)) }

// shorten cuts valid UTF-8 at a length that fits a message.
func shorten[T ~string | ~[]byte](text T) string {
	const longest = 64
	if len(text) <= longest {
		return string(text)
	}
	end := longest
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return string(text[:end]) + "…"
}
