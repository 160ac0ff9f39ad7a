package contract

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"
)

// This file draws values. In comes a schema. Out comes a value that it allows, or one that is
// changed in one place, which it mostly does not.

// maxDepth is how deep a value that is drawn nests.
const maxDepth = 5

// A Drawer draws by chance, the same for the same seed.
type Drawer struct {
	*rand.Rand
	*Document
	all bool // objects have all members that their schemas know
}

// Draw draws a value that a schema allows, as far as it is one of ours.
func (d *Drawer) Draw(schema any) any {
	value := d.draw(schema, 0)
	for range 20 { // bounds of lengths and names are not looked at before
		if len(d.Check(schema, value, true)) == 0 {
			break
		}
		value = d.draw(schema, 0)
	}
	return value
}

// Full draws a value whose objects have all members.
func (d *Drawer) Full(schema any) any {
	d.all = true
	defer func() { d.all = false }()
	return d.Draw(schema)
}

func (d *Drawer) draw(schema any, depth int) any {
	s := d.object(schema)
	if all, ok := s["enum"].([]any); ok {
		return all[d.IntN(len(all))]
	}
	if c, ok := s["const"]; ok {
		return c
	}
	if all, ok := s["anyOf"].([]any); ok {
		if depth > maxDepth {
			return nil // the end of what refers to itself
		}
		return d.draw(all[d.weighted(len(all))], depth)
	}
	if all, ok := s["allOf"].([]any); ok {
		return d.draw(all[0], depth)
	}
	switch d.kind(s, depth) {
	case "null":
		return nil
	case "boolean":
		return d.IntN(2) == 0
	case "string":
		return d.text(s)
	case "integer":
		return d.integer(s)
	case "number":
		return d.number(s)
	case "array":
		return d.array(s, depth)
	case "object":
		return d.members(s, depth)
	}
	return []any{nil, true, json.Number("7"), "x", object{}, []any{json.Number("1")}}[d.IntN(6)]
}

// weighted is an index below n: mostly 0, since the alternative of a value is null.
func (d *Drawer) weighted(n int) int {
	if d.IntN(8) > 0 {
		return 0
	}
	return d.IntN(n)
}

// kind is one of the types that a schema allows, the first one mostly; "" is any.
func (d *Drawer) kind(s object, depth int) string {
	switch t := s["type"].(type) {
	case string:
		return t
	case []any:
		if depth > maxDepth && t[len(t)-1] == "null" {
			return "null"
		}
		kind, _ := t[d.weighted(len(t))].(string)
		return kind
	}
	return ""
}

var words = []string{"", "a", "first", "Hello, World!", "ü", "日本", "with \"quotes\" & <angles>", "7", "a/b", "😀", "line\nbreak"}

// plain are texts for a pattern, and for what may stand in a path.
var plain = []string{"7", "true", `"x"`, "1.5", "a", "abc", "x1", "12345678"}

func (d *Drawer) text(s object) string {
	if s["format"] == "date-time" {
		return d.time().Format(time.RFC3339Nano)
	}
	if s["contentEncoding"] == "base64" {
		return base64.StdEncoding.EncodeToString([]byte(words[d.IntN(len(words))]))
	}
	if pattern, ok := s["pattern"].(string); ok {
		if r, err := compiled(pattern); err == nil {
			for _, i := range d.Perm(len(plain)) {
				if r.MatchString(plain[i]) {
					return plain[i]
				}
			}
		}
	}
	for range 20 {
		if text := words[d.IntN(len(words))]; len(d.Check(s, text, true)) == 0 {
			return text
		}
	}
	least, _ := strconv.Atoi(textOf(s["minLength"]))
	text := ""
	for len(text) < least {
		text += "x"
	}
	return text
}

const day = 24 * time.Hour

// time is one of yesterday, of the day after tomorrow, of ten years from now, or any. None of the first
// three is near to now, so what is past or to come stays so while a test runs.
func (d *Drawer) time() time.Time {
	today := time.Now().UTC().Truncate(day)
	switch d.IntN(5) {
	case 0:
		return today.Add(-day)
	case 1, 2:
		return today.Add(2 * day)
	case 3:
		return today.AddDate(10, 0, 0)
	}
	return time.Unix(d.Int64N(2e9), d.Int64N(2)*500_000_000).UTC()
}

// textOf is a number as text; "" where it is none.
func textOf(value any) string {
	n, _ := value.(json.Number)
	return string(n)
}

func (d *Drawer) integer(s object) json.Number {
	least, err := strconv.ParseInt(textOf(s["minimum"]), 10, 64)
	if err != nil {
		least = -3
	}
	greatest, err := strconv.ParseInt(textOf(s["maximum"]), 10, 64)
	if err != nil || greatest-least > 10 || greatest < least {
		greatest = least + 10
	}
	return json.Number(strconv.FormatInt(least+d.Int64N(greatest-least+1), 10))
}

