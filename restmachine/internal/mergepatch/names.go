// This file finds the name under which encoding/json reads a member. A struct accepts a
// name in any case, if it does not have a field of exactly this name.

package mergepatch

import (
	"encoding/json"
	"reflect"
	"strings"
)

// member returns the name under which t reads the member that a patch calls name, and the
// type of that member. A nil type means any type.
func member(object map[string]any, t reflect.Type, name string, fold bool) (string, reflect.Type) {
	for t != nil && t.Kind() == reflect.Pointer && !readsItself(t.Elem()) {
		t = t.Elem()
	}
	switch {
	case t == nil || t.Implements(reflect.TypeFor[json.Unmarshaler]()) || readsItself(t):
		return name, nil
	case t.Kind() == reflect.Map:
		return name, t.Elem()
	case t.Kind() != reflect.Struct:
		return name, nil
	}
	folded, typ := name, reflect.Type(nil)
	for _, field := range reflect.VisibleFields(t) {
		known, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if known == "" {
			known = field.Name
		}
		if !field.IsExported() || field.Tag.Get("json") == "-" || embeds(field) {
			continue
		}
		if known == name {
			return name, field.Type
		}
		if _, exact := object[name]; !exact && fold && typ == nil && strings.EqualFold(known, name) {
			folded, typ = known, field.Type
		}
	}
	return folded, typ
}

// embeds reports whether the members of a field are read as if they were beside it.
func embeds(field reflect.StructField) bool {
	t := field.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return field.Anonymous && t.Kind() == reflect.Struct && field.Tag.Get("json") == ""
}
