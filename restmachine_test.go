// Package restmachine_test is the acceptance test of the product, from outside:
// the documents that restmachine comes from, page by page. Each request is played
// twice, in process and over a connection, and both answers must be the same
// (package twin). The rules behind these pages have their tests in restmachine.
package restmachine_test

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/internal/proof/twin"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// modified is the date of version 1 of a document or post. Each later version is
// a second younger.
var modified = time.Date(2015, 10, 21, 7, 28, 0, 0, time.UTC)

func dateOf(version int) time.Time { return modified.Add(time.Duration(version-1) * time.Second) }

// A database keeps pointers by ID. Nothing it keeps is changed in place: an update
// stores a new value.
type database struct{ sync.Map }

func newDatabase(id string, first any) *database {
	db := new(database)
	db.Store(id, first)
	return db
}

// find returns nil where there is no T with the ID.
func find[T any](db *database, id string) *T {
	found, _ := db.Load(id)
	value, _ := found.(*T)
	return value
}

// A change is what a client may say about a document or post.
type change struct {
	Title   *string `json:"title"`
	Content *string `json:"content"`
}

// set sets a text, unless the change leaves it out.
func set(text, to *string) {
	if to != nil {
		*text = *to
	}
}

// A document is the resource of the first pages.
type document struct {
	ID      string `json:"id"`
	Title   string `json:"title,omitempty"`
	Content string `json:"content,omitempty"`
	Version int    `json:"version"`
}

// documents makes Apps that serve one document, doc1. Each test adds its facts.
func documents(facts func(app *restmachine.App)) func() *restmachine.App {
	return func() *restmachine.App {
		app := restmachine.New()
		app.OnStartup(func() *database {
			return newDatabase("doc1", &document{ID: "doc1", Title: "Document 1", Version: 1})
		})
		app.ResourceExists(func(path restmachine.PathParams, db *database) *document {
			return find[document](db, path.Get("doc_id"))
		})
		app.Get("/documents/{doc_id}", func(d *document) *document { return d })
		app.Put("/documents/{doc_id}", func(d *document, in restmachine.Body[change], db *database) *document {
			updated := *d
			set(&updated.Title, in.Value.Title)
			set(&updated.Content, in.Value.Content)
			updated.Version++
			db.Store(d.ID, &updated)
			return &updated
		})
		facts(app)
		return app
	}
}

func tagByVersion(app *restmachine.App) {
	app.GenerateETag(func(d *document) string { return strconv.Itoa(d.Version) })
}

