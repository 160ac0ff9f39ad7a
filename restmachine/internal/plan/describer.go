package plan

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file binds the facts that describe a value: GenerateETag, LastModified, Expires,
// CacheControl and Location. In comes such a fact. Out comes a Describer, with the type whose
// values it describes: the type of its first parameter. Which of them holds for which values
// is in description.go.

// A Describer is one such fact on one path.
type Describer struct {
	Fact     *declare.Fact
	Callback *Callback
	Subject  reflect.Type // whose values it describes; nil: it does not take such a value
	Loaded   *Load        // it describes this loaded value, and not what the GET returned
	why      string       // the rule by which it holds, for Describe
}

// Failed is an error of the fact, with its name.
func (d *Describer) Failed(err error) error { return fmt.Errorf("%s: %w", d.Fact, err) }

// subject is the type whose values a describing fact describes, nil for one that does not
// take such a value. A type that nothing provides counts where a dynamic GET below may return
// it.
func (c *compiler) subject(f *declare.Fact) reflect.Type {
	if len(f.Func.In) == 0 {
		return nil
	}
	t := f.Func.In[0]
	provided := c.Supply.provider(t) != "" || c.Supply.vocabulary.provides(t)
	if c.Supply.loaders[t] != nil || c.returned[t] || !provided && slices.Contains(c.dynamic, f.Place) {
		return t
	}
	return nil
}

// newDescriber binds a describing fact: its subject is the value that is being described, the
// rest is injected.
func (b *binder) newDescriber(f *declare.Fact) *Describer {
	d := &Describer{Fact: f, Subject: b.subject(f)}
	var own ownSource
	if d.Subject != nil {
		own = subjectFirst
	}
	d.Callback = b.bind(f.Kind.String(), f.Func, own)
	return d
}

// describer is the Describer of a fact for whatever the path shows. It is bound once.
func (b *binder) describer(f *declare.Fact) *Describer {
	d := b.describers[f]
	if d == nil {
		d = b.newDescriber(f)
		d.why = "by its type"
		if d.Subject == nil {
			d.why = "does not take a value"
		}
		b.describers[f] = d
	}
	return d
}

// ownDescribers are the describing facts of the Resource itself that do not describe what its
// GET returns: they always hold there, of what is loaded.
func (p *Path) ownDescribers(b *binder) Description {
	var own Description
	resource := p.places[0]
	if resource.Level != declare.OnResource {
		return own
	}
	for _, f := range resource.Facts {
		if f.Kind.Family() != declare.Describing {
			continue
		}
		d := b.newDescriber(f)
		if d.Subject != nil && !(p.Get != nil && p.Get.Identity == nil && p.Get.Result == d.Subject) {
			if f.Kind == declare.Location && b.loads[d.Subject] == nil {
				continue // it is about what is created here, and loads nothing
			}
			if d.Loaded = b.load(d.Subject); d.Loaded == nil {
				p.checkSubject(b, d)
				continue
			}
		}
		d.why = "given on the Resource"
		own[f.Kind-declare.FirstDescribing] = d
	}
	return own
}

// checkSubject finds a describing fact of the Resource whose value is neither loaded nor what
// the GET may return.
func (p *Path) checkSubject(b *binder, d *Describer) {
	returns := "the path has no GET"
	switch {
	case p.Get == nil:
	case p.Get.Dynamic:
		return
	case p.Get.Result == nil:
		returns = "GET " + p.Route + " returns nothing"
	default:
		returns = "GET " + p.Route + " returns " + p.Get.Result.String()
	}
	b.faults.Add(d.Fact.Func.Site, "%s takes %s, but no ResourceExists provides it, and %s; take what a ResourceExists provides or the GET returns", d.Fact, d.Subject, returns)
	b.excuse(d.Fact)
}

// nearest are the nearest facts of each describing kind for values of type t. A fact that does
// not take a value counts where untyped is set; at one place, a fact that takes a t goes before
// it. t is nil for the types that no fact takes.
func (p *Path) nearest(b *binder, t reflect.Type, untyped bool) Description {
	var d Description
	for _, at := range p.places {
		if t != nil {
			d.fill(b, at, t)
		}
		if untyped {
			d.fill(b, at, nil)
		}
	}
	return d
}

// fill adds the facts of a place that describe values of type t, nil for those that do not take
// a value. A kind that a nearer place has is not added.
func (d *Description) fill(b *binder, at *declare.Place, t reflect.Type) {
	for _, f := range at.Facts {
		if f.Kind.Family() != declare.Describing || b.subject(f) != t {
			continue
		}
		i := f.Kind - declare.FirstDescribing
		if d[i] == nil {
			d[i] = b.describer(f)
		} else if d[i].Fact.Place == at && d[i].Subject == t {
			b.faults.Add(f.Func.Site, "%s and %s are both given on %s; keep one", d[i].Fact, f, at)
			b.excuse(f)
		}
	}
}
