package restmachine

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// This file is the end of a server. In comes the wish that it ends. Event streams end, whoever
// asks is told that the App is not ready, and requests under way are finished.

// drain is whether an App drains.
type drain struct {
	begun context.Context // ends when draining begins
	begin context.CancelFunc
}

func newDrain() drain {
	begun, begin := context.WithCancel(context.Background())
	return drain{begun, begin}
}

// Drain says that the server is about to end. From then on [App.Ready] is an error, the context
// of every [EventStream] has ended, and one that only begins is over at once and asks its client
// to connect again. Every other request is answered as ever, with "Connection: close", so that
// the client opens its next connection elsewhere.
//
// ListenAndServe drains by itself. A server of your own does so, too, where it is told:
//
//	server := &http.Server{Addr: ":8080", Handler: app}
//	server.RegisterOnShutdown(app.Drain)
//
// Drain does not wait. It may be called several times, by several goroutines, also before the
// App has started. There is no way back.
func (a *App) Drain() { a.drain.begin() }

// Draining returns a channel that is closed when [App.Drain] is called, for what does not end by
// itself: a WebSocket, or a loop that waits for work.
func (a *App) Draining() <-chan struct{} { return a.drain.begun.Done() }

// Ready returns nil, or a Problem of 503 once the App drains or has shut down. It is a handler,
// too, which tells a balancer whether to send requests here:
//
//	app.Get("/readyz", app.Ready)
//
// A service that is ready only when something else is asks that in a handler of its own:
//
//	app.Get("/readyz", func(ctx context.Context, db *sql.DB) error {
//		return errors.Join(app.Ready(), db.PingContext(ctx))
//	})
func (a *App) Ready() error {
	if a.drain.begun.Err() != nil || a.ended.Load() {
		return &Problem{Status: http.StatusServiceUnavailable, Detail: "the server is about to end"}
	}
	return nil
}

// drainServer drains the App, and shuts the server down once the requests under way are
// finished. failed is how serving ended, if it did by itself.
func (a *App) drainServer(ctx context.Context, server *http.Server, failed <-chan error) error {
	ctx = context.WithoutCancel(ctx)
	a.options.machine.Logger.InfoContext(ctx, "restmachine: draining")
	a.Drain()
	if delay := a.options.drainDelay; delay > 0 {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case err := <-failed:
			return err
		case <-timer.C:
		}
	}
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	return err
}
