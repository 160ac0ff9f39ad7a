package conditional

// This file is about one entity-tag: its grammar, how one is made, and when two
// of them match (RFC 9110, 8.8.3).

import (
	"fmt"
	"strings"
)

// maxETag bounds the entity-tags that Quote makes, in bytes. A client sends
// every tag that it keeps back in one line, and servers limit those.
const maxETag = 1024

// An ETag is an entity-tag as it stands in the field, quotes included: `"x"` is
// a strong one, `W/"x"` a weak one. The empty string is no entity-tag at all,
// which is not the same as the empty one, `""`.
//
// [ParseETag] and [Quote] make well-formed ones. A conversion can make others:
// what does not stand between quotes matches nothing.
type ETag string

// ParseETag returns s if it is an entity-tag by the grammar of RFC 9110, 8.8.3,
// with nothing before or after it. `W` is an upper-case letter there.
func ParseETag(s string) (ETag, error) {
	if _, _, rest, ok := cutETag(s); !ok || rest != "" {
		return "", fmt.Errorf("conditional: %q is not an entity-tag", clip(s))
	}
	return ETag(s), nil
}

// Quote makes an entity-tag of s. What already is one, weak or strong, stays as
// it is; anything else becomes a strong one by putting it between quotes. The
// empty string stays empty: there is no tag.
//
// It is an error if s cannot be written as a tag: where it holds a space, a
// quote, a control character or DEL, or where the tag is longer than 1,024
// bytes. Bytes from 0x80 on are an error as well: the grammar has them, as
// obs-text, but senders ought to keep to US-ASCII (RFC 9110, 5.5), and a tag
// that a proxy changed would never match again.
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
			return "", fmt.Errorf("conditional: %q cannot be written as an entity-tag: no %q may stand in one", clip(s), opaque[i:i+1])
		}
	}
	if len(tag) > maxETag {
		return "", fmt.Errorf("conditional: %q cannot be written as an entity-tag: %d bytes are more than %d", clip(s), len(tag), maxETag)
	}
	return tag, nil
}

// Weak returns the weak form of t, by which the server says that equal tags do
// not promise equal bytes. A weak tag, and no tag, stay as they are.
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

// Opaque returns what stands between the quotes of t.
func (t ETag) Opaque() string {
	opaque, _, _ := t.cut()
	return opaque
}

// WithSuffix returns the entity-tag of a variant of what t is the tag of: `"x"`
// with the suffix gzip is `"x;gzip"`. Two representations of one resource must
// not share a strong entity-tag (RFC 9110, 8.8.3.3), and a media type, language
// or content coding tells them apart. Bytes of name that [Quote] would refuse
// are left out. Without a name, and without a tag, t stays as it is.
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

// StrongMatch reports whether a and b are equal and both strong (RFC 9110,
// 8.8.3.2). If-Match and If-Range compare so.
func StrongMatch(a, b ETag) bool {
	_, weak, ok := a.cut()
	return ok && !weak && a == b
}

// WeakMatch reports whether a and b are equal but for their weakness (RFC 9110,
// 8.8.3.2). If-None-Match compares so.
func WeakMatch(a, b ETag) bool {
	x, _, xok := a.cut()
	y, _, yok := b.cut()
	return xok && yok && x == y
}

// cut takes t apart. It looks at the marks around the opaque part and not into
// it: only members of a list come from a stranger, and cutETag reads those.
func (t ETag) cut() (opaque string, weak, ok bool) {
	s, weak := strings.CutPrefix(string(t), "W/")
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", false, false
	}
	return s[1 : len(s)-1], weak, true
}

// cutETag cuts an entity-tag off the front of s. There is no escape in the
// grammar: a backslash is a byte like any other, and a quote always ends.
func cutETag(s string) (opaque string, weak bool, rest string, ok bool) {
	s, weak = strings.CutPrefix(s, "W/")
	if s == "" || s[0] != '"' {
		return "", false, "", false
	}
	s = s[1:]
	end := 0
	for end < len(s) && isETagc(s[end]) {
		end++
	}
	if end == len(s) || s[end] != '"' {
		return "", false, "", false
	}
	return s[:end], weak, s[end+1:], true
}

// isETagc reports whether c may stand between the quotes: any visible character
// but the quote, and obs-text (RFC 9110, 8.8.3).
func isETagc(c byte) bool { return c > ' ' && c != '"' && c != 0x7F }

// generatable reports whether c may stand in a tag that we make.
func generatable(c byte) bool { return isETagc(c) && c < 0x80 }

// clip bounds what a message quotes of a stranger's text.
func clip(s string) string {
	const enough = 64
	if len(s) > enough {
		return s[:enough] + "…"
	}
	return s
}
