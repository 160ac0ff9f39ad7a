package plan

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file binds the callbacks of one path. In comes a function. Out comes a Callback: each
// parameter has the Source that provides its type on this path. What the sources need, such
// as a load, is bound on the way.

// A binder binds the callbacks of one path. Each type is provided by one thing there.
type binder struct {
	*compiler
	places       []*declare.Place // above the path, nearest first
	route        string
	names        []string // parameters of the path
	loads        map[reflect.Type]*Load
	dependencies map[reflect.Type]*Dependency
	bodies       map[reflect.Type]*Body
	describers   map[*declare.Fact]*Describer
	pathFields   []textfield.Fields // of each Path[T]
	slots        int                // that were given out
	chain        chain
	asksRequest  bool // a callback takes *http.Request, and so may read the content
	pathless     bool // bound without a path: what only a path provides is not reported as missing
}

func (c *compiler) newBinder(places []*declare.Place, route string, names []string) *binder {
	return &binder{compiler: c, places: places, route: route, names: names,
		loads: map[reflect.Type]*Load{}, dependencies: map[reflect.Type]*Dependency{}, bodies: map[reflect.Type]*Body{},
		describers: map[*declare.Fact]*Describer{}}
}

// newSlot numbers a value that each attempt on the path has of its own.
func (b *binder) newSlot() int {
	b.slots++
	return b.slots - 1
}

// An ownSource says what a callback gets beside what is injected: the origin of parameter i of
// type t, or byType where it is injected.
type ownSource func(i int, t reflect.Type) Origin

// subjectFirst gives a callback its subject as the first parameter.
func subjectFirst(i int, _ reflect.Type) Origin {
	if i == 0 {
		return FromSubject
	}
	return byType
}

// subjectOf gives a callback its subject wherever a parameter is of type t.
func subjectOf(t reflect.Type) ownSource {
	return func(_ int, in reflect.Type) Origin {
		if in == t {
			return FromSubject
		}
		return byType
	}
}

// bind binds a function that was registered as what says, such as "GET /posts".
func (b *binder) bind(what string, fn *wire.Func, own ownSource) *Callback {
	c := &Callback{Func: fn, Sources: make([]Source, len(fn.In))}
	b.chain = append(b.chain, link{what, fn})
	defer func() { b.chain = b.chain[:len(b.chain)-1] }()
	for i, t := range fn.In {
		if own != nil {
			c.Sources[i].Origin = own(i, t)
		}
		if c.Sources[i].Origin == byType {
			c.Sources[i] = b.source(t, &c.Needs)
		}
	}
	return c
}

// source finds what provides t, and adds what that needs to n. It is the zero Source after a
// fault.
func (b *binder) source(t reflect.Type, n *Needs) Source {
	s := b.Supply
	if c := s.vocabulary.Composite(t); c != nil {
		return b.compositeSource(c, n)
	}
	if s.overridden(t) && s.loaders[t] == nil {
		return Source{Origin: FromOverride, Rare: &Rare{Value: s.Overrides[t].Value}}
	}
	if from := s.vocabulary.Request[t]; from != byType {
		b.asksRequest = b.asksRequest || from == FromRequest
		return Source{Origin: from}
	}
	if startup := s.Startups[t]; startup != nil {
		b.usedTypes[t] = true
		return Source{Origin: FromStartup, Startup: startup}
	}
	if p := s.dependencies[t]; p != nil {
		return b.dependency(t, p, n)
	}
	if l := b.load(t); l != nil {
		n.add(l.needs())
		n.Required = declare.Union(n.Required, []*Load{l})
		return Source{Origin: FromResource, Load: l}
	}
	b.reportMissing(t)
	return Source{}
}

func (b *binder) dependency(t reflect.Type, p *declare.Provider, n *Needs) Source {
	if b.chain.closesCircle(b.faults, p.Func) {
		return Source{}
	}
	d := b.dependencies[t]
	if d == nil {
		d = &Dependency{Slot: b.newSlot()}
		b.dependencies[t] = d
		b.usedTypes[t] = true
		d.Callback = b.bind("Dependency", p.Func, nil)
	}
	n.add(d.Callback.Needs)
	return Source{Origin: FromDependency, Dependency: d}
}

// methodSlots are the slots of the Dependencies on the path that take the request's method, or
// the request: themselves, or through another Dependency.
func (b *binder) methodSlots() []int {
	var slots []int
	var byMethod func(c *Callback) bool
	byMethod = func(c *Callback) bool {
		return slices.ContainsFunc(c.Sources, func(s Source) bool {
			return s.Origin == FromMethod || s.Origin == FromRequest || s.Dependency != nil && byMethod(s.Dependency.Callback)
		})
	}
	for _, d := range b.dependencies {
		if d.Callback != nil && byMethod(d.Callback) {
			slots = append(slots, d.Slot)
		}
	}
	slices.Sort(slots)
	return slots
}

