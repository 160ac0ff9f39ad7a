package textfield

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// This file knows which texts stand for one value. In comes a type. Out come two things:
// whether a text is spelled as Go would print the value, and the one text of the value that
// a text stands for. A path needs this. There one record must have one URI, or at least one
// lock: 1.0 and 1e0 are one float64, and {6BA7…} and 6ba7… are one UUID.

var marshalerType = reflect.TypeFor[encoding.TextMarshaler]()

// reads reports whether a value of type t reads its text by itself.
func reads(t reflect.Type) bool { return reflect.PointerTo(t).Implements(unmarshalerType) }

// spelling reports whether a text that a value of type t was read from is the one that Go
// would print. It is nil where every text will do: for strings, which have one text each, for
// floats, and for types that read their text by themselves.
func spelling(t reflect.Type) func(text string) bool {
	if reads(t) {
		return nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return spelling(t.Elem())
	case reflect.Bool:
		return func(s string) bool { return s == "true" || s == "false" }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return isPrinted
	}
	return nil
}

// isPrinted reports whether a text that is an integer is spelled as Go prints integers.
func isPrinted(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return digits != "" && digits[0] != '+' && (digits[0] != '0' || s == "0")
}

// A Canonical gives texts of one type their canonical form: all texts that stand for one
// value have one.
type Canonical struct {
	typ   reflect.Type
	set   func(v reflect.Value, text string) error
	print func(v reflect.Value) (string, error)
}

// Canonical is the canonical form of the texts that the field of a name reads; nil where
// [Fields.FillExactly] reads one text alone for each value. The error says that values of the
// field's type cannot be told by a text.
func (fs Fields) Canonical(name string) (*Canonical, error) {
	for _, f := range fs {
		if f.name == name {
			return canonicalOf(f.typ)
		}
	}
	return nil, nil
}

func canonicalOf(t reflect.Type) (*Canonical, error) {
	if t.Kind() == reflect.Pointer && !reads(t) {
		return canonicalOf(t.Elem())
	}
	c := &Canonical{typ: t, set: setter(t), print: printer(t)}
	switch {
	case !reads(t) && t.Kind() != reflect.Float32 && t.Kind() != reflect.Float64:
		return nil, nil
	case c.print == nil:
		return nil, fmt.Errorf("%s reads its text by itself, and has no MarshalText that writes it: nothing says which texts are one value", t)
	}
	return c, nil
}

// Of is the canonical form of a text. A text that stands for no value is its own. The error
// is one of MarshalText.
func (c *Canonical) Of(text string) (string, error) {
	v := reflect.New(c.typ).Elem()
	if c.set(v, text) != nil {
		return text, nil
	}
	return c.print(v)
}

// Same reports whether c and d are of one type.
func (c *Canonical) Same(d *Canonical) bool { return c.typ == d.typ }

// printer is how a value of type t is written as text; nil where nothing says how.
func printer(t reflect.Type) func(reflect.Value) (string, error) {
	if reflect.PointerTo(t).Implements(marshalerType) {
		return func(v reflect.Value) (string, error) {
			toUTC(v)
			text, err := v.Addr().Interface().(encoding.TextMarshaler).MarshalText()
			return string(text), err
		}
	}
	switch t.Kind() {
	case reflect.String:
		return func(v reflect.Value) (string, error) { return v.String(), nil }
	case reflect.Bool:
		return func(v reflect.Value) (string, error) { return strconv.FormatBool(v.Bool()), nil }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(v reflect.Value) (string, error) { return strconv.FormatInt(v.Int(), 10), nil }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(v reflect.Value) (string, error) { return strconv.FormatUint(v.Uint(), 10), nil }
	case reflect.Float32, reflect.Float64:
		return func(v reflect.Value) (string, error) {
			n := v.Float()
			if n == 0 {
				n = 0 // -0 equals 0
			}
			return strconv.FormatFloat(n, 'g', -1, t.Bits()), nil
		}
	}
	return nil
}

var timeType = reflect.TypeFor[time.Time]()

// toUTC puts the times in v into UTC: one moment has a text for each time zone. It looks into
// structs, since a type often embeds time.Time for its methods.
func toUTC(v reflect.Value) {
	switch t := v.Type(); {
	case t.ConvertibleTo(timeType) && v.CanSet():
		moment := v.Convert(timeType).Interface().(time.Time)
		v.Set(reflect.ValueOf(moment.UTC()).Convert(t))
	case t.Kind() == reflect.Struct:
		for i := range v.NumField() {
			toUTC(v.Field(i))
		}
	}
}
