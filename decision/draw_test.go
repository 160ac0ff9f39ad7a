// These tests hold every drawing to the rules of layout: boxes and edges do not
// hide each other.

package decision

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// drawings are graphs that strangers read. Each must keep every rule.
var drawings = sync.OnceValue(func() map[string]*Drawing {
	graphs := map[string]Graph{
		"HTTP": HTTP, "small": small, "empty": {},
		"one row":       {B13: {200, 503, "A?"}},
		"one answer":    {B13: {B12, B12, "A!"}, B12: {200, 200, "B!"}},
		"no known kind": {ID('Z'<<colBits + 31<<rowBits + 7): {200, 404, "A?"}},
	}
	rng := rand.New(rand.NewPCG(9110, 12))
	for i := range 40 {
		graphs[fmt.Sprintf("route %d", i)] = routeGraph(rng)
	}
	drawn := map[string]*Drawing{}
	for name, g := range graphs {
		d, err := g.Draw()
		if err != nil {
			panic(err)
		}
		drawn[name] = d
	}
	return drawn
})

// routeGraph returns what is left of HTTP if a random half of its rows is settled.
func routeGraph(rng *rand.Rand) Graph {
	p, err := Specialize(HTTP, []ID{Start, G7}, func(id ID) (Answer, Question[*request]) {
		if rng.IntN(2) == 0 {
			return fine.answer(id), nil
		}
		return No, ask(id)
	})
	if err != nil {
		panic(err)
	}
	return p.Graph()
}

// boxes returns the boxes of rows, statuses and marks, by name.
func (d *Drawing) boxes() map[string]rect {
	boxes := map[string]rect{}
	for _, n := range d.nodes {
		boxes[n.id.String()] = n.box
	}
	for _, e := range d.ends {
		boxes[e.row.String()+"-"+name(e.status)] = e.box
	}
	return boxes
}

func TestNoTwoBoxesOverlap(t *testing.T) {
	for drawing, d := range drawings() {
		boxes := d.boxes()
		for a, boxA := range boxes {
			assert.True(t, rect{0, 0, d.size.x, d.size.y}.contains(point{boxA.x0, boxA.y0}), "%s: %s", drawing, a)
			assert.True(t, rect{0, 0, d.size.x, d.size.y}.contains(point{boxA.x1, boxA.y1}), "%s: %s", drawing, a)
			for b, boxB := range boxes {
				assert.False(t, a != b && boxA.overlaps(boxB), "%s: %s and %s", drawing, a, b)
			}
		}
	}
}

func TestNoEdgeCrossesABox(t *testing.T) {
	for drawing, d := range drawings() {
		boxes := d.boxes()
		for _, e := range d.edges {
			for name, box := range boxes {
				for i, p := range e.path[1:] {
					// A rectangle without width overlaps the boxes that it runs
					// through. Edges begin and end at the border.
					assert.False(t, spanned(e.path[i], p).overlaps(box), "%s: %v-%v crosses %s", drawing, e.from, e.to, name)
				}
			}
		}
	}
}

// The drawing is the graph: it has each edge once, from one box to the other.
func TestEdgesJoinTheirBoxes(t *testing.T) {
	for drawing, d := range drawings() {
		boxes := d.boxes()
		drawn := map[[2]ID]int{}
		for _, e := range d.edges {
			from, to := boxes[e.from.String()], boxes[e.to.String()]
			if e.to.IsStatus() {
				to = boxes[e.from.String()+"-"+e.to.String()]
			}
			if e.from == 0 {
				from = boxes[e.to.String()+"-start"]
			} else {
				drawn[[2]ID{e.from, e.to}]++
			}
			assert.Zero(t, from.distance(e.path[0]), "%s: %v-%v", drawing, e.from, e.to)
			assert.Zero(t, to.distance(e.path[len(e.path)-1]), "%s: %v-%v", drawing, e.from, e.to)
			assertRightAngled(t, e)
		}
		want := map[[2]ID]int{}
		for id, row := range d.graph {
			want[[2]ID{id, row.Yes}], want[[2]ID{id, row.No}] = 1, 1
		}
		assert.Equal(t, want, drawn, drawing)
	}
}

func assertRightAngled(t *testing.T, e edge) {
	for i, p := range e.path[1:] {
		q := e.path[i]
		assert.True(t, p != q && (p.x == q.x || p.y == q.y), "%v-%v: %v to %v", e.from, e.to, q, p)
	}
}

