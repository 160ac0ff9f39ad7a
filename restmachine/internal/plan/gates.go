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

// bindGates binds the gates that hold of those given at places, nearest first, and adds them
// to those of nearer places.
func (p *Path) bindGates(b *binder, nearer []*Gate, places []*declare.Place) []*Gate {
	gates := nearer
	subject := subjectOf(b.Supply.vocabulary.Response) // of a FinishRequest
	for f := range factsOf(places) {
		if !f.IsGate() {
			continue
		}
		takes := b.Supply.resources(f.Func.In)
		why := p.whyHolds(f, takes)
		if why == "" || p.Unknown && !b.fitsUnknown(f) || f.Sum() == declare.NearestHolds && b.isDisplaced(f, gates) {
			continue
		}
		gates = append(gates, &Gate{b.bind(f.Kind.String(), f.Func, subject), f, takes, why})
	}
	return gates
}

// isDisplaced reports whether a nearer fact of the same kind stands in for f. Of two Groups of
// one prefix neither is nearer to the unknown paths below.
func (b *binder) isDisplaced(f *declare.Fact, nearer []*Gate) bool {
	i := slices.IndexFunc(nearer, func(g *Gate) bool { return g.Fact.Kind == f.Kind && !g.Fact.Place.Beside(f.Place) })
	if i < 0 {
		return false
	}
	b.checkTwice(nearer[i].Fact, f)
	b.displaced[f] = nearer[i].Fact
	return true
}

// whyHolds is the rule by which a gate holds on the path, "" where it does not. A gate on a
// Group or Resource holds, and so does one that takes nothing that is loaded. Any other gate
// of the App holds where the path loads what it takes anyway.
func (p *Path) whyHolds(f *declare.Fact, takes []reflect.Type) string {
	switch {
	case f.Place.Level != declare.OnApp:
		return "given on " + f.Place.String()
	case len(takes) == 0:
		return "given on the App"
	}
	for _, t := range takes {
		if !slices.ContainsFunc(p.loaded, func(l *Load) bool { return l.Type == t }) {
			return ""
		}
	}
	return "what it takes is loaded here"
}

// fitsUnknown reports whether a fact can be asked of unknown paths. There nothing is loaded,
// no content is read, and the only parameters are those of the Groups.
func (b *binder) fitsUnknown(f *declare.Fact) bool {
	for _, t := range b.Supply.params(f.Func.In) {
		if b.Supply.loaders[t] != nil {
			return false
		}
		c := b.Supply.vocabulary.Composite(t)
		if c == nil {
			continue
		}
		switch c.Part {
		case QueryPart, HeaderPart, CookiePart:
		case BodyPart, OptionalPart:
			return false
		case PathPart:
			fields, _ := textfield.Of(c.Type, textfield.Path)
			if slices.ContainsFunc(fields.Names(), func(name string) bool { return !slices.Contains(b.names, name) }) {
				return false
			}
		}
	}
	return true
}

// holdGates puts the gates that hold in the order in which they are asked, and sorts them by
// how.
func (p *Path) holdGates(b *binder, all []*Gate) {
	slices.SortStableFunc(all, func(g, h *Gate) int { return declare.FromOutside(g.Fact.Place, h.Fact.Place) })
	var gates []*Gate
	for _, g := range all {
		if !p.Unknown || g.Fact.HoldsIfUnknown() {
			b.hold(g.Fact)
		}
		if g.Fact.Kind == declare.ResourceExists {
			p.Exists = append(p.Exists, g)
		} else {
			gates = append(gates, g)
		}
	}
	p.Gates = gatesByKind(gates)
	hooks := p.Gates[declare.FinishRequest]
	slices.SortStableFunc(hooks, func(g, h *Gate) int { return declare.FromOutside(h.Fact.Place, g.Fact.Place) })
	p.Finishes = len(hooks) > 0
	for _, g := range p.Gates[declare.Forbidden] {
		if len(g.Needs.all()) > 0 {
			p.ForbidLoaded = append(p.ForbidLoaded, g)
		} else {
			p.ForbidEarly = append(p.ForbidEarly, g)
		}
	}
	for _, g := range p.Gates[declare.MethodAllowed] {
		if !slices.ContainsFunc(g.Sources, func(s Source) bool { return s.Origin != FromMethod }) {
			p.AllowedByMethod = append(p.AllowedByMethod, g)
		}
	}
	if p.LimitsMethods = len(p.Gates[declare.MethodAllowed]) > 0; p.LimitsMethods {
		p.MethodSlots = b.methodSlots()
	}
}

// guardsChildren reports whether something that the path loads is made from what g takes. Then
// g is asked before that is loaded.
func (p *Path) guardsChildren(g *Gate) bool {
	takes := g.Needs.all()
	return slices.ContainsFunc(p.loaded, func(child *Load) bool {
		return !slices.Contains(takes, child) &&
			slices.ContainsFunc(child.needs().all(), func(l *Load) bool { return slices.Contains(takes, l) })
	})
}

// scheduleForbidden says when the method asks each Forbidden that takes what is loaded: as soon
// as that is there, where something else is made from it; else when everything is there.
func (m *Method) scheduleForbidden() {
	loads := m.Use.Required
	for _, g := range m.ForbidLoaded {
		ready := -1
		for _, l := range g.Needs.all() {
			if i := slices.Index(loads, l); i < 0 || ready == len(loads) {
				ready = len(loads) // the method loads it only for the gate
			} else {
				ready = max(ready, i)
			}
		}
		if ready == len(loads) || !m.guardsChildren(g) {
			m.ForbidLast = append(m.ForbidLast, g)
			continue
		}
		if m.ForbidAfter == nil {
			m.ForbidAfter = make([][]*Gate, len(loads))
		}
		m.ForbidAfter[ready] = append(m.ForbidAfter[ready], g)
	}
}

// checkTwice finds two facts on one place of which only one could hold. nearest is the one
// that does.
func (b *binder) checkTwice(nearest, f *declare.Fact) {
	if nearest.Place == f.Place {
		b.faults.Add(f.Func.Site, "%s and %s are both given on %s; keep one, or join the two", nearest, f, f.Place).Leave(declare.Typed, declare.Gap{Func: f.Func})
	}
}
