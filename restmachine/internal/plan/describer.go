package plan

import (
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file binds the facts that describe a value: GenerateETag, LastModified, Expires,
// CacheControl and Location. In comes such a fact. Out comes a Describer, with the type whose
// values it describes: the type of its first parameter. Which of them holds for which values
// is in description.go. It also says when each method asks them: some before the content is
// read, and some not at all after a write.

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
// it, and for a Location where a 201 may carry it.
func (c *compiler) subject(f *declare.Fact) reflect.Type {
	if len(f.Func.In) == 0 {
		return nil
	}
	t := f.Func.In[0]
	provided := c.Supply.provider(t) != "" || c.Supply.vocabulary.provides(t)
	switch {
	case c.Supply.loaders[t] != nil || c.returned[t],
		!provided && slices.Contains(c.dynamic, f.Place),
		!provided && f.Kind == declare.Location && c.created[t]:
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
		returns = "GET " + p.route + " returns nothing"
	default:
		returns = "GET " + p.route + " returns " + p.Get.Result.String()
	}
	b.faults.Note(declare.Fault{
		Text:  fmt.Sprintf("%s takes %s, but no ResourceExists provides it, and %s; take what a ResourceExists provides or the GET returns", d.Fact, d.Subject, returns),
		Seen:  []declare.Sighting{{Site: d.Fact.Func.Site, From: []declare.Clue{{Func: d.Fact.Func, Place: d.Fact.Place, Types: []reflect.Type{d.Subject}}}}},
		Depth: declare.Bound, Gaps: []declare.Gap{{Func: d.Fact.Func}},
	})
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
			b.bothGiven(d[i].Fact, f)
		}
	}
}

// bothGiven reports two facts of one kind at one place, unless one of them was meant for another
// type, and that is a fault.
func (b *binder) bothGiven(nearest, f *declare.Fact) {
	seen := declare.Sighting{Site: f.Func.Site}
	for _, one := range []*declare.Fact{nearest, f} {
		b.describer(one) // for the faults of what it takes
		seen.From = append(seen.From, declare.Clue{Func: one.Func, Types: one.Func.In})
	}
	b.faults.Note(declare.Fault{
		Text: fmt.Sprintf("%s and %s are both given on %s; keep one", nearest, f, f.Place), Seen: []declare.Sighting{seen},
		Depth: declare.Bound, Gaps: []declare.Gap{{Func: f.Func}},
	})
}

// A Foreseen is found out before the content that it describes is read, so that no validator
// is newer than the content beside it.
type Foreseen struct {
	Kind   declare.Kind
	Fact   *Describer // it does not take a value, and is asked; nil: only Beside is made
	Beside Source     // what a fact takes beside its value
	Made   []int      // the slots of what is made anew where the fact is asked again: all but what is held
}

// foresee finds what the method asks and makes early: before anything is loaded; and late:
// before the GET is run, where that takes what is loaded.
func (m *Method) foresee() {
	if m.Handler == nil || !m.Reads() && !m.Writes() {
		return
	}
	for d := range m.Path.describers() {
		k := d.Fact.Kind
		if k == declare.Location || !m.Reads() && !slices.Contains(validators, k) {
			continue
		}
		if d.Subject == nil {
			f := Foreseen{Kind: k, Fact: d}
			for made := range dependenciesOf(d.Callback) {
				if !made.hasCleanup() {
					f.Made = append(f.Made, made.Slot)
				}
			}
			m.foreseeOne(f, d.Callback.Needs)
			continue
		}
		if d.Loaded != nil {
			m.foreseeLoad(k, Source{Origin: FromResource, Load: d.Loaded})
		}
		for _, s := range d.Callback.Sources {
			switch s.Origin {
			case FromDependency:
				m.foreseeOne(Foreseen{Kind: k, Beside: s}, s.Dependency.Callback.Needs)
			case FromResource, FromOptional:
				m.foreseeLoad(k, s)
			}
		}
	}
	if len(m.Early) > 0 {
		m.Path.markShown()
		slices.SortStableFunc(m.Early, func(a, b Foreseen) int { return a.makesShown() - b.makesShown() })
	}
}

// makesShown is 1 where to find f out makes a Dependency that the content is made from, and else
// 0. That one is found out last: nothing may be asked once there is content.
func (f *Foreseen) makesShown() int {
	made := map[*Dependency]bool{}
	if f.Fact != nil {
		made = dependenciesOf(f.Fact.Callback)
	} else if d := f.Beside.Dependency; d != nil {
		made = dependenciesOf(d.Callback)
		made[d] = true
	}
	for d := range made {
		if d.Shown {
			return 1
		}
	}
	return 0
}

