// This file lays out a graph as a drawing. A graph comes in. Out come a box for each
// row, placed by its coordinates, a small box beside it for each status, and the
// edges between them. The other draw files route the edges and write the drawing.

package decision

import (
	"cmp"
	"errors"
	"maps"
	"slices"
)

//go:generate go run ./internal/drawgraph ../docs/graph.svg

// A Drawing is a [Graph] laid out by [Graph.Draw]. It is immutable and safe for
// concurrent use.
type Drawing struct {
	graph  Graph
	nodes  []node
	ends   []end
	edges  []edge
	rulers []ruler
	size   point
}

// The measures of a drawing, in pixels. A channel separates two columns or two
// lines. A channel holds tracks, and edges run on tracks. The first track leaves room
// for the yes or no at the beginning of an edge.
const (
	boxWidth, boxHeight = 144, 46 // of the box of a row
	endWidth, endHeight = 32, 16  // of the box of a status
	channelX, channelY  = 74, 42
	clearX, clearY      = 22, 15
	trackGap            = 8
	marginX             = 40 + 2*channelX // the ruler, and a channel with room to go around statuses
	marginY             = 75 + channelY   // title, legend, ruler and a channel
	legendWidth         = 190             // of one entry
	noteHeight          = 16              // below the last line of rows
)

// A node is a row in the drawing.
type node struct {
	id  ID
	row Row
	box rect
}

// An end is a status in the drawing: there is one for each row that leads to the
// status. An end can also be the mark where walks begin.
type end struct {
	row    ID
	status ID // 0 for the mark
	box    rect
}

// An edge runs from the border of one box to the border of another box.
type edge struct {
	from, to ID     // from is 0 for the mark where walks begin
	answer   string // yes, no, or any if both answers lead there
	path     []point
}

// A ruler names a column or a line.
type ruler struct {
	at   point
	name string
}

// Draw lays out the graph: columns from left to right, rows from top to bottom, and
// sub-rows below their row. A column or row that the graph does not use does not take
// space. Edges are right-angled and run between the boxes. Edges that lead to the
// same row share tracks. Edges that lead to different rows share a track only if
// there is no other path. Draw takes some tens of milliseconds. One drawing can be
// written many times.
//
// Draw does not draw a graph with faults that would keep a walk from ending. It
// returns all these faults, joined.
func (g Graph) Draw() (*Drawing, error) {
	order, faults := g.order()
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	d := &Drawing{graph: maps.Clone(g)}
	columns, lines := d.place(order)
	d.placeEnds()
	d.connectEnds()
	d.connect(newLattice(d, columns, lines))
	return d, nil
}

// place puts the rows at their coordinates. It returns the positions where columns
// and lines begin. The last position of each is that of one more column or line.
func (d *Drawing) place(order []ID) (columns, lines []int) {
	cols, rows := map[int]int{}, map[int]int{} // where each begins
	for _, id := range order {
		cols[id.column()], rows[id.line()] = 0, 0
	}
	x, y := marginX, marginY
	for _, c := range slices.Sorted(maps.Keys(cols)) {
		cols[c] = x
		columns = append(columns, x)
		d.rulers = append(d.rulers, ruler{point{x + boxWidth/2, marginY - channelY}, string(rune(c))})
		x += boxWidth + channelX
	}
	for _, r := range slices.Sorted(maps.Keys(rows)) {
		rows[r] = y
		lines = append(lines, y)
		d.rulers = append(d.rulers, ruler{point{20, y + boxHeight/2 + 4}, ID('A'<<colBits + r).String()[1:]})
		y += boxHeight + channelY
	}
	for _, id := range order {
		x, y := cols[id.column()], rows[id.line()]
		d.nodes = append(d.nodes, node{id, d.graph[id], rect{x, y, x + boxWidth, y + boxHeight}})
	}
	d.size = point{max(x, clearX+legendWidth*len(d.graph.legend())), y + noteHeight}
	return append(columns, x), append(lines, y)
}

