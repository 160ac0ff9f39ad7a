// This file finds values that have a name, in texts of several forms: name=value, members of
// JSON, and parts of a multipart form. A text comes in. The same text goes out, with a mark
// in the place of each value whose name is a secret. A text that is broken or cut off is read
// as far as its form goes on.

package debugger

import (
	"encoding/json"
	"net/url"
	"strings"
)

// A form says what ends the value of a pair.
type form int

const (
	inForm    form = iota // a query, or the content of a form: only & ends it
	inContent             // content of any kind
	inText                // a field or a message, where a value may stand in quotes
)

// pairs hides the values of name=value.
func (v *veil) pairs(text string, f form) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '=' {
			continue
		}
		start := i
		for start > done && i-start < maxName && f.inName(text[start-1]) {
			start--
		}
		name := text[start:i]
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		end := f.end(text, i+1)
		if end == i+1 || !v.secret(name) {
			continue
		}
		v.note(strings.Trim(text[i+1:end], `"'`))
		b.WriteString(text[done:i+1] + redacted)
		done, i = end, end-1
	}
	if done == 0 {
		return text
	}
	return b.String() + text[done:]
}

// maxName is the greatest length of a name, in bytes.
const maxName = 256

func (f form) inName(c byte) bool {
	if f == inForm {
		return c != '&'
	}
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-_.%[]", c) >= 0 || c >= 0x80
}

// end returns the position behind the value that begins at i.
func (f form) end(text string, i int) int {
	rest := text[i:]
	switch {
	case f == inForm:
		if n := strings.IndexByte(rest, '&'); n >= 0 {
			return i + n
		}
		return len(text)
	case f == inText && rest != "" && (rest[0] == '"' || rest[0] == '\''):
		if n := strings.IndexByte(rest[1:], rest[0]); n >= 0 {
			return i + n + 2
		}
		return len(text)
	}
	for n := 0; n < len(rest); n++ {
		switch {
		case strings.HasPrefix(rest[n:], `\u0026`): // the & of a URI in JSON
			return i + n
		case rest[n] == '\\' && n+1 < len(rest):
			n++
		case rest[n] <= ' ' || strings.IndexByte(`&;,"'<>#)`, rest[n]) >= 0:
			return i + n
		}
	}
	return len(text)
}

// members hides the values of members of JSON. Text around the JSON does no harm.
func (v *veil) members(text string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		end := stringEnd(text, i, maxName)
		if end < 0 {
			continue
		}
		start := skipSpace(text, end)
		if start == len(text) || text[start] != ':' || !v.secret(unquoted(text[i:end])) {
			continue
		}
		start = skipSpace(text, start+1)
		end = valueEnd(text, start)
		switch value := text[start:end]; value {
		case "", "true", "false", "null": // these are not secret
		default:
			v.noteLeaves(value)
			b.WriteString(text[done:start] + `"` + redacted + `"`)
			done, i = end, end-1
		}
	}
	if done == 0 {
		return text
	}
	return b.String() + text[done:]
}

// noteLeaves notes the texts and numbers of a JSON value. Of a value that is broken it notes
// all.
func (v *veil) noteLeaves(value string) {
	decoder := json.NewDecoder(strings.NewReader(value))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		switch token := token.(type) {
		case string:
			v.note(token)
		case json.Number:
			v.note(token.String())
		}
	}
	v.note(strings.Trim(value, `"`))
}

// stringEnd returns the position behind the JSON string that begins at i, or -1 if it does
// not end within max bytes.
func stringEnd(text string, i, max int) int {
	for n := i + 1; n < len(text) && n-i <= max; n++ {
		switch text[n] {
		case '\\':
			n++
		case '"':
			return n + 1
		}
	}
	return -1
}

// valueEnd returns the position behind the JSON value that begins at i. A value that does not
// end reaches to the end of the text.
func valueEnd(text string, i int) int {
	depth := 0
	for n := i; n < len(text); n++ {
		switch c := text[n]; {
		case c == '"':
			end := stringEnd(text, n, len(text))
			if end < 0 {
				return len(text)
			}
			if n = end - 1; depth == 0 {
				return end
			}
		case c == '{' || c == '[':
			depth++
		case (c == '}' || c == ']') && depth > 0:
			if depth--; depth == 0 {
				return n + 1
			}
		case depth == 0 && (c <= ' ' || c == ',' || c == '}' || c == ']'):
			return n
		}
	}
	return len(text)
}

func skipSpace(text string, i int) int {
	for i < len(text) && strings.IndexByte(" \t\r\n", text[i]) >= 0 {
		i++
	}
	return i
}

// unquoted returns what a JSON string says, or its text if it is broken.
func unquoted(literal string) string {
	var s string
	if json.Unmarshal([]byte(literal), &s) != nil {
		return strings.Trim(literal, `"`)
	}
	return s
}

// quotedInside returns the text as it stands inside of a JSON or Go string.
func quotedInside(text string) string {
	literal, _ := json.Marshal(text)
	return strings.Trim(string(literal), `"`)
}

// parts hides the values of a multipart form: what stands between the empty line below a
// secret name and the next boundary.
func (v *veil) parts(text string) string {
	const gap, boundary = "\r\n\r\n", "\r\n--"
	var b strings.Builder
	for {
		head, rest, found := strings.Cut(text, gap)
		b.WriteString(head)
		if !found {
			return b.String()
		}
		b.WriteString(gap)
		value, next, more := strings.Cut(rest, boundary)
		if v.secret(partName(head)) {
			v.note(value)
			value = redacted
		}
		b.WriteString(value)
		if !more {
			return b.String()
		}
		b.WriteString(boundary)
		text = next
	}
}

// partName returns the name of a part, of the fields above it.
func partName(head string) string {
	for {
		i := strings.Index(head, "name=")
		if i < 0 {
			return ""
		}
		isName := i == 0 || head[i-1] == ' ' || head[i-1] == ';' // and not filename=
		head = head[i+len("name="):]
		if isName {
			name, _, _ := strings.Cut(head, ";")
			name, _, _ = strings.Cut(name, "\r\n")
			return strings.Trim(strings.TrimSpace(name), `"`)
		}
	}
}