func TestDocuments(t *testing.T) {
	t.Run("basic ETag usage", func(t *testing.T) {
		w := twin.New(t, documents(func(app *restmachine.App) {
			app.GenerateETag(func(d *document) string { return fmt.Sprintf(`"%s-v%d"`, d.ID, d.Version) })
		}))
		full := w.Expect(200, "GET", "/documents/doc1", "")
		assert.Equal(t, `"doc1-v1"`, full.Header.Get("ETag"), "a quoted tag stays as it is")
		w.Expect304(full, "/documents/doc1", "If-None-Match", `"doc1-v1"`)
		w.Expect(404, "GET", "/documents/doc2", "")
		w.Expect(404, "GET", "/documents/doc2", "", "If-None-Match", "*")
	})

	t.Run("conditional GET", func(t *testing.T) {
		w := twin.New(t, documents(tagByVersion))
		full := w.Expect(200, "GET", "/documents/doc1", "", "Accept", "application/json")
		assert.Equal(t, `"1"`, full.Header.Get("ETag"))
		assert.Equal(t, "application/json", full.Header.Get("Content-Type"))
		assert.JSONEq(t, `{"id": "doc1", "title": "Document 1", "version": 1}`, string(full.Body))

		w.Expect304(full, "/documents/doc1", "Accept", "application/json", "If-None-Match", `"1"`)
		w.Expect(200, "GET", "/documents/doc1", "", "If-None-Match", `"2"`)
	})

	t.Run("optimistic concurrency control", func(t *testing.T) {
		w := twin.New(t, documents(tagByVersion))
		updated := w.Expect(200, "PUT", "/documents/doc1", `{"content": "Updated content"}`, "If-Match", `"1"`)
		assert.Equal(t, `"2"`, updated.Header.Get("ETag"), "the tag of the new state")
		assert.Equal(t, "/documents/doc1", updated.Header.Get("Content-Location"))
		assert.JSONEq(t, `{"id": "doc1", "title": "Document 1", "content": "Updated content", "version": 2}`, string(updated.Body))

		refused := w.Expect(412, "PUT", "/documents/doc1", `{"content": "Conflicting update"}`, "If-Match", `"1"`)
		assert.Equal(t, "application/problem+json", refused.Header.Get("Content-Type"))
		assert.Contains(t, string(refused.Body), "If-Match", "the problem says which condition failed")

		current := w.Expect(200, "GET", "/documents/doc1", "")
		assert.Equal(t, updated.Body, current.Body, "nothing was written")
		assert.Equal(t, updated.Header.Get("ETag"), current.Header.Get("ETag"))

		w.Expect(404, "PUT", "/documents/doc2", `{"content": "C"}`, "If-Match", "*")
		w.Expect(200, "PUT", "/documents/doc1", `{"content": "C"}`)
	})

	t.Run("Last-Modified", func(t *testing.T) {
		const date = "Wed, 21 Oct 2015 07:28:00 GMT"
		w := twin.New(t, documents(func(app *restmachine.App) { app.LastModified(func(d *document) time.Time { return dateOf(d.Version) }) }))
		full := w.Expect(200, "GET", "/documents/doc1", "")
		assert.Equal(t, date, full.Header.Get("Last-Modified"))
		w.Expect304(full, "/documents/doc1", "If-Modified-Since", date)
		w.Expect(200, "GET", "/documents/doc1", "", "If-Modified-Since", "Wed, 21 Oct 2015 07:27:59 GMT")

		updated := w.Expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Unmodified-Since", date)
		assert.Equal(t, "Wed, 21 Oct 2015 07:28:01 GMT", updated.Header.Get("Last-Modified"))
		w.Expect(412, "PUT", "/documents/doc1", `{"title": "U"}`, "If-Unmodified-Since", date)
		w.Expect(200, "GET", "/documents/doc1", "", "If-Modified-Since", date)
	})

	// However a tag is made, it stays while the document does, and changes with it.
	// After a PUT it is the same as in the GET that follows.
	for name, tag := range map[string]func(d *document) string{
		"by version":   func(d *document) string { return strconv.Itoa(d.Version) },
		"by hash":      func(d *document) string { return restmachine.HashETag(d) },
		"by timestamp": func(d *document) string { return restmachine.TimeETag(dateOf(d.Version)) },
	} {
		t.Run("ETag strategies/"+name, func(t *testing.T) {
			w := twin.New(t, documents(func(app *restmachine.App) { app.GenerateETag(tag) }))
			full := w.Expect(200, "GET", "/documents/doc1", "")
			etag := full.Header.Get("ETag")
			require.True(t, strings.HasPrefix(etag, `"`), "strong: %s", etag)
			w.Expect304(full, "/documents/doc1", "If-None-Match", etag)

			updated := w.Expect(200, "PUT", "/documents/doc1", `{"content": "C"}`, "If-Match", etag)
			assert.NotEqual(t, etag, updated.Header.Get("ETag"))
			w.Expect(412, "PUT", "/documents/doc1", `{"content": "D"}`, "If-Match", etag)
			w.Expect(200, "GET", "/documents/doc1", "", "If-None-Match", etag)
			w.Expect304(w.Do("GET", "/documents/doc1", ""), "/documents/doc1", "If-None-Match", updated.Header.Get("ETag"))
		})
	}
}

// TestStatusTable is the table "HTTP Status Codes" of the document.
func TestStatusTable(t *testing.T) {
	tests := []struct {
		status                           int
		when, method, body, field, value string
	}{
		{200, "no conditional header", "GET", "", "Accept", "*/*"},
		{200, "ETag doesn't match", "GET", "", "If-None-Match", `"0"`},
		{304, "If-None-Match matches current ETag", "GET", "", "If-None-Match", `"1"`},
		{412, "If-Match doesn't match current ETag", "PUT", `{"title": "T"}`, "If-Match", `"0"`},
		{412, "If-None-Match: * and a write", "PUT", `{"title": "T"}`, "If-None-Match", `*`},
		{412, "If-Match doesn't match, for a read", "GET", "", "If-Match", `"0"`},
		{200, "If-Match matches current ETag", "PUT", `{"title": "T"}`, "If-Match", `"1"`},
	}
	w := twin.New(t, documents(tagByVersion))
	for _, tt := range tests {
		t.Run(tt.when, func(t *testing.T) {
			w.On(t).Expect(tt.status, tt.method, "/documents/doc1", tt.body, tt.field, tt.value)
		})
	}
}

