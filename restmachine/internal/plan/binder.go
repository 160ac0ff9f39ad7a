package plan

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file binds callbacks to one path: each parameter gets the source that
// provides it there, found by type, once, at start.

// A bound is a callback with a source for each of its parameters.
type Callback struct {
	Func      *wire.Func
	Sources   []Source
	nilResult any // the nil of the pointers that it returns; nil: it returns something else
	Needs     Needs
}

// needs is what a callback asks for, itself or through what provides its
// parameters.
type Needs struct {
	Required []*Load // must exist; parents before children
	optional []*Load // may be missing
	bodies   []*Body
}

func (n *Needs) add(more Needs) {
	n.Required = declare.Union(n.Required, more.Required)
	n.optional = declare.Union(n.optional, more.optional)
	n.bodies = declare.Union(n.bodies, more.bodies)
}

// all are the loads, those that may be missing included.
func (n Needs) all() []*Load { return declare.Union(slices.Clone(n.Required), n.optional) }

// A load is a type that a ResourceExists provides, on one path.
type Load struct {
	Type     reflect.Type
	Slot     int
	Callback *Callback // nil: overridden
	fact     *declare.Fact
	Override any // the override
}

// A memo is a Dependency on one path: made once per attempt.
type Dependency struct {
	Slot     int
	Callback *Callback
}

// binder binds the callbacks of one path.
type binder struct {
	m            *Plans
	faults       *declare.Faults
	places       []*declare.Place // nearest first
	route        string
	names        []string // parameters of the path
	loads        map[reflect.Type]*Load
	dependencies map[reflect.Type]*Dependency
	bodies       map[reflect.Type]*Body
	describers   map[*declare.Fact]*Describer
	slots        int // handed out
	chain        chain
	loose        bool // of no path: what only a path knows is taken to be there
}

func (m *Plans) newBinder(fs *declare.Faults, places []*declare.Place, route string, names []string) *binder {
	return &binder{m: m, faults: fs, places: places, route: route, names: names,
		loads: map[reflect.Type]*Load{}, dependencies: map[reflect.Type]*Dependency{}, bodies: map[reflect.Type]*Body{},
		describers: map[*declare.Fact]*Describer{}}
}

// slot is a place for a value of the path's, in each attempt.
func (b *binder) slot() int {
	b.slots++
	return b.slots - 1
}

// given is what a callback gets beside what is injected: the origin of the
// parameter i of type t, or injected.
type ownSource func(i int, t reflect.Type) Origin

// bind binds a function that is there as what says, such as "GET /posts".
func (b *binder) bind(what string, fn *wire.Func, extra ownSource) *Callback {
	done := &Callback{Func: fn, Sources: make([]Source, len(fn.In))}
	if t := fn.Returns(); t != nil && t.Kind() == reflect.Pointer {
		done.nilResult = reflect.Zero(t).Interface()
	}
	b.chain = append(b.chain, link{what, fn})
	defer func() { b.chain = b.chain[:len(b.chain)-1] }()
	for i, t := range fn.In {
		if extra != nil {
			done.Sources[i].Origin = extra(i, t)
		}
		if done.Sources[i].Origin == byType {
			done.Sources[i] = b.source(t, &done.Needs)
		}
	}
	return done
}

// isNil reports whether a value that the callback returned is nil.
func (b *Callback) IsNil(value any) bool {
	if b.nilResult == nil {
		return IsNil(value)
	}
	return value == b.nilResult
}

