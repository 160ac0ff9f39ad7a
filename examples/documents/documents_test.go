// These tests check the conditional requests of the documents.

package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// newApp returns the application with a test clock. The document was last changed on Wed,
// 21 Oct 2015 07:28:00 GMT. Each change is a second later.
func newApp(t *testing.T) *restmachine.App {
	app := New()
	now := time.Date(2015, 10, 21, 7, 27, 59, 0, time.UTC)
	restmachine.Override(app, Clock(func() time.Time {
		now = now.Add(time.Second)
		return now
	}))
	require.NoError(t, app.Validate())
	return app
}

func execute(t *testing.T, app *restmachine.App, method, path, body string, fields ...string) restmachine.Response {
	t.Helper()
	req := restmachine.Request{Method: method, Path: path, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	resp := app.Execute(req)
	restmachinetest.CheckResponse(t, req, resp)
	return resp
}

func TestConditionalGet(t *testing.T) {
	const modified = "Wed, 21 Oct 2015 07:28:00 GMT"
	app := newApp(t)
	full := execute(t, app, "GET", "/documents/doc1", "")
	require.Equal(t, 200, full.StatusCode)
	assert.Equal(t, `"1"`, full.Header.Get("ETag"))
	assert.Equal(t, modified, full.Header.Get("Last-Modified"))
	assert.JSONEq(t, `{"id": "doc1", "title": "Document 1", "version": 1}`, string(full.Body))

	tests := []struct {
		name   string
		fields []string
		want   int
	}{
		{"the tag is current", []string{"If-None-Match", `"1"`}, 304},
		{"the tag is not", []string{"If-None-Match", `"2"`}, 200},
		{"not modified since", []string{"If-Modified-Since", modified}, 304},
		{"modified since", []string{"If-Modified-Since", "Wed, 21 Oct 2015 07:27:59 GMT"}, 200},
		{"both agree", []string{"If-None-Match", `"1"`, "If-Modified-Since", modified}, 304},
		{"a wrong tag is never 304", []string{"If-None-Match", `"2"`, "If-Modified-Since", modified}, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			get := execute(t, app, "GET", "/documents/doc1", "", tt.fields...)
			assert.Equal(t, tt.want, get.StatusCode)
			if tt.want == 304 {
				restmachinetest.CheckNotModified(t, full, get)
			}
			restmachinetest.CheckHead(t, get, execute(t, app, "HEAD", "/documents/doc1", "", tt.fields...))
		})
	}
	assert.Equal(t, 404, execute(t, app, "GET", "/documents/doc2", "").StatusCode)
}

func TestConditionalPut(t *testing.T) {
	app := newApp(t)
	put := func(content string) restmachine.Response {
		return execute(t, app, "PUT", "/documents/doc1", `{"content": "`+content+`"}`,
			"Content-Type", "application/json", "If-Match", `"1"`)
	}
	first := put("Updated content")
	require.Equal(t, 200, first.StatusCode)
	assert.Equal(t, `"2"`, first.Header.Get("ETag"))
	assert.Equal(t, "Wed, 21 Oct 2015 07:28:01 GMT", first.Header.Get("Last-Modified"))
	assert.JSONEq(t, `{"id": "doc1", "title": "Document 1", "content": "Updated content", "version": 2}`, string(first.Body))

	assert.Equal(t, 412, put("Conflicting update").StatusCode)
	assert.Equal(t, first.Body, execute(t, app, "GET", "/documents/doc1", "").Body, "nothing is lost")
}

func TestOverTheWire(t *testing.T) {
	server := httptest.NewServer(newApp(t))
	defer server.Close()
	steps := []struct {
		method, field, tag, body string
		status                   int
		etag                     string
	}{
		{"GET", "If-None-Match", "", "", 200, `"1"`},
		{"GET", "If-None-Match", `"1"`, "", 304, `"1"`},
		{"PUT", "If-Match", `"1"`, `{"content": "Updated content"}`, 200, `"2"`},
		{"PUT", "If-Match", `"1"`, `{"content": "Conflicting update"}`, 412, ""},
	}
	for _, step := range steps {
		req, err := http.NewRequest(step.method, server.URL+"/documents/doc1", strings.NewReader(step.body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		if step.tag != "" {
			req.Header.Set(step.field, step.tag)
		}
		resp, err := server.Client().Do(req)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, step.status, resp.StatusCode, "%s %s", step.method, step.tag)
		assert.Equal(t, step.etag, resp.Header.Get("ETag"))
	}
}
