package restmachine

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file compiles an App into a machine: all that a request needs, worked
// out once. Nothing in a machine changes while it runs.

// A machine is a compiled App.
type machine struct {
	options     options
	locks       *keylock.Locks
	supply      *supply
	returned    map[reflect.Type]bool // what some GET returns
	open        []*place              // of the GETs whose values alone tell their types
	held        map[*fact]bool        // facts that hold, or are used, somewhere
	usedTypes   map[reflect.Type]bool // of providers
	asksRequest bool                  // some callback takes *http.Request, and so may read the content
	reports     []string              // what is odd and no fault

	routes  *route.Table
	paths   []*path
	around  *route.Table // of the scopes, for unknown paths below them
	unknown []*path
	nowhere *path // every other unknown path

	programs map[string]*decision.Program[*exchange]
	pool     sync.Pool
	dates    dates
	tags     tags
}

// compile makes the machine of an App, or finds all its wiring faults.
func compile(a *App) (*machine, error) {
	fs := &faults{}
	for _, err := range a.declared.list {
		fs.note(*err.(*fault))
	}
	m := &machine{options: a.options, locks: &a.locks, returned: map[reflect.Type]bool{}, held: map[*fact]bool{},
		usedTypes: map[reflect.Type]bool{}, programs: map[string]*decision.Program[*exchange]{}}
	m.supply = newSupply(a, fs)
	m.supply.sortStartups(fs)
	m.noteReturned(a)
	m.compileRoutes(fs, a)
	m.compileUnknown(fs, a)
	m.bindUnused(a, fs)
	m.checkHeld(fs, a)
	if err := fs.err(); err != nil {
		return nil, err
	}
	m.supply.settleIdle(func(t reflect.Type) bool { return m.usedTypes[t] })
	m.reportUnused(a)
	return m, nil
}

// noteReturned finds the types that describing facts can belong to.
func (m *machine) noteReturned(a *App) {
	for _, p := range a.places {
		for _, h := range p.handlers {
			switch t := h.fn.Returns(); {
			case h.method != http.MethodGet || t == nil:
			case isDynamic(m.supply, t):
				m.open = append(m.open, p.chain()...)
			default:
				m.returned[t] = true
			}
		}
	}
}

// bindUnused binds each Dependency that no path uses, for its faults.
func (m *machine) bindUnused(a *App, fs *faults) {
	used := maps.Clone(m.usedTypes)
	for _, p := range a.providers {
		if t := p.fn.Returns(); !p.once && !used[t] && !m.supply.overridden(t) {
			b := m.newBinder(fs, nil, "", nil)
			b.loose = true
			b.bind("Dependency", p.fn, nil)
		}
	}
	m.usedTypes = used
}

// compileRoutes plans every Resource and the table that finds it.
func (m *machine) compileRoutes(fs *faults, a *App) {
	var patterns []route.Pattern
	var resources []*place
	for _, p := range a.places {
		if p.level != onResource || len(p.handlers) == 0 && !p.tells() {
			continue
		}
		pattern, err := route.Parse(p.path)
		if err != nil {
			fs.add(p.site, "the path %q: %v", p.path, err)
			continue
		}
		patterns, resources = append(patterns, pattern), append(resources, p)
	}
	table, conflicts := route.New(patterns)
	for _, c := range conflicts {
		fs.add(resources[c.J].site, "the paths %s (%s) and %s (%s) conflict: %s",
			patterns[c.J], resources[c.J].site, patterns[c.I], resources[c.I].site, c.Why)
	}
	m.routes = table
	for i, r := range resources {
		r.checkWays(fs)
		if len(r.handlers) == 0 {
			fs.add(r.site, "the Resource %s has facts and no handler: every request would be a 405", r.path)
			for _, f := range r.facts {
				m.held[f] = true // they are the same mistake
			}
			continue
		}
		m.paths = append(m.paths, m.newPath(fs, patterns[i], r.chain(), r.handlers, false))
	}
}

// checkWays finds a path that was registered through Scopes whose facts differ:
// which of them would hold?
func (p *place) checkWays(fs *faults) {
	for _, w := range p.ways[1:] {
		if !slices.Equal(telling(w.scope.chain()), telling(p.parent.chain())) {
			fs.add(w.site, "%s is registered here through %s and at %s through %s, and other facts hold there: register the path through one of them",
				p.path, w.scope, p.site, p.parent)
		}
	}
}

