// These tests check how secrets are found in texts of each form.

package debugger

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHide(t *testing.T) {
	for _, row := range []struct{ name, form, text, want string }{
		{"a pair", "form", "a=b&token=c&d=e", "a=b&token=[redacted]&d=e"},
		{"any character", "form", `token=a b"c;d&e`, "token=[redacted]&e"},
		{"no value", "form", "token=&a=b", "token=&a=b"},
		{"no name", "form", "=token&a", "=token&a"},
		{"a sign in the value", "form", "token=a=b&c", "token=[redacted]&c"},
		{"in quotes", "text", `Digest key="a, b", c`, `Digest key=[redacted], c`},
		{"quotes that do not end", "text", `key="a, b`, `key=[redacted]`},
		{"in a sentence", "text", "for ?key=abc, and (secret=d)", "for ?key=[redacted], and (secret=[redacted])"},
		{"a URI in JSON", "content", `{"u":"/?key=abc\u0026b=c"}`, `{"u":"/?key=[redacted]\u0026b=c"}`},
		{"a text that ends with a sign", "content", `["key=","b"]`, `["key=","b"]`},
		{"a member", "content", `{"key": "a\"b", "c": 1}`, `{"key": "[redacted]", "c": 1}`},
		{"a number", "content", `{"key":12.5e3}`, `{"key":"[redacted]"}`},
		{"null", "content", `{"key":null}`, `{"key":null}`},
		{"an object", "content", `{"keys" : {"a":["}"]} , "b":2}`, `{"keys" : "[redacted]" , "b":2}`},
		{"an escaped name", "content", `{"\u006bey":"a"}`, `{"\u006bey":"[redacted]"}`},
		{"a name in a text", "content", `["my key",":x", "token"]`, `["my key",":x", "token"]`},
		{"after a quote", "content", `" {"key":"a"}`, `" {"key":"[redacted]"}`},
		{"cut off", "content", `{"key":{"a":"b`, `{"key":"[redacted]"`},
	} {
		v := &veil{settings: &New("/").settings}
		got := map[string]func() string{
			"form":    func() string { return v.pairs(row.text, inForm) },
			"text":    func() string { return v.text(row.text) },
			"content": func() string { return v.content(nil, row.text) },
		}[row.form]()
		assert.Equal(t, row.want, got, row.name)
	}
}

// without returns a value of JSON whose secrets are hidden.
func without(s *settings, value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if _, isBool := member.(bool); s.secret(name) && !isBool && member != nil {
				value[name] = redacted
			} else {
				value[name] = without(s, member)
			}
		}
	case []any:
		for i, element := range value {
			value[i] = without(s, element)
		}
	}
	return value
}

// JSON stays JSON, and only the secrets change.
func FuzzMembers(f *testing.F) {
	for _, text := range []string{`{"key":1}`, `{"a":[{"token":{"b":"}"}}]}`, `["\"key\":1"]`, `{"a\"key":[]}`, `{"k\u0065y" : "\\"}`, `{"":{"key":""}}`, `{"key" `} {
		f.Add(text)
	}
	s := &New("/").settings
	f.Fuzz(func(t *testing.T, text string) {
		v := &veil{settings: s}
		hidden := v.members(text)
		_ = v.pairs(hidden, inContent)
		_ = v.parts(text)
		var before, after any
		if len(text) >= maxName {
			return
		}
		if json.Unmarshal([]byte(text), &before) != nil {
			return
		}
		if err := json.Unmarshal([]byte(hidden), &after); err != nil {
			t.Fatalf("%q became %q: %v", text, hidden, err)
		}
		if want := without(s, before); !reflect.DeepEqual(want, after) {
			t.Fatalf("%q became %q", text, hidden)
		}
	})
}
