package plan

import (
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
)

// This file plans one path: what it loads, which facts hold on it, and what
// each of its methods does. Plans are made at start and never change.

// A path is the plan of a Resource, or of the unknown paths below a Scope.
type Path struct {
	Plans   *Plans
	Route   string
	names   []string
	places  []*declare.Place // nearest first
	Unknown bool             // stands for paths that are no resource
	declare.Settings
	Codings []string

	loaded  []*Load
	Targets []*Load
	Exists  []*Callback // ResourceExists that return bool
	Slots   int         // how many values an attempt can hold

	Gates *[declare.Kinds][]*Gate // noGates where there are none
	// The Forbidden gates, by whether they take what is loaded.
	ForbidEarly, ForbidLoaded []*Gate
	Get                       *Handler // nil: no GET
	Current                   Description
	replied                   Description       // of what the GET returns, where a PUT or PATCH returns it
	byType                    []typeDescription // of replies, and of a dynamic GET, by name of the type
	untyped                   Description       // of values of every other type
	AutoETag                  declare.Strength
	offers                    map[reflect.Type][]Offer
	Offered                   []Offer   // what is negotiated; nil: nothing, or only once the entity is known
	Media                     []string  // of offered
	Variants                  []Variant // of offered
	Constant                  bool      // no request field chooses between representations: there is no Vary
	Finishes                  bool      // there is a FinishRequest
	RenderError               *Callback

	Methods []*Method
	Other   *Method // every method that is not in methods
	Allow   string
}

// A Handler is what a method runs, and what that declares to return.
type Handler struct {
	*Callback
	Method        string
	Result        reflect.Type // nil: nothing
	Dynamic       bool         // only the returned value tells its type
	Plain         bool         // it returns values of one type, which need not be closed
	JSON          bool         // those values are JSON, unless something renders them
	Description   *Description // of those values; nil where Dynamic is set
	Negotiated    bool         // the path negotiates among the offers for those values
	TakesSelected bool         // it may return another value for each variant

	// Identity is set for a GET func(T) T of a loaded T, which returns what it was
	// given. It is not set where T must be closed: then the GET is run, so that T is.
	Identity *Load
}

// noGates are those of most paths.
var noGates = new([declare.Kinds][]*Gate)

// A gate is a fact that holds on the path, with what of the path it takes.
type Gate struct {
	*Callback
	Fact  *declare.Fact
	takes []reflect.Type // of what a ResourceExists provides, itself or through Dependencies
	why   string         // the rule, for Describe
}

// NeedsNothingMade reports whether the gate takes nothing but what every request
// brings, so that it can be asked once everything made for the request is undone.
func (g *Gate) NeedsNothingMade() bool {
	return !slices.ContainsFunc(g.Sources, func(s Source) bool { return !s.Origin.ofEveryRequest() && s.Origin != FromSubject })
}

// newPath plans a path.
func (m *Plans) newPath(fs *declare.Faults, pattern route.Pattern, places []*declare.Place, handlers []*declare.Handler, unknown bool) *Path {
	p := &Path{Plans: m, Route: pattern.String(), names: pattern.Names(), places: places,
		Unknown: unknown, Settings: declare.Effective(places), Gates: noGates}
	p.Codings, _ = p.Settings.Codings()
	b := m.newBinder(fs, places, p.Route, p.names)
	actions := p.bindHandlers(b, handlers)
	p.bindFacts(b, actions)
	p.Slots = b.slots
	p.Allow = allowed(actions)
	for _, a := range actions {
		p.Methods = append(p.Methods, p.newMethod(fs, a.Method, a))
	}
	if p.Get != nil {
		p.Methods = append(p.Methods, p.newMethod(fs, http.MethodHead, p.Get))
	}
	p.Methods = append(p.Methods, p.newMethod(fs, http.MethodOptions, nil))
	p.Other = p.newMethod(fs, "", nil)
	p.check(fs, actions)
	return p
}

// method is the plan of a method; nil: see other.
func (p *Path) Method(name string) *Method {
	for _, m := range p.Methods {
		if m.Name == name {
			return m
		}
	}
	return nil
}

func (p *Path) bindHandlers(b *binder, handlers []*declare.Handler) []*Handler {
	var actions []*Handler
	for _, h := range handlers {
		a := &Handler{Method: h.Method, Callback: b.bind(h.Method+" "+p.Route, h.Func, nil), Result: h.Func.Returns()}
		a.Dynamic = isDynamic(b.m.Supply, a.Result)
		a.TakesSelected = slices.ContainsFunc(a.Sources, func(s Source) bool { return s.Origin == FromSelected })
		if t := a.Result; t != nil && !a.Dynamic && t.Kind() != reflect.Interface {
			a.Plain = !t.Implements(closerType)
			a.JSON = !IsStream(t) && t != declare.StringType && t != declare.BytesType
		}
		if h.Method == http.MethodGet {
			p.Get = a
			if in := h.Func.In; len(in) == 1 && in[0] == a.Result && b.loads[in[0]] != nil && !h.Func.Err && !in[0].Implements(closerType) {
				a.Identity = b.loads[in[0]]
			}
		}
		actions = append(actions, a)
	}
	return actions
}

// isDynamic reports whether a declared result leaves the entity's type open.
func isDynamic(s *supply, t reflect.Type) bool {
	return t == s.vocabulary.Reply || t != nil && t.Kind() == reflect.Interface && !IsStream(t) && s.loaders[t] == nil
}

var (
	fileType   = reflect.TypeFor[fs.File]()
	closerType = reflect.TypeFor[io.Closer]()
)

// isStream reports whether a value of type t is read, and not rendered.
func IsStream(t reflect.Type) bool {
	return t != nil && (t.Implements(declare.ReaderType) || t.Implements(fileType))
}

