package main

import (
	"log/slog"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestExplore walks through the App: each path, each method, each precondition.
func TestExplore(t *testing.T) {
	restmachinetest.Explore(t, New(slog.New(slog.DiscardHandler), func(restmachine.Outcome) {}), restmachinetest.Walk{
		Values: map[string][]string{"name": {"doors"}},
	})
}
