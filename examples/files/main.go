// Files serves a page that is compiled in, and the files of a directory. A client gets a
// file whole, in ranges, or not at all if it already has it.
//
//	go run ./files -dir .
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

  curl -i http://%[1]s/
  curl -i http://%[1]s/files/go.mod -r 0-5
  curl -i http://%[1]s/files/go.mod -r 0-5,-10
  curl -i http://%[1]s/files/go.mod -z go.mod

The last is 304: -z asks whether the file is newer than that one.

`

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	dir := flag.String("dir", ".", "serve the files of this `directory`")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// What to try is printed once the port is bound.
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, tryIt))
	app, err := New(*dir)
	if err != nil {
		log.Fatal(err)
	}
	if err := app.ListenAndServe(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}
