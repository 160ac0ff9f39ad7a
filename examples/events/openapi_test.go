package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestDocument holds the App to its OpenAPI document, and that to openapi.golden.json.
func TestDocument(t *testing.T) {
	name := "FOSSASIA Summit"
	documented.Check(t, "", New(true), restmachinetest.Document{
		Info: openapi.Info{Title: "Events", Version: "1.0.0", License: "MIT", Texts: map[string]openapi.Text{
			"PATCH /v1/events/{event_id}": {Request: Update{Data: Resource{eventType, "1", Attributes{Name: &name}}}},
		}},
		Values: map[string][]string{"event_id": {"1"}},
	})
}
