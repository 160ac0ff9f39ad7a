package textfield

import "strings"

// This file splits lists. In come the lines of a field that is a list, or the default of a
// slice. Out come its elements (RFC 9110, 5.6.1).

// List is the elements of a list: what stands between commas, without the white space around
// it. Empty elements do not count. A comma in a quoted-string separates nothing, and an element
// that is one quoted-string is the text in it (RFC 9110, 5.6.4). It fails where a quoted-string
// does not end on its line. It is never nil where it does not fail.
func List(lines ...string) (elements []string, ok bool) {
	elements = make([]string, 0, len(lines))
	for _, line := range lines {
		for line != "" {
			n, quoted := elementIn(line)
			if n < 0 {
				return nil, false
			}
			element := strings.Trim(line[:n], " \t")
			if quoted = quoted && isOneQuoted(element); quoted {
				element = unquote(element)
			}
			if element != "" || quoted {
				elements = append(elements, element)
			}
			line = line[min(n+1, len(line)):]
		}
	}
	return elements, true
}

// elementIn is where the first element of a line ends, and whether a quoted-string is in it;
// -1 where that does not end.
func elementIn(line string) (end int, quoted bool) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ',':
			return i, quoted
		case '"':
			quoted = true
			n := quotedIn(line[i:])
			if n < 0 {
				return -1, true
			}
			i += n - 1
		}
	}
	return len(line), quoted
}

// quotedIn is the length of the quoted-string that a text begins with; -1 where it does not end.
func quotedIn(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}

// isOneQuoted reports whether an element is a quoted-string, and nothing else.
func isOneQuoted(element string) bool {
	return strings.HasPrefix(element, `"`) && quotedIn(element) == len(element)
}

// unquote is the text in a quoted-string.
func unquote(quoted string) string {
	text := quoted[1 : len(quoted)-1]
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
