// Text in drawings: it is broken into lines, and it is escaped.

package decision

import (
	"strings"
	"unicode/utf8"
)

// What fits into a box, also where the font is a wide one.
const (
	maxLines     = 2
	charsPerLine = 21
)

// wrap breaks a label into lines at its spaces. What does not fit is left out,
// and marked so.
func wrap(label string) (lines []string) {
	for _, word := range strings.Fields(label) {
		if utf8.RuneCountInString(word) > charsPerLine {
			word = string([]rune(word)[:charsPerLine-1]) + "…"
		}
		last := len(lines) - 1
		switch {
		case last >= 0 && utf8.RuneCountInString(lines[last]+" "+word) <= charsPerLine:
			lines[last] += " " + word
		case last < maxLines-1:
			lines = append(lines, word)
		default:
			lines[last] = strings.TrimSuffix(lines[last], "…") + "…"
			return lines
		}
	}
	return lines
}

// escape makes XML text of what labels and reasons hold.
func escape(s string) string { return escaper.Replace(legible(s)) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// legible puts U+FFFD for what no text may hold, in XML not even escaped: most
// control characters, noncharacters, and bytes that are not UTF-8.
func legible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, s)
}
