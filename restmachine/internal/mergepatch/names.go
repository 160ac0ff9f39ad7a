package mergepatch

import (
	"encoding/json"
	"reflect"
	"strings"
)

// This file knows by which name encoding/json reads a member: a struct takes it in
// any case where no field has it exactly.

// member is the name under which a t reads what a patch calls name, and the type of
// that; nil is any.
func member(object map[string]any, t reflect.Type, name string) (string, reflect.Type) {
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
		if _, exact := object[name]; !exact && typ == nil && strings.EqualFold(known, name) {
			folded, typ = known, field.Type
		}
	}
	return folded, typ
}

// embeds reports whether what is in a field is read as if it were beside it.
func embeds(field reflect.StructField) bool {
	t := field.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return field.Anonymous && t.Kind() == reflect.Struct && field.Tag.Get("json") == ""
}
