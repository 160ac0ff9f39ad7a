package restmachine

import (
	"reflect"
	"slices"
)

// This file finds the faults of a path's plan that concern its facts.

func (p *path) check(fs *faults, actions []*action) {
	if p.unknown {
		return
	}
	p.checkStages(fs)
	p.checkTargetGates(fs)
	p.checkNearMiss(fs, actions)
	p.checkDescribers(fs)
	p.checkRenderers(fs)
}

// checkTwice finds two facts on one place of which only one could hold.
func (p *path) checkTwice(b *binder, near, f *fact) {
	if near.place == f.place {
		b.faults.add(f.fn.Site, "%s and %s are both given on %s; keep one, or make one of both", near, f, f.place)
		p.m.held[f] = true // the same mistake
	}
}

// checkStages finds gates that are asked before what they take is there.
func (p *path) checkStages(fs *faults) {
	for k, gates := range p.gates {
		spec := kindSpecs[k]
		for _, g := range gates {
			loaded := g.needs.all()
			switch {
			case spec.stage == late, len(loaded) > 0 && kind(k) == kindForbidden:
			case len(loaded) > 0:
				fs.add(g.fact.fn.Site, "%s takes %s, and is asked before anything is loaded (%s): decide it in a Forbidden, which may take it",
					g.fact, loaded[len(loaded)-1].typ, p.route)
			}
			if spec.stage == early && len(g.needs.bodies) > 0 && len(loaded) == 0 {
				fs.add(g.fact.fn.Site, "%s takes the content as Body[%s], and is asked before the content is read: decide it in an IsConflict, or in the handler",
					g.fact, g.needs.bodies[0].typ)
			}
		}
	}
}

// checkTargetGates finds gates that are asked only where the target is missing,
// and take it.
func (p *path) checkTargetGates(fs *faults) {
	for _, k := range []kind{kindPreviouslyExisted, kindMovedPermanently, kindMovedTemporarily, kindAllowMissingPost} {
		for _, g := range p.gates[k] {
			for _, t := range p.targets {
				if slices.Contains(g.needs.all(), t) {
					fs.add(g.fact.fn.Site, "%s takes %s, the target of %s, and is asked only where that is missing: take the parameters of the path",
						g.fact, t.typ, p.route)
				}
			}
		}
	}
}

// checkNearMiss finds facts for *T where the path returns T, and the reverse:
// they would not hold, in silence.
func (p *path) checkNearMiss(fs *faults, actions []*action) {
	for _, a := range actions {
		if a.result == nil || a.dynamic {
			continue
		}
		for _, at := range p.places {
			for _, f := range at.facts {
				family := kindSpecs[f.kind].family
				if family != describing && f.kind != kindProvides || len(f.fn.In) == 0 {
					continue
				}
				t := f.fn.In[0]
				if t != a.result && (isPointerTo(t, a.result) || isPointerTo(a.result, t)) && !p.hasFor(f.kind, a.result) {
					fs.add(f.fn.Site, "%s takes %s, and %s %s returns %s: it would not hold there; use one of the two types for both",
						f, t, a.method, p.route, a.result)
				}
			}
		}
	}
}

func isPointerTo(p, t reflect.Type) bool { return p.Kind() == reflect.Pointer && p.Elem() == t }

// hasFor reports whether a fact of kind k for values of type t stands above the
// path.
func (p *path) hasFor(k kind, t reflect.Type) bool {
	for _, at := range p.places {
		for _, f := range at.facts {
			if f.kind == k && len(f.fn.In) > 0 && f.fn.In[0] == t {
				return true
			}
		}
	}
	return false
}

// checkDescribers finds describing facts that take a loaded type beside the
// value that they describe, where the path does not load it.
func (p *path) checkDescribers(fs *faults) {
	for _, d := range p.current {
		if d == nil {
			continue
		}
		for _, l := range d.by.needs.all() {
			if !slices.Contains(p.loaded, l) {
				fs.add(d.fact.fn.Site, "%s takes %s, which %s does not load: give the fact to the Resource", d.fact, l.typ, p.route)
			}
		}
	}
}

// checkRenderers finds renderers that ask for more than the write does whose entity
// they render: it would be done, and then answered with 404.
func (p *path) checkRenderers(fs *faults) {
	for _, m := range p.methods {
		if !m.writes() || m.action.result == nil {
			continue
		}
		for _, o := range p.offers[m.action.result] {
			for _, l := range o.by.needs.loads {
				if !slices.Contains(m.aim.required, l) {
					fs.add(o.by.fn.Site, "Provides %s %s takes %s, which %s %s does not ask for: let its handler ask for it, too, or take its Optional",
						o.media, o.by.fn.Name, l.typ, m.name, p.route)
				}
			}
		}
	}
}
