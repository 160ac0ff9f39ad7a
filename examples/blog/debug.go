// The blog with a page beside it that shows every exchange: for development, on
// a machine whose users may all see what the blog's clients send.

package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/debugger"
)

// withDebugger returns the blog, and a handler that serves it with the pages of a
// debugger at /debug/, which are closed when the server shuts down. A request
// that says Debug: blog is told the way to its answer.
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

// debugged is ListenAndServe, with the debugger.
func debugged(ctx context.Context, addr, file string) error {
	app, handler, closePages := withDebugger(file)
	if err := app.Start(ctx); err != nil {
		return err
	}
	server := &http.Server{Addr: addr, Handler: handler, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 64 << 10}
	server.RegisterOnShutdown(closePages)
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
		defer cancel()
		err = server.Shutdown(drain) // waits for the requests under way
	}
	return errors.Join(err, app.Shutdown(context.WithoutCancel(ctx)))
}
