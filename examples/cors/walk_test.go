package main

import (
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// user is who walks through the App.
var user = http.Header{"Cookie": {"user=ann"}}

// TestExplore walks through the App: each path, each method, each precondition.
func TestExplore(t *testing.T) {
	restmachinetest.Explore(t, New("https://page.example"), restmachinetest.Walk{Header: user})
}

// TestGuarded walks through the App as nobody.
func TestGuarded(t *testing.T) {
	restmachinetest.CheckGuarded(t, New("https://page.example"), restmachinetest.Walk{Header: user, Public: []string{"POST /sessions"}})
}
