package main

import (
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// newApp is the App of main. The program is one function, so its App is written here once more.
func newApp() *restmachine.App {
	var note atomic.Pointer[Note]
	note.Store(&Note{"Hello, World!", 1})
	app := restmachine.New()
	app.ResourceExists(func() *Note { return note.Load() })
	app.GenerateETag(func(n *Note) string { return strconv.Itoa(n.Version) })
	app.Get("/note", func(n *Note) *Note { return n })
	app.Put("/note", func(n *Note, in restmachine.Body[Note]) *Note {
		note.Store(&Note{in.Value.Text, n.Version + 1})
		return note.Load()
	})
	return app
}

// TestDocument holds the App of main to its OpenAPI document, and that to openapi.golden.json.
func TestDocument(t *testing.T) {
	documented.Check(t, "", newApp(), restmachinetest.Document{Info: openapi.Info{Title: "Hello", Version: "1.0.0", License: "MIT"}})
}

// TestExplore walks through the App: each path, each method, each precondition.
func TestExplore(t *testing.T) { restmachinetest.Explore(t, newApp()) }
