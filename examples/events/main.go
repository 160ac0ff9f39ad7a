// Events serves JSON:API documents. Their entity-tags are hashes of their content. A flag
// switches the tags off.
//
//	go run ./events -etag=false
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

const tryIt = `Try it:

  curl -i http://%[1]s/v1/events
  curl -i http://%[1]s/v1/events/1
  curl -i http://%[1]s/v1/events/1 -H 'If-None-Match: "another", <the ETag>'
  curl -i http://%[1]s/v1/events/1 -H 'If-Match: "another"'

  curl -i -X PATCH http://%[1]s/v1/events/1 -H 'If-Match: <the ETag>' \
       -H 'Content-Type: application/vnd.api+json' \
       -d '{"data": {"type": "event", "id": "1", "attributes": {"name": "FOSSASIA Summit"}}}'

The same PATCH again is 412: the content, and so its hash, is another one now.

`

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	etag := flag.Bool("etag", true, "make entity-tags and send them")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// What to try is printed once the port is bound.
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, tryIt))
	if err := New(*etag).ListenAndServe(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}
