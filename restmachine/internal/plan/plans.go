package plan

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file compiles what an App was told into plans: all that a request needs,
// worked out once. Nothing in a plan changes while the App runs.

// plans are a compiled App.
type Plans struct {
	Options
	Supply        *supply
	returned      map[reflect.Type]bool  // what some GET returns
	dynamicPlaces []*declare.Place       // of the GETs whose values alone tell their types
	holding       map[*declare.Fact]bool // facts that hold, or are used, somewhere
	usedTypes     map[reflect.Type]bool  // of providers
	asksRequest   bool                   // some callback takes *http.Request, and so may read the content
	Reports       []string               // what is odd and no fault

	Routes  *route.Table
	Paths   []*Path
	Around  *route.Table // of the scopes, for unknown paths below them
	Unknown []*Path
	Nowhere *Path     // every other unknown path
	Methods []*Method // of all paths, by number
}

// ways are the options of an App that a plan depends on.
type Options struct {
	NoLock     bool
	Precedence conditional.Policy
}

// compile makes the plans of an App, or finds all its wiring faults.
func Compile(a *declare.App, words *Vocabulary, w Options) (*Plans, error) {
	fs := &declare.Faults{}
	for _, err := range a.Faults.List {
		fs.Note(*err.(*declare.Fault))
	}
	m := &Plans{Options: w, returned: map[reflect.Type]bool{}, holding: map[*declare.Fact]bool{}, usedTypes: map[reflect.Type]bool{}}
	m.Supply = newSupply(a, words, fs)
	m.Supply.sortStartups(fs)
	m.noteReturned(a)
	m.compileRoutes(fs, a)
	m.compileUnknown(fs, a)
	m.bindUnused(a, fs)
	m.checkHeld(fs, a)
	if err := fs.Err(); err != nil {
		return nil, err
	}
	m.Supply.findIdle(func(t reflect.Type) bool { return m.usedTypes[t] })
	m.reportUnused(a)
	return m, nil
}

// noteReturned finds the types that describing facts can belong to.
func (m *Plans) noteReturned(a *declare.App) {
	for _, p := range a.Places {
		for _, h := range p.Handlers {
			switch t := h.Func.Returns(); {
			case h.Method != http.MethodGet || t == nil:
			case isDynamic(m.Supply, t):
				m.dynamicPlaces = append(m.dynamicPlaces, p.Chain()...)
			default:
				m.returned[t] = true
			}
		}
	}
}

// bindUnused binds each Dependency that no path uses, for its faults.
func (m *Plans) bindUnused(a *declare.App, fs *declare.Faults) {
	used := maps.Clone(m.usedTypes)
	for _, p := range a.Providers {
		if t := p.Func.Returns(); !p.Once && !used[t] && !m.Supply.overridden(t) {
			b := m.newBinder(fs, nil, "", nil)
			b.loose = true
			b.bind("Dependency", p.Func, nil)
		}
	}
	m.usedTypes = used
}

// compileRoutes plans every Resource and the table that finds it.
func (m *Plans) compileRoutes(fs *declare.Faults, a *declare.App) {
	var patterns []route.Pattern
	var resources []*declare.Place
	for _, p := range a.Places {
		if p.Level != declare.OnResource || len(p.Handlers) == 0 && !p.HasDeclarations() {
			continue
		}
		pattern, err := route.Parse(p.Path)
		if err != nil {
			fs.Add(p.Site, "the path %q: %v", p.Path, err)
			continue
		}
		patterns, resources = append(patterns, pattern), append(resources, p)
	}
	table, conflicts := route.New(patterns)
	for _, c := range conflicts {
		fs.Add(resources[c.J].Site, "the paths %s (%s) and %s (%s) conflict: %s",
			patterns[c.J], resources[c.J].Site, patterns[c.I], resources[c.I].Site, c.Why)
	}
	m.Routes = table
	for i, r := range resources {
		r.CheckRegistrations(fs)
		if len(r.Handlers) == 0 {
			fs.Add(r.Site, "the Resource %s has facts and no handler: every request would be a 405", r.Path)
			for _, f := range r.Facts {
				m.holding[f] = true // they are the same mistake
			}
			continue
		}
		m.Paths = append(m.Paths, m.newPath(fs, patterns[i], r.Chain(), r.Handlers, false))
	}
}

