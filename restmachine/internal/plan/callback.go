package plan

import (
	"cmp"
	"iter"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is what a bound callback is, and what it needs: the data that binder.go makes and
// package exchange calls by. It says where the value of a parameter comes from. A source is data:
// the plan says which one serves, and package exchange gets the value.

// A Callback is a function of the user with a source for each of its parameters.
type Callback struct {
	Func    *wire.Func
	Sources []Source // of the parameters, in their order
	Needs   Needs
}

// Needs are what a callback asks for, itself or through what provides its parameters.
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

// all are the loads, also those that may be missing.
func (n Needs) all() []*Load { return declare.Union(slices.Clone(n.Required), n.optional) }

// mayMiss reports whether l is asked for, and may be missing.
func (n Needs) mayMiss(l *Load) bool {
	return slices.Contains(n.optional, l) && !slices.Contains(n.Required, l)
}

// has reports whether a load of type t is asked for.
func (n Needs) has(t reflect.Type) bool {
	return slices.ContainsFunc(n.all(), func(l *Load) bool { return l.Type == t })
}

// A Load is a type that a ResourceExists provides on one path.
type Load struct {
	Type     reflect.Type
	Slot     int       // of its value in an attempt
	Callback *Callback // nil: overridden
	Override any       // what stands for it then
	fact     *declare.Fact
}

// By names what loads the value, and where it was given.
func (l *Load) By() string {
	if l.Callback == nil {
		return "the Override of it"
	}
	return l.fact.String()
}

// needs are what the load is made from.
func (l *Load) needs() Needs {
	if l.Callback == nil {
		return Needs{} // overridden, or not bound to the end: a circle
	}
	return l.Callback.Needs
}

// closure is the load behind everything that must exist for it to exist.
func (l *Load) closure() []*Load {
	return append(slices.Clone(l.needs().Required), l)
}

// A Dependency is a value that a provider makes on one path, at most once for each attempt.
type Dependency struct {
	Slot     int // of its value in an attempt
	Callback *Callback
	Shown    bool // a GET's content is made from it, and facts were to be asked before: see Foreseen
}

// hasCleanup reports whether the Dependency is held until the answer is there, such as a
// transaction.
func (d *Dependency) hasCleanup() bool { return len(d.Callback.Func.Out) > 1 }

// dependenciesOf are the Dependencies that callbacks take, themselves or through what provides
// their parameters.
func dependenciesOf(callbacks ...*Callback) map[*Dependency]bool {
	found := map[*Dependency]bool{}
	for s := range sourcesOf(callbacks) {
		if s.Dependency != nil {
			found[s.Dependency] = true
		}
	}
	return found
}

// sourcesOf are the sources that callbacks take from, themselves or through what provides their
// parameters. A callback may be nil.
func sourcesOf(callbacks []*Callback) iter.Seq[Source] {
	return func(yield func(Source) bool) {
		seen := map[*Callback]bool{}
		for next := slices.Clone(callbacks); len(next) > 0; {
			c := next[0]
			next = next[1:]
			if c == nil || seen[c] {
				continue
			}
			seen[c] = true
			for _, s := range c.Sources {
				if !yield(s) {
					return
				}
				if s.Dependency != nil {
					next = append(next, s.Dependency.Callback)
				}
				if s.Load != nil {
					next = append(next, s.Load.Callback)
				}
			}
		}
	}
}

// calledByRequests are the functions of the user that requests call: Dependencies, then facts,
// handlers, and what makes an error of another one. A function that takes a [Target] is ours.
func calledByRequests(app *declare.App) []*wire.Func {
	var all []*wire.Func
	for _, p := range app.Providers {
		if !p.Once {
			all = append(all, p.Func)
		}
	}
	for _, at := range app.Places {
		for _, f := range at.Facts {
			if !f.ByPath {
				all = append(all, f.Func)
			}
		}
		for _, h := range at.Handlers {
			if !slices.Contains(h.Func.In, reflect.TypeFor[Target]()) {
				all = append(all, h.Func)
			}
		}
		for _, m := range at.Settings.Mapped {
			if m.As != nil {
				all = append(all, m.As)
			}
		}
	}
	return all
}

// Deciding are the sources of what says how a request of the method ends: its handler, its gates,
// what loads for them, and the facts that describe what its path shows.
func (m *Method) Deciding() iter.Seq[Source] {
	all := append([]*Callback{m.Handler.Callback}, m.gates()...)
	loads := declare.Union(slices.Clone(m.Use.Required), m.asks.all())
	for _, l := range loads {
		if l.Callback != nil {
			all = append(all, l.Callback)
		}
	}
	for d := range m.Current.all() {
		all = append(all, d.Callback)
	}
	return sourcesOf(all)
}

// Sources are the sources of everything that a request of the method may ask: what decides comes
// first, and behind it what only some requests ask, such as a parser, a renderer, and what a missing
// resource needs.
func (m *Method) Sources() iter.Seq[Source] {
	all := []*Callback{m.RenderError}
	for _, b := range m.Bodies {
		for _, p := range b.parsers {
			all = append(all, p.Callback)
		}
	}
	for _, o := range slices.Concat(m.shown(), m.ProblemOffers) {
		all = append(all, o.Callback)
	}
	for _, k := range []declare.Kind{declare.PreviouslyExisted, declare.MovedPermanently, declare.MovedTemporarily, declare.Variances, declare.FinishRequest} {
		for _, g := range m.Path.Gates[k] {
			all = append(all, g.Callback)
		}
	}
	return func(yield func(Source) bool) {
		for _, sources := range []iter.Seq[Source]{m.Deciding(), sourcesOf(all)} {
			for s := range sources {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// shown are the offers for what the handler returns. Where only the value tells its type, they are
// those for every type, in one order.
func (m *Method) shown() []Offer {
	switch h := m.Handler; {
	case h.Result != nil && !h.Dynamic:
		return m.OffersOf(h.Result)
	case !h.Dynamic:
		return nil
	}
	return slices.SortedFunc(slices.Values(m.renderers()), func(a, b Offer) int {
		f, g := a.Callback.Func, b.Callback.Func
		return cmp.Or(cmp.Compare(f.Site, g.Site), cmp.Compare(a.Media, b.Media), cmp.Compare(f.In[0].String(), g.In[0].String()))
	})
}

// An Origin is the kind of a source.
type Origin uint8

// The origins. Their order means nothing, but that byType is the zero value.
const (
	byType Origin = iota // not bound: not yet, or after a fault

	// What every request brings.
	FromContext
	FromRequest
	FromHeader
	FromQuery
	FromParams
	FromMethod
	FromSelected
	FromPreconditions
	FromLogger
	FromLastEvent // the ID in Last-Event-ID
	FromTarget    // for the library's own handlers

	// FromSubject is the one value that a callback is about: what a fact or a renderer
	// describes, the Problem of a RenderError, the Response of a FinishRequest.
	FromSubject

	// What is provided.
	FromOverride
	FromStartup
	FromDependency
	FromResource // that must exist
	FromOptional // that may be missing
	FromBody
	FromPathFields
	FromQueryFields
	FromHeaderFields
	FromCookieFields

	// What a parser of Accepts gets.
	FromContentBytes
	FromContentReader
	FromContentForm
)

// ofEveryRequest reports whether every request has the value, and nothing need be made for it.
func (o Origin) ofEveryRequest() bool {
	switch o {
	case FromContext, FromRequest, FromHeader, FromQuery, FromParams, FromMethod, FromSelected, FromPreconditions, FromLogger, FromLastEvent, FromTarget:
		return true
	}
	return false
}

// A Target is what the library's own handlers look at of a request.
type Target struct {
	Path     string // escaped, without the prefix of a mount
	RawQuery string
	Accept   []string // the lines of the field
}

// A Source gives the value of a parameter. Its origin says which of the other fields is set.
type Source struct {
	Origin     Origin
	Startup    *Startup
	Dependency *Dependency
	Load       *Load
	Body       *Body
	Rare       *Rare
}

// Rare is what few sources need.
type Rare struct {
	Value     any              // of an override
	Fields    textfield.Fields // of a Path, a Query, a Header or a Cookie
	Composite *Composite       // likewise, and of an Optional
	Checks    validate.Checks  // of the T of what has Fields
}
