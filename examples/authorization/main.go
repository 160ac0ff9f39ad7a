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
	"maps"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
)

var setUps = map[string]func() *restmachine.App{
	"members": Members, "tenants": Tenants, "owners": Owners, "webhook": Webhook, "health": Health,
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on this `address`")
	flag.Parse()
	setUp := setUps[flag.Arg(0)]
	if setUp == nil {
		log.Fatalf("say which set-up: %s", strings.Join(slices.Sorted(maps.Keys(setUps)), ", "))
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := setUp().ListenAndServe(ctx, *addr); err != nil {
		log.Fatal(err)
	}
}
