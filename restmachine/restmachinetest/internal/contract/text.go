package contract

import (
	"encoding/json"
	"strings"
	"unicode"
)

// This file is about values as parameters have them: text. In come values, or texts. Out come texts,
// and whether a schema allows one.

// PlainText is a value as a parameter has it.
func PlainText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, _ := json.Marshal(value)
	return string(text)
}

// FitsText reports whether a text is a value of the schema of a parameter.
func (d *Document) FitsText(schema any, text string) bool {
	of, _ := schema.(map[string]any)
	if items, ok := of["items"]; ok {
		return d.FitsText(items, text)
	}
	if len(d.Check(schema, text, true)) == 0 {
		return true
	}
	value, err := Decode([]byte(text))
	return err == nil && of["type"] != "string" && len(d.Check(schema, value, true)) == 0
}

// ListOf is a list of values as a field has it (RFC 9110, 5.6.1). What cannot stand in a field is
// left out. A text that a comma or a quote would change is quoted.
func ListOf(all []string) string {
	var texts []string
	for _, text := range all {
		if !IsPrintable(text) {
			continue
		}
		if text == "" || text != strings.TrimSpace(text) || strings.ContainsAny(text, `,"`) {
			text = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

// IsPrintable reports whether a text can stand in a field.
func IsPrintable(text string) bool { return !strings.ContainsFunc(text, unicode.IsControl) }

// Choices are the values of the schema of a parameter that are few, as texts: those of an enum, true
// and false, and of integers the small ones that it allows. There may be none.
func (d *Document) Choices(schema any) []string {
	of := d.object(schema)
	if items, ok := of["items"]; ok {
		return d.Choices(items)
	}
	var all []string
	alternatives, _ := of["anyOf"].([]any)
	for _, one := range alternatives {
		all = append(all, d.Choices(one)...)
	}
	values, _ := of["enum"].([]any)
	for _, one := range values {
		if one != nil {
			all = append(all, PlainText(one))
		}
	}
	if len(all) > 0 {
		return all
	}
	types, several := of["type"].([]any)
	if !several {
		types = []any{of["type"]}
	}
	for _, kind := range types {
		for _, text := range map[any][]string{"boolean": {"true", "false"}, "integer": {"1", "2", "3"}}[kind] {
			if d.FitsText(schema, text) {
				all = append(all, text)
			}
		}
	}
	return all
}
