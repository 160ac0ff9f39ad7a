package restmachine

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// This file lets one goroutine at a time start an App or shut it down. In comes a
// context, which can end the wait. Out comes the turn, or an error. A hook that would
// wait for its own turn gets an error, too.

// A turn is one start or shutdown at a time. It is a channel and not a mutex, so that a
// context can end the wait for it.
type turn chan struct{} // has room for one

// A hold is a turn that was taken. The contexts of its hooks carry it: what they do
// under these must not wait for it.
type hold struct {
	turn turn
	over atomic.Bool
}

// take waits for the turn as long as ctx lasts. It takes a free turn whatever ctx says.
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
			return nil, unavailable{fmt.Errorf("restmachine: the context ended while the App was starting or shutting down: %w", ctx.Err())}
		}
	}
	return &hold{turn: t}, nil
}

// context returns ctx for the hooks.
func (h *hold) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, h.turn, h)
}

// end gives the turn back.
func (h *hold) end() {
	h.over.Store(true)
	<-h.turn
}

// unavailable is why an App without wiring faults does not run. A request gets 503.
type unavailable struct{ error }

// Unwrap returns the error behind it.
func (u unavailable) Unwrap() error { return u.error }

var (
	errEnded      = unavailable{errors.New("restmachine: the App has shut down and does not start again; make a new App with New")}
	errStartEnded = errors.New("restmachine: an OnStartup ended the goroutine of the request that started the App")
	errInHook     = errors.New("restmachine: an OnStartup or OnShutdown uses the App, which waits for it; use the App after Start has returned")
)
