// These tests build the site of this repository, and check it as files, through the App, and in a
// browser.

package main

import (
	"io/fs"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/axe"
	"github.com/restmachine/restmachine-go/examples/internal/chromium"
	"github.com/restmachine/restmachine-go/examples/playground/page"
	"github.com/restmachine/restmachine-go/examples/site/guide"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// pages are those of the site, which is built once.
var pages = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "site")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := guide.Build(os.DirFS("../.."), dir, guide.Options{}); err != nil {
		return nil, err
	}
	all := fstest.MapFS{}
	return all, fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		all[name] = &fstest.MapFile{Data: content, Mode: 0o644}
		return err
	})
})

// built writes the site into a folder of the test.
func built(t *testing.T) string {
	t.Helper()
	all, err := pages()
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, all))
	return dir
}

// attributes are the values of an attribute in a text.
func attributes(text, name string) (values []string) {
	for {
		_, rest, ok := strings.Cut(text, " "+name+`="`)
		if !ok {
			return values
		}
		value, rest, _ := strings.Cut(rest, `"`)
		values, text = append(values, value), rest
	}
}

// TestLinks: each link of each page leads to a file of the site, and to an anchor that is there.
func TestLinks(t *testing.T) {
	site := os.DirFS(built(t))
	pages := 0
	err := fs.WalkDir(site, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		pages++
		text, err := fs.ReadFile(site, name)
		require.NoError(t, err)
		for _, link := range slices.Concat(attributes(string(text), "href"), attributes(string(text), "src")) {
			leads(t, site, name, link)
		}
		return nil
	})
	require.NoError(t, err)
	assert.Greater(t, pages, 30, "the guide, and the pages of the repository")
}

// leads fails if a link of a page leads nowhere.
func leads(t *testing.T, site fs.FS, from, link string) {
	t.Helper()
	if strings.Contains(link, "://") {
		return // what others publish is theirs to keep
	}
	target, err := url.Parse("/" + from)
	require.NoError(t, err)
	target, err = target.Parse(link)
	require.NoError(t, err, "%s links to %s", from, link)
	name := strings.TrimPrefix(target.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	text, err := fs.ReadFile(site, name)
	if !assert.NoError(t, err, "%s links to %s", from, link) || target.Fragment == "" {
		return
	}
	assert.Contains(t, attributes(string(text), "id"), target.Fragment, "%s links to %s", from, link)
}

// TestPagesSayWhereTheyStand: a guide with a mistake is not built, and the error names it.
func TestPagesSayWhereTheyStand(t *testing.T) {
	sound := func() fstest.MapFS {
		files := fstest.MapFS{"docs/README.md": {Data: []byte("# The guide\n\n| page |\n|---|\n| [Start](start.md) |\n")},
			"docs/start.md": {Data: []byte("# Start\n")}}
		for _, name := range []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "examples/README.md"} {
			files[name] = &fstest.MapFile{Data: []byte("# restmachine\n")}
		}
		return files
	}
	require.NoError(t, guide.Build(sound(), t.TempDir(), guide.Options{}))
	for _, row := range []struct{ name, text, fault string }{
		{"docs/start.md", "# Start\n\n[gone](gone.md)\n", "docs/start.md links to gone.md"},
		{"docs/start.md", "# Start\n\n![gone](gone.png)\n", "docs/start.md links to gone.png"},
		{"docs/start.md", "Start\n", "docs/start.md: the page does not begin with a heading"},
		{"docs/README.md", "# The guide\n\n| page |\n|---|\n| Start |\n", `"Start" in the first column of a table is not a link`},
		{"docs/README.md", "# The guide\n\n| page |\n|---|\n| [Go](../go.mod) |\n", "lists ../go.mod, which is not a page"},
	} {
		files := sound()
		files["go.mod"] = &fstest.MapFile{}
		files[row.name] = &fstest.MapFile{Data: []byte(row.text)}
		assert.ErrorContains(t, guide.Build(files, t.TempDir(), guide.Options{}), row.fault)
	}
}

// TestRevalidation: a browser that has a page asks for it and hears 304, until the page changes.
func TestRevalidation(t *testing.T) {
	dir := built(t)
	client := restmachinetest.NewClient(New(dir))
	tag := client.Get("/start/").Expect(t).Status(200).Header("Cache-Control", "no-cache").ETag()
	client.Get("/start/").IfNoneMatch(tag).Expect(t).Status(304)
	client.Get("/start").Expect(t).Status(301)
	lost := client.Get("/nowhere/").Expect(t).Status(404)
	assert.Contains(t, string(lost.Response.Body), "There is no page at this address")
	require.NoError(t, os.WriteFile(dir+"/start/index.html", []byte("changed"), 0o644))
	client.Get("/start/").IfNoneMatch(tag).Expect(t).Status(200)
}

// TestThePlaygroundIsInTheSite: each page leads there.
func TestThePlaygroundIsInTheSite(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, build(t.Context(), "../..", dir, page.Options{Quick: true}))
	client := restmachinetest.NewClient(New(dir))
	start := client.Get("/start/").Expect(t).Status(200)
	assert.Contains(t, string(start.Response.Body), `href="../play/"`)
	client.Get("/play/").Expect(t).Status(200).Header("Content-Type", "text/html; charset=utf-8")
	client.Get("/play/playground.wasm").Expect(t).Status(200).Header("Content-Type", "application/wasm")
}

// TestInABrowser: no page is wider than the screen, none prints to the console, axe finds no fault of
// accessibility, and menu and search work.
func TestInABrowser(t *testing.T) {
	ctx, end := chromium.Open(t)
	app := New(built(t))
	require.NoError(t, app.Start(t.Context()))
	server := httptest.NewServer(app)
	defer server.Close()
	chromium.Silent(ctx, end, t)
	for _, width := range []int64{1280, 375} {
		for _, address := range []string{"/", "/guide/", "/start/", "/facts/", "/facts-table/", "/concurrency/", "/performance/", "/internals/"} {
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(server.URL+address)))
			chromium.Until(ctx, t, `document.readyState === "complete"`)
			chromium.Until(ctx, t, `document.documentElement.scrollWidth <= innerWidth`)
			if address != "/facts-table/" && address != "/internals/" { // the longest pages take axe a long time
				assert.Empty(t, axe.Faults(ctx, t), "%s at %d", address, width)
			}
		}
	}
	t.Run("the menu of a small screen", func(t *testing.T) {
		require.NoError(t, chromedp.Do(ctx, chromedp.Click("#menu")))
		chromium.Until(ctx, t, `getComputedStyle(document.querySelector("nav")).display === "block" &&
			document.querySelector("#menu").getAttribute("aria-expanded") === "true"`)
	})
	t.Run("the search", func(t *testing.T) {
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(server.URL+"/start/"), chromedp.KeyEvent("/"),
			chromedp.KeyEvent("LockKey")))
		chromium.Until(ctx, t, `document.querySelectorAll("#found a mark").length > 0`)
		require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent("\r")))
		chromium.Until(ctx, t, `location.pathname !== "/start/" && document.querySelector("h1") !== null`)
	})
}
