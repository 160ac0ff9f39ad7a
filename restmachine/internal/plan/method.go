package plan

import (
	"net/http"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
)

// This file plans one method of a path. In come the path and the method's handler. Out comes
// the Method: what it needs before its preconditions, and what it reads.

// A Method is the plan of one method on one path.
type Method struct {
	*Path
	Number         int // its index in Plans.Methods
	Name           string
	reading        bool     // it is GET or HEAD
	Other          bool     // it is not one of RFC 9110, and has a handler
	Safe           bool     // it is such a method, and changes nothing
	IsPreflight    bool     // it is the path's Preflight
	Handler        *Handler // nil: none
	Use            TargetUse
	Locks          When     // it excludes others on the same resource: see locks.go
	NeedsCurrent   When     // it needs the current representation before its preconditions
	Apart          bool     // it negotiates among offers of its own, and not among the path's
	Constant       bool     // no request field chooses what an answer shows: there is no Vary
	Media          []string // what Accept chooses among
	Bodies         []*Body  // what its content is parsed into
	Streams        bool     // the content is streamed, and not read first
	Spools         bool     // the content is read into a temporary file
	PrivateContent bool     // no callback sees the content, only what was parsed of it
	UsualType      string   // the media type that most content has; "": there is not one
	asks           Needs    // of its handler, with the contents of its gates
	Usual          *Usual   // nil: its requests are walked row by row

	Early, Late []Foreseen // before anything is loaded; before the GET is run
	Omits       []Omission // see Describer.outdated

	// The Forbidden gates that take what is loaded: those to ask behind each of Use.Required,
	// before the next one is loaded (nil: none), and those to ask when all is there.
	ForbidAfter [][]*Gate
	ForbidLast  []*Gate
}

func (p *Path) newMethod(b *binder, name string, h *Handler) *Method {
	m := &Method{Path: p, Number: len(p.Plans.Methods), Name: name, Handler: h, reading: isReading(name)}
	var asks, gated Needs
	if h != nil {
		m.Other, m.Safe = h.Other, h.Safe
		asks, gated = h.Needs, m.gateNeeds()
		asks.bodies = declare.Union(slices.Clip(asks.bodies), gated.bodies)
	}
	m.Use = targetUseOf(name, m.ChangesNothing(), p.Targets, asks, gated)
	m.asks = asks
	m.Bodies = asks.bodies
	m.UsualType = usualType(m.Bodies)
	m.Streams = takenAs(m.Bodies, RawStream)
	m.Spools = takenAs(m.Bodies, RawSeeker)
	m.PrivateContent = private(m.Bodies) && !b.asksRequest
	m.NeedsCurrent = m.needsCurrent()
	m.negotiate()
	m.foresee()
	m.omit()
	m.Usual = m.usual()
	if h != nil {
		m.scheduleForbidden()
		m.check(b.faults)
	}
	p.Plans.Methods = append(p.Plans.Methods, m)
	return m
}

