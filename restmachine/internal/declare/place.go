package declare

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file is the tree of places: the App, its Groups, their Resources. In come
// Group and Resource. Out comes, for each path, the chain of places that hold
// there.

// A Level says what a Place belongs to.
type Level uint8

// The levels, from the outside in.
const (
	OnApp Level = iota
	OnGroup
	OnResource
)

// String is the public name of the level.
func (l Level) String() string {
	return [...]string{OnApp: "App", OnGroup: "Group", OnResource: "Resource"}[l]
}

// A Place is an App, a Group or a Resource: facts and settings are given there.
type Place struct {
	App           *App
	Level         Level
	Parent        *Place
	Path          string // the prefix of the paths below it; for a Resource the whole path
	Site          string
	Facts         []*Fact
	Handlers      []*Handler     // of a Resource
	Handled       bool           // somebody gave the Resource a handler, if only a wrong one
	Registrations []Registration // of a Resource; the first one is through its parent
	Settings      Settings
	Set           map[string]Registration // where each setting was set last
}

// A Registration tells through which Scope something was said, and where.
type Registration struct {
	Scope *Place
	Site  string
}

// A Handler is what a Resource does for one method.
type Handler struct {
	Method string
	Func   *wire.Func
	Other  bool // the method is not one that this library has a function for
	Safe   bool // such a method, and one that changes nothing (RFC 9110, 9.2.1)
}

// Group makes a Group below p.
func (p *Place) Group(prefix string) *Place {
	at := p.CallSite("Group")
	g := &Place{App: p.App, Level: OnGroup, Parent: p, Path: p.Path + strings.TrimSuffix(prefix, "/"), Site: at}
	if !strings.HasPrefix(prefix, "/") {
		g.App.Faults.Add(at, "the prefix of Group(%q) does not begin with \"/\"; put one in front", prefix).Leave(Said, Gap{Places: []*Place{g}}, Gap{Site: at})
	}
	g.App.Places = append(g.App.Places, g)
	return g
}

// Resource is the one Resource of a path below p.
func (p *Place) Resource(path string) *Place {
	at := p.CallSite("Resource")
	a, full := p.App, p.Path+path
	r := a.resources[full]
	if r == nil {
		r = &Place{App: a, Level: OnResource, Parent: p, Path: full, Site: at}
		a.Places = append(a.Places, r)
		a.resources[full] = r
	}
	return r
}

const publicPackage = "github.com/restmachine/restmachine-go/restmachine"

// site is the file:line of the user's code that called the public package.
func site() string { return wire.Caller(publicPackage) }

// CallSite is the file:line of the registration that is under way. It panics once
// the App has started: a fact that comes too late would be a check that is
// silently off.
func (p *Place) CallSite(what string) string {
	at := site()
	if p.App.Started.Load() {
		panic("restmachine: " + what + " at " + at + " comes after the App has started; register everything before the start")
	}
	return at
}

// String names the place for messages: `Group "/v1"`.
func (p *Place) String() string {
	if p.Level == OnApp {
		return "the App"
	}
	return p.Level.String() + ` "` + cmp.Or(p.Path, "/") + `"`
}

// Chain is the place and every place above it, nearest first.
func (p *Place) Chain() []*Place {
	var all []*Place
	for ; p != nil; p = p.Parent {
		all = append(all, p)
	}
	return all
}

// Above joins the chains of Groups that share one prefix, nearest first. An
// unknown path below that prefix was registered through none of them, so all of
// them hold for it.
func Above(groups []*Place) []*Place {
	var all []*Place
	for _, g := range groups {
		all = Union(all, g.Chain())
	}
	slices.SortStableFunc(all, func(p, q *Place) int { return FromOutside(q, p) })
	return all
}

// FromOutside compares places in the order from the outside in: the App, then Groups, then
// a Resource. Two Groups of one prefix, neither above the other, compare as equal.
func FromOutside(p, q *Place) int {
	return cmp.Or(len(p.Path)-len(q.Path), len(p.Chain())-len(q.Chain()))
}

// IsBelow reports whether p is q, or stands below it.
func (p *Place) IsBelow(q *Place) bool { return slices.Contains(p.Chain(), q) }

// Beside reports whether p and q are two Groups of one prefix, neither above the
// other. For unknown paths below neither is nearer, so the gates of both apply.
func (p *Place) Beside(q *Place) bool {
	return p.Path == q.Path && !p.IsBelow(q)
}

// HasDeclarations reports whether a fact or a setting was given at the place.
func (p *Place) HasDeclarations() bool {
	return len(p.Facts) > 0 || !reflect.ValueOf(p.Settings).IsZero()
}

// WithDeclarations are the places of a chain that have declarations.
func WithDeclarations(chain []*Place) []*Place {
	return slices.DeleteFunc(slices.Clone(chain), func(p *Place) bool { return !p.HasDeclarations() })
}

// CheckRegistrations finds a path that was registered through Scopes whose facts
// differ. Nobody could say which facts hold there.
func (p *Place) CheckRegistrations(fs *Faults) {
	here := p.Parent.Chain()
	for _, r := range p.Registrations[1:] {
		there := r.Scope.Chain()
		if slices.Equal(WithDeclarations(there), WithDeclarations(here)) {
			continue
		}
		fs.Note(Fault{
			Text: fmt.Sprintf("%s is registered here through %s, and at %s through %s; a path has one set of facts and settings, and the two differ in %s; register all methods of the path through one of the two, and let a gate that is for some methods alone take restmachine.Method",
				p.Path, r.Scope.sited(), p.Site, p.Parent.sited(), said(apart(here, there), apart(there, here))),
			Seen:  []Sighting{{Site: r.Site, From: []Clue{{Site: r.Site}}}},
			Depth: Placed,
			Gaps:  []Gap{{Places: apart(there, here)}},
		})
	}
}

// sited names a Scope with the place where it was made: there may be two of one prefix.
func (p *Place) sited() string {
	if p.Level == OnApp {
		return p.String()
	}
	return p.String() + " (" + p.Site + ")"
}

// apart are the places of a chain that another one lacks.
func apart(chain, other []*Place) []*Place {
	return slices.DeleteFunc(slices.Clone(chain), func(p *Place) bool { return slices.Contains(other, p) })
}

// said lists the facts and settings of places.
func said(places ...[]*Place) string {
	var all []string
	for _, p := range slices.Concat(places...) {
		for _, f := range p.Facts {
			all = append(all, f.String())
		}
		for _, name := range slices.Sorted(maps.Keys(p.Set)) {
			all = append(all, name+" ("+p.Set[name].Site+")")
		}
		for _, m := range p.Settings.Mapped {
			all = append(all, m.String())
		}
	}
	return Few(all)
}

// Union appends to a what of b it lacks.
func Union[T comparable](a, b []T) []T {
	for _, v := range b {
		if !slices.Contains(a, v) {
			a = append(a, v)
		}
	}
	return a
}
