// This file serves the blog together with a debugger, which shows every exchange. It is
// for development: everybody who can reach the debugger sees what clients send.

package main

import (
	"context"
	"net"
	"net/http"

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
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler}
	server.RegisterOnShutdown(closePages)
	return app.Serve(ctx, listener, server)
}
