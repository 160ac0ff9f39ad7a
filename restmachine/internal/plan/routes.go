package plan

import (
	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file makes a plan for every path. In come the Groups and Resources of an App. Out
// come the tables that find the plan of a request's path.

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
			c.faults.Add(p.Site, "the path %q: %v", p.Path, err)
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
	c.excuse(r.Facts...)
	if !r.Handled { // a handler that cannot be one is a fault already
		c.faults.Add(r.Site, "there is no handler for the Resource %s, so its path is unknown: give it one, by Get, Put or another method, or remove it", r.Path)
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
					c.faults.Add(g.Site, "the prefix %q: %v", g.Path, err)
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
