// This file writes JSON. A value comes in, its text goes out: the text of encoding/json
// without HTML escapes, but slices and maps that are nil are written empty, and text that is
// not UTF-8 is written with U+FFFD.

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

// A Writer writes values as JSON. Many goroutines may use it.
type Writer struct {
	plain   jsonv2.Options
	numbers jsonv2.Options // for types in which there may be a json.Number
	byType  sync.Map       // whether there may be one, by reflect.Type
}

// writers are those of encoding/json's meaning and of v2's own.
var writers = [2]*Writer{newWriter(false), newWriter(true)}

// Writer returns the writer of the rules.
func (r Rules) Writer() *Writer {
	if r.V2 {
		return writers[1]
	}
	return writers[0]
}

func newWriter(v2 bool) *Writer {
	plain := jsonv2.JoinOptions(jsonv2.DefaultOptionsV2(), jsonv2.Deterministic(true))
	if !v2 {
		plain = jsonv2.JoinOptions(
			jsonv1.DefaultOptionsV1(),
			jsontext.EscapeForHTML(false), // responses say nosniff
			jsonv2.FormatNilSliceAsNull(false),
			jsonv2.FormatNilMapAsNull(false),
		)
	}
	return &Writer{plain: plain, numbers: jsonv2.JoinOptions(plain, writeNumbers)}
}

// writeNumbers writes a json.Number as the library writes its own type of that name.
var writeNumbers = jsonv2.WithMarshalers(jsonv2.MarshalToFunc(func(e *jsontext.Encoder, n json.Number) error {
	if in, i := e.StackIndex(e.StackDepth()); in == '{' && i%2 == 0 {
		return errors.ErrUnsupported // a name, which is any string
	}
	return jsonv1.Number(n).MarshalJSONTo(e)
}))

// Append appends v to dst, as one JSON value. After an error dst may end with a part of it.
func (w *Writer) Append(dst *bytes.Buffer, v any) error {
	return jsonv2.MarshalWrite(dst, v, w.optionsFor(reflect.TypeOf(v)))
}

// For returns what appends values of type t, which is not an interface.
func (w *Writer) For(t reflect.Type) func(dst *bytes.Buffer, v any) error {
	options := w.optionsFor(t)
	return func(dst *bytes.Buffer, v any) error { return jsonv2.MarshalWrite(dst, v, options) }
}

func (w *Writer) optionsFor(t reflect.Type) jsonv2.Options {
	if t == nil {
		return w.plain
	}
	known, ok := w.byType.Load(t)
	if !ok {
		traits := traitsOf(t)
		known = traits.numbers || traits.dynamic
		w.byType.Store(t, known)
	}
	if known.(bool) {
		return w.numbers
	}
	return w.plain
}