// source finds what provides t, and adds what that needs to n.
func (b *binder) source(t reflect.Type, n *Needs) Source {
	s := b.m.Supply
	if c := s.vocabulary.Composite(t); c != nil {
		return b.compositeSource(c, n)
	}
	if s.overridden(t) && s.loaders[t] == nil {
		return Source{Origin: FromOverride, Value: s.Overrides[t].Value}
	}
	if from := s.vocabulary.Request[t]; from != byType {
		b.m.asksRequest = b.m.asksRequest || from == FromRequest
		return Source{Origin: from}
	}
	if one := s.Startups[t]; one != nil {
		b.m.usedTypes[t] = true
		return Source{Origin: FromStartup, Startup: one}
	}
	if p := s.deps[t]; p != nil {
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

// behind is what the load is made from.
func (l *Load) needs() Needs {
	if l.Callback == nil {
		return Needs{} // overridden, or a circle
	}
	return l.Callback.Needs
}

// closure is the load behind all that must exist for it to exist.
func (l *Load) closure() []*Load {
	return append(slices.Clone(l.needs().Required), l)
}

func (b *binder) dependency(t reflect.Type, p *declare.Provider, n *Needs) Source {
	if b.chain.closesCircle(b.faults, p.Func) {
		return Source{}
	}
	d := b.dependencies[t]
	if d == nil {
		d = &Dependency{Slot: b.slot()}
		b.dependencies[t] = d
		b.m.usedTypes[t] = true
		d.Callback = b.bind("Dependency", p.Func, nil)
	}
	n.add(d.Callback.Needs)
	return Source{Origin: FromDependency, Dependency: d}
}

// load is the nearest ResourceExists above the path that provides t, bound; nil
// where there is none.
func (b *binder) load(t reflect.Type) *Load {
	if l, ok := b.loads[t]; ok {
		b.chain.closesCircle(b.faults, l.fact.Func)
		return l
	}
	f := b.loader(t)
	if f == nil {
		return nil
	}
	l := &Load{Type: t, Slot: b.slot(), fact: f}
	b.loads[t] = l
	b.m.holding[f] = true
	if o, ok := b.m.Supply.Overrides[t]; !ok {
		l.Callback = b.bind("ResourceExists", f.Func, nil)
	} else if !IsNil(o.Value) {
		l.Override = o.Value
	}
	return l
}

// loader is the nearest ResourceExists that provides t.
func (b *binder) loader(t reflect.Type) *declare.Fact {
	for _, p := range b.places {
		var found *declare.Fact
		for _, f := range p.Facts {
			if f.Loads() != t {
				continue
			}
			if found != nil {
				b.m.holding[found] = true // the same mistake
				b.faults.Add(f.Func.Site, "two providers of %s on %s: %s and %s; give one of them a type of its own", t, p, found, f)
			}
			found = f
		}
		if found != nil {
			return found
		}
	}
	return nil
}

func (b *binder) compositeSource(c *Composite, n *Needs) Source {
	t := c.Type
	switch c.Part {
	case OptionalPart:
		l := b.load(t)
		if who := b.m.Supply.provider(t); l == nil && who != "" && b.m.Supply.loaders[t] == nil {
			b.fault("Optional[%s] is for what may be missing, and no ResourceExists provides it; take the %s that %s gives", t, t, who)
			return Source{}
		}
		if l == nil {
			b.reportMissing(t)
			return Source{}
		}
		n.add(l.needs())
		n.optional = declare.Union(n.optional, []*Load{l})
		return Source{Origin: FromOptional, Load: l, Composite: c}
	case BodyPart:
		use := b.body(c)
		n.add(Needs{bodies: []*Body{use}})
		return Source{Origin: FromBody, Body: use}
	case PathPart:
		return b.fieldSource(c, "path", FromPathFields)
	}
	return b.fieldSource(c, "query", FromQueryFields)
}

// fieldSource is the source of a Path or a Query.
func (b *binder) fieldSource(c *Composite, tag string, from Origin) Source {
	fields, err := textfield.Of(c.Type, tag, from == FromQueryFields)
	if err != nil {
		b.fault("%v", err)
		return Source{}
	}
	for _, name := range fields.Names() {
		if from == FromPathFields && !b.loose && !slices.Contains(b.names, name) {
			b.fault("%s is tagged `path:%q`, and the route %s has the parameters %q; name one of them, or give this fact to the paths that have it", c.Type, name, b.route, b.names)
		}
	}
	return Source{Origin: from, Fields: fields, Composite: c}
}

// missing reports a type that nothing provides.
func (b *binder) reportMissing(t reflect.Type) {
	s := b.m.Supply
	if b.loose && s.loaders[t] != nil {
		return
	}
	if l := s.loaders[t]; len(l) > 0 {
		b.fault("%s is asked for on %s, and %s stands on %s, which is not above it; move it up or register the path below it", t, b.route, l[0], l[0].Place)
		return
	}
	b.fault("%s is asked for, and nothing provides it%s; %s", t, s.similar(t), s.remedy(t))
}

// fault reports a fault in what is being bound, with the chain that led there.
func (b *binder) fault(format string, args ...any) {
	at := b.chain[len(b.chain)-1].function.Site
	b.faults.Note(declare.Fault{Site: at, Text: fmt.Sprintf(format, args...), Chain: b.chain.String()})
}

// isNil reports whether v is nil, or a nil of its type.
func IsNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		return r.IsNil()
	case reflect.Invalid:
		return true
	}
	return false
}
