// Package textfield fills structs from text. In come a struct type, whose tagged
// fields are read once, and the texts for each name. Out comes a filled struct, or
// the name and the text that do not fit. The types Path, Query, Header and Cookie stand
// on it. File canonical.go says which texts stand for one value, and list.go what a list is.
package textfield

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A Place is where in a request the texts stand.
type Place uint8

// The places.
const (
	Path   Place = iota // each name has one text
	Query               // a name may come more than once
	Header              // likewise, and each line of a slice is a list
	Cookie              // of several cookies of one name the first counts
)

// String is the tag of the fields that are read there.
func (p Place) String() string { return [...]string{"path", "query", "header", "cookie"}[p] }

// takesSlices reports whether a field that is read there may be a slice.
func (p Place) takesSlices() bool { return p == Query || p == Header }

// areOne reports whether two names are one there (RFC 9110, 5.1).
func (p Place) areOne(a, b string) bool { return a == b || p == Header && strings.EqualFold(a, b) }

// isSecret reports whether what stands there must not be told, not even to the client: a
// script in a browser may read the answer, but not what the browser sends by itself.
func (p Place) isSecret(name string) bool {
	return p == Cookie || p == Header && (strings.EqualFold(name, "Authorization") || strings.EqualFold(name, "Proxy-Authorization"))
}

// Fields are the tagged fields of one struct type.
type Fields []field

type field struct {
	name  string
	typ   reflect.Type
	index []int
	set   func(v reflect.Value, text string) error
	exact func(text string) bool // reports whether Go would print the value so; nil: any spelling will do
	many  bool                   // it is a slice: the name may come more than once

	place  Place
	absent []string // what stands for the texts where there are none: the tag default
}

// Unfit is a name whose texts its field cannot hold: one that is not of its type, or more than
// one.
type Unfit struct {
	Name, Text string
	Repeated   bool
	Err        error // what the UnmarshalText of its type said, where it said it; not for clients as such
	secret     bool  // the text is not told
}

func (u *Unfit) Error() string { return u.Name + " " + u.Reason() }

// Reason is the error without the name.
func (u *Unfit) Reason() string {
	const longest = 100
	switch {
	case u.Repeated:
		return "is given more than once"
	case u.secret:
		return "has an illegal value"
	case len(u.Text) > longest:
		return fmt.Sprintf("has the illegal value %q", u.Text[:longest]+"…")
	}
	return fmt.Sprintf("has the illegal value %q", u.Text)
}

// Of reads the fields of a struct type that have the tag of a place.
func Of(t reflect.Type, place Place) (Fields, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%s is not a struct; use a struct with fields tagged `%s:\"name\"`", t, place)
	}
	var all Fields
	for _, f := range reflect.VisibleFields(t) {
		name, ok := f.Tag.Lookup(place.String())
		if !ok || name == "" || name == "-" {
			continue
		}
		read, err := fieldOf(t, f, place, name)
		if err != nil {
			return nil, err
		}
		if all.Has(name) {
			return nil, fmt.Errorf("two fields of %s are tagged `%s:%q`; give each its own name", t, place, name)
		}
		all = append(all, read)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no field of %s is tagged `%s:\"name\"`; tag at least one", t, place)
	}
	return all, nil
}

func fieldOf(t reflect.Type, f reflect.StructField, place Place, name string) (field, error) {
	if !f.IsExported() {
		return field{}, fmt.Errorf("the field %s.%s is tagged `%s:%q`, but is not exported; export it", t, f.Name, place, name)
	}
	for i := range f.Index[1:] { // the embedded structs that promote it
		if by := t.FieldByIndex(f.Index[:i+1]); by.Type.Kind() == reflect.Pointer {
			return field{}, fmt.Errorf("the field %s.%s is promoted through the embedded %s, which would be nil; embed the struct itself", t, f.Name, by.Type)
		}
	}
	read := field{name: name, typ: f.Type, index: f.Index, set: setter(f.Type), exact: spelling(f.Type), place: place}
	if read.set == nil && place.takesSlices() && f.Type.Kind() == reflect.Slice {
		read.set, read.many = setter(f.Type.Elem()), true
	}
	if read.set == nil {
		return field{}, fmt.Errorf("the field %s.%s is a %s, which cannot be read from text; give the type an UnmarshalText method", t, f.Name, f.Type)
	}
	if err := read.setDefault(f.Tag); err != nil {
		return field{}, fmt.Errorf("the field %s.%s %w", t, f.Name, err)
	}
	return read, nil
}

