package walk

import (
	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file answers columns C to F: which of the representations that the path offers does
// the client want (RFC 9110, 12)? It writes the choice.

var negotiationRows = map[decision.ID]row{
	decision.C3: sent("Accept", mediaTypes),
	decision.C4: chosen("Accept", mediaTypes, chooseMedia, func(c *plan.Choice) *int { return &c.Media }),
	decision.D4: sent("Accept-Language", languages),
	decision.D5: wished("Accept-Language", languages, negotiate.Language, func(c *plan.Choice) *int { return &c.Language }),
	decision.E5: sent("Accept-Charset", charsets),
	decision.E6: wished("Accept-Charset", charsets, negotiate.Charset, func(c *plan.Choice) *int { return &c.Charset }),
	decision.F6: sent("Accept-Encoding", codings),
	decision.F7: chosen("Accept-Encoding", codings, negotiate.Coding, func(c *plan.Choice) *int { return &c.Coding }),
}

func mediaTypes(p *plan.Method) []string { return p.Media }
func languages(p *plan.Method) []string  { return p.Languages }
func charsets(p *plan.Method) []string   { return p.Charsets }
func codings(p *plan.Method) []string    { return p.Codings }

// sent asks whether a field was sent. It is asked where something is offered.
func sent(field string, offers func(p *plan.Method) []string) row {
	return row{
		known: func(p *plan.Method) known { return unknownIf(len(offers(p)) > 0, no) },
		ask:   func(w *Walk) decision.Answer { return decision.Bool(w.x.Has(field)) },
	}
}

// chosen chooses one of the offers by a field.
func chosen(field string, offers func(p *plan.Method) []string, choose func(lines, offers []string) (int, bool), into func(c *plan.Choice) *int) row {
	return row{
		known: func(p *plan.Method) known { return unknownIf(len(offers(p)) > 0, yes) },
		ask: func(w *Walk) decision.Answer {
			i, ok := choose(w.x.Lines(field), offers(w.x.Plan))
			*into(w.x.Chosen()) = i
			return decision.Bool(ok)
		},
	}
}

// wished is chosen for what a client can only wish for. Where its field takes none of the
// offers it gets the first, unless the App refuses it. RFC 9110, 12.5.2 and 12.5.4, leaves
// that to us.
func wished(field string, offers func(p *plan.Method) []string, choose func(lines, offers []string) (int, bool), into func(c *plan.Choice) *int) row {
	strictly := chosen(field, offers, choose, into)
	return row{
		known: func(p *plan.Method) known { return unknownIf(p.Chooses(offers(p)), yes) },
		ask: func(w *Walk) decision.Answer {
			a := strictly.ask(w)
			if a == decision.No && !w.x.Plan.Plans.StrictNegotiation {
				*into(w.x.Chosen()) = 0
				return decision.Yes
			}
			return a
		},
	}
}

// chooseMedia is negotiate.MediaType. What most clients send is compared, and not parsed.
func chooseMedia(accept, offers []string) (index int, ok bool) {
	if takesFirst(accept, offers) {
		return 0, true
	}
	return negotiate.MediaType(accept, offers)
}

// takesFirst reports, of what most clients send, that an Accept takes the first of offers.
func takesFirst(accept, offers []string) bool {
	return len(accept) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == offers[0])
}
