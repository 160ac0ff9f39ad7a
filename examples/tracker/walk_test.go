package main

import (
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// walk is ann, who may see and change everything of her team.
func walk() restmachinetest.Walk {
	return restmachinetest.Walk{
		Info:   about,
		Header: http.Header{"Authorization": {"Bearer token-of-ann"}},
		Values: map[string][]string{"team": {"acme"}, "project": {"apollo"}, "issue": {"1", "2"}, "name": {"log.txt"}},
		Refuse: []string{"DELETE " + project}, // there are always issues in the one that is walked through
	}
}

// TestExplore walks through the App: each path, each method, each precondition.
func TestExplore(t *testing.T) { restmachinetest.Explore(t, newTracker(t), walk()) }

// TestGuarded walks through the App as nobody, and as a user of another team. What is public is
// named.
func TestGuarded(t *testing.T) {
	how := walk()
	how.Stranger = http.Header{"Authorization": {"Bearer token-of-eve"}} // of another team
	how.Public = []string{"GET /{path...}", "GET /docs/{path...}", "GET /openapi.json", "POST /session"}
	restmachinetest.CheckGuarded(t, newTracker(t), how)
}
