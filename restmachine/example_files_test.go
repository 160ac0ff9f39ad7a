// Files as resources.

package restmachine_test

import (
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
