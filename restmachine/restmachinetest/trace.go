// The invariant of an exchange and its trace: the trace tells the truth.

package restmachinetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// CheckTrace reports where the trace of an exchange, from App.Explain or a
// Tracer, does not tell the truth (V18). It must be a walk of [decision.HTTP]
// from its [decision.Start]: each answer leads, by an edge of the graph, to the
// next row, until one leads to a status or is one. A write that found its
// resource stale begins anew at G7, three times at the most. The walk ends at
// the status of the response, unless the answer could not be made or sent, and a
// problem that names its decision names the last row.
func CheckTrace(t testing.TB, req restmachine.Request, resp restmachine.Response, trace decision.Trace) {
	t.Helper()
	x := newExchange(req, resp)
	x.report(t, x.traceFaults(trace))
}

// traceFaults says where the trace is wrong, first things first: what comes after
// a wrong step says nothing.
func (x exchange) traceFaults(trace decision.Trace) []string {
	lie := func(what, why string) []string {
		return []string{breaks("V18 the trace tells the truth", "docs/tracing.md", what, why)}
	}
	end, what, why := x.follow(trace.Visits)
	if why != "" {
		return lie(what, why)
	}
	last := trace.Visits[len(trace.Visits)-1]
	named := x.namedDecision()
	switch {
	case trace.Status != x.resp.StatusCode:
		return lie("status", "the trace ends with "+strconv.Itoa(trace.Status))
	case named != "" && named != last.ID.String() && !rehearsed(last):
		return lie("decision", named+" is named, and "+last.ID.String()+" was the last")
	case end != x.resp.StatusCode && (named != "" || x.resp.StatusCode < 400): // else it failed later
		return lie("status", last.ID.String()+" leads to "+strconv.Itoa(end))
	}
	return nil
}

// maxTurns is how often a write may begin anew after ErrStale.
const maxTurns = 3

// follow walks the graph along the visits, to the status at the end. why is what
// is wrong with a step, and what the row at which it is.
func (x exchange) follow(visits []decision.Visit) (end int, what, why string) {
	next, turns := decision.Start, 0
	for i, v := range visits {
		if i > 0 && v.ID == decision.G7 && x.restarts(visits[i-1]) && turns < maxTurns {
			next, turns = v.ID, turns+1
		}
		row := decision.HTTP[v.ID]
		switch {
		case v.ID != next:
			return 0, v.ID.String(), "the walk is at " + next.String()
		case v.Label != row.Label:
			return 0, v.ID.String(), fmt.Sprintf("asks %q, and not %q", v.Label, row.Label)
		}
		switch v.Answer {
		case decision.Yes:
			next = row.Yes
		case decision.No:
			next = row.No
		default:
			next = decision.ID(v.Answer)
		}
	}
	if !next.IsStatus() {
		return 0, next.String(), "the walk stops in front of it"
	}
	return int(next), "", ""
}

// restarts reports whether the exchange may begin anew after a visit: a write
// without a precondition that found its resource stale.
func (x exchange) restarts(last decision.Visit) bool {
	return last.Answer == decision.Status(http.StatusConflict) && x.is("PUT", "PATCH", "DELETE") && !x.guarded()
}

// rehearsed reports whether a walk ended where the content is read: where the
// client waits for 100 Continue, the rows behind it are asked there already, and
// it is one of those that refused.
func rehearsed(last decision.Visit) bool {
	return last.ID == decision.G5 && last.Answer != decision.Yes && last.Answer != decision.No
}

// namedDecision is the row of the graph that a problem names as the one that
// refused, "" where it names none.
func (x exchange) namedDecision() string {
	var problem struct{ Decision string }
	var id decision.ID
	if !strings.HasPrefix(x.resp.Header.Get("Content-Type"), problemMedia) || json.Unmarshal(x.resp.Body, &problem) != nil ||
		id.UnmarshalText([]byte(problem.Decision)) != nil {
		return ""
	}
	return problem.Decision
}
