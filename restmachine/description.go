package restmachine

import (
	"net/http"
	"reflect"
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
// that takes no such value.
func (m *machine) subject(f *fact) reflect.Type {
	if len(f.fn.In) == 0 {
		return nil
	}
	if t := f.fn.In[0]; m.supply.loaders[t] != nil || m.returned[t] {
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
			d.from = b.load(d.subject)
		}
		d.why = "given on the Resource"
		own[f.kind-firstDescribing] = d
	}
	return own
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

// bindDescriptions finds what describes the current representation, and what
// describes the entities of replies by their types.
func (p *path) bindDescriptions(b *binder, own description) {
	p.byType = map[reflect.Type]description{nil: p.describe(b, nil)}
	for _, at := range p.places {
		for _, f := range at.facts {
			if t := p.m.subject(f); kindSpecs[f.kind].family == describing && t != nil {
				if _, done := p.byType[t]; !done {
					p.byType[t] = p.describe(b, t)
				}
			}
		}
	}
	switch {
	case p.get == nil && len(p.targets) == 1:
		p.current = p.byTypeOf(p.targets[0].typ).from(p.targets[0])
	case p.get != nil && p.get.identity != nil:
		p.current = p.byTypeOf(p.get.result).from(p.get.identity)
	case p.get != nil && !p.get.dynamic:
		p.current = p.byTypeOf(p.get.result)
	case p.get == nil:
		p.current = p.byType[nil]
	}
	for i, d := range own {
		if d != nil && (p.current[i] == nil || p.current[i].fact.place.level != onResource) {
			p.current[i] = d
		}
	}
	p.hold()
	if p.current.of(kindETag) == nil && p.get != nil && !isStream(p.get.result) {
		p.auto = p.settings.autoETag
	}
}

// hold notes the facts that hold on the path, for the fault of those that hold
// nowhere.
func (p *path) hold() {
	for _, d := range p.current {
		if d != nil {
			p.m.held[d.fact] = true
		}
	}
	if p.get == nil || p.get.dynamic {
		for _, description := range p.byType {
			for _, d := range description {
				if d != nil {
					p.m.held[d.fact] = true
				}
			}
		}
	}
}

// byTypeOf is what describes values of type t.
func (p *path) byTypeOf(t reflect.Type) description {
	if d, ok := p.byType[t]; ok {
		return d
	}
	return p.byType[nil]
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

// describe finds the nearest fact of each describing kind for values of type t;
// at one place, one that takes a t goes before one that takes no value.
func (p *path) describe(b *binder, t reflect.Type) description {
	var d description
	for _, at := range p.places {
		for _, typed := range []bool{true, false} {
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
					d[i] = p.describer(b, f)
					d[i].why = "the GET returns it"
					if s == nil {
						d[i].why = "takes no value"
					}
				} else if d[i].fact.place == at && d[i].subject == s && d[i].fact != f {
					b.faults.add(f.fn.Site, "%s and %s are both given on %s; keep one", d[i].fact, f, at)
				}
			}
		}
	}
	return d
}

// validated reports whether the current representation can have validators.
func (p *path) validated() bool {
	if p.auto != off || p.current.validates() {
		return true
	}
	if p.get == nil {
		return false
	}
	if p.get.result != nil && p.get.result.Implements(fileType) {
		return true
	}
	if !p.get.dynamic {
		return false
	}
	for _, d := range p.byType {
		if d.validates() {
			return true
		}
	}
	return false
}

// represents says when a method needs the current representation before its
// preconditions: what its GET returns, which nothing else knows.
func (p *path) represents(method string, creates bool) when {
	if p.get == nil || !p.validated() || p.get.identity != nil && p.auto == off {
		return never
	}
	switch {
	case method == http.MethodGet || method == http.MethodHead:
		return always
	case method == http.MethodPut && creates:
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

// describesReply is what describes an entity of type t that a handler other
// than the GET returned: the facts for its type and, where the GET returns that
// type, those of the Resource that take another loaded value.
func (p *path) describesReply(t reflect.Type) description {
	d := p.byTypeOf(t)
	if p.get == nil || p.get.result != t {
		return d
	}
	for i, own := range p.current {
		if own != nil && own.from != nil && own.subject != t && own.fact.place.level == onResource {
			d[i] = own
		}
	}
	return d
}
