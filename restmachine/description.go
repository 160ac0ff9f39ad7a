package restmachine

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
)

// This file places the facts that describe a returned value: GenerateETag,
// LastModified, Expires, CacheControl and Location. Each belongs to the type of
// its first parameter, and holds where the path's GET returns that type.

// describing kinds come first in the table of kinds.
const (
	firstDescribing = kindETag
	describings     = int(kindLocation-kindETag) + 1
)

// A describer is one such fact on one path.
type describer struct {
	fact    *fact
	by      *bound
	subject reflect.Type // whose values it describes; nil: it takes none
	from    *load        // it describes this loaded value, and not what the GET returned
	why     string       // the rule, for Describe
}

// A description is the fact of each describing kind that holds, or nil.
type description [describings]*describer

func (d *description) of(k kind) *describer { return d[k-firstDescribing] }

// validates reports whether the description has a validator.
func (d *description) validates() bool {
	return d.of(kindETag) != nil || d.of(kindLastModified) != nil
}

// subject is the type whose values a describing fact describes, nil for one
// that takes no such value. What nothing provides may be what a GET below
// returns in fact.
func (m *machine) subject(f *fact) reflect.Type {
	if len(f.fn.In) == 0 {
		return nil
	}
	t := f.fn.In[0]
	given := m.supply.provider(t) != "" || fromRequest[t] != nil || asComposite(t) != nil
	if m.supply.loaders[t] != nil || m.returned[t] || !given && slices.Contains(m.open, f.place) {
		return t
	}
	return nil
}

// ownDescribers are the describing facts given on the Resource itself that
// take a loaded value other than what the GET returns: they always hold there.
func (p *path) ownDescribers(b *binder) description {
	var own description
	at := p.places[0]
	if at.level != onResource {
		return own
	}
	for _, f := range at.facts {
		if kindSpecs[f.kind].family != describing {
			continue
		}
		d := p.describer(b, f)
		if d.subject != nil && !(p.get != nil && p.get.identity == nil && p.get.result == d.subject) {
			if f.kind == kindLocation && b.loads[d.subject] == nil {
				continue // it speaks of what is created here, and loads nothing
			}
			if d.from = b.load(d.subject); d.from == nil {
				p.checkSubject(b, d)
				continue
			}
		}
		d.why = "given on the Resource"
		own[f.kind-firstDescribing] = d
	}
	return own
}

// checkSubject finds a describing fact of the Resource whose value is neither
// loaded nor what the GET may return.
func (p *path) checkSubject(b *binder, d *describer) {
	returns := "the path has no GET"
	switch {
	case p.get == nil:
	case p.get.dynamic:
		return
	case p.get.result == nil:
		returns = "GET " + p.route + " returns nothing"
	default:
		returns = "GET " + p.route + " returns " + p.get.result.String()
	}
	p.m.held[d.fact] = true // the same mistake
	b.faults.add(d.fact.fn.Site, "%s takes %s, which no ResourceExists provides, and %s: take what is there", d.fact, d.subject, returns)
}

// describer binds a describing fact: its subject is the value that is being
// described, the rest is injected.
func (p *path) describer(b *binder, f *fact) *describer {
	d := &describer{fact: f, subject: p.m.subject(f)}
	d.by = b.bind(f.kind.String(), f.fn, func(i int, _ reflect.Type) source {
		if i > 0 || d.subject == nil {
			return nil
		}
		return func(x *exchange) (any, error) { return x.describing, nil }
	})
	return d
}

// shared is the describer of a fact for all types on the path.
func (p *path) shared(b *binder, f *fact) *describer {
	d := b.describers[f]
	if d == nil {
		d = p.describer(b, f)
		d.why = "what the GET shows"
		if d.subject == nil {
			d.why = "takes no value"
		}
		b.describers[f] = d
	}
	return d
}

