// Parameters that callbacks read of the header, the cookies and the query, with their defaults.

package openapi_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

// TestParametersOfTheHeader: each field and cookie is a parameter once, whoever reads it, but for
// those that OpenAPI says elsewhere; and Vary tells them.
func TestParametersOfTheHeader(t *testing.T) {
	type fields struct {
		Tenant string   `header:"X-Tenant" default:"nobody" doc:"Whose items."`
		Tags   []string `header:"X-Tags"`
		Type   string   `header:"content-type"`
		Token  string   `header:"Authorization"`
	}
	type again struct {
		Tenant string `header:"x-tenant"`
	}
	type cookies struct {
		Session string `cookie:"session"`
		Visits  int    `cookie:"visits" default:"3"`
	}
	app := newItems()
	app.Forbidden(func(restmachine.Header[again], restmachine.Cookie[cookies]) bool { return false })
	one := app.Get("/items/{id}", getItem)
	one.Put(func(i *item, _ restmachine.Header[fields]) *item { return i })
	d := document(t, app, openapi.Info{})
	put := "paths /items/{id} put"
	assert.Equal(t, []string{"id*", "X-Tenant", "X-Tags", "session", "visits"}, d.parameters(put)[:5])
	assert.NotContains(t, d.parameters(put), "Authorization")
	all := d.at(put)["parameters"].([]any)
	assert.Equal(t, map[string]any{"name": "X-Tenant", "in": "header", "description": "Whose items.",
		"schema": map[string]any{"type": "string", "default": "nobody"}}, all[1])
	assert.Equal(t, map[string]any{"name": "visits", "in": "cookie",
		"schema": map[string]any{"type": "integer", "format": "int64", "default": 3.0}}, all[4])
	assert.Equal(t, "Cookie, X-Tenant", d.at("components headers Vary-Cookie-X-Tenant")["example"])
	assert.Contains(t, d.keys("paths /items/{id} get responses 304 headers"), "Vary")
	assert.Contains(t, d.keys("paths /items/{id} get responses"), "400")
}

// TestDefaultsInTheDocument: a default is a value of its schema.
func TestDefaultsInTheDocument(t *testing.T) {
	app := restmachine.New()
	app.Get("/", func(restmachine.Query[struct {
		Text  string     `query:"text" default:"7"`
		Empty string     `query:"empty" default:""`
		N     *uint8     `query:"n" default:"07"`
		Bool  bool       `query:"bool" default:"T"`
		Float float64    `query:"float" default:"1e1"`
		At    time.Time  `query:"at" default:"2024-01-15T10:00:00Z"`
		Texts []string   `query:"texts" default:"7, \"a, b\""`
		Ns    []int      `query:"ns" default:"1,2"`
		None  []int      `query:"none" default:""`
		Never *time.Time `query:"never"`
	}]) {
	})
	want := map[string]any{"text": "7", "empty": "", "n": 7.0, "bool": true, "float": 10.0, "at": "2024-01-15T10:00:00Z",
		"texts": []any{"7", "a, b"}, "ns": []any{1.0, 2.0}, "none": []any{}}
	got := map[string]any{}
	for _, p := range document(t, app, openapi.Info{}).at("paths / get")["parameters"].([]any) {
		schema := p.(map[string]any)["schema"].(map[string]any)
		if d, ok := schema["default"]; ok {
			got[p.(map[string]any)["name"].(string)] = d
		}
	}
	require.Len(t, got, len(want))
	assert.Equal(t, want, got)
}
