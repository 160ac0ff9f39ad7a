// This file holds one entity-tag: its grammar, how it is made from text, and when two
// entity-tags match (RFC 9110, 8.8.3). Lists and preconditions compare with it.

package conditional

import (
	"fmt"
	"strings"
)

// maxETag is the longest entity-tag that Quote makes, in bytes. A client sends all
// the tags that it has kept in one line, and servers limit the length of a line.
const maxETag = 1024

// An ETag is an entity-tag as it is written in the field, with its quotes: `"x"` is
// strong, `W/"x"` is weak. The empty string means that there is no entity-tag. It
// differs from the empty entity-tag, `""`.
//
// [ParseETag] and [Quote] make well-formed entity-tags. A conversion can make others.
// A tag without quotes around it matches nothing.
type ETag string

// ParseETag returns s if it is an entity-tag by the grammar of RFC 9110, 8.8.3, with
// nothing before or after it. The W of a weak tag is an upper-case letter.
func ParseETag(s string) (ETag, error) {
	if _, _, rest, ok := cutETag(s); !ok || rest != "" {
		return "", fmt.Errorf("conditional: %q is not an entity-tag", clip(s))
	}
	return ETag(s), nil
}

// Quote makes an entity-tag of s. If s is already an entity-tag, weak or strong,
// Quote returns it unchanged. Otherwise Quote puts s between quotes, which makes a
// strong tag. The empty string stays empty: there is no tag.
//
// It is an error if s contains a space, a quote, a control character or DEL, or if
// the tag is longer than 1,024 bytes. Bytes from 0x80 on are an error, too. The
// grammar allows them as obs-text, but senders ought to keep to US-ASCII (RFC 9110,
// 5.5). If a proxy changed such a tag, it would never match again.
func Quote(s string) (ETag, error) {
	if s == "" {
		return "", nil
	}
	tag, opaque := ETag(s), s
	if inner, _, rest, ok := cutETag(s); ok && rest == "" {
		opaque = inner
	} else {
		tag = ETag(`"` + s + `"`)
	}
	for i := range len(opaque) {
		if c := opaque[i]; !generatable(c) {
			return "", fmt.Errorf("conditional: %q cannot be written as an entity-tag: it contains %q", clip(s), opaque[i:i+1])
		}
	}
	if len(tag) > maxETag {
		return "", fmt.Errorf("conditional: %q cannot be written as an entity-tag: %d bytes exceed the limit of %d", clip(s), len(tag), maxETag)
	}
	return tag, nil
}

// Weak returns the weak form of t. With a weak tag the server says that equal tags do
// not promise equal bytes. A weak tag stays as it is, and so does the empty string.
func (t ETag) Weak() ETag {
	if _, weak, ok := t.cut(); !ok || weak {
		return t
	}
	return "W/" + t
}

// IsWeak reports whether t is marked as weak.
func (t ETag) IsWeak() bool {
	_, weak, _ := t.cut()
	return weak
}

// Opaque returns the text between the quotes of t.
func (t ETag) Opaque() string {
	opaque, _, _ := t.cut()
	return opaque
}

// WithSuffix returns the entity-tag of a variant: `"x"` with the suffix gzip is
// `"x;gzip"`. Two representations of one resource must not share a strong entity-tag
// (RFC 9110, 8.8.3.3). A media type, a language or a content coding distinguishes
// them. Bytes of name that [Quote] would refuse are left out. If no byte of name is
// left, or if t is not a tag, t stays as it is.
func (t ETag) WithSuffix(name string) ETag {
	if _, _, ok := t.cut(); !ok {
		return t
	}
	b := make([]byte, 0, len(t)+len(";")+len(name))
	b = append(b, t[:len(t)-1]...)
	b = append(b, ';')
	bare := len(b)
	for i := range len(name) {
		if generatable(name[i]) {
			b = append(b, name[i])
		}
	}
	if len(b) == bare {
		return t
	}
	return ETag(append(b, '"'))
}

// StrongMatch reports whether a and b are equal and both strong (RFC 9110, 8.8.3.2).
// If-Match and If-Range compare in this way.
func StrongMatch(a, b ETag) bool {
	_, weak, ok := a.cut()
	return ok && !weak && a == b
}

// WeakMatch reports whether a and b are equal, except that each may be weak or strong
// (RFC 9110, 8.8.3.2). If-None-Match compares in this way.
func WeakMatch(a, b ETag) bool {
	x, _, xok := a.cut()
	y, _, yok := b.cut()
	return xok && yok && x == y
}

// cut takes t apart. It checks the marks around the opaque part and not the part
// itself. Only members of a list come from clients, and cutETag reads those.
func (t ETag) cut() (opaque string, weak, ok bool) {
	s, weak := strings.CutPrefix(string(t), "W/")
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", false, false
	}
	return s[1 : len(s)-1], weak, true
}

// cutETag cuts an entity-tag off the front of s. The grammar does not have escapes: a
// backslash is a byte like any other, and a quote always ends the tag.
func cutETag(s string) (opaque string, weak bool, rest string, ok bool) {
	s, weak = strings.CutPrefix(s, "W/")
	if s == "" || s[0] != '"' {
		return "", false, "", false
	}
	s = s[1:]
	end := 0
	for end < len(s) && etagc[s[end]] {
		end++
	}
	if end == len(s) || s[end] != '"' {
		return "", false, "", false
	}
	return s[:end], weak, s[end+1:], true
}

// isETagc reports whether c is allowed between the quotes: any visible character
// except the quote, and obs-text (RFC 9110, 8.8.3).
func isETagc(c byte) bool { return c > ' ' && c != '"' && c != 0x7F }

// etagc is isETagc as a table.
var etagc = func() (is [256]bool) {
	for c := range is {
		is[c] = isETagc(byte(c))
	}
	return is
}()

// generatable reports whether c is allowed in a tag that we make.
func generatable(c byte) bool { return isETagc(c) && c < 0x80 }

// clip shortens the text of a client for a message.
func clip(s string) string {
	const enough = 64
	if len(s) > enough {
		return s[:enough] + "…"
	}
	return s
}
