// These tests check the blog over JSON: its statuses, its tags, and its paging.

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

var day = time.Date(2024, 1, 15, 10, 0, 0, 123456000, time.UTC)

// open returns the application on file. Its clock stands still. The end of the test shuts
// it down.
func open(t *testing.T, file string) *restmachine.App {
	t.Helper()
	app := New(file)
	restmachine.Override(app, Clock(func() time.Time { return day }))
	require.NoError(t, app.Start(t.Context()))
	t.Cleanup(func() { assert.NoError(t, app.Shutdown(t.Context())) })
	return app
}

func newBlog(t *testing.T) *restmachine.App {
	return open(t, filepath.Join(t.TempDir(), "blog.db"))
}

// execute sends a request. fields are names and values in turn. Content is JSON unless
// they say otherwise.
func execute(t *testing.T, app *restmachine.App, method, path, body string, fields ...string) restmachine.Response {
	t.Helper()
	req := restmachine.Request{Method: method, Path: path, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp := app.Execute(req)
	restmachinetest.CheckResponse(t, req, resp)
	return resp
}

func decode[T any](t *testing.T, resp restmachine.Response) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(resp.Body, &v), "%s", resp.Body)
	return v
}

// TestETagCaching and TestConcurrentUpdates are the two tests of the document that this
// program is based on.
func TestETagCaching(t *testing.T) {
	app := newBlog(t)
	full := execute(t, app, "GET", "/posts/1", "", "Accept", "application/json")
	require.Equal(t, 200, full.StatusCode)
	etag := full.Header.Get("ETag")
	require.Equal(t, `"1-1"`, etag)
	assert.JSONEq(t, `{"id": 1, "title": "First Post", "content": "Hello, World!", "version": 1,
		"updated_at": "2024-01-15T10:00:00.123456Z"}`, string(full.Body))

	again := execute(t, app, "GET", "/posts/1", "", "Accept", "application/json", "If-None-Match", etag)
	restmachinetest.CheckNotModified(t, full, again)

	byDate := execute(t, app, "GET", "/posts/1", "", "If-Modified-Since", full.Header.Get("Last-Modified"))
	restmachinetest.CheckNotModified(t, full, byDate)
}

func TestConcurrentUpdates(t *testing.T) {
	app := newBlog(t)
	etag := execute(t, app, "GET", "/posts/1", "").Header.Get("ETag")

	first := execute(t, app, "PUT", "/posts/1", `{"title": "Updated Title"}`, "If-Match", etag)
	require.Equal(t, 200, first.StatusCode)
	assert.Equal(t, `"1-2"`, first.Header.Get("ETag"))
	assert.Equal(t, "/posts/1", first.Header.Get("Content-Location"))
	post := decode[Post](t, first)
	assert.Equal(t, "Updated Title", post.Title)
	assert.Equal(t, "Hello, World!", post.Content, "what a PUT leaves out stays")

	second := execute(t, app, "PUT", "/posts/1", `{"title": "Conflicting Update"}`, "If-Match", etag)
	assert.Equal(t, 412, second.StatusCode)
	assert.Equal(t, post, decode[Post](t, execute(t, app, "GET", "/posts/1", "")), "nothing is written")
}

func TestCreateReadDelete(t *testing.T) {
	app := newBlog(t)
	created := execute(t, app, "POST", "/posts", `{"title": "Second Post", "content": "Hello again!"}`)
	require.Equal(t, 201, created.StatusCode)
	assert.Equal(t, "/posts/2", created.Header.Get("Location"))
	assert.Equal(t, `"2-1"`, created.Header.Get("ETag"))

	read := execute(t, app, "GET", created.Header.Get("Location"), "")
	assert.Equal(t, created.Body, read.Body)
	assert.Equal(t, created.Header.Get("ETag"), read.Header.Get("ETag"))

	assert.Equal(t, 204, execute(t, app, "DELETE", "/posts/2", "", "If-Match", `"2-1"`).StatusCode)
	assert.Equal(t, 404, execute(t, app, "GET", "/posts/2", "").StatusCode)
	assert.Equal(t, 404, execute(t, app, "DELETE", "/posts/2", "", "If-Match", `"2-1"`).StatusCode)

	recreated := execute(t, app, "POST", "/posts", `{"title": "Second Post", "content": "Hello again!"}`)
	assert.Equal(t, `"3-1"`, recreated.Header.Get("ETag"), "a tag never stands for two posts")
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name, method, path, body string
		fields                   []string
		want                     int
	}{
		{"no such post", "GET", "/posts/7", "", nil, 404},
		{"no number", "GET", "/posts/first", "", nil, 404},
		{"PUT without a precondition", "PUT", "/posts/1", `{"title": "T"}`, nil, 428},
		{"DELETE without a precondition", "DELETE", "/posts/1", "", nil, 428},
		{"PUT never creates", "PUT", "/posts/7", `{"title": "T"}`, []string{"If-Match", "*"}, 404},
		{"DELETE of another version", "DELETE", "/posts/1", "", []string{"If-Match", `"1-0"`}, 412},
		{"no JSON", "POST", "/posts", `title=T`, nil, 400},
		{"a form", "POST", "/posts", `title=T`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"no title", "POST", "/posts", `{"content": "C"}`, nil, 422},
		{"title taken away", "PUT", "/posts/1", `{"title": " "}`, []string{"If-Match", `"1-1"`}, 422},
		{"page before the first", "GET", "/posts?page=-1", "", nil, 400},
		{"page that is not a number", "GET", "/posts?page=two", "", nil, 400},
		{"PATCH", "PATCH", "/posts/1", `{"title": "T"}`, nil, 405},
	}
	app := newBlog(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := execute(t, app, tt.method, tt.path, tt.body, tt.fields...)
			assert.Equal(t, tt.want, resp.StatusCode, "%s", resp.Body)
		})
	}
	assert.Equal(t, `"1-1"`, execute(t, app, "GET", "/posts/1", "").Header.Get("ETag"), "nothing is written")
}

