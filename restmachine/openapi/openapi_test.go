// These tests check what a document says of facts, handlers and types, and what Of refuses.
// That answers are as it says is checked by restmachinetest.CheckDocument, for all examples.

package openapi_test

import (
	"encoding/json"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

// A tree is a document, or a part of it.
type tree map[string]any

// at is the part behind keys, which are joined by blanks; empty where there is none.
// References are followed.
func (d tree) at(keys string) tree {
	at := map[string]any(d)
	for key := range strings.SplitSeq(keys, " ") {
		at, _ = at[key].(map[string]any)
		if ref, ok := at["$ref"].(string); ok {
			at = d.at(strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", " "))
		}
	}
	return at
}

// keys are the names of the members behind keys.
func (d tree) keys(keys string) []string { return slices.Sorted(maps.Keys(d.at(keys))) }

// parameters are the names of an operation's parameters; those that are required have a star.
func (d tree) parameters(operation string) []string {
	var names []string
	all, _ := d.at(operation)["parameters"].([]any)
	for _, one := range all {
		p := tree(one.(map[string]any))
		if ref, ok := p["$ref"].(string); ok {
			p = d.at(strings.ReplaceAll(strings.TrimPrefix(ref, "#/"), "/", " "))
		}
		name := p["name"].(string)
		if p["required"] == true {
			name += "*"
		}
		names = append(names, name)
	}
	return names
}

func document(t *testing.T, app *restmachine.App, info openapi.Info) tree {
	t.Helper()
	text, err := openapi.Of(app, info)
	require.NoError(t, err)
	var d tree
	require.NoError(t, json.Unmarshal(text, &d))
	return d
}

type item struct {
	ID      int
	Version int
}

type itemPath struct {
	ID int `path:"id"`
}

// newItems returns an App of items with a tag and a date.
func newItems(options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.ResourceExists(func(restmachine.Path[itemPath]) *item { return nil })
	app.GenerateETag(func(*item) string { return "" })
	return app
}

func getItem(i *item) *item { return i }

func dated(app *restmachine.App) { app.LastModified(func(*item) time.Time { return time.Time{} }) }

func TestPreconditions(t *testing.T) {
	put := func(i *item, in restmachine.Body[item]) *item { return i }
	keep := func(was restmachine.Optional[*item], in restmachine.Body[item]) *item { return was.Value }
	for _, row := range []struct {
		name string
		say  func(app *restmachine.App, r *restmachine.Resource)
		get  []string
		put  []string
	}{
		{"a tag", func(_ *restmachine.App, r *restmachine.Resource) { r.Put(put) },
			[]string{"id*", "If-None-Match"}, []string{"id*", "If-Match"}},
		{"a tag and a date", func(app *restmachine.App, r *restmachine.Resource) { dated(app); r.Put(put) },
			[]string{"id*", "If-None-Match", "If-Modified-Since"}, []string{"id*", "If-Match", "If-Unmodified-Since"}},
		{"required", func(_ *restmachine.App, r *restmachine.Resource) { r.Put(put); r.RequirePreconditions() },
			[]string{"id*", "If-None-Match"}, []string{"id*", "If-Match*"}},
		{"required, with a date", func(app *restmachine.App, r *restmachine.Resource) { dated(app); r.Put(put); r.RequirePreconditions() },
			[]string{"id*", "If-None-Match", "If-Modified-Since"}, []string{"id*", "If-Match*"}},
		{"it may create", func(_ *restmachine.App, r *restmachine.Resource) { r.Put(keep); r.RequirePreconditions() },
			[]string{"id*", "If-None-Match"}, []string{"id*", "If-Match", "If-None-Match"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			app := newItems()
			row.say(app, app.Get("/items/{id}", getItem))
			d := document(t, app, openapi.Info{})
			assert.Equal(t, row.get, d.parameters("paths /items/{id} get"))
			assert.Equal(t, row.put, d.parameters("paths /items/{id} put"))
		})
	}
}

// A method requires If-Match, and lists 428, exactly where RequirePreconditions says so.
func TestRequiredOfMethods(t *testing.T) {
	app := newItems()
	write := func(*item) {}
	app.Get("/items/{id}", getItem).Put(write).Delete(write).Post(write)
	app.Post("/items/{id}/close", write)
	app.Post("/items", func() {})
	app.RequirePreconditions("DELETE", "POST")
	d := document(t, app, openapi.Info{})
	for operation, parameters := range map[string][]string{
		"paths /items/{id} put":        {"id*", "If-Match"},
		"paths /items/{id} delete":     {"id*", "If-Match*"},
		"paths /items/{id} post":       {"id*", "If-Match*"},
		"paths /items/{id}/close post": {"id*", "If-Match*"},
		"paths /items post":            nil,
	} {
		required := strings.Contains(strings.Join(parameters, " "), "If-Match*")
		assert.Equal(t, parameters, d.parameters(operation), operation)
		assert.Equal(t, required, slices.Contains(d.keys(operation+" responses"), "428"), operation)
	}
	operations, err := app.Operations()
	require.NoError(t, err)
	for _, o := range operations {
		required := o.Method == "DELETE" || o.Method == "POST" && o.Path != "/items"
		assert.Equal(t, required, o.Required, "%s %s", o.Method, o.Path)
		assert.Equal(t, required, slices.Contains(o.Statuses, 428), "%s %s", o.Method, o.Path)
	}
}

func TestStatusesAndFields(t *testing.T) {
	app := newItems()
	dated(app)
	app.Location(func(*item) string { return "" })
	one := app.Get("/items/{id}", getItem)
	one.RequirePreconditions()
	one.Put(func(was restmachine.Optional[*item], in restmachine.Body[item]) (*item, error) { return was.Value, nil })
	one.Delete(func(*item) {})
	one.DeleteCompleted(func() bool { return false })
	one.IsConflict(func(restmachine.Optional[*item]) bool { return true })
	app.Post("/items", func(restmachine.Body[item]) *restmachine.Reply[*item] { return nil })
	app.MultipleChoices(func() bool { return false })
	d := document(t, app, openapi.Info{})

	assert.Equal(t, []string{"200", "300", "304", "404", "406", "default"}, d.keys("paths /items/{id} get responses"))
	assert.Equal(t, []string{"200", "201", "400", "404", "406", "409", "412", "413", "415", "422", "428", "default"}, d.keys("paths /items/{id} put responses"))
	assert.Equal(t, []string{"202", "204", "400", "404", "406", "412", "428", "default"}, d.keys("paths /items/{id} delete responses"))
	assert.Equal(t, []string{"201", "400", "406", "413", "415", "422", "default"}, d.keys("paths /items post responses"))
	assert.Equal(t, []string{"ETag", "Last-Modified"}, d.keys("paths /items/{id} get responses 200 headers"))
	assert.Equal(t, []string{"Content-Location", "ETag", "Last-Modified"}, d.keys("paths /items/{id} put responses 200 headers"))
	assert.Equal(t, []string{"Content-Location", "ETag", "Last-Modified", "Location"}, d.keys("paths /items/{id} put responses 201 headers"))
	assert.Contains(t, d.keys("paths /items post responses 201 headers"), "Location")
	assert.Equal(t, []string{"Accept", "Accept-Encoding", "Cache-Control", "Vary"}, d.keys("paths /items post responses 415 headers"))
}

func TestFilesHaveRanges(t *testing.T) {
	app := restmachine.New()
	app.Get("/files/{path...}", restmachine.Files(fstest.MapFS{"a": {Data: []byte("a"), Mode: fs.ModePerm}}))
	d := document(t, app, openapi.Info{})
	get := "paths /files/{path} get"
	assert.Equal(t, []string{"200", "206", "301", "304", "404", "416", "default"}, slices.DeleteFunc(d.keys(get+" responses"), func(s string) bool { return s == "406" }))
	assert.Equal(t, []string{"path*", "If-None-Match", "If-Modified-Since", "Range", "If-Range"}, d.parameters(get))
	assert.Contains(t, d.at(get)["description"], "the rest of the path")
	assert.Contains(t, d.keys(get+" responses 206 headers"), "Content-Range")
}

func TestNegotiatedFields(t *testing.T) {
	app := newItems()
	app.Get("/items/{id}", getItem)
	app.Languages("de", "en")
	app.Encodings("gzip")
	app.Provides("application/json", func(i *item) any { return i })
	app.Provides("text/html", func(*item) string { return "" })
	d := document(t, app, openapi.Info{})
	get := "paths /items/{id} get"
	assert.Equal(t, "Accept, Accept-Language, Accept-Encoding", d.at(get + " responses 200 headers Vary")["example"])
	assert.Equal(t, []string{"application/json", "text/html"}, d.keys(get+" responses 200 content"))
	assert.Subset(t, d.keys(get+" responses 200 headers"), []string{"Content-Encoding", "Content-Language"})
}

// TestRenderedStreams: what a Provides renders as a stream has no schema of the type that it renders.
func TestRenderedStreams(t *testing.T) {
	app := newItems()
	app.Get("/items/{id}", getItem)
	app.Provides("application/json", func(i *item) any { return i })
	app.Provides("text/csv", func(*item) io.Reader { return strings.NewReader("a,b") })
	d := document(t, app, openapi.Info{})
	content := "paths /items/{id} get responses 200 content "
	assert.NotEmpty(t, d.at(content + "application/json schema")["properties"])
	assert.Empty(t, d.at(content + "text/csv schema")["properties"])
}

func TestErrorsAsTheyAreRendered(t *testing.T) {
	type message struct{ Message string }
	app := newItems()
	app.Get("/items/{id}", getItem)
	app.RenderError(func(*restmachine.Problem) message { return message{} })
	d := document(t, app, openapi.Info{})
	assert.Equal(t, []string{"*/*"}, d.keys("paths /items/{id} get responses 404 content"))
	assert.Equal(t, []string{"Item", "Message"}, d.keys("components schemas"))

	app = newItems()
	app.Get("/items/{id}", getItem)
	app.Provides("text/html", func(*restmachine.Problem) string { return "" })
	d = document(t, app, openapi.Info{})
	assert.Equal(t, []string{"application/json", "application/problem+json", "text/html", "text/plain; charset=utf-8"}, d.keys("paths /items/{id} get responses 404 content"))
}

func TestSecurity(t *testing.T) {
	guarded := func(options ...restmachine.Option) *restmachine.App {
		app := restmachine.New(options...)
		app.Get("/open", func() string { return "" })
		app.Get("/closed", func() string { return "" }).Authorized(func() bool { return false })
		return app
	}
	d := document(t, guarded(), openapi.Info{})
	assert.Equal(t, "bearer", d.at("components securitySchemes bearer")["scheme"])
	assert.Equal(t, []any{}, d.at("paths /open get")["security"])
	assert.Equal(t, []any{map[string]any{"bearer": []any{}}}, d.at("paths /closed get")["security"])
	assert.Contains(t, d.keys("paths /closed get responses 401 headers"), "WWW-Authenticate")

	d = document(t, guarded(restmachine.WithChallenge(`Basic realm="x"`)), openapi.Info{})
	assert.Equal(t, "basic", d.at("components securitySchemes basic")["scheme"])

	schemes := map[string]any{"key": map[string]any{"type": "apiKey", "in": "header", "name": "X-Key"}}
	d = document(t, guarded(), openapi.Info{Security: schemes})
	assert.Equal(t, []any{map[string]any{"key": []any{}}}, d.at("paths /closed get")["security"])
}

func TestParametersOfLoadsGatesAndDependencies(t *testing.T) {
	type tenant struct{ ID string }
	type query struct {
		Page uint8    `query:"page" default:"1" doc:"Counted from 1."`
		Tags []string `query:"tag"`
	}
	type key struct {
		Key string `query:"key"`
	}
	type pageSize int
	app := restmachine.New()
	app.ResourceExists(func(path restmachine.Path[struct {
		Tenant uint16 `path:"tenant"`
	}]) *tenant {
		return nil
	})
	app.Dependency(func(q restmachine.Query[query]) pageSize { return 1 })
	g := app.Group("/{tenant}")
	g.Forbidden(func(q restmachine.Query[key]) bool { return false })
	g.Get("/items", func(*tenant, pageSize) []string { return nil })
	d := document(t, app, openapi.Info{})
	get := "paths /{tenant}/items get"
	assert.ElementsMatch(t, []string{"tenant*", "page", "tag", "key"}, d.parameters(get))
	all := d.at(get)["parameters"].([]any)
	assert.Equal(t, map[string]any{"type": "integer", "minimum": 0.0, "maximum": 65535.0}, all[0].(map[string]any)["schema"])
	text, _ := json.Marshal(all)
	assert.Contains(t, string(text), `"default":1`)
	assert.Contains(t, string(text), `"Counted from 1."`)
	assert.Contains(t, string(text), `{"items":{"type":"string"},"type":"array"}`)
}

func TestAllMethods(t *testing.T) {
	app := newItems()
	app.Get("/items/{id}", getItem).Put(func(i *item) *item { return i }).Handle("PURGE", func(*item) {})
	d := document(t, app, openapi.Info{AllMethods: true})
	assert.Equal(t, []string{"get", "head", "options", "put"}, d.keys("paths /items/{id}"))
	assert.Empty(t, d.keys("paths /items/{id} head responses 200 content"))
	assert.Equal(t, []string{"Accept-Patch", "Allow"}, d.keys("paths /items/{id} options responses 200 headers"))
	assert.Equal(t, []string{"get", "put"}, document(t, app, openapi.Info{}).keys("paths /items/{id}"))
}

func TestProblemsAndMapErrors(t *testing.T) {
	app := newItems()
	one := app.Get("/items/{id}", getItem)
	one.Put(func(i *item, in restmachine.Body[item]) (*item, error) { return i, nil })
	app.MapError(fs.ErrClosed, restmachine.ErrGone)
	app.Problems(&restmachine.Problem{Status: http.StatusUnprocessableEntity, Title: "Title too long"})
	one.Problems(&restmachine.Problem{Status: http.StatusPaymentRequired})
	d := document(t, app, openapi.Info{})
	assert.Subset(t, d.keys("paths /items/{id} put responses"), []string{"402", "410", "422"})
	assert.Equal(t, "Title too long", d.at("paths /items/{id} put responses 422")["description"])
	assert.NotContains(t, d.keys("paths /items/{id} get responses"), "422", "nothing is read there")
	assert.Contains(t, d.keys("paths /items/{id} get responses"), "402")
}

func TestWhatCannotBeMeant(t *testing.T) {
	for _, row := range []struct {
		name  string
		info  openapi.Info
		say   func(app *restmachine.App)
		fault string
	}{
		{"a text of nothing", openapi.Info{Texts: map[string]openapi.Text{"GET /item": {}}}, nil, `the Text of "GET /item" is of no operation`},
		{"an example of nothing", openapi.Info{Texts: map[string]openapi.Text{"GET /items/{id}": {Examples: map[string]any{"ID": 1}}}}, nil, `an example of "ID"`},
		{"a scheme of nothing", openapi.Info{Texts: map[string]openapi.Text{"GET /items/{id}": {Security: []string{"key"}}}}, nil, `the security scheme "key"`},
		{"one ID twice", openapi.Info{Texts: map[string]openapi.Text{"GET /items/{id}": {OperationID: "getOther"}}},
			func(app *restmachine.App) { app.Get("/other", func() string { return "" }) }, "one operation ID, getOther"},
		{"two paths that look alike", openapi.Info{},
			func(app *restmachine.App) { app.Get("/items/{id...}", func() string { return "" }) }, "cannot tell this path from another one"},
		{"a wiring fault", openapi.Info{}, func(app *restmachine.App) { app.Get("/x", func(int) string { return "" }) }, "nothing provides int"},
		{"a problem that is nil", openapi.Info{}, func(app *restmachine.App) { app.Problems(nil) }, "Problems was given nil"},
		{"a problem that is a success", openapi.Info{}, func(app *restmachine.App) { app.Problems(&restmachine.Problem{Status: 200}) }, "a Problem of status 200"},
	} {
		t.Run(row.name, func(t *testing.T) {
			app := newItems()
			app.Get("/items/{id}", getItem)
			if row.say != nil {
				row.say(app)
			}
			_, err := openapi.Of(app, row.info)
			assert.ErrorContains(t, err, row.fault)
		})
	}
}

// TestHandlerFails: the reason is logged, and no client sees it.
func TestHandlerFails(t *testing.T) {
	app := newNotes()
	app.Get("/openapi.json", openapi.Handler(app, openapi.Info{Texts: map[string]openapi.Text{"GET /secret": {}}}))
	resp := app.Execute(restmachine.Request{Path: "/openapi.json"})
	assert.Equal(t, 500, resp.StatusCode)
	assert.NotContains(t, string(resp.Body), "secret")
}
