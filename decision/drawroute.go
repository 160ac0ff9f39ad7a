// This file routes the edges of a drawing on a lattice of tracks. The boxes of two
// rows come in, the points of the cheapest path between them go out. Bends and
// crossings have a cost, as detours do. Edges that lead to one place share tracks.

package decision

import (
	"container/heap"
	"slices"
)

// The costs of a path. A pixel that edges to the same place share costs half.
const (
	costPixel  = 2
	costShared = 1
	costBend   = 60
	costCross  = 50
	costAside  = 70   // the path begins or ends at a side, but not in its middle
	costMark   = 400  // the path crosses the yes or no of another edge, or its own would stand on one
	costClash  = 4000 // for each spot along an edge that leads elsewhere, or on a status
)

// A lattice consists of the tracks and of three lines across each box. Edges begin
// and end on these three lines. A spot is the point where two lines meet.
type lattice struct {
	xs, ys  []int
	taken   []use     // by spot
	reached []reached // by state, for the current search; the last element is the goal
}

// A use says what occupies a spot.
type use struct {
	row     bool  // a row: no edge may pass
	end     bool  // a status or the edge to it: an edge passes only if there is no other path
	marked  bool  // a yes or no
	leadsTo [2]ID // the targets of the edges that pass horizontally (0) and vertically (1)
}

// newLattice returns the lattice of the drawing. Columns and lines begin at the given
// positions.
func newLattice(d *Drawing, columns, lines []int) *lattice {
	l := &lattice{
		xs: tracks(columns, boxWidth, channelX, clearX),
		ys: tracks(lines, boxHeight, channelY, clearY),
	}
	l.taken = make([]use, len(l.xs)*len(l.ys))
	l.reached = make([]reached, 4*len(l.taken)+1)
	for _, n := range d.nodes {
		for _, spot := range l.within(n.box) {
			l.taken[spot].row = true
		}
	}
	for i, e := range d.ends {
		a, b := d.edges[i].path[0], d.edges[i].path[1]
		for _, spot := range append(l.within(e.box.grown(trackGap/2)), l.within(spanned(a, b).grown(trackGap/2))...) {
			l.taken[spot].end = true
		}
	}
	return l
}

// within returns the spots in the rectangle.
func (l *lattice) within(r rect) (spots []int) {
	x0, _ := slices.BinarySearch(l.xs, r.x0)
	x1, _ := slices.BinarySearch(l.xs, r.x1+1)
	y0, _ := slices.BinarySearch(l.ys, r.y0)
	y1, _ := slices.BinarySearch(l.ys, r.y1+1)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			spots = append(spots, x+y*len(l.xs))
		}
	}
	return spots
}

// tracks returns the coordinates of the lattice in one direction: the tracks of the
// channel before each box, and a quarter, a half and three quarters of the box. The
// first box has two channels before it.
func tracks(starts []int, size, channel, clear int) (at []int) {
	for i, start := range starts {
		first := start - channel + clear
		if i == 0 {
			first -= channel
		}
		for x := first; x <= start-clear/2; x += trackGap {
			at = append(at, x)
		}
		if i < len(starts)-1 {
			at = append(at, start+size/4, start+size/2, start+size-size/4)
		}
	}
	return at
}

func (l *lattice) point(spot int) point { return point{l.xs[spot%len(l.xs)], l.ys[spot/len(l.xs)]} }

// step returns the next spot in the given direction.
func (l *lattice) step(spot int, to side) (next int, ok bool) {
	width := len(l.xs)
	switch to {
	case right:
		return spot + 1, spot%width < width-1
	case left:
		return spot - 1, spot%width > 0
	case below:
		return spot + width, spot+width < len(l.taken)
	default:
		return spot - width, spot >= width
	}
}

// A port is a spot outside a box, and a direction. Edges leave the box there in this
// direction, and arrive there in the opposite direction.
type port struct {
	state state
	cost  int
}

func (l *lattice) ports(box rect) (ports []port) {
	x0, _ := slices.BinarySearch(l.xs, box.x0)
	x1, _ := slices.BinarySearch(l.xs, box.x1)
	y0, _ := slices.BinarySearch(l.ys, box.y0)
	y1, _ := slices.BinarySearch(l.ys, box.y1)
	add := func(x, y int, out side, cost int) {
		ports = append(ports, port{at(x+y*len(l.xs), out), cost})
	}
	for i, cost := range []int{costAside, 0, costAside} {
		add(x1, y0+i, right, cost)
		add(x0-1, y0+i, left, cost)
		add(x0+i, y1, below, cost)
		add(x0+i, y0-1, above, cost)
	}
	return ports
}

// A state of a search is a spot and the direction of arrival.
type state int

func at(spot int, to side) state { return state(spot*4 + int(to)) }

func (s state) spot() int  { return int(s / 4) }
func (s state) side() side { return side(s % 4) }

// axis is the index into [use.leadsTo].
func (s state) axis() int { return int(s % 2) }

// A search finds the cheapest path to a box. The algorithm is A*.
type search struct {
	*lattice
	target  rect
	leadsTo ID
	open    frontier
}

