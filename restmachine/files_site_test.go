// Files as a site: what a generator of sites writes is served as its links want it, and a
// single-page app has its fallback.

package restmachine_test

import (
	"embed"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// manual is what mkdocs makes of three pages: a folder for each, and relative links.
//
//go:embed testdata/manual
var manual embed.FS

func manualSite(t *testing.T) fs.FS {
	site, err := fs.Sub(manual, "testdata/manual")
	require.NoError(t, err)
	return site
}

// TestGeneratedSite follows all links of the site, as a browser does, at the root, below a
// path, and behind a prefix that the App does not see.
func TestGeneratedSite(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	files := restmachine.Files(manualSite(t), restmachine.NotFoundPage("404.html"))
	app.Get("/{path...}", files)
	app.Get("/manual/{path...}", files)
	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.Handle("/mounted/", http.StripPrefix("/mounted", app))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	for _, base := range []string{"/", "/manual/", "/mounted/", "/mounted/manual/"} {
		seen := crawl(t, server, server.URL+base)
		for _, page := range []string{"", "guide/", "guide/install/", "about us/", "assets/style.css", "assets/app.js", "search/search_index.json"} {
			assert.Contains(t, seen, base+page, base)
		}
		assert.Len(t, seen, 7, "%s: no page has two URIs", base)
		without, err := server.Client().Get(server.URL + base + "guide/install") // typed without its slash
		require.NoError(t, err)
		assert.Equal(t, base+"guide/install/", without.Request.URL.Path)
		assert.Equal(t, 200, without.StatusCode)
		require.NoError(t, without.Body.Close())
	}
}

var link = regexp.MustCompile(`(?:href|src)="([^"#]*)"`)

// crawl is the paths of all that is linked from a page, that page included. A link that
// leads nowhere fails the test.
func crawl(t *testing.T, server *httptest.Server, from string) map[string]bool {
	seen := map[string]bool{}
	next := []string{from}
	for len(next) > 0 {
		at := next[0]
		next = next[1:]
		resp, err := server.Client().Get(at)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, 200, resp.StatusCode, at)
		if seen[resp.Request.URL.Path] {
			continue
		}
		seen[resp.Request.URL.Path] = true
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, found := range link.FindAllStringSubmatch(string(body), -1) {
			to, err := url.Parse(found[1])
			require.NoError(t, err)
			next = append(next, resp.Request.URL.ResolveReference(to).String())
		}
	}
	return seen
}

// TestFoldersWithoutTheirSlash are 301 to where they are, relative to the request.
func TestFoldersWithoutTheirSlash(t *testing.T) {
	fsys := fstest.MapFS{"guide/index.html": {}, "guide/a b/index.html": {}, "guide/c:d/index.html": {}, "guide/é/index.html": {},
		"empty/other.html": {}, "odd/index.html/x": {}, "guide/50%/index.html": {}}
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/{path...}", restmachine.Files(fsys))
		app.Get("/v/{version}/{path...}", restmachine.Files(fsys))
	})
	for target, location := range map[string]string{
		"/guide": "guide/", "/guide?q=1&a=b%20c": "guide/?q=1&a=b%20c", "/v/2/guide": "guide/", "/guide/a%20b": "a%20b/",
		"/guide/c:d": "./c:d/", "/guide/%C3%A9": "%C3%A9/", "/guide%2Fa%20b": "guide%2Fa%20b/", "/guide/50%25?": "50%25/",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			resp := p.Want(301, method, target, "")
			assert.Equal(t, location, resp.Header.Get("Location"), target)
			assert.Empty(t, resp.Body, target)
			p.Want(301, method, target, "", "If-None-Match", "*")
		}
		to, err := url.Parse(target)
		require.NoError(t, err)
		to, err = to.Parse(location)
		require.NoError(t, err)
		p.Want(200, "GET", to.String(), "")
	}
	for _, target := range []string{"/empty", "/empty/", "/odd", "/odd/", "/guide/index.html/", "/none", "/none/", "/guide//", "/../guide", "/guide/.."} {
		p.Want(404, "GET", target, "")
	}
}

