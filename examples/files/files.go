// Files as resources: those that are compiled in, and those of a directory.
// Dates, tags, media types and ranges follow from the files.

package main

import (
	"embed"
	"io/fs"
	"os"

	"github.com/restmachine/restmachine-go/restmachine"
)

//go:embed site
var embedded embed.FS

// New returns the application, with the files of the directory dir below
// /files. What in it links to somewhere outside is not served.
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
	app.Get("/{path...}", restmachine.Files(site)) // no dates: tags by hash
	files := app.Get("/files/{path...}", restmachine.Files(root.FS()))
	files.CacheControl(func() string { return "no-cache" }) // ask each time: a 304 is cheap
	return app, nil
}
