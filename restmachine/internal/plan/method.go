package plan

import (
	"net/http"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file plans what one method does on one path.

// A method is the plan of one method on one path.
type Method struct {
	*Path
	Number         int // of all methods of the App
	Name           string
	reading        bool     // it is GET or HEAD
	Handler        *Handler // nil: none
	Use            TargetUse
	Locks          When
	NeedsCurrent   When    // it needs the current representation before its preconditions
	Bodies         []*Body // what its content is parsed into
	Streams        bool    // the content is streamed, and not read first
	Spools         bool    // the content is read into a temporary file
	PrivateContent bool    // no callback sees the content, only what was parsed of it
	UsualType      string  // of the content: see leaps.go
}

func (p *Path) newMethod(fs *declare.Faults, name string, a *Handler) *Method {
	m := &Method{Path: p, Number: len(p.Plans.Methods), Name: name, Handler: a, reading: name == http.MethodGet || name == http.MethodHead}
	var asks, gated Needs
	if a != nil {
		asks = a.Needs
		asks.bodies = slices.Clone(asks.bodies)
		for _, g := range m.gates() {
			gated.add(g.Needs)
		}
		asks.bodies = declare.Union(asks.bodies, gated.bodies)
		for _, d := range p.Current {
			if d != nil && d.Loaded != nil && d.Fact.Place.Level == declare.OnResource && d.Loaded != lastOf(p.Targets) {
				gated.Required = declare.Union(gated.Required, d.Loaded.closure())
			}
		}
	}
	m.Use = targetUseOf(name, p.Targets, asks, gated)
	m.Bodies = asks.bodies
	m.UsualType = usualType(m.Bodies)
	m.Streams = slices.ContainsFunc(m.Bodies, func(b *Body) bool { return b.Raw == RawStream })
	m.PrivateContent = private(m.Bodies) && !p.Plans.asksRequest
	m.Spools = slices.ContainsFunc(m.Bodies, func(b *Body) bool { return b.Raw == RawSeeker })
	m.NeedsCurrent = p.needsCurrent(name, m.Use.Creates)
	m.Locks = m.locks(asks)
	if a != nil {
		m.check(fs, gated)
	}
	p.Plans.Methods = append(p.Plans.Methods, m)
	return m
}

func lastOf(loads []*Load) *Load {
	if len(loads) == 0 {
		return nil
	}
	return loads[len(loads)-1]
}

// asks reports whether gates of kind k are asked on this method's way.
func (m *Method) passes(k declare.Kind) bool {
	switch k {
	case declare.MultipleChoices:
		return m.Reads()
	case declare.DeleteCompleted:
		return m.Name == http.MethodDelete
	case declare.IsConflict:
		return m.Name == http.MethodPut || m.Name == http.MethodPatch
	case declare.AllowMissingPost:
		return m.Name == http.MethodPost
	case declare.PreviouslyExisted, declare.MovedPermanently, declare.MovedTemporarily, declare.Variances, declare.FinishRequest:
		return false // asked of what is missing, or only where what they take is there
	}
	return true
}

// gatedBy are the gates that are asked on this method's way.
func (m *Method) gates() []*Callback {
	var all []*Callback
	for k, gates := range m.Path.Gates {
		for _, g := range gates {
			if m.passes(declare.Kind(k)) {
				all = append(all, g.Callback)
			}
		}
	}
	return append(all, m.Path.Exists...)
}

// reads reports whether the method is GET or HEAD.
func (m *Method) Reads() bool { return m.reading }

// writes reports whether the method is one that the lock is for.
func (m *Method) Writes() bool {
	switch m.Name {
	case http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodPost:
		return m.Handler != nil
	}
	return false
}

// repeats reports whether the method begins anew after ErrStale.
func (m *Method) Repeats() bool { return m.Writes() && m.Name != http.MethodPost }

// locks says when the method excludes others on the same resource.
func (m *Method) locks(asks Needs) When {
	p := m.Path
	guarded := len(p.Targets) > 0 || len(p.Exists) > 0 || p.Validated()
	if !m.Writes() || p.Plans.NoLock || !guarded && m.NeedsCurrent == Never {
		return Never
	}
	if m.Name != http.MethodPost && guarded {
		return Always
	}
	for _, d := range p.Current {
		if d != nil && d.Loaded != nil && slices.Contains(asks.all(), d.Loaded) {
			return Always // it asks for what the path's validators describe
		}
	}
	if p.Get != nil && slices.ContainsFunc(asks.all(), func(l *Load) bool { return l.Type == p.Get.Result }) && p.Validated() {
		return Always
	}
	return WithPrecondition
}

// check finds the faults of a method's plan.
func (m *Method) check(fs *declare.Faults, gated Needs) {
	p, a := m.Path, m.Handler
	at := a.Func.Site
	if m.Use.ambiguous {
		var names []string
		for _, t := range p.Targets {
			names = append(names, t.Type.String())
		}
		fs.Add(at, "PUT %s could create one of %s, and asks for none: take the one that it replaces, or the Optional of the one that it creates",
			p.Route, strings.Join(names, " and "))
	}
	if m.Streams && m.Locks == Always {
		fs.Add(at, "%s %s streams its content, as Body[io.Reader], and holds the lock of its resource: a slow client would hold it, too; take Body[io.ReadSeeker], or an App made WithoutResourceLock", m.Name, p.Route)
	}
	posts := m.Name == http.MethodPost && len(p.Gates[declare.AllowMissingPost]) == 0 // a 404 where the target is missing
	if m.Use.Creates && m.Use.Target != nil && !posts {
		for _, k := range []declare.Kind{declare.Forbidden, declare.IsConflict} {
			for _, g := range p.Gates[k] {
				if m.passes(k) && slices.Contains(g.Needs.Required, m.Use.Target) {
					fs.Add(g.Fact.Func.Site, "%s takes %s, and is asked where %s %s may create it: take restmachine.Optional[%s]",
						g.Fact, m.Use.Target.Type, m.Name, p.Route, m.Use.Target.Type)
				}
			}
		}
	}
	m.checkGuard(fs)
	m.checkContent(fs)
}

// checkContent finds callbacks that exclude one another, since the content is
// read once, and to one place.
func (m *Method) checkContent(fs *declare.Faults) {
	var first *Callback
	var one *Body
	for _, by := range append([]*Callback{m.Handler.Callback}, m.gates()...) {
		for _, b := range by.Needs.bodies {
			if first == nil {
				first, one = by, b
			}
			if b.Raw.kept() != one.Raw.kept() {
				fs.Add(by.Func.Site, "%s asks for Body[%s], which %s, and %s for Body[%s], which %s, on %s %s: there is one content, and it is read once; take the same in both",
					by.Func, b.typ, b.Raw.kept(), first.Func, one.typ, one.Raw.kept(), m.Handler.Method, m.Path.Route)
				return
			}
		}
	}
}

// checkGuard finds a write whose target has validators that do not hold on its
// path: a client that has them could not guard the write with them.
func (m *Method) checkGuard(fs *declare.Faults) {
	p, a := m.Path, m.Handler
	t := m.Use.Target
	if m.Name == http.MethodPost || m.Reads() || t == nil || p.guardsTarget() || !slices.Contains(a.Needs.all(), t) || !p.hasValidators(t) {
		return
	}
	returns := "nothing"
	if p.Get != nil && p.Get.Result != nil {
		returns = p.Get.Result.String()
	}
	fs.Add(a.Func.Site, "%s %s asks for %s, which has validators, and none of them hold on this path, since its GET returns %s: return %s and make the view with Provides, or give the Resource its own GenerateETag",
		m.Name, p.Route, t.Type, returns, t.Type)
}

// hasValidators reports whether a validator for the values of t stands above the
// path.
func (p *Path) hasValidators(t *Load) bool {
	for _, at := range p.places {
		for _, f := range at.Facts {
			if (f.Kind == declare.GenerateETag || f.Kind == declare.LastModified) && p.Plans.subject(f) == t.Type {
				return true
			}
		}
	}
	return false
}

// usualType is the media type that the first parser of the only body reads, ""
// where there is none or more than one.
func usualType(bodies []*Body) string {
	if len(bodies) != 1 || len(bodies[0].parsers) == 0 {
		return ""
	}
	return bodies[0].parsers[0].media
}
