package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// TestExplore walks through the App: each path, each method, each precondition.
func TestExplore(t *testing.T) { restmachinetest.Explore(t, New(new(store.Memory[string, Counter]))) }
