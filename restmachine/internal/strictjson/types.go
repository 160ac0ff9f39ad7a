// This file looks at Go types. A type comes in. Out comes what a reader or writer of it has
// to look out for, and at start the reason why JSON cannot hold it.

package strictjson

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
)

// traits are what may be met in values of a type.
type traits struct {
	open    bool // names that the library does not compare as we do: of maps, of methods
	deep    bool // values that may nest deeper than MaxDepth
	numbers bool // a json.Number
	dynamic bool // an interface, behind which there may be all of it
	quoted  bool // a string or a bool with the option string, which v2 has for numbers alone
}

func traitsOf(t reflect.Type) traits {
	var found traits
	found.look(t, map[reflect.Type]bool{})
	found.deep = found.deep || found.open
	return found
}

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	numberType   = reflect.TypeFor[json.Number]()
)

func (f *traits) look(t reflect.Type, seen map[reflect.Type]bool) {
	if t == timeType { // the library reads it itself, in spite of its methods
		return
	}
	if seen[t] {
		f.deep = f.deep || t.Kind() == reflect.Struct || t.Kind() == reflect.Slice // perhaps within itself
		return
	}
	seen[t] = true
	f.deep = f.deep || len(seen) > MaxDepth
	f.numbers = f.numbers || t == numberType
	f.open = f.open || implements(t, ownReaders[:2])
	f.dynamic = f.dynamic || implements(t, ownWriters[:1]) // it writes on with our options
	switch t.Kind() {
	case reflect.Map:
		f.open = true
		f.look(t.Key(), seen)
		f.look(t.Elem(), seen)
	case reflect.Interface:
		f.open, f.dynamic = true, true
	case reflect.Array:
		f.open = true // what is beyond its end is not looked at
		f.look(t.Elem(), seen)
	case reflect.Pointer, reflect.Slice:
		f.look(t.Elem(), seen)
	case reflect.Struct:
		known := map[string]bool{}
		for field := range fieldsOf(t) {
			folded := string(appendFolded(nil, []byte(field.name)))
			f.open = f.open || known[folded] || field.has("embed")
			known[folded] = true
			kind := pointedTo(field.Type).Kind()
			f.quoted = f.quoted || field.has("string") && (kind == reflect.String || kind == reflect.Bool)
			f.look(field.Type, seen)
		}
	}
}

// A field is one that JSON may see.
type field struct {
	reflect.StructField
	name    string
	options []string
}

func (f *field) has(option string) bool { return slices.Contains(f.options, option) }

// pointedTo is the T of a *T, and else t itself.
func pointedTo(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// fieldsOf are the fields of a struct and of what it embeds.
func fieldsOf(t reflect.Type) func(yield func(field) bool) {
	return func(yield func(field) bool) {
		for _, f := range reflect.VisibleFields(t) {
			tag := f.Tag.Get("json")
			if tag == "-" || !f.IsExported() && !f.Anonymous {
				continue
			}
			options := strings.Split(tag, ",")
			name := options[0]
			if name == "" {
				name = f.Name
			}
			if !yield(field{f, name, options[1:]}) {
				return
			}
		}
	}
}

// ownReaders and ownWriters are the methods by which a type reads and writes itself. Those
// that may see whole objects come first.
var (
	ownReaders = []reflect.Type{
		reflect.TypeFor[jsonv2.UnmarshalerFrom](), reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
	}
	ownWriters = []reflect.Type{
		reflect.TypeFor[jsonv2.MarshalerTo](), reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler](), reflect.TypeFor[encoding.TextAppender](),
	}
)

// implements reports whether a T or a *T has one of the methods.
func implements(t reflect.Type, methods []reflect.Type) bool {
	return slices.ContainsFunc(methods, func(m reflect.Type) bool {
		return t.Implements(m) || reflect.PointerTo(t).Implements(m)
	})
}

// Unreadable returns why JSON cannot be read into a t, or nil.
func (r Rules) Unreadable(t reflect.Type) error {
	return (&examination{rules: r, own: ownReaders, verb: "read", seen: map[reflect.Type]bool{}}).examine(t)
}

// Unwritable returns why a t cannot be written as JSON, or nil.
func (r Rules) Unwritable(t reflect.Type) error {
	return (&examination{rules: r, own: ownWriters, verb: "written", seen: map[reflect.Type]bool{}}).examine(t)
}

// An examination goes through all types that a type is made of.
type examination struct {
	rules Rules
	own   []reflect.Type
	verb  string
	seen  map[reflect.Type]bool
}

func (x *examination) examine(t reflect.Type) error {
	if x.seen[t] {
		return nil
	}
	x.seen[t] = true
	switch {
	case t == durationType && x.rules.V2:
		return errors.New("encoding/json/v2 does not say how a time.Duration is written; use a type with methods of its own")
	case t == timeType || implements(t, x.own):
		return nil
	}
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return fmt.Errorf("a %s cannot be %s as JSON", t, x.verb)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return x.examine(t.Elem())
	case reflect.Map:
		if err := x.examineKey(t.Key()); err != nil {
			return err
		}
		return x.examine(t.Elem())
	case reflect.Struct:
		return x.examineStruct(t)
	}
	return nil
}

// examineKey examines the type of a map's keys, which become names.
func (x *examination) examineKey(t reflect.Type) error {
	switch kind := t.Kind(); {
	case kind == reflect.String, reflect.Int <= kind && kind <= reflect.Float64:
		return nil
	case implements(t, x.own[2:]), x.rules.V2 && (kind == reflect.Interface || implements(t, x.own)):
		return nil
	}
	return fmt.Errorf("a %s cannot be the name of a JSON member", t)
}

func (x *examination) examineStruct(t reflect.Type) error {
	var said *jsonv2.SemanticError
	if implements(t, ownReaders) { // its methods are not to be called
	} else if err := jsonv2.Unmarshal([]byte(`{}`), reflect.New(t).Interface(), Rules{V2: x.rules.V2}.For(t).read); errors.As(err, &said) {
		return fmt.Errorf("%s: %w", t, said.Err)
	}
	for f := range fieldsOf(t) {
		if f.has("string") && !x.mayQuote(f.Type) {
			return fmt.Errorf("%s.%s: the option string is not for a %s", t, f.Name, f.Type)
		}
		if err := x.examine(f.Type); err != nil {
			return fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
	}
	return nil
}

// mayQuote reports whether a field of type t may have the option string.
func (x *examination) mayQuote(t reflect.Type) bool {
	t = pointedTo(t)
	kind := t.Kind()
	return reflect.Int <= kind && kind <= reflect.Float64 || !x.rules.V2 && (kind == reflect.Bool || kind == reflect.String) ||
		t != timeType && implements(t, x.own)
}
