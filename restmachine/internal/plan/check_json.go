package plan

import (
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// This file finds types that JSON cannot hold. In come the types that a path reads from
// content and writes into it. Out come the faults of those that would fail at each request, or
// that have a mistake in a tag.

func (p *Path) checkJSON(fs *declare.Faults, handlers []*Handler) {
	rules := p.Plans.JSON
	for _, h := range handlers {
		if h.Dynamic || !p.writesJSON(h.Result) || unrenderable(h.Result) != nil {
			continue
		}
		if err := rules.Unwritable(writtenAs(h.Result)); err != nil {
			fs.Add(h.Func.Site, "%s %s returns %s, which cannot be written as JSON: %v; leave a field out by the tag `json:\"-\"`, or add a Provides for %s",
				h.Method, p.route, h.Result, err, h.Result)
		}
	}
	p.checkRenderedJSON(fs)
	seen := map[reflect.Type]bool{}
	for _, m := range p.Methods {
		for _, b := range m.Bodies {
			if m.Handler == nil || b.JSON == nil || seen[b.typ] {
				continue
			}
			seen[b.typ] = true
			if err := rules.Unreadable(p.ReadAs(b.typ)); err != nil {
				fs.Add(m.Handler.Func.Site, "%s %s takes Body[%s], which cannot be read from JSON: %v; leave a field out by the tag `json:\"-\"`, or add an Accepts that returns %s",
					m.Name, p.route, b.typ, err, b.typ)
			}
		}
	}
}

// writtenAs is what a value of type t is written as, one by one: the T of a sequence, and else t
// itself.
func writtenAs(t reflect.Type) reflect.Type {
	if element := stream.ElementOf(t); element != nil {
		return element
	}
	return t
}

// ReadAs is what a Body[t] is read as in the end: the T of a MergePatch[T], and else t itself.
func (p *Path) ReadAs(t reflect.Type) reflect.Type { return p.Plans.Supply.vocabulary.readAs(t) }

// writesJSON reports whether the App writes values of type t as JSON, by the default encoder,
// where nothing else renders them.
func (p *Path) writesJSON(t reflect.Type) bool {
	return t != nil && !p.Plans.OwnJSON && slices.ContainsFunc(p.OffersOf(t), func(o Offer) bool {
		return o.Callback == nil && o.Media == jsonType
	})
}

// checkRenderedJSON finds renderers that return what JSON cannot hold.
func (p *Path) checkRenderedJSON(fs *declare.Faults) {
	var all []Offer
	for _, offers := range p.offers {
		all = append(all, offers...)
	}
	for _, o := range p.wide {
		all = append(all, o.Offer)
	}
	for _, o := range all {
		t := o.Callback.Func.Returns()
		if t == nil || p.Plans.OwnJSON || t.Kind() == reflect.String || t == declare.BytesType || IsStream(t) && writtenAs(t) == t {
			continue
		}
		if err := p.Plans.JSON.Unwritable(writtenAs(t)); err != nil {
			fs.Add(o.Callback.Func.Site, "Provides %s %s returns %s, which cannot be written as JSON: %v", o.Media, o.Callback.Func.Name, t, err)
		}
	}
}