// column and line are the two parts of a coordinate. A line is a row and a sub-row.
func (id ID) column() int { return int(id >> colBits) }
func (id ID) line() int   { return int(id) & (1<<colBits - 1) }

// placeEnds puts the statuses of each row beside the row. It puts the mark where
// walks begin beside each row that no edge leads to.
func (d *Drawing) placeEnds() {
	entered := map[ID]bool{}
	for _, n := range d.nodes {
		entered[n.row.Yes], entered[n.row.No] = true, true
	}
	for _, n := range d.nodes {
		for _, to := range n.row.targets() {
			if to.IsStatus() {
				d.placeEnd(n, to)
			}
		}
		if !entered[n.id] {
			d.placeEnd(n, 0)
		}
	}
}

// placeEnd puts a status at a free side of the row. It takes the side with the fewest
// neighbours, where the status is least in the way of edges.
func (d *Drawing) placeEnd(n node, status ID) {
	neighbours := map[side]int{}
	for _, o := range d.nodes {
		if slices.Contains(o.row.targets(), n.id) || slices.Contains(n.row.targets(), o.id) {
			neighbours[n.box.towards(o.box)]++
		}
	}
	sides := []side{right, left, below, above}
	slices.SortStableFunc(sides, func(a, b side) int { return cmp.Compare(neighbours[a], neighbours[b]) })
	var taken []rect
	for _, o := range d.nodes {
		taken = append(taken, o.box)
	}
	for _, e := range d.ends {
		taken = append(taken, e.box)
	}
	free := func(s side) bool {
		return !slices.ContainsFunc(taken, n.box.beside(s).grown(trackGap).overlaps)
	}
	i := slices.IndexFunc(sides, free)
	if i < 0 { // No side is free: only the boxes themselves must not hide each other.
		i = slices.IndexFunc(sides, func(s side) bool { return !slices.Contains(taken, n.box.beside(s)) })
	}
	d.ends = append(d.ends, end{n.id, status, n.box.beside(sides[i])})
}

// connectEnds draws the short straight edges to the statuses beside the rows.
func (d *Drawing) connectEnds() {
	for _, e := range d.ends {
		box := d.nodes[slices.IndexFunc(d.nodes, func(n node) bool { return n.id == e.row })].box
		path := []point{box.nearest(e.box.center()), e.box.nearest(box.center())}
		if e.status == 0 {
			slices.Reverse(path)
			d.edges = append(d.edges, edge{to: e.row, path: path})
		} else {
			d.edges = append(d.edges, edge{e.row, e.status, d.graph[e.row].answer(e.status), path})
		}
	}
}

// connect routes the edges between rows. It begins with the short edges, which bend
// least.
func (d *Drawing) connect(l *lattice) {
	boxes := make(map[ID]rect, len(d.nodes))
	var edges []edge
	for _, n := range d.nodes {
		boxes[n.id] = n.box
		for _, to := range n.row.targets() {
			if !to.IsStatus() {
				edges = append(edges, edge{from: n.id, to: to, answer: n.row.answer(to)})
			}
		}
	}
	length := func(e edge) int { return boxes[e.from].distance(boxes[e.to].center()) }
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(length(a), length(b)) })
	for _, e := range edges {
		e.path = l.route(boxes[e.from], boxes[e.to], e.to)
		d.edges = append(d.edges, e)
	}
}

// targets returns the targets of the row, each once.
func (r Row) targets() []ID {
	if r.Yes == r.No {
		return []ID{r.Yes}
	}
	return []ID{r.Yes, r.No}
}

// answer returns the answer that leads to the target, in words.
func (r Row) answer(to ID) string {
	switch {
	case r.Yes == r.No:
		return "any"
	case r.Yes == to:
		return "yes"
	default:
		return "no"
	}
}
