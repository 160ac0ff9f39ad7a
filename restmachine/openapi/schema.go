package openapi

import (
	"encoding"
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file writes schemas (JSON Schema 2020-12). In comes a type, and whether its values are
// read or written. Out comes the schema of exactly the JSON that the App reads or writes: see
// the page on JSON in the guide.

// schemas are those of one document.
type schemas struct {
	names map[key]string // of the components
	made  map[key]object
	rules restmachine.JSONRules
	input bool // values are read, and not written

	tagged bool // what is read is validated by tags, too

	problem bool // some errors are problem details

	wrong []string // what no schema can be made of, and what to do
}

func newSchemas(names map[key]string) *schemas {
	return &schemas{names: names, made: map[key]object{}}
}

// components are the schemas that have a name.
func (s *schemas) components() object {
	all := object{}
	if s.problem {
		all["Problem"] = problemSchema()
	}
	for k, made := range s.made {
		all[s.names[k]] = made
	}
	return all
}

// read is the schema of content that is read as a t.
func (s *schemas) read(t reflect.Type) object {
	s.input = true
	defer func() { s.input = false }()
	return s.of(bare(t)) // the content itself is not null
}

// patch is the schema of a JSON Merge Patch for a t (RFC 7396): null removes, and what is left
// out stays. Arrays are replaced whole. So it is what a t is read from; and null itself, where
// that is a t.
func (s *schemas) patch(t reflect.Type) object {
	schema := s.read(t)
	if bare(t).Kind() == reflect.Struct {
		return schema
	}
	return nullable(schema)
}

// written is the schema of content that a t is written as. A nil pointer has none, and a nil
// slice is an empty one.
func (s *schemas) written(t reflect.Type) object {
	if s.rules.OwnEncoder {
		return object{}
	}
	return s.of(bare(t))
}

// bare is t without its pointers.
func bare(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// value is the schema of a t inside of something else, where null may stand for it: a nil
// pointer is written so, and whatever is read takes null for no value.
func (s *schemas) value(t reflect.Type) object {
	schema := s.of(bare(t))
	if s.input || t.Kind() == reflect.Pointer {
		return nullable(schema)
	}
	return schema
}

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	numberType   = reflect.TypeFor[json.Number]()
	bigType      = reflect.TypeFor[big.Int]()

	jsonWriter = reflect.TypeFor[json.Marshaler]()
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
	textWriter = reflect.TypeFor[encoding.TextMarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
	enumerated = reflect.TypeFor[interface{ Enum() []any }]()
	described  = reflect.TypeFor[interface{ JSONSchema() []byte }]()
)

// implements reports whether t or a pointer to it has the methods of an interface.
func implements(t, of reflect.Type) bool {
	return t.Kind() != reflect.Interface && (t.Implements(of) || reflect.PointerTo(t).Implements(of))
}

// of is the schema of a t that is there. t is not a pointer.
func (s *schemas) of(t reflect.Type) object {
	switch {
	case t.Kind() == reflect.Pointer:
		return s.value(t)
	case s.says(t, described):
		return ownSchema(t)
	case s.says(t, enumerated):
		schema := s.kind(t)
		schema["enum"] = reflect.New(t).Interface().(interface{ Enum() []any }).Enum()
		return schema
	case s.isNamed(t):
		return s.component(t)
	}
	return s.kind(t)
}

// ownSchema is the schema that a type gives of itself.
func ownSchema(t reflect.Type) object {
	schema := object{}
	if err := json.Unmarshal(reflect.New(t).Interface().(interface{ JSONSchema() []byte }).JSONSchema(), &schema); err != nil {
		return object{}
	}
	return schema
}

// isNamed reports whether a t gets a component: it has a name, and parts. What says by itself
// how it is written does not.
func (s *schemas) isNamed(t reflect.Type) bool {
	if t.Name() == "" || t.PkgPath() == "" || s.isText(t) || s.isOpaque(t) || t == timeType || t == bigType || isBytes(t) {
		return false
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Slice, reflect.Map, reflect.Array:
		return true
	}
	return false
}

// component is a reference to the schema of a named type.
func (s *schemas) component(t reflect.Type) object {
	k := key{t, s.input}
	if s.made[k] == nil {
		s.made[k] = object{} // for those inside that refer to it
		for name, member := range s.kind(t) {
			s.made[k][name] = member
		}
	}
	return reference("schemas", s.names[k])
}

func reference(kind, name string) object { return object{"$ref": "#/components/" + kind + "/" + name} }

// isOpaque reports whether only a method of t knows the JSON.
func (s *schemas) isOpaque(t reflect.Type) bool {
	if s.input {
		return implements(t, jsonReader)
	}
	return implements(t, jsonWriter)
}

// isText reports whether a method of t makes its JSON a string.
func (s *schemas) isText(t reflect.Type) bool {
	if s.input {
		return implements(t, textReader)
	}
	return implements(t, textWriter)
}

// isBytes reports whether a t is written as base64.
func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && !implements(t.Elem(), jsonWriter) && !implements(t.Elem(), textWriter)
}

// kind is the schema of a t without regard to its name.
func (s *schemas) kind(t reflect.Type) object {
	switch {
	case t == timeType:
		return object{"type": "string", "format": "date-time"}
	case t == bigType:
		return object{"type": "integer"}
	case t == numberType && s.input:
		return object{"type": []string{"number", "string"}, "pattern": numberPattern}
	case t == numberType:
		return object{"type": "number"}
	case s.isOpaque(t):
		return object{}
	case s.isText(t):
		return object{"type": "string"}
	case isBytes(t):
		return s.bytes()
	}
	switch t.Kind() {
	case reflect.Slice:
		return object{"type": "array", "items": s.value(t.Elem())}
	case reflect.Array:
		return s.array(t)
	case reflect.Map:
		return s.mapping(t)
	case reflect.Struct:
		return s.structure(t)
	case reflect.Interface:
		if s.input && t.NumMethod() > 0 {
			return object{"type": "null"} // nothing says as what it is read
		}
	}
	schema := scalar(t)
	if t == durationType {
		schema["description"] = "A duration in nanoseconds."
	}
	return schema
}

const numberPattern = `^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`

// bytes is the schema of a []byte. encoding/json reads an array of numbers, too.
func (s *schemas) bytes() object {
	text := object{"type": "string", "contentEncoding": "base64"}
	if s.input && !s.rules.V2 {
		text["type"] = []string{"string", "array"}
		text["items"] = nullable(scalar(reflect.TypeFor[uint8]()))
	}
	return text
}

// array is the schema of a [N]T. encoding/json reads any number of elements.
func (s *schemas) array(t reflect.Type) object {
	if s.rules.V2 && t.Elem().Kind() == reflect.Uint8 {
		return object{"type": "string", "contentEncoding": "base64"}
	}
	schema := object{"type": "array", "items": s.value(t.Elem())}
	if !s.input || s.rules.V2 {
		schema["minItems"], schema["maxItems"] = t.Len(), t.Len()
	}
	return schema
}

// mapping is the schema of a map.
func (s *schemas) mapping(t reflect.Type) object {
	schema := object{"type": "object", "additionalProperties": s.value(t.Elem())}
	if k := t.Key(); !s.isText(k) {
		if kind := k.Kind(); kind >= reflect.Int && kind <= reflect.Uintptr {
			schema["propertyNames"] = object{"pattern": wholePattern(k)}
		}
	}
	return schema
}

// scalar is the schema of a bool, a number or a string; anything for what only the value
// tells.
func scalar(t reflect.Type) object {
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer", "format": "int64"}
	case reflect.Int32:
		return object{"type": "integer", "format": "int32"}
	case reflect.Int8, reflect.Int16:
		return object{"type": "integer", "minimum": -(1 << (t.Bits() - 1)), "maximum": 1<<(t.Bits()-1) - 1}
	case reflect.Uint8, reflect.Uint16:
		return object{"type": "integer", "minimum": 0, "maximum": 1<<t.Bits() - 1}
	case reflect.Uint32:
		return object{"type": "integer", "minimum": 0, "maximum": math.MaxUint32}
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return object{"type": "integer", "minimum": 0, "maximum": uint64(math.MaxUint64)}
	case reflect.Float32:
		return object{"type": "number", "format": "float"}
	case reflect.Float64:
		return object{"type": "number", "format": "double"}
	}
	return object{}
}

// text is the schema of what is read from text: a parameter.
func (s *schemas) text(t reflect.Type) object {
	t = bare(t)
	switch {
	case t == timeType:
		return object{"type": "string", "format": "date-time"}
	case implements(t, described):
		return ownSchema(t)
	}
	schema := scalar(t)
	if implements(t, textReader) || len(schema) == 0 {
		schema = object{"type": "string"}
	}
	if implements(t, enumerated) {
		schema["enum"] = reflect.New(t).Interface().(interface{ Enum() []any }).Enum()
	}
	return schema
}

// nullable is a schema that also takes null.
func nullable(schema object) object {
	if len(schema) == 0 {
		return schema // it takes anything
	}
	_, enumerates := schema["enum"]
	switch t := schema["type"].(type) {
	case string:
		if t == "null" {
			return schema
		}
		if !enumerates {
			schema["type"] = []string{t, "null"}
			return schema
		}
	case []string:
		schema["type"] = append(t, "null")
		return schema
	}
	return object{"anyOf": []any{schema, object{"type": "null"}}}
}

// isJSON reports whether a media type is JSON.
func isJSON(media string) bool {
	media, _, _ = strings.Cut(media, ";")
	media = strings.TrimSpace(strings.ToLower(media))
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
