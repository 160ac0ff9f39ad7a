// These tests check the names of schemas, and what stands in them beside what
// restmachinetest.CheckDocument proves.

package openapi_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

type (
	page[T any] struct{ Items []T }
	node        struct {
		Left  *node
		Other page[*node]
	}
	money struct{ Cents int64 }
	size  string
)

func (money) MarshalJSON() ([]byte, error) { return []byte(`"1.00"`), nil }
func (*money) UnmarshalJSON([]byte) error  { return nil }
func (money) JSONSchema() []byte {
	return []byte(`{"type": "string", "pattern": "^[0-9]+[.][0-9]{2}$"}`)
}
func (size) Enum() []any { return []any{"S", "M"} }

func schemas(t *testing.T, app *restmachine.App) tree {
	return document(t, app, openapi.Info{}).at("components schemas")
}

func TestNamesOfSchemas(t *testing.T) {
	app := restmachine.New()
	app.Get("/nodes", func() page[node] { return page[node]{} })
	app.Post("/nodes", func(in restmachine.Body[node]) {})
	app.Put("/items", func(in restmachine.Body[page[item]]) {})
	type item struct{ Another string }
	app.Get("/items", func() item { return item{} })
	app.Get("/problem", func() Problem { return Problem{} })
	assert.Equal(t, []string{"Item", "Item2", "Node", "NodeInput", "OpenapitestProblem", "PageOfItem", "PageOfNode", "PageOfNode2", "PageOfNodeInput", "Problem"},
		slices.Sorted(maps.Keys(schemas(t, app))))
}

// A Problem is called as the library's own.
type Problem struct{ Own string }

func TestOneSchemaToReadAndOneToWrite(t *testing.T) {
	type note struct {
		Text string `json:"text"`
		More *int   `json:"more,omitempty"`
	}
	app := restmachine.New()
	app.Get("/note", func() *note { return nil }).Put(func(in restmachine.Body[note]) *note { return nil })
	all := schemas(t, app)
	text, _ := json.Marshal(all["Note"])
	assert.JSONEq(t, `{"type": "object", "required": ["text"], "properties": {
		"text": {"type": "string"}, "more": {"type": "integer", "format": "int64"}}}`, string(text))
	text, _ = json.Marshal(all["NoteInput"])
	assert.JSONEq(t, `{"type": "object", "properties": {
		"text": {"type": ["string", "null"]}, "more": {"type": ["integer", "null"], "format": "int64"}}}`, string(text))
}

func TestTypesThatSayTheirOwnSchema(t *testing.T) {
	type offer struct {
		Price money `json:"price" doc:"In euros."`
		Size  size  `json:"size"`
		Other *size `json:"other"`
	}
	app := restmachine.New()
	app.Get("/offer", func() offer { return offer{} })
	text, _ := json.Marshal(schemas(t, app)["Offer"])
	assert.JSONEq(t, `{"type": "object", "required": ["other", "price", "size"], "properties": {
		"price": {"type": "string", "pattern": "^[0-9]+[.][0-9]{2}$", "description": "In euros."},
		"size": {"type": "string", "enum": ["S", "M"]},
		"other": {"anyOf": [{"type": "string", "enum": ["S", "M"]}, {"type": "null"}]}}}`, string(text))
}

func TestOwnEncodersSayNothing(t *testing.T) {
	app := restmachine.New(restmachine.WithJSONEncoder(nil))
	app.Get("/node", func() node { return node{} })
	assert.NotEmpty(t, schemas(t, app)["Node"], "nil leaves the default")
}
