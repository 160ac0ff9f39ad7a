// This file reads media types and media ranges (RFC 9110, 8.3.1 and 12.5.1). It chooses an
// offer by Accept, and it compares a Content-Type with a range.

package negotiate

import "strings"

// MediaType chooses among offers by the Accept field. An offer is a media type with
// optional parameters. The most specific range that matches an offer gives the offer its
// weight. The order is: type/subtype with matching parameters (more parameters count
// more), type/subtype, type/*, */*. Weight 0 excludes an offer. Between offers of equal
// weight the earlier wins. Without an Accept field, the first offer is chosen.
//
// A charset in a range excludes an offer with another charset. It does not exclude an
// offer without a charset: clients send "application/json;charset=utf-8" and mean JSON.
// RFC 9110, 12.5.1, leaves a service free to answer them. For the same reason, where
// nothing matches, a parameter that an offer does not have at all is passed over:
// "application/json; indent=4" then takes JSON. A lone "*" is read as "*/*", since older
// Java clients send it.
func MediaType(accept, offers []string) (index int, ok bool) {
	if index, ok = chooseMedia(accept, offers, closely); !ok && len(accept) > 0 {
		index, ok = chooseMedia(accept, offers, loosely)
	}
	return index, ok
}

// closeness says whether a range may ask for parameters that an offer does not have.
type closeness bool

const (
	closely closeness = false
	loosely closeness = true
)

func chooseMedia(accept, offers []string, how closeness) (index int, ok bool) {
	best, bestWeight := -1, 0
	for i, offer := range offers {
		weight, readable := mediaWeight(accept, offer, how)
		switch {
		case !readable:
			return preferred(offers)
		case weight == maxWeight && bestWeight < weight:
			return i, true // no later offer can do better
		case weight > bestWeight:
			best, bestWeight = i, weight
		}
	}
	return best, best >= 0
}

// mediaWeight returns the weight that the field gives to offer, and whether any
// member of the field could be read.
func mediaWeight(accept []string, offer string, how closeness) (weight int, readable bool) {
	offered, offerOK := readMediaType(offer)
	best := -1
	list := membersOf(accept)
	for member, more := list.next(); more; member, more = list.next() {
		asked, ok := readMediaRange(member)
		if !ok {
			continue
		}
		w, _, ok := readWeight(asked.params)
		if !ok {
			continue
		}
		readable = true
		if !offerOK {
			continue
		}
		specificity, matches := asked.specificity(offered, how)
		switch {
		case !matches || specificity < best:
		case specificity > best:
			best, weight = specificity, w
		default: // two equal ranges: the higher weight counts
			weight = max(weight, w)
		}
	}
	return weight, readable
}

// readMediaRange reads a member of Accept.
func readMediaRange(member string) (m mediaType, ok bool) {
	if rest, alone := strings.CutPrefix(member, "*"); alone && (rest == "" || rest[0] != '/') {
		m = mediaType{"*", "*", rest}
		return m, areParameters(rest)
	}
	m, ok = readMediaType(member)
	return m, ok && (m.typ != "*" || m.subtype == "*")
}

// specificity says how closely the range asked describes offered, if it matches. A
// matching parameter counts less than the step from */* to type/* or from type/* to
// type/subtype. A range that matches only loosely counts less than one without the
// parameters, so that what is said of the offer itself, a weight of 0 too, holds.
func (asked mediaType) specificity(offered mediaType, how closeness) (n int, matches bool) {
	const step = 1 << 20 // more than twice the number of parameters that any field can carry
	switch {
	case asked.subtype != "*":
		n = 2 * step
	case asked.typ != "*":
		n = step
	}
	if !asked.covers(offered) {
		return 0, false
	}
	lacks := false
	for params := asked.params; params != ""; {
		var name, value string
		name, value, params, _ = cutParameter(params)
		if name == "" || isWeight(name) {
			continue
		}
		switch has, found := lookup(offered.params, name); {
		case found && sameValue(value, has):
			n++
		case found:
			return 0, false
		case strings.EqualFold(name, "charset"):
		case how == closely:
			return 0, false
		default:
			lacks = true
		}
	}
	if lacks {
		n -= step / 2
	}
	return n, true
}

