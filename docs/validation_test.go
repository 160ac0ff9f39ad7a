// The answers on docs/validation.md are those of an App with the types of that page.

package docs_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

type (
	order struct {
		Email string `json:"email"`
		Items []item `json:"items"`
	}
	item struct {
		SKU   string
		Count int
	}
)

func (o order) Validate() error {
	var bad restmachine.Invalid
	if !strings.Contains(o.Email, "@") {
		bad.Add("/email", "must be an e-mail address")
	}
	for i, item := range o.Items {
		bad.At(restmachine.Pointer("items", i), item.Validate())
	}
	return bad.Err()
}

func (i item) Validate() error {
	var bad restmachine.Invalid
	if i.SKU == "" {
		bad.Add("/sku", "is required")
	}
	if i.Count > 9 {
		bad.Add("/count", "must be at most 9")
	}
	return bad.Err()
}

// shownAnswers are the answers that the page shows.
func shownAnswers(t *testing.T) (shown []string) {
	for _, b := range readPage(t, "docs/validation.md").blocks {
		if b.lang == "json" {
			shown = append(shown, b.text)
		}
	}
	return shown
}

// TestAnswersToForms: three mistakes come back in one answer, and one of type with its pointer
// and what was expected.
func TestAnswersToForms(t *testing.T) {
	app := restmachine.New()
	app.Post("/", func(restmachine.Body[order]) {})
	shown := shownAnswers(t)
	sent := []string{`{"email":"x","items":[{"sku":"a"},{"count":10}]}`, `{"email":"x","items":[{"count":"ten"}]}`}
	require.Len(t, shown, len(sent)+1, "the last one is of TestAMemberIsDemanded")
	for i, content := range sent {
		resp := app.Execute(restmachine.Request{Method: "POST", Path: "/", Body: []byte(content)})
		assert.Equal(t, 422, resp.StatusCode)
		assert.JSONEq(t, shown[i], string(resp.Body))
	}
}

// newTask is the NewTask of the page, without and with a schema of its own.
type (
	newTask struct {
		Title    string `json:"title" doc:"Required."`
		Priority *int   `json:"priority" doc:"Required. 0 is the lowest."`
		Color    string `json:"color" doc:"Default: red."`
	}
	describedTask struct{ newTask }
	carelessTask  struct{ Title string }
	task          struct {
		Title    string `json:"title"`
		Priority int    `json:"priority"`
		Color    string `json:"color"`
	}
)

func (t newTask) Validate() error {
	var bad restmachine.Invalid
	if t.Title == "" {
		bad.Add("/title", "is required")
	}
	if t.Priority == nil {
		bad.Add("/priority", "is required")
	}
	return bad.Err()
}

const taskSchema = `{"type": "object", "required": ["title", "priority"], "properties": {
		"title": {"type": "string", "minLength": 1}, "priority": {"type": "integer"},
		"color": {"type": ["string", "null"], "default": "red"}}}`

func (describedTask) JSONSchema() []byte { return []byte(taskSchema) }
func (carelessTask) JSONSchema() []byte  { return []byte(taskSchema) }

// TestAMemberIsDemanded: what the page says of an absent member, of zero, of a default and of the
// document.
func TestAMemberIsDemanded(t *testing.T) {
	newApp := func() *restmachine.App {
		app := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
		app.Post("/tasks", func(in restmachine.Body[newTask]) *task {
			return &task{in.Value.Title, *in.Value.Priority, cmp.Or(in.Value.Color, "red")}
		})
		app.Post("/described", func(in restmachine.Body[describedTask]) {})
		return app
	}
	app := newApp()
	post := func(content string) restmachine.Response {
		return app.Execute(restmachine.Request{Method: "POST", Path: "/tasks", Body: []byte(content)})
	}
	assert.JSONEq(t, shownAnswers(t)[2], string(post(`{"title":"Buy milk"}`).Body))
	assert.JSONEq(t, `{"title":"Buy milk","priority":0,"color":"red"}`, string(post(`{"title":"Buy milk","priority":0}`).Body))
	for _, content := range []string{`{}`, `{"title":null,"priority":1}`, `{"title":"a","priority":null}`} {
		assert.Equal(t, 422, post(content).StatusCode, content)
	}

	restmachinetest.CheckDocument(t, newApp())
	text, err := openapi.Of(app, openapi.Info{})
	require.NoError(t, err)
	var document struct {
		Components struct {
			Schemas map[string]struct{ Required []string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &document))
	assert.Contains(t, document.Components.Schemas, "NewTask")
	assert.Empty(t, document.Components.Schemas["NewTask"].Required, "the document does not read Validate")

	careless := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	careless.Post("/tasks", func(restmachine.Body[carelessTask]) {})
	found := &reported{TB: t}
	restmachinetest.CheckDocument(found, careless)
	assert.Contains(t, strings.Join(found.texts, "\n"), `the App reads what the document does not allow`)
}

// reported keeps what is reported instead of failing.
type reported struct {
	testing.TB
	texts []string
}

func (r *reported) Errorf(format string, args ...any) {
	r.texts = append(r.texts, fmt.Sprintf(format, args...))
}
