// This file compares an exchange with its trace. A request, its response and its trace
// come in. Errors of the test go out if the trace is not a path through the graph that
// ends in this response.

package restmachinetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// CheckTrace reports where the trace of an exchange is not true (V18). The trace comes
// from App.Explain or from a Tracer.
//
// It must be a walk of [decision.HTTP] from its [decision.Start]. Each answer leads, by
// an edge of the graph, to the next row. The last answer leads to a status or is a
// status. A write that found its resource stale may begin again at G7, at most three
// times. The walk ends at the status of the response, unless the answer could not be made
// or sent. A problem that names its decision must name the last row, unless a gate hides the
// resource behind the 404 of a missing one.
func CheckTrace(t testing.TB, req restmachine.Request, resp restmachine.Response, trace decision.Trace) {
	t.Helper()
	x := newExchange(req, resp)
	x.report(t, x.traceFaults(trace))
}

// traceFaults returns the first fault of the trace. Steps after a wrong step do not mean
// anything.
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
	case named != "" && named != last.ID.String() && !rehearsed(last) && !hides(last):
		return lie("decision", "the problem names "+named+", but the last row was "+last.ID.String())
	case end != x.resp.StatusCode && (named != "" || x.resp.StatusCode < 400): // otherwise the exchange failed after the walk
		return lie("status", last.ID.String()+" leads to "+strconv.Itoa(end))
	}
	return nil
}

// maxTurns is how often a write may begin again after ErrStale.
const maxTurns = 3

// follow walks the graph along the visits. It returns the status at the end. If a step is
// wrong, why says what is wrong, and what is its row.
func (x exchange) follow(visits []decision.Visit) (end int, what, why string) {
	next, turns := decision.Start, 0
	for i, v := range visits {
		if i > 0 && v.ID == decision.G7 && x.restarts(visits[i-1]) && turns < maxTurns {
			next, turns = v.ID, turns+1
		}
		row := decision.HTTP[v.ID]
		switch {
		case v.ID != next:
			return 0, v.ID.String(), "the walk should be at " + next.String()
		case v.Label != row.Label:
			return 0, v.ID.String(), fmt.Sprintf("asks %q, but the graph asks %q", v.Label, row.Label)
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
		return 0, next.String(), "the walk stops before this row"
	}
	return int(next), "", ""
}

// restarts reports whether the exchange may begin again after a visit: it is a write that
// found its resource stale, without a precondition, or with an If-Match of * alone, which is
// still true then.
func (x exchange) restarts(last decision.Visit) bool {
	return last.Answer == decision.Status(http.StatusConflict) && !x.isSafe() && !x.is("POST") && (!x.guarded() || x.asksForAnything())
}

// asksForAnything reports whether If-Match: * is the only precondition that counts.
func (x exchange) asksForAnything() bool {
	return len(x.req.Header.Values("If-None-Match")) == 0 && slices.Equal(x.req.Header.Values("If-Match"), []string{"*"})
}

// rehearsed reports whether a walk was refused at the row that reads the content. If the
// client waits for 100 Continue, the rows after it are asked there, too. One of them may
// have refused.
func rehearsed(last decision.Visit) bool {
	return last.ID == decision.G5 && last.Answer != decision.Yes && last.Answer != decision.No
}

// hides reports whether a gate answered as if the resource were missing. The problem then
// names the row that answers so, since a client must not see the difference.
func hides(last decision.Visit) bool { return last.Answer == decision.Status(http.StatusNotFound) }

// namedDecision returns the row that a problem names as the one that refused, or "" if it
// does not name one.
func (x exchange) namedDecision() string {
	var problem struct{ Decision string }
	var id decision.ID
	if !strings.HasPrefix(x.resp.Header.Get("Content-Type"), problemMedia) || json.Unmarshal(x.resp.Body, &problem) != nil ||
		id.UnmarshalText([]byte(problem.Decision)) != nil {
		return ""
	}
	return problem.Decision
}
