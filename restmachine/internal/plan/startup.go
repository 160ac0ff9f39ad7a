package plan

import (
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/declare"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file orders what is made once, when the App starts. In come the functions of
// OnStartup as they were registered. Out come Startups, each behind what it takes, and which
// of them need not run.

// A Startup is one OnStartup, and the value that it made.
type Startup struct {
	Func  *wire.Func
	Type  reflect.Type // nil: it only runs
	Value any          // nil until the App has started
	used  bool         // by a hook, or by something that is not itself idle
	Idle  bool         // it does not run: it is overridden, or only needed by what is overridden
}

// sortStartups puts the startups in an order in which they can run: each behind what it
// takes, else as registered. It finds the parameters that cannot be provided.
func (s *Supply) sortStartups(fs *declare.Faults) {
	var sorted []*Startup
	done := map[*Startup]bool{}
	var path chain
	var visit func(startup *Startup)
	visit = func(startup *Startup) {
		if path.closesCircle(fs, startup.Func) || done[startup] {
			return
		}
		done[startup] = true
		path = append(path, link{"OnStartup", startup.Func})
		defer func() { path = path[:len(path)-1] }()
		for _, in := range startup.Func.In {
			if next := s.Startups[in]; next != nil {
				visit(next)
			} else {
				s.checkOnce(fs, "OnStartup", startup.Func, in)
			}
		}
		sorted = append(sorted, startup)
	}
	for _, startup := range s.Order {
		visit(startup)
	}
	s.Order = sorted
	for _, hook := range s.Hooks {
		for _, in := range hook.In {
			if s.Startups[in] == nil {
				s.checkOnce(fs, "OnShutdown", hook, in)
			}
		}
	}
}

// checkOnce finds the fault in a parameter of a function that runs without a request.
func (s *Supply) checkOnce(fs *declare.Faults, what string, fn *wire.Func, in reflect.Type) {
	who := what + " " + fn.Name
	switch {
	case s.vocabulary.Request[in] == FromContext || s.vocabulary.Request[in] == FromLogger || s.overridden(in):
	case s.provider(in) != "" || s.vocabulary.provides(in):
		fs.Add(fn.Site, "%s needs %s, which only a request has; take only what an OnStartup provides, context.Context and *slog.Logger", who, in)
	default:
		fs.Note(s.missing(in, "add an OnStartup that returns it", declare.Sighting{Site: fn.Site, Who: fn.Name, Where: link{what, fn}.String()}, nil))
	}
}

// findIdle finds the startups that need not run: those that are overridden, and those that
// only overridden ones ask for. used are the types that requests ask for. A hook alone does
// not make a startup run, since it would only undo what nobody needs.
func (s *Supply) findIdle(used map[reflect.Type]bool) {
	needed := map[reflect.Type]bool{}
	for _, startup := range slices.Backward(s.Order) { // each ahead of what it takes
		switch {
		case startup.Type == nil:
		case s.overridden(startup.Type):
			startup.Idle = true
		default:
			startup.used = used[startup.Type] || needed[startup.Type]
			startup.Idle = !startup.used && s.spared[startup.Type]
		}
		for _, in := range startup.Func.In {
			needed[in] = needed[in] || !startup.Idle
		}
	}
	for _, hook := range s.Hooks {
		for _, in := range hook.In {
			if startup := s.Startups[in]; startup != nil {
				startup.used = true
			}
		}
	}
}

// Idles reports whether a hook takes what was not started, and what no override replaces.
func (s *Supply) Idles(hook *wire.Func) bool {
	return slices.ContainsFunc(hook.In, func(in reflect.Type) bool {
		startup := s.Startups[in]
		return startup != nil && startup.Idle && !s.overridden(in)
	})
}
