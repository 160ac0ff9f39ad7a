// Package lockkey finds out which paths share the key of a lock. In come the patterns of
// paths, and which records their writes change. Out come how much of each path is its key,
// and the paths that change one record under different keys. Less formally: a key is
// the path up to its last parameter, or a shorter part of it that names the record.
package lockkey

import (
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// Says is what a path says about its key.
type Says uint8

// What can be said.
const (
	Nothing  Says = iota // the path is the key, or a part of it that it shares
	ByPath               // the path is the key, on purpose
	Function             // a function gives the key
)

// A Path is a path whose writes take a lock.
type Path struct {
	Says    Says
	Records []any // comparable: the records that its writes change, by what tells them apart
	Depth   int   // how many segments are the key

	own   []route.Segment // up to the last parameter
	shape []route.Segment // the same without the names of parameters
}

// New is a path with a key of its own: the path up to its last parameter and including it, or
// all of it where there is none.
func New(segments []route.Segment, says Says, records []any) *Path {
	p := &Path{Says: says, Records: records, own: segments}
	if last := lastParam(segments); last >= 0 {
		p.own = segments[:last+1]
	}
	p.shape, p.Depth = Nameless(p.own), len(p.own)
	return p
}

// IsOwn reports whether the key is the path's own, which is not shortened.
func (p *Path) IsOwn() bool { return p.Depth == len(p.own) }

// Params is how many parameters are in the key.
func (p *Path) Params() (n int) {
	for _, s := range p.own[:p.Depth] {
		if s.Param {
			n++
		}
	}
	return n
}

// A Conflict is paths that change one record under different keys.
type Conflict struct {
	Paths    []*Path
	Silent   []*Path // those of Paths that say nothing
	Function *Path   // one of Paths whose key a function gives, or nil
	Misnamed bool    // Paths have a key in common, but for the names of its parameters
}

// Share sets the Depth of paths that share a key, and finds those that should and cannot.
// Paths that change one record share the key that is a prefix of all of theirs, and so do,
// transitively, those that change one record with one of them. Paths whose own keys are equal
// exclude each other anyway, so where one gets another key, the others do, too.
func Share(paths []*Path) []Conflict {
	var all []Conflict
	for _, group := range groups(paths, func(p *Path) []any { return p.Records }) {
		if c := conflict(group); c != nil {
			all = append(all, *c)
		}
	}
	silent := slices.DeleteFunc(slices.Clone(paths), func(p *Path) bool { return p.Says != Nothing })
	for _, group := range groups(silent, func(p *Path) []any { return append(slices.Clip(p.Records), route.Join(p.shape)) }) {
		if depth := common(group, (*Path).nameless); depth > 0 {
			for _, p := range group {
				p.Depth = depth
			}
		}
	}
	return all
}

func (p *Path) named() []route.Segment    { return p.own }
func (p *Path) nameless() []route.Segment { return p.shape }

// conflict is the conflict in a group of paths that change one record; nil where there is
// none. Where no key is common, each path has to say its key. Where a function gives the key
// of one path, the path does not, so the others have to say theirs, too.
func conflict(group []*Path) *Conflict {
	c := &Conflict{Paths: group}
	for _, p := range group {
		switch p.Says {
		case Nothing:
			c.Silent = append(c.Silent, p)
		case Function:
			c.Function = p
		}
	}
	shared := common(group, (*Path).named) > 0
	if len(group) < 2 || len(c.Silent) == 0 || c.Function == nil && shared {
		return nil
	}
	c.Misnamed = !shared && common(group, (*Path).nameless) > 0
	return c
}

// common is the length of the longest key that is a prefix of all keys of a group: it ends
// with a parameter, or is the whole key of one path. 0: there is none, and all that is common
// is the name of a place, such as /api. Parameters of two names are two: {id} and {slug} do
// not name a record in one way.
func common(group []*Path, of func(*Path) []route.Segment) int {
	prefix := of(group[0])
	for _, p := range group[1:] {
		n, own := 0, of(p)
		for n < len(prefix) && n < len(own) && prefix[n] == own[n] {
			n++
		}
		prefix = prefix[:n]
	}
	if slices.ContainsFunc(group, func(p *Path) bool { return len(p.own) == len(prefix) }) {
		return len(prefix)
	}
	return lastParam(prefix) + 1
}

// groups are the groups of paths that have something in common, transitively, in the order of
// their first paths. of says what a path has.
func groups(all []*Path, of func(*Path) []any) [][]*Path {
	at := make([]int, len(all)) // the index of a path of the same group, by way of others the first one's
	find := func(i int) int {
		for at[i] != i {
			i = at[i]
		}
		return i
	}
	first := map[any]int{}
	for i, p := range all {
		at[i] = i
		for _, thing := range of(p) {
			j, known := first[thing]
			if !known {
				first[thing] = i
				continue
			}
			a, b := find(i), find(j)
			at[max(a, b)] = min(a, b)
		}
	}
	group := make([][]*Path, len(all)) // each at the index of its first path
	for i, p := range all {
		root := find(i)
		group[root] = append(group[root], p)
	}
	return slices.DeleteFunc(group, func(g []*Path) bool { return g == nil })
}

// Nameless are segments without the names of parameters.
func Nameless(segments []route.Segment) []route.Segment {
	all := slices.Clone(segments)
	for i := range all {
		if all[i].Param {
			all[i].Text = ""
		}
	}
	return all
}

// lastParam is the index of the last parameter, -1 where there is none.
func lastParam(segments []route.Segment) int {
	for i := len(segments) - 1; i >= 0; i-- {
		if segments[i].Param {
			return i
		}
	}
	return -1
}
