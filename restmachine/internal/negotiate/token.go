package negotiate

import "strings"

// The two fields whose members are plain tokens: Accept-Charset and
// Accept-Encoding (RFC 9110, 12.5.2 and 12.5.3).

// Charset chooses among offers by the Accept-Charset field. A charset that the
// field does not name has the weight of "*", or is excluded where there is no
// "*"; ISO-8859-1 is no exception. Between offers of equal weight the earlier
// wins. Without the field it is the first offer.
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

// identity is the name of no coding at all.
const identity = "identity"

// Coding chooses among offers, which should contain "identity" wherever the
// content can be sent as it is, by the Accept-Encoding field.
//
// Identity is acceptable unless "identity;q=0", or "*;q=0" without a word on
// identity, excludes it; where the field does not speak of it, it is the last
// resort. The highest weight wins. Where weights are equal, a coding that the
// field names wins over identity, and otherwise the earlier offer wins. An empty
// field asks for identity. Without the field it is identity too, and the first
// offer where that is not offered: any coding is then acceptable.
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

// unencoded is the answer to a request that does not speak of codings.
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

// isEmpty reports whether a field has no member, readable or not.
func isEmpty(lines []string) bool {
	list := membersOf(lines)
	_, more := list.next()
	return !more
}

// sameCoding compares content codings; x-gzip and x-compress are old names of
// gzip and compress (RFC 9110, 8.4.1.1 and 8.4.1.3).
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

// source says what in a field an opinion rests on; the later, the weightier.
type source int

const (
	unsaid source = iota
	star
	named
)

// opinion is what a field says of one offer. An unsaid opinion has weight 0.
type opinion struct {
	weight int
	source source
}

// ask returns what the field says of offer, and whether any member of the field
// could be read. Where it says a thing twice, the greater weight counts.
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
