package walk

import (
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
)

// This file does the acts of the graph: it runs the handlers, and renders what they
// return.

var methodRows = map[decision.ID]row{
	decision.M16:  knownAtStart(func(p *plan.Method) bool { return p.Name == http.MethodDelete }),
	decision.M20:  {known: alwaysAsked, ask: (*Walk).act},
	decision.M20b: {known: allOf(declare.DeleteCompleted).known, ask: (*Walk).deleteCompleted},
	decision.N16:  knownAtStart(isPost),
	decision.N11:  {known: alwaysAsked, ask: (*Walk).act},
	decision.P11: {known: alwaysAsked, ask: func(w *Walk) decision.Answer {
		return decision.Bool(w.reps.Result().Status() == http.StatusCreated)
	}},
	decision.O16: knownAtStart(func(p *plan.Method) bool { return p.Name == http.MethodPut }),
	decision.O17: knownAtStart((*plan.Method).Replaces),
	decision.O14: conflict,
	decision.O15: {known: alwaysAsked, ask: (*Walk).act},
	decision.O18: {known: alwaysAsked, ask: (*Walk).get},
}

var contentRows = map[decision.ID]row{
	decision.P12: {known: alwaysAsked, ask: (*Walk).render},
	decision.O20: {known: alwaysAsked, ask: func(w *Walk) decision.Answer {
		return decision.Bool(w.reps.Result().HasValue())
	}},
	decision.O19: {known: alwaysAsked, ask: (*Walk).render},
	decision.P19: {
		known: func(p *plan.Method) known { return unknownIf(p.Name == http.MethodGet, no) },
		ask:   (*Walk).usableRange,
	},
	decision.P20: {known: alwaysAsked, ask: (*Walk).ifRange},
	decision.P21: {known: alwaysAsked, ask: func(w *Walk) decision.Answer { return decision.Bool(len(w.verdict.Ranges) > 0) }},
}

// conflict is asked right before the write. It may look at the content, so a rehearsal
// ends at it.
var conflict = row{
	known: anyOf(declare.IsConflict).known,
	ask: func(w *Walk) decision.Answer {
		if w.x.Rehearsing() {
			return decision.Status(http.StatusContinue)
		}
		return w.gates(w.x.Plan.Gates[declare.IsConflict], false)
	},
}

// act runs the handler of a method that may write, or of a safe one beside GET. An exchange
// whose client has gone stops here, and never in the middle of the write.
func (w *Walk) act() decision.Answer {
	if w.x.Rehearsing() {
		return decision.Status(http.StatusContinue)
	}
	w.entered = true
	if err := w.x.Context().Err(); err != nil {
		return w.fail(err)
	}
	if err := w.x.Confirm(); err != nil {
		return w.fail(err)
	}
	if w.x.Doubts.Armed(w.x.Plan.Number) {
		w.reps.Remember()
	}
	result, err := w.reps.Run(w.x.Plan.Handler)
	if err != nil {
		return w.fail(err)
	}
	w.reps.SetResult(result)
	return w.endByReply(result)
}

// get is O18. It runs the GET handler, unless what that returns is there already, or the
// handler of another safe method.
func (w *Walk) get() decision.Answer {
	if w.x.Plan.Safe {
		return w.act()
	}
	get, shown := w.x.Plan.Get, w.reps.Shown()
	switch {
	case w.reps.Result() != nil:
		return decision.Yes
	case shown != nil && get.Identity == nil:
		w.reps.SetResult(shown)
	default:
		w.x.ForeseeLate()
		result, err := w.reps.Run(get)
		if err != nil {
			return w.fail(err)
		}
		w.reps.SetResult(result)
		if result.IsEmpty() && w.x.Plan.Validated() {
			return w.fail(exchange.ErrNotFound) // a resource with validators shows something
		}
	}
	return w.endByReply(w.reps.Result())
}

// deleteCompleted is M20b. What a pending DELETE returned is the content of its 202.
func (w *Walk) deleteCompleted() decision.Answer {
	done := w.gates(w.x.Plan.Gates[declare.DeleteCompleted], true)
	if done == decision.No && w.reps.Result().HasValue() {
		if rendered := w.render(); rendered != decision.Yes {
			return rendered
		}
	}
	return done
}

// endByReply ends the walk where the Reply's status does. Its entity is rendered.
func (w *Walk) endByReply(r *represent.Representation) decision.Answer {
	if !r.EndsWalk(w.x.Plan) {
		return decision.Yes
	}
	status := r.Status()
	if status < 200 || status > 599 {
		return w.fail(fmt.Errorf("a Reply has the status %d; use a final status, from 200 to 599", status))
	}
	if r.HasValue() {
		if rendered := w.render(); rendered != decision.Yes {
			return rendered
		}
	}
	return decision.Status(status)
}

// render renders the result.
func (w *Walk) render() decision.Answer {
	if err := w.reps.Render(); err != nil {
		return w.fail(err)
	}
	return decision.Yes
}
