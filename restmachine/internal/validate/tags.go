package validate

import (
	"reflect"
	"slices"
	"strings"
)

// This file finds tags that nobody reads. In comes a type, and as what its values are read. Out
// come the tags that do nothing there, though whoever wrote them believes that they do.

// A Stray is a tag that nobody reads.
type Stray struct {
	Owner reflect.Type // the struct
	Field string
	Tag   string // whole, such as `default:"20"`
	Why   Why
}

// Why says why nobody reads a tag.
type Why uint8

// The reasons.
const (
	NoDefault Why = iota // the content does not use the tag default
	NotTagged            // the field has the tag default, and none by which it is read
	NoPlace              // nothing reads the type from the place that the tag names
	NoCheck              // the tag is one of a validator, and there is none
	NoOption             // JSON does not know the option
)

// A Reading says as what values of types are read.
type Reading struct {
	From      func(t reflect.Type, place string) bool // a t is read from the path, query, header or cookie
	Content   bool                                    // as content, which the library reads as JSON
	Parsed    bool                                    // as content by a parser of the user, which may read any tag
	Validated bool                                    // there is somebody who reads tags of a validator
}

// places are the tags of what is read as text.
var places = []string{"path", "query", "header", "cookie"}

// Strays are the tags that nobody reads in a type, and in all that it is made of.
func (r Reading) Strays(t reflect.Type) []Stray {
	r.Validated = r.Validated || Of(t) != nil
	return r.look(t, map[reflect.Type]bool{})
}

func (r Reading) look(t reflect.Type, seen map[reflect.Type]bool) (all []Stray) {
	t = Base(t)
	if seen[t] || t.Kind() != reflect.Struct || r.Content && readsItself(t) {
		return nil
	}
	seen[t] = true
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() {
			continue
		}
		all = append(all, r.straysOf(t, f)...)
		if r.Content && !f.Anonymous && f.Tag.Get("json") != "-" {
			all = append(all, r.look(f.Type, seen)...)
		}
	}
	return all
}

// straysOf are the tags of one field that nobody reads.
func (r Reading) straysOf(t reflect.Type, f reflect.StructField) (all []Stray) {
	stray := func(tag string, why Why) {
		all = append(all, Stray{t, f.Name, tag + `:"` + f.Tag.Get(tag) + `"`, why})
	}
	for _, tag := range []string{"validate", "binding"} {
		if rule := f.Tag.Get(tag); rule != "" && rule != "-" && !r.Validated {
			stray(tag, NoCheck)
		}
	}
	if r.Parsed {
		return all
	}
	isRead, isTagged := false, false
	for _, place := range places {
		switch name := f.Tag.Get(place); {
		case name == "" || name == "-":
		case r.From(t, place):
			isRead = true
		default:
			isTagged = true
			stray(place, NoPlace)
		}
	}
	switch _, has := f.Tag.Lookup("default"); {
	case !has || isRead || isTagged:
	case r.Content:
		stray("default", NoDefault)
	default:
		stray("default", NotTagged)
	}
	if r.Content && slices.ContainsFunc(strings.Split(f.Tag.Get("json"), ",")[1:], isUnknown) {
		stray("json", NoOption)
	}
	return all
}

// isUnknown reports whether JSON does not know an option of the tag json. What follows a format
// may be a part of it.
func isUnknown(option string) bool {
	name, _, hasValue := strings.Cut(option, ":")
	return !hasValue && !strings.HasSuffix(option, "'") &&
		!slices.Contains([]string{"", "omitempty", "omitzero", "string", "inline", "embed", "unknown", "nocase", "strictcase"}, name)
}

// Base is what pointers, slices, arrays and maps of a type lead to.
func Base(t reflect.Type) reflect.Type {
	for seen := 0; seen < 100; seen++ {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			t = t.Elem()
		default:
			return t
		}
	}
	return t
}

// readsItself reports whether a type has a method of its own that reads it: it may read any tag.
func readsItself(t reflect.Type) bool {
	return slices.ContainsFunc([]string{"UnmarshalJSON", "UnmarshalJSONFrom", "UnmarshalText"}, func(name string) bool {
		_, has := reflect.PointerTo(t).MethodByName(name)
		return has
	})
}
