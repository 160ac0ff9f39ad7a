package restmachine

import (
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file plans one path: what it loads, which facts hold on it, and what
// each of its methods does. Plans are made at start and never change.

// A path is the plan of a Resource, or of the unknown paths below a Scope.
type path struct {
	m       *machine
	route   string
	names   []string
	places  []*place // nearest first
	unknown bool     // stands for paths that are no resource
	settings
	codings []string

	loaded  []*load
	targets []*load
	exists  []*bound // ResourceExists that return bool
	slots   int      // how many values an attempt can hold

	gates *[kinds][]*gate // noGates where there are none
	// The Forbidden gates, by whether they take what is loaded.
	forbidEarly, forbidLoaded []*gate
	get                       *action // nil: no GET
	current                   description
	replied                   description // of what the GET returns, where a PUT or PATCH returns it
	byType                    []typed     // of replies, and of a dynamic GET, by name of the type
	untyped                   description // of values of every other type
	auto                      Strength
	offers                    map[reflect.Type][]offer
	offered                   []offer   // what is negotiated; nil: nothing, or only once the entity is known
	media                     []string  // of offered
	variants                  []variant // of offered
	constant                  bool      // no request field chooses between representations: there is no Vary
	finishes                  bool      // there is a FinishRequest
	renderError               *bound

	methods []*method
	other   *method // every method that is not in methods
	allow   string
}

// An action is a handler, bound, and what it declares to return.
type action struct {
	*bound
	method string
	result reflect.Type // nil: nothing
	// dynamic is set where only the returned value tells its type.
	dynamic bool
	plain   bool         // it returns values of one type, which need not be closed
	json    bool         // and those are JSON, unless something renders them
	facts   *description // of those, where one type is known
	offered bool         // the path negotiates among the offers for those
	// identity is set for a GET func(T) T of a loaded T: it returns what it was
	// given. (Where that must be closed, it is run, so that it is.)
	identity *load
}

// noGates are those of most paths.
var noGates = new([kinds][]*gate)

// A gate is a fact that holds on the path, with what of the path it takes.
type gate struct {
	*bound
	fact  *fact
	takes []reflect.Type // of what a ResourceExists provides, itself or through Dependencies
	why   string         // the rule, for Describe
}

// light reports whether the gate takes nothing but what every request brings, and so
// can be asked once all that was made for it is undone.
func (g *gate) light() bool {
	return !slices.ContainsFunc(g.fn.In, func(t reflect.Type) bool {
		return fromRequest[t] == nil && t != responseType
	})
}

// newPath plans a path.
func (m *machine) newPath(fs *faults, pattern route.Pattern, places []*place, handlers []*handler, unknown bool) *path {
	p := &path{m: m, route: pattern.String(), names: pattern.Names(), places: places,
		unknown: unknown, settings: settled(places), gates: noGates}
	p.codings, _ = p.settings.codings()
	b := m.newBinder(fs, places, p.route, p.names)
	actions := p.bindActions(b, handlers)
	p.bindFacts(b, actions)
	p.slots = b.slots
	p.allow = allowed(actions)
	for _, a := range actions {
		p.methods = append(p.methods, p.newMethod(fs, a.method, a))
	}
	if p.get != nil {
		p.methods = append(p.methods, p.newMethod(fs, http.MethodHead, p.get))
	}
	p.methods = append(p.methods, p.newMethod(fs, http.MethodOptions, nil))
	p.other = p.newMethod(fs, "", nil)
	p.check(fs, actions)
	return p
}

// method is the plan of a method; nil: see other.
func (p *path) method(name string) *method {
	for _, m := range p.methods {
		if m.name == name {
			return m
		}
	}
	return nil
}

func (p *path) bindActions(b *binder, handlers []*handler) []*action {
	var actions []*action
	for _, h := range handlers {
		a := &action{method: h.method, bound: b.bind(h.method+" "+p.route, h.fn, nil), result: h.fn.Returns()}
		a.dynamic = isDynamic(b.m.supply, a.result)
		if t := a.result; t != nil && !a.dynamic && t.Kind() != reflect.Interface {
			a.plain = !t.Implements(closerType)
			a.json = !isStream(t) && t != stringType && t != bytesType
		}
		if h.method == http.MethodGet {
			p.get = a
			if in := h.fn.In; len(in) == 1 && in[0] == a.result && b.loads[in[0]] != nil && !h.fn.Err && !in[0].Implements(closerType) {
				a.identity = b.loads[in[0]]
			}
		}
		actions = append(actions, a)
	}
	return actions
}

// isDynamic reports whether a declared result leaves the entity's type open.
func isDynamic(s *supply, t reflect.Type) bool {
	return t == replyType || t != nil && t.Kind() == reflect.Interface && !isStream(t) && s.loaders[t] == nil
}

var (
	fileType   = reflect.TypeFor[fs.File]()
	closerType = reflect.TypeFor[io.Closer]()
)

// isStream reports whether a value of type t is read, and not rendered.
func isStream(t reflect.Type) bool {
	return t != nil && (t.Implements(readerType) || t.Implements(fileType))
}

// bindFacts finds what the path loads, and which facts hold on it.
func (p *path) bindFacts(b *binder, actions []*action) {
	var asked needs
	for _, a := range actions {
		asked.add(a.needs)
	}
	gates := p.bindGates(b, nil, p.places[:len(p.places)-1])
	for _, g := range gates {
		asked.add(g.needs)
	}
	near := p.ownDescribers(b)
	for _, d := range near {
		if d != nil {
			asked.add(d.by.needs)
			if d.from != nil {
				asked.loads = union(asked.loads, d.from.closure())
			}
		}
	}
	p.loaded = asked.all()
	p.targets = targetsOf(p.loaded)
	p.holdGates(p.bindGates(b, gates, p.places[len(p.places)-1:])) // the App's need to know what is loaded
	if !p.unknown {
		p.bindDescriptions(b, actions, near)
		p.bindOffers(b, actions)
	}
	p.bindRenderError(b)
}

// bindRenderError binds the nearest RenderError.
func (p *path) bindRenderError(b *binder) {
	var near *fact
	for _, at := range p.places {
		for _, f := range at.facts {
			switch {
			case f.kind != kindRenderError:
			case near == nil:
				near = f
			default:
				p.checkTwice(b, near, f)
			}
		}
	}
	if near == nil {
		return
	}
	p.m.held[near] = true
	p.renderError = b.bind("RenderError", near.fn, func(_ int, t reflect.Type) source {
		if t != problemType {
			return nil
		}
		return func(x *exchange) (any, error) { return x.problem, nil }
	})
}

// bindGates adds the gates that hold of those given at places to the nearer
// ones: of one kind and the same loaded types the nearest.
func (p *path) bindGates(b *binder, gates []*gate, places []*place) []*gate {
	for _, at := range places {
		for _, f := range at.facts {
			isExists := f.kind == kindResourceExists && f.provides() == nil
			if kindSpecs[f.kind].family != gating && !isExists {
				continue
			}
			takes := b.m.supply.resources(f.fn.In)
			why := p.whyHolds(f, takes)
			if why == "" || p.unknown && !p.fits(f) {
				continue
			}
			i := slices.IndexFunc(gates, func(g *gate) bool {
				return g.fact.kind == f.kind && sameTypes(g.takes, takes) && !g.fact.place.beside(at)
			})
			if i < 0 {
				gates = append(gates, &gate{b.bind(f.kind.String(), f.fn, responseGiven), f, takes, why})
			} else {
				p.checkTwice(b, gates[i].fact, f)
			}
		}
	}
	return gates
}

// whyHolds is the rule by which a gate holds on the path, "" where it does not:
// one holds that takes no loaded type, or was given on a Group or Resource, or
// on the App where the path loads its types anyway.
func (p *path) whyHolds(f *fact, takes []reflect.Type) string {
	switch {
	case len(takes) == 0:
		return "takes nothing loaded"
	case f.place.level != onApp:
		return "given on " + f.place.String()
	}
	for _, t := range takes {
		if !slices.ContainsFunc(p.loaded, func(l *load) bool { return l.typ == t }) {
			return ""
		}
	}
	return "loaded here"
}

// sameTypes reports whether a and b, which have each type once, are the same in
// any order. (Two packages may have types of one name.)
func sameTypes(a, b []reflect.Type) bool {
	return len(a) == len(b) && len(union(slices.Clip(a), b)) == len(a)
}

// holdGates sorts the gates that hold by how they are asked.
func (p *path) holdGates(gates []*gate) {
	for _, g := range gates {
		p.m.held[g.fact] = p.m.held[g.fact] || !p.unknown || g.fact.holdsUnknown()
		if g.fact.kind == kindResourceExists {
			p.exists = append(p.exists, g.bound)
		} else {
			p.addGate(g)
		}
	}
	for _, g := range p.gates[kindForbidden] {
		if len(g.needs.all()) > 0 {
			p.forbidLoaded = append(p.forbidLoaded, g)
		} else {
			p.forbidEarly = append(p.forbidEarly, g)
		}
	}
}

func (p *path) addGate(g *gate) {
	if p.gates == noGates {
		p.gates = new([kinds][]*gate)
	}
	p.gates[g.fact.kind] = append(p.gates[g.fact.kind], g)
	p.finishes = p.finishes || g.fact.kind == kindFinishRequest
}

// holdsUnknown reports whether it is enough for a gate to hold on unknown paths:
// one of the whole App, and one that says where a Group has moved. Any other
// guards paths that are there; on a Group that has none it would be off.
func (f *fact) holdsUnknown() bool {
	return f.place.level == onApp || f.kind == kindMovedPermanently || f.kind == kindMovedTemporarily
}

// fits reports whether a fact can be asked of unknown paths, where nothing is
// loaded, no content is read, and the only parameters are those of the Groups.
func (p *path) fits(f *fact) bool {
	fits := true
	for _, t := range p.m.supply.params(f.fn.In) {
		if p.m.supply.loaders[t] != nil {
			return false
		}
		switch c := asComposite(t); {
		case c == nil || c.part() == queryPart:
		case c.part() == pathPart:
			fields, _ := fieldsOf(c.of(), "path")
			fits = fits && !slices.ContainsFunc(fields, func(f boundField) bool { return !slices.Contains(p.names, f.name) })
		default:
			return false
		}
	}
	return fits
}

// responseGiven is the *Response of a FinishRequest.
func responseGiven(_ int, t reflect.Type) source {
	if t != responseType {
		return nil
	}
	return func(x *exchange) (any, error) { return x.finishing, nil }
}

func typeNames(types []reflect.Type) string {
	var names []string
	for _, t := range types {
		names = append(names, t.String())
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

// allowed is the Allow field of a path (RFC 9110, 10.2.1).
func allowed(actions []*action) string {
	all := []string{}
	for _, a := range actions {
		all = append(all, a.method)
		if a.method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	slices.Sort(all)
	return strings.Join(append(all, http.MethodOptions), ", ")
}
