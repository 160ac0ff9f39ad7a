// This file keeps drawings of graphs, because laying out a graph takes some tens of
// milliseconds. A graph and a trace come in, SVG for a page goes out.

package debugger

import (
	"bytes"
	"html/template"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/decision"
)

// drawings holds drawings by their graph. Routes with the same graph share a drawing.
type drawings struct {
	mu sync.Mutex
	by map[string]*decision.Drawing
}

// maxDrawings is the highest number of drawings that are kept. An App with more kinds of
// routes draws some of them again.
const maxDrawings = 64

// svg draws a graph and highlights a trace in it, for use in a page. Package decision
// escapes all text.
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
	defer d.mu.Unlock() // a concurrent caller probably wants the same drawing
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

// keyOf returns a text that differs between graphs: their rows and edges, in order.
func keyOf(g decision.Graph) string {
	var b strings.Builder
	for id, row := range g.All() {
		b.WriteString(id.String() + " " + row.Yes.String() + " " + row.No.String() + ";")
	}
	return b.String()
}