// bindDescriptions finds what describes the current representation, and what
// describes the entities of replies by their types.
func (p *path) bindDescriptions(b *binder, actions []*action, own description) {
	p.untyped = p.nearest(b, nil, true)
	for _, at := range p.places {
		for _, f := range at.facts {
			t := p.m.subject(f)
			if kindSpecs[f.kind].family != describing || t == nil || !p.shows(actions, t) {
				continue
			}
			if p.typed(t) == nil {
				p.byType = append(p.byType, typed{t, p.nearest(b, t, true), p.nearest(b, t, false)})
			}
		}
	}
	slices.SortFunc(p.byType, func(a, b typed) int { return cmp.Compare(a.typ.String(), b.typ.String()) })
	switch {
	case p.get == nil && len(p.targets) == 1:
		p.current = p.byTypeOf(p.targets[0].typ).from(p.targets[0])
	case p.get != nil && p.get.identity != nil:
		p.current = p.byTypeOf(p.get.result).from(p.get.identity)
	case p.get != nil && !p.get.dynamic:
		p.current = *p.byTypeOf(p.get.result)
	case p.get == nil:
		p.current = p.untyped
	}
	for i, d := range own {
		if d != nil && (p.current[i] == nil || p.current[i].fact.place.level != onResource) {
			p.current[i] = d
		}
	}
	if p.get != nil {
		p.replied = p.stateOf(p.get.result)
	}
	for _, a := range actions {
		if !a.dynamic {
			a.facts = p.descriptionOf(a.method, a.result)
		}
	}
	p.hold(actions)
	if p.current.of(kindETag) == nil && p.get != nil && !isStream(p.get.result) {
		p.auto = p.settings.autoETag
	}
}

// shows reports whether a value of type t may come to be described: it is the
// target of a path without a GET, or one of actions may return it.
func (p *path) shows(actions []*action, t reflect.Type) bool {
	return p.get == nil && len(p.targets) == 1 && p.targets[0].typ == t ||
		slices.ContainsFunc(actions, func(a *action) bool { return a.returns(t) })
}

// returns reports whether the action may return a t.
func (a *action) returns(t reflect.Type) bool { return a.dynamic || a.result == t }

// hold notes the facts that hold on the path, or on a reply of it, for the
// fault of those that hold nowhere.
func (p *path) hold(actions []*action) {
	hold := func(d *describer) {
		if d != nil {
			p.m.held[d.fact] = true
		}
	}
	for _, d := range p.current {
		hold(d)
	}
	if p.get != nil && p.get.dynamic {
		for _, d := range p.untyped {
			hold(d)
		}
	}
	for _, t := range p.byType {
		if p.get != nil && p.get.dynamic {
			for _, d := range t.shown {
				hold(d)
			}
		}
		replied := slices.ContainsFunc(actions, func(a *action) bool {
			return a.method != http.MethodGet && a.method != http.MethodDelete && a.returns(t.typ)
		})
		for _, k := range []kind{kindETag, kindLastModified, kindLocation} {
			if replied {
				hold(t.shown.of(k))
				hold(t.created.of(k))
			}
		}
	}
}

// typed is what describes the values of one type.
type typed struct {
	typ     reflect.Type
	shown   description // all facts that hold
	created description // those for its type alone: of what a POST created
}

// typed is what describes values of type t, nil where nothing is for them.
func (p *path) typed(t reflect.Type) *typed {
	for i := range p.byType {
		if p.byType[i].typ == t {
			return &p.byType[i]
		}
	}
	return nil
}

// byTypeOf is what describes values of type t.
func (p *path) byTypeOf(t reflect.Type) *description {
	if d := p.typed(t); d != nil {
		return &d.shown
	}
	return &p.untyped
}

// from is the description of one loaded value.
func (d description) from(l *load) description {
	for i, one := range d {
		if one != nil && one.subject == l.typ {
			loaded := *one
			loaded.from = l
			d[i] = &loaded
		}
	}
	return d
}

