// This file writes a drawing as SVG. A drawing and perhaps a trace come in, SVG goes
// out. The drawing itself was laid out by draw.go.

package decision

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// SVG writes the drawing. With a trace, its path is highlighted. Rows and edges that
// were asked have the class lit. Rows and edges that were settled and not asked have
// the class dim. The status at which the walk ended has the class last. The title of
// each row tells the reason. A trace of several turns highlights all of them.
//
// A row has an id like n-G7, an edge e-G7-G8, the status at its end s-G11-412. A page
// can find them by these ids. The same drawing and trace write the same bytes. Text
// is escaped.
func (d *Drawing) SVG(w io.Writer, t *Trace) error {
	s := &svg{Drawing: d, light: d.graph.light(t)}
	s.open(t)
	// Highlighted edges are drawn over the others.
	edges := slices.Clone(d.edges)
	slices.SortStableFunc(edges, func(a, b edge) int {
		return len(s.light.edge(a.from, a.to)) - len(s.light.edge(b.from, b.to))
	})
	for _, e := range edges {
		s.edge(e)
	}
	for _, n := range d.nodes {
		s.node(n)
	}
	for _, e := range d.ends {
		s.end(e)
	}
	s.printf("</svg>\n")
	_, err := w.Write(s.Bytes())
	return err
}

// An svg is an SVG document while it is written.
type svg struct {
	*Drawing
	*light
	bytes.Buffer
}

func (s *svg) printf(format string, args ...any) { fmt.Fprintf(&s.Buffer, format, args...) }

// open writes everything before the graph: title, style, legend and rulers.
func (s *svg) open(t *Trace) {
	class, title, note := "graph", "Decision graph", "Thick frames act, thin ones ask."
	if t != nil {
		class, title, note = "graph traced", title+": a path without an end", "Dashed: settled, not asked."
		if t.Status != 0 {
			title = fmt.Sprintf("Decision graph: the path to %d", t.Status)
		}
	}
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s">`+"\n",
		class, s.size.x, s.size.y, s.size.x, s.size.y, title)
	s.printf("<title>%s</title>\n<style>%s</style>\n", title, Style())
	s.printf(`<rect class="ground" width="%d" height="%d"/>`+"\n", s.size.x, s.size.y)
	s.printf(`<text class="heading" x="%d" y="32">%s</text>`+"\n", clearX, title)
	s.printf(`<text class="note" x="%d" y="%d">%s</text>`+"\n", clearX, s.size.y-noteHeight/2, note)
	for i, k := range s.Drawing.graph.legend() {
		x := clearX + i*legendWidth
		s.printf(`<rect class="%s" x="%d" y="44" width="14" height="14"/><text x="%d" y="56">%s</text>`+"\n",
			k.class, x, x+20, k.title)
	}
	for _, r := range s.rulers {
		s.printf(`<text class="ruler" x="%d" y="%d">%s</text>`+"\n", r.at.x, r.at.y, r.name)
	}
}

func (s *svg) edge(e edge) {
	s.printf(`<g id="e-%s-%s" class="%s">`, name(e.from), name(e.to), classes("edge", s.light.edge(e.from, e.to)))
	s.printf(`<title>%s</title><path d="%s"/>`, classes(name(e.from), e.answer, name(e.to)), rounded(e.path))
	if !e.to.IsStatus() {
		s.printf(`<path class="head" d="%s"/>`, head(e.path))
	}
	out := e.path[0].towards(e.path[1])
	mark := e.path[0].moved(out, room(out)/2)
	s.printf(`<text x="%d" y="%d">%s</text></g>`+"\n", mark.x, mark.y+3, e.answer)
}

func (s *svg) node(n node) {
	class := "node"
	if strings.HasSuffix(n.row.Label, "!") {
		class = "node act"
	}
	s.printf(`<g id="n-%v" class="%s"><title>%s</title>`, n.id, classes(class, s.light.row(n.id)), escape(s.light.title(n.id)))
	s.printf(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="5"/>`,
		classes("box", n.id.kind().class), n.box.x0, n.box.y0, boxWidth, boxHeight)
	s.printf(`<text class="id" x="%d" y="%d">%v</text>`, n.box.x0+7, n.box.y0+14, n.id)
	for i, line := range wrap(n.row.Label) {
		s.printf(`<text x="%d" y="%d">%s</text>`, n.box.x0+7, n.box.y0+27+13*i, escape(line))
	}
	s.printf("</g>\n")
	for i, status := range s.light.replies(n.id) {
		// Within the box of the row, the status is not in the way of edges.
		x, y := n.box.x1-endWidth*(i+1), n.box.y0
		s.end(end{n.id, status, rect{x, y, x + endWidth, y + endHeight}})
	}
}

func (s *svg) end(e end) {
	id, class := "s-"+name(e.row)+"-"+name(e.status), s.light.end(e.row, e.status)
	if e.status == 0 {
		id, class = "s-start-"+name(e.row), s.light.row(e.row)
	}
	c := e.box.center()
	s.printf(`<g id="%s" class="%s"><rect x="%d" y="%d" width="%d" height="%d" rx="8"/><text x="%d" y="%d">%s</text></g>`+"\n",
		id, classes("status", fmt.Sprintf("s%d", e.status/100), class), e.box.x0, e.box.y0, endWidth, endHeight, c.x, c.y+4, name(e.status))
}

// name returns the name of a row or a status. 0 is the mark where walks begin.
func name(id ID) string {
	if id == 0 {
		return "start"
	}
	return id.String()
}

// classes joins the names that are not empty.
func classes(names ...string) string {
	return strings.Join(slices.DeleteFunc(names, func(s string) bool { return s == "" }), " ")
}

// rounded returns the path with its corners cut off a little.
func rounded(path []point) string {
	const radius = 5
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", path[0].x, path[0].y)
	for i := 1; i < len(path)-1; i++ {
		p := path[i]
		in, out := p.towards(path[i-1]), p.towards(path[i+1])
		before := p.moved(in, min(radius, p.distance(path[i-1])/2))
		after := p.moved(out, min(radius, p.distance(path[i+1])/2))
		fmt.Fprintf(&b, "L%d %dQ%d %d %d %d", before.x, before.y, p.x, p.y, after.x, after.y)
	}
	last := path[len(path)-1]
	fmt.Fprintf(&b, "L%d %d", last.x, last.y)
	return b.String()
}

// head returns the arrow's head at the end of the path.
func head(path []point) string {
	const length, half = 8, 4
	tip := path[len(path)-1]
	back := tip.towards(path[len(path)-2])
	base := tip.moved(back, length)
	a, b := base.moved((back+1)%4, half), base.moved((back+3)%4, half)
	return fmt.Sprintf("M%d %dL%d %dL%d %dZ", tip.x, tip.y, a.x, a.y, b.x, b.y)
}
