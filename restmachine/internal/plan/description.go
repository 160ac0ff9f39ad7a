package plan

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file places the facts that describe a returned value: GenerateETag,
// LastModified, Expires, CacheControl and Location. Each belongs to the type of
// its first parameter, and holds where the path's GET returns that type.

// A describer is one such fact on one path.
type Describer struct {
	Fact     *declare.Fact
	Callback *Callback
	Subject  reflect.Type // whose values it describes; nil: it takes none
	Loaded   *Load        // it describes this loaded value, and not what the GET returned
	why      string       // the rule, for Describe
}

// A description is the fact of each describing kind that holds, or nil.
type Description [declare.Describings]*Describer

func (d *Description) Of(k declare.Kind) *Describer { return d[k.DescribingIndex()] }

// validates reports whether the description has a validator.
func (d *Description) validates() bool {
	return d.Of(declare.GenerateETag) != nil || d.Of(declare.LastModified) != nil
}

// subject is the type whose values a describing fact describes, nil for one
// that takes no such value. What nothing provides may be what a GET below
// returns in fact.
func (m *Plans) subject(f *declare.Fact) reflect.Type {
	if len(f.Func.In) == 0 {
		return nil
	}
	t := f.Func.In[0]
	given := m.Supply.provider(t) != "" || m.Supply.vocabulary.provides(t)
	if m.Supply.loaders[t] != nil || m.returned[t] || !given && slices.Contains(m.dynamicPlaces, f.Place) {
		return t
	}
	return nil
}

// ownDescribers are the describing facts given on the Resource itself that
// take a loaded value other than what the GET returns: they always hold there.
func (p *Path) ownDescribers(b *binder) Description {
	var own Description
	at := p.places[0]
	if at.Level != declare.OnResource {
		return own
	}
	for _, f := range at.Facts {
		if f.Kind.Family() != declare.Describing {
			continue
		}
		d := p.describer(b, f)
		if d.Subject != nil && !(p.Get != nil && p.Get.Identity == nil && p.Get.Result == d.Subject) {
			if f.Kind == declare.Location && b.loads[d.Subject] == nil {
				continue // it speaks of what is created here, and loads nothing
			}
			if d.Loaded = b.load(d.Subject); d.Loaded == nil {
				p.checkSubject(b, d)
				continue
			}
		}
		d.why = "given on the Resource"
		own[f.Kind.DescribingIndex()] = d
	}
	return own
}

// checkSubject finds a describing fact of the Resource whose value is neither
// loaded nor what the GET may return.
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
	p.Plans.holding[d.Fact] = true // the same mistake
	b.faults.Add(d.Fact.Func.Site, "%s takes %s, which no ResourceExists provides, and %s: take what is there", d.Fact, d.Subject, returns)
}

// describer binds a describing fact: its subject is the value that is being
// described, the rest is injected.
func (p *Path) describer(b *binder, f *declare.Fact) *Describer {
	d := &Describer{Fact: f, Subject: p.Plans.subject(f)}
	d.Callback = b.bind(f.Kind.String(), f.Func, func(i int, _ reflect.Type) Origin {
		if i > 0 || d.Subject == nil {
			return byType
		}
		return FromSubject
	})
	return d
}

// shared is the describer of a fact for all types on the path.
func (p *Path) shared(b *binder, f *declare.Fact) *Describer {
	d := b.describers[f]
	if d == nil {
		d = p.describer(b, f)
		d.why = "what the GET shows"
		if d.Subject == nil {
			d.why = "takes no value"
		}
		b.describers[f] = d
	}
	return d
}

