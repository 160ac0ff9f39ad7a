package answer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// What the refusals say to a client, word for word.

type wordsDoc struct {
	Title string `json:"title"`
}

// newWordsApp is an App that can refuse in each way.
func newWordsApp() *restmachine.App {
	app := restmachine.New(restmachine.WithStrictNegotiation())
	doc := func(path restmachine.PathParams) (*wordsDoc, error) {
		if path.Get("doc") == "missing" {
			return nil, nil
		}
		return &wordsDoc{"one"}, nil
	}
	r := app.Get("/docs/{doc}", func(d *wordsDoc) *wordsDoc { return d })
	app.LockKey(restmachine.ByPath)
	r.ResourceExists(doc)
	r.GenerateETag(func(path restmachine.PathParams) string {
		switch path.Get("doc") {
		case "weak":
			return `W/"2"`
		case "untagged":
			return ""
		}
		return "2"
	})
	r.Languages("en", "de")
	r.Charsets("utf-8")
	r.Put(func(*wordsDoc, restmachine.Body[wordsDoc]) {})
	r.MaxBody(40)
	r.LockKey(restmachine.ByPath)
	fresh := app.Put("/new/{doc}", func(restmachine.Optional[*wordsDoc]) {})
	fresh.ResourceExists(doc)
	fresh.LockKey(restmachine.ByPath)
	required := app.Get("/required/{doc}", func(d *wordsDoc) *wordsDoc { return d }).Put(func(*wordsDoc) {})
	required.ResourceExists(doc)
	required.LockKey(restmachine.ByPath)
	required.RequirePreconditions()
	app.Get("/bytes", func() []byte { return []byte("0123456789") })
	app.Post("/exists", func() error { return fmt.Errorf("post 7: %w", restmachine.ErrExists) })
	app.Post("/stale", func() error { return restmachine.ErrStale })
	app.Get("/page", func(restmachine.Query[struct {
		N int `query:"n"`
		M int `query:"m"`
	}]) {
	})
	return app
}

// TestWordsOfRefusals holds each text. All are written alike: first what is wrong; then, after
// a semicolon, what would be accepted.
func TestWordsOfRefusals(t *testing.T) {
	const jsonType, tags = "application/json", "; send * or a list of entity-tags in double quotes"
	with := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	app := newWordsApp()
	for _, row := range []struct {
		method, path string
		header       http.Header
		body         string
		status       int
		detail       string
	}{
		{"DELETE", "/docs/1", nil, "", 405, "the method DELETE is not allowed here; allowed: GET, HEAD, PUT, OPTIONS"},
		{"FROB", "/docs/1", nil, "", 501, `the method "FROB" is not known here`},
		{"GET", "/docs/1", with("Accept", "image/png"), "", 406, "none of the available representations matches Accept; available: application/json"},
		{"GET", "/docs/1", with("Accept-Language", "fr, *;q=0"), "", 406, "none of the available representations matches Accept-Language; available: en, de"},
		{"GET", "/docs/1", with("Accept-Charset", "utf-16"), "", 406, "none of the available representations matches Accept-Charset; available: utf-8"},
		{"PUT", "/docs/1", with("Content-Type", "text/csv"), "a,b", 415, `Content-Type "text/csv" is not supported; supported: application/json`},
		{"PUT", "/docs/1", with("Content-Type", jsonType, "Content-Encoding", "gzip"), "{}", 415, `Content-Encoding "gzip" is not supported; send the content without a Content-Encoding`},
		{"PUT", "/docs/1", with("Content-Type", jsonType, "Content-Range", "bytes 0-1/2"), "{}", 400, "a PUT with Content-Range is not supported; send the whole content"},
		{"PUT", "/docs/1", with("Content-Type", jsonType), `{"title":"` + strings.Repeat("x", 40) + `"}`, 413, "the content is longer than 40 bytes"},
		{"PUT", "/docs/1", with("Content-Type", jsonType), "", 400, "the request must have content"},
		{"PUT", "/docs/1", with("Content-Type", jsonType), "null", 422, "the content must not be null"},
		{"PUT", "/docs/1", with("Content-Type", jsonType), `{"title":1}`, 422, `the content is not the expected JSON: "title" must be a string, not a number`},
		{"PUT", "/docs/1", with("Content-Type", jsonType), `{"title":}`, 400, "the content is not the expected JSON: missing value after object name, at byte 9"},
		{"PUT", "/required/1", nil, "", 428, "this request needs a precondition; send If-Match with the entity-tag of your copy"},
		{"GET", "/bytes", with("Range", "bytes=20-"), "", 416, "the requested Range is outside the content"},
		{"GET", "/docs/1", with("If-Match", `"1"`), "", 412, `If-Match "1" does not match the current entity-tag "2"`},
		{"GET", "/docs/1", with("If-Match", `W/"2"`), "", 412, `If-Match W/"2" does not match the current entity-tag "2": a proxy seems to have changed the entity-tag when it compressed the response; get the resource again with Accept-Encoding: identity, or let the App compress`},
		{"GET", "/docs/weak", with("If-Match", `W/"2"`), "", 412, `If-Match W/"2" does not match the current entity-tag W/"2": If-Match never matches a weak entity-tag`},
		{"GET", "/docs/untagged", with("If-Match", `"1"`), "", 412, `If-Match "1" does not match: the resource does not have an entity-tag`},
		{"PUT", "/new/missing", with("If-Match", `"1"`), "", 412, `If-Match "1" does not match: the resource does not exist`},
		{"PUT", "/docs/1", with("If-None-Match", `"2"`, "Content-Type", jsonType), "{}", 412, `If-None-Match "2" matches the current entity-tag`},
		{"PUT", "/new/1", with("If-None-Match", "*"), "", 412, "If-None-Match * does not hold: the resource exists"},
		{"PUT", "/docs/1", with("If-Match", "x y", "Content-Type", jsonType), "{}", 400, "If-Match cannot be read" + tags},
		{"PUT", "/docs/1", with("If-None-Match", "x y", "Content-Type", jsonType), "{}", 400, "If-None-Match cannot be read" + tags},
		{"POST", "/stale", nil, "", 409, "the resource changed during this request; get it again, then repeat the request"},
		{"POST", "/exists", nil, "", 409, "what this request would create exists already; change that, or create it under another name"},
		{"POST", "/exists", with("If-None-Match", `"1"`), "", 412, "what this request would create exists already; change that, or create it under another name"},
		{"GET", "/page?n=x", nil, "", 400, `the query parameter n has the illegal value "x"`},
		{"GET", "/page?n=1&n=2", nil, "", 400, "the query parameter n is given more than once"},
		{"GET", "/page?n=1&n=2&m=x", nil, "", 400, "the query has 2 errors"},
		{"GET", "/page?n=%zz", nil, "", 400, "the query cannot be read"},
	} {
		resp := app.Execute(restmachine.Request{Method: row.method, Path: row.path, Header: row.header, Body: []byte(row.body)})
		require.Equal(t, row.status, resp.StatusCode, "%s %s %v: %s", row.method, row.path, row.header, resp.Body)
		var said struct{ Detail string }
		require.NoError(t, json.Unmarshal(resp.Body, &said))
		assert.Equal(t, row.detail, said.Detail, "%s %s %v", row.method, row.path, row.header)
	}
}
