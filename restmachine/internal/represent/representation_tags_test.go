// One resource in several representations: no two of them share a strong
// entity-tag, each revalidates by its own, and If-Match takes any of them.

package represent_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// variants declares a leaf in two media types, two languages, two charsets and
// two codings; say makes its tag.
func variants(say func(app *restmachine.App)) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.Languages("en", "de")
		app.Charsets("utf-8", "utf-16")
		app.Encodings("gzip")
		app.ResourceExists(harness.LeafByPath)
		app.Provides("application/json", func(l *harness.Leaf, s restmachine.Selected) []string {
			return []string{l.ID, fmt.Sprint(l.Version), s.Language, s.Charset, padding}
		})
		app.Provides("text/html", func(l *harness.Leaf, s restmachine.Selected) string {
			return strings.Join([]string{l.ID, fmt.Sprint(l.Version), s.Language, s.Charset, padding}, "<br>")
		})
		app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		app.Put("/pages/{id}", func(l *harness.Leaf, in restmachine.Body[harness.LeafIn]) *harness.Leaf {
			return &harness.Leaf{ID: l.ID, Version: in.Value.Version}
		})
		say(app)
	}
}

// everyVariant are the request fields of each representation, the default one
// first.
func everyVariant() [][]string {
	var all [][]string
	for _, media := range []string{"application/json", "text/html"} {
		for _, language := range []string{"en", "de"} {
			for _, charset := range []string{"utf-8", "utf-16"} {
				for _, coding := range []string{"identity", "gzip"} {
					all = append(all, []string{"Accept", media, "Accept-Language", language, "Accept-Charset", charset, "Accept-Encoding", coding})
				}
			}
		}
	}
	return all
}

var taggings = []struct {
	name string
	weak bool
	say  func(app *restmachine.App)
}{
	{"GenerateETag", false, func(app *restmachine.App) {
		app.GenerateETag(func(l *harness.Leaf) string { return fmt.Sprint(l.Version) })
	}},
	{"AutoETag", false, func(app *restmachine.App) { app.AutoETag(restmachine.Strong) }},
	{"a weak AutoETag", true, func(app *restmachine.App) { app.AutoETag(restmachine.Weak) }},
}

func TestTagsOfVariants(t *testing.T) {
	for _, tagging := range taggings {
		t.Run(tagging.name, func(t *testing.T) {
			p := harness.NewProbe(t, variants(tagging.say))
			byTag := map[string][]string{}
			for _, fields := range everyVariant() {
				full := p.Want(200, "GET", "/pages/here", "", fields...)
				tag := full.Header.Get("ETag")
				require.NotEmpty(t, tag)
				assert.Equal(t, tagging.weak, strings.HasPrefix(tag, "W/"))
				byTag[tag] = fields // and of no other: the probe's ledger
				assert.Equal(t, tag, p.Want(200, "GET", "/pages/here", "", fields...).Header.Get("ETag"), "it stays")

				restmachinetest.CheckHead(t, full, p.Do("HEAD", "/pages/here", "", fields...))
				restmachinetest.CheckNotModified(t, full, p.Do("GET", "/pages/here", "", append(fields, "If-None-Match", tag)...))
			}
			require.Len(t, byTag, 16)
			for tag := range byTag {
				for other, fields := range byTag {
					want := 200 // a read compares with the representation that it selects
					if tag == other {
						want = 304
					}
					p.Want(want, "GET", "/pages/here", "", append(fields, "If-None-Match", tag)...)

					// What a write accepts says nothing about what its client has.
					want = 200
					if tagging.weak {
						want = 412
					}
					p.Want(want, "PUT", "/pages/here", `{"version": 1}`, append(fields, "If-Match", tag)...)
					p.Want(412, "PUT", "/pages/here", `{"version": 1}`, append(fields, "If-None-Match", tag)...)
				}
			}
		})
	}
}