// setDefault reads the tag default. Its text must be one that the field can hold. That of a
// slice is a list. The value is made anew each time that it is used, so that nobody shares it.
func (f *field) setDefault(tag reflect.StructTag) error {
	text, ok := tag.Lookup("default")
	if !ok || f.place == Path && alsoElsewhere(tag) {
		return nil
	}
	if f.place == Path {
		return fmt.Errorf("has the tag `default:%q`, but a request always has its path; remove the tag", text)
	}
	f.absent = []string{text}
	if f.many {
		if f.absent, ok = List(text); !ok {
			return fmt.Errorf("has the tag `default:%q`, which is not a list: a quotation mark is not closed", text)
		}
	}
	if unfit := f.fill(reflect.New(f.typ).Elem(), nil, false); unfit != nil {
		return fmt.Errorf("has the tag `default:%q`, which is not a value of type %s", text, f.typ)
	}
	return nil
}

// alsoElsewhere reports whether a field of the path is read from another place, too.
func alsoElsewhere(tag reflect.StructTag) bool {
	for _, place := range []Place{Query, Header, Cookie} {
		if name := tag.Get(place.String()); name != "" && name != "-" {
			return true
		}
	}
	return false
}

// A Tagged is one of Fields as data.
type Tagged struct {
	Name string
	Type reflect.Type
	Tag  reflect.StructTag
	Many bool // the name may come more than once

	Default []string // what stands for its texts where there are none
}

// Tagged are the fields as data. t is the struct type that they were read of.
func (fs Fields) Tagged(t reflect.Type) (all []Tagged) {
	for _, f := range fs {
		all = append(all, Tagged{f.name, f.typ, t.FieldByIndex(f.index).Tag, f.many, slices.Clone(f.absent)})
	}
	return all
}

// Has reports whether a field has the name.
func (fs Fields) Has(name string) bool {
	return slices.ContainsFunc(fs, func(f field) bool { return f.place.areOne(f.name, name) })
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
// for each name. A name without texts leaves its field at its default, or else at zero. All
// that does not fit comes back together.
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
		if unfit := f.fill(v.FieldByIndex(f.index), values(f.name), exactly); unfit != nil {
			all = append(all, unfit)
		}
	}
	if all != nil {
		return nil, all
	}
	return v.Interface(), nil
}

// fill fills one field; nil where the texts fit.
func (f *field) fill(to reflect.Value, texts []string, exactly bool) *Unfit {
	if len(texts) == 0 {
		if f.absent == nil {
			return nil
		}
		texts = f.absent
	} else if f.many && f.place == Header {
		elements, ok := List(texts...)
		if !ok {
			return f.unfit(strings.Join(texts, ", "), nil)
		}
		texts = elements
	}
	if !f.many {
		if len(texts) > 1 && f.place != Cookie {
			return &Unfit{Name: f.name, Repeated: true}
		}
		if err := f.set(to, texts[0]); err != nil || exactly && f.exact != nil && !f.exact(texts[0]) {
			return f.unfit(texts[0], err)
		}
		return nil
	}
	list := reflect.MakeSlice(to.Type(), len(texts), len(texts))
	for i, text := range texts {
		if err := f.set(list.Index(i), text); err != nil {
			return f.unfit(text, err)
		}
	}
	to.Set(list)
	return nil
}

// unfit is a text that the field cannot hold.
func (f *field) unfit(text string, err error) *Unfit {
	if f.place.isSecret(f.name) {
		return &Unfit{Name: f.name, Err: err, secret: true}
	}
	return &Unfit{Name: f.name, Text: text, Err: err}
}
