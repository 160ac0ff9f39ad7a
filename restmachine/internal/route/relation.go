// This file compares patterns segment by segment. Two patterns come in. What goes out says
// whether one begins like the other, or covers it. The names of parameters do not matter.

package route

// begins reports whether q begins with the first n segments of p: literals with the same
// literal, parameters with a parameter. A literal in the place of a parameter is another
// path.
func (q Pattern) begins(p Pattern, n int) bool {
	if len(q.segments) < n {
		return false
	}
	for i := range n {
		if q.segments[i].shape != p.segments[i].shape {
			return false
		}
	}
	return true
}

// IsBelow reports whether q begins with the whole of p.
func (q Pattern) IsBelow(p Pattern) bool { return q.begins(p, len(p.segments)) }

// SharesRecord reports whether q begins with the same as p up to p's last parameter: what
// that parameter names is then named by q, too. Without a parameter p shares nothing.
func (q Pattern) SharesRecord(p Pattern) bool {
	return len(p.at) > 0 && q.begins(p, p.at[len(p.at)-1]+1)
}

// Covers reports whether q takes the rest of a path, and p has a parameter in that rest:
// the paths below q have those of p among them. A parameter of q covers a literal of p, too.
func (q Pattern) Covers(p Pattern) bool {
	last := len(q.segments) - 1
	if q.segments[last].kind != rest || len(p.at) == 0 || p.at[len(p.at)-1] < last || len(p.segments) <= last {
		return false
	}
	for i, s := range q.segments[:last] {
		if s.kind == literal && s.shape != p.segments[i].shape || p.segments[i].kind == rest {
			return false
		}
	}
	return true
}

// TakesPlaceOf reports whether q takes the rest of a path from where p's last parameter
// stands: "/projects/{any...}" takes what "/projects/{p}" begins, as far as nothing else does.
func (q Pattern) TakesPlaceOf(p Pattern) bool {
	last := len(q.segments) - 1
	return q.segments[last].kind == rest && len(p.at) > 0 && p.at[len(p.at)-1] == last && q.begins(p, last)
}
