// Documents serves documents with entity-tags. A conditional GET saves bytes. A
// conditional PUT prevents lost updates.
//
//	go run ./documents
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

  curl -i http://%[1]s/documents/doc1
  curl -i http://%[1]s/documents/doc1 -H 'If-None-Match: "1"'

  curl -i -X PUT http://%[1]s/documents/doc1 -H 'If-Match: "1"' \
       -H 'Content-Type: application/json' -d '{"content": "Updated content"}'

The same PUT again is 412: the document is at "2" now.

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
