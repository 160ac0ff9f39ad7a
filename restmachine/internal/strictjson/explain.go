// This file translates errors of encoding/json for clients. An error and the content come
// in. An Error with a sentence for the client goes out. encoding/json writes for
// programmers: "cannot unmarshal number into Go struct field Post.title of type string".
// The client reads: "title" must be a string, not a number.

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
)

// explain translates the error of encoding/json about data. data has passed check.
func explain(err error, data []byte) error {
	var mismatch *json.UnmarshalTypeError
	var badTime *time.ParseError
	var badTarget *json.InvalidUnmarshalError
	switch {
	case errors.As(err, &badTarget):
		return err // the program did not pass a pointer, which a client cannot change
	case errors.As(err, &mismatch):
		return explainMismatch(mismatch, err, data)
	case errors.As(err, &badTime):
		return &Error{fmt.Sprintf("%s is not a date and time like 2006-01-02T15:04:05Z", brief(strings.Trim(badTime.Value, `"`))), err}
	}
	if isUnknown(err) {
		name := strings.TrimPrefix(err.Error(), unknownField)
		if text, err := strconv.Unquote(name); err == nil {
			name = brief(text)
		}
		return &Error{"the name " + name + " is not known here", err}
	}
	return &Error{"the content has a value that is not acceptable", err}
}

// unknownField is the beginning of the only error without a type in encoding/json.
const unknownField = "json: unknown field "

func isUnknown(err error) bool { return err != nil && strings.HasPrefix(err.Error(), unknownField) }

func explainMismatch(e *json.UnmarshalTypeError, cause error, data []byte) error {
	subject := "a value"
	if path, found := locate(data, int(e.Offset)); found {
		if subject = "the content"; path != "" {
			subject = strconv.Quote(path)
		}
	}
	kind, number, _ := strings.Cut(e.Value, " ")
	if want, known := nameOf(e.Type, kind, number); known {
		return &Error{subject + " must be " + want + ", not " + given(kind, number), cause}
	}
	return &Error{subject + " cannot be " + given(kind, number), cause}
}

// given names the value in the content: its kind, or the number itself if the number is
// wrong and short enough to repeat.
func given(kind, number string) string {
	const longest = len("-9223372036854775808.0")
	switch {
	case number != "" && len(number) <= longest:
		return number
	case kind == "array" || kind == "object":
		return "an " + kind
	case kind == "bool":
		return "true or false"
	case number != "":
		return "such a long number"
	}
	return "a " + kind
}

var textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()

// nameOf says in words of JSON what a Go type accepts in place of a value of the given
// kind. number is the wrong number, if there is one. known is false if there are no words
// for t.
func nameOf(t reflect.Type, kind, number string) (words string, known bool) {
	if t == nil { // an unmarshaler made the error without a type
		return "", false
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(textUnmarshaler) {
		return "a string", true
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false", true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		most := uint64(1)<<(t.Bits()-1) - 1
		return wholeNumber(number, "-"+strconv.FormatUint(most+1, 10), most), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return wholeNumber(number, "0", 1<<t.Bits()-1), true
	case reflect.Float32, reflect.Float64:
		if kind == "number" {
			return "a smaller number", true
		}
		return "a number", true
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return "a number", true
		}
		return "a string", true
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 { // bytes, in base64
			return "a string", true
		}
		return "an array", true
	case reflect.Array:
		return "an array", true
	case reflect.Map, reflect.Struct:
		return "an object", true
	}
	return "", false
}

// wholeNumber states the bounds only if the client sent a whole number outside them.
func wholeNumber(number, least string, most uint64) string {
	digits := strings.TrimPrefix(number, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return "a whole number"
	}
	return fmt.Sprintf("a whole number from %s to %d", least, most)
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
