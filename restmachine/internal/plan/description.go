package plan

import (
	"cmp"
	"iter"
	"net/http"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file says what describes which value. In come the describing facts of the places above
// a path, and what its handlers return. Out come Descriptions: of the current representation,
// and of each type that a handler may return. Less formally: a value is described by the
// nearest facts for its type.

// A Description is the fact of each describing kind that holds, or nil.
type Description [declare.Describings]*Describer

// Of is the fact of a describing kind, nil where none holds.
func (d *Description) Of(k declare.Kind) *Describer { return d[k-declare.FirstDescribing] }

// all are the facts that hold.
func (d *Description) all() iter.Seq[*Describer] {
	return func(yield func(*Describer) bool) {
		for _, one := range d {
			if one != nil && !yield(one) {
				return
			}
		}
	}
}

// validates reports whether the description has a validator.
func (d *Description) validates() bool {
	return d.Of(declare.GenerateETag) != nil || d.Of(declare.LastModified) != nil
}

// of is the description of one loaded value.
func (d Description) of(l *Load) Description {
	for i, one := range d {
		if one != nil && one.Subject == l.Type {
			loaded := *one
			loaded.Loaded = l
			d[i] = &loaded
		}
	}
	return d
}

// A typeDescription is what describes the values of one type.
type typeDescription struct {
	typ     reflect.Type
	shown   Description // all facts that hold
	created Description // the facts for the type alone: of what a POST created
}

// forType is what describes values of type t, nil where no fact takes a t.
func (p *Path) forType(t reflect.Type) *typeDescription {
	for i := range p.describedTypes {
		if p.describedTypes[i].typ == t {
			return &p.describedTypes[i]
		}
	}
	return nil
}

// shownFor is what describes values of type t where they are shown.
func (p *Path) shownFor(t reflect.Type) *Description {
	if d := p.forType(t); d != nil {
		return &d.shown
	}
	return &p.untyped
}

// bindDescriptions finds what describes the current representation, and what describes the
// entities of replies by their types. own are the facts of the Resource itself.
func (p *Path) bindDescriptions(b *binder, handlers []*Handler, own Description) {
	p.untyped = p.nearest(b, nil, true)
	for f := range factsOf(p.places) {
		if f.Kind.Family() != declare.Describing {
			continue
		}
		if t := b.subject(f); t != nil && p.forType(t) == nil && p.mayDescribe(handlers, t) {
			p.describedTypes = append(p.describedTypes, typeDescription{t, p.nearest(b, t, true), p.nearest(b, t, false)})
		}
	}
	slices.SortFunc(p.describedTypes, func(a, b typeDescription) int { return cmp.Compare(a.typ.String(), b.typ.String()) })
	p.Current = p.current()
	for i, d := range own {
		if d != nil && (p.Current[i] == nil || p.Current[i].Fact.Place.Level != declare.OnResource) {
			p.Current[i] = d
		}
	}
	if p.Get != nil {
		p.replied = p.stateOf(p.Get.Result)
	}
	for _, h := range handlers {
		if !h.Dynamic {
			h.Description = p.DescriptionOf(h, h.Result)
		}
	}
	p.holdDescribers(b, handlers)
	if p.Current.Of(declare.GenerateETag) == nil && p.Get != nil && !IsStream(p.Get.Result) {
		p.AutoETag = p.Settings.AutoETag
	}
}

// current is what describes the current representation: what the GET returns or, without a
// GET, the target. Of a dynamic GET nothing is known before it was run.
func (p *Path) current() Description {
	switch {
	case p.Get == nil && len(p.Targets) == 1:
		return p.shownFor(p.Targets[0].Type).of(p.Targets[0])
	case p.Get == nil:
		return p.untyped
	case p.Get.Identity != nil:
		return p.shownFor(p.Get.Result).of(p.Get.Identity)
	case p.Get.Dynamic:
		return Description{}
	}
	return *p.shownFor(p.Get.Result)
}

// mayDescribe reports whether a value of type t may come to be described: it is the target of a
// path without a GET, or one of handlers may return it.
func (p *Path) mayDescribe(handlers []*Handler, t reflect.Type) bool {
	return p.Get == nil && len(p.Targets) == 1 && p.Targets[0].Type == t ||
		slices.ContainsFunc(handlers, func(h *Handler) bool { return h.mayReturn(t) })
}

// stateOf is what describes the state that a PUT or PATCH left, where it returns what the GET
// returns. The facts of the Resource that take another loaded value hold, too.
func (p *Path) stateOf(t reflect.Type) Description {
	d := *p.shownFor(t)
	for i, own := range p.Current {
		if own != nil && own.Loaded != nil && own.Subject != t && own.Fact.Place.Level == declare.OnResource {
			d[i] = own
		}
	}
	return d
}

// DescriptionOf is what describes a value of type t that a handler returned. What
// a POST created lives elsewhere, so only the facts for its type are about it. Of what a method
// returns that RFC 9110 does not know, nothing else is known either. What a PUT or
// PATCH left is what the path shows.
func (p *Path) DescriptionOf(h *Handler, t reflect.Type) *Description {
	switch method := h.Method; {
	case method == http.MethodGet && p.Get.Dynamic:
		return p.dynamicOf(t)
	case method == http.MethodGet:
		return &p.Current
	case method == http.MethodPost || h.Other:
		if d := p.forType(t); d != nil {
			return &d.created
		}
		return &Description{}
	case p.Get != nil && p.Get.Result == t:
		return &p.replied
	}
	return p.shownFor(t)
}

// dynamicOf is what describes a value of type t that a dynamic GET returned.
func (p *Path) dynamicOf(t reflect.Type) *Description {
	d := p.Current
	for i, other := range p.shownFor(t) {
		if d[i] == nil || other != nil && other.Fact == d[i].Fact {
			d[i] = other // of the value itself, where a loaded one would have stood in
		}
	}
	for _, described := range p.describedTypes { // t may implement an interface that is described
		if t == nil || described.typ.Kind() != reflect.Interface || !t.Implements(described.typ) {
			continue
		}
		for i, other := range described.shown {
			if d[i] == nil || other != nil && other.Fact == d[i].Fact {
				d[i] = other
			}
		}
	}
	return &d
}

// holdDescribers notes the facts that hold on the path, or on a reply of it.
func (p *Path) holdDescribers(b *binder, handlers []*Handler) {
	hold := func(d *Description) {
		for one := range d.all() {
			b.hold(one.Fact)
		}
	}
	hold(&p.Current)
	dynamic := p.Get != nil && p.Get.Dynamic
	if dynamic {
		hold(&p.untyped)
	}
	for i := range p.describedTypes {
		described := &p.describedTypes[i]
		if dynamic {
			hold(&described.shown)
		}
		if !slices.ContainsFunc(handlers, func(h *Handler) bool { return h.replies() && h.mayReturn(described.typ) }) {
			continue
		}
		for _, k := range []declare.Kind{declare.GenerateETag, declare.LastModified, declare.Location} {
			for _, d := range []*Describer{described.shown.Of(k), described.created.Of(k)} {
				if d != nil {
					b.hold(d.Fact)
				}
			}
		}
	}
}

// replies reports whether what the handler returns is described in the answer to a write.
func (h *Handler) replies() bool {
	if h.Other {
		return h.Replies || h.Dynamic // it may be a 201
	}
	return h.Method != http.MethodGet && h.Method != http.MethodDelete
}

// Validated reports whether the current representation can have validators.
func (p *Path) Validated() bool { return p.Current.validates() || p.bringsValidators() }

// bringsValidators reports whether what the GET returned may bring a validator with it: its
// hash, the date of a file, or the facts for a type that only the value tells.
func (p *Path) bringsValidators() bool {
	switch {
	case p.AutoETag != declare.NoTags:
		return true
	case p.Get == nil:
		return false
	case p.Get.Dynamic:
		if p.untyped.validates() || slices.ContainsFunc(p.describedTypes, func(t typeDescription) bool { return t.shown.validates() }) {
			return true
		}
	}
	return p.Get.Result != nil && p.Get.Result.Implements(fileType)
}

// validators are the kinds of facts that a precondition is compared with.
var validators = []declare.Kind{declare.GenerateETag, declare.LastModified}

// guardsTarget reports whether the path has a validator of what it is about: any but one that
// does not take a value, and was given for more than this path.
func (p *Path) guardsTarget() bool {
	for _, k := range validators {
		if d := p.Current.Of(k); d != nil && (d.Subject != nil || d.Fact.Place.Level == declare.OnResource) {
			return true
		}
	}
	return p.bringsValidators()
}