// TestTagsAreComparedWhole: a suffix that no representation has matches
// nothing, and a tag is never matched by its beginning.
func TestTagsAreComparedWhole(t *testing.T) {
	p := harness.NewProbe(t, variants(taggings[0].say))
	for _, tag := range []string{`"1;gzip"`, `"1;de"`, `"1;text/html"`, `"1;text/html;de;utf-16;gzip"`, `"1"`} {
		p.Want(200, "PUT", "/pages/here", `{"version": 1}`, "If-Match", tag)
	}
	for _, tag := range []string{`"1;br"`, `"1;"`, `"1;en"`, `"1;gzip;gzip"`, `"1;gzip;de"`, `"1;text"`, `"1-gzip"`, `"12"`, `";gzip"`, `""`, `"1;GZIP"`} {
		p.Want(412, "PUT", "/pages/here", `{"version": 1}`, "If-Match", tag)
		p.Want(200, "GET", "/pages/here", "", "If-None-Match", tag)
	}
}

// TestTagOfAWrite: the answer to a PUT carries the tag of what it sends, and a
// GET with the same fields carries the same one.
func TestTagOfAWrite(t *testing.T) {
	for _, tagging := range taggings {
		stored := &harness.Leaf{ID: "here", Version: 1}
		p := harness.NewProbe(t, func(app *restmachine.App) {
			variants(tagging.say)(app)
			app.LockKey(restmachine.ByPath)
			app.Get("/stored", func() *harness.Leaf { copied := *stored; return &copied })
			app.Put("/stored", func(in restmachine.Body[harness.LeafIn]) *harness.Leaf {
				stored.Version = in.Value.Version
				copied := *stored
				return &copied
			})
		})
		for i, fields := range everyVariant() {
			put := p.Want(200, "PUT", "/stored", fmt.Sprintf(`{"version": %d}`, i+2), fields...)
			get := p.Want(200, "GET", "/stored", "", fields...)
			assert.Equal(t, get.Header.Get("ETag"), put.Header.Get("ETag"), "%s %q", tagging.name, fields)
			assert.NotEmpty(t, put.Header.Get("ETag"))
			assert.Equal(t, get.Body, put.Body)
			assert.Equal(t, "/stored", put.Header.Get("Content-Location"))
		}
	}
}

// TestAutoETag: where it holds, and that it follows the content.
func TestAutoETag(t *testing.T) {
	text := "one"
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		g := app.Group("/auto")
		g.AutoETag(restmachine.Strong)
		g.Get("/text", func() string { return text })
		g.Put("/text", func(in restmachine.Body[string]) { text = in.Value })
		g.Delete("/text", func() {})
		g.Get("/tagged/{id}", func(l *harness.Leaf) *harness.Leaf { return l }).GenerateETag(func(*harness.Leaf) string { return "own" })
		g.Get("/stream", func() any { return strings.NewReader("a stream") })
		g.Get("/reply", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Header: http.Header{"ETag": {`"set"`}}, Entity: "x"}
		})
		app.Get("/none", func() string { return text })
	})
	one := p.Want(200, "GET", "/auto/text", "")
	restmachinetest.CheckNotModified(t, one, p.Do("GET", "/auto/text", "", "If-None-Match", one.Header.Get("ETag")))
	p.Want(204, "PUT", "/auto/text", "two", "If-Match", one.Header.Get("ETag"), "Content-Type", "text/plain")
	p.Want(412, "PUT", "/auto/text", "three", "If-Match", one.Header.Get("ETag"), "Content-Type", "text/plain")
	two := p.Want(200, "GET", "/auto/text", "", "If-None-Match", one.Header.Get("ETag"))
	assert.NotEqual(t, one.Header.Get("ETag"), two.Header.Get("ETag"))
	assert.Equal(t, "two", string(two.Body), "a write that was refused changed nothing")
	p.Want(412, "DELETE", "/auto/text", "", "If-Match", one.Header.Get("ETag"))

	assert.Equal(t, `"own"`, p.Want(200, "GET", "/auto/tagged/here", "").Header.Get("ETag"))
	assert.Equal(t, `"set"`, p.Want(200, "GET", "/auto/reply", "").Header.Get("ETag"))
	assert.Empty(t, p.Want(200, "GET", "/auto/stream", "").Header.Get("ETag"))
	assert.Empty(t, p.Want(200, "GET", "/none", "").Header.Get("ETag"))
}
