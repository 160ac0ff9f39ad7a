// This file reads the syntax that the four fields share: comma-separated members over
// several lines (RFC 9110, 5.6.1), parameters (5.6.6) and weights (12.4.2). All results are
// substrings of the field, so reading does not allocate.

package negotiate

// maxMembers is the number of members of one field that count. Browsers send fewer than
// twenty. The limit bounds the work for each offer.
const maxMembers = 100

// maxWeight is the weight of a member that does not state one, in thousandths.
const maxWeight = 1000

// members iterates over the members of all lines of one field. It skips empty members.
type members struct {
	lines []string // the lines that are not begun
	rest  string   // the rest of the current line
	left  int      // the number of members that may still count
}

func membersOf(lines []string) members {
	return members{lines: lines, left: maxMembers}
}

// next returns the next member without the white space around it. ok is false at the end
// of the field.
func (m *members) next() (member string, ok bool) {
	for m.left > 0 {
		if m.rest == "" {
			if len(m.lines) == 0 {
				break
			}
			m.rest, m.lines = m.lines[0], m.lines[1:]
		}
		if member, m.rest = cutMember(m.rest); member != "" {
			m.left--
			return member, true
		}
	}
	return "", false
}

// cutMember splits s at its first comma that is not inside a quoted string.
func cutMember(s string) (member, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '\\' && quoted:
			i++ // a quoted-pair: its second byte ends neither the string nor the member
		case s[i] == ',' && !quoted:
			return trimSpace(s[:i]), s[i+1:]
		}
	}
	return trimSpace(s), ""
}

// readToken reads a member of the form "token [ weight ]".
func readToken(member string) (token string, weight int, ok bool) {
	token, params := cutToken(member)
	weight, others, ok := readWeight(params)
	return token, weight, ok && token != "" && !others
}

// readWeight checks parameters. It returns the weight among them, which may stand anywhere
// (RFC 9110, 12.5.1), and whether there are others. Two weights contradict each other and
// make the parameters unreadable.
func readWeight(params string) (weight int, others, ok bool) {
	weight = maxWeight
	weighted := false
	for params != "" {
		var name, value string
		name, value, params, ok = cutParameter(params)
		switch {
		case !ok:
			return 0, false, false
		case isWeight(name):
			if weighted {
				return 0, false, false
			}
			if weight, weighted = readQvalue(value); !weighted {
				return 0, false, false
			}
		case name != "":
			others = true
		}
	}
	return weight, others, true
}

func isWeight(name string) bool { return name == "q" || name == "Q" }

// readQvalue reads a qvalue (RFC 9110, 12.4.2) as thousandths. It is at most 1. Clients
// also send what the grammar does not have: ".2" without its zero, and more than three
// digits. Digits after the third do not count, but a weight that is not zero stays so:
// only zero excludes.
func readQvalue(s string) (thousandths int, ok bool) {
	digits := s
	switch {
	case s == "" || s == ".":
		return 0, false
	case s[0] == '0' || s[0] == '1':
		thousandths = int(s[0]-'0') * maxWeight
		digits = s[1:]
	}
	if digits == "" {
		return thousandths, true
	}
	if digits[0] != '.' {
		return 0, false
	}
	rest := false
	for i, unit := 1, maxWeight/10; i < len(digits); i, unit = i+1, unit/10 {
		digit := int(digits[i]) - '0'
		if digit < 0 || digit > 9 {
			return 0, false
		}
		thousandths += digit * unit
		rest = rest || digit > 0 && unit == 0
	}
	if rest && thousandths%maxWeight == 0 {
		thousandths++ // 0.0001 is a little, and 1.0001 is too much
	}
	return thousandths, thousandths <= maxWeight
}

// cutParameter cuts OWS ";" OWS [ name "=" value ] off the front of s, which is not empty.
// The name of an empty parameter is empty. The value is as written, with its quotes if it
// has them.
func cutParameter(s string) (name, value, rest string, ok bool) {
	s = trimSpaceLeft(s)
	if s == "" || s[0] != ';' {
		return "", "", "", false
	}
	s = trimSpaceLeft(s[1:])
	name, rest = cutToken(s)
	if name == "" { // an empty parameter: only the end or the next ";" may follow
		return "", "", rest, rest == "" || rest[0] == ';'
	}
	if rest == "" || rest[0] != '=' {
		return "", "", "", false
	}
	rest = rest[1:]
	if rest != "" && rest[0] == '"' {
		value, rest, ok = cutQuoted(rest)
		return name, value, rest, ok
	}
	value, rest = cutToken(rest)
	return name, value, rest, value != ""
}

// cutQuoted cuts a quoted-string (RFC 9110, 5.6.4), with its quotes, off the front of s. s
// begins with a quote.
func cutQuoted(s string) (quoted, rest string, ok bool) {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return s[:i+1], s[i+1:], true
		case c == '\\':
			i++
			if i == len(s) || isControl(s[i]) {
				return "", "", false
			}
		case isControl(c):
			return "", "", false
		}
	}
	return "", "", false
}

func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }

// cutToken cuts the longest token (RFC 9110, 5.6.2) off the front of s. The token is empty
// if s begins with something else.
func cutToken(s string) (token, rest string) {
	for i := 0; i < len(s); i++ {
		if !isTokenChar(s[i]) {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

func isTokenChar(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	switch c {
	case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~':
		return true
	}
	return false
}

func trimSpaceLeft(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	return s
}

func trimSpace(s string) string {
	s = trimSpaceLeft(s)
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

// preferred answers a field that is absent or unreadable: it chooses the first offer.
func preferred(offers []string) (index int, ok bool) {
	if len(offers) == 0 {
		return -1, false
	}
	return 0, true
}
