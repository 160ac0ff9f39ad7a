// Files as resources: files that are compiled in, and files of a directory. Requests come
// in. Dates, tags, media types and ranges follow from the files.

package main

import (
	"embed"
	"io/fs"
	"os"

	"github.com/restmachine/restmachine-go/restmachine"
)

//go:embed site
var embedded embed.FS

// New returns the application. It serves the files of the directory dir below /files. A
// link that leads out of dir is not served.
func New(dir string) (*restmachine.App, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	site, err := fs.Sub(embedded, "site")
	if err != nil {
		return nil, err
	}

	app := restmachine.New()
	app.OnShutdown(root.Close)
	// These files do not have dates: their tags are hashes. A name without a file gets a page.
	app.Get("/{path...}", restmachine.Files(site, restmachine.NotFoundPage("404.html")))
	files := app.Get("/files/{path...}", restmachine.Files(root.FS()))
	files.CacheControl(func() string { return "no-cache" }) // clients ask each time, because a 304 is cheap
	return app, nil
}
