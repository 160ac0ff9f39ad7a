package plan

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// This file checks the plan of a method that has a handler. In comes the plan, whole. Out come
// its faults: what the handler, the gates and the content cannot mean together.

func (m *Method) check(fs *declare.Faults) {
	m.checkAmbiguous(fs)
	m.checkCreation(fs)
	m.checkGuard(fs)
	m.checkContent(fs)
	m.checkStream(fs)
}

// checkAmbiguous finds a PUT that could create one of several targets.
func (m *Method) checkAmbiguous(fs *declare.Faults) {
	if !m.Use.ambiguous {
		return
	}
	var names []string
	for _, t := range m.Targets {
		names = append(names, t.Type.String())
	}
	fs.Add(m.Handler.Func.Site, "PUT %s has several possible targets (%s), and its handler takes none of them; add the one that it replaces as a parameter, or restmachine.Optional[T] for the one that it may create",
		m.route, strings.Join(names, " and "))
}

// checkCreation finds gates that take a target which the method may create. A POST where a
// missing target is a 404 does not get there.
func (m *Method) checkCreation(fs *declare.Faults) {
	target := m.Use.Target
	if !m.Use.Creates || target == nil || m.Name == http.MethodPost && len(m.Gates[declare.AllowMissingPost]) == 0 {
		return
	}
	for _, k := range []declare.Kind{declare.Forbidden, declare.IsConflict} {
		for _, g := range m.Gates[k] {
			if m.passes(k) && slices.Contains(g.Needs.Required, target) {
				fs.On(m.Name+" "+m.route, g.Fact.Func.Site, "%s takes %s, but runs where "+declare.Where+" may create it; take restmachine.Optional[%s]",
					g.Fact, target.Type, target.Type)
			}
		}
	}
}

// checkGuard finds a write whose target has validators that do not hold on its path: a client
// that has them could not guard the write with them.
func (m *Method) checkGuard(fs *declare.Faults) {
	h, t := m.Handler, m.Use.Target
	if !m.IsGuarded() && !m.RequiresPrecondition() || t == nil || m.guardsTarget() || !slices.Contains(h.Needs.all(), t) {
		return
	}
	if !m.hasFor(declare.GenerateETag, t.Type) && !m.hasFor(declare.LastModified, t.Type) {
		return
	}
	returns := "nothing"
	if m.Get != nil && m.Get.Result != nil {
		returns = m.Get.Result.String()
	}
	where := m.Name + " " + m.route
	fs.Note(declare.Fault{
		Text: fmt.Sprintf(declare.Where+": no client can guard the write, because the GET of this path returns %s, and no validator of %s holds for that; return %s and make the view with Provides, or give the Resource its own GenerateETag",
			returns, t.Type, t.Type),
		Cause: unguarded{m.Path, t.Type}, Depth: declare.Idle,
		Seen: []declare.Sighting{{Site: h.Func.Site, Where: where, From: []declare.Clue{{Place: m.places[0], Types: []reflect.Type{t.Type}}}}},
	})
}

// unguarded is the cause of the fault that checkGuard finds: that of all writes of one path.
type unguarded struct {
	path *Path
	of   reflect.Type
}

// reportLocations reports the POSTs that reply with a T for which no Location fact holds. A
// 201 of theirs says where the new resource is only if the Reply does.
func (c *compiler) reportLocations() {
	for i := range c.Addresses {
		at := &c.Addresses[i]
		m := at.Plan.Method(http.MethodPost)
		if m == nil || !m.Handler.Replies || m.Handler.Dynamic || m.Handler.Description.Of(declare.Location) != nil {
			continue
		}
		if t := m.Handler.Result; t != declare.StringType && t != declare.BytesType && !IsStream(t) {
			c.report(declare.Notice, "POST %s replies with a %s, for which there is no Location fact: a 201 without a Location of its own says that %s is what was created (RFC 9110, 15.3.2)",
				at.Route, t, at.Route)
		}
	}
}

// checkStream finds a write whose stream is made from what its cleanup has undone by then: the
// cleanups of a write say whether it is kept, so they run before the answer is sent.
func (m *Method) checkStream(fs *declare.Faults) {
	h := m.Handler
	if !m.Writes() || h.Result == nil {
		return
	}
	find := func(c *Callback, what string, made reflect.Type) {
		if stream.KindOf(made) == stream.None {
			return
		}
		for _, s := range c.Sources {
			if d := s.Dependency.undone(); d != nil {
				fs.Add(c.Func.Site, "%s makes a %s from what the Dependency %s provides, whose cleanup runs before the answer to a %s is sent, so the stream would find it undone; read it before and return the values, or let the client fetch the stream by a GET, whose cleanups follow the stream",
					what, made, d.Callback.Func, m.Name)
				return
			}
		}
	}
	find(h.Callback, m.Name+" "+m.route, h.Result)
	for _, o := range m.own(h.Result) {
		if o.Callback != nil {
			find(o.Callback, "Provides "+o.Media+" "+o.Callback.Func.Name, o.Callback.Func.Returns())
		}
	}
}

// undone is the Dependency with a cleanup that d is, or is made from; nil where there is none.
func (d *Dependency) undone() *Dependency {
	if d == nil || d.hasCleanup() {
		return d
	}
	for _, s := range d.Callback.Sources {
		if u := s.Dependency.undone(); u != nil {
			return u
		}
	}
	return nil
}

// checkContent finds callbacks that exclude one another, since the content is read once, and
// kept in one way.
func (m *Method) checkContent(fs *declare.Faults) {
	var first *Callback
	var kept *Body // by first
	for _, c := range append([]*Callback{m.Handler.Callback}, m.gates()...) {
		for _, b := range c.Needs.bodies {
			if first == nil {
				first, kept = c, b
			}
			if b.Raw.kept() != kept.Raw.kept() {
				other := first.Func.String()
				if first == c {
					other = "it or a Dependency of it"
				}
				fs.Add(c.Func.Site, "%s takes Body[%s], which %s, and %s takes Body[%s], which %s, but %s %s reads the content only once; take the same Body in both",
					c.Func, b.typ, b.Raw.kept(), other, kept.typ, kept.Raw.kept(), m.Handler.Method, m.route)
				return
			}
		}
	}
}
