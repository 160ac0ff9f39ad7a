// Downloads keeps private files, which can be resumed halfway, and serves assets that a browser never
// asks for twice.
//
//	go run ./cookbook/downloads
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A File is a name and its content. The content does not change: a new one is another slice.
type File struct {
	Owner   string
	Name    string
	Content []byte
}

// Files keeps files by their IDs.
type (
	Files  = store.Store[string, File]
	Record = store.Record[string, File]
)

// NewFiles returns a store without files.
func NewFiles() *store.Memory[string, File] {
	return &store.Memory[string, File]{Clone: func(f File) File { return f }}
}

// A User is who calls; "" is nobody.
type User string

// Caller finds the user of a token. A real program looks it up.
func Caller(h http.Header) User {
	return map[string]User{"Bearer token-of-ann": "ann", "Bearer token-of-bob": "bob"}[h.Get("Authorization")]
}

// NewApp returns the App.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Files { return NewFiles() })
	app.Dependency(Caller)
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, files Files) (Record, bool, error) {
		return files.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(Record.ETag)
	app.LastModified(Record.LastModified)
	app.CacheControl(func(Record) string { return "private, no-cache" })
	app.Provides("application/octet-stream", func(r Record) []byte { return r.Value.Content })

	private := app.Group("/files/{id}")
	private.Authorized(func(u User) bool { return u != "" })
	private.Forbidden(isOfAnother)
	private.MaxBody(64 << 20)
	private.RequirePreconditions()
	file := private.Get("", func(r Record) Record { return r })
	file.Put(keep)
	file.Delete(func(ctx context.Context, r Record, files Files) error {
		return files.Delete(ctx, r.Key, store.At(r.Version))
	})
	file.FinishRequest(download)

	assets, version := newAssets()
	app.Get("/assets/"+version+"/{path...}", restmachine.Files(assets)).
		CacheControl(func() string { return "public, max-age=31536000, immutable" })
	app.Get("/", func() *restmachine.Reply[string] {
		page := restmachine.NewReply(http.StatusOK, fmt.Sprintf(index, "/assets/"+version))
		page.Header.Set("Content-Type", "text/html; charset=utf-8")
		page.Header.Set("Cache-Control", "no-cache")
		return page
	})
	return app
}

// isOfAnother hides a file from all but its owner: the answer is the same as where there is none.
func isOfAnother(r restmachine.Optional[Record], u User) (bool, error) {
	if r.OK && r.Value.Value.Owner != string(u) {
		return true, restmachine.ErrNotFound
	}
	return false, nil
}

// A Title is the name of a file, in the query of the PUT.
type Title struct {
	Name string `query:"name" default:"file"`
}

// keep stores the content as it came. The answer has the new tag, and does not send the content back.
func keep(ctx context.Context, was restmachine.Optional[Record], path restmachine.PathParams, in restmachine.Body[[]byte],
	title restmachine.Query[Title], u User, files Files) (*restmachine.Reply[Record], error) {
	r, err := files.Put(ctx, path.Get("id"), File{string(u), title.Value.Name, in.Value}, store.At(was.Value.Version))
	reply := restmachine.NoContent[Record]()
	reply.Header.Set("ETag", string(r.ETag()))
	return reply, err
}

// download has a browser save the file under its name, whatever is in it.
func download(resp *restmachine.Response, r restmachine.Optional[Record]) {
	if r.OK && (resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusPartialContent) {
		resp.Header.Set("Content-Disposition", disposition(r.Value.Value.Name))
	}
}

// disposition names a file (RFC 6266, 4.3). The second name is for all who know UTF-8.
func disposition(name string) string {
	plain := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' || strings.ContainsRune(`"\/%`, c) {
			return '_'
		}
		return c
	}, name)
	escaped := strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, escaped)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