// Edges that share a track lead to the same row. A reader who follows one edge
// arrives at the right row. Edges may cross.
func TestEdgesToDifferentRowsShareNoWay(t *testing.T) {
	for drawing, d := range drawings() {
		for i, a := range d.edges {
			for _, b := range d.edges[i+1:] {
				assert.False(t, a.to != b.to && shareWay(a.path, b.path), "%s: %v-%v and %v-%v", drawing, a.from, a.to, b.from, b.to)
			}
		}
	}
}

// shareWay reports whether parts of the paths touch and run in one direction.
func shareWay(a, b []point) bool {
	for i, p := range a[1:] {
		for j, q := range b[1:] {
			parallel := (a[i].x == p.x) == (b[j].x == q.x)
			if r, o := spanned(a[i], p), spanned(b[j], q); parallel && r.x0 <= o.x1 && o.x0 <= r.x1 && r.y0 <= o.y1 && o.y0 <= r.y1 {
				return true
			}
		}
	}
	return false
}

// Each yes and no stands on its own edge, and not on another edge.
func TestNoEdgeCrossesAnAnswer(t *testing.T) {
	for drawing, d := range drawings() {
		for i, e := range d.edges {
			out := e.path[0].towards(e.path[1])
			mark := spanned(e.path[0], e.path[0].moved(out, room(out)-4)).grown(3)
			for j, o := range d.edges {
				for k, p := range o.path[1:] {
					assert.False(t, i != j && spanned(o.path[k], p).overlaps(mark), "%s: %v-%v runs over the answer of %v-%v",
						drawing, o.from, o.to, e.from, e.to)
				}
			}
		}
	}
}

func TestNoLabelOfHTTPIsCut(t *testing.T) {
	for id, row := range HTTP {
		lines := wrap(row.Label)
		assert.Equal(t, row.Label, strings.Join(lines, " "), "%v", id)
		assert.LessOrEqual(t, len(lines), maxLines, "%v", id)
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		name, label string
		want        []string
	}{
		{"none", "", nil},
		{"one line", "If-Match?", []string{"If-Match?"}},
		{"two", "GET or HEAD with If-Modified-Since?", []string{"GET or HEAD with", "If-Modified-Since?"}},
		{"full lines", "precondition missing? precondition missing?", []string{"precondition missing?", "precondition missing?"}},
		{"too many", "precondition missing? precondition missing? Yes?", []string{"precondition missing?", "precondition missing?…"}},
		{"too long a word", strings.Repeat("ä", 30) + "?", []string{strings.Repeat("ä", 20) + "…"}},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, wrap(tt.label)) })
	}
}

// Every random graph is drawn, and edges do not run through rows.
func TestRandomGraphsAreDrawn(t *testing.T) {
	rng := rand.New(rand.NewPCG(9110, 15))
	for range 15 {
		g, _ := randomGraph(rng)
		d, err := g.Draw()
		require.NoError(t, err)
		for _, e := range d.edges {
			assertRightAngled(t, e)
			for _, n := range d.nodes {
				for i, p := range e.path[1:] {
					assert.False(t, spanned(e.path[i], p).overlaps(n.box), "%v: %v-%v crosses %v", g, e.from, e.to, n.id)
				}
			}
		}
	}
}

// In this crowd, rows stand alone, each with two statuses and a mark. There is not
// enough room for all. But a row hides neither its own statuses nor another row.
func TestCrowdIsDrawn(t *testing.T) {
	g := Graph{}
	for c := range ID(5) {
		for r := ID(1); r <= 8; r++ {
			g[('B'+c)<<colBits+r<<rowBits] = Row{200, 404, "Alone?"}
		}
	}
	g[B3] = Row{B4, C3, "Not alone?"}
	d, err := g.Draw()
	require.NoError(t, err)
	seen := map[ID][]rect{}
	for _, e := range d.ends {
		assert.NotContains(t, seen[e.row], e.box)
		seen[e.row] = append(seen[e.row], e.box)
		for _, n := range d.nodes {
			assert.False(t, n.box.overlaps(e.box))
		}
	}
	for id := range g {
		want := map[ID]int{B3: 1, B4: 2, C3: 2}[id]
		if want == 0 {
			want = 3
		}
		assert.Len(t, seen[id], want, "%v", id)
	}
}

func TestFaultyGraphIsNotDrawn(t *testing.T) {
	g := Graph{B13: {B12, 200, "A?"}, B12: {B13, C3, "B?"}}
	_, err := g.Draw()
	assert.ErrorContains(t, err, "cycle [B13 B12 B13]")
	assert.ErrorContains(t, err, "dangling edge B12-C3")
	assert.Equal(t, err, g.DOT(nil, nil))
	assert.Equal(t, err, g.Mermaid(nil, nil))
}

func BenchmarkDraw(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := HTTP.Draw(); err != nil {
			b.Fatal(err)
		}
	}
}
