// This file finds a way through a graph to a status. A graph and a status come in, and
// the shortest path of answers goes out. A tool that is asked which request leads to a
// status reads the answers: [Edge.How] has them in words.

package decision

import "slices"

// Way returns a shortest way through the graph to a status: the rows that a request
// passes, and the answer that it needs at each of them. It begins at the first row of
// [Graph.All]. If last is not zero, the way ends at this row. Way returns nil if no edge
// leads there.
//
// Of two ways of the same length it takes the one that says no earlier, because that one
// needs fewer fields. It leaves out ways that no request can go: a request whose
// precondition is present stops at one of the questions about preconditions. Whether the
// service ever gives an answer, Way does not know. [Specialize] takes those answers out of
// a graph.
func (g Graph) Way(status, last ID) []Edge {
	var start stop
	for id := range g.All() {
		start.id = id
		break
	}
	type arrival struct {
		from stop
		edge Edge
	}
	came := map[stop]arrival{}
	for todo := []stop{start}; len(todo) > 0; todo = todo[1:] {
		from := todo[0]
		if from.id == status {
			var way []Edge
			for s := from; s != start; s = came[s].from {
				way = append(way, came[s].edge)
			}
			slices.Reverse(way)
			return way
		}
		for _, a := range []Answer{No, Yes} {
			to, ok := from.next(g[from.id], a)
			if to.id.IsStatus() && (to.id != status || last != 0 && last != from.id) {
				continue
			}
			if _, seen := came[to]; ok && !seen {
				came[to] = arrival{from, Edge{from.id, a}}
				todo = append(todo, to)
			}
		}
	}
	return nil
}

// A stop is a row or a status on a way. owes means that the way has said that a required
// precondition is present, and has not passed this precondition yet.
type stop struct {
	id   ID
	owes bool
}

// next returns where an answer leads. It returns false if the answer is impossible.
func (s stop) next(row Row, a Answer) (stop, bool) {
	to := stop{row.next(a), s.owes}
	switch {
	case s.id == G7d && a == No:
		to.owes = true
	case a == Yes && (s.id == G8 || s.id == H11 || s.id == I13):
		to.owes = false
	case s.owes && (to.id.IsStatus() || to.id.Column() >= 'M'):
		return to, false
	}
	return to, true
}

// Before returns the rows that have an edge to the row or status, in diagram order.
func (g Graph) Before(to ID) (rows []ID) {
	for id, row := range g.All() {
		if row.Yes == to || row.No == to {
			rows = append(rows, id)
		}
	}
	return rows
}

// Statuses returns the statuses that edges of the graph lead to, in order.
func (g Graph) Statuses() []ID {
	var all []ID
	for _, row := range g {
		for _, to := range []ID{row.Yes, row.No} {
			if to.IsStatus() {
				all = append(all, to)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
