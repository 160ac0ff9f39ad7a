// This file serves the blog together with a debugger, which shows every exchange. It is
// for development: everybody who can reach the debugger sees what clients send.

package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/debugger"
)

// withDebugger returns the blog, a handler that serves it with the pages of a debugger at
// /debug/, and a function that closes these pages. If a request has the field Debug:
// blog, its answer has the path of its decisions.
func withDebugger(file string, options ...debugger.Option) (*restmachine.App, http.Handler, func()) {
	d := debugger.New("/debug/", options...)
	app := New(file, restmachine.WithTrace(d), restmachine.WithTraceField(func(r *http.Request) bool {
		return r.Header.Get("Debug") == "blog"
	}))
	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.Handle("/debug/", d)
	return app, mux, d.Close
}

// debugged is like ListenAndServe, with the debugger. It logs where it listens to slog, whose
// handler then prints what to try.
func debugged(ctx context.Context, addr, file string) error {
	app, handler, closePages := withDebugger(file)
	if err := app.Start(ctx); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return errors.Join(err, app.Shutdown(context.WithoutCancel(ctx)))
	}
	slog.Info("listening", "address", listener.Addr().String())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 64 << 10}
	server.RegisterOnShutdown(closePages)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
		defer cancel()
		err = server.Shutdown(drain) // waits for running requests
	}
	return errors.Join(err, app.Shutdown(context.WithoutCancel(ctx)))
}
