// This file holds the graph as data: rows, and the edges between them. It checks a
// graph for faults and ranges over it in diagram order. Programs and drawings are
// made from this order.

package decision

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// A Row is a question or an act, with the targets of its answers yes and no. The
// label of a question ends in "?". The label of an act, for example of the write,
// ends in "!". The answer of an act says whether it was done.
type Row struct {
	Yes, No ID
	Label   string
}

// next returns the target of an answer, which must be [Yes] or [No].
func (r Row) next(a Answer) ID {
	if a == Yes {
		return r.Yes
	}
	return r.No
}

// A Graph is a set of rows by their places. A key is always a coordinate. An edge
// leads to a key or to a status.
type Graph map[ID]Row

// Check reports all faults of the graph, joined, or nil. The faults are: edges that
// lead nowhere, cycles, rows that a walk from start cannot reach, keys that are not
// coordinates, and labels that do not say whether the row asks or acts.
func (g Graph) Check(start ID) error {
	order, faults := g.order()
	if _, ok := g[start]; !ok {
		return errors.Join(append(faults, fmt.Errorf("decision: the start %v is not a row", start))...)
	}
	reached := g.reached(start)
	for _, id := range order {
		if !reached[id] {
			faults = append(faults, fmt.Errorf("decision: orphan %v: no walk from %v reaches it", id, start))
		}
		if label := g[id].Label; !strings.HasSuffix(label, "?") && !strings.HasSuffix(label, "!") {
			faults = append(faults, fmt.Errorf("decision: label %q of %v must end in ? or !", label, id))
		}
	}
	return errors.Join(faults...)
}

// All ranges over the rows in diagram order: column by column and row by row. But a
// row always comes after the rows that lead to it.
func (g Graph) All() iter.Seq2[ID, Row] {
	return func(yield func(ID, Row) bool) {
		order, _ := g.order()
		for _, id := range order {
			if !yield(id, g[id]) {
				return
			}
		}
	}
}

// order returns every row once, in diagram order. It also returns the faults that
// would keep a walk from ending: keys that are not coordinates, edges that lead
// nowhere, and cycles.
//
// A depth-first search lists a row when all rows behind it are listed. The reversed
// list has each row before the rows that it leads to. The search starts from the last
// place of the diagram. Only an edge therefore changes the order of places.
func (g Graph) order() (order []ID, faults []error) {
	listed := make(map[ID]bool, len(g))
	var path []ID // the rows from the start of the search to here, to find cycles
	var visit func(from, id ID)
	visit = func(from, id ID) {
		if id.IsStatus() || listed[id] {
			return
		}
		row, ok := g[id]
		if !ok {
			faults = append(faults, fmt.Errorf("decision: dangling edge %v-%v: %v is not a row", from, id, id))
			return
		}
		if i := slices.Index(path, id); i >= 0 {
			faults = append(faults, fmt.Errorf("decision: cycle %v", append(slices.Clone(path[i:]), id)))
			return
		}
		path = append(path, id)
		visit(id, row.No)
		if row.Yes != row.No {
			visit(id, row.Yes)
		}
		path = path[:len(path)-1]
		listed[id] = true
		order = append(order, id)
	}
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(g))) {
		if id.Row() == 0 {
			faults = append(faults, fmt.Errorf("decision: row %v is not a coordinate", id))
			continue
		}
		visit(id, id)
	}
	slices.Reverse(order)
	return order, faults
}

// reached returns all rows that some walk from start can reach.
func (g Graph) reached(start ID) map[ID]bool {
	reached := map[ID]bool{}
	for todo := []ID{start}; len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		row, ok := g[id]
		if !ok || reached[id] {
			continue
		}
		reached[id] = true
		todo = append(todo, row.Yes, row.No)
	}
	return reached
}
