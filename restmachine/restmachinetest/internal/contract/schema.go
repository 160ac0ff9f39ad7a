package contract

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// This file checks values by schemas. In come a schema and a value, as Decode reads them. Out
// come sentences, each with the place in the value.

// A checker checks one value.
type checker struct {
	*Document
	exactly bool // a member that a schema of an object does not know is a fault
	faults  []string
}

// Check says what of a value a schema does not allow. exactly is set where a member counts
// as not allowed that the schema does not name, and does not leave open.
func (d *Document) Check(schema, value any, exactly bool) []string {
	c := &checker{Document: d, exactly: exactly}
	c.check(schema, value, "")
	return c.faults
}

func (c *checker) fault(at, format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf("%q ", at)+fmt.Sprintf(format, args...))
}

// annotations are keywords that allow and refuse nothing.
var annotations = []string{"description", "default", "example", "examples", "title", "deprecated"}

// A keyword checks one keyword of a schema.
type keyword func(c *checker, schema object, of, value any, at string)

var keywords map[string]keyword

func init() { // they check schemas inside of schemas
	keywords = map[string]keyword{
		"type": (*checker).typ, "enum": (*checker).enum, "const": (*checker).constant, "anyOf": (*checker).anyOf, "allOf": (*checker).allOf,
		"properties": (*checker).properties, "required": (*checker).required, "additionalProperties": (*checker).additional,
		"propertyNames": (*checker).propertyNames, "items": (*checker).items,
		"minItems": length(1, arrayLength), "maxItems": length(-1, arrayLength),
		"minProperties": length(1, objectLength), "maxProperties": length(-1, objectLength),
		"minLength": length(1, stringLength), "maxLength": length(-1, stringLength),
		"minimum": bound(1, false), "maximum": bound(-1, false), "exclusiveMinimum": bound(1, true), "exclusiveMaximum": bound(-1, true),
		"pattern": (*checker).pattern, "format": (*checker).format, "contentEncoding": (*checker).encoding,
	}
}

func (c *checker) check(schema, value any, at string) {
	if allowed, ok := schema.(bool); ok {
		if !allowed {
			c.fault(at, "must not be there")
		}
		return
	}
	written, _ := schema.(object)
	if ref, ok := written["$ref"]; ok {
		c.check(c.lookUp(ref.(string)), value, at)
	}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		check, known := keywords[name]
		switch {
		case known:
			check(c, written, written[name], value, at)
		case name != "$ref" && !slices.Contains(annotations, name):
			c.fault(at, "has a schema with the keyword %s, which nobody checks", name)
		}
	}
}

func (c *checker) typ(_ object, of, value any, at string) {
	is := kindOf(value)
	types, several := of.([]any)
	if !several {
		types = []any{of}
	}
	if !slices.ContainsFunc(types, func(t any) bool { return t == is || t == "number" && is == "integer" }) {
		c.fault(at, "is of type %s, and not %v", is, of)
	}
}

// kindOf is the type of a value as JSON Schema calls it.
func kindOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case object:
		return "object"
	case json.Number:
		if isWhole(v) {
			return "integer"
		}
	}
	return "number"
}

// isWhole reports whether a number is written as Go reads an integer.
func isWhole(n json.Number) bool { return !strings.ContainsAny(string(n), ".eE") }

func (c *checker) enum(_ object, of, value any, at string) {
	all, _ := of.([]any)
	if !slices.ContainsFunc(all, func(one any) bool { return reflect.DeepEqual(one, value) }) {
		c.fault(at, "is %v, and not one of %v", value, of)
	}
}

func (c *checker) constant(_ object, of, value any, at string) {
	if !reflect.DeepEqual(of, value) {
		c.fault(at, "is %v, and not %v", value, of)
	}
}

func (c *checker) anyOf(_ object, of, value any, at string) {
	all, _ := of.([]any)
	var nearest []string
	for _, one := range all {
		faults := c.Check(one, value, c.exactly)
		if len(faults) == 0 {
			return
		}
		if nearest == nil || value != nil && len(faults) > 0 && !strings.Contains(faults[0], "not null") && !strings.HasPrefix(faults[0], `"" is of type`) {
			nearest = faults
		}
	}
	for _, fault := range nearest {
		c.fault(at, "is none of the alternatives: %s", fault)
	}
}

