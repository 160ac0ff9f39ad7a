// This file counts how often the traffic so far has walked each edge of the graph, by
// route. Records come in. A list of edges with their counts goes out to the coverage
// page.

package debugger

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/restmachine/restmachine-go/decision"
)

// An edge is an answer to a row.
type edge struct {
	From   decision.ID     `json:"from"`
	Answer decision.Answer `json:"answer"`
}

// walks says how often each edge was walked, asked or settled.
type walks map[edge]walk

type walk struct{ asked, settled int }

// A coverage counts walks by route. The counts of all routes together are under "".
// Routes are registered patterns, so their number is bounded.
type coverage struct {
	mu    sync.Mutex
	by    map[string]walks
	total map[string]int // the number of exchanges, by route
}

func (c *coverage) add(r *record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by, c.total = map[string]walks{}, map[string]int{}
	}
	routes := []string{"", r.Route}
	if r.Route == "" {
		routes = routes[:1]
	}
	for _, route := range routes {
		w := c.by[route]
		if w == nil {
			w = walks{}
			c.by[route] = w
		}
		c.total[route]++
		for _, v := range r.Trace.Visits {
			w.count(v)
		}
	}
}

func (w walks) count(v decision.Visit) {
	e := edge{v.ID, v.Answer}
	one := w[e]
	if v.Folded {
		one.settled++
	} else {
		one.asked++
	}
	w[e] = one
}

// An edgeCount is an edge of the graph and how often it was walked.
type edgeCount struct {
	edge
	Label   string      `json:"label"`
	To      decision.ID `json:"to"`
	Asked   int         `json:"asked"`
	Settled int         `json:"settled"`
	Open    bool        `json:"open"` // whether some route asks the row
}

// of returns the counts of a route, or of all routes for "". It lists every edge of the
// graph in diagram order. Then it lists the statuses that callbacks named.
func (c *coverage) of(route string) (edges []edgeCount, exchanges int) {
	c.mu.Lock()
	w, exchanges := maps.Clone(c.by[route]), c.total[route]
	c.mu.Unlock() // an exchange that ends must not wait for the rest of this function
	named := map[decision.ID][]decision.Answer{}
	for e := range w {
		if decision.ID(e.Answer).IsStatus() {
			named[e.From] = append(named[e.From], e.Answer)
		}
	}
	for id, row := range decision.HTTP.All() {
		for _, one := range []edgeCount{
			{edge: edge{id, decision.Yes}, To: row.Yes}, {edge: edge{id, decision.No}, To: row.No},
		} {
			one.Label = row.Label
			edges = append(edges, one.counted(w))
		}
	}
	for id, row := range decision.HTTP.All() {
		for _, status := range slices.Sorted(slices.Values(named[id])) {
			edges = append(edges, edgeCount{edge: edge{id, status}, Label: row.Label, To: decision.ID(status)}.counted(w))
		}
	}
	return edges, exchanges
}

func (e edgeCount) counted(w walks) edgeCount {
	one := w[e.edge]
	e.Asked, e.Settled = one.asked, one.settled
	return e
}

// lit returns a trace that highlights all edges that were walked.
func lit(edges []edgeCount) *decision.Trace {
	t := &decision.Trace{}
	for _, e := range edges {
		if e.Asked+e.Settled > 0 {
			t.Visits = append(t.Visits, decision.Visit{ID: e.From, Label: e.Label, Answer: e.Answer, Folded: e.Asked == 0,
				Why: fmt.Sprintf("walked %d times", e.Asked)})
		}
	}
	// The last visit of a trace without a status counts as unanswered, so add an empty one.
	t.Visits = append(t.Visits, decision.Visit{})
	return t
}
