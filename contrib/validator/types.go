package validator

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// This file finds tags that cannot be meant. In comes a type. Out comes what is wrong with one of
// its tags, or nil. go-playground's validator panics where it meets such a tag, which would be at
// the first request, or at one that happens to get there. So here each part of each tag meets a
// value of its type at start.

// checkType finds a tag in a type, and in all that it is made of, that cannot be meant.
func (r rules) checkType(t reflect.Type) error { return r.look(t, map[reflect.Type]bool{}) }

func (r rules) look(t reflect.Type, seen map[reflect.Type]bool) error {
	if seen[t] {
		return nil
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return r.look(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() && !f.Anonymous {
				continue
			}
			if tag := f.Tag.Get("validate"); tag != "" && tag != "-" {
				if err := cmp.Or(r.lookAtTag(f.Type, tag), lookAtNames(t, tag)); err != nil {
					return fmt.Errorf("the tag `validate:%q` of %s.%s: %w", tag, t, f.Name, err)
				}
			}
			if err := r.look(f.Type, seen); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookAtTag tries a tag, and each of its parts, on values of type t; behind "dive" on elements,
// and between "keys" and "endkeys" on keys.
func (r rules) lookAtTag(t reflect.Type, tag string) error {
	if err := r.try(t, tag); err != nil {
		return err
	}
	element, key := t, t
	for part := range strings.SplitSeq(tag, ",") {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch {
		case part == "dive" && t.Kind() == reflect.Interface:
			return nil // only a value tells
		case part == "dive" && !hasElements(t):
			return fmt.Errorf("dive is for slices, arrays and maps, and not for a %s", t)
		case part == "dive":
			if element = t.Elem(); t.Kind() == reflect.Map {
				key = t.Key()
			}
			t = element
		case part == "keys":
			t = key
		case part == "endkeys":
			t = element
		default:
			for one := range strings.SplitSeq(part, "|") {
				if err := r.try(t, one); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func hasElements(t reflect.Type) bool {
	return t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Map
}

// lookAtNames finds the name of a field that its struct lacks, in a tag that compares with it.
func lookAtNames(in reflect.Type, tag string) error {
	for part := range strings.SplitSeq(tag, ",") {
		by, names, _ := strings.Cut(part, "=")
		if !comparing[by] {
			continue
		}
		for _, name := range strings.Fields(names) {
			if i := strings.IndexAny(name, ".["); i >= 0 {
				name = name[:i]
			}
			if _, ok := in.FieldByName(name); !ok {
				return fmt.Errorf("%s does not have a field %s", in, name)
			}
		}
	}
	return nil
}

// comparing are the tags whose parameters are fields beside their own.
var comparing = map[string]bool{
	"eqfield": true, "nefield": true, "gtfield": true, "gtefield": true, "ltfield": true, "ltefield": true,
	"required_with": true, "required_with_all": true, "required_without": true, "required_without_all": true,
	"excluded_with": true, "excluded_with_all": true, "excluded_without": true, "excluded_without_all": true,
}

// try lets a value meet a part of a tag. Other panics than of the validator itself are those of
// a tag of the user's, to whom the value is strange.
func (r rules) try(t reflect.Type, part string) (err error) {
	defer func() {
		text := fmt.Sprint(recover())
		for _, own := range []string{"Undefined validation", "'", "Invalid validation tag", "Bad ", "Duplicate param", "Unrecognized parameter", "strconv.", "time: "} {
			if strings.HasPrefix(text, own) {
				err = errors.New(text)
			}
		}
	}()
	_ = r.Var(sample(t, 0).Interface(), part)
	return nil
}

// sample is a value that is not zero: many a tag is not looked at for one that is.
func sample(t reflect.Type, depth int) reflect.Value {
	v := reflect.New(t).Elem()
	switch k := t.Kind(); {
	case depth > 4:
	case t == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
	case k == reflect.String:
		v.SetString("1")
	case k == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(1)
	case v.CanUint():
		v.SetUint(1)
	case v.CanFloat():
		v.SetFloat(1)
	case k == reflect.Pointer:
		v.Set(reflect.New(t.Elem()))
		v.Elem().Set(sample(t.Elem(), depth+1))
	case k == reflect.Slice:
		v.Set(reflect.Append(v, sample(t.Elem(), depth+1)))
	case k == reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(sample(t.Key(), depth+1), sample(t.Elem(), depth+1))
	case k == reflect.Interface && t.NumMethod() == 0:
		v.Set(reflect.ValueOf("1"))
	}
	return v
}
