package plan

import (
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file knows what provides which type in an App, whatever the path: the request itself,
// OnStartup, Dependency, ResourceExists and Override. In come the declarations. A type that
// two things provide is a fault.

// A Supply is what provides each type. A type has one provider, or several ResourceExists at
// different places. An override takes the place of the provider.
type Supply struct {
	vocabulary   *Vocabulary
	Startups     map[reflect.Type]*Startup
	dependencies map[reflect.Type]*declare.Provider
	loaders      map[reflect.Type][]*declare.Fact // the ResourceExists of each type
	Overrides    map[reflect.Type]declare.Override
	spared       map[reflect.Type]bool // what is overridden, and what that is made from
	Order        []*Startup            // all startups, each behind what it takes
	Hooks        []*wire.Func          // of OnShutdown, as registered
}

// newSupply gathers the providers of an App.
func newSupply(app *declare.App, words *Vocabulary, fs *declare.Faults) *Supply {
	s := &Supply{vocabulary: words,
		Startups: map[reflect.Type]*Startup{}, dependencies: map[reflect.Type]*declare.Provider{},
		loaders: map[reflect.Type][]*declare.Fact{}, Overrides: map[reflect.Type]declare.Override{},
		spared: map[reflect.Type]bool{}, Hooks: app.Hooks,
	}
	for f := range factsOf(app.Places) {
		if t := f.Loads(); t != nil {
			s.claim(fs, t, "ResourceExists "+f.Func.String(), f.Func.Site, s.loaders[t] != nil)
			s.loaders[t] = append(s.loaders[t], f)
		}
	}
	for _, p := range app.Providers {
		if t := p.Func.Returns(); t == nil || s.claim(fs, t, p.String(), p.Func.Site, false) {
			s.addProvider(p)
		}
	}
	for _, o := range app.Overrides {
		if s.provider(o.Type) == "" {
			fs.Add(o.Site, "Override[%s] replaces nothing, because no OnStartup, Dependency or ResourceExists provides %s%s; override a type that is provided", o.Type, o.Type, s.similar(o.Type))
		}
		s.Overrides[o.Type] = o
	}
	for t := range s.Overrides {
		s.spare(t)
	}
	return s
}

func (s *Supply) addProvider(p *declare.Provider) {
	t := p.Func.Returns()
	if !p.Once {
		s.dependencies[t] = p
		return
	}
	startup := &Startup{Func: p.Func, Type: t}
	s.Order = append(s.Order, startup)
	if t != nil {
		s.Startups[t] = startup
	}
}

// spare notes that t is overridden, or only needed by what is. That nothing else asks for it,
// or for what it is made from, is then not a fault.
func (s *Supply) spare(t reflect.Type) {
	t = s.unwrapped(t)
	if s.spared[t] {
		return
	}
	s.spared[t] = true
	for _, fn := range s.makers(t) {
		for _, in := range fn.In {
			s.spare(in)
		}
	}
}

// makers are the functions that make a value of type t: one, or a ResourceExists for each
// place.
func (s *Supply) makers(t reflect.Type) []*wire.Func {
	if startup := s.Startups[t]; startup != nil {
		return []*wire.Func{startup.Func}
	}
	if p := s.dependencies[t]; p != nil {
		return []*wire.Func{p.Func}
	}
	var fns []*wire.Func
	for _, f := range s.loaders[t] {
		fns = append(fns, f.Func)
	}
	return fns
}

// unwrapped is the T of an Optional[T], and every other type itself.
func (s *Supply) unwrapped(t reflect.Type) reflect.Type {
	if c := s.vocabulary.Composite(t); c != nil && c.Part == OptionalPart {
		return c.Type
	}
	return t
}

// claim reports whether who may provide t. shared is set where t is provided already, and
// may be provided again: by ResourceExists at several places.
func (s *Supply) claim(fs *declare.Faults, t reflect.Type, who, at string, shared bool) bool {
	if s.vocabulary.provides(t) {
		fs.Add(at, "%s provides %s, which every request has; give the value its own type", who, t)
		return false
	}
	if other := s.provider(t); other != "" && !shared {
		fs.Add(at, "%s has two providers: %s and %s; give one of them its own type (type Name %s), or remove one", t, other, who, t)
		return false
	}
	return true
}

// provider names what provides t, "" where nothing does.
func (s *Supply) provider(t reflect.Type) string {
	if startup := s.Startups[t]; startup != nil {
		return "OnStartup " + startup.Func.String()
	}
	if p := s.dependencies[t]; p != nil {
		return p.String()
	}
	if l := s.loaders[t]; len(l) > 0 {
		return l[0].String()
	}
	return ""
}

// resources are the types of params that some ResourceExists provides. A Dependency among
// params counts as its own parameters.
func (s *Supply) resources(params []reflect.Type) []reflect.Type {
	var found []reflect.Type
	for _, t := range s.params(params) {
		if t = s.unwrapped(t); s.loaders[t] != nil {
			found = declare.Union(found, []reflect.Type{t})
		}
	}
	return found
}

// params are params, and the parameters of the Dependencies that they lead to.
func (s *Supply) params(params []reflect.Type) []reflect.Type {
	var all []reflect.Type
	var visit func(types []reflect.Type)
	visit = func(types []reflect.Type) {
		for _, t := range types {
			if slices.Contains(all, t) {
				continue
			}
			all = append(all, t)
			if p := s.dependencies[t]; p != nil && s.loaders[t] == nil && !s.overridden(t) {
				visit(p.Func.In)
			}
		}
	}
	visit(params)
	return all
}

func (s *Supply) overridden(t reflect.Type) bool {
	_, ok := s.Overrides[t]
	return ok
}

// isDynamic reports whether only a returned value tells its type: t is an interface that
// nothing loads.
func (s *Supply) isDynamic(t reflect.Type) bool {
	return t != nil && t.Kind() == reflect.Interface && !IsStream(t) && s.loaders[t] == nil
}
