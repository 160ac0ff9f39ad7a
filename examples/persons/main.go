// Persons serves persons whose entity-tag is a hash of their change date.
//
//	go run ./persons
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

  curl --request POST --include http://%[1]s/persons \
       --data '{"person_id": "1", "person_name": "Wim"}'

  curl --request GET --include http://%[1]s/persons/1
  curl --request GET --include http://%[1]s/persons/1 \
       --header "If-None-Match:<the ETag, with or without its quotes>"

  curl --request PUT --include http://%[1]s/persons/1 \
       --data '{"person_name": "Wim - update 1"}' \
       --header "If-Match:<the ETag>"

The same PUT again is 412: the change date is another one now.

`

func main() {
	addr := flag.String("addr", "127.0.0.1:5000", "listen on this `address`")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// What to try is printed once the port is bound.
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, tryIt))
	if err := New().ListenAndServe(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}
