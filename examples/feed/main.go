// Feed is a board of notices that sends new ones as they are put up. A client that connects
// again gets what it missed.
//
//	go run ./feed
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
)

const tryIt = `Try it, and put up notices in another terminal:

  curl -N http://%[1]s/notices/feed
  curl -i http://%[1]s/notices -H 'Content-Type: application/json' -d '{"text": "hello"}'

  curl -N http://%[1]s/notices/feed -H 'Last-Event-ID: 1'
  curl http://%[1]s/notices
  curl http://%[1]s/notices -H 'Accept: application/jsonl'
  curl -i http://%[1]s/readyz

End it by Ctrl-C: the streams end, and it returns at once.

`

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// What to try is printed once the port is bound.
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, tryIt))
	if err := New().ListenAndServe(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}