// compileUnknown plans the unknown paths: those below each prefix of which a
// Group says something, and all others.
func (m *Plans) compileUnknown(fs *declare.Faults, a *declare.App) {
	var patterns []route.Pattern
	var groups []*declare.Place // of patterns
	same := map[string][]*declare.Place{}
	for _, p := range a.Places {
		if p.Level == declare.OnGroup {
			same[p.Path] = append(same[p.Path], p)
		}
	}
	for _, g := range a.Places {
		all := same[g.Path]
		if len(declare.WithDeclarations(all)) == 0 || all[0] != g {
			continue
		}
		for _, path := range []string{g.Path, g.Path + "/{_rest...}"} {
			pattern, err := route.Parse(path)
			if err != nil {
				if path == g.Path && path != "" { // the prefix of all paths is none itself
					fs.Add(g.Site, "the prefix %q: %v", g.Path, err)
				}
				continue
			}
			patterns, groups = append(patterns, pattern), append(groups, g)
			m.Unknown = append(m.Unknown, m.newPath(fs, pattern, declare.Above(all), nil, true))
		}
	}
	table, conflicts := route.New(patterns)
	for _, c := range conflicts {
		i, j := groups[c.I], groups[c.J]
		fs.Add(j.Site, "%s (%s) and %s (%s) are prefixes of the same paths: write both alike", j, j.Site, i, i.Site)
	}
	m.Around = table
	none, _ := route.Parse("/{_rest...}")
	m.Nowhere = m.newPath(fs, none, []*declare.Place{a.Root}, nil, true)
}

// checkHeld finds facts that hold on no path: silence would switch a check off.
func (m *Plans) checkHeld(fs *declare.Faults, a *declare.App) {
	for _, p := range a.Places {
		for _, f := range p.Facts {
			family := f.Kind.Family()
			if t := m.subject(f); family == declare.Describing && t != nil && m.Supply.loaders[t] == nil && !m.returned[t] {
				m.Reports = append(m.Reports, f.String()+" takes "+t.String()+", which nothing is declared to return: it holds where a GET does in fact")
			}
			switch {
			case m.holding[f]:
			case family == declare.Shaping:
				m.Reports = append(m.Reports, f.String()+" is used by nothing")
			case f.Loads() != nil && m.Supply.spared[f.Loads()]:
			default:
				fs.Add(f.Func.Site, "%s holds on no path%s", f, m.whyNot(f))
			}
		}
	}
}

// whyNot says what a fact that holds nowhere would need.
func (m *Plans) whyNot(f *declare.Fact) string {
	takes := typeNames(m.Supply.resources(f.Func.In))
	switch {
	case f.Loads() != nil:
		return ": no handler below " + f.Place.String() + " asks for " + f.Loads().String() + "; take it in one, or remove the fact"
	case f.Kind.Family() == declare.Describing && m.subject(f) != nil:
		return ": no GET below " + f.Place.String() + " returns " + m.subject(f).String() + "; return it, or give the fact to a Resource"
	case takes != "":
		return ": no path below " + f.Place.String() + " loads " + takes + "; give the fact to a Group or Resource, where it loads it"
	}
	return "; register paths below " + f.Place.String() + ", or remove it"
}

// reportUnused notes what was registered and does nothing.
func (m *Plans) reportUnused(a *declare.App) {
	for _, p := range a.Providers {
		t := p.Func.Returns()
		if t == nil || m.usedTypes[t] || m.Supply.overridden(t) {
			continue
		}
		if one := m.Supply.Startups[t]; one != nil && one.used {
			continue
		}
		m.Reports = append(m.Reports, p.String()+" is used by nothing")
	}
	for _, p := range m.Paths {
		if _, unmade := p.Settings.Codings(); len(unmade) > 0 {
			m.Reports = append(m.Reports, p.Route+": no Encoder makes "+strings.Join(unmade, ", ")+", which is never chosen")
		}
	}
	slices.SortFunc(m.Reports, cmp.Compare[string])
	m.Reports = slices.Compact(m.Reports)
}
