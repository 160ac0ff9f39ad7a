// This file serves the playground's folder by the library's own Files. Requests come in. Dates,
// tags, media types and ranges follow from the files; the program is sent packed to clients that
// take it so.

package main

import (
	"io"
	"io/fs"
	"net/http"
	"os"

	"github.com/andybalholm/brotli"

	"github.com/restmachine/restmachine-go/restmachine"
)

// program is the file that is large: the library as WebAssembly.
const program = "playground.wasm"

// packed has the ends of the names of packed files, by their codings.
var packed = map[string]string{"br": ".br", "gzip": ".gz"}

// New returns an application that serves the folder that package page built.
func New(dir string) (*restmachine.App, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	app := restmachine.New()
	app.OnShutdown(root.Close)
	app.CacheControl(func() string { return "no-cache" }) // clients ask each time, because a 304 is cheap
	app.Get("/{path...}", restmachine.Files(root.FS()))
	servePacked(app, root.FS())
	return app, nil
}

// servePacked serves the program in the coding that the client prefers, from the files that are
// packed already.
func servePacked(app *restmachine.App, files fs.FS) {
	wasm := app.Get("/"+program, func(chosen restmachine.Selected) (*restmachine.Reply[[]byte], error) {
		reply := &restmachine.Reply[[]byte]{Header: http.Header{"Content-Type": {"application/wasm"}}}
		if end := packed[chosen.Coding]; end != "" {
			if content, err := fs.ReadFile(files, program+end); err == nil {
				reply.Header.Set("Content-Encoding", chosen.Coding)
				reply.Entity = content
				return reply, nil
			}
		}
		content, err := fs.ReadFile(files, program)
		reply.Entity = content
		return reply, err
	})
	wasm.Encodings("br", "gzip")
	wasm.Encoder("br", func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 4) }) // for a folder without the .br
	wasm.AutoETag(restmachine.Strong)
}