// A resourcePath is the dependency of the last snippet.
type resourcePath string

func TestMissingETagsAreHandledGracefully(t *testing.T) {
	w := twin.New(t, func() *restmachine.App {
		app := restmachine.New()
		app.Dependency(func(r *http.Request) resourcePath { return resourcePath(r.URL.Path) })
		app.GenerateETag(func(path resourcePath) string {
			if strings.HasPrefix(string(path), "/stream/") {
				return "" // a stream has no tag
			}
			return restmachine.HashETag(path)
		})
		app.Get("/stream/{name}", func() string { return "data" })
		app.Get("/pages/{name}", func() string { return "text" })
		return app
	})
	stream := w.Expect(200, "GET", "/stream/live", "")
	assert.Empty(t, stream.Header.Values("ETag"))
	w.Expect(200, "GET", "/stream/live", "", "If-None-Match", `"anything"`)
	w.Expect304(stream, "/stream/live", "If-None-Match", "*")

	page := w.Expect(200, "GET", "/pages/home", "")
	require.NotEmpty(t, page.Header.Get("ETag"))
	w.Expect304(page, "/pages/home", "If-None-Match", page.Header.Get("ETag"))
	other := w.Expect(200, "GET", "/pages/about", "", "If-None-Match", page.Header.Get("ETag"))
	assert.NotEqual(t, page.Header.Get("ETag"), other.Header.Get("ETag"))
}

