// The first pages of the document on conditional requests: documents with a
// version, a date, both; and the ways to make an entity-tag.

package restmachine_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

func tagByVersion(app *restmachine.App) {
	app.GenerateETag(func(d *document) string { return strconv.Itoa(d.Version) })
}

func dated(app *restmachine.App) {
	app.LastModified(func(d *document) time.Time { return d.updatedAt })
}

func TestBasicETagUsage(t *testing.T) {
	w := newTwin(t, documents(func(app *restmachine.App) {
		app.GenerateETag(func(d *document) string { return fmt.Sprintf(`"%s-v%d"`, d.ID, d.Version) })
	}))
	full := w.expect(200, "GET", "/documents/doc1", "")
	assert.Equal(t, `"doc1-v1"`, full.Header.Get("ETag"), "a quoted tag stays as it is")
	w.expect304(full, "/documents/doc1", "If-None-Match", `"doc1-v1"`)
	w.expect(404, "GET", "/documents/doc2", "")
	w.expect(404, "GET", "/documents/doc2", "", "If-None-Match", "*")
}

func TestConditionalGet(t *testing.T) {
	w := newTwin(t, documents(tagByVersion))
	full := w.expect(200, "GET", "/documents/doc1", "", "Accept", "application/json")
	assert.Equal(t, `"1"`, full.Header.Get("ETag"))
	assert.Equal(t, "application/json", full.Header.Get("Content-Type"))
	assert.JSONEq(t, `{"id": "doc1", "title": "Document 1", "version": 1}`, string(full.Body))

	w.expect304(full, "/documents/doc1", "Accept", "application/json", "If-None-Match", `"1"`)
	w.expect(200, "GET", "/documents/doc1", "", "If-None-Match", `"2"`)
}

func TestOptimisticConcurrencyControl(t *testing.T) {
	w := newTwin(t, documents(tagByVersion))
	updated := w.expect(200, "PUT", "/documents/doc1", `{"content": "Updated content"}`, "If-Match", `"1"`)
	assert.Equal(t, `"2"`, updated.Header.Get("ETag"), "the tag of the new state")
	assert.Equal(t, "/documents/doc1", updated.Header.Get("Content-Location"))
	assert.JSONEq(t, `{"id": "doc1", "title": "Document 1", "content": "Updated content", "version": 2}`, string(updated.Body))

	refused := w.expect(412, "PUT", "/documents/doc1", `{"content": "Conflicting update"}`, "If-Match", `"1"`)
	assert.Equal(t, "application/problem+json", refused.Header.Get("Content-Type"))
	assert.Contains(t, string(refused.Body), "If-Match", "the problem says which condition failed")

	current := w.expect(200, "GET", "/documents/doc1", "")
	assert.Equal(t, updated.Body, current.Body, "nothing was written")
	assert.Equal(t, updated.Header.Get("ETag"), current.Header.Get("ETag"))

	w.expect(404, "PUT", "/documents/doc2", `{"content": "C"}`, "If-Match", "*")
	w.expect(200, "PUT", "/documents/doc1", `{"content": "C"}`)
}

func TestLastModified(t *testing.T) {
	const date = "Wed, 21 Oct 2015 07:28:00 GMT"
	w := newTwin(t, documents(dated))
	full := w.expect(200, "GET", "/documents/doc1", "")
	assert.Equal(t, date, full.Header.Get("Last-Modified"))
	w.expect304(full, "/documents/doc1", "If-Modified-Since", date)
	w.expect(200, "GET", "/documents/doc1", "", "If-Modified-Since", "Wed, 21 Oct 2015 07:27:59 GMT")

	updated := w.expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Unmodified-Since", date)
	assert.Equal(t, "Wed, 21 Oct 2015 07:28:01 GMT", updated.Header.Get("Last-Modified"))
	w.expect(412, "PUT", "/documents/doc1", `{"title": "U"}`, "If-Unmodified-Since", date)
	w.expect(200, "GET", "/documents/doc1", "", "If-Modified-Since", date)
}

func TestFractionsOfASecondDoNotCount(t *testing.T) {
	w := newTwin(t, documents(func(app *restmachine.App) {
		app.LastModified(func(d *document) time.Time { return d.updatedAt.Add(500 * time.Millisecond) })
	}))
	full := w.expect(200, "GET", "/documents/doc1", "")
	w.expect304(full, "/documents/doc1", "If-Modified-Since", full.Header.Get("Last-Modified"))
	w.expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Unmodified-Since", full.Header.Get("Last-Modified"))
}

func TestUnmodifiedSinceIsIgnoredBesideIfMatch(t *testing.T) {
	w := newTwin(t, documents(func(app *restmachine.App) { tagByVersion(app); dated(app) }))
	before := httpDate(modified.Add(-time.Hour))
	w.expect(412, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Unmodified-Since", before)
	w.expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `"1"`, "If-Unmodified-Since", before)
}

