// This file draws the way of a request through the graph. The fragment of a link comes in, and
// SVG for the page goes out.

package play

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// How much of the graph is drawn.
const (
	FromResource = "resource" // of the route, from the row on at which the resource is asked for
	OfRoute      = "route"    // what is left to decide on the route
	Whole        = "whole"
)

// Draw draws as much of the graph as extent says, with the way of the request in it. A request
// that no route serves is drawn in the whole graph. A way that ends before the resource is asked
// for is drawn in the graph of the route.
func Draw(link, extent string) (string, error) {
	s, err := Parse(link)
	if err != nil {
		return "", err
	}
	app := newApp(s, slog.New(slog.DiscardHandler))
	_, trace := app.Explain(s.request())
	g := decision.HTTP
	if extent != Whole {
		g = s.graph(app)
	}
	if extent == FromResource {
		g = fromResource(g, trace)
	}
	drawing, err := kept(g)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = drawing.SVG(&b, &trace)
	return b.String(), err
}

// fromResource leaves out the rows of a graph that a way passed before it came to the resource: the
// checks of the request, and the negotiation. They are the columns up to F.
func fromResource(g decision.Graph, t decision.Trace) decision.Graph {
	if len(t.Visits) == 0 || t.Visits[len(t.Visits)-1].ID.Column() < 'G' {
		return g
	}
	passed := map[decision.ID]decision.Answer{}
	for _, v := range t.Visits {
		if v.ID.Column() < 'G' {
			passed[v.ID] = v.Answer
		}
	}
	if part := without(g, passed); len(part) > 0 {
		return part
	}
	return g
}

// graph is what is left to decide for the request, or the whole graph where that is unknown.
func (s State) graph(app *restmachine.App) decision.Graph {
	routes, _ := app.Routes()
	path, _, _ := strings.Cut(s.Path, "?")
	id, isNote := strings.CutPrefix(path, "/notes/")
	var other decision.Graph
	for _, r := range routes {
		switch {
		case !isNote || id == "" || strings.Contains(id, "/"):
		case r.Method == s.Method, r.Method == "GET" && s.Method == "HEAD":
			return r.Graph
		case r.Method == "":
			other = r.Graph
		}
	}
	if len(other) > 0 {
		return other
	}
	return decision.HTTP
}

// drawings keeps the layouts of graphs: each takes some tens of milliseconds.
var drawings struct {
	sync.Mutex
	by map[string]*decision.Drawing
}

// maxDrawings is the highest number of layouts that are kept.
const maxDrawings = 32

// kept returns the layout of a graph.
func kept(g decision.Graph) (*decision.Drawing, error) {
	var key strings.Builder
	for id, row := range g.All() {
		fmt.Fprint(&key, id, row.Yes, row.No)
	}
	drawings.Lock()
	defer drawings.Unlock()
	if d := drawings.by[key.String()]; d != nil {
		return d, nil
	}
	d, err := g.Draw()
	if err != nil {
		return nil, err
	}
	if drawings.by == nil || len(drawings.by) >= maxDrawings {
		drawings.by = map[string]*decision.Drawing{}
	}
	drawings.by[key.String()] = d
	return d, nil
}
