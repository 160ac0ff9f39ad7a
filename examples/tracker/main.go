// Tracker is the issue tracker of a few teams, on a SQLite file. It is the example that shows
// the whole: bearer tokens, teams that do not see each other, projects with issues below, pages
// and filters of a list, PUT, merge patch and DELETE that never lose an update, JSON, HTML and a
// CSV stream, attachments with ranges, mistakes that a form can show, and a document by OpenAPI.
//
//	go run ./tracker -db tracker.db
//
// In come the flags. Out goes a service, until it is interrupted. tracker.go has the resources.
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

const tryIt = `Try it, as ann of the team acme:

  ann='Authorization: Bearer token-of-ann'
  issues=http://%[1]s/teams/acme/projects/apollo/issues

  curl -i "$issues?state=open&limit=1" -H "$ann"
  curl -i $issues -H "$ann" --json '{"title": "", "state": "done", "assignee": "eve", "labels": [""]}'
  curl -i $issues -H "$ann" --json '{"title": "Land", "labels": ["moon"]}'
  curl -i -X PATCH $issues/2 -H "$ann" -H 'Content-Type: application/merge-patch+json' -d '{"state": "closed"}'
  curl -i -X PATCH $issues/2 -H "$ann" -H 'If-Match: "1-2-1"' \
       -H 'Content-Type: application/merge-patch+json' -d '{"state": "closed"}'

  curl -i -X PUT $issues/1/attachments/log.txt -H "$ann" -H 'If-None-Match: *' \
       -H 'Content-Type: text/plain' -d 'one two three'
  curl -i $issues/1/attachments/log.txt -H "$ann" -H 'Range: bytes=4-6'
  curl -i http://%[1]s/teams/acme/projects/apollo/export -H "$ann"
  curl -i http://%[1]s/openapi.json

In a new file these are 200, 422 with four mistakes, 201, 428, 200, 201, 206, 200 and 200.

Or open http://%[1]s/ in a browser, and log in with token-of-ann. The API can be read and tried at
http://%[1]s/docs/.

`

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	file := flag.String("db", "tracker.db", "keep everything in this `file`")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// What to try is printed once the port is bound.
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, tryIt))
	if err := New(*file).ListenAndServe(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}
