package main

import (
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// asAnn is who walks through the set-ups. asEve may see nothing that ann has.
var (
	asAnn = http.Header{"Authorization": {"Bearer token-of-ann"}}
	asEve = http.Header{"Authorization": {"Bearer token-of-eve"}}
)

// A walkThrough is a set-up with how it is walked through.
type walkThrough struct {
	make func() *restmachine.App
	walk restmachinetest.Walk
}

func walks() map[string]walkThrough {
	return map[string]walkThrough{
		"members": {Members, restmachinetest.Walk{Public: []string{"GET /about", "POST /login"}, Shared: []string{"GET /members/{name}"}, Skip: []string{"POST /login"}}}, // a password is slow on purpose
		"tenants": {Tenants, restmachinetest.Walk{Values: map[string][]string{
			"tenant": {"acme"}, "project": {"zeus", "apollo"}, "task": {"1", "2"},
		}}},
		"owners": {Owners, restmachinetest.Walk{Values: map[string][]string{"post": {"first"}}, Public: []string{"GET /posts/{post}"}}},
		// Nobody signs what is drawn. The signature is checked by a Dependency of the handler.
		"webhook": {Webhook, restmachinetest.Walk{Refuse: []string{"POST /hooks/payments"}, Public: []string{"POST /hooks/payments"}}},
		"health":  {Health, restmachinetest.Walk{Public: []string{"GET /health"}, Shared: []string{"GET /report"}}},
	}
}

// TestExplore walks through each set-up as ann.
func TestExplore(t *testing.T) {
	for name, w := range walks() {
		t.Run(name, func(t *testing.T) {
			w.walk.Header = asAnn
			restmachinetest.Explore(t, w.make(), w.walk)
		})
	}
}

// TestGuarded walks through each set-up as nobody, and as eve. What is public is named.
func TestGuarded(t *testing.T) {
	for name, w := range walks() {
		t.Run(name, func(t *testing.T) {
			w.walk.Header, w.walk.Stranger = asAnn, asEve
			restmachinetest.CheckGuarded(t, w.make(), w.walk)
		})
	}
}
