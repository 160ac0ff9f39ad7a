package restmachine

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file knows who provides which type in an App, whatever the path: the
// request itself, OnStartup, Dependency and ResourceExists.

// fromRequest are the types that every request provides.
var fromRequest = map[reflect.Type]source{
	reflect.TypeFor[context.Context]():           func(x *exchange) (any, error) { return x.context(), nil },
	requestType:                                  func(x *exchange) (any, error) { return x.request(), nil },
	reflect.TypeFor[http.Header]():               func(x *exchange) (any, error) { return x.headerCopy(), nil },
	reflect.TypeFor[url.Values]():                func(x *exchange) (any, error) { return x.query() },
	reflect.TypeFor[PathParams]():                func(x *exchange) (any, error) { return &x.pathParams, nil },
	reflect.TypeFor[Method]():                    func(x *exchange) (any, error) { return Method(x.method), nil },
	reflect.TypeFor[Selected]():                  func(x *exchange) (any, error) { return x.selected(), nil },
	reflect.TypeFor[conditional.Preconditions](): func(x *exchange) (any, error) { return x.preconditions(), nil },
	loggerType: func(x *exchange) (any, error) { return x.m.options.logger, nil },
}

var (
	contextType = reflect.TypeFor[context.Context]()
	loggerType  = reflect.TypeFor[*slog.Logger]()
	requestType = reflect.TypeFor[*http.Request]()
)

// supply is what provides each type.
type supply struct {
	startups  map[reflect.Type]*single
	deps      map[reflect.Type]*provider
	loaders   map[reflect.Type][]*fact // ResourceExists by the type that it provides
	overrides map[reflect.Type]override
	spared    map[reflect.Type]bool // what is overridden, and what that was made from
	order     []*single             // the startups, dependencies first
	hooks     []*wire.Func
}

// newSupply gathers the providers of an App; what is ambiguous is a fault.
func newSupply(a *App, fs *faults) *supply {
	s := &supply{
		startups: map[reflect.Type]*single{}, deps: map[reflect.Type]*provider{},
		loaders: map[reflect.Type][]*fact{}, overrides: map[reflect.Type]override{}, hooks: a.hooks,
	}
	for _, p := range a.places {
		for _, f := range p.facts {
			if t := f.provides(); t != nil {
				s.claim(fs, t, "ResourceExists "+f.fn.String(), f.fn.Site, s.loaders[t] != nil)
				s.loaders[t] = append(s.loaders[t], f)
			}
		}
	}
	for _, p := range a.providers {
		t := p.fn.Returns()
		if t != nil && !s.claim(fs, t, p.String(), p.fn.Site, false) {
			continue
		}
		if p.once {
			one := &single{fn: p.fn, typ: t}
			s.order = append(s.order, one)
			if t != nil {
				s.startups[t] = one
			}
		} else {
			s.deps[t] = p
		}
	}
	for _, o := range a.overrides {
		if s.provider(o.typ) == "" {
			fs.add(o.site, "Override[%s] replaces nothing: no OnStartup, Dependency or ResourceExists provides a %s%s", o.typ, o.typ, s.similar(o.typ))
		}
		s.overrides[o.typ] = o
	}
	s.spared = map[reflect.Type]bool{}
	for t := range s.overrides {
		s.spare(t)
	}
	return s
}

// spare notes that nothing may need t any more, nor what t is made from: if
// something else does, it says so itself.
func (s *supply) spare(t reflect.Type) {
	t = unwrapped(t)
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
	if one := s.startups[t]; one != nil {
		return []*wire.Func{one.fn}
	}
	if p := s.deps[t]; p != nil {
		return []*wire.Func{p.fn}
	}
	var fns []*wire.Func
	for _, f := range s.loaders[t] {
		fns = append(fns, f.fn)
	}
	return fns
}

// unwrapped is the T of an Optional[T], and every other type itself.
func unwrapped(t reflect.Type) reflect.Type {
	if c := asComposite(t); c != nil && c.part() == optionalPart {
		return c.of()
	}
	return t
}

// claim reports whether t may be provided by who; two ResourceExists may
// provide one type at different places.
func (s *supply) claim(fs *faults, t reflect.Type, who, at string, shared bool) bool {
	if asComposite(t) != nil || fromRequest[t] != nil {
		fs.add(at, "%s provides a %s, which every request provides; give the value a type of its own", who, t)
		return false
	}
	if other := s.provider(t); other != "" && !shared {
		fs.add(at, "two providers of %s: %s and %s; give one of them a type of its own (type Name %s)", t, other, who, t)
		return false
	}
	return true
}

// provider names what provides t, "" where nothing does.
func (s *supply) provider(t reflect.Type) string {
	if one := s.startups[t]; one != nil {
		return "OnStartup " + one.fn.String()
	}
	if p := s.deps[t]; p != nil {
		return p.String()
	}
	if l := s.loaders[t]; len(l) > 0 {
		return l[0].String()
	}
	return ""
}

// provides is the type that a ResourceExists provides, nil for one that returns
// a bool and for all other facts.
func (f *fact) provides() reflect.Type {
	if f.kind != kindResourceExists || f.fn.Returns() == boolType {
		return nil
	}
	return f.fn.Returns()
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
	for o := range s.startups {
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
func remedy(t reflect.Type) string {
	const provide = "add an OnStartup, Dependency or ResourceExists that returns it"
	switch {
	case t == reflect.TypeFor[http.ResponseWriter]():
		return "a handler returns what is sent; mount an http.Handler beside the App"
	case t == responseType:
		return "only a FinishRequest has the response"
	case t == problemType:
		return "only a RenderError has the problem"
	case t.Kind() == reflect.Pointer && asComposite(t.Elem()) != nil:
		return "take the " + t.Elem().String() + " itself"
	case reflect.PointerTo(t).Implements(reflect.TypeFor[patch]()):
		return "take restmachine.Body[" + t.String() + "]"
	case rawKinds[t] != notRaw:
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
		if t = unwrapped(t); s.loaders[t] != nil {
			found = union(found, []reflect.Type{t})
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
				visit(p.fn.In)
			}
		}
	}
	visit(params)
	return all
}

func (s *supply) overridden(t reflect.Type) bool {
	_, ok := s.overrides[t]
	return ok
}
