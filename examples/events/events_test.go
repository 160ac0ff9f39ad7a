// These tests check the events: JSON:API documents, tags by hash, and the flag.

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

const (
	event1 = `{"data": {"type": "event", "id": "1", "attributes":
		{"name": "FOSSASIA", "location-name": "Singapore", "starts-at": "2017-03-17T09:00:00Z"}}}`
	rename = `{"data": {"type": "event", "id": "1", "attributes": {"name": "FOSSASIA Summit"}}}`
)

func execute(t *testing.T, app *restmachine.App, method, path, body string, fields ...string) restmachine.Response {
	t.Helper()
	req := restmachine.Request{Method: method, Path: path, Header: http.Header{}, Body: []byte(body)}
	if body != "" {
		req.Header.Set("Content-Type", mediaType)
	}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	resp := app.Execute(req)
	restmachinetest.CheckResponse(t, req, resp)
	if len(resp.Body) > 0 {
		assert.Equal(t, mediaType, resp.Header.Get("Content-Type"))
	}
	return resp
}

// title returns the title of the first error in a JSON:API error document.
func title(t *testing.T, resp restmachine.Response) string {
	t.Helper()
	var document struct {
		Errors []Error `json:"errors"`
	}
	require.NoError(t, json.Unmarshal(resp.Body, &document), "%s", resp.Body)
	require.Len(t, document.Errors, 1)
	return document.Errors[0].Title
}

func TestReadsAreConditional(t *testing.T) {
	app := New(true)
	for _, path := range []string{"/v1/events/1", "/v1/events"} {
		full := execute(t, app, "GET", path, "")
		require.Equal(t, 200, full.StatusCode)
		etag := full.Header.Get("ETag")
		require.NotEmpty(t, etag)

		tests := []struct {
			name, field, value string
			want               int
		}{
			{"the tag", "If-None-Match", etag, 304},
			{"in a list with spaces", "If-None-Match", `"a" ,  ` + etag + ` , "b"`, 304},
			{"star", "If-None-Match", "*", 304},
			{"other tags", "If-None-Match", `"a", "b"`, 200},
			{"a list that must match and does", "If-Match", `"a", ` + etag, 200},
			{"star must match and does", "If-Match", "*", 200},
			{"a list that must match and does not", "If-Match", `"a", "b"`, 412},
		}
		for _, tt := range tests {
			t.Run(path+" "+tt.name, func(t *testing.T) {
				resp := execute(t, app, "GET", path, "", tt.field, tt.value)
				assert.Equal(t, tt.want, resp.StatusCode)
				switch tt.want {
				case 304:
					restmachinetest.CheckNotModified(t, full, resp)
				case 412:
					assert.Equal(t, "Precondition Failed", title(t, resp))
				}
			})
		}
	}
}

func TestWritesAreConditional(t *testing.T) {
	app := New(true)
	before := execute(t, app, "GET", "/v1/events/1", "")
	etag := before.Header.Get("ETag")

	refused := execute(t, app, "PATCH", "/v1/events/1", rename, "If-Match", `"another"`)
	assert.Equal(t, 412, refused.StatusCode)
	assert.Equal(t, before.Body, execute(t, app, "GET", "/v1/events/1", "").Body, "checked before it is written")

	changed := execute(t, app, "PATCH", "/v1/events/1", rename, "If-Match", etag)
	require.Equal(t, 200, changed.StatusCode)
	assert.JSONEq(t, strings.Replace(event1, "FOSSASIA", "FOSSASIA Summit", 1), string(changed.Body))

	after := execute(t, app, "GET", "/v1/events/1", "")
	assert.Equal(t, after.Body, changed.Body)
	assert.Equal(t, after.Header.Get("ETag"), changed.Header.Get("ETag"))
	assert.NotEqual(t, etag, after.Header.Get("ETag"))

	again := execute(t, app, "PATCH", "/v1/events/1", rename, "If-Match", etag)
	assert.Equal(t, 412, again.StatusCode)
}

func TestTagsSwitchedOff(t *testing.T) {
	app := New(false)
	full := execute(t, app, "GET", "/v1/events/1", "")
	assert.Empty(t, full.Header.Get("ETag"))
	assert.JSONEq(t, event1, string(full.Body))
	assert.Equal(t, 200, execute(t, app, "GET", "/v1/events/1", "", "If-None-Match", `"a"`).StatusCode)
	assert.Equal(t, 200, execute(t, app, "PATCH", "/v1/events/1", rename).StatusCode)
	assert.Equal(t, 412, execute(t, app, "PATCH", "/v1/events/1", rename, "If-Match", `"a"`).StatusCode,
		"a condition that cannot be checked is not met")
}

func TestErrorsAreJSONAPI(t *testing.T) {
	tests := []struct {
		name, method, path, body string
		fields                   []string
		want                     int
		title                    string
	}{
		{"unknown event", "GET", "/v1/events/3", "", nil, 404, "Not Found"},
		{"unknown path", "GET", "/v2", "", nil, 404, "Not Found"},
		{"another event", "PATCH", "/v1/events/2", rename, nil, 409, "Conflict"},
		{"no document", "PATCH", "/v1/events/1", `[]`, nil, 400, "Bad Request"},
		{"no such method", "DELETE", "/v1/events/1", "", nil, 405, "Method Not Allowed"},
		{"nothing else is offered", "GET", "/v1/events/1", "", []string{"Accept", "text/html"}, 406, "Not Acceptable"},
	}
	app := New(true)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := execute(t, app, tt.method, tt.path, tt.body, tt.fields...)
			assert.Equal(t, tt.want, resp.StatusCode)
			assert.Equal(t, tt.title, title(t, resp))
		})
	}
}

// TestTheCurlLines sends the requests that the program prints, over a connection.
func TestTheCurlLines(t *testing.T) {
	server := httptest.NewServer(New(true))
	defer server.Close()
	send := func(method, path, field, tags, body string) *http.Response {
		req, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
		require.NoError(t, err)
		if field != "" {
			req.Header.Set(field, tags)
		}
		req.Header.Set("Content-Type", mediaType)
		resp, err := server.Client().Do(req)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		resp.Body.Close()
		return resp
	}
	assert.Equal(t, 200, send("GET", "/v1/events", "", "", "").StatusCode)
	first := send("GET", "/v1/events/1", "", "", "")
	require.Equal(t, 200, first.StatusCode)
	etag := first.Header.Get("ETag")
	assert.Equal(t, 304, send("GET", "/v1/events/1", "If-None-Match", `"another", `+etag, "").StatusCode)
	assert.Equal(t, 412, send("GET", "/v1/events/1", "If-Match", `"another"`, "").StatusCode)
	assert.Equal(t, 200, send("PATCH", "/v1/events/1", "If-Match", etag, rename).StatusCode)
	assert.Equal(t, 412, send("PATCH", "/v1/events/1", "If-Match", etag, rename).StatusCode)
}
