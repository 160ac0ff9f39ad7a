package restmachine

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// This file fills the structs of Path and Query from text. The fields are read
// once, at start.

type boundField struct {
	name  string
	index []int
	set   func(v reflect.Value, text string) error
	many  bool
}

// fieldsOf reads the tagged fields of a struct type.
func fieldsOf(t reflect.Type, tag string) ([]boundField, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is no struct: write one with fields tagged `%s:\"name\"`", t, tag)
	}
	var all []boundField
	for _, f := range reflect.VisibleFields(t) {
		name, ok := f.Tag.Lookup(tag)
		if !ok || name == "" || name == "-" {
			continue
		}
		if !f.IsExported() {
			return nil, fmt.Errorf("the field %s.%s is tagged `%s:%q` and not exported", t, f.Name, tag, name)
		}
		for i := range f.Index[1:] { // what promotes it
			if by := t.FieldByIndex(f.Index[:i+1]); by.Type.Kind() == reflect.Pointer {
				return nil, fmt.Errorf("the field %s.%s is promoted through the embedded %s, which would be nil; embed the struct itself", t, f.Name, by.Type)
			}
		}
		b := boundField{name: name, index: f.Index, set: setter(f.Type)}
		if b.set == nil && tag == "query" && f.Type.Kind() == reflect.Slice {
			b.set, b.many = setter(f.Type.Elem()), true
		}
		if b.set == nil {
			return nil, fmt.Errorf("the field %s.%s is a %s, which cannot be read from text; give it an UnmarshalText", t, f.Name, f.Type)
		}
		if slices.ContainsFunc(all, func(o boundField) bool { return o.name == name }) {
			return nil, fmt.Errorf("two fields of %s are tagged `%s:%q`", t, tag, name)
		}
		all = append(all, b)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no field of %s is tagged `%s:\"name\"`", t, tag)
	}
	return all, nil
}

var unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()

// setter is how a value of type t is read from text, nil where it is not.
func setter(t reflect.Type) func(reflect.Value, string) error {
	if reflect.PointerTo(t).Implements(unmarshalerType) {
		return func(v reflect.Value, s string) error {
			return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		set := setter(t.Elem())
		if set == nil {
			return nil
		}
		return func(v reflect.Value, s string) error {
			v.Set(reflect.New(t.Elem()))
			return set(v.Elem(), s)
		}
	case reflect.String:
		return func(v reflect.Value, s string) error { v.SetString(s); return nil }
	case reflect.Bool:
		return func(v reflect.Value, s string) error {
			b, err := strconv.ParseBool(s)
			v.SetBool(b)
			return err
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(v reflect.Value, s string) error {
			n, err := strconv.ParseInt(s, 10, t.Bits())
			v.SetInt(n)
			return err
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(v reflect.Value, s string) error {
			n, err := strconv.ParseUint(s, 10, t.Bits())
			v.SetUint(n)
			return err
		}
	case reflect.Float32, reflect.Float64:
		return func(v reflect.Value, s string) error {
			n, err := strconv.ParseFloat(s, t.Bits())
			v.SetFloat(n)
			return err
		}
	}
	return nil
}

// fill makes a T of the texts that values gives for each name; the error names
// the field that does not parse.
func fill(t reflect.Type, fields []boundField, values func(name string) []string) (any, error) {
	v := reflect.New(t).Elem()
	for _, f := range fields {
		texts := values(f.name)
		if len(texts) == 0 {
			continue
		}
		field := v.FieldByIndex(f.index)
		if !f.many {
			if len(texts) > 1 {
				return nil, fmt.Errorf("%s is there more than once", f.name)
			}
			if f.set(field, texts[0]) != nil {
				return nil, unreadable(f.name, texts[0])
			}
			continue
		}
		list := reflect.MakeSlice(field.Type(), len(texts), len(texts))
		for i, text := range texts {
			if f.set(list.Index(i), text) != nil {
				return nil, unreadable(f.name, text)
			}
		}
		field.Set(list)
	}
	return v.Interface(), nil
}

func unreadable(name, text string) error {
	return fmt.Errorf("%s cannot be %q", name, short(text))
}

// short keeps hostile input from filling a message.
func short(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}