// nearest finds the nearest fact of each describing kind for values of type t;
// at one place, one that takes a t goes before one that takes no value, which
// counts only where untyped is set.
func (p *path) nearest(b *binder, t reflect.Type, untyped bool) description {
	var d description
	for _, at := range p.places {
		for _, typed := range []bool{true, false} {
			if !typed && !untyped {
				continue
			}
			for _, f := range at.facts {
				if kindSpecs[f.kind].family != describing {
					continue
				}
				s := p.m.subject(f)
				if typed && (s == nil || s != t) || !typed && s != nil {
					continue
				}
				i := f.kind - firstDescribing
				if d[i] == nil {
					d[i] = p.shared(b, f)
				} else if d[i].fact.place == at && d[i].subject == s && d[i].fact != f {
					b.faults.add(f.fn.Site, "%s and %s are both given on %s; keep one", d[i].fact, f, at)
				}
			}
		}
	}
	return d
}

// validated reports whether the current representation can have validators.
func (p *path) validated() bool { return p.current.validates() || p.brings() }

// brings reports whether what the GET returned may bring a validator with it:
// its hash, its file's date, or that of a type that only the value tells.
func (p *path) brings() bool {
	switch {
	case p.auto != off:
		return true
	case p.get == nil:
		return false
	case p.get.dynamic:
		if p.untyped.validates() || slices.ContainsFunc(p.byType, func(t typed) bool { return t.shown.validates() }) {
			return true
		}
	}
	return p.get.result != nil && p.get.result.Implements(fileType)
}

// guards reports whether the path has a validator of what it is about: any but
// one that takes no value and was given for more than this path.
func (p *path) guards() bool {
	for _, k := range []kind{kindETag, kindLastModified} {
		if d := p.current.of(k); d != nil && (d.subject != nil || d.fact.place.level == onResource) {
			return true
		}
	}
	return p.brings()
}

// represents says when a method needs the current representation before its
// preconditions: what its GET returns, which nothing else knows.
func (p *path) represents(method string, creates bool) when {
	if p.get == nil || p.get.identity != nil && p.auto == off {
		return never
	}
	reads := method == http.MethodGet || method == http.MethodHead
	switch {
	case !p.validated() && (reads || p.get.dynamic):
		return conditionally // it may fail (RFC 9110, 13.2.1); a Reply may bring validators of its own
	case !p.validated():
		return never
	case reads || method == http.MethodPut && creates:
		return always
	}
	return conditionally
}

// when says on which requests something is done.
type when uint8

const (
	never         when = iota
	conditionally      // on those that carry a precondition
	always
)

// descriptionOf is what describes a value of type t that the handler of a method
// returned. What a POST created lives elsewhere: the facts for its type alone speak
// of it. What a PUT or PATCH left is what the path shows.
func (p *path) descriptionOf(method string, t reflect.Type) *description {
	switch {
	case method == http.MethodGet && p.get.dynamic:
		return p.dynamicOf(t)
	case method == http.MethodGet:
		return &p.current
	case method == http.MethodPost:
		if d := p.typed(t); d != nil {
			return &d.created
		}
		return &description{}
	case p.get != nil && p.get.result == t:
		return &p.replied
	}
	return p.byTypeOf(t)
}

// dynamicOf is what describes a value of type t that a GET returned whose values
// alone tell their type.
func (p *path) dynamicOf(t reflect.Type) *description {
	d := p.current
	for i, other := range p.byTypeOf(t) {
		if d[i] == nil || other != nil && other.fact == d[i].fact {
			d[i] = other // of the value itself, where a loaded one would have stood in
		}
	}
	for _, one := range p.byType { // what is loaded as an interface tells the type behind it
		if t == nil || one.typ.Kind() != reflect.Interface || !t.Implements(one.typ) {
			continue
		}
		for i, other := range one.shown {
			if d[i] == nil {
				d[i] = other
			}
		}
	}
	return &d
}

// stateOf is what describes the state that a PUT or PATCH left, where it returns
// what the GET returns: the facts of the Resource that take another loaded value
// hold, too.
func (p *path) stateOf(t reflect.Type) description {
	d := *p.byTypeOf(t)
	for i, own := range p.current {
		if own != nil && own.from != nil && own.subject != t && own.fact.place.level == onResource {
			d[i] = own
		}
	}
	return d
}
