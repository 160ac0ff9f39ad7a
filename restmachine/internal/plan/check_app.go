package plan

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file checks what only all paths together show. In come their plans. Out come faults:
// facts that hold nowhere, or that no method asks, since a check is then silently off; and a
// way round a gate. Out come reports of what is odd and may be meant.

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
		if t := c.subject(f); f.Kind.Family() == declare.Describing && t != nil && c.Supply.loaders[t] == nil && !c.returned[t] && !(f.Kind == declare.Location && c.created[t]) {
			c.report(declare.Notice, "%s takes %s, but no GET is declared to return it; the fact holds only where a GET does return one", f, t)
		}
		switch {
		case c.held[f]:
		case f.Kind == declare.Provides && c.Supply.vocabulary.provides(f.Func.In[0]):
			c.faults.Add(f.Func.Site, "%s takes a %s first; take what it renders as the first parameter", f, f.Func.In[0])
		case f.Kind.Family() == declare.Shaping:
			c.report(declare.Notice, "%s is not used%s", f, c.whyUnused(f))
		case f.Loads() != nil && c.Supply.spared[f.Loads()]:
		default:
			c.idle(f.Func.Site, c.clue(f), "%s does not hold on any path%s", f, c.whyNot(f))
		}
	}
}

// idle reports what does nothing, unless that follows from another fault.
func (c *compiler) idle(site string, from declare.Clue, format string, args ...any) {
	c.faults.Note(declare.Fault{
		Text: fmt.Sprintf(format, args...), Depth: declare.Idle,
		Seen: []declare.Sighting{{Site: site, From: []declare.Clue{from}}},
	})
}

// clue is what it was concluded from that a fact does nothing: what stands below its place, and
// who asks for or returns the types that it is about. A gate of a Group or Resource asks for what
// it takes by itself.
func (c *compiler) clue(f *declare.Fact) declare.Clue {
	clue := declare.Clue{Func: f.Func, Place: f.Place}
	switch {
	case f.Loads() != nil:
		clue.Types, clue.Asks = []reflect.Type{f.Loads()}, true
	case f.Kind.Family() == declare.Describing:
		clue.Types = f.Func.In[:min(1, len(f.Func.In))]
	case f.IsGate() && f.Place.Level == declare.OnApp:
		clue.Types, clue.Asks = c.Supply.resources(f.Func.In), true
	}
	return clue
}

// whyUnused says why a renderer or a parser is not used.
func (c *compiler) whyUnused(f *declare.Fact) string {
	switch f.Kind {
	case declare.Provides:
		return fmt.Sprintf(": no handler below %s returns %s, or a nearer Provides renders it", f.Place, f.Func.In[0])
	case declare.Accepts:
		return fmt.Sprintf(": no callback below %s takes restmachine.Body[%s]", f.Place, f.Func.Returns())
	}
	return ""
}

// standIn is a nearer fact that holds in place of f; nil where there is none.
func (c *compiler) standIn(f *declare.Fact) *declare.Fact {
	if nearer := c.displaced[f]; nearer != nil || f.IsGate() {
		return nearer
	}
	for o := range factsOf(c.app.Places) {
		if o.Kind == f.Kind && o.Place != f.Place && o.Place.IsBelow(f.Place) && c.held[o] &&
			o.Loads() == f.Loads() && c.subject(o) == c.subject(f) {
			return o
		}
	}
	return nil
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
		c.report(declare.Notice, "%s is not used: no callback that runs takes %s; take it where it is needed, or remove the provider", p, t)
	}
	for i := range c.Addresses {
		at := &c.Addresses[i]
		if _, unmade := at.Plan.Settings.Codings(); len(unmade) > 0 {
			c.report(declare.Notice, "%s: no Encoder makes %s, so it is never chosen; add one", at.Route, strings.Join(unmade, ", "))
		}
	}
}

