package validator_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/validator"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestTagsInTheDocument: the schema of what is read has the tags, and the App keeps them.
func TestTagsInTheDocument(t *testing.T) {
	type line struct {
		SKU   string `json:"sku" validate:"required"`
		Count int    `json:"count" validate:"min=1,max=9"`
	}
	type order struct {
		Email string   `json:"email" validate:"omitempty,email"`
		Size  string   `json:"size" validate:"oneof=S M L"`
		Name  string   `json:"name" validate:"required,max=10"`
		Tags  []string `json:"tags" validate:"max=3,dive,min=1"`
		Lines []line   `json:"lines" validate:"required,min=1,dive"`
	}
	app := restmachine.New(validator.New())
	app.Post("/orders", func(in restmachine.Body[order]) {})
	text, err := openapi.Of(app, openapi.Info{})
	require.NoError(t, err)
	var d struct {
		Components struct {
			Schemas map[string]json.RawMessage
		}
	}
	require.NoError(t, json.Unmarshal(text, &d))
	assert.JSONEq(t, `{"type": "object", "required": ["lines", "name"], "properties": {
		"email": {"type": ["string", "null"]},
		"size": {"type": ["string", "null"], "enum": ["S", "M", "L"]},
		"name": {"type": "string", "minLength": 1, "maxLength": 10},
		"tags": {"type": ["array", "null"], "maxItems": 3, "items": {"type": ["string", "null"], "minLength": 1}},
		"lines": {"type": "array", "minItems": 1, "items": {"anyOf": [{"$ref": "#/components/schemas/Line"}, {"type": "null"}]}}}}`,
		string(d.Components.Schemas["Order"]))
	assert.JSONEq(t, `{"type": "object", "required": ["sku"], "properties": {
		"sku": {"type": "string", "minLength": 1},
		"count": {"type": ["integer", "null"], "format": "int64", "minimum": 1, "maximum": 9}}}`, string(d.Components.Schemas["Line"]))
	restmachinetest.CheckDocument(t, app, restmachinetest.Document{Requests: 500})
}
