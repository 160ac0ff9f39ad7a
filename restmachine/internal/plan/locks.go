package plan

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/lockkey"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
)

// This file says when a method excludes others, and under which key. In come all paths, since
// a write must wait for the writes on another path that change what it checks. Out come the
// Locks of each method and the Key of each path. Which paths share a key is found by package
// lockkey.

// When says on which requests something is done.
type When uint8

// The requests on which something is done.
const (
	Never            When = iota
	WithPrecondition      // those that carry a precondition
	Always
)

// guardedTypes are the types that have validators on some path: what a client may hold a tag
// or a date of.
type guardedTypes map[reflect.Type]bool

// planLocks finds when each method locks, and under which key.
func (c *compiler) planLocks() {
	guarded := guardedTypes{}
	for _, p := range c.Paths {
		p.addGuarded(guarded)
	}
	for _, p := range c.Paths {
		for _, m := range p.Methods {
			m.Locks = m.locks(guarded)
		}
	}
	for i := range c.Addresses {
		c.Addresses[i].checkStreams(c.faults)
	}
	c.planKeys(guarded)
}

// addGuarded adds the types that have validators on the path. A validator that does not take
// a value, and AutoETag, count for what the path is about.
func (p *Path) addGuarded(types guardedTypes) {
	aboutTargets := p.AutoETag != declare.NoTags
	for _, k := range validators {
		d := p.Current.Of(k)
		switch {
		case d == nil:
		case d.Subject != nil:
			types[d.Subject] = true
		default:
			aboutTargets = true
		}
	}
	if p.Get != nil && p.Get.Dynamic {
		for _, t := range p.describedTypes {
			types[t.typ] = types[t.typ] || t.shown.validates()
		}
	}
	if aboutTargets {
		for _, t := range p.Targets {
			types[t.Type] = true
		}
	}
}

// locks says when the method excludes others.
func (m *Method) locks(guarded guardedTypes) When {
	p := m.Path
	switch {
	case !m.Writes() || p.Plans.NoLock:
		return Never
	case !p.guarded():
		if m.NeedsCurrent == Never {
			return Never
		}
		return WithPrecondition
	case m.Name != http.MethodPost || m.locksAsPost(guarded):
		return Always
	}
	return WithPrecondition
}

// guarded reports whether there is something on the path that a write can check.
func (p *Path) guarded() bool { return len(p.Targets) > 0 || len(p.Exists) > 0 || p.Validated() }

// locksAsPost reports whether a POST to a guarded path locks without a precondition, too: it
// changes what another write may check at the same time. A POST that creates in a collection
// does not, since the GET there lists something else.
func (m *Method) locksAsPost(guarded guardedTypes) bool {
	p, asks := m.Path, m.asks
	if slices.ContainsFunc(p.Methods, func(o *Method) bool { return o.Writes() && o.Name != http.MethodPost }) {
		return true
	}
	for d := range p.Current.all() {
		if d.Loaded != nil && slices.Contains(asks.all(), d.Loaded) {
			return true // it asks for what the path's validators describe
		}
	}
	if p.Get == nil {
		return slices.ContainsFunc(asks.all(), func(l *Load) bool { return guarded[l.Type] && slices.Contains(p.Targets, l) })
	}
	return p.Validated() && asks.has(p.Get.Result)
}

// checkStreams finds writes that would hold their lock while a client sends.
func (a *Address) checkStreams(fs *declare.Faults) {
	for _, m := range a.Plan.Methods {
		if !m.Streams || m.Locks != Always {
			continue
		}
		fs.Add(m.Handler.Func.Site, "%s %s streams its content (Body[io.Reader]) while it holds the lock of its resource, so a slow client would keep others waiting; take Body[io.ReadSeeker], or make the App with WithoutResourceLock", m.Name, a.Route)
	}
}

// A LockKey is the key of the writes to one path.
type LockKey struct {
	By     *Callback                // gives the key; nil: the path gives it
	Depth  int                      // how many segments of the path are the key, where the path gives it
	Plain  bool                     // the key is that of route.Params.Key
	Values [][]*textfield.Canonical // the canonical forms of each parameter's texts; nil: none has any
}

// A keyed is a path that locks, while its key is being found.
type keyed struct {
	*lockkey.Path
	at    *Address
	first *Method // the first method that locks
}

// planKeys finds the key of each path that locks.
func (c *compiler) planKeys(guarded guardedTypes) {
	var locking []keyed
	var paths []*lockkey.Path // of locking
	for i := range c.Addresses {
		if k := c.Addresses[i].keyed(guarded); k.first != nil {
			locking, paths = append(locking, k), append(paths, k.Path)
		}
	}
	of := func(p *lockkey.Path) keyed { return locking[slices.Index(paths, p)] }
	for _, conflict := range lockkey.Share(paths) {
		c.reportConflict(conflict, of)
	}
	for _, k := range locking {
		key := &k.at.Key
		key.Depth, key.Plain = k.Depth, key.By == nil && k.IsOwn()
	}
	c.bindCanonical(locking)
}