// report reports what is odd, and not a fault.
func (c *compiler) report(s declare.Severity, format string, args ...any) {
	c.Reports = append(c.Reports, declare.Report{Severity: s, Text: fmt.Sprintf(format, args...)})
}

// sortReports puts what may be dangerous in front, and says everything once.
func (c *compiler) sortReports() {
	slices.SortFunc(c.Reports, func(a, b declare.Report) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Text, b.Text))
	})
	c.Reports = slices.Compact(c.Reports)
}

// checkNoWayRound finds paths on which a Forbidden of the App that takes what is loaded does
// not hold, though another path, on which it does, names the same record.
func (c *compiler) checkNoWayRound() {
	for i := range c.Addresses {
		p := &c.Addresses[i]
		for _, g := range p.Plan.ForbidLoaded {
			if g.Fact.Place.Level != declare.OnApp {
				continue
			}
			for k := range c.Addresses {
				if q := &c.Addresses[k]; !q.Plan.asks(g.Fact) && q.reaches(p) {
					c.faults.Note(declare.Fault{
						Text: fmt.Sprintf("%s is asked on %s, and not on "+declare.Where+", where %s is not loaded: that would be a way round it; take %s in a handler there, or give the Forbidden to a Group of the paths that it is for",
							g.Fact, c.firstAsking(g.Fact, q).Route, typeNames(g.takes), typeNames(g.takes)),
						Cause: wayRound{g.Fact}, Depth: declare.Idle,
						Seen: []declare.Sighting{{Site: g.Fact.Func.Site, Where: q.Route + " (" + q.site + ")",
							From: []declare.Clue{{Place: q.Plan.places[0], Asks: true}}}},
					})
				}
			}
		}
	}
}

// wayRound is the cause of the fault that there are ways round a gate.
type wayRound struct{ *declare.Fact }

// asks reports whether a gate holds on the path.
func (p *Path) asks(f *declare.Fact) bool {
	return slices.ContainsFunc(p.Gates[f.Kind], func(g *Gate) bool { return g.Fact == f })
}

// reaches reports whether a request to the path may be about a record of another path.
func (a *Address) reaches(other *Address) bool {
	return a.pattern.SharesRecord(other.pattern) || a.pattern.Covers(other.pattern)
}

// firstAsking is the first path on which f holds, and which q is a way round.
func (c *compiler) firstAsking(f *declare.Fact, q *Address) *Address {
	i := slices.IndexFunc(c.Addresses, func(p Address) bool { return p.Plan.asks(f) && q.reaches(&p) })
	return &c.Addresses[i]
}

// noteAsked notes the gates that a method of the path asks, and the facts that describe what
// one of its answers carries, or what a precondition is compared with.
func (c *compiler) noteAsked(p *Path) {
	for _, m := range p.Methods {
		if m.Handler == nil {
			continue
		}
		for k, gates := range p.Gates {
			for _, g := range gates {
				if m.passes(declare.Kind(k)) {
					c.asked[g.Fact] = true
				}
			}
		}
		for _, d := range m.usedDescriptions() {
			for one := range d.all() {
				c.asked[one.Fact] = true
			}
		}
	}
}

// usedDescriptions are the descriptions that the method's answers or preconditions use: of the
// current representation, and of what its handler may have created.
func (m *Method) usedDescriptions() []*Description {
	used := []*Description{&m.Current}
	if m.Get != nil && m.Get.Dynamic {
		used = append(used, &m.untyped)
	}
	creates := m.Handler.Dynamic || m.Handler.Replies || m.Use.Creates && m.Name != http.MethodPost
	for i := range m.describedTypes {
		t := &m.describedTypes[i]
		shows := m.Get != nil && m.Get.mayReturn(t.typ)
		if shows || creates && m.Handler.mayReturn(t.typ) {
			used = append(used, &t.shown, &t.created)
		}
	}
	return used
}

