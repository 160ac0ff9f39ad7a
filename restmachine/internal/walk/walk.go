// Package walk decides. In come an exchange and its representations. It answers the
// questions of the graph, does its acts, and begins anew after ErrStale. Out comes a
// verdict: a status, the row that decided, and why. It writes no response.
package walk

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
	"github.com/restmachine/restmachine-go/restmachine/internal/verdict"
)

// This file walks the graph from its first question to the verdict.

// maxRepeats is how often a write may begin anew after ErrStale.
const maxRepeats = 3

// A Walk is the walk of one exchange through the graph.
type Walk struct {
	progress
	x       *exchange.Exchange
	reps    *represent.Representations
	program *Program
}

// progress is everything that Reset clears.
type progress struct {
	found
	verdict verdict.Verdict
	entered bool // G7 was passed, and with it everything that is asked before it
}

// found is what one attempt found out, beside its values and representations.
type found struct {
	refusal *refusal   // by a Forbidden that was asked between two loads; nil: none
	missing *plan.Load // what G7 did not find; nil: nothing, or a ResourceExists that returns bool said so
	moves   *[2]move   // what the Moved facts said, permanently and temporarily; nil: they were not asked
}

// A Program walks the graph for one method of a path.
type Program = decision.Program[*Walk]

// Configure makes w the walk of an exchange.
func (w *Walk) Configure(x *exchange.Exchange, reps *represent.Representations) {
	w.x, w.reps = x, reps
}

// Reset forgets the walk.
func (w *Walk) Reset() { w.progress = progress{} }

// Verdict is what was decided. Its place does not change.
func (w *Walk) Verdict() *verdict.Verdict { return &w.verdict }

// Decide walks the graph to its verdict, by the program of the method. A trace, where there
// is one, is told every step.
func (w *Walk) Decide(p *Program, trace *decision.Trace) {
	w.program = p
	w.walk(decision.Start, trace)
	for turn := 1; w.verdict.Status == http.StatusConflict && turn <= maxRepeats && w.beginsAnew(turn); turn++ {
		w.walk(decision.G7, trace)
	}
	if w.x.Plan.LimitsMethods {
		w.findAllowed()
	}
}

// walk walks the graph from an entry. Where a rehearsal decided, its row is the one that
// did.
func (w *Walk) walk(from decision.ID, trace *decision.Trace) {
	var row decision.ID
	if trace == nil {
		w.verdict.Status, row = w.program.Walk(from, w)
	} else {
		w.verdict.Status = w.program.Trace(from, w, trace, w.note)
		w.noteUnknown(trace)
		row = trace.Visits[len(trace.Visits)-1].ID
	}
	if w.verdict.Row == 0 {
		w.verdict.Row = row
	}
}

// beginsAnew reports whether the exchange begins anew: a write without a precondition, or with
// one that is still true, whose handler found what it was given stale. What comes before G7 is not asked again, so
// it must have been passed; streamed content cannot be read again. The wait is random, so
// that two that collided do not do so again.
func (w *Walk) beginsAnew(turn int) bool {
	x, err := w.x, w.verdict.Err
	if err == nil || !errors.Is(x.Resolve(err), conditional.ErrStale) {
		return false
	}
	if !w.entered || !x.Plan.Repeats() || x.StreamBegun() {
		return false
	}
	select {
	case <-x.Context().Done():
		return false
	case <-time.After(time.Duration(rand.Int64N(int64(turn) * int64(2*time.Millisecond)))):
	}
	w.Abandon(err)
	return true
}

// Abandon throws away what the attempt found, and what was decided on it. Its cleanups run
// with err.
func (w *Walk) Abandon(err error) {
	w.x.Abandon(err)
	w.reps.Forget()
	w.found, w.verdict = found{}, verdict.Verdict{}
}

// fail ends the walk with an error. One that says that nothing is there has the row of a
// resource that is missing, so that a client cannot tell it from what a gate hides.
func (w *Walk) fail(err error) decision.Answer {
	w.verdict.Err = err
	status := w.x.StatusOf(err)
	if status == http.StatusNotFound && w.saysNothingIsThere(err) {
		w.verdict.Row = w.rowOfMissing()
	}
	return decision.Status(status)
}
