package restmachine

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file binds callbacks to one path: each parameter gets the source that
// provides it there, found by type, once, at start.

// A bound is a callback with a source for each of its parameters.
type bound struct {
	fn    *wire.Func
	run   call
	none  any // the nil of the pointers that it returns; nil: it returns something else
	needs needs
}

// needs is what a callback asks for, itself or through what provides its
// parameters.
type needs struct {
	loads  []*load // must exist; parents before children
	maybe  []*load // may be missing
	bodies []*body
}

func (n *needs) add(more needs) {
	n.loads = union(n.loads, more.loads)
	n.maybe = union(n.maybe, more.maybe)
	n.bodies = union(n.bodies, more.bodies)
}

// all are the loads, those that may be missing included.
func (n needs) all() []*load { return union(slices.Clone(n.loads), n.maybe) }

func union[T comparable](a, b []T) []T {
	for _, v := range b {
		if !slices.Contains(a, v) {
			a = append(a, v)
		}
	}
	return a
}

// A load is a type that a ResourceExists provides, on one path.
type load struct {
	typ  reflect.Type
	slot int
	by   *bound // nil: overridden
	fact *fact
	with any // the override
}

// A memo is a Dependency on one path: made once per attempt.
type memo struct {
	slot int
	by   *bound
}

// binder binds the callbacks of one path.
type binder struct {
	m          *machine
	faults     *faults
	places     []*place // nearest first
	route      string
	names      []string // parameters of the path
	loads      map[reflect.Type]*load
	memos      map[reflect.Type]*memo
	bodies     map[reflect.Type]*body
	describers map[*fact]*describer
	slots      int // handed out
	chain      chain
	loose      bool // of no path: what only a path knows is taken to be there
}

func (m *machine) newBinder(fs *faults, places []*place, route string, names []string) *binder {
	return &binder{m: m, faults: fs, places: places, route: route, names: names,
		loads: map[reflect.Type]*load{}, memos: map[reflect.Type]*memo{}, bodies: map[reflect.Type]*body{},
		describers: map[*fact]*describer{}}
}

// slot is a place for a value of the path's, in each attempt.
func (b *binder) slot() int {
	b.slots++
	return b.slots - 1
}

// given is what a callback gets beside what is injected: a source for the
// parameter i of type t, nil where it is to be injected.
type given func(i int, t reflect.Type) source

// bind binds a function that is there as what says, such as "GET /posts".
func (b *binder) bind(what string, fn *wire.Func, extra given) *bound {
	done := &bound{fn: fn}
	if t := fn.Returns(); t != nil && t.Kind() == reflect.Pointer {
		done.none = reflect.Zero(t).Interface()
	}
	b.chain = append(b.chain, link{what, fn})
	defer func() { b.chain = b.chain[:len(b.chain)-1] }()
	args := make([]source, len(fn.In))
	for i, t := range fn.In {
		if extra != nil {
			args[i] = extra(i, t)
		}
		if args[i] == nil {
			args[i] = b.source(t, &done.needs)
		}
	}
	done.run = callOf(fn, args)
	return done
}

// source finds what provides t, and adds what that needs to n.
func (b *binder) source(t reflect.Type, n *needs) source {
	if c := asComposite(t); c != nil {
		return b.compositeSource(c, n)
	}
	if b.m.supply.overridden(t) && b.m.supply.loaders[t] == nil {
		value := b.m.supply.overrides[t].value
		return func(*exchange) (any, error) { return value, nil }
	}
	if s := fromRequest[t]; s != nil {
		b.m.asksRequest = b.m.asksRequest || t == requestType
		return s
	}
	if one := b.m.supply.startups[t]; one != nil {
		b.m.usedTypes[t] = true
		return func(*exchange) (any, error) { return one.value, nil }
	}
	if p := b.m.supply.deps[t]; p != nil {
		return b.memo(t, p, n)
	}
	if l := b.load(t); l != nil {
		n.add(l.behind())
		n.loads = union(n.loads, []*load{l})
		return func(x *exchange) (any, error) { return x.must(l) }
	}
	b.missing(t)
	return nil
}

// behind is what the load is made from.
func (l *load) behind() needs {
	if l.by == nil {
		return needs{} // overridden, or a circle
	}
	return l.by.needs
}

// closure is the load behind all that must exist for it to exist.
func (l *load) closure() []*load {
	return append(slices.Clone(l.behind().loads), l)
}

