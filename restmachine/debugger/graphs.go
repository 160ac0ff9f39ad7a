// This file makes the pages about graphs: the routes and their facts, the graph of a
// route, the path to a status in it, and the edges that were walked. A request comes in,
// a page goes out.

package debugger

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// watched returns the Apps that are watched at this moment.
func (d *Debugger) watched() []*restmachine.App {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.apps)
}

// allRoutes returns the routes of all Apps. An App with faults does not have routes.
func (d *Debugger) allRoutes() (all []restmachine.Route) {
	for _, app := range d.watched() {
		routes, err := app.Routes()
		if err == nil {
			all = append(all, routes...)
		}
	}
	return all
}

// paths returns the paths of all routes, each once, sorted.
func (d *Debugger) paths() (all []string) {
	for _, r := range d.allRoutes() {
		all = append(all, r.Path)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// graphOf returns the graph of a route, or nil if there is no such route.
func (d *Debugger) graphOf(path, method string) decision.Graph {
	var other decision.Graph
	for _, r := range d.allRoutes() {
		switch {
		case r.Path == path && r.Method == method:
			return r.Graph
		case r.Path == path && r.Method == "":
			other = r.Graph
		}
	}
	return other
}

// A routeLine is a route in the table.
type routeLine struct {
	Path     string        `json:"path"`
	Method   string        `json:"method"` // "" for all other methods
	Asked    int           `json:"asked"`  // the number of rows in its graph
	Statuses []decision.ID `json:"statuses"`
}

type routeList struct {
	Routes []routeLine `json:"routes"`
	Facts  []string    `json:"facts"` // the description of each App
}

func (d *Debugger) routeTable(*http.Request) page {
	l := routeList{Routes: []routeLine{}, Facts: []string{}}
	for _, r := range d.allRoutes() {
		l.Routes = append(l.Routes, routeLine{r.Path, r.Method, len(r.Graph), r.Graph.Statuses()})
	}
	for _, app := range d.watched() {
		l.Facts = append(l.Facts, app.Describe())
	}
	return page{template: "routes", title: "Routes", data: l, text: routesText(l)}
}

// A drawn is the page of a graph and its rows.
type drawn struct {
	Route   string        `json:"route"`
	Method  string        `json:"method"`
	Drawing template.HTML `json:"-"`
	Rows    []drawnRow    `json:"rows"`
}

type drawnRow struct {
	ID    decision.ID `json:"id"`
	Label string      `json:"label"`
	Yes   decision.ID `json:"yes"`
	No    decision.ID `json:"no"`
}

// graph shows the graph of a route, or the whole graph.
func (d *Debugger) graph(r *http.Request) page {
	q := r.URL.Query()
	v := drawn{Route: q.Get("route"), Method: q.Get("method")}
	g := decision.HTTP
	if v.Route != "" {
		if g = d.graphOf(v.Route, v.Method); g == nil {
			return missing("There is no such route.")
		}
	}
	for id, row := range g.All() {
		v.Rows = append(v.Rows, drawnRow{id, row.Label, row.Yes, row.No})
	}
	var err error
	if v.Drawing, err = d.drawings.svg(g, nil); err != nil {
		return problem(http.StatusInternalServerError, err.Error())
	}
	return page{template: "graph", title: "Graph", data: v, text: graphText(v)}
}

// A search is the answer to the question which request leads to a status.
type search struct {
	Route    string        `json:"route"`
	Method   string        `json:"method"`
	Status   decision.ID   `json:"status"`
	Way      []step        `json:"way"`      // empty if no edge of the graph leads there
	At       decision.ID   `json:"-"`        // the row where the way ends, or 0 for any row
	Ends     []decision.ID `json:"ends"`     // the rows that lead there
	Statuses []decision.ID `json:"statuses"` // the statuses that edges lead to
	Drawing  template.HTML `json:"-"`
}

func (d *Debugger) find(r *http.Request) page {
	q := r.URL.Query()
	v := search{Route: q.Get("route"), Method: q.Get("method")}
	g := d.graphOf(v.Route, v.Method)
	if g == nil {
		return missing("There is no such route.")
	}
	n, err := strconv.Atoi(q.Get("status"))
	if v.Status = decision.ID(n); err != nil || n < 100 || n > 599 {
		return problem(http.StatusBadRequest, "status must be a number like 304.")
	}
	if at := q.Get("at"); at != "" && v.At.UnmarshalText([]byte(at)) != nil {
		return problem(http.StatusBadRequest, "at must be the name of a decision like K13.")
	}
	v.Statuses, v.Ends = g.Statuses(), g.Before(v.Status)
	t := &decision.Trace{Status: n}
	v.Way = wayTo(g, v.At, v.Status)
	for _, s := range v.Way {
		t.Visits = append(t.Visits, decision.Visit{ID: s.ID, Label: s.Label, Answer: s.Answer, Why: s.How})
	}
	if v.Drawing, err = d.drawings.svg(g, t); err != nil {
		return problem(http.StatusInternalServerError, err.Error())
	}
	title := strings.TrimSpace(cmp.Or(v.Method, "other methods")+" "+v.Route) + " to " + v.Status.String()
	return page{template: "find", title: title, data: v, text: findText(v)}
}

// A coverageView shows which edges were walked.
type coverageView struct {
	Route     string        `json:"route,omitempty"` // "" for all
	Exchanges int           `json:"exchanges"`
	Walked    int           `json:"walked"`   // the number of possible edges that were walked
	Possible  int           `json:"possible"` // the number of edges that some route asks
	Edges     []edgeCount   `json:"edges"`
	Routes    []string      `json:"-"`
	Drawing   template.HTML `json:"-"`
}

// count counts the edges that the routes ask, and how many of them were walked.
func (v *coverageView) count(routes []restmachine.Route) {
	asked := map[decision.ID]bool{}
	for _, r := range routes {
		for id := range r.Graph {
			asked[id] = asked[id] || v.Route == "" || v.Route == r.Path
		}
	}
	for i := range v.Edges {
		e := &v.Edges[i]
		if e.Open = asked[e.From] && (e.Answer == decision.Yes || e.Answer == decision.No); e.Open {
			v.Possible++
			if e.Asked > 0 {
				v.Walked++
			}
		}
	}
}

// coverage shows which edges of the whole graph were walked, on one route or on all.
func (d *Debugger) coverage(r *http.Request) page {
	v := coverageView{Route: r.URL.Query().Get("route"), Routes: d.paths()}
	if v.Route != "" && !slices.Contains(v.Routes, v.Route) {
		return missing("There is no such route.")
	}
	v.Edges, v.Exchanges = d.walked.of(v.Route)
	drawing, err := d.drawings.svg(decision.HTTP, lit(v.Edges))
	if err != nil {
		return problem(http.StatusInternalServerError, err.Error())
	}
	v.count(d.allRoutes())
	// The drawing takes the trace for a single path, so correct its title.
	v.Drawing = template.HTML(strings.ReplaceAll(string(drawing), "a path without an end", "what was walked"))
	return page{template: "coverage", title: "Coverage", data: v, text: coverageText(v)}
}
