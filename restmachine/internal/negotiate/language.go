// This file chooses by Accept-Language (RFC 9110, 12.5.4). Ranges match by basic filtering
// and by lookup, as in RFC 4647, 3.3.1 and 3.4. golang.org/x/text/language adds the knowledge that text
// does not show: "iw" is "he", and "zh-TW" is "zh-Hant".

package negotiate

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// maxTag is the length of the longest language tag that is parsed, in bytes. RFC 5646,
// 4.4.1, finds 35 enough. The cost of parsing a tag grows with the number of its subtags,
// and only an attacker sends longer tags.
const maxTag = 64

// Language chooses among offers, which are language tags, by the Accept-Language field.
//
// A range matches an offer that is equal or lies within the range: "de" matches de-CH.
// This is filtering. A range also matches an offer that the range lies within:
// "de-CH" matches de. This is lookup. Of several such offers it matches the longest, in
// whatever order they are offered: "zh-Hant-TW" matches zh-Hant and not zh. "*" matches
// offers that no other range matches.
//
// The most specific range that matches an offer gives the offer its weight. Weight 0
// excludes the offers within its range, and not a wider offer.
//
// The highest weight wins. If weights are equal, an offer found by filtering wins over an
// offer found by lookup, and both win over an offer found by "*". Otherwise the earlier
// offer wins. Without the field, the first offer is chosen.
func Language(accept, offers []string) (index int, ok bool) {
	candidates := make([]candidate, len(offers))
	for i, offer := range offers {
		candidates[i].locale = readLocale(offer)
	}
	readable := false
	list := membersOf(accept)
	for member, more := list.next(); more; member, more = list.next() {
		text, weight, ok := readToken(member)
		if !ok || !isLanguageRange(text) {
			continue
		}
		readable = true
		asked := readLocale(text)
		found := lookUp(candidates, asked)
		for i := range candidates {
			candidates[i].consider(asked, weight, i == found)
		}
	}
	if !readable {
		return preferred(offers)
	}
	best := -1
	for i := range candidates {
		if candidates[i].weight > 0 && (best < 0 || candidates[i].beats(candidates[best])) {
			best = i
		}
	}
	return best, best >= 0
}

// lookUp returns the index of the longest offer that a range lies within; -1 where there
// is none. The length is counted in subtags. By CLDR a range may lie within offers that its
// text does not begin with. Of two of the same length, that one is the longest which does
// not lie within the other.
func lookUp(candidates []candidate, asked locale) int {
	longest, most := -1, 0
	for i, c := range candidates {
		if asked.text == "*" || !asked.liesWithin(c.locale) {
			continue
		}
		n := strings.Count(c.text, "-") + 1
		if n > most || n == most && c.liesWithin(candidates[longest].locale) && !candidates[longest].liesWithin(c.locale) {
			longest, most = i, n
		}
	}
	return longest
}

// IsLanguage reports whether s is a language tag that a field can choose.
func IsLanguage(s string) bool { return s != "*" && isLanguageRange(s) }

// isLanguageRange reports whether s is a basic language range (RFC 4647, 2.1): "*", or
// subtags of one to eight letters. Subtags after the first may also have digits.
func isLanguageRange(s string) bool {
	if s == "*" {
		return true
	}
	if len(s) > maxTag {
		return false
	}
	first, length := true, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '-':
			if length == 0 {
				return false
			}
			first, length = false, 0
			continue
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case '0' <= c && c <= '9' && !first:
		default:
			return false
		}
		if length++; length > 8 {
			return false
		}
	}
	return length > 0
}

// locale is a language tag or range, and the tags that it lies within.
type locale struct {
	text string
	// within has the tag itself and its parents by CLDR, nearest first: zh-TW, zh-Hant.
	// It is empty if the registry does not have the tag. Such a tag still compares by
	// its text.
	within []language.Tag
}

func readLocale(text string) locale {
	l := locale{text: text}
	if len(text) > maxTag || text == "*" {
		return l
	}
	tag, err := language.Parse(text)
	if err != nil {
		return l
	}
	for ; !tag.IsRoot(); tag = tag.Parent() {
		l.within = append(l.within, tag)
	}
	return l
}

func (l locale) equal(other locale) bool {
	return strings.EqualFold(l.text, other.text) ||
		len(l.within) > 0 && len(other.within) > 0 && l.within[0] == other.within[0]
}

// liesWithin reports whether other is l or a wider range.
func (l locale) liesWithin(other locale) bool {
	n := len(other.text)
	if len(l.text) > n && l.text[n] == '-' && strings.EqualFold(l.text[:n], other.text) {
		return true
	}
	return l.equal(other) || len(other.within) > 0 && slices.Contains(l.within, other.within[0])
}

// match says how a range matches an offer. A later constant counts more.
type match int

const (
	byNothing match = iota
	byStar
	byLookup
	byFilter
)

// candidate is an offer and the result of the ranges read so far.
type candidate struct {
	locale
	match     match
	closeness int // of the range, for matches by filter
	weight    int
}

// consider applies one range to the candidate. found says that the candidate is what a
// lookup of the range finds.
func (c *candidate) consider(asked locale, weight int, found bool) {
	how, closeness := byNothing, 0
	switch {
	case asked.text == "*":
		how = byStar
	case c.equal(asked):
		how, closeness = byFilter, maxTag+1
	case c.liesWithin(asked):
		how, closeness = byFilter, len(asked.text)
	case found && weight > 0: // "de-CH;q=0" does not concern de
		how = byLookup
	}
	switch {
	case how == byNothing, how < c.match, how == c.match && closeness < c.closeness:
	case how > c.match, closeness > c.closeness:
		c.match, c.closeness, c.weight = how, closeness, weight
	default:
		c.weight = max(c.weight, weight)
	}
}

func (c candidate) beats(other candidate) bool {
	return c.weight > other.weight || c.weight == other.weight && c.match > other.match
}
