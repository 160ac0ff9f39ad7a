package main

import (
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestDocuments holds each set-up to its OpenAPI document, and that to a file in testdata. The
// requests are ann's, but for those that nobody sends.
func TestDocuments(t *testing.T) {
	for name, how := range map[string]restmachinetest.Document{
		"members": {Refuse: []string{"POST /login"}},
		"tenants": {Values: map[string][]string{
			"tenant": {"acme", "globex"}, "project": {"zeus", "apollo"}, "task": {"1", "2"},
		}},
		"owners":  {Values: map[string][]string{"post": {"first", "second"}}},
		"webhook": {Refuse: []string{"POST /hooks/payments"}}, // nobody signs what is drawn
		"health":  {},
	} {
		t.Run(name, func(t *testing.T) {
			how.Info = openapi.Info{Title: "Authorization: " + name, Version: "1.0.0", License: "MIT"}
			how.Header = http.Header{"Authorization": {"Bearer token-of-ann"}}
			app := setUps[name].make()
			if name == "members" {
				quick(t, app)
			}
			documented.Check(t, name, app, how)
		})
	}
}