// bindFacts finds what the path loads, and which facts hold on it.
func (p *Path) bindFacts(b *binder, actions []*Handler) {
	var asked Needs
	for _, a := range actions {
		asked.add(a.Needs)
	}
	gates := p.bindGates(b, nil, p.places[:len(p.places)-1])
	for _, g := range gates {
		asked.add(g.Needs)
	}
	near := p.ownDescribers(b)
	for _, d := range near {
		if d != nil {
			asked.add(d.Callback.Needs)
			if d.Loaded != nil {
				asked.Required = declare.Union(asked.Required, d.Loaded.closure())
			}
		}
	}
	p.loaded = asked.all()
	p.Targets = targetsOf(p.loaded)
	p.holdGates(p.bindGates(b, gates, p.places[len(p.places)-1:])) // the App's need to know what is loaded
	if !p.Unknown {
		p.bindDescriptions(b, actions, near)
		p.bindOffers(b, actions)
	}
	p.bindRenderError(b)
}

// bindRenderError binds the nearest RenderError.
func (p *Path) bindRenderError(b *binder) {
	var near *declare.Fact
	for _, at := range p.places {
		for _, f := range at.Facts {
			switch {
			case f.Kind != declare.RenderError:
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
	p.Plans.holding[near] = true
	p.RenderError = b.bind("RenderError", near.Func, func(_ int, t reflect.Type) Origin {
		if t != b.m.Supply.vocabulary.Problem {
			return byType
		}
		return FromSubject
	})
}

// bindGates adds the gates that hold of those given at places to the nearer
// ones: of one kind and the same loaded types the nearest.
func (p *Path) bindGates(b *binder, gates []*Gate, places []*declare.Place) []*Gate {
	responses := func(_ int, t reflect.Type) Origin { // of a FinishRequest
		if t != b.m.Supply.vocabulary.Response {
			return byType
		}
		return FromSubject
	}
	for _, at := range places {
		for _, f := range at.Facts {
			isExists := f.Kind == declare.ResourceExists && f.Loads() == nil
			if f.Kind.Family() != declare.Gating && !isExists {
				continue
			}
			takes := b.m.Supply.resources(f.Func.In)
			why := p.whyHolds(f, takes)
			if why == "" || p.Unknown && !p.fitsUnknown(f) {
				continue
			}
			i := slices.IndexFunc(gates, func(g *Gate) bool {
				return g.Fact.Kind == f.Kind && sameTypes(g.takes, takes) && !g.Fact.Place.Beside(at)
			})
			if i < 0 {
				gates = append(gates, &Gate{b.bind(f.Kind.String(), f.Func, responses), f, takes, why})
			} else {
				p.checkTwice(b, gates[i].Fact, f)
			}
		}
	}
	return gates
}

// whyHolds is the rule by which a gate holds on the path, "" where it does not:
// one holds that takes no loaded type, or was given on a Group or Resource, or
// on the App where the path loads its types anyway.
func (p *Path) whyHolds(f *declare.Fact, takes []reflect.Type) string {
	switch {
	case len(takes) == 0:
		return "takes nothing loaded"
	case f.Place.Level != declare.OnApp:
		return "given on " + f.Place.String()
	}
	for _, t := range takes {
		if !slices.ContainsFunc(p.loaded, func(l *Load) bool { return l.Type == t }) {
			return ""
		}
	}
	return "loaded here"
}

// sameTypes reports whether a and b, which have each type once, are the same in
// any order. (Two packages may have types of one name.)
func sameTypes(a, b []reflect.Type) bool {
	return len(a) == len(b) && len(declare.Union(slices.Clip(a), b)) == len(a)
}

// holdGates sorts the gates that hold by how they are asked.
func (p *Path) holdGates(gates []*Gate) {
	for _, g := range gates {
		p.Plans.holding[g.Fact] = p.Plans.holding[g.Fact] || !p.Unknown || g.Fact.HoldsIfUnknown()
		if g.Fact.Kind == declare.ResourceExists {
			p.Exists = append(p.Exists, g.Callback)
		} else {
			p.addGate(g)
		}
	}
	for _, g := range p.Gates[declare.Forbidden] {
		if len(g.Needs.all()) > 0 {
			p.ForbidLoaded = append(p.ForbidLoaded, g)
		} else {
			p.ForbidEarly = append(p.ForbidEarly, g)
		}
	}
}

func (p *Path) addGate(g *Gate) {
	if p.Gates == noGates {
		p.Gates = new([declare.Kinds][]*Gate)
	}
	p.Gates[g.Fact.Kind] = append(p.Gates[g.Fact.Kind], g)
	p.Finishes = p.Finishes || g.Fact.Kind == declare.FinishRequest
}

// fits reports whether a fact can be asked of unknown paths, where nothing is
// loaded, no content is read, and the only parameters are those of the Groups.
func (p *Path) fitsUnknown(f *declare.Fact) bool {
	fits := true
	for _, t := range p.Plans.Supply.params(f.Func.In) {
		if p.Plans.Supply.loaders[t] != nil {
			return false
		}
		switch c := p.Plans.Supply.vocabulary.Composite(t); {
		case c == nil || c.Part == QueryPart:
		case c.Part == PathPart:
			fields, _ := textfield.Of(c.Type, "path", false)
			fits = fits && !slices.ContainsFunc(fields.Names(), func(name string) bool { return !slices.Contains(p.names, name) })
		default:
			return false
		}
	}
	return fits
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
func allowed(actions []*Handler) string {
	all := []string{}
	for _, a := range actions {
		all = append(all, a.Method)
		if a.Method == http.MethodGet {
			all = append(all, http.MethodHead)
		}
	}
	slices.Sort(all)
	return strings.Join(append(all, http.MethodOptions), ", ")
}
