package walk

import (
	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/request"
)

// This file takes the usual request through the graph in few looks. A leap knows only what
// is usual: everything odd goes row by row, and so does a trace. The tests hold both ways
// to the same answers.

// leapsOf are the leaps of a method's program: usualLeap is in usual.go.
func leapsOf(p *plan.Method) []decision.Leap[*Walk] {
	leaps := []decision.Leap[*Walk]{preconditionLeap}
	if checksNothing(p) {
		leaps = append(leaps, requestLeap)
	}
	if usual(p) {
		leaps = append(leaps, usualLeap)
	}
	return leaps
}

// usual reports whether a method has a usual request. A test says no.
var usual = func(p *plan.Method) bool { return p.Usual != nil }

// checksNothing reports whether no callback is asked ahead of the content, and nothing is
// negotiated but the media type.
func checksNothing(p *plan.Method) bool {
	for k, gates := range p.Gates {
		kind := declare.Kind(k)
		if kind.Stage() == declare.BeforeContent && kind != declare.Forbidden && len(gates) > 0 {
			return false // a Forbidden may be asked later: see ForbidEarly
		}
	}
	return p.Handler != nil && !p.Unknown && len(p.ForbidEarly)+len(p.Languages)+len(p.Charsets)+len(p.Codings) == 0
}

// requestLeap passes the checks of a request in which nothing is odd.
var requestLeap = decision.Leap[*Walk]{
	From: decision.B11,
	To:   []decision.Edge{{ID: decision.F6, Answer: decision.No}},
	Take: func(w *Walk) int {
		x := w.x
		p := x.Plan
		if x.TargetLength() > request.MaxTarget || x.Malformed() != "" || len(p.Media) > 0 && !takesFirst(x.Accept(), p.Media) {
			return -1
		}
		if p.Reads() || w.usualContent() {
			return 0
		}
		return -1
	},
}

// usualContent reports whether the content is of the one type that is read, and not too
// long.
func (w *Walk) usualContent() bool {
	x := w.x
	p := x.Plan
	if !p.TakesContent() || x.Length() > p.MaxBody || x.Has("Content-Range") {
		return false
	}
	if len(p.Bodies) == 0 {
		return true
	}
	return p.UsualType != "" && x.IsOfUsualType(p.UsualType) && !x.Has("Content-Encoding")
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
var preconditionLeap = decision.Leap[*Walk]{
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
	Take: func(w *Walk) int {
		p, reads := w.x.Preconditions(), w.x.Plan.Reads()
		switch {
		case p.IfMatch.Present():
			return w.leapIfMatch(p, reads)
		case p.IfUnmodifiedSince.Present():
			return odd
		case p.IfNoneMatch.Present():
			return w.leapIfNoneMatch(p, reads)
		case reads && p.IfModifiedSince.Present():
			return w.leapIfModifiedSince(p)
		}
		return unconditional
	},
}

func (w *Walk) leapIfMatch(p *conditional.Preconditions, reads bool) int {
	if !p.IfMatch.IsTag() {
		return odd
	}
	matches, err := w.reps.Matches(&p.IfMatch, strongly)
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

func (w *Walk) leapIfNoneMatch(p *conditional.Preconditions, reads bool) int {
	switch {
	case !p.IfNoneMatch.IsTag():
		return odd
	case !reads:
		return onNoneMatch
	}
	var matches bool
	tag, err := conditional.ETag(""), error(nil)
	if len(w.x.Plan.Codings) > 0 {
		matches, err = w.reps.Matches(&p.IfNoneMatch, weakly)
	} else if tag, err = w.reps.Tag(w.reps.Current()); err == nil {
		matches = p.IfNoneMatch.Weak(tag)
	}
	switch {
	case err != nil:
		return odd
	case !matches:
		return missed
	case p.IfModifiedSince.Present():
		return weaklyMatched
	}
	return notModified
}

func (w *Walk) leapIfModifiedSince(p *conditional.Preconditions) int {
	last, err := w.reps.LastModified(w.reps.Current())
	if err != nil || !p.IfModifiedSince.Valid() || conditional.IsZeroDate(last) {
		return odd
	}
	if conditional.ModifiedAfter(last, p.IfModifiedSince.Time()) {
		return laterDate
	}
	return sameDate
}
