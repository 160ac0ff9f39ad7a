package plan

import (
	"encoding"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file checks the plan of a path. In comes the plan, whole. Out come the faults of its
// facts: those that are asked too early, or that would not hold, in silence. It also finds the
// types that JSON cannot hold, or that have a mistake in a tag, among those that the path reads
// from content and writes into it. Out come reports of what caches may do with what it shows.

func (p *Path) check(fs *declare.Faults, handlers []*Handler) {
	p.checkStages(fs)
	p.checkTargetGates(fs)
	p.checkNearMiss(fs, handlers)
	p.checkDescribers(fs)
	p.checkRenderers(fs)
	p.checkResults(fs, handlers)
	p.checkJSON(fs, handlers)
}

// checkStages finds gates that are asked before what they take is there.
func (p *Path) checkStages(fs *declare.Faults) {
	for i, gates := range p.Gates {
		kind := declare.Kind(i)
		for _, g := range gates {
			loaded := g.Needs.all()
			if len(loaded) > 0 && kind.Stage() != declare.AfterLoading && kind != declare.Forbidden {
				fs.On(p.route, g.Fact.Func.Site, "%s takes %s, but runs before anything is loaded ("+declare.Where+"); decide this in a Forbidden, which may take it",
					g.Fact, loaded[len(loaded)-1].Type)
			}
			if len(loaded) == 0 && kind.Stage() == declare.BeforeContent && len(g.Needs.bodies) > 0 {
				fs.On(p.route, g.Fact.Func.Site, "%s takes the content as Body[%s], but runs before the content is read; what must see the content, such as the check of a signature, is a Dependency that takes Body[[]byte] and returns a value, or a 401 Problem; take that value in the handlers of "+declare.Where,
					g.Fact, g.Needs.bodies[0].typ)
			}
		}
	}
}

// checkTargetGates finds gates that are asked only where the target is missing, and take it.
func (p *Path) checkTargetGates(fs *declare.Faults) {
	for _, k := range []declare.Kind{declare.PreviouslyExisted, declare.MovedPermanently, declare.MovedTemporarily, declare.AllowMissingPost} {
		for _, g := range p.Gates[k] {
			for _, t := range p.Targets {
				if slices.Contains(g.Needs.all(), t) {
					fs.On(p.route, g.Fact.Func.Site, "%s takes %s, the target of "+declare.Where+", but runs only where the target is missing; take the parameters of the path instead",
						g.Fact, t.Type)
				}
			}
		}
	}
}

// checkNearMiss finds facts for *T where the path returns T, and the reverse.
func (p *Path) checkNearMiss(fs *declare.Faults, handlers []*Handler) {
	for _, h := range handlers {
		if h.Result == nil || h.Dynamic {
			continue
		}
		for f := range factsOf(p.places) {
			if f.Kind.Family() != declare.Describing && f.Kind != declare.Provides || len(f.Func.In) == 0 {
				continue
			}
			t := f.Func.In[0]
			if (declare.IsPointerTo(t, h.Result) || declare.IsPointerTo(h.Result, t)) && !p.hasFor(f.Kind, h.Result) {
				fs.Note(declare.Fault{
					Text:  fmt.Sprintf("a fact for %s does not hold for the %s that a handler returns; take %s in the fact, or return %s", t, h.Result, h.Result, t),
					Cause: nearMiss{t, h.Result}, Label: "as in", Depth: declare.Typed,
					Seen: []declare.Sighting{{Site: f.Func.Site, Where: f.String() + " beside " + link{h.Method + " " + p.route, h.Func}.String()}},
					Gaps: []declare.Gap{{Func: f.Func}, {Places: p.places[:1], Types: []reflect.Type{t}}},
				})
			}
		}
	}
}

// nearMiss is the cause of the fault that facts take another type than handlers return.
type nearMiss struct{ fact, result reflect.Type }

// hasFor reports whether a fact of a kind for values of type t was given above the path.
func (p *Path) hasFor(k declare.Kind, t reflect.Type) bool {
	for f := range factsOf(p.places) {
		if f.Kind == k && len(f.Func.In) > 0 && f.Func.In[0] == t {
			return true
		}
	}
	return false
}

// checkDescribers finds describing facts that take a loaded type beside the value that they
// describe, where the path does not load it.
func (p *Path) checkDescribers(fs *declare.Faults) {
	for d := range p.Current.all() {
		for _, l := range d.Callback.Needs.all() {
			if !slices.Contains(p.loaded, l) {
				fs.On(p.route, d.Fact.Func.Site, "%s takes %s, which is not loaded on "+declare.Where+"; give the fact to the Resource", d.Fact, l.Type)
			}
		}
	}
}

// checkResults finds handlers whose results nothing can render.
func (p *Path) checkResults(fs *declare.Faults, handlers []*Handler) {
	for _, h := range handlers {
		if h.Dynamic || len(p.offers[h.Result]) > 0 {
			continue
		}
		if t := unrenderable(h.Result); t != nil {
			fs.Add(h.Func.Site, "%s %s returns %s, and nothing renders a %s; return the values that it stands for, or add a Provides for %s",
				h.Method, p.route, h.Result, t, h.Result)
		}
	}
}

// unrenderable is the type in t that cannot become content: a channel, a function, a complex
// number, or a stream in a sequence; nil where there is none. It does not look into structs.
func unrenderable(t reflect.Type) reflect.Type {
	if element := stream.ElementOf(t); element != nil {
		if IsStream(element) {
			return element
		}
		t = element
	}
	for t != nil && !IsStream(t) && !t.Implements(jsonMarshaler) && !t.Implements(textMarshaler) {
		switch t.Kind() {
		case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
			return t
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			t = t.Elem()
		default:
			return nil
		}
	}
	return nil
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// checkRenderers finds renderers that ask for more than the write does whose entity they
// render: it would be done, and then answered with 404.
func (p *Path) checkRenderers(fs *declare.Faults) {
	for _, m := range p.Methods {
		if !m.Writes() || m.Handler.Result == nil {
			continue
		}
		for _, o := range p.own(m.Handler.Result) {
			if o.Callback == nil {
				continue
			}
			for _, l := range o.Callback.Needs.Required {
				if !slices.Contains(m.Use.Required, l) {
					fs.On(m.Name+" "+p.route, o.Callback.Func.Site, "Provides %s %s needs %s, which the handler of "+declare.Where+" does not take; take it there, too, or take restmachine.Optional[%s] in the renderer",
						o.Media, o.Callback.Func.Name, l.Type, l.Type)
				}
			}
		}
	}
}

// checkJSON finds types that would fail at each request.
func (p *Path) checkJSON(fs *declare.Faults, handlers []*Handler) {
	rules := p.Plans.JSON
	for _, h := range handlers {
		if h.Dynamic || !p.writesJSON(h.Result) || unrenderable(h.Result) != nil {
			continue
		}
		if err := rules.Unwritable(writtenAs(h.Result)); err != nil {
			fs.Note(declare.Fault{
				Text:  fmt.Sprintf("%s cannot be written as JSON: %v; leave a field out by the tag `json:\"-\"`, or add a Provides for %s", h.Result, err, h.Result),
				Cause: unwritable{h.Result}, Label: "returned by", Seen: h.sightings(p.route),
			})
		}
	}
	p.checkRenderedJSON(fs)
	for _, m := range p.Methods {
		for _, b := range m.Bodies {
			if m.Handler == nil || b.JSON == nil {
				continue
			}
			if err := rules.Unreadable(p.ReadAs(b.typ)); err != nil {
				fs.Note(declare.Fault{
					Text:  fmt.Sprintf("Body[%s] cannot be read from JSON: %v; leave a field out by the tag `json:\"-\"`, or add an Accepts that returns %s", b.typ, err, b.typ),
					Cause: unreadable{b.typ}, Label: "taken by", Seen: m.Handler.sightings(p.route),
				})
			}
		}
	}
}

// The causes of faults that many handlers may show.
type (
	unwritable struct{ reflect.Type }
	unreadable struct{ reflect.Type }
)

// sightings are the handler as a place where a fault is seen.
func (h *Handler) sightings(route string) []declare.Sighting {
	l := link{h.Method + " " + route, h.Func}
	return []declare.Sighting{{Site: h.Func.Site, Who: l.String(), Where: l.String()}}
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
	for _, o := range p.renderers() {
		t := o.Callback.Func.Returns()
		if t == nil || p.Plans.OwnJSON || t.Kind() == reflect.String || t == declare.BytesType || IsStream(t) && writtenAs(t) == t {
			continue
		}
		if err := p.Plans.JSON.Unwritable(writtenAs(t)); err != nil {
			fs.Add(o.Callback.Func.Site, "Provides %s %s returns %s, which cannot be written as JSON: %v; leave a field out by the tag `json:\"-\"`, or return text or bytes", o.Media, o.Callback.Func.Name, t, err)
		}
	}
}

var marshaler = reflect.TypeFor[json.Marshaler]()

// reportPartsShown reports results that are written as JSON by their fields, though a Provides says how
// a part of them, such as the element of a list, is to be shown: it holds for a result as a whole.
func (c *compiler) reportPartsShown() {
	fine := map[*Path]bool{} // many addresses may share a plan
	for i := range c.Addresses {
		at := &c.Addresses[i]
		if fine[at.Plan] {
			continue
		}
		fine[at.Plan] = true
		for _, m := range at.Plan.Methods {
			h := m.Handler
			if h == nil || m.Name == http.MethodHead || h.Dynamic || !at.Plan.writesJSON(h.Result) {
				continue
			}
			if f := at.Plan.shownOtherwise(writtenAs(h.Result), h.Result, map[reflect.Type]bool{}); f != nil {
				fine[at.Plan] = false // each of its routes is reported
				c.report(declare.Risk, "%s %s returns %s, whose %s are written by their fields: %s is for a %s that is returned by itself; give a Provides for %s, or return what clients may see",
					m.Name, at.Route, h.Result, f.Func.In[0], f, f.Func.In[0], h.Result)
			}
		}
	}
}

// shownOtherwise is the Provides of JSON for a part of t, or nil. whole is the result itself, which
// its own Provides would have rendered.
func (p *Path) shownOtherwise(t, whole reflect.Type, seen map[reflect.Type]bool) *declare.Fact {
	if t == nil || seen[t] || t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return nil
	}
	seen[t] = true
	if t != whole {
		for f := range factsOf(p.places) {
			if f.Kind == declare.Provides && f.Media == jsonType && f.Func.In[0] != whole &&
				(f.Func.In[0] == t || f.Func.In[0] == reflect.PointerTo(t)) {
				return f
			}
		}
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return p.shownOtherwise(t.Elem(), whole, seen)
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() && f.Tag.Get("json") != "-" && len(f.Index) == 1 {
				if found := p.shownOtherwise(f.Type, whole, seen); found != nil {
					return found
				}
			}
		}
	}
	return nil
}