// checkAsked finds facts and settings of a Group or Resource that hold, and that no method
// there ever asks: a check that is off.
func (c *compiler) checkAsked() {
	for f := range factsOf(c.app.Places) {
		if askers := askersOf(f.Kind); askers != "" && f.Place.Level != declare.OnApp && c.held[f] && !c.asked[f] {
			c.idle(f.Func.Site, declare.Clue{Func: f.Func, Place: f.Place}, "%s is never asked: on %s there is no %s; give it to the place that it is for, or remove it", f, f.Place, askers)
		}
	}
	for _, place := range c.app.Places {
		if place.Settings.Required != nil {
			c.checkRequired(place)
		}
	}
}

// checkRequired finds a RequirePreconditions that no method asks, and the methods in it that
// none of its paths handles, or that cannot require a precondition there.
func (c *compiler) checkRequired(place *declare.Place) {
	at, named := place.Set["RequirePreconditions"].Site, place.Settings.Required
	clue := declare.Clue{Place: place}
	if len(named) == 0 && place.Level != declare.OnApp && !c.hasGuardedWrite(place) {
		c.idle(at, clue, "RequirePreconditions of %s is never asked: there is no PUT, PATCH, DELETE or other write that it guards; give it to the place that it is for, or remove it", place)
	}
	for _, name := range named {
		if why := c.neverRequires(place, name); why != "" {
			c.idle(at, clue, "RequirePreconditions(%q) of %s is never asked: %s", name, place, why)
		}
	}
}

// neverRequires says why no path where a RequirePreconditions holds asks a precondition of one
// of its methods, and what to do; "" where one does.
func (c *compiler) neverRequires(place *declare.Place, name string) (why string) {
	why = name + " is not handled where this holds; give it to the place that it is for, or remove it"
	for _, p := range c.Paths {
		if p.placeOf("RequirePreconditions") != place {
			continue
		}
		switch m := p.Method(name); {
		case m != nil && m.RequiresPrecondition():
			return ""
		case m != nil && m.ChangesNothing():
			why = fmt.Sprintf("%s %s is safe: it overwrites nothing, so it needs no precondition; remove %s", name, p.route, name)
		case m != nil && m.KnowsCreation():
			why = fmt.Sprintf("%s %s may create its target (AllowMissingPost), and a client cannot name what is missing; remove %s, or take the target itself", name, p.route, name)
		case m != nil:
			why = fmt.Sprintf("%s %s loads nothing, so there is nothing to compare a precondition with; take what a ResourceExists provides, or remove %s", name, p.route, name)
		case p.Method(strings.ToUpper(name)) != nil:
			why = fmt.Sprintf("the names of methods are case-sensitive (RFC 9110, 9.1); write %q", strings.ToUpper(name))
		}
	}
	return why
}

// askersOf names what asks a fact of a kind, "" for a kind that every method asks.
func askersOf(k declare.Kind) string {
	switch k {
	case declare.IsConflict:
		return "PUT, PATCH or other write in place"
	case declare.DeleteCompleted:
		return "DELETE"
	case declare.MultipleChoices:
		return "GET"
	case declare.AllowMissingPost:
		return "POST"
	case declare.GenerateETag, declare.LastModified:
		return "GET that shows what it describes, no precondition that is compared with it, and no 201 that carries it"
	}
	return ""
}

// hasGuardedWrite reports whether a path at or below a place has a method that
// RequirePreconditions speaks of.
func (c *compiler) hasGuardedWrite(place *declare.Place) bool {
	return slices.ContainsFunc(c.Paths, func(p *Path) bool {
		return slices.Contains(p.places, place) && p.hasGuardedWrite()
	})
}

// hasGuardedWrite reports whether the path has a method that RequirePreconditions speaks of.
func (p *Path) hasGuardedWrite() bool {
	return slices.ContainsFunc(p.Methods, (*Method).IsGuarded)
}

