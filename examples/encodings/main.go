// Encodings serves one text, compressed by gzip, zstd or brotli. The client chooses the
// coding, and each coding can be revalidated.
//
//	go run ./encodings
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

  curl -sD- -o /dev/null http://%[1]s/text
  curl -sD- -o /dev/null http://%[1]s/text -H 'Accept-Encoding: gzip'
  curl -sD- -o /dev/null http://%[1]s/text -H 'Accept-Encoding: zstd'
  curl -sD- -o /dev/null http://%[1]s/text -H 'Accept-Encoding: br'

Each has a tag of its own, and is 304 with it in If-None-Match:

  curl -sD- -o /dev/null http://%[1]s/text -H 'Accept-Encoding: br' --etag-save br.tag
  curl -sD- -o /dev/null http://%[1]s/text -H 'Accept-Encoding: br' --etag-compare br.tag

A PUT with any of them in If-Match is 200, once.

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