func (b *binder) memo(t reflect.Type, p *provider, n *needs) source {
	if b.chain.meets(b.faults, p.fn) {
		return nil
	}
	d := b.memos[t]
	if d == nil {
		d = &memo{slot: b.slot()}
		b.memos[t] = d
		b.m.usedTypes[t] = true
		d.by = b.bind("Dependency", p.fn, nil)
	}
	n.add(d.by.needs)
	return func(x *exchange) (any, error) { return x.dependency(d) }
}

// load is the nearest ResourceExists above the path that provides t, bound; nil
// where there is none.
func (b *binder) load(t reflect.Type) *load {
	if l, ok := b.loads[t]; ok {
		b.chain.meets(b.faults, l.fact.fn)
		return l
	}
	f := b.loader(t)
	if f == nil {
		return nil
	}
	l := &load{typ: t, slot: b.slot(), fact: f}
	b.loads[t] = l
	b.m.held[f] = true
	if o, ok := b.m.supply.overrides[t]; !ok {
		l.by = b.bind("ResourceExists", f.fn, nil)
	} else if !isNil(o.value) {
		l.with = o.value
	}
	return l
}

// loader is the nearest ResourceExists that provides t.
func (b *binder) loader(t reflect.Type) *fact {
	for _, p := range b.places {
		var found *fact
		for _, f := range p.facts {
			if f.provides() != t {
				continue
			}
			if found != nil {
				b.m.held[found] = true // the same mistake
				b.faults.add(f.fn.Site, "two providers of %s on %s: %s and %s; give one of them a type of its own", t, p, found, f)
			}
			found = f
		}
		if found != nil {
			return found
		}
	}
	return nil
}

func (b *binder) compositeSource(c composite, n *needs) source {
	t := c.of()
	switch c.part() {
	case optionalPart:
		l := b.load(t)
		if who := b.m.supply.provider(t); l == nil && who != "" && b.m.supply.loaders[t] == nil {
			b.fault("Optional[%s] is for what may be missing, and no ResourceExists provides it; take the %s that %s gives", t, t, who)
			return nil
		}
		if l == nil {
			b.missing(t)
			return nil
		}
		n.add(l.behind())
		n.maybe = union(n.maybe, []*load{l})
		return func(x *exchange) (any, error) {
			v, err := x.load(l)
			return c.with(v), err
		}
	case bodyPart:
		use := b.body(c)
		n.add(needs{bodies: []*body{use}})
		return func(x *exchange) (any, error) {
			return x.parsed(use)
		}
	}
	return b.fieldSource(c, t)
}

// fieldSource is the source of a Path or a Query.
func (b *binder) fieldSource(c composite, t reflect.Type) source {
	tag := "query"
	if c.part() == pathPart {
		tag = "path"
	}
	fields, err := fieldsOf(t, tag)
	if err != nil {
		b.fault("%v", err)
		return nil
	}
	if c.part() == queryPart {
		return func(x *exchange) (any, error) {
			query, err := x.query()
			if err != nil {
				return nil, err
			}
			v, err := fill(t, fields, func(name string) []string { return query[name] })
			if err != nil {
				return nil, &Problem{Status: 400, Detail: "in the query, " + err.Error()}
			}
			return c.with(v), nil
		}
	}
	for _, f := range fields {
		if !b.loose && !slices.Contains(b.names, f.name) {
			b.fault("%s is tagged `path:%q`, and the route %s has the parameters %q; name one of them, or give this fact to the paths that have it", t, f.name, b.route, b.names)
		}
	}
	return func(x *exchange) (any, error) {
		v, err := fill(t, fields, x.pathParams.lookup)
		if err != nil {
			return nil, ErrNotFound // no such resource
		}
		return c.with(v), nil
	}
}

// missing reports a type that nothing provides.
func (b *binder) missing(t reflect.Type) {
	s := b.m.supply
	if b.loose && s.loaders[t] != nil {
		return
	}
	if l := s.loaders[t]; len(l) > 0 {
		b.fault("%s is asked for on %s, and %s stands on %s, which is not above it; move it up or register the path below it", t, b.route, l[0], l[0].place)
		return
	}
	b.fault("%s is asked for, and nothing provides it%s; %s", t, s.similar(t), remedy(t))
}

// fault reports a fault in what is being bound, with the chain that led there.
func (b *binder) fault(format string, args ...any) {
	at := b.chain[len(b.chain)-1].fn.Site
	b.faults.note(fault{at, fmt.Sprintf(format, args...), b.chain.String()})
}
