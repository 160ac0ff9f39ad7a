package plan

import (
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
)

// This file finds the gates of a path. In come the facts of the places above it. Out come
// those that hold, by kind. Less formally: a gate holds wherever it can be asked.

// A Gate is a fact that holds on the path.
type Gate struct {
	*Callback
	Fact  *declare.Fact
	takes []reflect.Type // of what a ResourceExists provides, itself or through Dependencies
	why   string         // the rule by which it holds, for Describe
}

// NeedsNothingMade reports whether the gate takes nothing but what every request brings. It
// can then be asked when everything that was made for the request is undone.
func (g *Gate) NeedsNothingMade() bool {
	return !slices.ContainsFunc(g.Sources, func(s Source) bool { return !s.Origin.ofEveryRequest() && s.Origin != FromSubject })
}

// Gates are the gates of a path by kind. Nobody writes to them once they are made: paths
// without gates share noGates.
type Gates [declare.Kinds][]*Gate

var noGates = new(Gates)

func gatesByKind(all []*Gate) *Gates {
	if len(all) == 0 {
		return noGates
	}
	gates := new(Gates)
	for _, g := range all {
		gates[g.Fact.Kind] = append(gates[g.Fact.Kind], g)
	}
	return gates
}

// bindGates binds the gates that hold of those given at places, and adds them to the nearer
// ones. Of one kind that takes the same loaded types the nearest holds.
func (p *Path) bindGates(b *binder, nearer []*Gate, places []*declare.Place) []*Gate {
	gates := nearer
	subject := subjectOf(b.Supply.vocabulary.Response) // of a FinishRequest
	for f := range factsOf(places) {
		isExists := f.Kind == declare.ResourceExists && f.Loads() == nil
		if f.Kind.Family() != declare.Gating && !isExists {
			continue
		}
		takes := b.Supply.resources(f.Func.In)
		why := p.whyHolds(f, takes)
		if why == "" || p.Unknown && !b.fitsUnknown(f) {
			continue
		}
		i := slices.IndexFunc(gates, func(g *Gate) bool {
			return g.Fact.Kind == f.Kind && sameTypes(g.takes, takes) && !g.Fact.Place.Beside(f.Place)
		})
		if i < 0 {
			gates = append(gates, &Gate{b.bind(f.Kind.String(), f.Func, subject), f, takes, why})
		} else {
			b.checkTwice(gates[i].Fact, f)
		}
	}
	return gates
}

// whyHolds is the rule by which a gate holds on the path, "" where it does not. A gate on a
// Group or Resource holds, and so does one that takes nothing that is loaded. Any other gate
// of the App holds where the path loads what it takes anyway.
func (p *Path) whyHolds(f *declare.Fact, takes []reflect.Type) string {
	switch {
	case len(takes) == 0:
		return "does not take a loaded value"
	case f.Place.Level != declare.OnApp:
		return "given on " + f.Place.String()
	}
	for _, t := range takes {
		if !slices.ContainsFunc(p.loaded, func(l *Load) bool { return l.Type == t }) {
			return ""
		}
	}
	return "what it takes is loaded here"
}

// sameTypes reports whether a and b have the same types in any order. Each has a type once.
// Types are not compared by name, since two packages may have types of one name.
func sameTypes(a, b []reflect.Type) bool {
	return len(a) == len(b) && len(declare.Union(slices.Clip(a), b)) == len(a)
}

// fitsUnknown reports whether a fact can be asked of unknown paths. There nothing is loaded,
// no content is read, and the only parameters are those of the Groups.
func (b *binder) fitsUnknown(f *declare.Fact) bool {
	for _, t := range b.Supply.params(f.Func.In) {
		if b.Supply.loaders[t] != nil {
			return false
		}
		switch c := b.Supply.vocabulary.Composite(t); {
		case c == nil || c.Part == QueryPart:
		case c.Part != PathPart:
			return false
		default:
			fields, _ := textfield.Of(c.Type, "path", false)
			if slices.ContainsFunc(fields.Names(), func(name string) bool { return !slices.Contains(b.names, name) }) {
				return false
			}
		}
	}
	return true
}

// holdGates sorts the gates that hold by how they are asked.
func (p *Path) holdGates(b *binder, all []*Gate) {
	var gates []*Gate
	for _, g := range all {
		if !p.Unknown || g.Fact.HoldsIfUnknown() {
			b.hold(g.Fact)
		}
		if g.Fact.Kind == declare.ResourceExists {
			p.Exists = append(p.Exists, g.Callback)
		} else {
			gates = append(gates, g)
		}
	}
	p.Gates = gatesByKind(gates)
	p.Finishes = len(p.Gates[declare.FinishRequest]) > 0
	for _, g := range p.Gates[declare.Forbidden] {
		if len(g.Needs.all()) > 0 {
			p.ForbidLoaded = append(p.ForbidLoaded, g)
		} else {
			p.ForbidEarly = append(p.ForbidEarly, g)
		}
	}
}

// checkTwice finds two facts on one place of which only one could hold. nearest is the one
// that does.
func (b *binder) checkTwice(nearest, f *declare.Fact) {
	if nearest.Place == f.Place {
		b.faults.Add(f.Func.Site, "%s and %s are both given on %s; keep one, or join the two", nearest, f, f.Place)
		b.excuse(f)
	}
}
