package restmachine

import "github.com/restmachine/restmachine-go/decision"

// This file takes the usual request through the graph in few looks. A leap only
// knows what is usual: whatever is odd goes row by row, and so does a trace; the
// tests hold both to the same answers.

// leapsOf are the leaps of a method's program.
func leapsOf(p *method) []decision.Leap[*exchange] {
	leaps := []decision.Leap[*exchange]{preconditionLeap}
	if p.checksNothing() {
		leaps = append(leaps, requestLeap)
	}
	return leaps
}

// checksNothing reports whether no callback is asked ahead of the content, and
// nothing is negotiated but the media type.
func (p *method) checksNothing() bool {
	for k, gates := range p.gates {
		if kindSpecs[k].stage == early && kind(k) != kindForbidden && len(gates) > 0 {
			return false // a Forbidden may be asked later: see forbidEarly
		}
	}
	return p.action != nil && !p.unknown && len(p.forbidEarly)+len(p.languages)+len(p.charsets)+len(p.codings) == 0
}

// requestLeap passes the checks of a request that has nothing odd.
var requestLeap = decision.Leap[*exchange]{
	From: decision.B11,
	To:   []decision.ID{decision.G5},
	Take: func(x *exchange) int {
		p := x.plan
		if x.target > maxTarget || x.malformed != "" || len(p.media) > 0 && !takesFirst(x.header["Accept"], p.media) {
			return -1
		}
		if p.reads() || x.ordinaryContent() {
			return 0
		}
		return -1
	},
}

// ordinaryContent reports whether the request's content is of the one type that
// is read, and not too long.
func (x *exchange) ordinaryContent() bool {
	p := x.plan
	if !p.writes() || x.length > p.maxBody || len(x.header["Content-Range"]) > 0 {
		return false
	}
	if len(p.bodies) == 0 {
		return true
	}
	typ := x.header["Content-Type"]
	return len(typ) == 1 && typ[0] != "" && typ[0] == p.usualType && len(x.header["Content-Encoding"]) == 0
}

// usualType is the media type that the first parser of the only body reads, ""
// where there is none or more than one.
func usualType(bodies []*body) string {
	if len(bodies) != 1 || len(bodies[0].parsers) == 0 {
		return ""
	}
	return bodies[0].parsers[0].media
}

// takesFirst reports, of what most clients send, that an Accept takes the first
// of offers.
func takesFirst(accept, offers []string) bool {
	return len(accept) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == offers[0])
}

// preconditionLeap goes to the one precondition that was sent, or past them all.
var preconditionLeap = decision.Leap[*exchange]{
	From: decision.G8,
	To:   []decision.ID{decision.M16, decision.G11, decision.K13, decision.L14},
	Take: func(x *exchange) int {
		const none, matches, differs, since, odd = 0, 1, 2, 3, -1 // places in To
		p, reads := x.preconditions(), x.plan.reads()
		switch {
		case p.IfMatch.Present():
			if p.IfMatch.IsTag() {
				return matches
			}
			return odd
		case p.IfUnmodifiedSince.Present():
			return odd
		case p.IfNoneMatch.Present():
			if p.IfNoneMatch.IsTag() {
				return differs
			}
			return odd
		case reads && p.IfModifiedSince.Present():
			return since
		}
		return none
	},
}
