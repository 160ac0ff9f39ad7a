// These tests check the files: tags, dates, ranges, and links out of the directory.

package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

var day = time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)

const digits = "0123456789"

// newApp serves a directory with a file of digits and a link that leads out of the
// directory.
func newApp(t *testing.T) *restmachine.App {
	t.Helper()
	outside, dir := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(outside, "secret.txt"), []byte("secret"), 0o600))
	require.NoError(t, os.Symlink(filepath.Join(outside, "secret.txt"), filepath.Join(dir, "link.txt")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))
	file := filepath.Join(dir, "sub", "digits.txt")
	require.NoError(t, os.WriteFile(file, []byte(digits), 0o600))
	require.NoError(t, os.Chtimes(file, day, day))

	app, err := New(dir)
	require.NoError(t, err)
	require.NoError(t, app.Start(t.Context()))
	t.Cleanup(func() { assert.NoError(t, app.Shutdown(t.Context())) })
	return app
}

// get sends a GET. fields are names and values in turn.
func get(t *testing.T, app *restmachine.App, path string, fields ...string) restmachine.Response {
	t.Helper()
	req := restmachine.Request{Method: "GET", Path: path, Header: http.Header{}}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	resp := app.Execute(req)
	restmachinetest.CheckResponse(t, req, resp)
	return resp
}

func TestEmbedded(t *testing.T) {
	app := newApp(t)
	page := get(t, app, "/")
	require.Equal(t, 200, page.StatusCode)
	assert.Equal(t, "text/html; charset=utf-8", page.Header.Get("Content-Type"))
	assert.Empty(t, page.Header.Get("Last-Modified"), "a compiled file does not have a date")
	restmachinetest.CheckNotModified(t, page, get(t, app, "/", "If-None-Match", page.Header.Get("ETag")))

	style := get(t, app, "/style.css")
	assert.Equal(t, "text/css; charset=utf-8", style.Header.Get("Content-Type"))
	assert.NotEqual(t, page.Header.Get("ETag"), style.Header.Get("ETag"))

	part := get(t, app, "/style.css", "Range", "bytes=0-3", "If-Range", style.Header.Get("ETag"))
	assert.Equal(t, 206, part.StatusCode)
	assert.Equal(t, "body", string(part.Body))
}

// TestPages: a folder is a page, at its name with a slash, and so is what is not there.
func TestPages(t *testing.T) {
	app := newApp(t)
	moved := get(t, app, "/guide?from=mail")
	assert.Equal(t, 301, moved.StatusCode)
	assert.Equal(t, "guide/?from=mail", moved.Header.Get("Location"))
	assert.Contains(t, string(get(t, app, "/guide/").Body), "<title>Guide</title>")

	missing := get(t, app, "/giude/")
	assert.Equal(t, 404, missing.StatusCode)
	assert.Equal(t, "text/html; charset=utf-8", missing.Header.Get("Content-Type"))
	assert.Contains(t, string(missing.Body), "There is no such page.")
}

func TestDirectory(t *testing.T) {
	app := newApp(t)
	file := get(t, app, "/files/sub/digits.txt")
	require.Equal(t, 200, file.StatusCode)
	assert.Equal(t, digits, string(file.Body))
	assert.Equal(t, day.Format(http.TimeFormat), file.Header.Get("Last-Modified"))
	restmachinetest.CheckNotModified(t, file, get(t, app, "/files/sub/digits.txt", "If-None-Match", file.Header.Get("ETag")))
	restmachinetest.CheckNotModified(t, file, get(t, app, "/files/sub/digits.txt", "If-Modified-Since", file.Header.Get("Last-Modified")))

	for path, why := range map[string]string{
		"/files/nothing.txt":       "no such file",
		"/files/sub":               "a folder without an index.html",
		"/files/":                  "likewise",
		"/files/sub/%2e%2e/x":      "no name of a file",
		"/files/sub/digits.txt/no": "below a file is nothing",
		"/nothing":                 "not compiled in",
	} {
		assert.Equal(t, 404, get(t, app, path).StatusCode, "%s: %s", path, why)
	}

	link := get(t, app, "/files/link.txt")
	assert.Equal(t, 500, link.StatusCode, "it leads out of the directory: a fault of that, and logged")
	assert.NotContains(t, string(link.Body), "secret")
}

func TestRanges(t *testing.T) {
	date := day.Format(http.TimeFormat)
	tests := []struct {
		ranges, ifRange string
		status          int
		contentRange    string
		body            string
		reason          string
	}{
		{"bytes=0-4", "", 206, "bytes 0-4/10", "01234", "the beginning"},
		{"bytes=7-", "", 206, "bytes 7-9/10", "789", "from there on"},
		{"bytes=-2", "", 206, "bytes 8-9/10", "89", "the end"},
		{"bytes=8-99", "", 206, "bytes 8-9/10", "89", "as far as it goes"},
		{"bytes=10-", "", 416, "bytes */10", "", "behind the end"},
		{"lines=1-2", "", 200, "", digits, "a unit that nobody knows is ignored"},
		{"bytes=0-4", date, 206, "bytes 0-4/10", "01234", "it is still that one, and the date is long past: strong"},
		{"bytes=0-4", day.Add(-time.Hour).Format(http.TimeFormat), 200, "", digits, "it is not that one: all of it"},
	}
	app := newApp(t)
	for _, tt := range tests {
		t.Run(tt.ranges+" "+tt.ifRange, func(t *testing.T) {
			fields := []string{"Range", tt.ranges}
			if tt.ifRange != "" {
				fields = append(fields, "If-Range", tt.ifRange)
			}
			resp := get(t, app, "/files/sub/digits.txt", fields...)
			assert.Equal(t, tt.status, resp.StatusCode, tt.reason)
			assert.Equal(t, tt.contentRange, resp.Header.Get("Content-Range"))
			if tt.status != 416 {
				assert.Equal(t, tt.body, string(resp.Body))
			}
		})
	}
	parts := get(t, app, "/files/sub/digits.txt", "Range", "bytes=0-0,5-6")
	assert.Equal(t, 206, parts.StatusCode)
	assert.True(t, strings.HasPrefix(parts.Header.Get("Content-Type"), "multipart/byteranges; boundary="))
	assert.Contains(t, string(parts.Body), "Content-Range: bytes 5-6/10\r\n\r\n56\r\n")
}

func TestNoSuchDirectory(t *testing.T) {
	_, err := New(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}
