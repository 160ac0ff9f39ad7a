// Blog serves posts from a SQLite file. Clients can list them page by page, create, read,
// update and delete them, as JSON or as HTML. Reads are conditional, and no update is
// ever lost.
//
// The first build compiles all of SQLite. For some minutes it prints nothing.
//
//	go run ./blog -db blog.db
//	go run ./blog -db blog.db -debug
//
// With -debug, http://127.0.0.1:8080/debug/ shows every exchange, and the reasons for its
// answer.
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

  curl -i http://%[1]s/posts/1
  curl -i http://%[1]s/posts/1 -H 'If-None-Match: "1-1"'

  curl -i -X PUT http://%[1]s/posts/1 -H 'If-Match: "1-1"' \
       -H 'Content-Type: application/json' -d '{"title": "Updated Title"}'
  curl -i -X PUT http://%[1]s/posts/1 -H 'If-Match: "1-1"' \
       -H 'Content-Type: application/json' -d '{"title": "Conflicting Update"}'

  curl -i http://%[1]s/posts -H 'Content-Type: application/json' \
       -d '{"title": "Second Post", "content": "Hello again!"}'
  curl -i 'http://%[1]s/posts?page=1&per_page=1'
  curl -i -X DELETE http://%[1]s/posts/2 -H 'If-Match: "2-1"'

In a new file these are 200, 304, 200, 412, 201, 200 and 204. Stop it, start it
again: the posts are still there.

Or open http://%[1]s/posts/1 in two tabs of a browser, and save in both.

`

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	file := flag.String("db", "blog.db", "keep the posts in this `file`")
	debug := flag.Bool("debug", false, "show every exchange and the reasons for its answer at /debug/")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// What to try is printed once the port is bound.
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, tryIt))
	var err error
	if *debug {
		err = debugged(ctx, *addr, *file)
	} else {
		err = New(*file).ListenAndServe(ctx, *addr)
	}
	if err != nil {
		log.Fatal(err)
	}
}
