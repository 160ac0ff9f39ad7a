// This file writes text as words of a shell. Any bytes come in. Out goes a word that sh, as
// POSIX describes it, reads as the same bytes, and that consists of printable characters.
// Placeholders for secrets become variables.

package debugger

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A shell writes words, and notes the variables that they need.
type shell struct{ variables []string }

// bare are the characters that mean nothing to a shell.
const bare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,"

// word returns the text as one word. A mark in the place of a secret becomes a variable: the
// shell says which one is not set.
func (s *shell) word(text string) string {
	if text != "" && strings.Trim(text, bare) == "" {
		return text
	}
	var b strings.Builder
	before := ""
	for {
		literal, rest, found := strings.Cut(text, redacted)
		b.WriteString(quoted(literal))
		if !found {
			break
		}
		before += literal
		fmt.Fprintf(&b, `"${%s:?}"`, s.variable(before))
		text, before = rest, ""
	}
	if b.Len() == 0 {
		return "''"
	}
	return b.String()
}

// variable returns a variable that is named after what stands before the secret: the name of
// a field, of a parameter, of a member.
func (s *shell) variable(before string) string {
	isName := func(r rune) bool {
		return r == '_' || r == '-' || r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
	}
	before = strings.TrimRightFunc(before, func(r rune) bool { return !isName(r) })
	name := before[strings.LastIndexFunc(before, func(r rune) bool { return !isName(r) })+1:]
	name = strings.Trim(strings.ToUpper(strings.ReplaceAll(name, "-", "_")), "_")
	if name == "" || unicode.IsDigit(rune(name[0])) || name == "IFS" || name == "PATH" {
		name = "SECRET_" + name
	}
	name = strings.TrimSuffix(name, "_")
	for _, known := range s.variables {
		if known == name {
			return name
		}
	}
	s.variables = append(s.variables, name)
	return name
}

// quoted returns the text as a part of a word. Text without NUL keeps all its bytes; NUL
// cannot be in a word.
func quoted(text string) string {
	var b strings.Builder
	for text != "" {
		n := printableLen(text)
		if n > 0 {
			b.WriteString("'" + strings.ReplaceAll(text[:n], "'", `'\''`) + "'")
			text = text[n:]
		}
		if n = len(text) - len(afterUnprintable(text)); n > 0 {
			b.WriteString(`"$(printf '` + escaped(text[:n]) + `')"`) // does not end with a line break, which the shell would drop
			text = text[n:]
		}
	}
	return b.String()
}

// printableLen returns how many bytes at the beginning are printable characters and line
// breaks.
func printableLen(text string) int {
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		if r != '\n' && !unicode.IsPrint(r) || r == utf8.RuneError && size == 1 {
			return i
		}
	}
	return len(text)
}

// afterUnprintable returns the text from its first printable character on.
func afterUnprintable(text string) string {
	for text != "" && printableLen(text) == 0 {
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	return text
}

// escaped returns bytes as a format of printf in single quotes.
func escaped(text string) string {
	var b strings.Builder
	for i, c := range []byte(text) {
		switch {
		case i == 0 && c == '-': // not an option
			b.WriteString(`\055`)
		case c == '%':
			b.WriteString("%%")
		case c < ' ' || c > '~' || c == '\'' || c == '\\':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
