package restmachine

import (
	"net/http"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
)

// This file answers the graph's questions about preconditions (RFC 9110, 13),
// on a current representation and on none.

// ifThe is a question of the preconditions alone.
func ifThe(asked func(p *conditional.Preconditions) bool) row {
	return row{
		settle: func(*method) settlement { return open },
		ask:    func(x *exchange) decision.Answer { return decision.Bool(asked(x.preconditions())) },
	}
}

// ofTag is a question of the current representation's entity-tag.
func ofTag(asked func(x *exchange, p *conditional.Preconditions) (bool, error)) row {
	return row{
		settle: func(*method) settlement { return open },
		ask: func(x *exchange) decision.Answer {
			matches, err := asked(x, x.preconditions())
			if err != nil {
				return x.fail(err)
			}
			return decision.Bool(matches)
		},
	}
}

// ofDate is a question of the current representation's modification date; where
// that is not known, or the field holds no date, the answer is no.
func ofDate(date func(p *conditional.Preconditions) conditional.Date, modified bool) row {
	return row{
		settle: func(*method) settlement { return open },
		ask: func(x *exchange) decision.Answer {
			d := date(x.preconditions())
			if !d.Valid() {
				return decision.No
			}
			last, err := x.lastModified(x.current())
			if err != nil {
				return x.fail(err)
			}
			known := !conditional.IsZeroDate(last)
			return decision.Bool(known && (!modified || conditional.ModifiedAfter(last, d.Time())))
		},
	}
}

func ifMatch(p *conditional.Preconditions) conditional.List     { return p.IfMatch }
func ifNoneMatch(p *conditional.Preconditions) conditional.List { return p.IfNoneMatch }
func modifiedSince(p *conditional.Preconditions) conditional.Date {
	return p.IfModifiedSince
}
func unmodifiedSince(p *conditional.Preconditions) conditional.Date {
	return p.IfUnmodifiedSince
}

func present(l func(*conditional.Preconditions) conditional.List) func(*conditional.Preconditions) bool {
	return func(p *conditional.Preconditions) bool { return l(p).Present() }
}

func star(l func(*conditional.Preconditions) conditional.List) func(*conditional.Preconditions) bool {
	return func(p *conditional.Preconditions) bool { return l(p).Star() }
}

func readable(l func(*conditional.Preconditions) conditional.List) func(*conditional.Preconditions) bool {
	return func(p *conditional.Preconditions) bool { return l(p).Readable() }
}

var preconditionRows = map[decision.ID]row{
	decision.G8:   ifThe(present(ifMatch)),
	decision.G9:   ifThe(star(ifMatch)),
	decision.G10:  ifThe(readable(ifMatch)),
	decision.G10b: byPlan((*method).reads),
	decision.G11: ofTag(func(x *exchange, p *conditional.Preconditions) (bool, error) {
		return x.tagMatches(&p.IfMatch, true)
	}),
	decision.H10: ifThe(func(p *conditional.Preconditions) bool { return p.IfUnmodifiedSince.Present() }),
	decision.H11: ofDate(unmodifiedSince, false),
	decision.H12: ofDate(unmodifiedSince, true),
	decision.I12: ifThe(present(ifNoneMatch)),
	decision.I13: ifThe(star(ifNoneMatch)),
	decision.J13: ifThe(readable(ifNoneMatch)),

	decision.J13b: byPlan((*method).reads),
	decision.K13: ofTag(func(x *exchange, p *conditional.Preconditions) (bool, error) {
		return x.tagMatches(&p.IfNoneMatch, false)
	}),
	decision.J18: byPlan((*method).reads),
	decision.J19: {
		settle: func(p *method) settlement {
			return openIf(p.m.options.precedence == conditional.Combine, no)
		},
		ask: ofDate(modifiedSince, true).ask,
	},
	decision.L13: {
		settle: func(p *method) settlement { return openIf(p.reads(), no) },
		ask: func(x *exchange) decision.Answer {
			return decision.Bool(x.preconditions().IfModifiedSince.Present())
		},
	},
	decision.L14: ofDate(modifiedSince, false),
	decision.L17: ofDate(modifiedSince, true),
}

// unguarded is the question of a required precondition (RFC 6585, 3): the
// answer is yes where a write carries none that would keep it from overwriting
// what its client has not seen. A date says nothing of what is missing.
func unguarded(missing bool) row {
	return row{
		settle: func(p *method) settlement {
			switch p.name {
			case http.MethodPut, http.MethodPatch, http.MethodDelete:
				return openIf(p.required, no)
			}
			return no
		},
		ask: func(x *exchange) decision.Answer {
			p := x.preconditions()
			if p.IfMatch.Present() || p.IfNoneMatch.Star() {
				return decision.No
			}
			if missing || !p.IfUnmodifiedSince.Valid() {
				return decision.Yes
			}
			last, err := x.lastModified(x.current())
			if err != nil {
				return x.fail(err)
			}
			return decision.Bool(conditional.IsZeroDate(last))
		},
	}
}