// TestNotFoundPage is the content of each 404 of the files, whatever the client accepts.
func TestNotFoundPage(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/static/{path...}", restmachine.Files(manualSite(t), restmachine.NotFoundPage("404.html")))
	})
	page, err := fs.ReadFile(manualSite(t), "404.html")
	require.NoError(t, err)
	for _, target := range []string{"/static/none", "/static/none/", "/static/guide/none.png", "/static/404.html/", "/static/../x"} {
		for _, accept := range []string{"text/html", "*/*", "application/json", "image/png"} {
			resp := p.Want(404, "GET", target, "", "Accept", accept)
			assert.Equal(t, string(page), string(resp.Body), target)
			assert.Equal(t, "text/html; charset=utf-8", resp.Header.Get("Content-Type"))
			assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"), "it may be there tomorrow")
			assert.Empty(t, resp.Header.Get("ETag")+resp.Header.Get("Last-Modified")+resp.Header.Get("Accept-Ranges"))
			restmachinetest.CheckHead(t, resp, p.Do("HEAD", target, "", "Accept", accept))
			again := p.Want(404, "GET", target, "", "Accept", accept, "Range", "bytes=0-1", "If-None-Match", "*")
			assert.Equal(t, string(page), string(again.Body), target)
		}
	}
	assert.Equal(t, "application/problem+json", p.Want(404, "GET", "/elsewhere", "").Header.Get("Content-Type"), "it is of the files alone")
	assert.Equal(t, 200, p.Do("GET", "/static/404.html", "").StatusCode, "it has a name of its own, too")

	app := restmachine.New(harness.Quiet) // over a connection, where nothing of one request may be left for the next
	app.Get("/{path...}", restmachine.Files(manualSite(t), restmachine.NotFoundPage("404.html")))
	app.Get("/api/x", func() error { return restmachine.ErrNotFound })
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	for range 3 {
		_, resp := harness.SendOver(t, server, harness.RequestOf("GET", "/none", ""))
		assert.Equal(t, string(page), string(resp.Body))
		_, resp = harness.SendOver(t, server, harness.RequestOf("GET", "/api/x", ""))
		assert.Contains(t, string(resp.Body), `"title":"Not Found"`)
	}
}

// TestFallback: a browser that opens a page of a single-page app gets its one file.
func TestFallback(t *testing.T) {
	fsys := fstest.MapFS{"index.html": {Data: []byte("<div id=app>")}, "app.js": {Data: []byte("js")}, "404.html": {Data: []byte("nothing")}}
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	for _, options := range [][]restmachine.FilesOption{
		{restmachine.Fallback("index.html")},
		{restmachine.Fallback("index.html"), restmachine.NotFoundPage("404.html")},
	} {
		p := harness.NewProbe(t, func(app *restmachine.App) { app.Get("/{path...}", restmachine.Files(fsys, options...)) })
		for _, tt := range []struct {
			target, accept string
			status         int
			reason         string
		}{
			{"/users/7", browser, 200, "a page"},
			{"/users/7/", browser, 200, "a page with a slash"},
			{"/users/7?tab=1", browser, 200, "a page with a query"},
			{"/users/john.doe", browser, 200, "a name with a dot is no asset"},
			{"/releases/v1.2", browser, 200, "nor is a version"},
			{"/users/a@b.example", browser, 200, "nor an address"},
			{"/users", "text/html", 200, "just HTML"},
			{"/users", "text/*", 200, "some text"},
			{"/users", "*/*", 404, "fetch, curl: it takes anything, and asks for nothing"},
			{"/users", "", 404, "likewise"},
			{"/users", "application/json", 404, "a call that was mistyped"},
			{"/users", "application/json, text/html;q=0.5, */*;q=0.6", 404, "it would rather have something else"},
			{"/users", "text/html;q=0, */*", 404, "it does not want HTML"},
			{"/users", "image/avif,image/webp,*/*;q=0.8", 404, "an image"},
			{"/logo.png", browser, 404, "an asset, though a person looks for it"},
			{"/assets/main.3f2a.JS", browser, 404, "an asset of an older release"},
			{"/assets/main.css.map", browser, 404, "an asset"},
			{"/app.js", browser, 200, "it is there"},
		} {
			resp := p.Want(tt.status, "GET", tt.target, "", "Accept", tt.accept)
			if tt.status == 404 {
				continue
			}
			want := map[bool]string{true: "js", false: "<div id=app>"}[tt.target == "/app.js"]
			assert.Equal(t, want, string(resp.Body), "%s %s: %s", tt.target, tt.accept, tt.reason)
			assert.Equal(t, map[bool]string{false: "Accept"}[tt.target == "/app.js"], resp.Header.Get("Vary"), tt.target)
			restmachinetest.CheckHead(t, resp, p.Do("HEAD", tt.target, "", "Accept", tt.accept))
			restmachinetest.CheckNotModified(t, resp, p.Do("GET", tt.target, "", "Accept", tt.accept, "If-None-Match", resp.Header.Get("ETag")))
		}
		assert.Contains(t, p.Want(404, "GET", "/users", "", "Accept", "*/*").Header.Get("Vary"), "Accept")
		p.Want(405, "POST", "/users", "", "Accept", browser)
	}
}