// reportUnguarded reports paths that a gate of a Group may have been meant for, and writes
// whose required precondition no client can send.
func (c *compiler) reportUnguarded() {
	for _, g := range c.app.Places {
		if g.Level == declare.OnGroup {
			c.reportOutside(g)
		}
	}
	for i := range c.Addresses {
		at := &c.Addresses[i]
		if p := at.Plan; slices.ContainsFunc(p.Methods, (*Method).RequiresPrecondition) && !p.canGuard() {
			c.report(declare.Risk, "%s requires preconditions (%s), and there is no strong entity-tag and no date that a client could name: only * passes; give it a GenerateETag, a LastModified or AutoETag(Strong)",
				at.Route, p.siteOf("RequirePreconditions"))
		}
	}
}

// canGuard reports whether the path may have a validator that If-Match or If-Unmodified-Since
// can name. A Reply may bring one.
func (p *Path) canGuard() bool {
	return p.Current.validates() || p.AutoETag == declare.StrongTags || p.Get != nil && (p.Get.Dynamic || p.Get.Replies) ||
		p.AutoETag == declare.NoTags && p.bringsValidators()
}

// reportOutside reports the paths that a Group's gates may have been meant for, and that were
// registered through another Scope: those below it, and a rest in its parameter's place.
func (c *compiler) reportOutside(g *declare.Place) {
	for i := range c.Addresses {
		a := &c.Addresses[i]
		p := a.Plan
		gates := p.wouldAsk(g)
		switch {
		case gates == "" || slices.Contains(p.places, g):
		case a.isBelow(g) && !slices.ContainsFunc(p.places, func(at *declare.Place) bool { return at.Level == declare.OnGroup && samePrefix(at, g) }):
			c.report(declare.Risk, "%s (%s) lies below %s (%s) and was registered through %s, so these gates are not asked there: %s; register the path through that Group, or through another Group of the same prefix if that is meant",
				a.Route, a.site, g, g.Site, p.places[1], gates)
		case a.takesPlaceOf(g) && !a.isRestOfGroup():
			c.report(declare.Risk, "%s (%s) takes each path below %s (%s) that nothing else takes, and was registered through %s, so these gates are not asked there: %s; register a rest through that Group, or this one through a Group of all that stands in front of it if that is meant",
				a.Route, a.site, g, g.Site, p.places[1], gates)
		}
	}
}

// takesPlaceOf reports whether the path is a rest from where the last parameter of a Group
// stands.
func (a *Address) takesPlaceOf(g *declare.Place) bool {
	prefix, err := route.Parse(g.Path)
	return err == nil && a.pattern.TakesPlaceOf(prefix)
}

// isRestOfGroup reports whether the path is all that its Group leaves: that Group says on purpose
// what holds there.
func (a *Address) isRestOfGroup() bool {
	at := a.Plan.places[1]
	return at.Level == declare.OnGroup && strings.Count(at.Path, "/") == len(a.pattern.Segments())-1
}

// wouldAsk lists the gates of a Group that a method of the path would ask.
func (p *Path) wouldAsk(g *declare.Place) string {
	var gates []string
	for _, f := range g.Facts {
		if f.Sum() == declare.AllMustPass && slices.ContainsFunc(p.Methods, func(m *Method) bool { return m.Handler != nil && m.passes(f.Kind) }) {
			gates = append(gates, f.String())
		}
	}
	return strings.Join(gates, ", ")
}

// isBelow reports whether the path begins with the prefix of a Group.
func (a *Address) isBelow(g *declare.Place) bool {
	prefix, err := route.Parse(g.Path)
	return g.Path == "" || err == nil && a.pattern.IsBelow(prefix)
}

// samePrefix reports whether two Groups have one prefix, whatever their parameters are called.
func samePrefix(g, h *declare.Place) bool {
	p, err := route.Parse(g.Path)
	q, wrong := route.Parse(h.Path)
	return g.Path == h.Path || err == nil && wrong == nil && p.Conflict(q) != ""
}
