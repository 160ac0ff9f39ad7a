// Variants whose tags need care: hashes of what is sent, tags and codings that a
// handler sets itself, and names that mean two things.

package represent_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestAutoETagOfAVariant: it is a hash of what is sent. What only one rendering
// shows changes that one's tag, so that no client keeps or overwrites what it has
// not seen.
func TestAutoETagOfAVariant(t *testing.T) {
	footer := "2015"
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.AutoETag(restmachine.Strong)
		app.ResourceExists(harness.LeafByPath)
		app.Provides("application/json", func(l *harness.Leaf) []int { return []int{l.Version} })
		app.Provides("text/html", func(l *harness.Leaf) []byte { return []byte("<p>" + l.ID + "<footer>" + footer) })
		app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l }).
			Put(func(l *harness.Leaf, _ restmachine.Body[harness.LeafIn]) *harness.Leaf { return l })
	})
	tagOf := func(media string) string {
		return p.Want(200, "GET", "/pages/here", "", "Accept", media).Header.Get("ETag")
	}
	html, json := tagOf("text/html"), tagOf("application/json")
	p.Want(304, "GET", "/pages/here", "", "Accept", "text/html", "If-None-Match", html)
	p.Want(200, "PUT", "/pages/here", harness.NoteContent, "If-Match", html)
	footer = "2016"
	assert.NotEqual(t, html, tagOf("text/html"))
	assert.Equal(t, json, tagOf("application/json"), "it shows no footer")
	p.Want(200, "GET", "/pages/here", "", "Accept", "text/html", "If-None-Match", html)
	p.Want(200, "GET", "/pages/here", "", "Accept", "text/html", "Range", "bytes=4-", "If-Range", html)
	p.Want(206, "GET", "/pages/here", "", "Accept", "text/html", "Range", "bytes=4-", "If-Range", tagOf("text/html"))
	p.Want(412, "PUT", "/pages/here", harness.NoteContent, "If-Match", html)
	p.Want(200, "PUT", "/pages/here", harness.NoteContent, "If-Match", tagOf("text/html"), "Accept", "application/json")
	p.Want(200, "PUT", "/pages/here", harness.NoteContent, "If-Match", json, "Accept", "text/html")
}

// TestAutoETagOfALanguage: the GET itself returns another text for each language,
// and a write need not say which one its client has.
func TestAutoETagOfALanguage(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.AutoETag(restmachine.Strong)
		app.Languages("en", "de", "fr")
		app.Get("/page", func(s restmachine.Selected) (string, error) {
			text := map[string]string{"en": "hello", "de": "hallo"}[s.Language]
			if text == "" {
				return "", restmachine.ErrNotFound
			}
			return text, nil
		}).Put(func() {})
	})
	for _, language := range []string{"en", "de"} {
		tag := p.Want(200, "GET", "/page", "", "Accept-Language", language).Header.Get("ETag")
		p.Want(204, "PUT", "/page", "", "If-Match", tag)
		p.Want(304, "GET", "/page", "", "Accept-Language", language, "If-None-Match", tag)
	}
	p.Want(412, "PUT", "/page", "", "If-Match", `"else"`)

	p = harness.NewProbe(t, func(app *restmachine.App) { // of another type in each language
		app.AutoETag(restmachine.Strong)
		app.Languages("en", "de")
		app.Get("/page", func(s restmachine.Selected) any {
			if s.Language == "de" {
				return &harness.Note{ID: "1", Text: "hallo", Version: 1}
			}
			return &harness.Leaf{ID: "hello", Version: 1}
		}).Put(func() {})
	})
	tag := p.Want(200, "GET", "/page", "", "Accept-Language", "de").Header.Get("ETag")
	p.Want(204, "PUT", "/page", "", "If-Match", tag)
	p.Want(412, "PUT", "/page", "", "If-None-Match", tag)
}

// TestTagOfAReply: a tag that the handler sets itself is that of what it returned;
// what we make of it has a suffix like any other.
func TestTagOfAReply(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Encodings("gzip")
		app.Get("/page", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Header: http.Header{"ETag": {`"x"`}}, Entity: "hello" + padding}
		}).Put(func() {})
	})
	plain := p.Want(200, "GET", "/page", "")
	coded := p.Want(200, "GET", "/page", "", "Accept-Encoding", "gzip") // the probe's ledger compares the two
	assert.Equal(t, `"x"`, plain.Header.Get("ETag"))
	assert.Equal(t, `"x;gzip"`, coded.Header.Get("ETag"))
	p.Want(304, "GET", "/page", "", "Accept-Encoding", "gzip", "If-None-Match", `"x;gzip"`)
	p.Want(200, "GET", "/page", "", "Accept-Encoding", "gzip", "If-None-Match", `"x"`)
	p.Want(204, "PUT", "/page", "", "If-Match", `"x;gzip"`)
	p.Want(204, "PUT", "/page", "", "If-Match", `"x"`)
}

