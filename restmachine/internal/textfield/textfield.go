// Package textfield fills structs from text. In come a struct type, whose tagged
// fields are read once, and the texts for each name. Out comes a filled struct, or
// the name and the text that do not fit. The types Path and Query stand on it.
// File canonical.go says which texts stand for one value.
package textfield

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// Fields are the tagged fields of one struct type.
type Fields []field

type field struct {
	name  string
	typ   reflect.Type
	index []int
	set   func(v reflect.Value, text string) error
	exact func(text string) bool // reports whether Go would print the value so; nil: any spelling will do
	many  bool                   // it is a slice: the name may come more than once
}

// Unfit is a name whose texts its field cannot hold: one that is not of its type, or more than
// one.
type Unfit struct {
	Name, Text string
	Repeated   bool
}

func (u *Unfit) Error() string { return u.Name + " " + u.Reason() }

// Reason is the error without the name.
func (u *Unfit) Reason() string {
	const longest = 100
	switch {
	case u.Repeated:
		return "is given more than once"
	case len(u.Text) > longest:
		return fmt.Sprintf("has the illegal value %q", u.Text[:longest]+"…")
	}
	return fmt.Sprintf("has the illegal value %q", u.Text)
}

// Of reads the fields of a struct type that have the tag. slices says whether a
// field may be a slice.
func Of(t reflect.Type, tag string, slicesToo bool) (Fields, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is not a struct; use a struct with fields tagged `%s:\"name\"`", t, tag)
	}
	var all Fields
	for _, f := range reflect.VisibleFields(t) {
		name, ok := f.Tag.Lookup(tag)
		if !ok || name == "" || name == "-" {
			continue
		}
		read, err := fieldOf(t, f, tag, name, slicesToo)
		if err != nil {
			return nil, err
		}
		if all.Has(name) {
			return nil, fmt.Errorf("two fields of %s are tagged `%s:%q`; give each its own name", t, tag, name)
		}
		all = append(all, read)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no field of %s is tagged `%s:\"name\"`; tag at least one", t, tag)
	}
	return all, nil
}

func fieldOf(t reflect.Type, f reflect.StructField, tag, name string, slicesToo bool) (field, error) {
	if !f.IsExported() {
		return field{}, fmt.Errorf("the field %s.%s is tagged `%s:%q`, but is not exported; export it", t, f.Name, tag, name)
	}
	for i := range f.Index[1:] { // the embedded structs that promote it
		if by := t.FieldByIndex(f.Index[:i+1]); by.Type.Kind() == reflect.Pointer {
			return field{}, fmt.Errorf("the field %s.%s is promoted through the embedded %s, which would be nil; embed the struct itself", t, f.Name, by.Type)
		}
	}
	read := field{name: name, typ: f.Type, index: f.Index, set: setter(f.Type), exact: spelling(f.Type)}
	if read.set == nil && slicesToo && f.Type.Kind() == reflect.Slice {
		read.set, read.many = setter(f.Type.Elem()), true
	}
	if read.set == nil {
		return field{}, fmt.Errorf("the field %s.%s is a %s, which cannot be read from text; give the type an UnmarshalText method", t, f.Name, f.Type)
	}
	return read, nil
}

// A Tagged is one of Fields as data.
type Tagged struct {
	Name string
	Type reflect.Type
	Tag  reflect.StructTag
	Many bool // the name may come more than once
}

// Tagged are the fields as data. t is the struct type that they were read of.
func (fs Fields) Tagged(t reflect.Type) (all []Tagged) {
	for _, f := range fs {
		all = append(all, Tagged{f.name, f.typ, t.FieldByIndex(f.index).Tag, f.many})
	}
	return all
}

// Has reports whether a field has the name.
func (fs Fields) Has(name string) bool {
	return slices.ContainsFunc(fs, func(f field) bool { return f.name == name })
}

// Names are the names of the fields.
func (fs Fields) Names() []string {
	var names []string
	for _, f := range fs {
		names = append(names, f.name)
	}
	return names
}

var unmarshalerType = reflect.TypeFor[encoding.TextUnmarshaler]()

// setter is how a value of type t is read from text; nil where it cannot be.
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

// Fill makes a struct of type t, whose fields fs are, of the texts that values has
// for each name. A name without texts leaves its field at zero. All that does not fit comes
// back together.
func (fs Fields) Fill(t reflect.Type, values func(name string) []string) (any, []*Unfit) {
	return fs.fill(t, values, false)
}

// FillExactly is Fill for a place where one value has one text: an integer or a boolean
// that Go would print otherwise does not fit, such as 01, +1 and T.
func (fs Fields) FillExactly(t reflect.Type, values func(name string) []string) (any, []*Unfit) {
	return fs.fill(t, values, true)
}

func (fs Fields) fill(t reflect.Type, values func(name string) []string, exactly bool) (any, []*Unfit) {
	v := reflect.New(t).Elem()
	var all []*Unfit
	for _, f := range fs {
		if texts := values(f.name); len(texts) > 0 {
			if unfit := f.fill(v.FieldByIndex(f.index), texts, exactly); unfit != nil {
				all = append(all, unfit)
			}
		}
	}
	if all != nil {
		return nil, all
	}
	return v.Interface(), nil
}

// fill fills one field; nil where the texts fit.
func (f *field) fill(to reflect.Value, texts []string, exactly bool) *Unfit {
	if !f.many {
		switch {
		case len(texts) > 1:
			return &Unfit{Name: f.name, Repeated: true}
		case f.set(to, texts[0]) != nil || exactly && f.exact != nil && !f.exact(texts[0]):
			return &Unfit{Name: f.name, Text: texts[0]}
		}
		return nil
	}
	list := reflect.MakeSlice(to.Type(), len(texts), len(texts))
	for i, text := range texts {
		if f.set(list.Index(i), text) != nil {
			return &Unfit{Name: f.name, Text: text}
		}
	}
	to.Set(list)
	return nil
}