// reportCaching reports what caches would do with answers, unless that is said: they show to
// others what is behind an Authorized, and guess how long content with a date is fresh.
func (c *compiler) reportCaching() {
	var guessed []string
	for i := range c.Addresses {
		at := &c.Addresses[i]
		p := at.Plan
		if p.Get == nil {
			continue
		}
		policy := p.Current.Of(declare.CacheControl)
		switch {
		case policy != nil && len(p.Gates[declare.Authorized]) > 0:
			if said, ok := policy.constant(); ok && isShareable(said) {
				c.report(declare.Risk, "GET %s is behind %s, and %s says %q, so a cache may show the answer for one client to another; say private, or public if whoever may see it sees the same (RFC 9111, 3.5)",
					at.Route, p.Gates[declare.Authorized][0].Fact, policy.Fact, said)
			}
		case policy == nil && p.Current.Of(declare.LastModified) != nil && p.Current.Of(declare.Expires) == nil:
			guessed = append(guessed, "GET "+at.Route)
		}
	}
	if len(guessed) > 0 { // one report for the App: an entity-tag alone lets nobody guess
		c.report(declare.Notice, "%s: there is a Last-Modified, and neither CacheControl nor Expires, so browsers guess how long it is fresh, mostly a tenth of its age, and do not ask meanwhile (RFC 9111, 4.2.2); say CacheControl no-cache, or for how long",
			declare.Few(guessed))
	}
}

// constant is what a fact says that takes nothing, and so says the same for every request. ok is
// false where it takes something, or fails.
func (d *Describer) constant() (text string, ok bool) {
	if len(d.Fact.Func.In) > 0 {
		return "", false
	}
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	var out wire.Result
	if err := d.Fact.Func.Invoke(new(wire.Args), &out); err != nil {
		return "", false
	}
	return out.Text(), true
}

// isShareable reports whether a Cache-Control lets a cache show an answer to another client
// without asking, though nobody has said that it may.
func isShareable(policy string) bool {
	policy = strings.ToLower(policy)
	return policy != "" && !slices.ContainsFunc([]string{"private", "no-store", "no-cache", "public"},
		func(word string) bool { return strings.Contains(policy, word) })
}
