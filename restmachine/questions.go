package restmachine

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/negotiate"
)

// This file answers the graph's questions up to the resource: one table gives
// each row of the graph its settled answer on a method's plan and, where that
// is open, its question.

// settlement is the answer of a row as far as a plan knows it.
type settlement uint8

const (
	no settlement = iota
	yes
	open
)

func settle(b bool) settlement {
	if b {
		return yes
	}
	return no
}

// openIf leaves a row open, or settles it.
func openIf(asked bool, otherwise settlement) settlement {
	if asked {
		return open
	}
	return otherwise
}

// A row says what the graph's row of the same id means here.
type row struct {
	id     decision.ID
	settle func(p *method) settlement
	ask    decision.Question[*exchange]
}

// rows has a row for each of the graph's, in its order.
var rows []row

// rowBlocks are the blocks of the table, as in the graph.
var rowBlocks = []map[decision.ID]row{systemRows, negotiationRows, resourceRows, preconditionRows, missingRows, methodRows, contentRows}

func init() {
	all := map[decision.ID]row{}
	for _, block := range rowBlocks {
		maps.Copy(all, block)
	}
	for id := range decision.HTTP.All() {
		r := all[id]
		r.id = id
		rows = append(rows, r)
	}
}

// every asks all gates of a kind, and is yes if each returned true.
func every(k kind) row {
	return row{
		settle: func(p *method) settlement { return openIf(len(p.gates[k]) > 0, yes) },
		ask: func(x *exchange) decision.Answer {
			return x.gates(x.plan.gates[k], true)
		},
	}
}

// some asks the gates of a kind, and is yes as soon as one returned true.
func some(k kind) row {
	return row{
		settle: func(p *method) settlement { return openIf(len(p.gates[k]) > 0, no) },
		ask: func(x *exchange) decision.Answer {
			return x.gates(x.plan.gates[k], false)
		},
	}
}

// gates asks gates in turn; it goes on while they return while, and its answer
// is that of the last one asked.
func (x *exchange) gates(gates []*gate, while bool) decision.Answer {
	for _, g := range gates {
		if !x.present(g.needs.loads) {
			continue // what it takes is missing: only asked where the graph has dealt with that
		}
		answer, _, err := g.call(x)
		if err != nil {
			return x.fail(err)
		}
		if answer.(bool) != while {
			return decision.Bool(!while)
		}
	}
	return decision.Bool(while)
}

// present reports whether all of loads are there; those that fail are, too, so
// that their errors are seen.
func (x *exchange) present(loads []*load) bool {
	for _, l := range loads {
		if value, err := x.load(l); value == nil && err == nil {
			return false
		}
	}
	return true
}

// with adds a question of the core's own: where it answers, the gates are not
// asked.
func (r row) with(asked func(p *method) bool, core func(x *exchange) (decision.Answer, bool)) row {
	return row{
		settle: func(p *method) settlement {
			if asked(p) {
				return open
			}
			return r.settle(p)
		},
		ask: func(x *exchange) decision.Answer {
			if answer, sure := core(x); sure {
				return answer
			}
			return r.ask(x)
		},
	}
}

func anyMethod(*method) bool { return true }

// byPlan is a row that every plan settles.
func byPlan(f func(p *method) bool) row {
	return row{settle: func(p *method) settlement { return settle(f(p)) }}
}

// knownMethods are those of RFC 9110, 9.3 and of RFC 5789.
var knownMethods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect}

// maxTarget is the longest request target, in bytes (RFC 9110, 4.1 asks for at
// least 8,000).
const maxTarget = 8 << 10

