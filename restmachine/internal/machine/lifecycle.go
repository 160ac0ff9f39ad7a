package machine

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/internal/exchange"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/wire"
)

// This file makes and undoes what lives as long as the App.

// Startup runs the OnStartups. Where one fails, or what it made cannot be used, what had started
// is undone.
func (m *Machine) Startup(ctx context.Context) error {
	order := m.plans.Supply.Order
	for i, one := range order {
		if o, ok := m.plans.Supply.Overrides[one.Type]; ok {
			if err := isUsable(o.Value); err != nil {
				err = fmt.Errorf("restmachine: Override of %s (%s): %w", o.Type, o.Site, err)
				return errors.Join(err, m.undo(ctx, order[:i]))
			}
		}
		if one.Idle {
			continue
		}
		value, err := m.callOnce(ctx, one.Func)
		if err == nil {
			one.Value, i = value, i+1
			err = isUsable(value)
		}
		if err != nil {
			err = fmt.Errorf("restmachine: OnStartup %s: %w", one.Func, err)
			return errors.Join(err, m.undo(ctx, order[:i]))
		}
	}
	for _, r := range m.plans.Reports {
		m.options.Logger.InfoContext(ctx, "restmachine: "+r.Text)
	}
	return nil
}

// isUsable returns the error of the value's own Validate: what a value lacks is found before the
// first request needs it. A panic is an error.
func isUsable(value any) error {
	v, ok := value.(interface{ Validate() error })
	if !ok || reflect.ValueOf(value).Kind() == reflect.Pointer && reflect.ValueOf(value).IsNil() {
		return nil
	}
	return exchange.Protect(v.Validate)
}

// Shutdown runs the OnShutdown hooks.
func (m *Machine) Shutdown(ctx context.Context) error { return m.undo(ctx, m.plans.Supply.Order) }

// undo runs the hooks of what has started, the latest first. A hook belongs to the latest
// startup that it takes. One that takes none runs at the end.
func (m *Machine) undo(ctx context.Context, started []*plan.Startup) error {
	supply := m.plans.Supply
	var errs []error
	latest := func(hook *wire.Func) int {
		at := -1
		for _, in := range hook.In {
			at = max(at, slices.IndexFunc(supply.Order, func(o *plan.Startup) bool { return o.Type == in }))
		}
		return at
	}
	for i := len(started) - 1; i >= -1; i-- {
		for _, hook := range slices.Backward(supply.Hooks) {
			if latest(hook) != i || supply.Idles(hook) {
				continue
			}
			if _, err := m.callOnce(ctx, hook); err != nil {
				errs = append(errs, fmt.Errorf("restmachine: OnShutdown %s: %w", hook, err))
			}
		}
	}
	return errors.Join(errs...)
}

// callOnce calls a function that runs without a request. A panic is an error.
func (m *Machine) callOnce(ctx context.Context, fn *wire.Func) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	supply := m.plans.Supply
	args := make([]reflect.Value, len(fn.In))
	for i, in := range fn.In {
		var value any
		switch o, overridden := supply.Overrides[in]; {
		case overridden:
			value = o.Value
		case m.options.Words.Request[in] == plan.FromContext:
			value = ctx
		case m.options.Words.Request[in] == plan.FromLogger:
			value = m.options.OwnLogger
		default:
			value = supply.Startups[in].Value
		}
		args[i] = fn.Argument(i, value)
	}
	var out wire.Result
	err = fn.Call(args, &out)
	return out.First(), err
}