type post struct {
	ID        int       `json:"id"`
	Title     string    `json:"title"`
	Content   string    `json:"content"`
	Version   int       `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
}

// createBlogApp is the complete example of the document.
func createBlogApp() *restmachine.App {
	app, last := restmachine.New(), 1
	app.OnStartup(func() *database { return newDatabase("1", &post{1, "First Post", "Hello, World!", 1, modified}) })
	app.ResourceExists(func(path restmachine.PathParams, db *database) *post { return find[post](db, path.Get("post_id")) })
	app.GenerateETag(func(p *post) string { return fmt.Sprintf("%d-%d", p.ID, p.Version) })
	app.LastModified(func(p *post) time.Time { return p.UpdatedAt })
	app.Location(func(p *post) string { return fmt.Sprintf("/posts/%d", p.ID) })
	app.Get("/posts/{post_id}", func(p *post) *post { return p })
	app.Put("/posts/{post_id}", func(p *post, in restmachine.Body[change], db *database) *post {
		updated := *p
		set(&updated.Title, in.Value.Title)
		set(&updated.Content, in.Value.Content)
		updated.Version++
		updated.UpdatedAt = dateOf(updated.Version)
		db.Store(strconv.Itoa(p.ID), &updated)
		return &updated
	})
	app.Post("/posts", func(in restmachine.Body[post], db *database) *restmachine.Reply[*post] {
		last++ // the posts of these tests come one by one
		created := &post{last, in.Value.Title, in.Value.Content, 1, modified}
		db.Store(strconv.Itoa(last), created)
		return restmachine.Created("", created)
	})
	return app
}

func TestBlog(t *testing.T) {
	t.Run("ETag caching", func(t *testing.T) {
		w := twin.New(t, createBlogApp)
		full := w.Expect(200, "GET", "/posts/1", "", "Accept", "application/json")
		etag := full.Header.Get("ETag")
		require.NotEmpty(t, etag)
		w.Expect304(full, "/posts/1", "Accept", "application/json", "If-None-Match", etag)
	})

	t.Run("concurrent updates", func(t *testing.T) {
		w := twin.New(t, createBlogApp)
		etag := w.Expect(200, "GET", "/posts/1", "", "Accept", "application/json").Header.Get("ETag")

		updated := w.Expect(200, "PUT", "/posts/1", `{"title": "Updated Title"}`, "If-Match", etag)
		assert.Equal(t, `"1-2"`, updated.Header.Get("ETag"))
		assert.Contains(t, string(updated.Body), "Hello, World!", "what a PUT leaves out stays")

		w.Expect(412, "PUT", "/posts/1", `{"title": "Conflicting Update"}`, "If-Match", etag)
		assert.Equal(t, updated.Body, w.Do("GET", "/posts/1", "").Body)
	})

	t.Run("concurrent updates at the same moment", func(t *testing.T) {
		app := createBlogApp()
		update := restmachinetest.NewClient(app).Put("/posts/1").IfMatch(`"1-1"`).JSON(map[string]string{"title": "T"})
		restmachinetest.RaceWrites(t, app, update.Request(), 8)
		update.Expect(t).Status(412)
	})

	t.Run("new posts", func(t *testing.T) {
		w := twin.New(t, createBlogApp)
		created := w.Expect(201, "POST", "/posts", `{"title": "Second Post", "content": "C"}`)
		assert.Equal(t, "/posts/2", created.Header.Get("Location"))
		assert.Equal(t, `"2-1"`, created.Header.Get("ETag"))
		var p post
		require.NoError(t, json.Unmarshal(created.Body, &p), "a post, not a list of a post and a status")
		assert.Equal(t, post{2, "Second Post", "C", 1, modified}, p)

		read := w.Expect(200, "GET", created.Header.Get("Location"), "")
		assert.Equal(t, created.Body, read.Body)
		w.Expect304(read, "/posts/2", "If-None-Match", created.Header.Get("ETag"))
		w.Expect(404, "GET", "/posts/3", "")
		w.Expect(404, "GET", "/posts/abc", "")
		w.Expect(400, "POST", "/posts", `{"title": `)
		w.Expect(405, "GET", "/posts", "")
	})
}

// A person's entity-tag is a hash of its change date.
type person struct {
	ChangeDate string `json:"change_date"`
	ID         string `json:"person_id"`
	Name       string `json:"person_name"`
}

// persons is the application of the Flask documents, at the times that they show:
// one for each change.
func persons() *restmachine.App {
	app := restmachine.New()
	times := []string{
		"2020-12-24T10:11:52.200311", "2020-12-24T14:01:26.095555",
		"2020-12-24T14:02:40.897605", "2020-12-24T14:09:19.086225",
	}
	save := func(db *database, p person) *person {
		p.ChangeDate, times = times[0], times[1:]
		db.Store(p.ID, &p)
		return &p
	}
	app.OnStartup(func() *database { return new(database) })
	app.Accepts("application/x-www-form-urlencoded", func(content []byte) (p person, err error) { // what curl calls --data
		return p, json.Unmarshal(content, &p)
	})
	app.RenderError(func(p *restmachine.Problem) map[string]string {
		if p.Status == http.StatusPreconditionFailed {
			return map[string]string{"message": "Data already changed, get recent resource data and ETag first"}
		}
		return map[string]string{"message": p.Error()}
	})
	app.ResourceExists(func(path restmachine.PathParams, db *database) *person {
		return find[person](db, path.Get("person_id"))
	})
	app.GenerateETag(func(p *person) string { return fmt.Sprintf("%x", md5.Sum([]byte(p.ChangeDate))) })
	app.Location(func(p *person) string { return "/persons/" + p.ID })
	app.Post("/persons", func(in restmachine.Body[person], db *database) *restmachine.Reply[*person] {
		return restmachine.Created("", save(db, in.Value))
	})
	app.Get("/persons/{person_id}", func(p *person) *person { return p })
	app.Put("/persons/{person_id}", func(p *person, in restmachine.Body[person], db *database) *person {
		return save(db, person{ID: p.ID, Name: in.Value.Name})
	})
	return app
}

// TestPersons sends what curl sends: a form that has JSON in it, and entity-tags
// without quotes.
func TestPersons(t *testing.T) {
	w := twin.New(t, persons)
	const form = "application/x-www-form-urlencoded"

	// Caching of unchanged resources.
	created := w.Expect(201, "POST", "/persons", `{"person_id": "1", "person_name": "Wim"}`, "Content-Type", form)
	assert.Equal(t, `"42e98b50d35eb07fc6d595d019cc91c7"`, created.Header.Get("ETag"))
	assert.Equal(t, `{"change_date":"2020-12-24T10:11:52.200311","person_id":"1","person_name":"Wim"}`, string(created.Body))
	full := w.Expect(200, "GET", "/persons/1", "")
	assert.Equal(t, created.Body, full.Body)
	assert.Equal(t, created.Header.Get("ETag"), full.Header.Get("ETag"))
	w.Expect304(full, "/persons/1", "If-None-Match", "42e98b50d35eb07fc6d595d019cc91c7")

	// Avoiding mid-air collisions.
	w.Expect(201, "POST", "/persons", `{"person_id": "2", "person_name": "Wim"}`, "Content-Type", form)
	first := w.Expect(200, "PUT", "/persons/2", `{"person_name": "Wim - update 1"}`, "Content-Type", form, "If-Match", "5f190e4939a582ca96aeefb8e2d5ee2c")
	assert.Equal(t, `"b90595e3eae35cf10cc427cd85b264da"`, first.Header.Get("ETag"))

	refused := w.Expect(412, "PUT", "/persons/2", `{"person_name": "Wim - update 2"}`, "Content-Type", form, "If-Match", "5f190e4939a582ca96aeefb8e2d5ee2c")
	assert.Equal(t, "application/json", refused.Header.Get("Content-Type"))
	assert.JSONEq(t, `{"message": "Data already changed, get recent resource data and ETag first"}`, string(refused.Body))

	recent := w.Expect(200, "GET", "/persons/2", "")
	assert.Equal(t, first.Body, recent.Body)
	assert.Equal(t, first.Header.Get("ETag"), recent.Header.Get("ETag"))

	second := w.Expect(200, "PUT", "/persons/2", `{"person_name": "Wim - update 2"}`, "Content-Type", form, "If-Match", "b90595e3eae35cf10cc427cd85b264da")
	assert.Equal(t, `"3e2b0cb26be62a4287c33054f51a1974"`, second.Header.Get("ETag"))
	assert.Contains(t, string(second.Body), "Wim - update 2")
}

// TestOpenEventServer: tags by hash of the content, lists of tags in both fields,
// and JSON:API errors.
func TestOpenEventServer(t *testing.T) {
	const mediaType = "application/vnd.api+json"
	w := twin.New(t, documents(func(app *restmachine.App) {
		app.AutoETag(restmachine.Strong)
		app.RenderError(func(p *restmachine.Problem) any {
			p.Header = http.Header{"Content-Type": {mediaType}}
			return map[string]any{"errors": []any{map[string]any{
				"status": fmt.Sprint(p.Status), "source": map[string]string{"pointer": ""}, "title": p.Title,
			}}}
		})
	}))
	full := w.Expect(200, "GET", "/documents/doc1", "")
	etag := full.Header.Get("ETag")
	require.True(t, strings.HasPrefix(etag, `"`), etag)

	for _, list := range []string{etag, `"a", ` + etag, `"a",` + etag + `,"b"`, "  " + `"a"  ,	` + etag + " ", "*"} {
		w.Expect304(full, "/documents/doc1", "If-None-Match", list)
		w.Expect(200, "GET", "/documents/doc1", "", "If-Match", list)
	}
	for _, list := range []string{`"a"`, `"a", "b"`} {
		w.Expect(200, "GET", "/documents/doc1", "", "If-None-Match", list)
		refused := w.Expect(412, "GET", "/documents/doc1", "", "If-Match", list)
		assert.Equal(t, mediaType, refused.Header.Get("Content-Type"))
		assert.JSONEq(t, `{"errors": [{"status": "412", "source": {"pointer": ""}, "title": "Precondition Failed"}]}`, string(refused.Body))
	}

	w.Expect(412, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `"a", "b"`)
	assert.Equal(t, full.Body, w.Do("GET", "/documents/doc1", "").Body, "the tag is checked before anything is written")
	updated := w.Expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `"a", `+etag)
	w.Expect304(w.Do("GET", "/documents/doc1", ""), "/documents/doc1", "If-None-Match", updated.Header.Get("ETag"))

	off := twin.New(t, documents(func(*restmachine.App) {}))
	assert.Empty(t, off.Expect(200, "GET", "/documents/doc1", "", "If-None-Match", etag).Header.Values("ETag"))
}
