// This file reads the fields If-Match and If-None-Match. The lines of a field come in.
// The answer goes out: is it a star or a list of entity-tags, and does the current tag
// match (RFC 9110, 13.1.1 and 13.1.2).

package conditional

import (
	"strings"
	"unicode/utf8"
)

// A List is the value of one If-Match or If-None-Match field, with all its lines. The
// zero List means that the field was not sent.
//
// A list is one of three things: a star, a readable list of members (perhaps of none),
// or unreadable.
type List struct {
	lines  []string
	strict bool
	single bool // it is one line with one entity-tag in quotes, which is the usual case
}

// ParseList returns the list in the lines of a field. It keeps the lines.
//
// Members are entity-tags. Unless strict is set, a bare token is a member, too. A bare
// token is a run of characters that are allowed between the quotes. It counts as a
// strong tag. It must not begin with `*`: the client could have meant the star, which
// asks for something else. An entity-tag cannot span two lines.
func ParseList(lines []string, strict bool) List {
	l := List{lines: lines, strict: strict}
	if len(lines) == 1 {
		_, _, rest, ok := cutETag(lines[0])
		l.single = ok && rest == ""
	}
	return l
}

// IsTag reports whether the value is one entity-tag in quotes and nothing else. Such a
// list is readable, and it is not a star.
func (l List) IsTag() bool { return l.single }

// Lines returns the lines of the field as they were received. They must not be
// changed.
func (l List) Lines() []string { return l.lines }

// Present reports whether the field was sent, even with an empty value.
func (l List) Present() bool { return len(l.lines) > 0 }

// Star reports whether the value is exactly `*`, in one line. Other lines may be empty.
// A star beside other members makes the list unreadable.
func (l List) Star() bool {
	star := false
	for _, line := range l.lines {
		switch trimOWS(line) {
		case "":
		case "*":
			if star {
				return false
			}
			star = true
		default:
			return false
		}
	}
	return star
}

// Readable reports whether the value is a star or a well-formed list. Empty members
// are skipped (RFC 9110, 5.6.1.2), so an empty list is well-formed.
func (l List) Readable() bool { return l.single || l.scan("", false).readable }

// Strong reports whether current strongly matches a member. A star and an unreadable
// list do not have members. If current is not a tag, it matches nothing.
func (l List) Strong(current ETag) bool { return l.scan(current, true).match }

// Weak reports whether current weakly matches a member. Otherwise it is like
// [List.Strong].
func (l List) Weak(current ETag) bool { return l.scan(current, false).match }

// String returns the value as it was received. It joins the lines by ", " and removes
// the white space around each line, which is not part of the value (RFC 9110, 5.5). It
// is meant for messages: a longer value is cut after 200 bytes, and "…" follows.
func (l List) String() string { return excerpt(l.lines) }

// found is everything that a question can ask about a list and the current entity-tag.
type found struct{ star, readable, match bool }

// scan reads the list to its end, even after a match. The result of a write must not
// depend on a match that comes before something unreadable.
func (l List) scan(current ETag, strong bool) found {
	opaque, weak, ok := current.cut()
	comparable := ok && !(strong && weak)
	if l.single {
		member, memberWeak, _ := ETag(l.lines[0]).cut()
		return found{readable: true, match: comparable && member == opaque && !(strong && memberWeak)}
	}
	if l.Star() {
		return found{star: true, readable: true}
	}
	match := false
	for _, line := range l.lines {
		for rest := skipEmpty(line); rest != ""; rest = skipEmpty(rest) {
			member, memberWeak, after, ok := l.cutMember(rest)
			if !ok {
				return found{}
			}
			if comparable && member == opaque && !(strong && memberWeak) {
				match = true
			}
			rest = after
		}
	}
	return found{readable: true, match: match}
}

// cutMember cuts a member and the white space after it off the front of s. A comma or
// the end must follow.
func (l List) cutMember(s string) (opaque string, weak bool, rest string, ok bool) {
	opaque, weak, rest, ok = cutETag(s)
	if !ok && !l.strict {
		opaque, rest, ok = cutBare(s)
	}
	for rest != "" && isOWS(rest[0]) {
		rest = rest[1:]
	}
	if !ok || rest != "" && rest[0] != ',' {
		return "", false, "", false
	}
	return opaque, weak, rest, true
}

// cutBare cuts an entity-tag without quotes off the front of s. The tag ends before a
// comma, because only quotes protect a comma. It also ends before a quote, which
// cutMember then refuses: `w/"x"` is not a tag and not a bare token.
func cutBare(s string) (token, rest string, ok bool) {
	end := 0
	for end < len(s) && isETagc(s[end]) && s[end] != ',' {
		end++
	}
	if end == 0 || s[0] == '*' {
		return "", "", false
	}
	return s[:end], s[end:], true
}

// isOWS reports whether c is optional white space (RFC 9110, 5.6.3).
func isOWS(c byte) bool { return c == ' ' || c == '\t' }

func trimOWS(s string) string {
	for s != "" && isOWS(s[0]) {
		s = s[1:]
	}
	for s != "" && isOWS(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// skipEmpty skips white space and empty members.
func skipEmpty(s string) string {
	for s != "" && (isOWS(s[0]) || s[0] == ',') {
		s = s[1:]
	}
	return s
}

// excerpt joins lines for a message. It stops when there is enough text.
func excerpt(lines []string) string {
	const enough = 200
	if len(lines) == 1 && len(lines[0]) <= enough {
		return trimOWS(lines[0])
	}
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteString(", ")
		}
		line = trimOWS(line)
		b.WriteString(line[:min(len(line), enough+1)])
		if b.Len() > enough {
			end := enough
			for end > enough-utf8.UTFMax && !utf8.RuneStart(b.String()[end]) {
				end-- // do not cut a character in two
			}
			return b.String()[:end] + "…"
		}
	}
	return b.String()
}
