package restmachine

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file makes and undoes what lives as long as the App.

// A turn is one start or shutdown at a time. It is no mutex, since who waits for it
// waits no longer than its own context lasts.
type turn chan struct{} // has room for one

// A hold is a turn that was taken. Its hooks have it in their context: what they do
// under that must not wait for it.
type hold struct {
	turn turn
	over atomic.Bool
}

// take waits for the turn as long as ctx lasts; one that is free is taken
// whatever ctx says.
func (t turn) take(ctx context.Context) (*hold, error) {
	if h, _ := ctx.Value(t).(*hold); h != nil && !h.over.Load() {
		return nil, errInHook
	}
	select {
	case t <- struct{}{}:
	default:
		select {
		case t <- struct{}{}:
		case <-ctx.Done():
			return nil, unavailable{fmt.Errorf("restmachine: gave up while the App was starting or shutting down: %w", ctx.Err())}
		}
	}
	return &hold{turn: t}, nil
}

// context is ctx for the hooks.
func (h *hold) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, h.turn, h)
}

// end gives the turn back.
func (h *hold) end() {
	h.over.Store(true)
	<-h.turn
}

// unavailable is why the App does not run though nothing is wrong with it: 503.
type unavailable struct{ error }

func (u unavailable) Unwrap() error { return u.error }

var (
	errEnded  = unavailable{errors.New("restmachine: the App has shut down and does not start again; make another with New")}
	errInHook = errors.New("restmachine: an OnStartup or OnShutdown runs the App that waits for it; do that after Start has returned")
)

// A single is a value that is made once, by an OnStartup.
type single struct {
	fn    *wire.Func
	typ   reflect.Type // nil: it only runs
	value any
	used  bool // something that is not itself idle asks for it, or a hook
	idle  bool // overridden, or needed by what is overridden alone
}

// sortStartups puts the startups in the order in which they can run: each
// behind what it takes, else as registered. It finds what they cannot be given.
func (s *supply) sortStartups(fs *faults) {
	var sorted []*single
	done := map[*single]bool{}
	var way chain
	var visit func(one *single)
	visit = func(one *single) {
		if way.meets(fs, one.fn) || done[one] {
			return
		}
		done[one] = true
		way = append(way, link{"OnStartup", one.fn})
		defer func() { way = way[:len(way)-1] }()
		for _, in := range one.fn.In {
			if next := s.startups[in]; next != nil {
				visit(next)
			} else {
				s.checkOnce(fs, "OnStartup "+one.fn.Name, one.fn.Site, in)
			}
		}
		sorted = append(sorted, one)
	}
	for _, one := range s.order {
		visit(one)
	}
	s.order = sorted
	for _, hook := range s.hooks {
		for _, in := range hook.In {
			if s.startups[in] == nil {
				s.checkOnce(fs, "OnShutdown "+hook.Name, hook.Site, in)
			}
		}
	}
}

// checkOnce finds the fault in a parameter of something that runs without a
// request.
func (s *supply) checkOnce(fs *faults, who, at string, in reflect.Type) {
	switch {
	case in == contextType || in == loggerType || s.overridden(in):
	case s.provider(in) != "" || fromRequest[in] != nil || asComposite(in) != nil:
		fs.add(at, "%s asks for %s, which only a request has; it can take what OnStartup provides, a context.Context and a *slog.Logger", who, in)
	default:
		fs.add(at, "%s asks for %s, which nothing provides%s; add an OnStartup that returns it", who, in, s.similar(in))
	}
}

// settleIdle finds the startups that need not run: those that are overridden,
// and those that nothing asks for but what is overridden. A hook alone, which
// would undo what nobody needs, is no need.
func (s *supply) settleIdle(used func(reflect.Type) bool) {
	needed := map[reflect.Type]bool{}
	for _, one := range slices.Backward(s.order) { // consumers first
		switch {
		case one.typ == nil:
		case s.overridden(one.typ):
			one.idle = true
		default:
			one.used = used(one.typ) || needed[one.typ]
			one.idle = !one.used && s.spared[one.typ]
		}
		for _, in := range one.fn.In {
			needed[in] = needed[in] || !one.idle
		}
	}
	for _, hook := range s.hooks {
		for _, in := range hook.In {
			if one := s.startups[in]; one != nil {
				one.used = true
			}
		}
	}
}

// idles reports whether a hook takes what was not started, and nothing stands
// in for.
func (s *supply) idles(hook *wire.Func) bool {
	return slices.ContainsFunc(hook.In, func(in reflect.Type) bool {
		one := s.startups[in]
		return one != nil && one.idle && !s.overridden(in)
	})
}

// startup runs the OnStartups. Where one fails, what has started is undone.
func (m *machine) startup(ctx context.Context) error {
	for i, one := range m.supply.order {
		if one.idle {
			continue
		}
		value, err := m.callOnce(ctx, one.fn)
		if err != nil {
			err = fmt.Errorf("restmachine: OnStartup %s: %w", one.fn, err)
			return errors.Join(err, m.undo(ctx, m.supply.order[:i]))
		}
		one.value = value
	}
	return nil
}

func (m *machine) shutdown(ctx context.Context) error { return m.undo(ctx, m.supply.order) }

// undo runs the hooks of what has started, the latest first. A hook belongs to
// the latest startup that it takes; one that takes none runs at the end.
func (m *machine) undo(ctx context.Context, started []*single) error {
	var errs []error
	run := func(hook *wire.Func) {
		if _, err := m.callOnce(ctx, hook); err != nil {
			errs = append(errs, fmt.Errorf("restmachine: OnShutdown %s: %w", hook, err))
		}
	}
	last := func(hook *wire.Func) int {
		at := -1
		for _, in := range hook.In {
			at = max(at, slices.IndexFunc(m.supply.order, func(o *single) bool { return o.typ == in }))
		}
		return at
	}
	for i := len(started) - 1; i >= -1; i-- {
		for _, hook := range slices.Backward(m.supply.hooks) {
			if last(hook) == i && !m.supply.idles(hook) {
				run(hook)
			}
		}
	}
	return errors.Join(errs...)
}

// callOnce calls a function that runs without a request; a panic is an error.
func (m *machine) callOnce(ctx context.Context, fn *wire.Func) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	args := make([]reflect.Value, len(fn.In))
	for i, in := range fn.In {
		var value any
		switch o, overridden := m.supply.overrides[in]; {
		case overridden:
			value = o.value
		case in == contextType:
			value = ctx
		case in == loggerType:
			value = m.options.logger
		default:
			value = m.supply.startups[in].value
		}
		args[i] = fn.Argument(i, value)
	}
	var out wire.Result
	err = fn.Call(args, &out)
	return out.First(), err
}
