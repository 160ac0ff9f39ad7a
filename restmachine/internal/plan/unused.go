package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file finds what was registered and does nothing. In comes an App whose paths are
// planned. Out come faults for facts, since a check that holds nowhere is silently off, and
// reports for everything else.

// bindUnused binds each Dependency that no path uses, for its faults. That does not make the
// types used that it asks for.
func (c *compiler) bindUnused() {
	used := maps.Clone(c.usedTypes)
	for _, p := range c.app.Providers {
		if t := p.Func.Returns(); !p.Once && !used[t] && !c.Supply.overridden(t) {
			b := c.newBinder(nil, "", nil)
			b.pathless = true
			b.bind("Dependency", p.Func, nil)
		}
	}
	c.usedTypes = used
}

// checkHeld finds facts that hold on none of the paths.
func (c *compiler) checkHeld() {
	for f := range factsOf(c.app.Places) {
		if t := c.subject(f); f.Kind.Family() == declare.Describing && t != nil && c.Supply.loaders[t] == nil && !c.returned[t] {
			c.Reports = append(c.Reports, f.String()+" takes "+t.String()+", but no GET is declared to return it; the fact holds only where a GET does return one")
		}
		switch {
		case c.held[f] || c.excused[f]:
		case f.Kind.Family() == declare.Shaping:
			c.Reports = append(c.Reports, f.String()+" is not used")
		case f.Loads() != nil && c.Supply.spared[f.Loads()]:
		default:
			c.faults.Add(f.Func.Site, "%s does not hold on any path%s", f, c.whyNot(f))
		}
	}
}

// whyNot says what a fact that holds nowhere would need.
func (c *compiler) whyNot(f *declare.Fact) string {
	takes := typeNames(c.Supply.resources(f.Func.In))
	switch {
	case f.Loads() != nil:
		return ", because no handler below " + f.Place.String() + " needs " + f.Loads().String() + "; take it in one, or remove the fact"
	case f.Kind.Family() == declare.Describing && c.subject(f) != nil:
		return ", because no GET below " + f.Place.String() + " returns " + c.subject(f).String() + "; return it, or give the fact to a Resource"
	case takes != "":
		return ", because no path below " + f.Place.String() + " loads " + takes + "; give the fact to a Group or Resource, which then loads it"
	}
	return "; register paths below " + f.Place.String() + ", or remove the fact"
}

// reportUnused reports the providers that nothing asks for, and the codings that nothing
// makes.
func (c *compiler) reportUnused() {
	for _, p := range c.app.Providers {
		t := p.Func.Returns()
		if t == nil || c.usedTypes[t] || c.Supply.overridden(t) {
			continue
		}
		if startup := c.Supply.Startups[t]; startup != nil && startup.used {
			continue
		}
		c.Reports = append(c.Reports, p.String()+" is not used")
	}
	for _, p := range c.Paths {
		if _, unmade := p.Settings.Codings(); len(unmade) > 0 {
			c.Reports = append(c.Reports, p.Route+": no Encoder makes "+strings.Join(unmade, ", ")+", so it is never chosen; add one")
		}
	}
	slices.SortFunc(c.Reports, cmp.Compare[string])
	c.Reports = slices.Compact(c.Reports)
}
