// Playground serves the library in a browser: a page on which you choose what is true of a
// resource, send it a request, and see the status, and why.
//
//	go run ./playground
package main

import (
	"context"
	"flag"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/restmachine/restmachine-go/examples/internal/tryit"
	"github.com/restmachine/restmachine-go/examples/playground/page"
)

const tryIt = `Open http://%[1]s/ in a browser.

`

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	dir := flag.String("dir", "", "serve this `folder`, which playground/build made; without it, build one that is removed at the end")
	flag.Parse()
	if err := run(*addr, *dir); err != nil {
		log.Fatal(err)
	}
}

func run(addr, dir string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if dir == "" {
		made, err := os.MkdirTemp("", "playground")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made) //nolint:errcheck // a temporary folder
		slog.Info("building; the first time takes a minute")
		if err := page.Build(ctx, made, page.Options{Quick: true}); err != nil {
			return err
		}
		dir = made
	}
	// Where to look is printed once the port is bound.
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, tryIt))
	app, err := New(dir)
	if err != nil {
		return err
	}
	return app.ListenAndServe(ctx, addr)
}
