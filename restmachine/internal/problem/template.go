package problem

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/decision"
)

// This file writes the problem details of the graph's own refusals: by far the most
// frequent errors. In come a status, the row of the graph that refused, and a detail
// in pieces. Out comes the JSON that [Details.MarshalJSON] would make of them, without a
// Details in between: the test of this package holds the two to the same bytes.

// Detail is a detail in pieces. Those at even places are words of the library: each of their
// bytes stands for itself in JSON. Those at odd places may be anything, and are escaped.
type Detail [5]string

// IsEmpty reports whether there is no detail.
func (d *Detail) IsEmpty() bool { return d[0] == "" && d[1] == "" }

// String is the whole detail.
func (d *Detail) String() string { return strings.Join(d[:], "") }

// NotOffered says that a request field matches none of the offers.
func NotOffered(field string, offers []string) Detail {
	return Detail{"none of the available representations matches ", field, "; available: ", strings.Join(offers, ", ")}
}

// A Template is the problem details of one refusal, with a place for its detail.
type Template struct {
	Status int
	Row    decision.ID
	Bare   []byte // without a detail

	head, tail string // in front of the detail, and behind it
}

// NewTemplate makes the template of a status at a row of the graph.
func NewTemplate(status int, row decision.ID) *Template {
	head := fmt.Sprintf(`{"title":%q,"status":%d`, Phrase(status), status)
	tail := fmt.Sprintf(`,"decision":"%v"}`, row)
	return &Template{status, row, []byte(head + tail), head + `,"detail":"`, `"` + tail}
}

// Append appends the problem details with a detail.
func (t *Template) Append(dst []byte, said *Detail) []byte {
	dst = append(dst, t.head...)
	dst = append(dst, said[0]...)
	dst = appendText(dst, said[1])
	dst = append(dst, said[2]...)
	dst = appendText(dst, said[3])
	dst = append(dst, said[4]...)
	return append(dst, t.tail...)
}

// appendText appends text as it stands in a JSON string (RFC 8259, 7). Like
// encoding/json it also escapes what could end a script in a page.
func appendText(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case plainBytes[c]:
			dst = append(dst, c)
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		default:
			dst, text = appendRune(dst, text[i:])
			i = -1
		}
	}
	return dst
}

// appendRune appends the first rune of text, escaped where it must be.
func appendRune(dst []byte, text string) (longer []byte, rest string) {
	const hex = "0123456789abcdef"
	r, n := utf8.DecodeRuneInString(text)
	switch rest = text[n:]; {
	case r == utf8.RuneError && n == 1:
		return append(dst, `\ufffd`...), rest
	case r == '\b' || r == '\f' || r == '\n' || r == '\r' || r == '\t':
		return append(dst, '\\', "btn?fr"[r-'\b']), rest
	case r < ' ' || r == '<' || r == '>' || r == '&':
		return append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15]), rest
	case r == '\u2028' || r == '\u2029':
		return append(append(dst, `\u202`...), hex[r&15]), rest
	}
	return append(dst, text[:n]...), rest
}

// plainBytes stand for themselves in a JSON string.
var plainBytes = func() (is [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		is[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return is
}()
