// The complete example of the document on conditional requests, a blog, with
// its two tests; the persons of the Flask documents; the rules of the Open
// Event Server.

package restmachine_test

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

type post struct {
	ID        int       `json:"id"`
	Title     string    `json:"title"`
	Content   string    `json:"content"`
	Version   int       `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
}

type postUpdate struct {
	Title   *string `json:"title"`
	Content *string `json:"content"`
}

type postPath struct {
	ID int `path:"post_id"`
}

// posts is the blog's database: a post's ID is its place, counted from one.
type posts struct {
	mu  sync.Mutex
	all []post
}

func newPosts() *posts {
	return &posts{all: []post{{ID: 1, Title: "First Post", Content: "Hello, World!", Version: 1, UpdatedAt: modified}}}
}

func (p *posts) post(path restmachine.Path[postPath]) *post {
	p.mu.Lock()
	defer p.mu.Unlock()
	if id := path.Value.ID; id >= 1 && id <= len(p.all) {
		found := p.all[id-1]
		return &found
	}
	return nil
}

func (p *posts) update(old *post, in restmachine.Body[postUpdate]) *post {
	p.mu.Lock()
	defer p.mu.Unlock()
	updated := *old
	if in.Value.Title != nil {
		updated.Title = *in.Value.Title
	}
	if in.Value.Content != nil {
		updated.Content = *in.Value.Content
	}
	updated.Version++
	updated.UpdatedAt = updated.UpdatedAt.Add(time.Second)
	p.all[old.ID-1] = updated
	return &updated
}

func (p *posts) create(in restmachine.Body[post]) *post {
	p.mu.Lock()
	defer p.mu.Unlock()
	created := post{len(p.all) + 1, in.Value.Title, in.Value.Content, 1, modified}
	p.all = append(p.all, created)
	return &created
}

func createBlogApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(newPosts)
	app.ResourceExists(func(path restmachine.Path[postPath], db *posts) *post { return db.post(path) })
	app.GenerateETag(func(p *post) string { return fmt.Sprintf("%d-%d", p.ID, p.Version) })
	app.LastModified(func(p *post) time.Time { return p.UpdatedAt })
	app.Location(func(p *post) string { return fmt.Sprintf("/posts/%d", p.ID) })
	app.Get("/posts/{post_id}", func(p *post) *post { return p })
	app.Put("/posts/{post_id}", func(p *post, in restmachine.Body[postUpdate], db *posts) *post { return db.update(p, in) })
	app.Post("/posts", func(in restmachine.Body[post], db *posts) *restmachine.Reply {
		return restmachine.Created("", db.create(in))
	})
	return app
}

func TestETagCaching(t *testing.T) {
	w := newTwin(t, createBlogApp)
	full := w.expect(200, "GET", "/posts/1", "", "Accept", "application/json")
	etag := full.Header.Get("ETag")
	require.NotEmpty(t, etag)
	w.expect304(full, "/posts/1", "Accept", "application/json", "If-None-Match", etag)
}

func TestConcurrentUpdates(t *testing.T) {
	w := newTwin(t, createBlogApp)
	etag := w.expect(200, "GET", "/posts/1", "", "Accept", "application/json").Header.Get("ETag")

	updated := w.expect(200, "PUT", "/posts/1", `{"title": "Updated Title"}`, "If-Match", etag)
	assert.Equal(t, `"1-2"`, updated.Header.Get("ETag"))
	assert.Contains(t, string(updated.Body), "Hello, World!", "what a PUT leaves out stays")

	w.expect(412, "PUT", "/posts/1", `{"title": "Conflicting Update"}`, "If-Match", etag)
	assert.Equal(t, updated.Body, w.do("GET", "/posts/1", "").Body)
}

func TestBlogCreatesPosts(t *testing.T) {
	w := newTwin(t, createBlogApp)
	created := w.expect(201, "POST", "/posts", `{"title": "Second Post", "content": "C"}`)
	assert.Equal(t, "/posts/2", created.Header.Get("Location"))
	assert.Equal(t, `"2-1"`, created.Header.Get("ETag"))
	var p post
	require.NoError(t, json.Unmarshal(created.Body, &p), "a post, not a list of a post and a status")
	assert.Equal(t, post{2, "Second Post", "C", 1, modified}, p)

	read := w.expect(200, "GET", created.Header.Get("Location"), "")
	assert.Equal(t, created.Body, read.Body)
	w.expect304(read, "/posts/2", "If-None-Match", created.Header.Get("ETag"))
	w.expect(404, "GET", "/posts/3", "")
	w.expect(404, "GET", "/posts/abc", "")
	w.expect(400, "POST", "/posts", `{"title": `)
	w.expect(405, "GET", "/posts", "")
}

// A person's entity-tag is a hash of its change date.
type person struct {
	ChangeDate string `json:"change_date"`
	ID         string `json:"person_id"`
	Name       string `json:"person_name"`
}

// persons is the application of the Flask documents, at the times that they
// show: one for each change.
func persons(options ...restmachine.Option) func() *restmachine.App {
	return func() *restmachine.App {
		app := restmachine.New(options...)
		times := []string{
			"2020-12-24T10:11:52.200311", "2020-12-24T14:01:26.095555",
			"2020-12-24T14:02:40.897605", "2020-12-24T14:09:19.086225",
		}
		db := map[string]person{} // the requests come one by one
		save := func(p person) *person {
			p.ChangeDate, times = times[0], times[1:]
			db[p.ID] = p
			return &p
		}
		parse := func(content []byte) (p person, err error) { return p, json.Unmarshal(content, &p) }
		app.Accepts("application/x-www-form-urlencoded", parse) // what curl calls --data
		app.RenderError(func(p *restmachine.Problem) map[string]string {
			if p.Status == http.StatusPreconditionFailed {
				return map[string]string{"message": "Data already changed, get recent resource data and ETag first"}
			}
			return map[string]string{"message": p.Error()}
		})
		app.ResourceExists(func(path restmachine.PathParams) (*person, bool) {
			p, ok := db[path.Get("person_id")]
			return &p, ok
		})
		app.GenerateETag(func(p *person) string { return fmt.Sprintf("%x", md5.Sum([]byte(p.ChangeDate))) })
		app.Location(func(p *person) string { return "/persons/" + p.ID })
		app.Post("/persons", func(in restmachine.Body[person]) *restmachine.Reply {
			return restmachine.Created("", save(in.Value))
		})
		app.Get("/persons/{person_id}", func(p *person) *person { return p })
		app.Put("/persons/{person_id}", func(p *person, in restmachine.Body[person]) *person {
			return save(person{ID: p.ID, Name: in.Value.Name})
		})
		return app
	}
}

func TestPersons(t *testing.T) {
	w := newTwin(t, persons())
	curl := func(status int, method, path, data string, header ...string) restmachine.Response {
		t.Helper()
		if data != "" {
			header = append(header, "Content-Type", "application/x-www-form-urlencoded")
		}
		return w.expect(status, method, path, data, header...)
	}

	created := curl(201, "POST", "/persons", `{"person_id": "1", "person_name": "Wim"}`)
	assert.Equal(t, `"42e98b50d35eb07fc6d595d019cc91c7"`, created.Header.Get("ETag"))
	assert.Equal(t, `{"change_date":"2020-12-24T10:11:52.200311","person_id":"1","person_name":"Wim"}`, string(created.Body))
	full := curl(200, "GET", "/persons/1", "")
	assert.Equal(t, created.Body, full.Body)
	assert.Equal(t, created.Header.Get("ETag"), full.Header.Get("ETag"))
	w.expect304(full, "/persons/1", "If-None-Match", "42e98b50d35eb07fc6d595d019cc91c7")

	curl(201, "POST", "/persons", `{"person_id": "2", "person_name": "Wim"}`)
	first := curl(200, "PUT", "/persons/2", `{"person_name": "Wim - update 1"}`, "If-Match", "5f190e4939a582ca96aeefb8e2d5ee2c")
	assert.Equal(t, `"b90595e3eae35cf10cc427cd85b264da"`, first.Header.Get("ETag"))

	refused := curl(412, "PUT", "/persons/2", `{"person_name": "Wim - update 2"}`, "If-Match", "5f190e4939a582ca96aeefb8e2d5ee2c")
	assert.Equal(t, "application/json", refused.Header.Get("Content-Type"))
	assert.JSONEq(t, `{"message": "Data already changed, get recent resource data and ETag first"}`, string(refused.Body))

	recent := curl(200, "GET", "/persons/2", "")
	assert.Equal(t, first.Body, recent.Body)
	assert.Equal(t, first.Header.Get("ETag"), recent.Header.Get("ETag"))

	second := curl(200, "PUT", "/persons/2", `{"person_name": "Wim - update 2"}`, "If-Match", "b90595e3eae35cf10cc427cd85b264da")
	assert.Equal(t, `"3e2b0cb26be62a4287c33054f51a1974"`, second.Header.Get("ETag"))
	assert.Contains(t, string(second.Body), "Wim - update 2")
}

// TestUnquotedTags: lenient by default, as the curl lines need; strict on
// request, and then a write that cannot be checked does not happen.
func TestUnquotedTags(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		name      string
		options   []restmachine.Option
		read, put int
	}{
		{"lenient", nil, 304, 200},
		{"strict", []restmachine.Option{restmachine.WithStrictTags()}, 200, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTwin(t, persons(tt.options...))
			w.expect(201, "POST", "/persons", `{"person_id": "1", "person_name": "Wim"}`, "Content-Type", form)
			w.expect(tt.read, "GET", "/persons/1", "", "If-None-Match", "42e98b50d35eb07fc6d595d019cc91c7")
			w.expect(tt.read, "GET", "/persons/1", "", "If-None-Match", "another, 42e98b50d35eb07fc6d595d019cc91c7")
			w.expect(304, "GET", "/persons/1", "", "If-None-Match", `"42e98b50d35eb07fc6d595d019cc91c7"`)
			w.expect(200, "GET", "/persons/1", "", "If-None-Match", "42e98b50")
			w.expect(tt.put, "PUT", "/persons/1", `{"person_name": "W"}`, "Content-Type", form,
				"If-Match", "42e98b50d35eb07fc6d595d019cc91c7")
		})
	}
}

// TestOpenEventServer: tags by hash of the content, lists of tags in both
// fields, and JSON:API errors.
func TestOpenEventServer(t *testing.T) {
	const mediaType = "application/vnd.api+json"
	build := func(etag bool) func() *restmachine.App {
		return documents(func(app *restmachine.App) {
			if etag {
				app.AutoETag(restmachine.Strong)
			}
			app.RenderError(func(p *restmachine.Problem) any {
				p.Header = http.Header{"Content-Type": {mediaType}}
				return map[string]any{"errors": []any{map[string]any{
					"status": fmt.Sprint(p.Status), "source": map[string]string{"pointer": ""}, "title": p.Title,
				}}}
			})
		})
	}
	w := newTwin(t, build(true))
	full := w.expect(200, "GET", "/documents/doc1", "")
	etag := full.Header.Get("ETag")
	require.True(t, strings.HasPrefix(etag, `"`), etag)

	lists := map[string]bool{
		etag: true, `"a", ` + etag: true, `"a",` + etag + `,"b"`: true, "  " + `"a"  ,	` + etag + " ": true, "*": true,
		`"a"`: false, `"a", "b"`: false,
	}
	for list, match := range lists {
		read, check := 200, 412
		if match {
			read, check = 304, 200
		}
		w.expect(read, "GET", "/documents/doc1", "", "If-None-Match", list)
		refused := w.expect(check, "GET", "/documents/doc1", "", "If-Match", list)
		if !match {
			assert.Equal(t, mediaType, refused.Header.Get("Content-Type"))
			assert.JSONEq(t, `{"errors": [{"status": "412", "source": {"pointer": ""}, "title": "Precondition Failed"}]}`, string(refused.Body))
		}
	}

	w.expect(412, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `"a", "b"`)
	assert.Equal(t, full.Body, w.do("GET", "/documents/doc1", "").Body, "the tag is checked before anything is written")
	updated := w.expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `"a", `+etag)
	w.expect304(w.do("GET", "/documents/doc1", ""), "/documents/doc1", "If-None-Match", updated.Header.Get("ETag"))

	off := newTwin(t, build(false))
	assert.Empty(t, off.expect(200, "GET", "/documents/doc1", "", "If-None-Match", etag).Header.Values("ETag"))
}
