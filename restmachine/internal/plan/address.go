package plan

import (
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file lets paths share a plan. In come the Resources of an App. Out comes an Address for
// each. An App may have ten thousand Resources, since a loop made them. They differ in their
// paths alone, and one plan does for them all.

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
		faults := len(c.faults.List)
		at.Plan = c.newPath(at, r.Chain(), r.Handlers, false)
		c.Paths = append(c.Paths, at.Plan)
		if ok && len(c.faults.List) == faults { // else each path is told its own faults
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