// TestPagesThatAreNotThere are found at start.
func TestPagesThatAreNotThere(t *testing.T) {
	fsys := fstest.MapFS{"folder/index.html": {}}
	for _, tt := range []struct {
		option restmachine.FilesOption
		says   string
	}{
		{restmachine.NotFoundPage("404.html"), `NotFoundPage("404.html") of Files: `},
		{restmachine.NotFoundPage("folder"), `NotFoundPage("folder") of Files: `},
		{restmachine.NotFoundPage(""), `NotFoundPage("") of Files: `},
		{restmachine.NotFoundPage("/404.html"), `NotFoundPage("/404.html") of Files: `},
		{restmachine.Fallback("index.html"), `Fallback("index.html") of Files: `},
		{nil, "nil FilesOption"},
	} {
		p := harness.NewPort(t)
		p.Get("/static/{path...}", restmachine.Files(fsys, tt.option))
		fault := harness.FaultsOf(t, p.App)[0]
		assert.Contains(t, fault, tt.says)
		assert.True(t, strings.HasPrefix(fault, harness.InThisFile()), fault)
	}
}

// TestARolledBackRelease: the files of an older release are older, and not the ones that
// the client has.
func TestARolledBackRelease(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.txt")
	release := func(text string, at time.Time) {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		require.NoError(t, os.Chtimes(name, at, at))
	}
	p := harness.NewProbe(t, filesOf(os.DirFS(filepath.Dir(name))))
	release("old", harness.LeafModified)
	old := p.Want(200, "GET", "/a.txt", "")
	release("new", harness.LeafModified.Add(time.Hour))
	current := p.Want(200, "GET", "/a.txt", "")
	release("old", harness.LeafModified)
	tag, date := current.Header.Get("ETag"), current.Header.Get("Last-Modified")
	assert.Equal(t, "old", string(p.Want(200, "GET", "/a.txt", "", "If-None-Match", tag, "If-Modified-Since", date).Body))
	assert.Equal(t, "old", string(p.Want(200, "GET", "/a.txt", "", "Range", "bytes=1-", "If-Range", tag).Body))
	restmachinetest.CheckNotModified(t, old, p.Do("GET", "/a.txt", "", "If-None-Match", old.Header.Get("ETag")))
	release("longer", harness.LeafModified)
	p.Want(200, "GET", "/a.txt", "", "If-None-Match", old.Header.Get("ETag"))
}

// TestFilesWithoutADateChange: their hash is that of what is sent, at each request, and a
// date that tells nothing is not sent.
func TestFilesWithoutADateChange(t *testing.T) {
	for name, at := range map[string]time.Time{
		"the epoch": time.Unix(0, 0), "Nix": time.Unix(1, 0), "zip": time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		file := filepath.Join(t.TempDir(), "a.txt")
		write := func(text string) {
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			require.NoError(t, os.Chtimes(file, at, at))
		}
		app := restmachine.New(harness.Quiet)
		filesOf(os.DirFS(filepath.Dir(file)))(app)
		write("first")
		first := app.Execute(harness.RequestOf("GET", "/a.txt", ""))
		write("other")
		other := app.Execute(harness.RequestOf("GET", "/a.txt", "", "If-None-Match", first.Header.Get("ETag")))
		assert.Equal(t, 200, other.StatusCode, name)
		assert.Equal(t, "other", string(other.Body), name)
		joined := app.Execute(harness.RequestOf("GET", "/a.txt", "", "Range", "bytes=2-", "If-Range", first.Header.Get("ETag")))
		assert.Equal(t, 200, joined.StatusCode, "%s: two files are not joined", name)
		rest := app.Execute(harness.RequestOf("GET", "/a.txt", "", "Range", "bytes=2-", "If-Range", other.Header.Get("ETag")))
		assert.Equal(t, "her", string(rest.Body), name)
		for _, resp := range []restmachine.Response{first, other} {
			assert.Empty(t, resp.Header.Get("Last-Modified"), name)
			assert.True(t, strings.HasPrefix(resp.Header.Get("ETag"), `"`), name)
		}
	}
}

// TestEmbeddedFilesAreHashedOnce, also where they are a part of an embed.FS. What cannot be
// happens here, to see that the tag was kept: the name leads to another embedded file.
func TestEmbeddedFilesAreHashedOnce(t *testing.T) {
	for folder, fsys := range map[string]fs.FS{"testdata/manual/": manual, "": manualSite(t)} {
		swapped := &swappedFS{fsys, folder + "index.html"}
		p := harness.NewProbe(t, filesOf(swapped))
		first := p.Want(200, "GET", "/page.html", "")
		swapped.name = folder + "404.html"
		assert.Equal(t, first.Header.Get("ETag"), p.App.Execute(harness.RequestOf("GET", "/page.html", "")).Header.Get("ETag"))
	}
}

// swappedFS is a file system in which each name leads to one file.
type swappedFS struct {
	fs.FS
	name string
}

func (s *swappedFS) Open(string) (fs.File, error) { return s.FS.Open(s.name) }
