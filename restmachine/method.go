package restmachine

import (
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/decision"
)

// This file plans what one method does on one path.

// A method is the plan of one method on one path, and the program that walks it.
type method struct {
	*path
	name      string
	reading   bool    // it is GET or HEAD
	action    *action // nil: none
	aim       aim
	lock      when
	shows     when    // it needs the current representation before its preconditions
	bodies    []*body // what its content is parsed into
	stream    bool    // the content is streamed, and not read first
	spools    bool    // the content is read into a temporary file
	private   bool    // no callback sees the content, only what was parsed of it
	usualType string  // of the content: see leaps.go
	program   *decision.Program[*exchange]
}

func (p *path) newMethod(fs *faults, name string, a *action) *method {
	m := &method{path: p, name: name, action: a, reading: name == http.MethodGet || name == http.MethodHead}
	var asks, gated needs
	if a != nil {
		asks = a.needs
		asks.bodies = slices.Clone(asks.bodies)
		for _, g := range m.gatedBy() {
			gated.add(g.needs)
		}
		asks.bodies = union(asks.bodies, gated.bodies)
		for _, d := range p.current {
			if d != nil && d.from != nil && d.fact.place.level == onResource && d.from != lastOf(p.targets) {
				gated.loads = union(gated.loads, d.from.closure())
			}
		}
	}
	m.aim = aimOf(name, p.targets, asks, gated)
	m.bodies = asks.bodies
	m.usualType = usualType(m.bodies)
	m.stream = slices.ContainsFunc(m.bodies, func(b *body) bool { return b.raw == rawStream })
	m.private = private(m.bodies) && !p.m.asksRequest
	m.spools = slices.ContainsFunc(m.bodies, func(b *body) bool { return b.raw == rawSeeker })
	m.shows = p.represents(name, m.aim.creates)
	m.lock = m.locks(asks)
	if a != nil {
		m.check(fs, gated)
	}
	m.program = p.m.programFor(m)
	return m
}

func lastOf(loads []*load) *load {
	if len(loads) == 0 {
		return nil
	}
	return loads[len(loads)-1]
}

// asks reports whether gates of kind k are asked on this method's way.
func (m *method) asks(k kind) bool {
	switch k {
	case kindMultipleChoices:
		return m.reads()
	case kindDeleteCompleted:
		return m.name == http.MethodDelete
	case kindIsConflict:
		return m.name == http.MethodPut || m.name == http.MethodPatch
	case kindAllowMissingPost:
		return m.name == http.MethodPost
	case kindPreviouslyExisted, kindMovedPermanently, kindMovedTemporarily, kindVariances, kindFinishRequest:
		return false // asked of what is missing, or only where what they take is there
	}
	return true
}

// gatedBy are the gates that are asked on this method's way.
func (m *method) gatedBy() []*bound {
	var all []*bound
	for k, gates := range m.path.gates {
		for _, g := range gates {
			if m.asks(kind(k)) {
				all = append(all, g.bound)
			}
		}
	}
	return append(all, m.path.exists...)
}

// reads reports whether the method is GET or HEAD.
func (m *method) reads() bool { return m.reading }

// writes reports whether the method is one that the lock is for.
func (m *method) writes() bool {
	switch m.name {
	case http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodPost:
		return m.action != nil
	}
	return false
}

// repeats reports whether the method begins anew after ErrStale.
func (m *method) repeats() bool { return m.writes() && m.name != http.MethodPost }

// locks says when the method excludes others on the same resource.
func (m *method) locks(asks needs) when {
	p := m.path
	guarded := len(p.targets) > 0 || len(p.exists) > 0 || p.validated()
	if !m.writes() || p.m.options.noLock || !guarded && m.shows == never {
		return never
	}
	if m.name != http.MethodPost && guarded {
		return always
	}
	for _, d := range p.current {
		if d != nil && d.from != nil && slices.Contains(asks.all(), d.from) {
			return always // it asks for what the path's validators describe
		}
	}
	if p.get != nil && slices.ContainsFunc(asks.all(), func(l *load) bool { return l.typ == p.get.result }) && p.validated() {
		return always
	}
	return conditionally
}

// check finds the faults of a method's plan.
func (m *method) check(fs *faults, gated needs) {
	p, a := m.path, m.action
	at := a.fn.Site
	if m.aim.unclear {
		var names []string
		for _, t := range p.targets {
			names = append(names, t.typ.String())
		}
		fs.add(at, "PUT %s could create one of %s, and asks for none: take the one that it replaces, or the Optional of the one that it creates",
			p.route, strings.Join(names, " and "))
	}
	if m.stream && m.lock == always {
		fs.add(at, "%s %s streams its content, as Body[io.Reader], and holds the lock of its resource: a slow client would hold it, too; take Body[io.ReadSeeker], or an App made WithoutResourceLock", m.name, p.route)
	}
	posts := m.name == http.MethodPost && len(p.gates[kindAllowMissingPost]) == 0 // a 404 where the target is missing
	if m.aim.creates && m.aim.target != nil && !posts {
		for _, k := range []kind{kindForbidden, kindIsConflict} {
			for _, g := range p.gates[k] {
				if m.asks(k) && slices.Contains(g.needs.loads, m.aim.target) {
					fs.add(g.fact.fn.Site, "%s takes %s, and is asked where %s %s may create it: take restmachine.Optional[%s]",
						g.fact, m.aim.target.typ, m.name, p.route, m.aim.target.typ)
				}
			}
		}
	}
	m.checkGuard(fs)
	m.checkContent(fs)
}

// checkContent finds callbacks that exclude one another, since the content is
// read once, and to one place.
func (m *method) checkContent(fs *faults) {
	var first *bound
	var one *body
	for _, by := range append([]*bound{m.action.bound}, m.gatedBy()...) {
		for _, b := range by.needs.bodies {
			if first == nil {
				first, one = by, b
			}
			if b.raw.place() != one.raw.place() {
				fs.add(by.fn.Site, "%s asks for Body[%s], which %s, and %s for Body[%s], which %s, on %s %s: there is one content, and it is read once; take the same in both",
					by.fn, b.typ, b.raw.place(), first.fn, one.typ, one.raw.place(), m.action.method, m.path.route)
				return
			}
		}
	}
}

// checkGuard finds a write whose target has validators that do not hold on its
// path: a client that has them could not guard the write with them.
func (m *method) checkGuard(fs *faults) {
	p, a := m.path, m.action
	t := m.aim.target
	if m.name == http.MethodPost || m.reads() || t == nil || p.guards() || !slices.Contains(a.needs.all(), t) || !p.hasValidators(t) {
		return
	}
	returns := "nothing"
	if p.get != nil && p.get.result != nil {
		returns = p.get.result.String()
	}
	fs.add(a.fn.Site, "%s %s asks for %s, which has validators, and none of them hold on this path, since its GET returns %s: return %s and make the view with Provides, or give the Resource its own GenerateETag",
		m.name, p.route, t.typ, returns, t.typ)
}

// hasValidators reports whether a validator for the values of t stands above the
// path.
func (p *path) hasValidators(t *load) bool {
	for _, at := range p.places {
		for _, f := range at.facts {
			if (f.kind == kindETag || f.kind == kindLastModified) && p.m.subject(f) == t.typ {
				return true
			}
		}
	}
	return false
}
