// This file holds the geometry that drawings need: points, rectangles and their
// sides, in pixels. Coordinates come in, and distances, directions and boxes go out.

package decision

// A point is in pixels. y grows downwards.
type point struct{ x, y int }

// moved returns the point that lies by pixels further in the given direction.
func (p point) moved(to side, by int) point {
	switch to {
	case right:
		p.x += by
	case left:
		p.x -= by
	case below:
		p.y += by
	case above:
		p.y -= by
	}
	return p
}

// towards returns the direction of another point on the same line.
func (p point) towards(o point) side { return p.rect().towards(o.rect()) }

// distance returns the distance along right angles.
func (p point) distance(o point) int { return p.rect().distance(o) }

func (p point) rect() rect { return rect{p.x, p.y, p.x, p.y} }

// A rect holds the points from (x0, y0) to (x1, y1).
type rect struct{ x0, y0, x1, y1 int }

// A side is a side of a box, and the direction in which an edge leaves there.
type side int

const (
	right side = iota
	below
	left
	above
)

// opposite returns the opposite side. It is also the direction in which an edge
// arrives at s.
func (s side) opposite() side { return (s + 2) % 4 }

// horizontal reports whether edges that leave at the side run horizontally.
func (s side) horizontal() bool { return s == right || s == left }

// spanned returns the rectangle between two points.
func spanned(a, b point) rect {
	return rect{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}
}

// room returns the space, in pixels, that a yes or no has at the side.
func room(s side) int {
	if s.horizontal() {
		return clearX
	}
	return clearY
}

func (r rect) overlaps(o rect) bool {
	return r.x0 < o.x1 && o.x0 < r.x1 && r.y0 < o.y1 && o.y0 < r.y1
}

func (r rect) contains(p point) bool {
	return r.x0 <= p.x && p.x <= r.x1 && r.y0 <= p.y && p.y <= r.y1
}

// grown returns the rectangle with a margin on all sides.
func (r rect) grown(by int) rect { return rect{r.x0 - by, r.y0 - by, r.x1 + by, r.y1 + by} }

func (r rect) center() point { return point{(r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2} }

// distance returns the distance from the rectangle to the point, along right angles.
func (r rect) distance(p point) int {
	return max(r.x0-p.x, 0, p.x-r.x1) + max(r.y0-p.y, 0, p.y-r.y1)
}

// towards returns the side of r that faces o. Columns count before lines.
func (r rect) towards(o rect) side {
	switch {
	case o.x0 > r.x0:
		return right
	case o.x0 < r.x0:
		return left
	case o.y0 > r.y0:
		return below
	default:
		return above
	}
}

// nearest returns the point of the rectangle that is nearest to p.
func (r rect) nearest(p point) point {
	return point{min(max(p.x, r.x0), r.x1), min(max(p.y, r.y0), r.y1)}
}

// beside returns the box of a status at the given side of a row.
func (r rect) beside(s side) rect {
	c := r.center()
	switch s {
	case right:
		c.x = r.x1 + clearX + endWidth/2
	case left:
		c.x = r.x0 - clearX - endWidth/2
	case below:
		c.y = r.y1 + clearY + endHeight/2
	case above:
		c.y = r.y0 - clearY - endHeight/2
	}
	return rect{c.x - endWidth/2, c.y - endHeight/2, c.x + endWidth/2, c.y + endHeight/2}
}
