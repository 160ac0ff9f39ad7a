package plan

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file makes a plan for every path. In come the Groups and Resources of an App. Out come
// an Address for each, and the tables that find the Address of a request's path. An App may have
// ten thousand Resources, since a loop made them. They differ in their paths alone, and one plan
// does for them all.

// compileRoutes plans every Resource.
func (c *compiler) compileRoutes() {
	var patterns []route.Pattern
	var resources []*declare.Place // of patterns
	for _, p := range c.app.Places {
		if p.Level != declare.OnResource {
			continue
		}
		if len(p.Handlers) == 0 {
			c.noHandler(p)
			continue
		}
		pattern, err := route.Parse(p.Path)
		if err != nil {
			c.badPath(p)
			continue
		}
		patterns, resources = append(patterns, pattern), append(resources, p)
	}
	table, conflicts := route.New(patterns)
	for _, conflict := range conflicts {
		i, j := conflict.I, conflict.J
		c.faults.Add(resources[j].Site, "the paths %s (%s) and %s (%s) conflict: %s",
			patterns[j], resources[j].Site, patterns[i], resources[i].Site, conflict.Why)
	}
	c.Routes = table
	c.planResources(resources, patterns)
}

// noHandler is for a Resource that no method of a request can reach.
func (c *compiler) noHandler(r *declare.Place) {
	if r.Handled {
		return // a handler that cannot be one is a fault already
	}
	c.faults.Add(r.Site, "there is no handler for the Resource %s, so its path is unknown: give it one, by Get, Put or another method, or remove it", r.Path).
		Leave(declare.Placed, withoutPath(r)...)
}

// withoutPath is what cannot be known of facts while a Resource is not a path: whether it is what
// they are for.
func withoutPath(r *declare.Place) []declare.Gap {
	types := []reflect.Type{}
	for _, h := range r.Handlers {
		types = append(append(types, h.Func.In...), h.Func.Out...)
	}
	for _, f := range r.Facts {
		types = append(append(types, f.Func.In...), f.Func.Out...)
	}
	return []declare.Gap{{Places: []*declare.Place{r}}, {Places: r.Chain(), Types: types}, {Places: r.Chain(), Asks: true}}
}

// badPath reports the path of a Resource that cannot be one: by itself, or since the prefix of a
// Group above cannot.
func (c *compiler) badPath(r *declare.Place) {
	for _, at := range slices.Backward(r.Chain()) {
		_, err := route.Parse(at.Path)
		if err == nil || at.Path == "" {
			continue
		}
		what := "path"
		if at.Level == declare.OnGroup {
			what = "prefix"
		}
		c.faults.Note(declare.Fault{
			Text:  fmt.Sprintf("the %s %q: %v", what, at.Path, err),
			Seen:  []declare.Sighting{{Site: at.Site, From: []declare.Clue{{Site: at.Site}}}},
			Depth: declare.Placed, Gaps: withoutPath(r),
		})
		return
	}
}

// compileUnknown plans the unknown paths: those below each prefix for which a Group has a
// declaration, and all others.
func (c *compiler) compileUnknown() {
	var patterns []route.Pattern
	var groups []*declare.Place // of patterns
	for _, siblings := range c.groupsByPrefix() {
		if len(declare.WithDeclarations(siblings)) == 0 {
			continue
		}
		g := siblings[0]
		for _, path := range []string{g.Path, g.Path + "/{_rest...}"} {
			pattern, err := route.Parse(path)
			if err != nil {
				if path == g.Path && path != "" { // the prefix "" is not itself a path
					c.badPath(g)
				}
				continue
			}
			patterns, groups = append(patterns, pattern), append(groups, g)
			c.Unknown = append(c.Unknown, c.unknown(pattern, declare.Above(siblings)))
		}
	}
	table, conflicts := route.New(patterns)
	for _, conflict := range conflicts {
		i, j := groups[conflict.I], groups[conflict.J]
		c.faults.Add(j.Site, "%s (%s) and %s (%s) are prefixes of the same paths; write both in the same way", j, j.Site, i, i.Site)
	}
	c.Around = table
	everything, _ := route.Parse("/{_rest...}")
	c.Nowhere = c.unknown(everything, []*declare.Place{c.app.Root})
}

// unknown plans the unknown paths of a pattern.
func (c *compiler) unknown(pattern route.Pattern, places []*declare.Place) *Address {
	at := &Address{Route: pattern.String(), pattern: pattern, site: places[0].Site}
	at.Plan = c.newPath(at, places, nil, true)
	return at
}

// groupsByPrefix are the Groups of the App, those of one prefix together.
func (c *compiler) groupsByPrefix() [][]*declare.Place {
	var all [][]*declare.Place
	index := map[string]int{} // in all, by prefix
	for _, p := range c.app.Places {
		if p.Level != declare.OnGroup {
			continue
		}
		i, known := index[p.Path]
		if !known {
			i = len(all)
			index[p.Path] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], p)
	}
	return all
}

// An Address is one path of an App: what it does not share with paths that are planned alike.
type Address struct {
	Plan      *Path
	Route     string // the pattern
	RouteSeen string // the route for those who look at requests: "" where the path is unknown
	Key       LockKey
	pattern   route.Pattern
	site      string // where the Resource was registered
}

// planResources plans Resources, whose patterns are given.
func (c *compiler) planResources(resources []*declare.Place, patterns []route.Pattern) {
	c.Addresses = make([]Address, len(resources))
	alike := map[kinship]*Path{}
	for i, r := range resources {
		r.CheckRegistrations(c.faults)
		at := &c.Addresses[i]
		*at = Address{Route: patterns[i].String(), RouteSeen: patterns[i].String(), pattern: patterns[i], site: r.Site}
		kin, ok := kinshipOf(r, patterns[i])
		if at.Plan = alike[kin]; ok && at.Plan != nil {
			continue
		}
		faults := c.faults.Noted
		at.Plan = c.newPath(at, r.Chain(), r.Handlers, false)
		c.Paths = append(c.Paths, at.Plan)
		if ok && c.faults.Noted == faults { // else each path is told its own faults
			alike[kin] = at.Plan
		}
	}
}

// A kinship is what the plan of a Resource is made from: Resources of one kinship have one plan.
type kinship struct {
	parent   *declare.Place
	site     string
	names    string // of the parameters of the path
	handlers [most]handling
}

// A handling is a handler, in a kinship.
type handling struct {
	method      string
	other, safe bool
	function    wire.Identity
}

// most is how many handlers a Resource may have that shares a plan.
const most = 4

// kinshipOf is the kinship of a Resource. ok is false for one that has a plan of its own: it
// has facts or settings, or handlers that cannot be told from others.
func kinshipOf(r *declare.Place, pattern route.Pattern) (kin kinship, ok bool) {
	if r.HasDeclarations() || len(r.Registrations) > 1 || len(r.Handlers) > most {
		return kinship{}, false
	}
	kin = kinship{parent: r.Parent, site: r.Site, names: strings.Join(pattern.Names(), "/")}
	for i, h := range r.Handlers {
		function, known := h.Func.Identity()
		if !known {
			return kinship{}, false
		}
		kin.handlers[i] = handling{h.Method, h.Other, h.Safe, function}
	}
	return kin, true
}