// load is the nearest ResourceExists above the path that provides t, bound; nil where there
// is none.
func (b *binder) load(t reflect.Type) *Load {
	if l, ok := b.loads[t]; ok {
		b.chain.closesCircle(b.faults, l.fact.Func)
		return l
	}
	f := b.loader(t)
	if f == nil {
		return nil
	}
	l := &Load{Type: t, Slot: b.newSlot(), fact: f}
	b.loads[t] = l
	b.hold(f)
	if o, ok := b.Supply.Overrides[t]; !ok {
		l.Callback = b.bind("ResourceExists", f.Func, nil)
	} else if !wire.IsNil(o.Value) {
		l.Override = o.Value
	}
	return l
}

// loader is the nearest ResourceExists that provides t.
func (b *binder) loader(t reflect.Type) *declare.Fact {
	var nearest *declare.Fact
	for f := range factsOf(b.places) {
		switch {
		case f.Loads() != t:
		case nearest == nil:
			nearest = f
		case nearest.Place == f.Place:
			b.faults.Add(f.Func.Site, "%s has two providers on %s: %s and %s; give one of them its own type", t, f.Place, nearest, f).
				Leave(declare.Typed, declare.Gap{Func: nearest.Func})
			nearest = f
		}
	}
	return nearest
}

// compositeSource is the source of a Body, an Optional, a Path, a Query, a Header or a Cookie.
func (b *binder) compositeSource(c *Composite, n *Needs) Source {
	switch c.Part {
	case OptionalPart:
		return b.optionalSource(c, n)
	case BodyPart:
		body := b.body(c)
		n.add(Needs{bodies: []*Body{body}})
		return Source{Origin: FromBody, Body: body}
	}
	return b.fieldSource(c)
}

func (b *binder) optionalSource(c *Composite, n *Needs) Source {
	t := c.Type
	l := b.load(t)
	if l == nil {
		if who := b.Supply.provider(t); who != "" && b.Supply.loaders[t] == nil {
			b.fault("Optional[%s] is for a value of a ResourceExists, but %s provides it; take the %s itself", t, who, t)
		} else {
			b.reportMissing(t)
		}
		return Source{}
	}
	n.add(l.needs())
	n.optional = declare.Union(n.optional, []*Load{l})
	return Source{Origin: FromOptional, Load: l, Rare: &Rare{Composite: c}}
}

// reportMissing reports that nothing provides t on the path.
func (b *binder) reportMissing(t reflect.Type) {
	s := b.Supply
	switch l := s.loaders[t]; {
	case l == nil:
		b.faults.Note(s.missing(t, b.remedy(t), b.sighting(), b.loadingPlaces()))
	case !b.pathless:
		seen := b.sighting()
		for _, f := range l {
			seen.From = append(seen.From, declare.Clue{Place: f.Place})
		}
		b.faults.Note(declare.Fault{
			Text:  fmt.Sprintf("%s, which provides %s, is given on %s, and a path that is not below it needs the type; move it up, or register the path there", l[0], t, l[0].Place),
			Cause: elsewhere{t}, Label: neededBy, Seen: []declare.Sighting{seen}, Depth: declare.Missing,
			Gaps: []declare.Gap{{Types: []reflect.Type{t}}},
		})
	}
}

// loadingPlaces are the places above the path, where what is being bound says what is loaded
// there: none for what is given on the App.
func (b *binder) loadingPlaces() []*declare.Place {
	if slices.ContainsFunc(b.app.Root.Facts, func(f *declare.Fact) bool { return f.Func == b.chain[0].function }) {
		return nil
	}
	return b.places
}

// The causes of faults that many callbacks may show.
type (
	missing   struct{ reflect.Type } // nothing provides it
	elsewhere struct{ reflect.Type } // it is provided for other paths
)

// neededBy labels the chains of callbacks that lead to a fault.
const neededBy = "needed by"

// caller names the callback that is being bound.
func (b *binder) caller() string {
	last := b.chain[len(b.chain)-1]
	return last.what + " " + last.function.Name
}

// fault reports a fault in what is being bound, with the chain that led there. Whoever binds the
// same shows the same fault.
func (b *binder) fault(format string, args ...any) {
	b.note(b.sighting(), format, args...)
}

func (b *binder) note(seen declare.Sighting, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	b.faults.Note(declare.Fault{Text: text, Cause: text, Label: neededBy, Seen: []declare.Sighting{seen}})
}

// sighting is what is being bound, as a place where a fault is seen.
func (b *binder) sighting() declare.Sighting {
	last := b.chain[len(b.chain)-1]
	return declare.Sighting{Site: last.function.Site, Who: b.caller(), Where: b.chain.String(), From: []declare.Clue{{Func: last.function}}}
}
