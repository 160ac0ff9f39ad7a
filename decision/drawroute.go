// Edges find their way on a lattice of tracks: the cheapest, where bends and
// crossings cost like detours, and where edges that lead to one place share what
// they can.

package decision

import (
	"container/heap"
	"slices"
)

// What a way costs. A shared pixel costs half.
const (
	costPixel  = 2
	costShared = 1
	costBend   = 60
	costCross  = 50
	costAside  = 70   // begins or ends at a side, but not in its middle
	costMark   = 400  // across the yes or no of an edge to elsewhere, or with the own one there
	costClash  = 4000 // at each spot along an edge to elsewhere, or on a status
)

// A lattice is made of the tracks, and of three lines across each box, by which
// edges begin and end. A spot is where two of them meet.
type lattice struct {
	xs, ys  []int
	taken   []use     // by spot
	reached []reached // by state, for the search at hand; behind the last one is the goal
}

// A use says what a spot is used for.
type use struct {
	row     bool  // no edge may pass
	end     bool  // of a status, or of the edge to it; only in a crowd is there no other way
	marked  bool  // a yes or no is written there
	leadsTo [2]ID // where the edges lead that pass horizontally (0) or vertically (1)
}

// newLattice returns that of the drawing, whose columns and lines begin there.
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

// tracks returns the coordinates of the lattice in one direction: the tracks of
// the channel before each box (before the first, of two), and a quarter, a half
// and three quarters of the box.
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

// step returns the next spot in that direction.
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

// A port is the spot outside a box by which edges leave it in a direction, or
// come in by the opposite one.
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

// A state of a search is a spot, arrived at in a direction.
type state int

func at(spot int, to side) state { return state(spot*4 + int(to)) }

func (s state) spot() int  { return int(s / 4) }
func (s state) side() side { return side(s % 4) }

// axis is the index into [use.leadsTo].
func (s state) axis() int { return int(s % 2) }

// A search is for the cheapest way to a box (A*).
type search struct {
	*lattice
	target  rect
	leadsTo ID
	open    frontier
}

// A reached state is so by the state before it, at a cost; 0 is not reached.
type reached struct {
	cost   int
	before state
}

// route finds a way between the boxes, takes the spots on it, and returns where
// it begins, bends and ends. There is always one: no row fills a channel.
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
	for { // until the goal is the cheapest of all that are open
		now := heap.Pop(&s.open).(candidate)
		if now.state == goal {
			return s.take(from, goal)
		}
		if now.cost > s.reached[now.state].cost {
			continue // a cheaper way was found since
		}
		if cost, ok := ends[now.state]; ok {
			s.reach(goal, now.state, now.cost+cost)
		}
		s.expand(now)
	}
}

// leave begins a way by the port, and bends only where there is room for a yes
// or no.
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

// expand goes one spot on, and turns on the spot.
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

// clash returns the cost of using a spot along an edge that leads elsewhere, or
// on a status.
func (s *search) clash(spot, axis int) int {
	u := s.taken[spot]
	if other := u.leadsTo[axis]; u.end || other != 0 && other != s.leadsTo {
		return costClash
	}
	return 0
}

// reach notes a way to the state, unless there is one as cheap.
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

// take takes the spots of the way to the goal, and returns its points.
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

// mark takes the spots between the box and the first of the way.
func (s *search) mark(from rect, first state) {
	for spot := first.spot(); !from.contains(s.point(spot)); spot, _ = s.step(spot, first.side().opposite()) {
		s.taken[spot].marked = true
		s.taken[spot].leadsTo[first.axis()] = s.leadsTo
	}
}

// A candidate is a state to go on from; guess adds the least that the rest of
// the way can cost.
type candidate struct {
	state       state
	cost, guess int
}

// A frontier is a heap of candidates. Ties are broken by state, so that drawings
// are the same each time.
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