// keyed is the path before keys are shared. first is nil where the path never locks.
func (a *Address) keyed(guarded guardedTypes) keyed {
	k, p := keyed{at: a}, a.Plan
	var writes []any
	for _, m := range p.Methods {
		if m.Locks != Never && k.first == nil {
			k.first = m
		}
		if m.Locks == Always {
			writes = declare.Union(writes, m.writes(guarded))
		}
	}
	says := lockkey.Nothing
	if gates := p.Gates[declare.LockKey]; len(gates) > 0 {
		if says = lockkey.ByPath; !gates[0].Fact.ByPath {
			says, a.Key.By = lockkey.Function, gates[0].Callback
		}
	}
	k.Path = lockkey.New(a.pattern.Segments(), says, writes)
	return k
}

// writes are the guarded types that an always locked method may write: those of its target,
// and of what the path's validators describe.
func (m *Method) writes(guarded guardedTypes) []any {
	var types []any
	add := func(t reflect.Type) {
		if guarded[t] {
			types = declare.Union(types, []any{t})
		}
	}
	for _, t := range m.Targets {
		if t == m.Use.Target || slices.Contains(m.asks.all(), t) {
			add(t.Type)
		}
	}
	for _, k := range validators {
		if d := m.Current.Of(k); d != nil && d.Subject != nil {
			add(d.Subject)
		}
	}
	return types
}

// reportConflict reports paths that write one record under different keys: with two keys, two
// writes could both pass the check of one If-Match.
func (c *compiler) reportConflict(conflict lockkey.Conflict, of func(*lockkey.Path) keyed) {
	var all, open, records []string
	for i, p := range conflict.Paths {
		k := of(p)
		all = append(all, fmt.Sprintf("%s %s (%s)", k.first.Name, k.at.Route, k.first.Handler.Func.Site))
		for _, o := range conflict.Paths[i+1:] {
			for _, t := range p.Records {
				if slices.Contains(o.Records, t) {
					records = declare.Union(records, []string{t.(reflect.Type).String()})
				}
			}
		}
	}
	for _, p := range conflict.Silent {
		open = append(open, of(p).at.Route)
	}
	why := "no part of these paths names the record in all of them"
	switch {
	case conflict.Function != nil:
		why = "only the LockKey " + of(conflict.Function).at.Key.By.Func.String() + " names the record"
	case conflict.Misnamed:
		why = "the parameter that they have in common has different names (give it one name)"
	}
	c.faults.Add(of(conflict.Silent[0]).first.Handler.Func.Site,
		"%s may write one %s under different locks, since %s: two clients with one If-Match could both write; give %s a LockKey that names the record, or LockKey(restmachine.ByPath) to a path that is a record of its own",
		list(all), strings.Join(records, " or "), why, list(open))
}

// list is a list in words: "a, b and c".
func list(items []string) string {
	if n := len(items) - 1; n > 0 {
		return strings.Join(items[:n], ", ") + " and " + items[n]
	}
	return strings.Join(items, "")
}

// bindCanonical finds the parameters whose values have several texts, by the Path[T]s of all
// paths, since another path may read the same parameter of one record in another way.
func (c *compiler) bindCanonical(locking []keyed) {
	forms := map[string][]*textfield.Canonical{} // by the place of the parameter
	broken := map[string]error{}
	for n := range c.Addresses {
		a := &c.Addresses[n]
		for _, fields := range a.Plan.fields {
			for i, at := range a.paramPlaces() {
				form, err := fields.Canonical(a.Plan.names[i])
				if err != nil {
					broken[at] = err
				}
				if form != nil && !slices.ContainsFunc(forms[at], form.Same) {
					forms[at] = append(forms[at], form)
				}
			}
		}
	}
	if len(forms) == 0 && len(broken) == 0 {
		return
	}
	for _, k := range locking {
		a := k.at
		if a.Key.By != nil {
			continue
		}
		for i, at := range a.paramPlaces()[:k.Params()] {
			if err := broken[at]; err != nil {
				delete(broken, at) // one mistake, one fault
				c.faults.Add(k.first.Handler.Func.Site, "the parameter {%s} is in the key of the lock of %s %s, and %v; give the type a MarshalText, or give %s a LockKey",
					a.Plan.names[i], k.first.Name, a.Route, err, a.Route)
			}
			if forms[at] != nil {
				if a.Key.Values == nil {
					a.Key.Values = make([][]*textfield.Canonical, len(a.Plan.names))
				}
				a.Key.Values[i], a.Key.Plain = forms[at], false
			}
		}
	}
}

// paramPlaces are the places of the path's parameters: what stands before each one, whatever
// the names of parameters are.
func (a *Address) paramPlaces() []string {
	var places []string
	segments := lockkey.Nameless(a.pattern.Segments())
	for n, s := range segments {
		if s.Param {
			places = append(places, route.Join(segments[:n+1]))
		}
	}
	return places
}