// foreseeLoad notes a load, unless the method does it anyway before the GET is run.
func (m *Method) foreseeLoad(k declare.Kind, s Source) {
	if !slices.Contains(m.Use.Required, s.Load) {
		m.Late = append(m.Late, Foreseen{Kind: k, Beside: s})
	}
}

func (m *Method) foreseeOne(f Foreseen, n Needs) {
	if len(n.all()) > 0 {
		m.Late = append(m.Late, f)
	} else {
		m.Early = append(m.Early, f)
	}
}

// describers are the facts that may describe what the path shows.
func (p *Path) describers() iter.Seq[*Describer] {
	return func(yield func(*Describer) bool) {
		told := map[*declare.Fact]bool{}
		descriptions := []*Description{&p.Current}
		if p.Get != nil && p.Get.Dynamic {
			descriptions = append(descriptions, &p.untyped)
			for i := range p.describedTypes {
				descriptions = append(descriptions, &p.describedTypes[i].shown)
			}
		}
		for _, description := range descriptions {
			for d := range description.all() {
				if !told[d.Fact] && !yield(d) {
					return
				}
				told[d.Fact] = true
			}
		}
	}
}

// markShown marks the Dependencies that the path's content is made from.
func (p *Path) markShown() {
	if p.Get == nil {
		return
	}
	from := []*Callback{p.Get.Callback}
	for _, o := range p.renderers() {
		from = append(from, o.Callback)
	}
	for d := range dependenciesOf(from...) {
		d.Shown = true
	}
}

// omit finds the validators that the answers of the method do not carry.
func (m *Method) omit() {
	if m.Handler == nil || !m.Handler.replies() {
		return
	}
	held := dependenciesOf(m.Handler.Callback)
	for _, l := range m.Use.Required {
		maps.Copy(held, dependenciesOf(l.Callback))
	}
	for description := range m.answered() {
		for _, k := range validators {
			d := description.Of(k)
			if d == nil || m.OmitsFact(d) {
				continue
			}
			if why := d.outdated(held); why != "" {
				m.Omits = append(m.Omits, Omission{d, why})
			}
		}
	}
}

// An Omission is a validator that the answers of a method do not carry.
type Omission struct {
	*Describer
	since string // for Describe
}

// OmitsFact reports whether the answers of the method do not carry a validator.
func (m *Method) OmitsFact(d *Describer) bool {
	return slices.ContainsFunc(m.Omits, func(o Omission) bool { return o.Describer == d })
}

// answered are the descriptions of what the handler of a write may return.
func (m *Method) answered() iter.Seq[*Description] {
	return func(yield func(*Description) bool) {
		if h := m.Handler; !h.Dynamic {
			yield(h.Description)
			return
		}
		for i := range m.describedTypes {
			if !yield(m.DescriptionOf(m.Handler, m.describedTypes[i].typ)) {
				return
			}
		}
		if m.Get != nil && !m.Get.Dynamic && !yield(m.DescriptionOf(m.Handler, m.Get.Result)) { // no fact may take it
			return
		}
		yield(m.DescriptionOf(m.Handler, nil))
	}
}

// outdated says why a fact would have to be asked after a write, when another process may have
// written again. It is "" for a fact that takes the very value that the handler returned, alone
// or beside what no write changes: what an OnStartup provides, what the request says, and what
// is held until the answer is there. held are the Dependencies that the handler is given.
func (d *Describer) outdated(held map[*Dependency]bool) string {
	switch {
	case d.Subject == nil:
		return "it does not take a value"
	case d.Loaded != nil:
		return fmt.Sprintf("it takes the loaded %s", d.Subject)
	}
	for i, s := range d.Callback.Sources {
		switch s.Origin {
		case FromResource, FromOptional:
			return fmt.Sprintf("it takes the loaded %s", s.Load.Type)
		case FromDependency:
			if !s.Dependency.hasCleanup() || !held[s.Dependency] {
				return fmt.Sprintf("it takes the %s of a Dependency", d.Fact.Func.In[i])
			}
		}
	}
	return ""
}

// Carries reports whether answers to the method may carry what a fact of a describing kind
// says: those of a GET what its representation has, those of a write what it returned.
func (m *Method) Carries(k declare.Kind) bool {
	if m.Reads() {
		return m.Path.Current.Of(k) != nil || m.Path.Get.Dynamic && (m.Path.untyped.Of(k) != nil ||
			slices.ContainsFunc(m.describedTypes, func(t typeDescription) bool { return t.shown.Of(k) != nil }))
	}
	if !m.Handler.replies() {
		return false
	}
	for description := range m.answered() {
		if d := description.Of(k); d != nil && !m.OmitsFact(d) {
			return true
		}
	}
	return false
}
