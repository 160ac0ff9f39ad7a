package plan

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file knows who provides which type in an App, whatever the path: the
// request itself, OnStartup, Dependency and ResourceExists.

// supply is what provides each type.
type supply struct {
	vocabulary *Vocabulary
	Startups   map[reflect.Type]*Startup
	deps       map[reflect.Type]*declare.Provider
	loaders    map[reflect.Type][]*declare.Fact // ResourceExists by the type that it provides
	Overrides  map[reflect.Type]declare.Override
	spared     map[reflect.Type]bool // what is overridden, and what that was made from
	Order      []*Startup            // the startups, dependencies first
	Hooks      []*wire.Func
}

// newSupply gathers the providers of an App; what is ambiguous is a fault.
func newSupply(a *declare.App, words *Vocabulary, fs *declare.Faults) *supply {
	s := &supply{vocabulary: words,
		Startups: map[reflect.Type]*Startup{}, deps: map[reflect.Type]*declare.Provider{},
		loaders: map[reflect.Type][]*declare.Fact{}, Overrides: map[reflect.Type]declare.Override{}, Hooks: a.Hooks,
	}
	for _, p := range a.Places {
		for _, f := range p.Facts {
			if t := f.Loads(); t != nil {
				s.claim(fs, t, "ResourceExists "+f.Func.String(), f.Func.Site, s.loaders[t] != nil)
				s.loaders[t] = append(s.loaders[t], f)
			}
		}
	}
	for _, p := range a.Providers {
		t := p.Func.Returns()
		if t != nil && !s.claim(fs, t, p.String(), p.Func.Site, false) {
			continue
		}
		if p.Once {
			one := &Startup{Func: p.Func, Type: t}
			s.Order = append(s.Order, one)
			if t != nil {
				s.Startups[t] = one
			}
		} else {
			s.deps[t] = p
		}
	}
	for _, o := range a.Overrides {
		if s.provider(o.Type) == "" {
			fs.Add(o.Site, "Override[%s] replaces nothing: no OnStartup, Dependency or ResourceExists provides a %s%s", o.Type, o.Type, s.similar(o.Type))
		}
		s.Overrides[o.Type] = o
	}
	s.spared = map[reflect.Type]bool{}
	for t := range s.Overrides {
		s.spare(t)
	}
	return s
}

// spare notes that nothing may need t any more, nor what t is made from: if
// something else does, it says so itself.
func (s *supply) spare(t reflect.Type) {
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

// makers are the functions that make a value of type t: one, or a
// ResourceExists for each place.
func (s *supply) makers(t reflect.Type) []*wire.Func {
	if one := s.Startups[t]; one != nil {
		return []*wire.Func{one.Func}
	}
	if p := s.deps[t]; p != nil {
		return []*wire.Func{p.Func}
	}
	var fns []*wire.Func
	for _, f := range s.loaders[t] {
		fns = append(fns, f.Func)
	}
	return fns
}

// unwrapped is the T of an Optional[T], and every other type itself.
func (s *supply) unwrapped(t reflect.Type) reflect.Type {
	if c := s.vocabulary.Composite(t); c != nil && c.Part == OptionalPart {
		return c.Type
	}
	return t
}

// claim reports whether t may be provided by who; two ResourceExists may
// provide one type at different places.
func (s *supply) claim(fs *declare.Faults, t reflect.Type, who, at string, shared bool) bool {
	if s.vocabulary.provides(t) {
		fs.Add(at, "%s provides a %s, which every request provides; give the value a type of its own", who, t)
		return false
	}
	if other := s.provider(t); other != "" && !shared {
		fs.Add(at, "two providers of %s: %s and %s; give one of them a type of its own (type Name %s)", t, other, who, t)
		return false
	}
	return true
}

// provider names what provides t, "" where nothing does.
func (s *supply) provider(t reflect.Type) string {
	if one := s.Startups[t]; one != nil {
		return "OnStartup " + one.Func.String()
	}
	if p := s.deps[t]; p != nil {
		return p.String()
	}
	if l := s.loaders[t]; len(l) > 0 {
		return l[0].String()
	}
	return ""
}

// similar says what a missing type may have been meant to be.
func (s *supply) similar(t reflect.Type) string {
	var near []string
	add := func(o reflect.Type, who string) {
		if o == nil || o == t {
			return
		}
		same := o.Kind() == reflect.Pointer && o.Elem() == t || t.Kind() == reflect.Pointer && t.Elem() == o ||
			bare(o) == bare(t) || t.Kind() == reflect.Interface && o.Implements(t)
		if same {
			said := o.String() + " is provided by " + who
			if t.Kind() == reflect.Interface {
				said += ", which may return it as a " + t.String()
			}
			near = append(near, said)
		}
	}
	for o := range s.Startups {
		add(o, s.provider(o))
	}
	for o := range s.deps {
		add(o, s.provider(o))
	}
	for o := range s.loaders {
		add(o, s.provider(o))
	}
	if len(near) == 0 {
		return ""
	}
	slices.Sort(near)
	return "; " + strings.Join(near, "; ")
}

// remedy is what to do about a type that nothing provides. Some are asked for by
// habit, and nobody should provide them.
func (s *supply) remedy(t reflect.Type) string {
	const provide = "add an OnStartup, Dependency or ResourceExists that returns it"
	switch {
	case t == reflect.TypeFor[http.ResponseWriter]():
		return "a handler returns what is sent; mount an http.Handler beside the App"
	case t == s.vocabulary.Response:
		return "only a FinishRequest has the response"
	case t == s.vocabulary.Problem:
		return "only a RenderError has the problem"
	case t.Kind() == reflect.Pointer && s.vocabulary.Composite(t.Elem()) != nil:
		return "take the " + t.Elem().String() + " itself"
	case reflect.PointerTo(t).Implements(s.vocabulary.Patch):
		return "take restmachine.Body[" + t.String() + "]"
	case rawKinds[t] != parsed:
		return provide + "; for the content of the request take restmachine.Body[" + t.String() + "]"
	}
	return provide
}

// bare is the type's own name, without package and pointer.
func bare(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return t.String()
	}
	return strings.ToLower(t.Name())
}

// resources are the types asked for by the parameters, themselves or through
// Dependencies, that some ResourceExists provides.
func (s *supply) resources(params []reflect.Type) []reflect.Type {
	var found []reflect.Type
	for _, t := range s.params(params) {
		if t = s.unwrapped(t); s.loaders[t] != nil {
			found = declare.Union(found, []reflect.Type{t})
		}
	}
	return found
}

// params are the parameters, those of the Dependencies that they lead to
// included.
func (s *supply) params(params []reflect.Type) []reflect.Type {
	var all []reflect.Type
	var visit func(types []reflect.Type)
	visit = func(types []reflect.Type) {
		for _, t := range types {
			if slices.Contains(all, t) {
				continue
			}
			all = append(all, t)
			if p := s.deps[t]; p != nil && s.loaders[t] == nil && !s.overridden(t) {
				visit(p.Func.In)
			}
		}
	}
	visit(params)
	return all
}

func (s *supply) overridden(t reflect.Type) bool {
	_, ok := s.Overrides[t]
	return ok
}
