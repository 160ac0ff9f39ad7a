// These tests check CheckDocument: a document that is changed by hand is found out, and so is
// an App that does what its types do not say.

package restmachinetest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A book has everything that a document tells of one resource.
type book struct {
	ID      int      `json:"id"`
	Title   string   `json:"title"`
	Tags    []string `json:"tags"`
	Version int      `json:"version"`
}

type bookPath struct {
	ID int `path:"id"`
}

type newBook struct {
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
}

// newBooks returns an App of books that cannot lie.
func newBooks() *restmachine.App {
	var mu sync.Mutex
	books := map[int]book{1: {ID: 1, Title: "One", Tags: []string{}, Version: 1}}
	app := restmachine.New(quiet)
	app.ResourceExists(func(path restmachine.Path[bookPath]) *book {
		mu.Lock()
		defer mu.Unlock()
		if b, ok := books[path.Value.ID]; ok {
			return &b
		}
		return nil
	})
	app.GenerateETag(func(b *book) string { return strconv.Itoa(b.Version) })
	app.LastModified(func(b *book) time.Time { return changed.Add(time.Duration(b.Version) * time.Second) })
	app.Location(func(b *book) string { return fmt.Sprintf("/books/%d", b.ID) })
	app.Authorized(func(h http.Header) bool { return h.Get("Authorization") != "" })
	app.Post("/books", func(in restmachine.Body[newBook]) *restmachine.Reply[*book] {
		mu.Lock()
		defer mu.Unlock()
		b := book{len(books) + 1, in.Value.Title, in.Value.Tags, 1}
		books[b.ID] = b
		return restmachine.Created("", &b)
	})
	one := app.Get("/books/{id}", func(b *book) *book { return b })
	one.RequirePreconditions()
	one.Put(func(b *book, in restmachine.Body[newBook]) *book {
		mu.Lock()
		defer mu.Unlock()
		now := book{b.ID, in.Value.Title, in.Value.Tags, b.Version + 1}
		books[b.ID] = now
		return &now
	})
	return app
}

// theBooks is how newBooks is played.
var theBooks = restmachinetest.Document{Header: header("Authorization", "Bearer me")}

// A tree is a document that can be changed: by keys, joined by blanks.
type documentTree map[string]any

func (d documentTree) at(keys string) map[string]any {
	at := map[string]any(d)
	for key := range strings.SplitSeq(keys, " ") {
		at = at[key].(map[string]any)
	}
	return at
}

func TestAnHonestDocument(t *testing.T) {
	restmachinetest.CheckDocument(t, newBooks(), theBooks)
}

var falsified = []struct {
	name   string
	change func(d documentTree)
	fault  string
}{
	{"a property is removed", func(d documentTree) {
		delete(d.at("components schemas Book properties"), "version")
		d.at("components schemas Book")["required"] = []string{"id"}
	}, `"/version" is not in the schema`},
	{"a property is added", func(d documentTree) {
		d.at("components schemas Book")["required"] = []string{"id", "author"}
	}, `"/author" is missing`},
	{"a wrong type", func(d documentTree) {
		d.at("components schemas Book properties id")["type"] = "string"
	}, `"/id" is of type integer, and not string`},
	{"null is forgotten", func(d documentTree) {
		d.at("components schemas NewBook properties title")["type"] = "string"
	}, `the App reads what the document does not allow: "/title" is of type null, and not string`},
	{"a bound that nobody keeps", func(d documentTree) {
		d.at("components schemas NewBook properties title")["type"] = []string{"string", "number", "null"}
	}, `the document allows the request, and the App does not read it`},
	{"a missing status", func(d documentTree) {
		delete(d.at("paths /books/{id} put responses"), "412")
	}, "PUT /books/{id} answered 412: the status 412 is not listed"},
	{"a missing 304", func(d documentTree) {
		delete(d.at("paths /books/{id} get responses"), "304")
	}, "GET /books/{id} answered 304: the status 304 is not listed"},
	{"a missing 404", func(d documentTree) {
		delete(d.at("paths /books/{id} get responses"), "404")
	}, "the status 404 is not listed"},
	{"another success", func(d documentTree) {
		responses := d.at("paths /books post responses")
		responses["200"] = responses["201"]
		delete(responses, "201")
	}, "the status 201 is not listed"},
	{"a missing header", func(d documentTree) {
		delete(d.at("paths /books/{id} get responses 200 headers"), "ETag")
	}, "the field ETag is not told"},
	{"a header that is not sent", func(d documentTree) {
		d.at("paths /books/{id} get responses 200 headers")["X-Rate"] = map[string]any{"required": true, "schema": map[string]any{}}
	}, "the field X-Rate is missing"},
	{"a header of another form", func(d documentTree) {
		d.at("components headers ETag schema")["pattern"] = "^W/"
	}, "the field ETag: "},
	{"a missing Location", func(d documentTree) {
		delete(d.at("paths /books post responses 201 headers"), "Location")
	}, "the field Location is not told"},
	{"a media type", func(d documentTree) {
		content := d.at("paths /books/{id} get responses 200 content")
		content["application/xml"] = content["application/json"]
		delete(content, "application/json")
	}, `the media type "application/json" is not listed`},
	{"another scheme", func(d documentTree) {
		d.at("components securitySchemes bearer")["scheme"] = "basic"
	}, "the challenge is"},
	{"a reference to nowhere", func(d documentTree) {
		delete(d.at("components schemas"), "NewBook")
	}, "which does not exist"},
	{"a parameter that is not told", func(d documentTree) {
		delete(d.at("paths /books/{id} get"), "parameters")
	}, "the parameter id of the path is not told"},
	{"an ID twice", func(d documentTree) {
		d.at("paths /books post")["operationId"] = "getBooksById"
	}, `the operation ID "getBooksById"`},
	{"a keyword that nobody checks", func(d documentTree) {
		d.at("components schemas Book")["dependentRequired"] = map[string]any{}
	}, "the keyword dependentRequired"},
	{"another version", func(d documentTree) { d["openapi"] = "3.0.3" }, `OpenAPI "3.0.3"`},
}