func (c *checker) allOf(_ object, of, value any, at string) {
	all, _ := of.([]any)
	for _, one := range all {
		c.check(one, value, at)
	}
}

func (c *checker) properties(schema object, of, value any, at string) {
	members, isObject := value.(object)
	if !isObject {
		return
	}
	known := c.object(of)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if s, ok := known[name]; ok {
			c.check(s, members[name], at+"/"+name)
		} else if _, says := schema["additionalProperties"]; c.exactly && !says {
			c.fault(at+"/"+name, "is not in the schema")
		}
	}
}

func (c *checker) required(_ object, of, value any, at string) {
	members, isObject := value.(object)
	names, _ := of.([]any)
	for _, name := range names {
		if _, there := members[name.(string)]; isObject && !there {
			c.fault(at+"/"+name.(string), "is missing")
		}
	}
}

func (c *checker) additional(schema object, of, value any, at string) {
	members, _ := value.(object)
	known := c.object(schema["properties"])
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if _, ok := known[name]; !ok {
			c.check(of, members[name], at+"/"+name)
		}
	}
}

func (c *checker) propertyNames(_ object, of, value any, at string) {
	members, _ := value.(object)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		c.check(of, name, at+"/"+name)
	}
}

func (c *checker) items(_ object, of, value any, at string) {
	all, _ := value.([]any)
	for i, one := range all {
		c.check(of, one, at+"/"+strconv.Itoa(i))
	}
}

func arrayLength(value any) (int, bool)  { v, ok := value.([]any); return len(v), ok }
func objectLength(value any) (int, bool) { v, ok := value.(object); return len(v), ok }
func stringLength(value any) (int, bool) {
	v, ok := value.(string)
	return utf8.RuneCountInString(v), ok
}

// length checks the least length, with sign 1, or the greatest, with sign -1.
func length(sign int, of func(value any) (int, bool)) keyword {
	return func(c *checker, _ object, limit, value any, at string) {
		n, counts := of(value)
		l, err := strconv.Atoi(fmt.Sprint(limit))
		if counts && (err != nil || sign*n < sign*l) {
			c.fault(at, "has the length %d, and the limit is %v", n, limit)
		}
	}
}

// bound checks a least number, with sign 1, or a greatest one, with sign -1.
func bound(sign int, exclusive bool) keyword {
	return func(c *checker, _ object, limit, value any, at string) {
		n, isNumber := value.(json.Number)
		if !isNumber {
			return
		}
		v, fits := new(big.Rat).SetString(string(n))
		l, ok := new(big.Rat).SetString(fmt.Sprint(limit))
		if order := 0; fits && ok {
			if order = sign * v.Cmp(l); order < 0 || exclusive && order == 0 {
				c.fault(at, "is %v, and the bound is %v", n, limit)
			}
		}
	}
}

func (c *checker) pattern(_ object, of, value any, at string) {
	text, isText := value.(string)
	r, err := compiled(fmt.Sprint(of))
	if err != nil {
		c.fault(at, "has a schema with the pattern %v: %v", of, err)
	} else if isText && !r.MatchString(text) {
		c.fault(at, "is %q, which does not match %v", text, of)
	}
}

func (c *checker) format(_ object, of, value any, at string) {
	switch v := value.(type) {
	case string:
		if _, err := time.Parse(time.RFC3339, v); of == "date-time" && err != nil {
			c.fault(at, "is %q, which is not a date and time", v)
		}
	case json.Number:
		bits := map[any]int{"int64": 64, "int32": 32}[of]
		if _, err := strconv.ParseInt(string(v), 10, max(bits, 1)); bits > 0 && err != nil && isWhole(v) {
			c.fault(at, "is %v, which is not an %v", v, of)
		}
	}
}

func (c *checker) encoding(_ object, of, value any, at string) {
	text, isText := value.(string)
	if _, err := base64.StdEncoding.DecodeString(text); isText && err != nil {
		c.fault(at, "is not %v: %v", of, err)
	}
}

var patterns sync.Map // of *regexp.Regexp, by text

// compiled is a pattern that is compiled once.
func compiled(pattern string) (*regexp.Regexp, error) {
	if r, ok := patterns.Load(pattern); ok {
		return r.(*regexp.Regexp), nil
	}
	r, err := regexp.Compile(pattern)
	if err == nil {
		patterns.Store(pattern, r)
	}
	return r, err
}
