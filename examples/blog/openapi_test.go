package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestDocument holds the App to its OpenAPI document, and that to openapi.golden.json.
func TestDocument(t *testing.T) {
	app := New(filepath.Join(t.TempDir(), "blog.db"))
	t.Cleanup(func() { assert.NoError(t, app.Shutdown(t.Context())) })
	documented.Check(t, "", app, restmachinetest.Document{Info: about})
}

func TestDocumentRevalidates(t *testing.T) {
	app := New(filepath.Join(t.TempDir(), "blog.db"))
	t.Cleanup(func() { assert.NoError(t, app.Shutdown(t.Context())) })
	client := restmachinetest.NewClient(app)
	want, err := openapi.Of(app, about)
	require.NoError(t, err)
	first := client.Get("/openapi.json").Expect(t).Status(200).Header("Content-Type", "application/json").Body(string(want))
	client.Get("/openapi.json").IfNoneMatch(first.ETag()).Expect(t).Status(304)
}
