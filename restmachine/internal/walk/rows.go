package walk

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"
	"weak"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/verdict"
)

// This file gives each row of the graph its meaning. In comes the plan of a method: it
// settles some rows at start. Out comes the method's program, in which only the other rows
// are asked. The rows themselves stand in the files rows_*.go.

// known is what is known at start about a row's answer: no, yes, or unknown until it is
// asked.
type known uint8

const (
	no known = iota
	yes
	unknown
)

func knownAs(answer bool) known {
	if answer {
		return yes
	}
	return no
}

// unknownIf leaves a row to be asked, or settles it.
func unknownIf(asked bool, otherwise known) known {
	if asked {
		return unknown
	}
	return otherwise
}

// A row says what the graph's row of the same id means.
type row struct {
	id    decision.ID
	known func(p *plan.Method) known
	ask   decision.Question[*Walk]
}

// rows has a row for each of the graph's, in the graph's order.
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

// Compile makes the programs of methods, by their numbers. Methods whose rows are known
// alike share one, since questions read the plan from the exchange.
func Compile(methods []*plan.Method) []*Program {
	all := make([]*Program, 0, len(methods))
	for _, m := range methods {
		all = append(all, programFor(m))
	}
	return all
}

// programs are those that some App has, by what is known of their rows: Apps share them, too.
var programs sync.Map // string to weak.Pointer[Program]

func programFor(p *plan.Method) *Program {
	key := make([]byte, 0, 128)
	for i := range rows {
		key = append(key, byte(rows[i].known(p)))
	}
	leaps := leapsOf(p)
	for _, l := range leaps {
		key = append(key, byte(l.From>>8), byte(l.From))
	}
	if made, ok := programs.Load(string(key)); ok {
		if done := made.(weak.Pointer[Program]).Value(); done != nil {
			return done
		}
	}
	done, err := decision.Specialize(decision.HTTP, []decision.ID{decision.Start, decision.G7},
		func(id decision.ID) (decision.Answer, decision.Question[*Walk]) {
			i := slices.IndexFunc(rows, func(r row) bool { return r.id == id })
			switch known(key[i]) {
			case no:
				return decision.No, nil
			case yes:
				return decision.Yes, nil
			}
			return decision.No, rows[i].ask
		}, leaps...)
	if err != nil {
		panic("restmachine: the graph cannot be specialised: " + err.Error())
	}
	programs.Store(string(key), weak.Make(done))
	return done
}

// allOf asks all gates of a kind; the answer is yes if each returned true.
func allOf(k declare.Kind) row {
	return row{
		known: func(p *plan.Method) known { return unknownIf(len(p.Gates[k]) > 0, yes) },
		ask:   func(w *Walk) decision.Answer { return w.gates(w.x.Plan.Gates[k], true) },
	}
}

// anyOf asks the gates of a kind; the answer is yes as soon as one returned true.
func anyOf(k declare.Kind) row {
	return row{
		known: func(p *plan.Method) known { return unknownIf(len(p.Gates[k]) > 0, no) },
		ask:   func(w *Walk) decision.Answer { return w.gates(w.x.Plan.Gates[k], false) },
	}
}

// gates asks gates in turn. It goes on while they return while. The answer is what the
// last gate returned.
func (w *Walk) gates(gates []*plan.Gate, while bool) decision.Answer {
	for _, g := range gates {
		if !w.x.AllExist(g.Needs.Required) {
			continue // what it takes is missing, and the graph has dealt with that already
		}
		said, err := w.x.Bool(g.Callback)
		if err != nil {
			return w.failGate(err)
		}
		if said != while {
			return decision.Bool(!while)
		}
	}
	return decision.Bool(while)
}

// failGate ends the walk with the error of a gate. Where that says that there is nothing, the
// answer is the very one for a resource that is missing: nobody can tell which it was.
func (w *Walk) failGate(err error) decision.Answer {
	if !w.saysNothingIsThere(err) {
		return w.fail(err)
	}
	w.verdict.Cause, w.verdict.Row = verdict.Hidden, w.rowOfMissing()
	return decision.Status(http.StatusNotFound)
}

// saysNothingIsThere reports whether an error means that there is no such resource, and
// says no more.
func (w *Walk) saysNothingIsThere(err error) bool {
	meant := w.x.Resolve(err)
	own, _ := w.x.Words.ProblemIn(meant)
	return own == nil && errors.Is(meant, exchange.ErrNotFound)
}

// rowOfMissing is the row that answers 404 where the method finds nothing.
func (w *Walk) rowOfMissing() decision.ID {
	if isPost(w.x.Plan) {
		return decision.M7
	}
	return decision.L7
}

// with puts a question of the library's own in front of the gates, for the methods that asked
// says. Where it answers, they are not asked. Where they answer differently from usual, a fact
// refused.
func (r row) with(asked func(p *plan.Method) bool, usual decision.Answer, own func(w *Walk) (decision.Answer, bool)) row {
	return row{
		known: func(p *plan.Method) known {
			if asked(p) {
				return unknown
			}
			return r.known(p)
		},
		ask: func(w *Walk) decision.Answer {
			if asked(w.x.Plan) {
				if answer, sure := own(w); sure {
					return answer
				}
			}
			answer := r.ask(w)
			if answer != usual && w.verdict.Cause == verdict.ByRow {
				w.verdict.Cause = verdict.ByFact
			}
			return answer
		},
	}
}

func anyMethod(*plan.Method) bool { return true }

// knownAtStart is a row that every plan settles.
func knownAtStart(f func(p *plan.Method) bool) row {
	return row{known: func(p *plan.Method) known { return knownAs(f(p)) }}
}

func alwaysAsked(*plan.Method) known { return unknown }