// Match reports whether mediaType, a Content-Type, lies in mediaRange, which is a media
// type, "type/*" or "*/*". If the range has parameters, the type must have them with the
// same value. Further parameters of the type do not matter. Names and values compare
// without regard to case. Text that is not a media type matches nothing.
func Match(mediaRange, mediaType string) bool {
	r, ok := readMediaType(mediaRange)
	if !ok {
		return false
	}
	t, ok := readMediaType(mediaType)
	if !ok || !r.covers(t) {
		return false
	}
	for params := r.params; params != ""; {
		var name, value string
		name, value, params, _ = cutParameter(params)
		if name == "" {
			continue
		}
		if has, found := lookup(t.params, name); !found || !sameValue(value, has) {
			return false
		}
	}
	return true
}

// IsJSON reports whether mediaType is application/json or has the structured syntax suffix
// +json (RFC 6839, 3.1). A patch format does not count: it says how to change another
// document (RFC 6902, RFC 7396).
func IsJSON(mediaType string) bool {
	m, ok := readMediaType(mediaType)
	if !ok {
		return false
	}
	if strings.EqualFold(m.typ, "application") && strings.EqualFold(m.subtype, "json") {
		return true
	}
	name, isJSON := strings.CutSuffix(strings.ToLower(m.subtype), "+json")
	return isJSON && name != "" && name != "patch" && !strings.HasSuffix(name, "-patch") && !strings.HasSuffix(name, ".patch")
}

// mediaType is a media type or media range in its parts, as written. The parameters are
// well formed.
type mediaType struct{ typ, subtype, params string }

func readMediaType(s string) (m mediaType, ok bool) {
	s = trimSpace(s)
	var rest string
	if m.typ, rest = cutToken(s); m.typ == "" || rest == "" || rest[0] != '/' {
		return mediaType{}, false
	}
	if m.subtype, m.params = cutToken(rest[1:]); m.subtype == "" {
		return mediaType{}, false
	}
	if !areParameters(m.params) {
		return mediaType{}, false
	}
	return m, true
}

// areParameters reports whether s is parameters, or nothing.
func areParameters(s string) (ok bool) {
	for s != "" {
		if _, _, s, ok = cutParameter(s); !ok {
			return false
		}
	}
	return true
}

// covers compares only type and subtype.
func (m mediaType) covers(t mediaType) bool {
	switch {
	case m.typ == "*":
		return m.subtype == "*"
	case !strings.EqualFold(m.typ, t.typ):
		return false
	}
	return m.subtype == "*" || strings.EqualFold(m.subtype, t.subtype)
}

// lookup returns the value of the first parameter called name, as written.
func lookup(params, name string) (value string, found bool) {
	for params != "" {
		var has string
		if has, value, params, _ = cutParameter(params); strings.EqualFold(has, name) {
			return value, true
		}
	}
	return "", false
}

// sameValue compares parameter values, quoted or not. Case does not count. For charset it
// must not (RFC 9110, 8.3.2). Parameters that are negotiated do not distinguish two values
// by case alone.
func sameValue(a, b string) bool {
	return strings.EqualFold(a, b) || strings.EqualFold(unquote(a), unquote(b))
}

// unquote returns the text of a well-formed token or quoted-string.
func unquote(value string) string {
	if value == "" || value[0] != '"' {
		return value
	}
	value = value[1 : len(value)-1]
	if strings.IndexByte(value, '\\') < 0 {
		return value
	}
	var text strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' {
			i++
		}
		text.WriteByte(value[i])
	}
	return text.String()
}
