// This file finds the parts of a graph that a trace passed. A graph and a trace come
// in. The CSS classes of rows, edges and statuses go out, and the title of each row.
// All drawings use them to highlight the path.

package decision

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A light knows which parts of a graph a trace passed. The graph may be folded. A row
// that the graph does not have is not highlighted.
type light struct {
	graph  Graph
	visits map[ID][]Visit
	edges  map[[2]ID]string // class: lit, or dim if the row is folded
	last   [2]ID            // the row at which the walk ended, and its status
}

// light reads the trace. Nil and a trace of another graph highlight nothing.
func (g Graph) light(t *Trace) *light {
	l := &light{graph: g, visits: map[ID][]Visit{}, edges: map[[2]ID]string{}}
	if t == nil {
		return l
	}
	for i, v := range t.Visits {
		row, ok := g[v.ID]
		if !ok {
			continue
		}
		l.visits[v.ID] = append(l.visits[v.ID], v)
		if t.Status == 0 && i == len(t.Visits)-1 {
			break // a question that panicked gave no answer
		}
		to := ID(v.Answer)
		if v.Answer == Yes || v.Answer == No {
			to = row.next(v.Answer)
		}
		if edge := [2]ID{v.ID, to}; !v.Folded {
			l.edges[edge] = "lit"
		} else if l.edges[edge] == "" {
			l.edges[edge] = "dim"
		}
		if to == ID(t.Status) {
			l.last = [2]ID{v.ID, to}
		}
	}
	return l
}

// row returns the class of a row: lit if it was asked, dim if it was folded, empty if
// it was not passed.
func (l *light) row(id ID) string {
	visits := l.visits[id]
	switch {
	case len(visits) == 0:
		return ""
	case slices.ContainsFunc(visits, func(v Visit) bool { return !v.Folded }):
		return "lit"
	default:
		return "dim"
	}
}

// edge returns the class of an edge: lit, dim or empty. The edge from the mark where
// walks begin has the class of its row.
func (l *light) edge(from, to ID) string {
	if from == 0 {
		return l.row(to)
	}
	return l.edges[[2]ID{from, to}]
}

// end returns the class of the status at the end of an edge: the class of the edge,
// and last if the walk ended there.
func (l *light) end(from, status ID) string {
	if l.last == [2]ID{from, status} {
		return l.edge(from, status) + " last"
	}
	return l.edge(from, status)
}

// replies returns the statuses with which the answers of the row itself ended the
// walk, without those that an edge of the row leads to.
func (l *light) replies(id ID) (statuses []ID) {
	for _, v := range l.visits[id] {
		s := ID(v.Answer)
		if r := l.graph[id]; s.IsStatus() && s != r.Yes && s != r.No && !slices.Contains(statuses, s) {
			statuses = append(statuses, s)
		}
	}
	return statuses
}

// title returns all that is known about a row, one line for each visit.
func (l *light) title(id ID) string {
	row := l.graph[id]
	var b strings.Builder
	fmt.Fprintf(&b, "%v %s", id, row.Label)
	if len(l.visits[id]) == 0 {
		fmt.Fprintf(&b, " yes: %v, no: %v", row.Yes, row.No)
	}
	for _, v := range l.visits[id] {
		fmt.Fprintf(&b, "\n%v", v.Answer)
		for _, s := range []string{v.reason(), v.Callback} {
			if s != "" {
				b.WriteString(", " + s)
			}
		}
		if v.Took > 0 {
			fmt.Fprintf(&b, ", %v", v.Took.Round(100*time.Nanosecond))
		}
	}
	return b.String()
}
