package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestFeed(t *testing.T) {
	client := restmachinetest.NewClient(New())
	put := func(text string) {
		client.Post("/notices").JSON(NewNotice{text}).Expect(t).Status(201)
	}
	first := client.Get("/notices/feed").Stream(t).Status(200)
	put("one")
	first.Event("notice", `{"id":1,"text":"one"}`)
	second := client.Get("/notices/feed").Stream(t)
	second.Event("notice", `{"id":1,"text":"one"}`)
	put("two")
	first.Event("notice", `{"id":2,"text":"two"}`)
	second.Event("notice", `{"id":2,"text":"two"}`)

	first.Close()
	put("three")
	first.Reconnect().Event("notice", `{"id":3,"text":"three"}`)
	client.Get("/notices/feed").Header("Last-Event-ID", "x").Expect(t).Status(400)
	client.Get("/notices/2").Expect(t).Status(200).Body(`{"id":2,"text":"two"}`)
	client.Get("/notices/4").Expect(t).Status(404)
	lines := client.Get("/notices").Accept("application/jsonl").Expect(t).Status(200)
	lines.Body("{\"id\":1,\"text\":\"one\"}\n{\"id\":2,\"text\":\"two\"}\n{\"id\":3,\"text\":\"three\"}\n")
}

func TestDrain(t *testing.T) {
	app := New()
	client := restmachinetest.NewClient(app)
	feed := client.Get("/notices/feed").Stream(t)
	client.Get("/readyz").Expect(t).Status(204)
	app.Drain()
	feed.Ended()
	client.Get("/readyz").Expect(t).Status(503)
}

// TestDocument holds the App to its OpenAPI document, and that to openapi.golden.json.
func TestDocument(t *testing.T) {
	documented.Check(t, "", New(), restmachinetest.Document{
		Info: openapi.Info{Title: "Feed", Version: "1.0.0", License: "MIT"},
		Skip: []string{"GET /notices/feed"}, // it has no end
	})
}

// TestTheSessionOfTheGuide: what docs/streams.md shows of this program is what comes.
func TestTheSessionOfTheGuide(t *testing.T) {
	text, err := os.ReadFile(recipe.Beside(t, "../../docs/streams.md"))
	require.NoError(t, err)
	page := recipe.Parse(string(text))
	require.NotEmpty(t, page.Steps)
	recipe.Session(t, page, New())
}