func TestClientsCannotSayIDVersionOrDate(t *testing.T) {
	app := newBlog(t)
	resp := execute(t, app, "PUT", "/posts/1",
		`{"title": "T", "id": 9, "version": 900, "updated_at": "2001-01-01T00:00:00Z"}`, "If-Match", `"1-1"`)
	require.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, Post{ID: 1, Title: "T", Content: "Hello, World!", Version: 2, UpdatedAt: day.Truncate(time.Microsecond)},
		decode[Post](t, resp))
}

func TestListPageByPage(t *testing.T) {
	app := newBlog(t)
	for i := 2; i <= 5; i++ {
		execute(t, app, "POST", "/posts", fmt.Sprintf(`{"title": "Post %d", "content": "C"}`, i))
	}
	tests := []struct {
		path string
		ids  []int64
		next string
	}{
		{"/posts", []int64{1, 2, 3, 4, 5}, ""},
		{"/posts?per_page=2", []int64{1, 2}, "/posts?page=2&per_page=2"},
		{"/posts?page=2&per_page=2", []int64{3, 4}, "/posts?page=3&per_page=2"},
		{"/posts?page=3&per_page=2", []int64{5}, ""},
		{"/posts?page=4&per_page=2", []int64{}, ""},
		{"/posts?per_page=5", []int64{1, 2, 3, 4, 5}, ""},
		{"/posts?page=4294967295&per_page=255", []int64{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			resp := execute(t, app, "GET", tt.path, "")
			require.Equal(t, 200, resp.StatusCode)
			page := decode[PostPage](t, resp)
			ids := []int64{}
			for _, p := range page.Posts {
				ids = append(ids, p.ID)
			}
			assert.Equal(t, tt.ids, ids)
			assert.Equal(t, tt.next, page.Next)

			again := execute(t, app, "GET", tt.path, "", "If-None-Match", resp.Header.Get("ETag"))
			restmachinetest.CheckNotModified(t, resp, again)
		})
	}
}

func TestPostsSurviveARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "my blog?.db") // a URI must escape this name
	app := New(file)
	require.NoError(t, app.Start(t.Context()))
	created := execute(t, app, "POST", "/posts", `{"title": "Second Post", "content": "C"}`)
	require.Equal(t, 201, created.StatusCode)
	require.NoError(t, app.Shutdown(t.Context()))
	require.FileExists(t, file)

	read := execute(t, open(t, file), "GET", "/posts/2", "", "If-None-Match", created.Header.Get("ETag"))
	assert.Equal(t, 304, read.StatusCode)
	list := decode[PostPage](t, execute(t, open(t, file), "GET", "/posts", ""))
	assert.Len(t, list.Posts, 2, "the first post is made once")
}

// TestTwoProcessesLoseNothing runs two Apps that share only the file. Both pass the check
// with one tag. The statement that writes accepts only one of them.
func TestTwoProcessesLoseNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "blog.db")
	apps := []*restmachine.App{open(t, file), open(t, file)}
	const rounds = 20
	for round := range rounds {
		etag := execute(t, apps[0], "GET", "/posts/1", "").Header.Get("ETag")
		statuses := make([]int, 2*len(apps))
		var writers sync.WaitGroup
		for i := range statuses {
			writers.Go(func() {
				statuses[i] = execute(t, apps[i%len(apps)], "PUT", "/posts/1",
					fmt.Sprintf(`{"title": "%d-%d"}`, round, i), "If-Match", etag).StatusCode
			})
		}
		writers.Wait()
		assert.ElementsMatch(t, []int{200, 412, 412, 412}, statuses)
	}
	assert.EqualValues(t, 1+rounds, decode[Post](t, execute(t, apps[1], "GET", "/posts/1", "")).Version)
}

// TestTheCurlLines sends the requests that the program prints, over a connection.
func TestTheCurlLines(t *testing.T) {
	server := httptest.NewServer(newBlog(t))
	defer server.Close()
	const byHash = "whatever the hash is"
	steps := []struct {
		method, path, field, tag, body string
		status                         int
		etag                           string
	}{
		{"GET", "/posts/1", "", "", "", 200, `"1-1"`},
		{"GET", "/posts/1", "If-None-Match", `"1-1"`, "", 304, `"1-1"`},
		{"PUT", "/posts/1", "If-Match", `"1-1"`, `{"title": "Updated Title"}`, 200, `"1-2"`},
		{"PUT", "/posts/1", "If-Match", `"1-1"`, `{"title": "Conflicting Update"}`, 412, ""},
		{"POST", "/posts", "", "", `{"title": "Second Post", "content": "Hello again!"}`, 201, `"2-1"`},
		{"GET", "/posts?page=1&per_page=1", "", "", "", 200, byHash},
		{"DELETE", "/posts/2", "If-Match", `"2-1"`, "", 204, ""},
	}
	for _, step := range steps {
		req, err := http.NewRequest(step.method, server.URL+step.path, bytes.NewReader([]byte(step.body)))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		if step.field != "" {
			req.Header.Set(step.field, step.tag)
		}
		resp, err := server.Client().Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, step.status, resp.StatusCode, "%s %s: %s", step.method, step.path, body)
		if step.etag == byHash {
			assert.NotEmpty(t, resp.Header.Get("ETag"))
			continue
		}
		assert.Equal(t, step.etag, resp.Header.Get("ETag"))
	}
}
