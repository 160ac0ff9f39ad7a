package restmachine

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// This file is a server with safe limits, for services that need nothing else. In comes
// an address. The server runs until its context ends, and lets the requests under way
// finish.

// The limits of ListenAndServe.
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
// take as long as it needs; for a piece of a stream, see [WithStreamPatience].
func (a *App) ListenAndServe(ctx context.Context, addr string) error {
	if err := a.Start(ctx); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return errors.Join(err, a.Shutdown(context.WithoutCancel(ctx)))
	}
	a.options.machine.Logger.InfoContext(ctx, "restmachine: listening", "address", listener.Addr().String())
	server := a.server()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = a.drainServer(ctx, server, failed)
	}
	return errors.Join(err, a.Shutdown(context.WithoutCancel(ctx)))
}

// server returns a server of net/http, whose zero value would wait for ever. What it
// has to say goes to the App's log.
func (a *App) server() *http.Server {
	return &http.Server{
		Handler: a, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(a.options.machine.Logger.Handler(), slog.LevelWarn),
	}
}
