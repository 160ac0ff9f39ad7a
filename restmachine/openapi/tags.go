package openapi

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// This file reads the tags `validate:"…"` of go-playground/validator, where a WithValidator
// validates what the App reads. In comes the schema of a member. Out comes the same with the
// bounds that JSON Schema knows. What it does not know is a 422 all the same.

// lengths are the keywords for the length of what has one.
var lengths = map[reflect.Kind]string{reflect.String: "Length", reflect.Slice: "Items", reflect.Array: "Items", reflect.Map: "Properties"}

// formats are the rules that are formats of texts.
var formats = map[string]string{"email": "email", "url": "uri", "uri": "uri", "uuid": "uuid", "uuid4": "uuid",
	"ipv4": "ipv4", "ipv6": "ipv6", "hostname": "hostname"}

// validated adds the rules of a tag to the schema of a member of type t. Rules behind "dive"
// are those of its elements.
func validated(schema object, t reflect.Type, tag string) object {
	rules, elements, dives := strings.Cut(tag, "dive,")
	all := strings.Split(rules, ",")
	t = bare(t)
	if dives && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		if items, ok := schema["items"].(object); ok {
			schema["items"] = validated(items, t.Elem(), elements)
		}
	}
	if isRequired(tag) {
		schema = withoutNull(schema)
	}
	if _, refers := schema["$ref"]; refers || schema["anyOf"] != nil || slices.Contains(all, "omitempty") {
		return schema // bounds hold only where the value is not zero
	}
	for _, rule := range all {
		name, argument, _ := strings.Cut(rule, "=")
		if format := formats[name]; format != "" {
			schema["format"] = format
		}
		bound(schema, t.Kind(), name, argument)
	}
	return schema
}

// isRequired reports whether a tag refuses what is missing.
func isRequired(tag string) bool {
	rules, _, _ := strings.Cut(tag, "dive")
	return slices.Contains(strings.Split(rules, ","), "required")
}

// bound adds one rule: a bound of a number or of a length, or the texts that there are.
func bound(schema object, kind reflect.Kind, name, argument string) {
	switch {
	case name == "oneof" && kind == reflect.String && !strings.Contains(argument, "'"):
		schema["enum"] = strings.Fields(argument)
		return
	case name == "required" && kind == reflect.String:
		schema["minLength"] = 1
		return
	}
	keywords := map[string][]string{"min": {"min"}, "gte": {"min"}, "max": {"max"}, "lte": {"max"}, "len": {"min", "max"}}[name]
	length := lengths[kind]
	for _, keyword := range keywords {
		n, err := strconv.Atoi(argument)
		switch {
		case length != "" && err == nil:
			schema[keyword+length] = n
		case length == "" && json.Valid([]byte(argument)) && kind >= reflect.Int && kind <= reflect.Float64:
			schema[keyword+"imum"] = json.Number(argument)
		}
	}
}

// withoutNull is a schema that does not take null.
func withoutNull(schema object) object {
	if types, ok := schema["type"].([]string); ok {
		types = slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t == "null" })
		schema["type"] = types
		if len(types) == 1 {
			schema["type"] = types[0]
		}
	}
	if all, ok := schema["anyOf"].([]any); ok && len(all) == 2 {
		if first, ok := all[0].(object); ok {
			return first
		}
	}
	return schema
}
