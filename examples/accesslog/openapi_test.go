package main

import (
	"log/slog"
	"testing"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestDocument holds the App to its OpenAPI document, and that to openapi.golden.json.
func TestDocument(t *testing.T) {
	documented.Check(t, "", New(slog.New(slog.DiscardHandler), func(restmachine.Outcome) {}), restmachinetest.Document{
		Info:   openapi.Info{Title: "Counters", Version: "1.0.0", License: "MIT"},
		Values: map[string][]string{"name": {"doors"}},
	})
}
