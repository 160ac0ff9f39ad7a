package plan

import (
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file orders what is made once, when the App starts.

// A single is a value that is made once, by an OnStartup.
type Startup struct {
	Func  *wire.Func
	Type  reflect.Type // nil: it only runs
	Value any
	used  bool // something that is not itself idle asks for it, or a hook
	Idle  bool // overridden, or needed by what is overridden alone
}

// sortStartups puts the startups in the order in which they can run: each
// behind what it takes, else as registered. It finds what they cannot be given.
func (s *supply) sortStartups(fs *declare.Faults) {
	var sorted []*Startup
	done := map[*Startup]bool{}
	var way chain
	var visit func(one *Startup)
	visit = func(one *Startup) {
		if way.closesCircle(fs, one.Func) || done[one] {
			return
		}
		done[one] = true
		way = append(way, link{"OnStartup", one.Func})
		defer func() { way = way[:len(way)-1] }()
		for _, in := range one.Func.In {
			if next := s.Startups[in]; next != nil {
				visit(next)
			} else {
				s.checkOnce(fs, "OnStartup "+one.Func.Name, one.Func.Site, in)
			}
		}
		sorted = append(sorted, one)
	}
	for _, one := range s.Order {
		visit(one)
	}
	s.Order = sorted
	for _, hook := range s.Hooks {
		for _, in := range hook.In {
			if s.Startups[in] == nil {
				s.checkOnce(fs, "OnShutdown "+hook.Name, hook.Site, in)
			}
		}
	}
}

// checkOnce finds the fault in a parameter of something that runs without a
// request.
func (s *supply) checkOnce(fs *declare.Faults, who, at string, in reflect.Type) {
	switch {
	case s.vocabulary.Request[in] == FromContext || s.vocabulary.Request[in] == FromLogger || s.overridden(in):
	case s.provider(in) != "" || s.vocabulary.provides(in):
		fs.Add(at, "%s asks for %s, which only a request has; it can take what OnStartup provides, a context.Context and a *slog.Logger", who, in)
	default:
		fs.Add(at, "%s asks for %s, which nothing provides%s; add an OnStartup that returns it", who, in, s.similar(in))
	}
}

// settleIdle finds the startups that need not run: those that are overridden,
// and those that nothing asks for but what is overridden. A hook alone, which
// would undo what nobody needs, is no need.
func (s *supply) findIdle(used func(reflect.Type) bool) {
	needed := map[reflect.Type]bool{}
	for _, one := range slices.Backward(s.Order) { // consumers first
		switch {
		case one.Type == nil:
		case s.overridden(one.Type):
			one.Idle = true
		default:
			one.used = used(one.Type) || needed[one.Type]
			one.Idle = !one.used && s.spared[one.Type]
		}
		for _, in := range one.Func.In {
			needed[in] = needed[in] || !one.Idle
		}
	}
	for _, hook := range s.Hooks {
		for _, in := range hook.In {
			if one := s.Startups[in]; one != nil {
				one.used = true
			}
		}
	}
}

// idles reports whether a hook takes what was not started, and nothing stands
// in for.
func (s *supply) Idles(hook *wire.Func) bool {
	return slices.ContainsFunc(hook.In, func(in reflect.Type) bool {
		one := s.Startups[in]
		return one != nil && one.Idle && !s.overridden(in)
	})
}
