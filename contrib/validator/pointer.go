package validator

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file finds out where a mistake is. In come a value, and the name that go-playground's
// validator gives to a place in it: ".items[1].sku". Out comes the JSON Pointer of the place. The
// names of fields and the keys of maps may have dots and brackets, so the value is asked what
// they can be.

// locate is the JSON Pointer of a place, and where it is not found, that of what it lies in.
func locate(v reflect.Value, place string) string {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch {
	case place == "":
		return ""
	case v.Kind() == reflect.Struct:
		return locateField(v, place)
	case v.Kind() == reflect.Map:
		return locateKey(v, place)
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		var i int
		index, rest, _ := strings.Cut(strings.TrimPrefix(place, "["), "]")
		if _, err := fmt.Sscan(index, &i); err == nil && i < v.Len() {
			return restmachine.Pointer(i) + locate(v.Index(i), rest)
		}
	}
	return ""
}

// locateField is locate in a struct. Of an embedded struct without a name of its own, the fields
// are those of the struct around it.
func locateField(v reflect.Value, place string) string {
	place = strings.TrimPrefix(place, ".")
	best, found := "", -1 // the longest name: one may begin with another
	for f, field := range v.Fields() {
		name, hidden := nameOf(f), false
		if name == "" {
			name, hidden = f.Name, f.Anonymous
		}
		rest, ok := strings.CutPrefix(place, name)
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' || len(name) <= found {
			continue
		}
		found, best = len(name), locate(field, rest)
		if !hidden {
			best = restmachine.Pointer(name) + best
		}
	}
	return best
}

// locateKey is locate in a map.
func locateKey(v reflect.Value, place string) string {
	best, found := "", -1
	for key, element := range v.Seq2() {
		name := fmt.Sprint(key.Interface())
		rest, ok := strings.CutPrefix(place, "["+name+"]")
		if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') && len(name) > found {
			found, best = len(name), restmachine.Pointer(name)+locate(element, rest)
		}
	}
	return best
}