// TestContentThatComesCoded is not coded again (RFC 9110, 8.4).
func TestContentThatComesCoded(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, "hello")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Encodings("gzip")
		app.Get("/page", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Header: http.Header{"Content-Encoding": {"gzip"}, "ETag": {`"x"`}}, Entity: b.Bytes()}
		})
		app.Get("/own", func() *restmachine.Reply[string] { // it could be compressed, and is not
			return &restmachine.Reply[string]{Header: http.Header{"Content-Encoding": {"x-own"}, "ETag": {`"x"`}}, Entity: padding}
		})
	})
	for _, accept := range []string{"gzip", "identity, gzip;q=0.5"} {
		resp := p.Want(200, "GET", "/page", "", "Accept-Encoding", accept)
		assert.Equal(t, []string{"gzip"}, resp.Header["Content-Encoding"])
		assert.Equal(t, `"x"`, resp.Header.Get("ETag"))
		assert.Equal(t, b.Bytes(), resp.Body)
		own := p.Want(200, "GET", "/own", "", "Accept-Encoding", accept)
		assert.Equal(t, []string{"x-own"}, own.Header["Content-Encoding"])
		assert.Equal(t, `"x"`, own.Header.Get("ETag"))
		assert.Equal(t, padding, string(own.Body))
	}
}

// TestALanguageCalledAsACoding: br is Breton, and brotli.
func TestALanguageCalledAsACoding(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Languages("en", "br")
		app.Encodings("br")
		app.Encoder("br", func(w io.Writer) io.WriteCloser { return shouting{w} })
		app.ResourceExists(harness.LeafByPath)
		app.GenerateETag(func(*harness.Leaf) string { return "1" })
		app.Provides("text/plain", func(_ *harness.Leaf, s restmachine.Selected) string { return "in " + s.Language + padding })
		app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
	})
	breton := p.Want(200, "GET", "/pages/here", "", "Accept-Language", "br").Header.Get("ETag")
	brotli := p.Want(200, "GET", "/pages/here", "", "Accept-Encoding", "br").Header.Get("ETag")
	assert.Equal(t, `"1;br"`, breton)
	assert.Equal(t, `"1;coding=br"`, brotli)
	p.Want(200, "GET", "/pages/here", "", "Accept-Encoding", "br", "If-None-Match", breton)
	p.Want(304, "GET", "/pages/here", "", "Accept-Encoding", "br", "If-None-Match", brotli)
}

// shouting is a content coding that anyone can read.
type shouting struct{ io.Writer }

func (s shouting) Write(b []byte) (int, error) { return s.Writer.Write(bytes.ToUpper(b)) }
func (s shouting) Close() error                { return nil }

// TestIfMatchOnAReadOfAnotherVariant: parts of two variants are never put together
// (RFC 9110, 13.1.1: the selected representation is what counts).
func TestIfMatchOnAReadOfAnotherVariant(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		app.GenerateETag(func(*harness.Leaf) string { return "1" })
		app.Provides("application/json", func(*harness.Leaf) []byte { return []byte(`{"a":"0123456789"}`) })
		app.Provides("text/html", func(*harness.Leaf) []byte { return []byte("<p>0123456789</p>") })
		app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
	})
	p.Want(412, "GET", "/pages/here", "", "Accept", "text/html", "If-Match", `"1"`, "Range", "bytes=5-")
	p.Want(206, "GET", "/pages/here", "", "Accept", "text/html", "If-Match", `"1;text/html"`, "Range", "bytes=5-")
	p.Want(412, "GET", "/pages/here", "", "If-Match", `"1;text/html"`)
	p.Want(200, "GET", "/pages/here", "", "If-Match", `"1"`)
}

// TestPreconditionsOfWhatFails count only where the answer without them would be 2xx
// or 412 (RFC 9110, 13.2.1), also where nothing but the handler knows.
func TestPreconditionsOfWhatFails(t *testing.T) {
	ran := 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/forbidden", func() (string, error) { return "", &restmachine.Problem{Status: 403} })
		app.Get("/gone", func() (*harness.Leaf, error) { return nil, restmachine.ErrGone })
		app.Get("/missing", func() (*harness.Leaf, error) { return nil, restmachine.ErrNotFound })
		app.Get("/broken", func() (*harness.Leaf, error) { return nil, harness.ErrSecret })
		app.Provides("text/html", func(*harness.Note) string { return "<p>" })
		app.Get("/unacceptable", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Header: http.Header{"ETag": {`"x"`}}, Entity: &harness.Note{}}
		})
		app.Get("/fine", func() string { ran++; return "fine" })
	})
	for path, want := range map[string]int{"/forbidden": 403, "/gone": 410, "/missing": 404, "/broken": 500, "/unacceptable": 406} {
		for _, field := range []string{"If-Match", "If-None-Match"} {
			for _, value := range []string{"*", `"x"`, `"y"`} {
				p.Want(want, "GET", path, "", "Accept", "application/json, text/plain", field, value)
			}
		}
	}
	p.Want(304, "GET", "/fine", "", "If-None-Match", "*")
	p.Want(412, "GET", "/fine", "", "If-Match", `"x"`)
	p.Want(200, "GET", "/fine", "", "If-Match", "*")
	p.Want(200, "GET", "/fine", "", "If-None-Match", `"x"`)
	assert.Equal(t, 4, ran, "once for each request")
}

