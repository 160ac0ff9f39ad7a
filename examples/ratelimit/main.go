// Ratelimit answers 429 with Retry-After to a client that asks too often.
//
//	go run ./ratelimit
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
	"github.com/restmachine/restmachine-go/restmachine"
)

const tryIt = `Try it. The fourth answer is 429:

  for i in 1 2 3 4; do curl -i http://%[1]s/time -H 'X-Api-Key: ann'; done

`

// New returns the App.
func New(limits *Limits) *restmachine.App {
	app := restmachine.New()
	app.Get("/readyz", app.Ready)
	limited := app.Resource("/time")
	limited.ServiceAvailable(limits.Check)
	limited.Get(func() string { return "now" })
	return app
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, tryIt))
	if err := New(NewLimits(0.5, 3)).ListenAndServe(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}
