// Files as resources.

package restmachine_test

import (
	"fmt"
	"net/http"
	"testing/fstest"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Any fs.FS will do: os.DirFS for a folder, an embed.FS for what is compiled in.
func ExampleFiles() {
	site := fstest.MapFS{"hello.txt": {
		Data:    []byte("Hello, World!"),
		ModTime: time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC),
	}}
	app := restmachine.New()
	app.Get("/files/{path...}", restmachine.Files(site))

	show(app.Execute(restmachine.Request{Path: "/files/hello.txt"}), "Last-Modified")
	show(app.Execute(restmachine.Request{Path: "/files/hello.txt", Header: http.Header{"Range": {"bytes=7-11"}}}), "Content-Range")
	// Output:
	// 200 Last-Modified: Mon, 15 Jan 2024 10:00:00 GMT Hello, World!
	// 206 Content-Range: bytes 7-11/13 World
}

// A site whose generator writes a page for what is not there, as mkdocs and Hugo do.
func ExampleNotFoundPage() {
	site := fstest.MapFS{
		"guide/index.html": {Data: []byte("<h1>Guide</h1>")},
		"404.html":         {Data: []byte("<h1>Not here</h1>")},
	}
	app := restmachine.New()
	app.Get("/{path...}", restmachine.Files(site, restmachine.NotFoundPage("404.html")))

	show(app.Execute(restmachine.Request{Path: "/guide"}), "Location")
	show(app.Execute(restmachine.Request{Path: "/guide/"}))
	show(app.Execute(restmachine.Request{Path: "/giude/"}))
	// Output:
	// 301 Location: guide/
	// 200 <h1>Guide</h1>
	// 404 <h1>Not here</h1>
}

// A single-page app: the browser opens any of its pages, and gets its one file.
func ExampleFallback() {
	site := fstest.MapFS{"index.html": {Data: []byte("<div id=app></div>")}}
	app := restmachine.New()
	app.Get("/{path...}", restmachine.Files(site, restmachine.Fallback("index.html")))

	browser := http.Header{"Accept": {"text/html,*/*;q=0.8"}}
	show(app.Execute(restmachine.Request{Path: "/users/7", Header: browser}), "Vary")
	fmt.Println(app.Execute(restmachine.Request{Path: "/users.js", Header: browser}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Path: "/users/7", Header: http.Header{"Accept": {"application/json"}}}).StatusCode)
	// Output:
	// 200 Vary: Accept <div id=app></div>
	// 404
	// 404
}

// The sites of a house share their options.
func ExampleFilesOption() {
	house := []restmachine.FilesOption{restmachine.NotFoundPage("404.html")}
	site := fstest.MapFS{"404.html": {Data: []byte("Not here")}}
	app := restmachine.New()
	app.Get("/docs/{path...}", restmachine.Files(site, house...))

	show(app.Execute(restmachine.Request{Path: "/docs/none"}))
	// Output: 404 Not here
}