func (d *Drawer) number(s object) json.Number {
	least, greatest := -125.0, 125.0
	for name, to := range map[string]*float64{"minimum": &least, "exclusiveMinimum": &least, "maximum": &greatest, "exclusiveMaximum": &greatest} {
		if n, err := strconv.ParseFloat(textOf(s[name]), 64); err == nil {
			*to = n
		}
	}
	return json.Number(strconv.FormatFloat(least+(greatest-least)*float64(1+d.IntN(1022))/1024, 'f', -1, 64))
}

func (d *Drawer) array(s object, depth int) []any {
	least, _ := strconv.Atoi(textOf(s["minItems"]))
	greatest, err := strconv.Atoi(textOf(s["maxItems"]))
	if err != nil {
		greatest = least + 3
	}
	if depth > maxDepth {
		greatest = least
	}
	all := []any{}
	for range least + d.IntN(greatest-least+1) {
		all = append(all, d.draw(s["items"], depth+1))
	}
	return all
}

func (d *Drawer) members(s object, depth int) object {
	o := object{}
	required, _ := s["required"].([]any)
	properties := d.object(s["properties"])
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if slices.Contains(required, any(name)) || d.all && depth < 2 || depth <= maxDepth && d.IntN(4) > 0 {
			o[name] = d.draw(properties[name], depth+1)
		}
	}
	if more, ok := s["additionalProperties"].(object); ok && depth <= maxDepth {
		for range d.IntN(3) {
			name := d.text(d.object(s["propertyNames"]))
			if _, known := properties[name]; !known && name != "" {
				o[name] = d.draw(more, depth+1)
			}
		}
	}
	return o
}

// Mutate changes a value in one place: another type, a member that is missing, or one more.
func (d *Drawer) Mutate(value any) any {
	switch v := value.(type) {
	case object:
		names := slices.Sorted(maps.Keys(v))
		if len(names) == 0 || d.IntN(6) == 0 {
			return d.other(value)
		}
		changed, name := maps.Clone(v), names[d.IntN(len(names))]
		switch d.IntN(5) {
		case 0:
			delete(changed, name)
		case 1:
			changed["nobody_knows_this"] = d.other(nil) // null takes away from a map what it may not have
		default:
			changed[name] = d.Mutate(v[name])
		}
		return changed
	case []any:
		if len(v) == 0 || d.IntN(4) == 0 {
			return d.other(value)
		}
		changed, i := slices.Clone(v), d.IntN(len(v))
		changed[i] = d.Mutate(v[i])
		return changed
	}
	return d.other(value)
}

// other is a value of another type.
func (d *Drawer) other(than any) any {
	all := []any{nil, true, json.Number("1"), json.Number("1.5"), json.Number("-129"), json.Number("99999999999999999999"), "text", object{"a": json.Number("1")}, []any{"a", nil}}
	for {
		if v := all[d.IntN(len(all))]; kindOf(v) != kindOf(than) || kindOf(v) == "integer" {
			return v
		}
	}
}

// An Edit changes a value at one place in a known way.
type Edit struct {
	at     []string // the names that lead to the member; none: the value itself
	absent bool     // the member is taken away
	to     any      // otherwise this is its value
}

// Edits are the edits of an object that are made in order, before others are drawn: an empty one, one
// more member, and each member null, absent, and of each other type that the schema allows. There are none
// of another value.
func (d *Drawer) Edits(schema, value any) []Edit {
	if _, ok := value.(object); !ok {
		return nil
	}
	all := []Edit{{to: object{}}, {at: []string{"nobody_knows_this"}, to: "text"}}
	return append(all, d.editsOf(schema, value, nil)...)
}

func (d *Drawer) editsOf(schema, value any, above []string) (all []Edit) {
	members, _ := value.(object)
	properties := d.object(d.object(schema)["properties"])
	for _, name := range slices.Sorted(maps.Keys(members)) {
		at := append(slices.Clone(above), name)
		all = append(all, Edit{at: at}, Edit{at: at, absent: true})
		types, _ := d.object(properties[name])["type"].([]any)
		for _, kind := range types[min(1, len(types)):] {
			if kind != "null" {
				all = append(all, Edit{at: at, to: d.draw(object{"type": kind}, maxDepth)})
			}
		}
		all = append(all, d.editsOf(properties[name], members[name], at)...)
	}
	return all
}

// Of is the value with the edit. It shares what stays the same.
func (e Edit) Of(value any) any {
	if len(e.at) == 0 {
		return e.to
	}
	members, ok := value.(object)
	if !ok {
		return value
	}
	changed, name := maps.Clone(members), e.at[0]
	switch {
	case len(e.at) > 1:
		changed[name] = Edit{e.at[1:], e.absent, e.to}.Of(members[name])
	case e.absent:
		delete(changed, name)
	default:
		changed[name] = e.to
	}
	return changed
}
