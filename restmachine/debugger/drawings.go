package debugger

import (
	"bytes"
	"html/template"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/decision"
)

// This file keeps the drawings of graphs, since laying one out takes some tens
// of milliseconds.

// drawings are by the graph that they show: routes that are decided alike share
// one.
type drawings struct {
	mu sync.Mutex
	by map[string]*decision.Drawing
}

// maxDrawings is how many are kept. An App with more kinds of routes draws some
// anew.
const maxDrawings = 64

// svg draws a graph with a trace lit, for a page to take in. All text in it is
// escaped by decision.
func (d *drawings) svg(g decision.Graph, t *decision.Trace) (template.HTML, error) {
	drawing, err := d.of(g)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := drawing.SVG(&b, t); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

func (d *drawings) of(g decision.Graph) (*decision.Drawing, error) {
	key := keyOf(g)
	d.mu.Lock()
	defer d.mu.Unlock() // who comes meanwhile wants the same
	if made := d.by[key]; made != nil {
		return made, nil
	}
	made, err := g.Draw()
	if err != nil {
		return nil, err
	}
	if d.by == nil || len(d.by) >= maxDrawings {
		d.by = map[string]*decision.Drawing{}
	}
	d.by[key] = made
	return made, nil
}

// keyOf tells graphs apart: their rows and edges, in order.
func keyOf(g decision.Graph) string {
	var b strings.Builder
	for id, row := range g.All() {
		b.WriteString(id.String() + " " + row.Yes.String() + " " + row.No.String() + ";")
	}
	return b.String()
}
