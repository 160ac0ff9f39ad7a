package machine

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/doubt"
	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/represent"
)

// This file tells of entity-tags that are wrong. In comes a job whose answer is built. Out come
// warnings: each is logged once for a route, and those who look at exchanges see it of each. A
// route where nothing is wrong pays for its first few requests.

// look looks at the answer, which is not changed. trace is not nil where somebody looks at the
// exchange.
func (j *job) look(trace *decision.Trace) {
	p := j.exchange.Plan
	status := j.answer.Status()
	switch {
	case status != http.StatusOK && status != http.StatusNoContent:
		return
	case p.Name == http.MethodGet:
		if status == http.StatusOK && (j.exchange.Doubts.LooksAt(p.Number) || trace != nil) {
			j.lookAtRead(p.Number, trace)
		}
	case p.Name == http.MethodHead:
		if get := j.numberOfGet(); status == http.StatusOK && (j.exchange.Doubts.LooksAt(get) || trace != nil) {
			j.lookAtRead(get, trace)
		}
	case p.Name == http.MethodPut || p.Name == http.MethodPatch:
		j.lookAtWrite(trace)
	}
}

// lookAtRead compares what a GET shows with what it has shown before. get is its number. A HEAD
// shows the same.
func (j *job) lookAtRead(get int, trace *decision.Trace) {
	x := &j.exchange
	kind, before, first := x.Doubts.See(get, len(j.m.plans.Methods), j.reps.Sighting(), trace != nil)
	switch kind {
	case doubt.Kept:
		j.warn(trace, first, "tag kept", fmt.Sprintf("the content has changed, and its strong entity-tag is still %s: a client that has the old content "+
			"is told 304, and an If-Match of it passes; count the version up at each change, make the tag from all that is shown, or make it weak", before))
	case doubt.Unsteady:
		j.warn(trace, first, "tag unsteady", fmt.Sprintf("the entity-tag has changed at each of the last GETs, from %s to %s, the content has not, and no write "+
			"came through this App in between: if nobody else wrote either, the tag depends on the time, on chance or on the order of a map, "+
			"and no client is ever told 304", before, j.reps.TagSeen()))
	case doubt.Older:
		j.warn(trace, first, "old value", fmt.Sprintf("a write answered with what was there before it, under the entity-tag %s, and this GET shows something else, twice, "+
			"and no write came through this App in between: if nobody else wrote either, the handler of the write returns the old value; return what was stored", before))
	}
}

// lookAtWrite compares what a PUT or PATCH returned with what was there before.
func (j *job) lookAtWrite(trace *decision.Trace) {
	stay := j.reps.TagStay()
	switch stay {
	case represent.Changed:
		return
	case represent.NoTag:
		if get := j.numberOfGet(); get >= 0 {
			j.exchange.Doubts.LookAgain(get)
		}
		return
	}
	x := &j.exchange
	number, methods := x.Plan.Number, len(j.m.plans.Methods)
	if stay == represent.Unasked && (!x.Doubts.AsksOf(number, methods) || j.reps.AskStay() != represent.Stayed) {
		return
	}
	if !x.Doubts.Suspects(number, methods) && trace == nil {
		return
	}
	get := j.numberOfGet() // there is one, since something is shown
	x.Doubts.LookAgain(get)
	x.Doubts.See(get, methods, j.reps.Sighting(), false)
	why := "the version was not counted up, or the tag leaves out something that is shown"
	switch j.reps.CompareKept() {
	case represent.Gone:
		x.Doubts.Arm(number, methods)
		return
	case represent.SameContent:
		return
	case represent.ChangedLoaded:
		why = "the handler changed the loaded value in place and returned it, and its version was not counted up"
	}
	x.Doubts.Silence(number, methods)
	j.warn(trace, x.Doubts.Says(get, methods, doubt.Kept), "tag kept", fmt.Sprintf("the write has changed the content, and its strong entity-tag is still %s: "+
		"a client that has the old content is told 304, and an If-Match of it passes; %s", j.reps.TagSeen(), why))
}

// numberOfGet is the number of the path's GET, of which mistakes are told; -1 where there is none.
func (j *job) numberOfGet() int {
	if get := j.exchange.Plan.Path.Method(http.MethodGet); get != nil {
		return get.Number
	}
	return -1
}

// warn tells of a mistake: who looks at the exchange, and the log where it is the first of its
// route.
func (j *job) warn(trace *decision.Trace, first bool, name, text string) {
	x := &j.exchange
	x.Warn(exchange.Warning{Name: name, Text: text})
	if trace != nil && len(trace.Visits) > 0 {
		last := &trace.Visits[len(trace.Visits)-1]
		if last.Why != "" {
			last.Why += "; "
		}
		last.Why += "warning: " + text
	}
	if first {
		x.Log(slog.LevelWarn, "restmachine: "+text, "warning", name)
	}
}
