package restmachine

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// This file is a server with safe limits, for services that need nothing else. In comes
// an address, or a listener with a server of your own. The server runs until its context ends. Then it drains: event streams end, who
// asks is told that the App is not ready, and requests under way are finished. Drain does that
// for other servers, too.

// The limits of ListenAndServe, and of Serve where its server leaves them at zero.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	drainTimeout      = 15 * time.Second
)

// ListenAndServe validates and starts the App, and serves it on the TCP address addr
// until ctx ends. Then it drains ([App.Drain]): it ends event streams, goes on to accept
// connections for as long as [WithDrainDelay] says, and lets the requests under way finish, for
// 15 seconds at the most. Then it shuts the App down. It returns nil after an orderly end, else
// what went wrong, wiring faults included.
//
// A client has 5 seconds for the header fields, of 64 KiB at the most, and 30 seconds
// for the whole request. An idle connection is closed after 2 minutes. A response may
// take as long as it needs; for a piece of a stream, see [WithStreamPatience]. [App.Serve]
// serves with other limits, with middleware around the App, with TLS, or on another listener.
func (a *App) ListenAndServe(ctx context.Context, addr string) error {
	if err := a.Start(ctx); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return errors.Join(err, a.Shutdown(context.WithoutCancel(ctx)))
	}
	return a.Serve(ctx, listener, nil)
}

// Serve does what [App.ListenAndServe] does, on a listener and by a server of your own. It closes
// the listener. A field of the server that is zero gets the value of ListenAndServe: the Handler is
// the App, and the limits are its limits. A nil server has only these. So middleware goes into Handler, around the App, and a
// negative ReadTimeout means no limit:
//
//	err := app.Serve(ctx, listener, &http.Server{Handler: withRequestIDs(app), ReadTimeout: 10 * time.Minute})
//
// If TLSConfig has a certificate, or a function that gets one, Serve speaks TLS. Do not use the server
// for anything else.
func (a *App) Serve(ctx context.Context, listener net.Listener, server *http.Server) error {
	if err := a.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	if server == nil {
		server = &http.Server{}
	}
	a.fillIn(server)
	a.options.machine.Logger.InfoContext(ctx, "restmachine: listening", "address", listener.Addr().String())
	failed := make(chan error, 1)
	go func() {
		if c := server.TLSConfig; c != nil && (len(c.Certificates) > 0 || c.GetCertificate != nil || c.GetConfigForClient != nil) {
			failed <- server.ServeTLS(listener, "", "")
			return
		}
		failed <- server.Serve(listener)
	}()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = a.drainServer(ctx, server, failed)
	}
	return errors.Join(err, a.Shutdown(context.WithoutCancel(ctx)))
}

// fillIn sets what a server of net/http leaves at zero, which would make it wait for ever. What the
// server has to say goes to the App's log.
func (a *App) fillIn(s *http.Server) {
	if s.Handler == nil {
		s.Handler = a
	}
	if s.ErrorLog == nil {
		s.ErrorLog = slog.NewLogLogger(a.options.machine.Logger.Handler(), slog.LevelWarn)
	}
	s.ReadHeaderTimeout = cmp.Or(s.ReadHeaderTimeout, readHeaderTimeout)
	s.ReadTimeout = cmp.Or(s.ReadTimeout, readTimeout)
	s.IdleTimeout = cmp.Or(s.IdleTimeout, idleTimeout)
	s.MaxHeaderBytes = cmp.Or(s.MaxHeaderBytes, maxHeaderBytes)
}

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
