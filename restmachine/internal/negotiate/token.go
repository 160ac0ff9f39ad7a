// This file chooses by the two fields whose members are plain tokens: Accept-Charset and
// Accept-Encoding (RFC 9110, 12.5.2 and 12.5.3).

package negotiate

import "strings"

// Charset chooses among offers by the Accept-Charset field. A charset that the field does
// not name has the weight of "*". Without a "*" it is excluded, and ISO-8859-1 is too.
// Between offers of equal weight the earlier wins. Without the field, the first offer is
// chosen.
func Charset(accept, offers []string) (index int, ok bool) {
	best, bestWeight := -1, 0
	for i, offer := range offers {
		o, readable := ask(accept, offer, strings.EqualFold)
		if !readable {
			return preferred(offers)
		}
		if o.weight > bestWeight {
			best, bestWeight = i, o.weight
		}
	}
	return best, best >= 0
}

// IsName reports whether s is the name of a charset or a coding that a field can choose.
func IsName(s string) bool {
	token, rest := cutToken(s)
	return token != "" && token != "*" && rest == ""
}

// identity is the coding name of content that is not coded.
const identity = "identity"

// Coding chooses among offers by the Accept-Encoding field. The offers should contain
// "identity" if the content can be sent uncoded.
//
// "identity;q=0" excludes identity. So does "*;q=0", if the field does not name identity.
// If the field says nothing about identity, identity is acceptable and comes last.
//
// The highest weight wins. If weights are equal, a coding that the field names wins over
// identity. Otherwise the earlier offer wins. An empty field asks for identity. Without
// the field, identity is chosen, too. If identity is not offered, the first offer is
// chosen, because then any coding is acceptable.
func Coding(accept, offers []string) (index int, ok bool) {
	if len(accept) > 0 && isEmpty(accept) {
		i := indexIdentity(offers)
		return i, i >= 0
	}
	best := -1
	var bestOpinion opinion
	for i, offer := range offers {
		o, readable := ask(accept, offer, sameCoding)
		if !readable {
			return unencoded(offers)
		}
		uncoded := isIdentity(offer)
		if o.weight == 0 && !(uncoded && o.source == unsaid) {
			continue
		}
		beatsIdentity := best >= 0 && isIdentity(offers[best]) && !uncoded &&
			o.source == named && o.weight == bestOpinion.weight
		if best < 0 || o.weight > bestOpinion.weight || beatsIdentity {
			best, bestOpinion = i, o
		}
	}
	return best, best >= 0
}

// unencoded answers a request that says nothing about codings.
func unencoded(offers []string) (index int, ok bool) {
	if i := indexIdentity(offers); i >= 0 {
		return i, true
	}
	return preferred(offers)
}

func indexIdentity(offers []string) int {
	for i, offer := range offers {
		if isIdentity(offer) {
			return i
		}
	}
	return -1
}

func isIdentity(coding string) bool { return strings.EqualFold(coding, identity) }

// isEmpty reports whether a field does not have members, readable or not.
func isEmpty(lines []string) bool {
	list := membersOf(lines)
	_, more := list.next()
	return !more
}

// sameCoding compares content codings. x-gzip and x-compress are old names of gzip and
// compress (RFC 9110, 8.4.1.1 and 8.4.1.3).
func sameCoding(a, b string) bool {
	return strings.EqualFold(plainCoding(a), plainCoding(b))
}

func plainCoding(name string) string {
	switch {
	case strings.EqualFold(name, "x-gzip"):
		return "gzip"
	case strings.EqualFold(name, "x-compress"):
		return "compress"
	}
	return name
}

// source says which member of a field gave an opinion. A later constant counts more.
type source int

const (
	unsaid source = iota
	star
	named
)

// opinion is the result of a field for one offer. An unsaid opinion has weight 0.
type opinion struct {
	weight int
	source source
}

// ask returns what the field says about offer, and whether any member of the field could
// be read. If the field names an offer twice, the greater weight counts.
func ask(accept []string, offer string, same func(asked, offered string) bool) (o opinion, readable bool) {
	list := membersOf(accept)
	for member, more := list.next(); more; member, more = list.next() {
		token, weight, ok := readToken(member)
		if !ok {
			continue
		}
		readable = true
		said := unsaid
		switch {
		case token == "*":
			said = star
		case same(token, offer):
			said = named
		}
		switch {
		case said > o.source:
			o = opinion{weight, said}
		case said == o.source && said != unsaid:
			o.weight = max(o.weight, weight)
		}
	}
	return o, readable
}