// TestAutoETagRendersLittle: before a write only the variants that its tags name are
// rendered, each once, and none where no tag could match.
func TestAutoETagRendersLittle(t *testing.T) {
	for _, row := range []struct {
		name     string
		strength restmachine.Strength
		match    string
		status   int
		gets     int
		reason   string
	}{
		{"the default's", restmachine.Strong, `"x"`, 412, 1, "no suffix, no variant"},
		{"a language's", restmachine.Strong, `"x;de"`, 412, 2, "one more"},
		{"one with a coding", restmachine.Strong, `"x;text/html;de;gzip"`, 412, 4, "html, html in de and json in de; codings are not rendered"},
		{"a suffix that none has", restmachine.Strong, `"x;nl"`, 412, 1, "it names none"},
		{"weak", restmachine.Weak, `"x;de"`, 412, 1, "a weak tag never satisfies If-Match"},
	} {
		gets := 0
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.AutoETag(row.strength)
			app.Languages("en", "de", "fr", "es", "it")
			app.Encodings("gzip")
			app.Provides("application/json", func(l *harness.Leaf) []string { return []string{l.ID} })
			app.Provides("text/html", func(l *harness.Leaf) string { return "<p>" + l.ID })
			app.Get("/page", func(s restmachine.Selected) *harness.Leaf { gets++; return &harness.Leaf{ID: s.Language, Version: 1} }).Put(func() {})
		})
		p.On(t).Want(row.status, "PUT", "/page", "", "If-Match", row.match)
		assert.Equal(t, row.gets, gets, "%s: %s", row.name, row.reason)
	}
}

// TestAutoETagOfWhatIsNoVariant: a GET that has nothing to show for a language, or
// something else, has no such variant; a write that names it is not to blame.
func TestAutoETagOfWhatIsNoVariant(t *testing.T) {
	closed := 0
	for name, get := range map[string]func(s restmachine.Selected) (any, error){
		"nil":     func(restmachine.Selected) (any, error) { return (*harness.Leaf)(nil), nil },
		"refused": func(restmachine.Selected) (any, error) { return nil, &restmachine.Problem{Status: 406} },
		"a reply": func(restmachine.Selected) (any, error) { return restmachine.NewReply[any](203, &harness.Leaf{}), nil },
		"another": func(restmachine.Selected) (any, error) { return &harness.Note{}, nil },
	} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.AutoETag(restmachine.Strong)
			app.Languages("en", "fr")
			app.Provides("application/json", func(l *harness.Leaf) []string { return []string{l.ID} })
			app.Provides("text/html", func(l *harness.Leaf) string { return "<p>" + l.ID })
			app.Get("/page", func(s restmachine.Selected) (any, error) {
				if s.Language == "fr" {
					return get(s)
				}
				return &harness.Leaf{ID: "here", Version: 1}, nil
			}).Put(func() {})
		})
		assert.Equal(t, 412, p.Do("PUT", "/page", "", "If-Match", `"x;text/html;fr"`).StatusCode, name)
	}
	p := harness.NewProbe(t, func(app *restmachine.App) {
		one := &volume{closed: &closed}
		app.AutoETag(restmachine.Strong)
		app.Languages("en", "de", "fr")
		app.Provides("text/plain", func(*volume) string { return "x" })
		app.Get("/page", func(restmachine.Selected) *volume { return one }).Put(func() {})
	})
	p.Want(412, "PUT", "/page", "", "If-Match", `"x;de", "x;fr"`)
	assert.LessOrEqual(t, closed, 1, "what is shown for all is closed once")
}

// TestTagOfAPutsReply: its tag is that of the variant that it sends, whether or not
// the current representation was looked at.
func TestTagOfAPutsReply(t *testing.T) {
	reply := func() *restmachine.Reply[any] {
		return &restmachine.Reply[any]{Header: http.Header{"ETag": {`"a"`}}, Entity: "text" + padding}
	}
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Encodings("gzip")
		app.Get("/page", reply).Put(reply)
		app.Get("/coded", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Header: http.Header{"ETag": {`"a"`}, "Content-Encoding": {"x-own"}}, Entity: "text"}
		}).Put(reply)
	})
	for _, path := range []string{"/page", "/coded"} {
		for _, fields := range [][]string{nil, {"If-Match", `"a"`}} {
			resp := p.Want(200, "PUT", path, "", append(fields, "Accept-Encoding", "gzip")...)
			assert.Equal(t, `"a;gzip"`, resp.Header.Get("ETag"), "%s %q", path, fields)
			assert.Equal(t, "gzip", resp.Header.Get("Content-Encoding"), "%s %q", path, fields)
		}
	}
}
