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

// This file makes the pages on graphs: the routes and their facts, the graph of
// one, the way to a status in it, and what was walked.

// watched are the Apps, as they are now.
func (d *Debugger) watched() []*restmachine.App {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.apps)
}

// allRoutes are those of all Apps; a faulty one has none.
func (d *Debugger) allRoutes() (all []restmachine.Route) {
	for _, app := range d.watched() {
		routes, err := app.Routes()
		if err == nil {
			all = append(all, routes...)
		}
	}
	return all
}

// paths are those of the routes, each once, sorted.
func (d *Debugger) paths() (all []string) {
	for _, r := range d.allRoutes() {
		all = append(all, r.Path)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// graphOf is the graph of a route, nil where there is none.
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
	Method   string        `json:"method"` // "" for every other
	Asked    int           `json:"asked"`  // rows of its graph
	Statuses []decision.ID `json:"statuses"`
}

type routeList struct {
	Routes []routeLine `json:"routes"`
	Facts  []string    `json:"facts"` // each App's own account
}

func (d *Debugger) routeTable(*http.Request) page {
	l := routeList{Routes: []routeLine{}, Facts: []string{}}
	for _, r := range d.allRoutes() {
		l.Routes = append(l.Routes, routeLine{r.Path, r.Method, len(r.Graph), statuses(r.Graph)})
	}
	for _, app := range d.watched() {
		l.Facts = append(l.Facts, app.Describe())
	}
	return page{template: "routes", title: "Routes", data: l, text: routesText(l)}
}

// A drawn page is a graph with what is said of it.
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

// graph shows a route's own graph, or the whole one.
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

// A search is the answer to which request leads to a status.
type search struct {
	Route    string        `json:"route"`
	Method   string        `json:"method"`
	Status   decision.ID   `json:"status"`
	Way      []step        `json:"way"`      // none: no edge of the graph leads there
	At       decision.ID   `json:"-"`        // the way is by this row; 0: by any
	Ends     []decision.ID `json:"ends"`     // the rows that lead there
	Statuses []decision.ID `json:"statuses"` // that edges lead to
	Drawing  template.HTML `json:"-"`
}

func (d *Debugger) find(r *http.Request) page {
	q := r.URL.Query()
	v := search{Route: q.Get("route"), Method: q.Get("method"), Way: []step{}}
	g := d.graphOf(v.Route, v.Method)
	if g == nil {
		return missing("There is no such route.")
	}
	n, err := strconv.Atoi(q.Get("status"))
	if v.Status = decision.ID(n); err != nil || n < 100 || n > 599 {
		return problem(http.StatusBadRequest, "status is a number, as in 304.")
	}
	if at := q.Get("at"); at != "" && v.At.UnmarshalText([]byte(at)) != nil {
		return problem(http.StatusBadRequest, "at is the name of a decision, as in K13.")
	}
	v.Statuses, v.Ends = statuses(g), before(g, v.Status)
	t := &decision.Trace{Status: n}
	if way := wayTo(g, v.At, v.Status); way != nil {
		v.Way = way
	}
	for _, s := range v.Way {
		t.Visits = append(t.Visits, decision.Visit{ID: s.ID, Label: s.Label, Answer: s.Answer, Why: s.How})
	}
	if v.Drawing, err = d.drawings.svg(g, t); err != nil {
		return problem(http.StatusInternalServerError, err.Error())
	}
	title := strings.TrimSpace(cmp.Or(v.Method, "other methods")+" "+v.Route) + " to " + v.Status.String()
	return page{template: "find", title: title, data: v, text: findText(v)}
}

// A coverageView is which edges were walked.
type coverageView struct {
	Route     string        `json:"route,omitempty"` // "" for all
	Exchanges int           `json:"exchanges"`
	Walked    int           `json:"walked"`   // edges, of those that some route asks
	Possible  int           `json:"possible"` // such edges
	Edges     []edgeCount   `json:"edges"`
	Routes    []string      `json:"-"`
	Drawing   template.HTML `json:"-"`
}

// count tells which edges the routes ask, and how many of them were walked.
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

// coverage shows what was walked in the whole graph, on all routes or on one.
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
	// The drawing takes what is lit for one path.
	v.Drawing = template.HTML(strings.ReplaceAll(string(drawing), "a path without an end", "what was walked"))
	return page{template: "coverage", title: "Coverage", data: v, text: coverageText(v)}
}
