package restmachine

import (
	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

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
	To:   []decision.Edge{{ID: decision.F6, Answer: decision.No}},
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

// The edges on which preconditionLeap leaves the preconditions.
const (
	odd = iota - 1
	unconditional
	matched
	mismatched
	weaklyMatched
	notModified
	missed
	onNoneMatch
	sameDate
	laterDate
)

// preconditionLeap answers the one precondition that was sent, or passes them all.
var preconditionLeap = decision.Leap[*exchange]{
	From: decision.G8,
	To: []decision.Edge{
		unconditional: {ID: decision.L13, Answer: decision.No},
		matched:       {ID: decision.G11, Answer: decision.Yes},
		mismatched:    {ID: decision.G11, Answer: decision.No},
		weaklyMatched: {ID: decision.K13, Answer: decision.Yes},
		notModified:   {ID: decision.J19, Answer: decision.No},
		missed:        {ID: decision.K13, Answer: decision.No},
		onNoneMatch:   {ID: decision.J13, Answer: decision.Yes},
		sameDate:      {ID: decision.L17, Answer: decision.No},
		laterDate:     {ID: decision.L17, Answer: decision.Yes},
	},
	Take: func(x *exchange) int {
		p, reads := x.preconditions(), x.plan.reads()
		switch {
		case p.IfMatch.Present():
			return x.leapIfMatch(p, reads)
		case p.IfUnmodifiedSince.Present():
			return odd
		case p.IfNoneMatch.Present():
			return x.leapIfNoneMatch(p, reads)
		case reads && p.IfModifiedSince.Present():
			return x.leapIfModifiedSince(p)
		}
		return unconditional
	},
}

func (x *exchange) leapIfMatch(p *conditional.Preconditions, reads bool) int {
	if !p.IfMatch.IsTag() {
		return odd
	}
	matches, err := x.tagMatches(&p.IfMatch, true)
	switch {
	case err != nil:
		return odd
	case !matches:
		return mismatched
	case p.IfNoneMatch.Present() || reads && p.IfModifiedSince.Present():
		return matched
	}
	return unconditional
}

func (x *exchange) leapIfNoneMatch(p *conditional.Preconditions, reads bool) int {
	switch {
	case !p.IfNoneMatch.IsTag():
		return odd
	case !reads:
		return onNoneMatch
	}
	tag, err := x.selectedTag(x.current())
	switch {
	case err != nil:
		return odd
	case !p.IfNoneMatch.Weak(tag):
		return missed
	case p.IfModifiedSince.Present():
		return weaklyMatched
	}
	return notModified
}

func (x *exchange) leapIfModifiedSince(p *conditional.Preconditions) int {
	last, err := x.lastModified(x.current())
	if err != nil || !p.IfModifiedSince.Valid() || conditional.IsZeroDate(last) {
		return odd
	}
	if conditional.ModifiedAfter(last, p.IfModifiedSince.Time()) {
		return laterDate
	}
	return sameDate
}