// isReading reports whether a method is GET or HEAD.
func isReading(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// passes reports whether the method passes the gates of a kind, whatever it finds.
func (m *Method) passes(k declare.Kind) bool {
	switch k {
	case declare.MultipleChoices:
		return m.Reads()
	case declare.DeleteCompleted:
		return m.Name == http.MethodDelete
	case declare.IsConflict:
		return m.Replaces()
	case declare.AllowMissingPost:
		return m.Name == http.MethodPost
	case declare.PreviouslyExisted, declare.MovedPermanently, declare.MovedTemporarily, declare.Variances, declare.FinishRequest:
		return false // asked where the target is missing, or only where what they take is there
	}
	return true
}

// gates are the gates that the method passes.
func (m *Method) gates() []*Callback {
	var all []*Callback
	for k, gates := range m.Path.Gates {
		for _, g := range gates {
			if m.passes(declare.Kind(k)) {
				all = append(all, g.Callback)
			}
		}
	}
	for _, e := range m.Path.Exists {
		all = append(all, e.Callback)
	}
	return all
}

// gateNeeds are what the gates need that the method passes. A loaded value that the Resource's
// own facts describe must exist, too, unless it is the target.
func (m *Method) gateNeeds() Needs {
	var n Needs
	for _, g := range m.gates() {
		n.add(g.Needs)
	}
	for d := range m.Current.all() {
		if d.Loaded != nil && d.Fact.Place.Level == declare.OnResource && d.Loaded != lastOf(m.Targets) {
			n.Required = declare.Union(n.Required, d.Loaded.closure())
		}
	}
	return n
}

// Reads reports whether the method is GET or HEAD.
func (m *Method) Reads() bool { return m.reading }

// Writes reports whether the method is one that the lock is for.
func (m *Method) Writes() bool {
	return m.Handler != nil && !m.ChangesNothing()
}

// ChangesNothing reports whether the method is safe (RFC 9110, 9.2.1).
func (m *Method) ChangesNothing() bool { return m.reading || m.Safe }

// TakesContent reports whether the request may have content that means something.
func (m *Method) TakesContent() bool { return m.Handler != nil && !m.reading }

// Replaces reports whether the method writes in place, and does not make or delete its
// target: PUT, PATCH, and every other method that is not safe.
func (m *Method) Replaces() bool {
	return m.Name == http.MethodPut || m.Name == http.MethodPatch || m.Other && !m.Safe
}

// IsGuarded reports whether the method is one that may require a precondition (RFC 6585,
// 3): every write that knows what it writes over.
func (m *Method) IsGuarded() bool { return m.Writes() && m.Name != http.MethodPost }

// RequiresPrecondition reports whether a request of the method without a precondition is a
// 428, by the nearest RequirePreconditions: one that names the method, or that names none.
func (m *Method) RequiresPrecondition() bool {
	switch {
	case m.Required == nil || !m.Writes():
		return false
	case len(m.Required) == 0:
		return m.IsGuarded()
	}
	return slices.Contains(m.Required, m.Name) && (m.IsGuarded() || m.actsOnTarget())
}

// actsOnTarget reports whether a POST is about a resource that must exist. It then has
// something to compare with, and each of its requests is asked (see G7d).
func (m *Method) actsOnTarget() bool {
	return m.KnowsCreation() && (!m.Use.Creates || len(m.Path.Gates[declare.AllowMissingPost]) == 0)
}

// ShowsPath reports whether what the handler returns is what the path shows: it is not
// about something else, as what a POST returns may be, nor what another method says of it.
func (m *Method) ShowsPath() bool { return m.Name != http.MethodPost && !m.Other }

// KnowsCreation reports whether the graph knows, before the handler runs, whether a PUT
// creates: the path has a target, or a ResourceExists that returns bool.
func (m *Method) KnowsCreation() bool { return len(m.Targets) > 0 || len(m.Path.Exists) > 0 }

// Repeats reports whether the method begins anew after ErrStale.
func (m *Method) Repeats() bool { return m.IsGuarded() }

// needsCurrent says when a method needs the current representation before its preconditions:
// what the GET returns, unless that is known without running it.
func (m *Method) needsCurrent() When {
	p := m.Path
	if p.Get == nil || m.Safe || p.Get.Identity != nil && p.AutoETag == declare.NoTags {
		return Never
	}
	switch {
	case !p.Validated() && (m.reading || p.Get.Dynamic || p.Get.Replies):
		return WithPrecondition // it may fail (RFC 9110, 13.2.1); a Reply may bring validators of its own
	case !p.Validated():
		return Never
	case m.reading || m.Name == http.MethodPut && m.Use.Creates:
		return Always
	}
	return WithPrecondition
}

// A Usual is what decides the usual request of a method from G7 on: what
// describes the last value that is loaded.
type Usual struct {
	Tag, Date *Describer // of the loaded value alone; Date is nil where there is no such fact
	TagOnly   bool       // the tag is the only field of a 304
}

// usual finds whether a usual request of the method is decided by one loaded value: no gate takes
// it, nothing is shown but it, in one way, and where it is missing there is no more to ask.
func (m *Method) usual() *Usual {
	p, get := m.Path, m.Path.Get
	if m.Name != http.MethodGet && !m.IsGuarded() || m.Use.Creates || len(p.Exists)+len(m.Early)+len(p.ForbidLoaded) > 0 {
		return nil
	}
	if get == nil || get.Identity == nil || get.Identity != lastOf(m.Use.Required) || !get.Negotiated || len(p.Variants) != 1 || m.NeedsCurrent != Never {
		return nil
	}
	for _, k := range []declare.Kind{declare.MultipleChoices, declare.PreviouslyExisted, declare.MovedPermanently, declare.MovedTemporarily} {
		if len(p.Gates[k]) > 0 {
			return nil
		}
	}
	u := &Usual{Tag: p.Current.Of(declare.GenerateETag), Date: p.Current.Of(declare.LastModified)}
	if u.Tag == nil || !u.Tag.describes(get.Identity) || u.Date != nil && !u.Date.describes(get.Identity) {
		return nil
	}
	u.TagOnly = m.Constant && p.Current.Of(declare.CacheControl) == nil && p.Current.Of(declare.Expires) == nil
	return u
}

// describes reports whether a fact is about what l loads.
func (d *Describer) describes(l *Load) bool {
	return d.Subject != nil && (d.Loaded == nil || d.Loaded == l)
}