var systemRows = map[decision.ID]row{
	decision.B13: every(kindServiceAvailable),
	decision.B12: {
		settle: func(p *method) settlement {
			return openIf(p.name == "" || len(p.gates[kindKnownMethod]) > 0, yes)
		},
		ask: func(x *exchange) decision.Answer {
			if gates := x.plan.gates[kindKnownMethod]; len(gates) > 0 {
				return x.gates(gates, true)
			}
			return decision.Bool(slices.Contains(knownMethods, x.method))
		},
	},
	decision.B11: some(kindURITooLong).with(anyMethod, func(x *exchange) (decision.Answer, bool) {
		return decision.Yes, x.target > maxTarget
	}),
	decision.B10: {
		settle: func(p *method) settlement {
			switch {
			case p.unknown || p.name == http.MethodOptions:
				return yes
			case p.action == nil:
				return no
			}
			return every(kindMethodAllowed).settle(p)
		},
		ask: every(kindMethodAllowed).ask,
	},
	decision.B9: some(kindMalformedRequest).with(anyMethod, func(x *exchange) (decision.Answer, bool) {
		if x.malformed == "" && x.method == http.MethodPut && len(x.header["Content-Range"]) > 0 {
			x.malformed = "a PUT takes no Content-Range" // RFC 9110, 14.5
		}
		return decision.Yes, x.malformed != ""
	}),
	decision.B3: {
		settle: func(p *method) settlement {
			return openIf(p.name == http.MethodOptions && p.unknown, settle(p.name == http.MethodOptions))
		},
		// "*" is no path: it asks of the server (RFC 9110, 9.3.7).
		ask: func(x *exchange) decision.Answer { return decision.Bool(x.path == "*") },
	},
	decision.B8: {
		settle: every(kindAuthorized).settle,
		ask:    (*exchange).authorized,
	},
	decision.B7: {
		settle: func(p *method) settlement { return openIf(len(p.forbidEarly) > 0, no) },
		ask: func(x *exchange) decision.Answer {
			return x.gates(x.plan.forbidEarly, false)
		},
	},
	decision.B6: every(kindValidContentHeaders),
	decision.B5: every(kindKnownContentType).with(
		func(p *method) bool { return len(p.bodies) > 0 },
		func(x *exchange) (decision.Answer, bool) { return decision.No, !x.readable() }),
	decision.B4: every(kindValidEntityLength).with(
		func(p *method) bool { return p.writes() },
		func(x *exchange) (decision.Answer, bool) { return decision.No, x.length > x.plan.maxBody }),
}

// authorized is B8. The gates may give the challenge of a 401.
func (x *exchange) authorized() decision.Answer {
	for _, g := range x.plan.gates[kindAuthorized] {
		first, second, err := g.call(x)
		if err != nil {
			return x.fail(err)
		}
		challenge, ok := x.m.options.challenge, first == true
		if said, _ := first.(string); second != nil {
			ok = second == true
			if said != "" {
				challenge = said
			}
		}
		if !ok {
			x.out.set("Www-Authenticate", challenge)
			return decision.No
		}
	}
	return decision.Yes
}

// readable reports whether some parser reads the request's content, as far as
// its fields tell.
func (x *exchange) readable() bool {
	if coding := x.field("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		x.out.set("Accept-Encoding", "identity") // RFC 9110, 15.5.16
		return false
	}
	typ := x.contentType()
	return typ == "" || slices.ContainsFunc(x.plan.bodies, func(b *body) bool {
		_, ok := b.parserFor(typ)
		return ok
	})
}

// asked is a question that is there where a list is offered and the request
// carries a field.
func asked(name string, offers func(p *method) []string) row {
	return row{
		settle: func(p *method) settlement { return openIf(len(offers(p)) > 0, no) },
		ask:    func(x *exchange) decision.Answer { return decision.Bool(len(x.header[name]) > 0) },
	}
}

// offered chooses from a list by a request field.
func offered(name string, offers func(p *method) []string, choose func(field, offers []string) (int, bool), into func(c *choice) *int) row {
	return row{
		settle: func(p *method) settlement { return openIf(len(offers(p)) > 0, yes) },
		ask: func(x *exchange) decision.Answer {
			i, ok := choose(x.header[name], offers(x.plan))
			*into(&x.chosen) = i
			return decision.Bool(ok)
		},
	}
}

// chooseMedia is negotiate.MediaType. What most clients send needs no reading.
func chooseMedia(accept, offers []string) (index int, ok bool) {
	if takesFirst(accept, offers) {
		return 0, true
	}
	return negotiate.MediaType(accept, offers)
}

func acceptable(p *method) []string  { return p.media }
func languagesOf(p *method) []string { return p.languages }
func charsetsOf(p *method) []string  { return p.charsets }
func codingsOf(p *method) []string   { return p.codings }

var negotiationRows = map[decision.ID]row{
	decision.C3: asked("Accept", acceptable),
	decision.C4: offered("Accept", acceptable, chooseMedia, func(c *choice) *int { return &c.media }),
	decision.D4: asked("Accept-Language", languagesOf),
	decision.D5: offered("Accept-Language", languagesOf, negotiate.Language, func(c *choice) *int { return &c.language }),
	decision.E5: asked("Accept-Charset", charsetsOf),
	decision.E6: offered("Accept-Charset", charsetsOf, negotiate.Charset, func(c *choice) *int { return &c.charset }),
	decision.F6: asked("Accept-Encoding", codingsOf),
	decision.F7: offered("Accept-Encoding", codingsOf, negotiate.Coding, func(c *choice) *int { return &c.coding }),
}