// bindDescriptions finds what describes the current representation, and what
// describes the entities of replies by their types.
func (p *Path) bindDescriptions(b *binder, actions []*Handler, own Description) {
	p.untyped = p.nearest(b, nil, true)
	for _, at := range p.places {
		for _, f := range at.Facts {
			t := p.Plans.subject(f)
			if f.Kind.Family() != declare.Describing || t == nil || !p.mayDescribe(actions, t) {
				continue
			}
			if p.typed(t) == nil {
				p.byType = append(p.byType, typeDescription{t, p.nearest(b, t, true), p.nearest(b, t, false)})
			}
		}
	}
	slices.SortFunc(p.byType, func(a, b typeDescription) int { return cmp.Compare(a.typ.String(), b.typ.String()) })
	switch {
	case p.Get == nil && len(p.Targets) == 1:
		p.Current = p.byTypeOf(p.Targets[0].Type).from(p.Targets[0])
	case p.Get != nil && p.Get.Identity != nil:
		p.Current = p.byTypeOf(p.Get.Result).from(p.Get.Identity)
	case p.Get != nil && !p.Get.Dynamic:
		p.Current = *p.byTypeOf(p.Get.Result)
	case p.Get == nil:
		p.Current = p.untyped
	}
	for i, d := range own {
		if d != nil && (p.Current[i] == nil || p.Current[i].Fact.Place.Level != declare.OnResource) {
			p.Current[i] = d
		}
	}
	if p.Get != nil {
		p.replied = p.stateOf(p.Get.Result)
	}
	for _, a := range actions {
		if !a.Dynamic {
			a.Description = p.DescriptionOf(a.Method, a.Result)
		}
	}
	p.noteHeld(actions)
	if p.Current.Of(declare.GenerateETag) == nil && p.Get != nil && !IsStream(p.Get.Result) {
		p.AutoETag = p.Settings.AutoETag
	}
}

// shows reports whether a value of type t may come to be described: it is the
// target of a path without a GET, or one of actions may return it.
func (p *Path) mayDescribe(actions []*Handler, t reflect.Type) bool {
	return p.Get == nil && len(p.Targets) == 1 && p.Targets[0].Type == t ||
		slices.ContainsFunc(actions, func(a *Handler) bool { return a.returns(t) })
}

// returns reports whether the action may return a t.
func (a *Handler) returns(t reflect.Type) bool { return a.Dynamic || a.Result == t }

// hold notes the facts that hold on the path, or on a reply of it, for the
// fault of those that hold nowhere.
func (p *Path) noteHeld(actions []*Handler) {
	hold := func(d *Describer) {
		if d != nil {
			p.Plans.holding[d.Fact] = true
		}
	}
	for _, d := range p.Current {
		hold(d)
	}
	if p.Get != nil && p.Get.Dynamic {
		for _, d := range p.untyped {
			hold(d)
		}
	}
	for _, t := range p.byType {
		if p.Get != nil && p.Get.Dynamic {
			for _, d := range t.shown {
				hold(d)
			}
		}
		replied := slices.ContainsFunc(actions, func(a *Handler) bool {
			return a.Method != http.MethodGet && a.Method != http.MethodDelete && a.returns(t.typ)
		})
		for _, k := range []declare.Kind{declare.GenerateETag, declare.LastModified, declare.Location} {
			if replied {
				hold(t.shown.Of(k))
				hold(t.created.Of(k))
			}
		}
	}
}

// typed is what describes the values of one type.
type typeDescription struct {
	typ     reflect.Type
	shown   Description // all facts that hold
	created Description // those for its type alone: of what a POST created
}

// typed is what describes values of type t, nil where nothing is for them.
func (p *Path) typed(t reflect.Type) *typeDescription {
	for i := range p.byType {
		if p.byType[i].typ == t {
			return &p.byType[i]
		}
	}
	return nil
}

// byTypeOf is what describes values of type t.
func (p *Path) byTypeOf(t reflect.Type) *Description {
	if d := p.typed(t); d != nil {
		return &d.shown
	}
	return &p.untyped
}

// from is the description of one loaded value.
func (d Description) from(l *Load) Description {
	for i, one := range d {
		if one != nil && one.Subject == l.Type {
			loaded := *one
			loaded.Loaded = l
			d[i] = &loaded
		}
	}
	return d
}

