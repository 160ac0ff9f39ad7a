package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestExplore walks through the App: each path, each method, each precondition.
func TestExplore(t *testing.T) {
	app := New(filepath.Join(t.TempDir(), "blog.db"))
	t.Cleanup(func() { assert.NoError(t, app.Shutdown(t.Context())) })
	restmachinetest.Explore(t, app, restmachinetest.Walk{Info: about})
}
