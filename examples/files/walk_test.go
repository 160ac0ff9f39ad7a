package main

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestExplore walks through the App: each path, each method, each precondition.
func TestExplore(t *testing.T) {
	restmachinetest.Explore(t, newApp(t), restmachinetest.Walk{
		Values: map[string][]string{"path": {"index.html", "style.css", "guide", "guide/", "sub/digits.txt"}},
	})
}
