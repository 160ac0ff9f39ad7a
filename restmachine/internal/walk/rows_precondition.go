package walk

import (
	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file answers the preconditions (RFC 9110, 13), of a current representation and of
// none.

var preconditionRows = map[decision.ID]row{
	decision.G8:   ifThe(present(ifMatch)).whereTheyCount(),
	decision.G9:   ifThe(star(ifMatch)),
	decision.G10:  ifThe(readable(ifMatch)),
	decision.G10b: knownAtStart((*plan.Method).Reads),
	decision.G11:  ifTag(func(p *conditional.Preconditions) *conditional.List { return &p.IfMatch }, strongly),
	decision.H10:  ifThe(func(p *conditional.Preconditions) bool { return p.IfUnmodifiedSince.Present() }).whereTheyCount(),
	decision.H11:  ifDateKnown(unmodifiedSince),
	decision.H12:  ifModifiedAfter(unmodifiedSince),
	decision.I12:  ifThe(present(ifNoneMatch)).whereTheyCount(),
	decision.I13:  ifThe(star(ifNoneMatch)),
	decision.J13:  ifThe(readable(ifNoneMatch)),
	decision.J13b: knownAtStart((*plan.Method).Reads),
	decision.K13:  ifTag(func(p *conditional.Preconditions) *conditional.List { return &p.IfNoneMatch }, weakly),
	decision.J18:  knownAtStart((*plan.Method).Reads),
	decision.J19: {
		known: func(p *plan.Method) known { return unknownIf(p.Plans.Precedence == conditional.Combine, no) },
		ask:   ifModifiedAfter(modifiedSince).ask,
	},
	decision.L13: {
		known: func(p *plan.Method) known { return unknownIf(p.Reads(), no) },
		ask:   ifThe(func(p *conditional.Preconditions) bool { return p.IfModifiedSince.Present() }).ask,
	},
	decision.L14: ifDateKnown(modifiedSince),
	decision.L17: ifModifiedAfter(modifiedSince),
}

// ifThe is a question about the preconditions alone.
func ifThe(question func(p *conditional.Preconditions) bool) row {
	return row{
		known: alwaysAsked,
		ask:   func(w *Walk) decision.Answer { return decision.Bool(question(w.x.Preconditions())) },
	}
}

// whereTheyCount settles a question about the preconditions for the safe methods beside GET
// and HEAD: the validators are those of what the GET shows, and not of what such a method
// returns, so they say nothing about it (RFC 9110, 13.2.1).
func (r row) whereTheyCount() row {
	return row{
		known: func(p *plan.Method) known { return unknownIf(!p.Safe, no) },
		ask:   r.ask,
	}
}

const (
	strongly = true
	weakly   = false
)

// ifTag asks whether a list matches the current entity-tag.
func ifTag(list func(p *conditional.Preconditions) *conditional.List, how bool) row {
	return row{
		known: alwaysAsked,
		ask: func(w *Walk) decision.Answer {
			matches, err := w.reps.Matches(list(w.x.Preconditions()), how)
			if err != nil {
				return w.fail(err)
			}
			return decision.Bool(matches)
		},
	}
}

// ifDateKnown asks whether a field holds a date that can be compared: the current
// representation has a modification date.
func ifDateKnown(field func(p *conditional.Preconditions) conditional.Date) row {
	return ofDate(field, false)
}

// ifModifiedAfter asks whether the current representation was modified after the date of
// a field.
func ifModifiedAfter(field func(p *conditional.Preconditions) conditional.Date) row {
	return ofDate(field, true)
}

func ofDate(field func(p *conditional.Preconditions) conditional.Date, after bool) row {
	return row{
		known: alwaysAsked,
		ask: func(w *Walk) decision.Answer {
			date := field(w.x.Preconditions())
			if !date.Valid() {
				return decision.No
			}
			last, err := w.reps.LastModified(w.reps.Current())
			if err != nil {
				return w.fail(err)
			}
			isDated := !conditional.IsZeroDate(last)
			return decision.Bool(isDated && (!after || conditional.ModifiedAfter(last, date.Time())))
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

// unguarded asks, where preconditions are required (RFC 6585, 3), whether a write carries
// none that keeps it from overwriting what its client has not seen. A date says nothing
// about a resource that is missing.
func unguarded(missing bool) row {
	return row{
		known: func(p *plan.Method) known {
			return unknownIf(p.RequiresPrecondition(), no)
		},
		ask: func(w *Walk) decision.Answer {
			p := w.x.Preconditions()
			if p.IfMatch.Present() || p.IfNoneMatch.Star() {
				return decision.No
			}
			if missing || !p.IfUnmodifiedSince.Valid() {
				return decision.Yes
			}
			last, err := w.reps.LastModified(w.reps.Current())
			if err != nil {
				return w.fail(err)
			}
			return decision.Bool(conditional.IsZeroDate(last))
		},
	}
}
