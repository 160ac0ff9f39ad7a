// This file prepares text for drawings. A label or a reason comes in. Lines that fit
// into a box go out, or text that is escaped for XML.

package decision

import (
	"strings"
	"unicode/utf8"
)

// The text that fits into a box, even in a wide font.
const (
	maxLines     = 2
	charsPerLine = 21
)

// wrap breaks a label into lines at its spaces. It leaves out text that does not fit,
// and marks the place with "…".
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

// escape makes XML text of a label or a reason.
func escape(s string) string { return escaper.Replace(legible(s)) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// legible replaces characters that XML does not allow, not even escaped, with U+FFFD:
// most control characters, noncharacters, and bytes that are not UTF-8.
func legible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, s)
}
