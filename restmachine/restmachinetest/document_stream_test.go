package restmachinetest_test

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// newStreams is an App that returns streams of every kind, each with an end.
func newStreams() *restmachine.App {
	app := restmachine.New(quiet)
	app.Get("/rows", func() iter.Seq[newBook] { return slices.Values([]newBook{{Title: "One"}, {}}) })
	app.Get("/checked", func() iter.Seq2[*newBook, error] { return func(func(*newBook, error) bool) {} })
	app.Get("/feed", func(restmachine.LastEventID) *restmachine.EventStream {
		return restmachine.Events(func(_ context.Context, send func(restmachine.Event) error) error {
			return send(restmachine.Event{ID: "1", Data: newBook{}})
		})
	})
	app.Get("/file", func() func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, "file"); return err }
	})
	report := app.Resource("/report")
	report.Provides("text/csv", func([]newBook) func(io.Writer) error { return func(io.Writer) error { return nil } })
	report.Get(func() []newBook { return nil })
	return app
}

// TestDocumentOfStreams: the document says what streams are, and their answers keep to it.
func TestDocumentOfStreams(t *testing.T) {
	app := newStreams()
	restmachinetest.CheckDocument(t, app)
	text, err := openapi.Of(app, openapi.Info{Title: "Streams", Version: "1"})
	require.NoError(t, err)
	var d struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct{ Name, In string }
				Responses  map[string]struct {
					Headers map[string]any
					Content map[string]map[string]any
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &d))
	content := func(path string) map[string]map[string]any { return d.Paths[path].Get.Responses["200"].Content }
	rows := content("/rows")
	array, _ := rows["application/json"]["schema"].(map[string]any)
	assert.Equal(t, "array", array["type"])
	assert.Equal(t, map[string]any{"type": "string"}, rows["application/jsonl"]["schema"])
	assert.Equal(t, array["items"], rows["application/jsonl"]["x-itemSchema"], "each line is an element")
	assert.NotNil(t, array["items"])
	assert.Equal(t, map[string]map[string]any{"text/event-stream": {"schema": map[string]any{"type": "string"}}}, content("/feed"))
	assert.Equal(t, map[string]map[string]any{"*/*": {}}, content("/file"))
	assert.Equal(t, map[string]map[string]any{"text/csv": {}}, content("/report"))

	feed := d.Paths["/feed"].Get
	if assert.Len(t, feed.Parameters, 1) {
		assert.Equal(t, "Last-Event-ID", feed.Parameters[0].Name)
		assert.Equal(t, "header", feed.Parameters[0].In)
	}
	assert.Contains(t, feed.Responses["200"].Headers, "Cache-Control")
	assert.Contains(t, feed.Responses["200"].Headers, "X-Accel-Buffering")
	assert.NotContains(t, feed.Responses, "400", "any Last-Event-ID is one")
}