// compileUnknown plans the unknown paths: those below each prefix of which a
// Group says something, and all others.
func (m *machine) compileUnknown(fs *faults, a *App) {
	var patterns []route.Pattern
	var groups []*place // of patterns
	same := map[string][]*place{}
	for _, p := range a.places {
		if p.level == onGroup {
			same[p.path] = append(same[p.path], p)
		}
	}
	for _, g := range a.places {
		all := same[g.path]
		if len(telling(all)) == 0 || all[0] != g {
			continue
		}
		for _, path := range []string{g.path, g.path + "/{_rest...}"} {
			pattern, err := route.Parse(path)
			if err != nil {
				if path == g.path && path != "" { // the prefix of all paths is none itself
					fs.add(g.site, "the prefix %q: %v", g.path, err)
				}
				continue
			}
			patterns, groups = append(patterns, pattern), append(groups, g)
			m.unknown = append(m.unknown, m.newPath(fs, pattern, above(all), nil, true))
		}
	}
	table, conflicts := route.New(patterns)
	for _, c := range conflicts {
		i, j := groups[c.I], groups[c.J]
		fs.add(j.site, "%s (%s) and %s (%s) are prefixes of the same paths: write both alike", j, j.site, i, i.site)
	}
	m.around = table
	none, _ := route.Parse("/{_rest...}")
	m.nowhere = m.newPath(fs, none, []*place{a.place}, nil, true)
}

// checkHeld finds facts that hold on no path: silence would switch a check off.
func (m *machine) checkHeld(fs *faults, a *App) {
	for _, p := range a.places {
		for _, f := range p.facts {
			spec := kindSpecs[f.kind]
			if t := m.subject(f); spec.family == describing && t != nil && m.supply.loaders[t] == nil && !m.returned[t] {
				m.reports = append(m.reports, f.String()+" takes "+t.String()+", which nothing is declared to return: it holds where a GET does in fact")
			}
			switch {
			case m.held[f]:
			case spec.family == shaping:
				m.reports = append(m.reports, f.String()+" is used by nothing")
			case f.provides() != nil && m.supply.spared[f.provides()]:
			default:
				fs.add(f.fn.Site, "%s holds on no path%s", f, m.whyNot(f))
			}
		}
	}
}

// whyNot says what a fact that holds nowhere would need.
func (m *machine) whyNot(f *fact) string {
	takes := typeNames(m.supply.resources(f.fn.In))
	switch {
	case f.provides() != nil:
		return ": no handler below " + f.place.String() + " asks for " + f.provides().String() + "; take it in one, or remove the fact"
	case kindSpecs[f.kind].family == describing && m.subject(f) != nil:
		return ": no GET below " + f.place.String() + " returns " + m.subject(f).String() + "; return it, or give the fact to a Resource"
	case takes != "":
		return ": no path below " + f.place.String() + " loads " + takes + "; give the fact to a Group or Resource, where it loads it"
	}
	return "; register paths below " + f.place.String() + ", or remove it"
}

// reportUnused notes what was registered and does nothing.
func (m *machine) reportUnused(a *App) {
	for _, p := range a.providers {
		t := p.fn.Returns()
		if t == nil || m.usedTypes[t] || m.supply.overridden(t) {
			continue
		}
		if one := m.supply.startups[t]; one != nil && one.used {
			continue
		}
		m.reports = append(m.reports, p.String()+" is used by nothing")
	}
	for _, p := range m.paths {
		if _, unmade := p.settings.codings(); len(unmade) > 0 {
			m.reports = append(m.reports, p.route+": no Encoder makes "+strings.Join(unmade, ", ")+", which is never chosen")
		}
	}
	slices.SortFunc(m.reports, cmp.Compare[string])
	m.reports = slices.Compact(m.reports)
}

// programFor is the program of a method. Plans whose rows are settled alike
// share one, since questions read the plan from the exchange.
func (m *machine) programFor(p *method) *decision.Program[*exchange] {
	key := make([]byte, 0, 128)
	for i := range rows {
		key = append(key, byte(rows[i].settle(p)))
	}
	leaps := leapsOf(p)
	key = append(key, byte(len(leaps)))
	if made := m.programs[string(key)]; made != nil {
		return made
	}
	made, err := decision.Specialize(decision.HTTP, []decision.ID{decision.Start, decision.G7},
		func(id decision.ID) (decision.Answer, decision.Question[*exchange]) {
			i := slices.IndexFunc(rows, func(r row) bool { return r.id == id })
			switch settlement(key[i]) {
			case no:
				return decision.No, nil
			case yes:
				return decision.Yes, nil
			}
			return decision.No, rows[i].ask
		}, leaps...)
	if err != nil {
		panic("restmachine: the graph cannot be specialised: " + err.Error())
	}
	m.programs[string(key)] = made
	return made
}
