package openapiui

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// mounted are the ways to serve the page at /docs/.
func mounted(options ...Option) map[string]http.Handler {
	app := restmachine.New()
	app.Get("/docs/{path...}", Files("../openapi.json", options...))
	coding := restmachine.New()
	docs := coding.Resource("/docs/{path...}")
	docs.Encodings("gzip")
	docs.Get(Files("../openapi.json", options...))
	beside := http.NewServeMux()
	beside.Handle("/docs/", http.StripPrefix("/docs", Handler("../openapi.json", options...)))
	return map[string]http.Handler{"on a Resource": app, "on a Resource of an App that compresses": coding, "beside the App": beside}
}

func get(h http.Handler, target string, fields ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func content(t *testing.T, resp *http.Response) []byte {
	t.Helper()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	if resp.Header.Get("Content-Encoding") == "gzip" {
		r, err := gzip.NewReader(bytes.NewReader(text))
		require.NoError(t, err)
		text, err = io.ReadAll(r)
		require.NoError(t, err)
	}
	return text
}

var served200 = map[string]string{
	"":                                 "text/html; charset=utf-8",
	"page.js":                          "text/javascript; charset=utf-8",
	"page.css":                         "text/css; charset=utf-8",
	"swagger-ui-bundle.js":             "text/javascript; charset=utf-8",
	"swagger-ui.css":                   "text/css; charset=utf-8",
	"favicon-32x32.png":                "image/png",
	"LICENSE":                          "text/plain; charset=utf-8",
	"NOTICE":                           "text/plain; charset=utf-8",
	"swagger-ui-bundle.js.LICENSE.txt": "text/plain; charset=utf-8",
}

// TestFiles: each file, in each coding, has a tag of its own, revalidates, and limits what a
// browser may do with it.
func TestFiles(t *testing.T) {
	for way, h := range mounted() {
		for name, media := range served200 {
			t.Run(path.Join(way, name), func(t *testing.T) {
				tags := map[string]string{}
				var texts []string
				for _, accepted := range []string{"gzip, deflate, br, zstd", "identity"} {
					resp := get(h, "/docs/"+name, "Accept-Encoding", accepted, "Accept", "*/*")
					require.Equal(t, 200, resp.StatusCode)
					assert.Equal(t, media, resp.Header.Get("Content-Type"))
					assert.Equal(t, "no-cache", resp.Header.Get("Cache-Control"))
					assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
					assert.Equal(t, policy, resp.Header.Get("Content-Security-Policy"))
					tag, coding := resp.Header.Get("ETag"), resp.Header.Get("Content-Encoding")
					require.NotEmpty(t, tag)
					tags[tag] = coding
					texts = append(texts, string(content(t, resp)))

					again := get(h, "/docs/"+name, "Accept-Encoding", accepted, "If-None-Match", tag)
					assert.Equal(t, 304, again.StatusCode)
					assert.Equal(t, tag, again.Header.Get("ETag"))
					assert.Equal(t, resp.Header.Get("Vary"), again.Header.Get("Vary"))
				}
				assert.Equal(t, texts[0], texts[1], "the content is the same in each coding")
				if _, err := assets.Open("assets/" + name + ".gz"); err == nil {
					assert.Len(t, tags, 2, "each coding has a tag of its own")
					assert.Contains(t, get(h, "/docs/"+name).Header.Get("Vary"), "Accept-Encoding")
				} else {
					assert.ErrorIs(t, err, fs.ErrNotExist)
				}
			})
		}
		assert.Equal(t, 404, get(h, "/docs/index.js").StatusCode, way)
		assert.Equal(t, 404, get(h, "/docs/a/").StatusCode, way)
		assert.Equal(t, 404, get(h, "/docs/assets/LICENSE").StatusCode, way)
	}
}

// TestAllAssetsAreServed: what is embedded is in the table above, so that each file is tested.
func TestAllAssetsAreServed(t *testing.T) {
	p := page{settings: map[string]any{}}
	all, err := p.files()
	require.NoError(t, err)
	for name := range all {
		assert.Contains(t, served200, name)
	}
	assert.Len(t, served200, len(all))
	bundle, err := all["swagger-ui-bundle.js"].plain.content()
	require.NoError(t, err)
	assert.Contains(t, string(bundle), `"`+Version+`"`, "the files are of this Version")
	page, err := os.ReadFile("THIRD_PARTY.md")
	require.NoError(t, err)
	assert.Contains(t, string(page), "swagger-ui-dist) "+Version+",")
}

// TestThePolicyIsTold: what the comment of the package says of the policy is the policy.
func TestThePolicyIsTold(t *testing.T) {
	source, err := os.ReadFile("openapiui.go")
	require.NoError(t, err)
	_, told, _ := strings.Cut(string(source), "//\tdefault-src")
	told, _, _ = strings.Cut("default-src"+told, "\n//\n")
	assert.Equal(t, policy, strings.ReplaceAll(told, "\n//\t", " "))
}

func TestWhoTakesGzip(t *testing.T) {
	for _, tt := range []struct {
		lines []string
		takes bool
		why   string
	}{
		{nil, false, "a client that says nothing may be a simple one"},
		{[]string{""}, false, "nothing but identity"},
		{[]string{"gzip"}, true, "it says so"},
		{[]string{"GZIP"}, true, "the case of a coding does not count"},
		{[]string{"x-gzip"}, true, "the same coding (RFC 9110, 8.4.1.3)"},
		{[]string{"br", "gzip"}, true, "in a second line"},
		{[]string{"*"}, true, "any coding"},
		{[]string{"gzip;q=0, *"}, false, "any but gzip"},
		{[]string{"gzip ; q=0.000"}, false, "it is refused"},
		{[]string{"gzip;q=0.5, identity;q=0.6"}, false, "it likes identity better"},
		{[]string{"gzip;q=0.6, identity;q=0.5"}, true, "it likes gzip better"},
		{[]string{"gzip;q=high"}, false, "not a weight"},
		{[]string{"deflate, br"}, false, "it takes others"},
	} {
		assert.Equal(t, tt.takes, takesGzip(tt.lines), "%q: %s", tt.lines, tt.why)
	}
}

func TestOptions(t *testing.T) {
	h := mounted(Title("Bread & Butter"), ReadOnly(), Setting("docExpansion", "full"), Setting("deepLinking", false))["on a Resource"]
	page := string(content(t, get(h, "/docs/")))
	assert.Contains(t, page, "<title>Bread &amp; Butter</title>")
	assert.Contains(t, page, `href="../openapi.json"`, "for those without scripts")
	for _, link := range []string{`src="/`, `href="/`, "http:", "https:"} {
		assert.NotContains(t, page, link, "the links of the page are relative")
	}
	script := string(content(t, get(h, "/docs/page.js")))
	settings, ok := strings.CutPrefix(script, "window.ui = SwaggerUIBundle(")
	require.True(t, ok)
	assert.JSONEq(t, `{"url": "../openapi.json", "dom_id": "#swagger-ui", "docExpansion": "full", "deepLinking": false,
		"supportedSubmitMethods": [], "validatorUrl": null}`, strings.TrimSuffix(settings, ")\n"))
}

// TestFaults: what cannot be meant is said when the App starts.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		document string
		option   Option
		want     string
	}{
		{"", ReadOnly(), `the document "" of openapiui is not a path of the same origin`},
		{"https://example.org/openapi.json", ReadOnly(), "write one such as ../openapi.json"},
		{"//example.org/openapi.json", ReadOnly(), "write one such as ../openapi.json"},
		{"%zz", ReadOnly(), "invalid URL escape"},
		{"/openapi.json", nil, "a nil Option"},
		{"/openapi.json", Setting("url", "/other.json"), "give the document to Handler or Files"},
		{"/openapi.json", Setting("onComplete", func() {}), "unsupported type: func()"},
		{"/openapi.json", func(*page) error { return errors.New("no") }, "no"},
	} {
		app := restmachine.New()
		app.Get("/docs/{path...}", Files(tt.document, tt.option))
		assert.ErrorContains(t, app.Validate(), tt.want)
		assert.Panics(t, func() { Handler(tt.document, tt.option) })
	}
	app := restmachine.New()
	app.Get("/docs/{file...}", Files("../openapi.json"))
	assert.ErrorContains(t, app.Validate(), "path", "the parameter has another name")
}

// TestChecks: the page is a Resource like any other.
func TestChecks(t *testing.T) {
	app := restmachine.New()
	app.Get("/docs/{path...}", Files("../openapi.json"))
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)
	client.Head("/docs/").Expect(t).Status(200)
	client.Post("/docs/").Expect(t).Status(405)
	assert.Equal(t, 404, get(app, "/docs").StatusCode, "mount a redirect there, or link to /docs/")
}
