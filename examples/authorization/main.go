// Authorization is five set-ups that say who may do what: a public login beside members
// only, tenants with projects, public reading and the owner's writes, a signed webhook,
// and a health check outside of all.
//
//	go run ./authorization tenants
package main

import (
	"context"
	"flag"
	"log"
	"log/slog"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/restmachine/restmachine-go/examples/internal/tryit"
	"github.com/restmachine/restmachine-go/restmachine"
)

// A setUp is one of the five: its App, and what to try.
type setUp struct {
	make  func() *restmachine.App
	tryIt string
}

var setUps = map[string]setUp{
	"members": {Members, `Try it:

  curl -i http://%[1]s/me
  curl -i http://%[1]s/login --json '{"name": "ann", "password": "open sesame"}'
  curl -i http://%[1]s/me -H "Authorization: Bearer <the token>"

`},
	"tenants": {Tenants, `Try it, as ann, bob, eve and nobody:

  curl -i http://%[1]s/tenants/acme/projects/zeus/tasks/1 -H "Authorization: Bearer token-of-ann"
  curl -i http://%[1]s/tenants/acme/projects/zeus/tasks/1 -H "Authorization: Bearer token-of-bob"
  curl -i http://%[1]s/tenants/acme/projects/zeus/tasks/1 -H "Authorization: Bearer token-of-eve"
  curl -i http://%[1]s/tenants/acme/projects/zeus/tasks/1

`},
	"owners": {Owners, `Try it:

  curl -i http://%[1]s/posts/first
  curl -i -X DELETE http://%[1]s/posts/first
  curl -i -X DELETE http://%[1]s/posts/first -H "Authorization: Bearer token-of-eve"
  curl -i -X DELETE http://%[1]s/posts/first -H "Authorization: Bearer token-of-ann"

`},
	"webhook": {Webhook, `Try it, in bash:

  body='{"invoice": "7", "cents": 1200}'; now=$(date +%%s)
  sign=$(printf 'msg_1.%%s.%%s' "$now" "$body" | openssl dgst -sha256 -hmac 'whsec of the sender' -binary | base64)
  curl -i http://%[1]s/hooks/payments -H "Webhook-Id: msg_1" -H "Webhook-Timestamp: $now" \
       -H "Webhook-Signature: v1,$sign" --json "$body"

Change one byte of the body, and it is a 401.

`},
	"health": {Health, `Try it:

  curl -i http://%[1]s/health
  curl -i http://%[1]s/report
  curl -i http://%[1]s/report -H "Authorization: Bearer token-of-ann"

`},
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	flag.Parse()
	s, ok := setUps[flag.Arg(0)]
	if !ok {
		log.Fatalf("say which set-up: %s", strings.Join(slices.Sorted(maps.Keys(setUps)), ", "))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// What to try is printed once the port is bound.
	slog.SetDefault(tryit.Logger(os.Stderr, os.Stdout, s.tryIt))
	if err := s.make().ListenAndServe(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}
