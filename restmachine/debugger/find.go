// This file makes the steps of a way to a status: for each row the answer that is needed, and
// how to get it. A graph and a status come in, and the steps go out. The way itself is
// decision's.

package debugger

import "github.com/restmachine/restmachine-go/decision"

// A step is a question on the path, the answer that is needed, and how to get that answer.
type step struct {
	ID     decision.ID     `json:"id"`
	Label  string          `json:"label"`
	Answer decision.Answer `json:"answer"`
	How    string          `json:"how,omitempty"`
}

// wayTo returns the steps of a shortest path to the status. If at is not zero, the path ends
// at this row. There are none if no edge leads there.
func wayTo(g decision.Graph, at, status decision.ID) []step {
	way := []step{}
	for _, e := range g.Way(status, at) {
		way = append(way, step{e.ID, g[e.ID].Label, e.Answer, e.How()})
	}
	return way
}