// TestETagStrategies: however a tag is made, it stays while the document does,
// changes with it, and is the same after a PUT as in the GET that follows.
func TestETagStrategies(t *testing.T) {
	strategies := []struct {
		name string
		tag  func(d *document) string
	}{
		{"by version", func(d *document) string { return strconv.Itoa(d.Version) }},
		{"by hash", func(d *document) string { return restmachine.HashETag(d) }},
		{"by timestamp", func(d *document) string { return restmachine.TimeETag(d.updatedAt) }},
	}
	for _, strategy := range strategies {
		t.Run(strategy.name, func(t *testing.T) {
			w := newTwin(t, documents(func(app *restmachine.App) { app.GenerateETag(strategy.tag) }))
			full := w.expect(200, "GET", "/documents/doc1", "")
			etag := full.Header.Get("ETag")
			require.True(t, strings.HasPrefix(etag, `"`), "strong: %s", etag)
			w.expect304(full, "/documents/doc1", "If-None-Match", etag)

			updated := w.expect(200, "PUT", "/documents/doc1", `{"content": "C"}`, "If-Match", etag)
			assert.NotEqual(t, etag, updated.Header.Get("ETag"))
			w.expect(412, "PUT", "/documents/doc1", `{"content": "D"}`, "If-Match", etag)
			w.expect(200, "GET", "/documents/doc1", "", "If-None-Match", etag)
			w.expect304(w.do("GET", "/documents/doc1", ""), "/documents/doc1", "If-None-Match", updated.Header.Get("ETag"))
		})
	}
}

func TestWeakTags(t *testing.T) {
	for name, tag := range map[string]func(d *document) string{
		"written out": func(d *document) string { return fmt.Sprintf(`W/"%d"`, d.Version) },
		"by WeakETag": func(d *document) string { return restmachine.WeakETag(strconv.Itoa(d.Version)) },
		"of a quoted": func(d *document) string { return restmachine.WeakETag(fmt.Sprintf(`"%d"`, d.Version)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTwin(t, documents(func(app *restmachine.App) { app.GenerateETag(tag) }))
			full := w.expect(200, "GET", "/documents/doc1", "")
			assert.Equal(t, `W/"1"`, full.Header.Get("ETag"))
			w.expect304(full, "/documents/doc1", "If-None-Match", `W/"1"`)
			w.expect304(full, "/documents/doc1", "If-None-Match", `"1"`)
			w.expect(412, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `W/"1"`)
			w.expect(412, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `"1"`)
			w.expect(200, "PUT", "/documents/doc1", `{"title": "T"}`, "If-Match", `*`)
		})
	}
}

// resourcePath is the dependency of the last snippet.
type resourcePath string

func TestMissingETagsAreHandledGracefully(t *testing.T) {
	w := newTwin(t, func() *restmachine.App {
		app := restmachine.New()
		app.Dependency(func(r *http.Request) resourcePath { return resourcePath(r.URL.Path) })
		app.GenerateETag(func(path resourcePath) string {
			if strings.HasPrefix(string(path), "/stream/") {
				return "" // streaming resources have no tag
			}
			return restmachine.HashETag(path)
		})
		app.Get("/stream/{name}", func() string { return "data" })
		app.Get("/pages/{name}", func() string { return "text" })
		return app
	})
	stream := w.expect(200, "GET", "/stream/live", "")
	assert.Empty(t, stream.Header.Values("ETag"))
	w.expect(200, "GET", "/stream/live", "", "If-None-Match", `"anything"`)
	w.expect304(stream, "/stream/live", "If-None-Match", "*")

	page := w.expect(200, "GET", "/pages/home", "")
	require.NotEmpty(t, page.Header.Get("ETag"))
	w.expect304(page, "/pages/home", "If-None-Match", page.Header.Get("ETag"))
	other := w.expect(200, "GET", "/pages/about", "", "If-None-Match", page.Header.Get("ETag"))
	assert.NotEqual(t, page.Header.Get("ETag"), other.Header.Get("ETag"))
}

func TestStatusTable(t *testing.T) {
	tests := []struct {
		status       int
		when         string
		method       string
		field, value string
	}{
		{200, "no conditional header", "GET", "Accept", "*/*"},
		{200, "ETag doesn't match", "GET", "If-None-Match", `"0"`},
		{304, "If-None-Match matches current ETag", "GET", "If-None-Match", `"1"`},
		{412, "If-Match doesn't match current ETag", "PUT", "If-Match", `"0"`},
		{412, "If-None-Match: * and a write", "PUT", "If-None-Match", `*`},
		{412, "If-Match doesn't match, for a read", "GET", "If-Match", `"0"`},
		{200, "If-Match matches current ETag", "PUT", "If-Match", `"1"`},
	}
	w := newTwin(t, documents(tagByVersion))
	for _, tt := range tests {
		t.Run(tt.when, func(t *testing.T) {
			body := ""
			if tt.method == "PUT" {
				body = `{"title": "T"}`
			}
			w.on(t).expect(tt.status, tt.method, "/documents/doc1", body, tt.field, tt.value)
		})
	}
}
