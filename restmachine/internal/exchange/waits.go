package exchange

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/keylock"
)

// This file looks at writes that wait long for a lock. In comes a wait. Out comes a warning, or
// the error of a write that would wait for ever, since its own goroutine holds the lock.

// ErrOwnApp is the error of a write that would wait for its own handler.
var ErrOwnApp = errors.New("a callback called its own App without the context that it was given, " +
	"so the write would wait for ever for the lock of its own handler; use app.ExecuteContext(ctx, …) with that context, or pass it to the request")

// runFrame begins the line of a stack that says which exchange is run: package machine's run of a
// job, which begins with its exchange.
const runFrame = "internal/machine.(*job).run("

// waitsForItself is ErrOwnApp where the holder of a lock cannot go on before the caller does: the
// caller's goroutine runs the exchange that holds it. A stack has the addresses of what is run. It
// is looked at only by who has waited.
func waitsForItself(holder keylock.Owner) error {
	x, _ := holder.(*Exchange)
	if x == nil {
		return nil
	}
	stack := make([]byte, 64<<10)
	stack = stack[:runtime.Stack(stack, false)]
	if !strings.Contains(string(stack), fmt.Sprintf("%s%p,", runFrame, x)) {
		return nil
	}
	return fmt.Errorf("%w (the handler is %s)", ErrOwnApp, nameOf(x.Who()))
}

func nameOf(w keylock.Who) string { return w.Method + " " + w.Route }

// warnOfLock logs a wait. Whatever the logger does, the wait goes on. Those of one route for one
// other are logged once, and then as their number grows.
func (c *Config) warnOfLock(ctx context.Context, w keylock.Wait) {
	waiter, holder := nameOf(w.Waiter), nameOf(w.Holder)
	if x, _ := w.By.(*Exchange); x != nil {
		x.Warn(Warning{"lock waited", fmt.Sprintf("it waited for more than %v for the lock %s, which %s %s held; %s",
			c.Locks.Patience, withoutDepth(w.Key), w.Holder.Method, w.Holder.Path, whyLong)})
	}
	n, says := c.Doubts.Waited(waiter, holder)
	if !says {
		return
	}
	attrs := []any{"lock", withoutDepth(w.Key),
		slog.Group("waiter", "method", w.Waiter.Method, "path", w.Waiter.Path, "route", w.Waiter.Route, "since", w.WaitsSince),
		slog.Group("holder", "method", w.Holder.Method, "path", w.Holder.Path, "route", w.Holder.Route, "since", w.HeldSince)}
	if n == 1 {
		attrs = append(attrs, "why", whyLong)
	} else {
		attrs = append(attrs, "times", n)
	}
	_ = Protect(func() error {
		c.Logger.WarnContext(ctx, "restmachine: a write waits long for a lock", attrs...)
		return nil
	})
}

// whyLong is what a long wait may come from.
const whyLong = "the holder is slow, or it waits for this write: then a callback of the holder called its own App without the context that it was given"
