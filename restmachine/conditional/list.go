package conditional

// This file is about the fields If-Match and If-None-Match: a star, or a list
// of entity-tags, in one or more field lines (RFC 9110, 13.1.1 and 13.1.2).

import (
	"strings"
	"unicode/utf8"
)

// A List is the value of one If-Match or If-None-Match field: all its lines. The
// zero List is that of a field that was not sent.
//
// A list is one of three things: a star, a readable list of members (perhaps
// none), or unreadable.
type List struct {
	lines  []string
	strict bool
	single bool // it is one line with one entity-tag in quotes, as most are
}

// ParseList returns the list that stands in the lines of a field, which it keeps.
//
// Members are entity-tags. Unless strict is set, a bare token also is one: a run
// of what may stand between the quotes, taken for a strong tag. A bare token
// does not begin with `*`, since it could have been meant as the star, which
// asks for something else. An entity-tag cannot span two lines.
func ParseList(lines []string, strict bool) List {
	l := List{lines: lines, strict: strict}
	if len(lines) == 1 {
		_, _, rest, ok := cutETag(lines[0])
		l.single = ok && rest == ""
	}
	return l
}

// IsTag reports whether the value is one entity-tag in quotes and nothing else:
// it is readable, and no star.
func (l List) IsTag() bool { return l.single }

// Lines returns the lines of the field as they were received. They must not be
// changed.
func (l List) Lines() []string { return l.lines }

// Present reports whether the field was sent, if only with an empty value.
func (l List) Present() bool { return len(l.lines) > 0 }

// Star reports whether the value is exactly `*`: in one line, which may have
// empty ones beside it. A star among members is no star but unreadable.
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

// Readable reports whether the value is a star or a well-formed list. Empty
// members are skipped (RFC 9110, 5.6.1.2), so that an empty list is well-formed.
func (l List) Readable() bool { return l.single || l.scan("", false).readable }

// Strong reports whether current strongly matches a member. A list that is a
// star or unreadable has no members, and no tag at all matches nothing.
func (l List) Strong(current ETag) bool { return l.scan(current, true).match }

// Weak reports whether current weakly matches a member, and is otherwise like
// [List.Strong].
func (l List) Weak(current ETag) bool { return l.scan(current, false).match }

// String returns the value as it was received, lines joined by ", ", less the
// white space around each, which is no part of it (RFC 9110, 5.5). It is for
// messages: at most 200 bytes, followed by "…" where there is more.
func (l List) String() string { return excerpt(l.lines) }

// found is all that can be asked of a list and the current entity-tag.
type found struct{ star, readable, match bool }

// scan reads the list to its end, also after a match: a write must not depend on
// what stands in front of something unreadable.
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

// cutMember cuts a member off the front of s, and the white space behind it; a
// comma must follow, or nothing.
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

// cutBare cuts an entity-tag that lacks its quotes off the front of s. It ends
// before a comma, which only quotes can protect, and before a quote, which
// cutMember then refuses: `w/"x"` is neither a tag nor a bare token.
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

// excerpt joins lines for a message, and stops where there is enough.
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