// nearest finds the nearest fact of each describing kind for values of type t;
// at one place, one that takes a t goes before one that takes no value, which
// counts only where untyped is set.
func (p *Path) nearest(b *binder, t reflect.Type, untyped bool) Description {
	var d Description
	for _, at := range p.places {
		for _, typed := range []bool{true, false} {
			if !typed && !untyped {
				continue
			}
			for _, f := range at.Facts {
				if f.Kind.Family() != declare.Describing {
					continue
				}
				s := p.Plans.subject(f)
				if typed && (s == nil || s != t) || !typed && s != nil {
					continue
				}
				i := f.Kind.DescribingIndex()
				if d[i] == nil {
					d[i] = p.shared(b, f)
				} else if d[i].Fact.Place == at && d[i].Subject == s && d[i].Fact != f {
					b.faults.Add(f.Func.Site, "%s and %s are both given on %s; keep one", d[i].Fact, f, at)
				}
			}
		}
	}
	return d
}

// validated reports whether the current representation can have validators.
func (p *Path) Validated() bool { return p.Current.validates() || p.bringsValidators() }

// brings reports whether what the GET returned may bring a validator with it:
// its hash, its file's date, or that of a type that only the value tells.
func (p *Path) bringsValidators() bool {
	switch {
	case p.AutoETag != declare.NoTags:
		return true
	case p.Get == nil:
		return false
	case p.Get.Dynamic:
		if p.untyped.validates() || slices.ContainsFunc(p.byType, func(t typeDescription) bool { return t.shown.validates() }) {
			return true
		}
	}
	return p.Get.Result != nil && p.Get.Result.Implements(fileType)
}

// guards reports whether the path has a validator of what it is about: any but
// one that takes no value and was given for more than this path.
func (p *Path) guardsTarget() bool {
	for _, k := range []declare.Kind{declare.GenerateETag, declare.LastModified} {
		if d := p.Current.Of(k); d != nil && (d.Subject != nil || d.Fact.Place.Level == declare.OnResource) {
			return true
		}
	}
	return p.bringsValidators()
}

// represents says when a method needs the current representation before its
// preconditions: what its GET returns, which nothing else knows.
func (p *Path) needsCurrent(method string, creates bool) When {
	if p.Get == nil || p.Get.Identity != nil && p.AutoETag == declare.NoTags {
		return Never
	}
	reads := method == http.MethodGet || method == http.MethodHead
	switch {
	case !p.Validated() && (reads || p.Get.Dynamic):
		return WithPrecondition // it may fail (RFC 9110, 13.2.1); a Reply may bring validators of its own
	case !p.Validated():
		return Never
	case reads || method == http.MethodPut && creates:
		return Always
	}
	return WithPrecondition
}

// when says on which requests something is done.
type When uint8

const (
	Never            When = iota
	WithPrecondition      // on those that carry a precondition
	Always
)

// descriptionOf is what describes a value of type t that the handler of a method
// returned. What a POST created lives elsewhere: the facts for its type alone speak
// of it. What a PUT or PATCH left is what the path shows.
func (p *Path) DescriptionOf(method string, t reflect.Type) *Description {
	switch {
	case method == http.MethodGet && p.Get.Dynamic:
		return p.dynamicOf(t)
	case method == http.MethodGet:
		return &p.Current
	case method == http.MethodPost:
		if d := p.typed(t); d != nil {
			return &d.created
		}
		return &Description{}
	case p.Get != nil && p.Get.Result == t:
		return &p.replied
	}
	return p.byTypeOf(t)
}

// dynamicOf is what describes a value of type t that a GET returned whose values
// alone tell their type.
func (p *Path) dynamicOf(t reflect.Type) *Description {
	d := p.Current
	for i, other := range p.byTypeOf(t) {
		if d[i] == nil || other != nil && other.Fact == d[i].Fact {
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
func (p *Path) stateOf(t reflect.Type) Description {
	d := *p.byTypeOf(t)
	for i, own := range p.Current {
		if own != nil && own.Loaded != nil && own.Subject != t && own.Fact.Place.Level == declare.OnResource {
			d[i] = own
		}
	}
	return d
}

// failed is an error of the fact, with its name.
func (d *Describer) Failed(err error) error { return fmt.Errorf("%s: %w", d.Fact, err) }
