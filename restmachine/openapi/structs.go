package openapi

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// This file writes the schemas of structs. In comes a struct type. Out come the members that
// encoding/json reads and writes, by its rules for names, tags and embedded structs.

// structure is the schema of a struct.
func (s *schemas) structure(t reflect.Type) object {
	properties, required := object{}, []string{}
	for _, f := range fieldsOf(t) {
		said, needed := s.promoted(t, f)
		if properties[f.name] = said; said == nil {
			properties[f.name] = s.member(f)
		}
		if needed && !f.optional {
			required = append(required, f.name)
		} else if said != nil {
			continue
		} else if !s.input && !f.isOmitted(s.rules.V2) || s.tagged && s.input && isRequired(f.Tag.Get("validate")) {
			required = append(required, f.name)
		}
	}
	schema := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		slices.Sort(required)
		schema["required"] = required
	}
	if s.input && s.rules.Strict {
		schema["additionalProperties"] = false
	}
	return schema
}

// member is the schema of one member, with what its tag `doc:"…"` says.
func (s *schemas) member(f field) object {
	var schema object
	switch {
	case f.quoted():
		schema = object{"type": "string"}
		set(schema, "pattern", quotedPattern(bare(f.Type)))
		if s.input || f.Type.Kind() == reflect.Pointer && !f.omitsNil(s.rules.V2) {
			schema = nullable(schema)
		}
	case !s.input && f.omitsNil(s.rules.V2):
		schema = s.of(bare(f.Type))
	default:
		schema = s.value(f.Type)
	}
	if s.tagged && s.input {
		schema = validated(schema, f.Type, f.Tag.Get("validate"))
	}
	if doc := f.Tag.Get("doc"); doc != "" {
		schema["description"] = doc
	}
	return schema
}

// quotedPattern is what stands in the quotes of a field that has the option string.
func quotedPattern(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return `^(true|false)$`
	case reflect.String:
		return `^".*"$`
	case reflect.Float32, reflect.Float64:
		return numberPattern
	}
	return wholePattern(t)
}

// wholePattern is how a whole number of type t is written.
func wholePattern(t reflect.Type) string {
	digits := len(strconv.FormatUint(1<<t.Bits()-1, 10)) // more is too much in any case
	if t.Kind() < reflect.Uint {
		return fmt.Sprintf(`^(0|-?[1-9][0-9]{0,%d})$`, digits-1)
	}
	return fmt.Sprintf(`^(0|[1-9][0-9]{0,%d})$`, digits-1)
}

// A field is one of a struct as encoding/json sees it.
type field struct {
	reflect.StructField
	name     string
	options  []string // of its tag json
	tagged   bool     // the tag names it
	optional bool     // it is promoted through a pointer, which may be nil
	depth    int
}

// isOmitted reports whether a member is left out where its value is empty.
func (f field) isOmitted(v2 bool) bool { return f.optional || f.omitsNil(v2) }

// omitsNil reports whether the options of the field leave out a value that is empty, nil above
// all.
func (f field) omitsNil(v2 bool) bool {
	if slices.Contains(f.options, "omitzero") {
		return true
	}
	return slices.Contains(f.options, "omitempty") && (v2 || canBeEmpty(f.Type))
}

// canBeEmpty reports whether encoding/json calls a value of type t empty.
func canBeEmpty(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Complex64, reflect.Complex128, reflect.Chan, reflect.Func:
		return false
	case reflect.Array:
		return t.Len() == 0
	}
	return true
}

// quoted reports whether a scalar is written in quotes.
func (f field) quoted() bool {
	if !slices.Contains(f.options, "string") {
		return false
	}
	switch t := bare(f.Type); t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64:
		return true
	default:
		return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uintptr
	}
}

// fieldsOf are the fields that encoding/json knows: of one name the shallowest, and there the
// one that is tagged; none where that does not decide.
func fieldsOf(t reflect.Type) []field {
	all := collect(t, field{}, []reflect.Type{t})
	return slices.DeleteFunc(slices.Clone(all), func(f field) bool {
		return slices.ContainsFunc(all, func(o field) bool { return o.name == f.name && o.hides(f) })
	})
}

// hides reports whether o keeps another field of its name from being known.
func (f field) hides(o field) bool {
	switch {
	case slices.Equal(f.Index, o.Index):
		return false
	case f.depth != o.depth:
		return f.depth < o.depth
	}
	return f.tagged || !o.tagged
}

// collect are the fields of t and of the structs that it embeds. by is the embedded field that
// leads to t, and seen the structs on the way.
func collect(t reflect.Type, by field, seen []reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := newField(t.Field(i), by)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.Tag.Get("json") == "-":
		case f.Anonymous && !f.tagged && inner.Kind() == reflect.Struct:
			if !slices.Contains(seen, inner) {
				f.optional = f.optional || f.Type.Kind() == reflect.Pointer
				f.depth++
				all = append(all, collect(inner, f, append(slices.Clone(seen), inner))...)
			}
		case f.IsExported():
			all = append(all, f)
		}
	}
	return all
}

func newField(of reflect.StructField, by field) field {
	name, options, _ := strings.Cut(of.Tag.Get("json"), ",")
	f := field{StructField: of, name: strings.Trim(name, "'"), options: strings.Split(options, ","), tagged: name != "",
		optional: by.optional, depth: by.depth}
	f.Index = append(slices.Clone(by.Index), of.Index...)
	if name == "" {
		f.name = of.Name
	}
	return f
}
