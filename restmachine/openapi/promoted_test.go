package openapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

// These tests check structs that have JSONSchema or Enum by embedding another type.

type (
	chore struct {
		Title string `json:"title"`
		Done  bool   `json:"done"`
	}
	choreRow struct {
		ID string `json:"id"`
		chore
	}
	choreOfPointer struct {
		ID string `json:"id"`
		*chore
	}
	choreOwn struct {
		ID string `json:"id"`
		chore
	}
	priced struct {
		ID string
		money
	}
	sized struct {
		ID   string
		Size `json:"size"`
	}
	odd    struct{ A string }
	oddRow struct {
		ID string
		odd
	}

	// A Size is exported, since JSON leaves out what is not.
	Size string
)

func (Size) Enum() []any { return []any{"S", "M"} }

func (chore) JSONSchema() []byte {
	return []byte(`{"type": "object", "required": ["title"], "properties": {"title": {"type": "string", "maxLength": 9}, "done": {"type": "boolean"}}}`)
}
func (odd) JSONSchema() []byte      { return []byte(`{"oneOf": [{"type": "object"}]}`) }
func (choreOwn) JSONSchema() []byte { return []byte(`{"type": "object", "title": "own"}`) }

// schemaOf is the schema of what a GET returns.
func schemaOf[T any](t *testing.T) any {
	app := restmachine.New()
	var v T
	app.Get("/it", func() T { return v })
	doc := document(t, app, openapi.Info{})
	schema := doc.at("paths /it get responses 200 content application/json schema")
	if ref, ok := schema["$ref"].(string); ok {
		return map[string]any(doc.at("components schemas " + ref[len("#/components/schemas/"):]))
	}
	return map[string]any(schema)
}

func TestPromotedJSONSchema(t *testing.T) {
	title := map[string]any{"type": "string", "maxLength": 9.0}
	for name, schema := range map[string]any{"of a value": schemaOf[choreRow](t), "of a pointer": schemaOf[choreOfPointer](t)} {
		got := schema.(map[string]any)
		properties := got["properties"].(map[string]any)
		assert.Equal(t, map[string]any{"type": "string"}, properties["id"], name)
		assert.Equal(t, title, properties["title"], "%s: as the embedded type says", name)
		assert.Len(t, properties, 3, name)
	}
	assert.Equal(t, []any{"id", "title"}, schemaOf[choreRow](t).(map[string]any)["required"], "done is not required by the embedded type")
	assert.Equal(t, []any{"id"}, schemaOf[choreOfPointer](t).(map[string]any)["required"], "a nil pointer has no title")
	assert.Equal(t, "own", schemaOf[choreOwn](t).(map[string]any)["title"], "its own one stands for the whole")
	assert.Equal(t, "string", schemaOf[priced](t).(map[string]any)["type"], "the MarshalJSON is promoted, too, and writes the whole")
}

func TestPromotedEnum(t *testing.T) {
	got := schemaOf[sized](t).(map[string]any)
	assert.Nil(t, got["enum"], "a struct is none of the values")
	assert.Equal(t, []any{"S", "M"}, got["properties"].(map[string]any)["size"].(map[string]any)["enum"])
}

// TestPromotedJSONSchemaOfMore: what speaks of an object as a whole cannot be taken over.
func TestPromotedJSONSchemaOfMore(t *testing.T) {
	app := restmachine.New()
	app.Get("/it", func() oddRow { return oddRow{} })
	_, err := openapi.Of(app, openapi.Info{Title: "T", Version: "1"})
	require.ErrorContains(t, err, "openapi_test.oddRow embeds openapi_test.odd, whose JSONSchema says more than properties and required of an object; give openapi_test.oddRow a JSONSchema of its own")
}