// reached holds the cheapest known cost of a state, and the state before it. A cost
// of 0 means that the state is not reached yet.
type reached struct {
	cost   int
	before state
}

// route finds a path between the boxes and marks its spots as taken. It returns the
// points where the path begins, bends and ends. There is always a path, because rows
// never fill a channel.
func (l *lattice) route(from, to rect, leadsTo ID) []point {
	goal := state(4 * len(l.taken))
	clear(l.reached)
	s := &search{lattice: l, target: to, leadsTo: leadsTo}
	for _, p := range l.ports(from) {
		s.leave(from, p, goal)
	}
	ends := map[state]int{}
	for _, p := range l.ports(to) {
		ends[at(p.state.spot(), p.state.side().opposite())] = p.cost
	}
	for { // until the goal is the cheapest open candidate
		now := heap.Pop(&s.open).(candidate)
		if now.state == goal {
			return s.take(from, goal)
		}
		if now.cost > s.reached[now.state].cost {
			continue // a cheaper path was found since
		}
		if cost, ok := ends[now.state]; ok {
			s.reach(goal, now.state, now.cost+cost)
		}
		s.expand(now)
	}
}

// leave begins a path at the port. The path may bend only after there is room for a
// yes or no.
func (s *search) leave(from rect, p port, goal state) {
	spot, axis, cost := p.state.spot(), p.state.axis(), 1+p.cost
	for ok := true; ok && !s.taken[spot].row; spot, ok = s.step(spot, p.state.side()) {
		cost += s.clash(spot, axis)
		if s.taken[spot].leadsTo[1-axis] != 0 {
			cost += costMark
		}
		if from.distance(s.point(spot)) >= room(p.state.side()) {
			s.reach(at(spot, p.state.side()), goal, cost)
			return
		}
	}
}

// expand goes on to the next spot, and turns left and right at this spot.
func (s *search) expand(now candidate) {
	spot, to := now.state.spot(), now.state.side()
	if next, ok := s.step(spot, to); ok && !s.taken[next].row {
		axis := now.state.axis()
		length := s.point(spot).distance(s.point(next))
		cost := length * costPixel
		if s.taken[spot].leadsTo[axis] == s.leadsTo && s.taken[next].leadsTo[axis] == s.leadsTo {
			cost = length * costShared
		}
		if u := s.taken[next]; u.marked && u.leadsTo[axis] != s.leadsTo {
			cost += costMark
		} else if other := u.leadsTo[1-axis]; other != 0 && other != s.leadsTo {
			cost += costCross
		}
		s.reach(at(next, to), now.state, now.cost+cost+s.clash(next, axis))
	}
	bend := now.cost + costBend + s.clash(spot, 1-now.state.axis())
	s.reach(at(spot, (to+1)%4), now.state, bend)
	s.reach(at(spot, (to+3)%4), now.state, bend)
}

// clash returns the cost of a spot that lies on a status or along an edge that leads
// elsewhere.
func (s *search) clash(spot, axis int) int {
	u := s.taken[spot]
	if other := u.leadsTo[axis]; u.end || other != 0 && other != s.leadsTo {
		return costClash
	}
	return 0
}

// reach notes a path to the state, unless a known path is as cheap.
func (s *search) reach(next, before state, cost int) {
	if r := &s.reached[next]; r.cost == 0 || cost < r.cost {
		*r = reached{cost, before}
		rest := 0
		if next.spot() < len(s.taken) {
			rest = s.target.distance(s.point(next.spot())) * costShared
		}
		heap.Push(&s.open, candidate{next, cost, cost + rest})
	}
}

// take marks the spots of the path to the goal as taken, and returns its points.
func (s *search) take(from rect, goal state) []point {
	var way []state
	for st := s.reached[goal].before; st != goal; st = s.reached[st].before {
		s.taken[st.spot()].leadsTo[st.axis()] = s.leadsTo
		way = append(way, st)
	}
	slices.Reverse(way)
	s.mark(from, way[0])
	path := []point{from.nearest(s.point(way[0].spot()))}
	for i, st := range way[1:] {
		if st.side() != way[i].side() {
			path = append(path, s.point(st.spot()))
		}
	}
	return append(path, s.target.nearest(s.point(way[len(way)-1].spot())))
}

// mark marks the spots between the box and the first spot of the path as taken.
func (s *search) mark(from rect, first state) {
	for spot := first.spot(); !from.contains(s.point(spot)); spot, _ = s.step(spot, first.side().opposite()) {
		s.taken[spot].marked = true
		s.taken[spot].leadsTo[first.axis()] = s.leadsTo
	}
}

// A candidate is a state from which the search can go on. Its guess is its cost and
// the lowest possible cost of the rest of the path.
type candidate struct {
	state       state
	cost, guess int
}

// A frontier is a heap of candidates. The state breaks ties, so the same graph always
// gives the same drawing.
type frontier []candidate

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(i, j int) bool {
	if f[i].guess != f[j].guess {
		return f[i].guess < f[j].guess
	}
	return f[i].state < f[j].state
}
func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any)   { *f = append(*f, x.(candidate)) }
func (f *frontier) Pop() any {
	last := len(*f) - 1
	x := (*f)[last]
	*f = (*f)[:last]
	return x
}
