package declare

import (
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is the rule by which a fault is a consequence of another one, and is not told. In
// come faults. Each says what cannot be known as long as it stands (its gaps), and from what it
// was concluded (its clues). Out come those that do not follow from others. One that was not
// told is found again once its cause is mended, unless it was mended by that.

// A Depth says how far a fault is from what was said. A fault follows only from one that is
// less deep, so at least one of all faults is told.
type Depth uint8

// The depths.
const (
	Said    Depth = iota // a registration that cannot be one, or that is wrong by itself
	Placed               // where a path or a Resource stands
	Typed                // two types that were meant to be one, two facts where one can hold
	Missing              // what is needed, and is not provided
	Bound                // what cannot be given to a callback, since something is missing
	Idle                 // what holds nowhere, or is never asked
)

// A Gap is what cannot be known as long as a fault stands. Each field that is set narrows it.
type Gap struct {
	Func   *wire.Func     // about this function, and the fact that it is
	Places []*Place       // about what stands at one of these places
	Types  []reflect.Type // about these types, and those that resemble them
	Site   string         // about what was registered there
	Asks   bool           // what callbacks ask for, and nothing else
}

// A Clue is what a fault was concluded from.
type Clue struct {
	Func  *wire.Func
	Place *Place
	Types []reflect.Type // nil: types do not matter
	Site  string
	Asks  bool // from what callbacks ask for
}

// misleads reports whether nothing can be concluded from a clue as long as there is the gap.
func (g *Gap) misleads(c Clue) bool {
	if g.Asks && !c.Asks || g.Func != nil && g.Func != c.Func || g.Site != "" && g.Site != c.Site {
		return false
	}
	if g.Places != nil && !slices.Contains(g.Places, c.Place) {
		return false
	}
	return g.Types == nil || c.Types == nil && g.Places != nil || slices.ContainsFunc(g.Types, func(t reflect.Type) bool {
		return slices.ContainsFunc(c.Types, func(u reflect.Type) bool { return t == u || Resembles(t, u) || Resembles(u, t) })
	})
}

// told are the faults that do not follow from others, each with the sightings that do not.
func (fs *Faults) told() []error {
	var all []error
	for _, f := range fs.List {
		told := *f
		told.Seen = slices.DeleteFunc(slices.Clone(f.Seen), func(s Sighting) bool { return fs.follows(f.Depth, s.From) })
		if len(told.Seen) > 0 {
			all = append(all, &told)
		}
	}
	return all
}

// follows reports whether one of the clues of a fault is in the gap of one that is less deep.
func (fs *Faults) follows(depth Depth, from []Clue) bool {
	for _, cause := range fs.List {
		if cause.Depth >= depth {
			continue
		}
		for _, gap := range cause.Gaps {
			if slices.ContainsFunc(from, gap.misleads) {
				return true
			}
		}
	}
	return false
}

// Resembles reports whether somebody who said t may have meant other: its pointer, what it
// points to, a type of the same name, or one that implements it.
func Resembles(other, t reflect.Type) bool {
	return IsPointerTo(other, t) || IsPointerTo(t, other) ||
		bareName(other) == bareName(t) || t.Kind() == reflect.Interface && other.Implements(t)
}

// IsPointerTo reports whether p is a *t.
func IsPointerTo(p, t reflect.Type) bool { return p.Kind() == reflect.Pointer && p.Elem() == t }

// bareName is the name of a type without its package and pointers, in lower case.
func bareName(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return t.String()
	}
	return strings.ToLower(t.Name())
}

// Leave says what cannot be known as long as the fault stands.
func (f *Fault) Leave(d Depth, gaps ...Gap) {
	f.Depth = d
	f.Gaps = append(f.Gaps, gaps...)
}

// gapsOf are what cannot be known while something is refused that was registered at a place: what
// stands at that very place, and above it what its types have to do with.
func (p *Place) gapsOf(refused any) []Gap {
	gaps := []Gap{{Places: p.Chain(), Types: typesOf(refused)}}
	if p.Level == OnResource {
		gaps = append(gaps, Gap{Places: []*Place{p}})
	}
	return gaps
}

// gapOfProvider is what cannot be known while a provider is refused: what there is of the types
// that it makes, and who needs what it takes.
func gapOfProvider(refused any) Gap { return Gap{Types: typesOf(refused)} }

// typesOf are the types that a function takes and returns; of every other value its own. They are
// not nil.
func typesOf(fn any) []reflect.Type {
	all := []reflect.Type{}
	t := reflect.TypeOf(fn)
	if t == nil {
		return all
	}
	if t.Kind() != reflect.Func {
		return append(all, t)
	}
	return slices.AppendSeq(slices.AppendSeq(all, t.Ins()), t.Outs())
}