func TestAFalsifiedDocumentIsFoundOut(t *testing.T) {
	text, err := openapi.Of(newBooks(), openapi.Info{})
	require.NoError(t, err)
	for _, row := range falsified {
		t.Run(row.name, func(t *testing.T) {
			var d documentTree
			require.NoError(t, json.Unmarshal(text, &d))
			row.change(d)
			how := theBooks
			how.JSON, err = json.Marshal(d)
			require.NoError(t, err)
			found := reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, newBooks(), how) })
			assert.Contains(t, strings.Join(found, "\n"), row.fault)
		})
	}
}

var liars = []struct {
	name  string
	app   func(app *restmachine.App)
	fault string
}{
	{"a problem that nobody told", func(app *restmachine.App) {
		app.Post("/x", func(in restmachine.Body[newBook]) error { return &restmachine.Problem{Status: 409} })
	}, "the status 409 is not listed"},
	{"a Reply of another status", func(app *restmachine.App) {
		app.Post("/x", func() *restmachine.Reply[string] { return restmachine.Accepted("", "later") })
	}, "the status 202 is not listed"},
	{"a nil pointer", func(app *restmachine.App) {
		app.Get("/x", func() *book { return nil })
	}, "the status 204 is not listed"},
	{"a media type of a Reply", func(app *restmachine.App) {
		app.Get("/x", func() *restmachine.Reply[book] {
			return &restmachine.Reply[book]{Header: header("Content-Type", "application/vnd.x+json")}
		})
	}, `the media type "application/vnd.x+json" is not listed`},
	{"a value outside of its Enum", func(app *restmachine.App) {
		app.Get("/x", func() map[string]color { return map[string]color{"a": "pink"} })
	}, `"/a" is pink, and not one of`},
	{"a fault of the service", func(app *restmachine.App) {
		app.Get("/x", func() (book, error) { return book{}, io.ErrUnexpectedEOF })
	}, "it is a fault of the service"},
	{"nothing but refusals", func(app *restmachine.App) {
		app.ResourceExists(func() bool { return false })
		app.Get("/x", func() string { return "" })
	}, "GET /x never succeeded"},
}

func TestAnAppThatDoesWhatItsTypesDoNotSay(t *testing.T) {
	for _, row := range liars {
		t.Run(row.name, func(t *testing.T) {
			app := restmachine.New(quiet)
			row.app(app)
			found := reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, app) })
			assert.Contains(t, strings.Join(found, "\n"), row.fault)
		})
	}
}

// TestWhatADocumentMayLeaveOut: what the options of Document say is not reported.
func TestWhatADocumentMayLeaveOut(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/closed", func() string { return "" }).Forbidden(func() bool { return true })
	app.Get("/broken", func() (string, error) { return "", io.ErrUnexpectedEOF })
	restmachinetest.CheckDocument(t, app, restmachinetest.Document{Refuse: []string{"GET /closed"}, Skip: []string{"GET /broken"}})
}
