package plan

import (
	"net/http"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
)

// This file plans one path. In come its pattern, the places above it and its handlers. Out
// comes the Path: what it loads, which facts hold on it, and what each of its methods does.

// A Path is the plan of a Resource, of several that are alike, or of the unknown paths below a
// Scope.
type Path struct {
	Plans   *Plans
	route   string           // of the first Address that has the plan, for messages
	names   []string         // of the parameters
	places  []*declare.Place // above the path, nearest first
	Unknown bool             // it stands for paths that are not a Resource
	declare.Settings
	Codings      []string // what is offered of Encodings, identity last; none: content is not coded
	NamesCodings bool     // Encodings was given on the Resource or a Group, and not only on the App

	// What exists.
	loaded  []*Load
	Targets []*Load // see targetsOf
	Exists  []*Gate // ResourceExists that return bool
	Slots   int     // how many values an attempt can hold

	// The facts that hold. Those of one kind stand in the order in which they are asked.
	Gates                     *Gates
	ForbidEarly, ForbidLoaded []*Gate // the Forbidden gates, by whether they take what is loaded
	LimitsMethods             bool    // there is a MethodAllowed
	AllowedByMethod           []*Gate // the MethodAllowed gates that take nothing but the method
	MethodSlots               []int   // of the Dependencies that are made from the request's method
	Finishes                  bool    // there is a FinishRequest
	RenderError               *Callback
	ProblemOffers             []Offer // what errors are negotiated among; nil: the default alone

	// What is shown.
	Get            *Handler                 // nil: no GET
	Current        Description              // of the current representation
	replied        Description              // of what the GET returns, where a PUT or PATCH returns it
	describedTypes []typeDescription        // of replies, and of a dynamic GET, by name of the type
	untyped        Description              // of values of every other type
	AutoETag       declare.Strength         // NoTags where a GenerateETag goes before it
	offers         map[reflect.Type][]Offer // of the Provides for a type
	wide           []wideOffer              // of the Provides for an interface, nearest first
	served         map[reflect.Type][]Offer // of both, for the types that are known at start
	Offered        []Offer                  // what is negotiated; nil: nothing, or only once the entity is known
	media          []string                 // of Offered
	Variants       []Variant                // of Offered
	Varied         []string                 // the request fields that callbacks read on the way of a GET, as a Header[T] or Cookie[T]
	varies         bool                     // a request field other than Accept chooses between representations

	fields []textfield.Fields // that callbacks read from the path, as a Path[T]

	Methods []*Method
	Other   *Method // every method that is not one of Methods

	Preflight *Method // the OPTIONS that asks for a page of another origin; nil: no Sharing holds
	Allow     string
}

// newPath plans the path at an Address.
func (c *compiler) newPath(at *Address, places []*declare.Place, registered []*declare.Handler, unknown bool) *Path {
	p := &Path{Plans: c.Plans, route: at.Route, names: at.pattern.Names(), places: places,
		Unknown: unknown, Settings: declare.Effective(places)}
	b := c.newBinder(places, p.route, p.names)
	handlers := p.bindHandlers(b, registered)
	p.bindFacts(b, handlers)
	p.Slots = b.slots
	p.Allow = allowed(handlers)
	for _, h := range handlers {
		p.Methods = append(p.Methods, p.newMethod(b, h.Method, h))
	}
	if p.Get != nil {
		p.Methods = append(p.Methods, p.newMethod(b, http.MethodHead, p.Get))
	}
	p.Methods = append(p.Methods, p.newMethod(b, http.MethodOptions, nil))
	p.Other = p.newMethod(b, "", nil)
	if p.Sharing != nil {
		p.Preflight = p.newPreflight(b)
	}
	p.fields = b.pathFields
	if !p.Unknown {
		p.check(b.faults, handlers)
		c.noteAsked(p)
	}
	return p
}

// newPreflight plans the answer to a browser that asks, for a page of another origin, whether the
// page may send its request (Fetch standard, "CORS protocol"). The browser sends neither what authorizes the user
// nor what the page would send, so no gate is asked. Of the hooks, those run that need nothing
// that is made for the request, since making it may fail.
func (p *Path) newPreflight(b *binder) *Method {
	bare := *p
	var hooks []*Gate
	for _, g := range p.Gates[declare.FinishRequest] {
		if g.NeedsNothingMade() {
			hooks = append(hooks, g)
		}
	}
	bare.Gates, bare.Finishes = gatesByKind(hooks), len(hooks) > 0
	m := bare.newMethod(b, http.MethodOptions, nil)
	m.IsPreflight = true
	return m
}

// Names are the parameters of the pattern.
func (p *Path) Names() []string { return p.names }

// Method is the plan of a method, nil for one that Other stands for.
func (p *Path) Method(name string) *Method {
	for _, m := range p.Methods {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// placeOf is the nearest place that has set a setting, nil where none has.
func (p *Path) placeOf(name string) *declare.Place {
	for _, at := range p.places {
		if _, ok := at.Set[name]; ok {
			return at
		}
	}
	return nil
}

// bindFacts finds what the path loads, and which facts hold on it. Everything but the App's
// gates says what is loaded. Which of the App's gates hold depends on that.
func (p *Path) bindFacts(b *binder, handlers []*Handler) {
	var asked Needs
	for _, h := range handlers {
		asked.add(h.Needs)
	}
	app := len(p.places) - 1 // the App is the last place
	gates := p.bindGates(b, nil, p.places[:app])
	for _, g := range gates {
		asked.add(g.Needs)
	}
	own := p.ownDescribers(b)
	for d := range own.all() {
		asked.add(d.Callback.Needs)
		if d.Loaded != nil {
			asked.Required = declare.Union(asked.Required, d.Loaded.closure())
		}
	}
	p.loaded = asked.all()
	p.Targets = targetsOf(p.loaded)
	p.holdGates(b, p.bindGates(b, gates, p.places[app:]))
	if !p.Unknown {
		p.bindDescriptions(b, handlers, own)
		p.bindOffers(b, handlers)
	}
	p.settleCodings()
	p.settleVary(handlers)
	p.varies = p.Chooses(p.Languages) || p.Chooses(p.Charsets) ||
		len(p.Codings)+len(p.Varied)+len(p.Gates[declare.Variances]) > 0
	p.Variants = p.VariantsOf(p.Offered)
	p.bindRenderError(b)
}

// bindRenderError binds the nearest RenderError, and the Provides for Problems that no nearer
// RenderError replaces.
func (p *Path) bindRenderError(b *binder) {
	problem := b.Supply.vocabulary.Problem
	var nearest *declare.Fact
	for f := range factsOf(p.places) {
		switch {
		case f.Kind != declare.RenderError:
		case nearest == nil:
			nearest = f
		default:
			b.checkTwice(nearest, f)
		}
	}
	if nearest != nil {
		b.hold(nearest)
		p.RenderError = b.bind("RenderError", nearest.Func, subjectOf(problem))
	}
	var own []Offer
	for _, at := range p.places {
		for _, f := range at.Facts {
			if f.Kind == declare.Provides && f.Func.In[0] == problem && !offersMedia(own, f.Media) {
				b.hold(f)
				own = append(own, Offer{f.Media, []string{f.Media}, b.bind("Provides "+f.Media, f.Func, subjectOf(problem))})
			}
		}
		if nearest != nil && nearest.Place == at {
			break
		}
	}
	if len(own) > 0 {
		p.ProblemOffers = besideDefault(own)
	}
}
