// A graph is data: it can be checked, and ranged over in diagram order.

package decision

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// A Row is a question or an act, and where its answers yes and no lead. A
// question's label ends in "?"; an act, such as the write itself, ends in "!",
// and its answer says whether it was done.
type Row struct {
	Yes, No ID
	Label   string
}

// next returns where an answer, [Yes] or [No], leads.
func (r Row) next(a Answer) ID {
	if a == Yes {
		return r.Yes
	}
	return r.No
}

// A Graph is a set of rows by their places. A key is always a coordinate, an
// edge leads to a key or to a status.
type Graph map[ID]Row

// Check reports what is wrong with the graph, all faults joined, or nil: edges
// that lead nowhere, cycles, rows that no walk from start arrives at, keys that
// are no coordinates, and labels that do not say whether they ask or act.
func (g Graph) Check(start ID) error {
	order, faults := g.order()
	if _, ok := g[start]; !ok {
		return errors.Join(append(faults, fmt.Errorf("decision: the start %v is no row", start))...)
	}
	reached := g.reached(start)
	for _, id := range order {
		if !reached[id] {
			faults = append(faults, fmt.Errorf("decision: orphan %v: no walk from %v arrives at it", id, start))
		}
		if label := g[id].Label; !strings.HasSuffix(label, "?") && !strings.HasSuffix(label, "!") {
			faults = append(faults, fmt.Errorf("decision: label %q of %v ends neither in ? nor in !", label, id))
		}
	}
	return errors.Join(faults...)
}

// All ranges over the rows in diagram order: column by column and row by row,
// except that a row comes after those that lead to it.
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

// order returns every row once, in diagram order, and the faults that would
// keep a walk from coming to an end: keys that are no coordinates, edges that
// lead nowhere, and cycles.
//
// A depth-first search that lists a row when all behind it are listed, read
// backwards, puts each row ahead of those it leads to. It starts from the last
// place of the diagram first, so that nothing but an edge changes the order of
// places.
func (g Graph) order() (order []ID, faults []error) {
	listed := make(map[ID]bool, len(g))
	var path []ID // the rows that the search is in, for cycles
	var visit func(from, id ID)
	visit = func(from, id ID) {
		if id.IsStatus() || listed[id] {
			return
		}
		row, ok := g[id]
		if !ok {
			faults = append(faults, fmt.Errorf("decision: dangling edge %v-%v: %v is no row", from, id, id))
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
			faults = append(faults, fmt.Errorf("decision: row %v is no coordinate", id))
			continue
		}
		visit(id, id)
	}
	slices.Reverse(order)
	return order, faults
}

// reached returns all that some walk from start arrives at.
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
