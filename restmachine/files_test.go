// Files: a folder as resources like any other.

package restmachine_test

import (
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
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

// folder is what both kinds of file system hold.
var folder = map[string]string{
	"index.html":          "<h1>Home</h1>",
	"style.css":           "body{}",
	"data.json":           "{}",
	"docs/index.html":     "<h1>Docs</h1>",
	"docs/a b.txt":        "with a space",
	"empty/nothing.txt":   "",
	"picture.png":         "\x89PNG\r\n\x1a\n",
	"without-extension":   "<!DOCTYPE html><p>sniffed</p>",
	"docs/..hidden":       "two dots begin a name",
	"docs/100%/file.json": "{}",
}

// TestFilesAreNotNegotiated: a file's media type is what it is (RFC 9110, 12.5.1 lets
// a server disregard Accept), and so a client that asks for just that type gets it.
func TestFilesAreNotNegotiated(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/static/{name...}", restmachine.Files(embedded(t)))
		app.Get("/picture", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Header: http.Header{"Content-Type": {"image/png"}}, Entity: []byte(folder["picture.png"])}
		})
	})
	for _, accept := range []string{"text/css", "image/png", "*/*", "application/octet-stream"} {
		for target, media := range map[string]string{"/static/style.css": "text/css; charset=utf-8", "/static/picture.png": "image/png", "/picture": "image/png"} {
			resp := p.Want(200, "GET", target, "", "Accept", accept)
			assert.Equal(t, media, resp.Header.Get("Content-Type"))
			assert.Empty(t, resp.Header.Get("Vary"), "Accept chose nothing")
		}
	}
}

// TestFilesOfNothing: a nil file system is found at start.
func TestFilesOfNothing(t *testing.T) {
	p := harness.NewPort(t)
	p.Get("/static/{name...}", restmachine.Files(nil))
	assert.Contains(t, harness.FaultsOf(t, p.App)[0], "GET /static/{name...}: nil is not a function")
}

// onDisk and embedded make the folder with dates, and without.
func onDisk(t *testing.T) fs.FS {
	dir := t.TempDir()
	for name, text := range folder {
		full := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o700))
		require.NoError(t, os.WriteFile(full, []byte(text), 0o600))
		require.NoError(t, os.Chtimes(full, harness.LeafModified, harness.LeafModified))
	}
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(dir), "outside.txt"), []byte("outside"), 0o600))
	return os.DirFS(dir)
}

func embedded(*testing.T) fs.FS {
	m := fstest.MapFS{}
	for name, text := range folder {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// fileSystems are the two, by what makes a file of theirs revalidate.
var fileSystems = []struct {
	name      string
	make      func(*testing.T) fs.FS
	validator string
}{
	{"by date, on disk", onDisk, "Last-Modified"},
	{"by hash, embedded", embedded, "ETag"},
}

func filesOf(fsys fs.FS) func(app *restmachine.App) {
	return func(app *restmachine.App) { app.Get("/{path...}", restmachine.Files(fsys)) }
}

func TestFiles(t *testing.T) {
	tests := []struct{ target, file, media string }{
		{"/", "index.html", "text/html; charset=utf-8"},
		{"/index.html", "index.html", "text/html; charset=utf-8"},
		{"/style.css", "style.css", "text/css; charset=utf-8"},
		{"/data.json", "data.json", "application/json"},
		{"/picture.png", "picture.png", "image/png"},
		{"/docs/", "docs/index.html", "text/html; charset=utf-8"},
		{"/docs/a%20b.txt", "docs/a b.txt", "text/plain; charset=utf-8"},
		{"/docs/100%25/file.json", "docs/100%/file.json", "application/json"},
		{"/docs/..hidden", "docs/..hidden", "text/plain; charset=utf-8"},
		{"/empty/nothing.txt", "empty/nothing.txt", "text/plain; charset=utf-8"},
		{"/without-extension", "without-extension", "text/html; charset=utf-8"},
	}
	for _, system := range fileSystems {
		t.Run(system.name, func(t *testing.T) {
			p := harness.NewProbe(t, filesOf(system.make(t)))
			for _, tt := range tests {
				full := p.Want(200, "GET", tt.target, "")
				assert.Equal(t, folder[tt.file], string(full.Body), tt.target)
				assert.Equal(t, tt.media, full.Header.Get("Content-Type"), tt.target)
				assert.Equal(t, "bytes", full.Header.Get("Accept-Ranges"), tt.target)
				restmachinetest.CheckHead(t, full, p.Do("HEAD", tt.target, ""))

				assert.NotEmpty(t, full.Header.Get("ETag"), tt.target)
				condition := map[string]string{"Last-Modified": "If-Modified-Since", "ETag": "If-None-Match"}[system.validator]
				require.NotEmpty(t, full.Header.Get(system.validator), tt.target)
				restmachinetest.CheckNotModified(t, full, p.Do("GET", tt.target, "", condition, full.Header.Get(system.validator)))
				if tt.file == "style.css" {
					assert.Equal(t, "body", string(p.Want(206, "GET", tt.target, "", "Range", "bytes=0-3").Body))
				}
			}
		})
	}
}

// TestFilesThatAreNotThere: what is no name in the folder is 404, and nothing
// outside of it is ever opened.
func TestFilesThatAreNotThere(t *testing.T) {
	targets := []string{
		"/missing", "/docs/missing", "/empty", "/empty/", "/docs//", "/docs//index.html", "//index.html", "/index.html/", "/index.html/x",
		"/../outside.txt", "/..%2foutside.txt", "/%2e%2e/outside.txt", "/%2e%2e%2foutside.txt", "/docs/../../outside.txt",
		"/docs/../index.html", "/./index.html", "/docs/%2e", "/..", "/%2e%2e", "/..%5coutside.txt", "/C:/windows", "/docs%2f..%2f..%2foutside.txt",
		"/%2fetc%2fpasswd", "//etc/passwd", "/" + strings.Repeat("long", 100),
	}
	for _, system := range fileSystems {
		t.Run(system.name, func(t *testing.T) {
			p := harness.NewProbe(t, filesOf(system.make(t)))
			for _, target := range targets {
				resp := p.Want(404, "GET", target, "")
				assert.NotContains(t, string(resp.Body), "outside")
			}
			p.Want(400, "GET", "/a%00b", "")
			p.Want(405, "PUT", "/index.html", "")
			p.Want(404, "GET", "/missing", "", "If-Match", "*")
		})
	}
}

// TestFactsOfFiles: a fact that is given goes before what the file says.
func TestFactsOfFiles(t *testing.T) {
	day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	p := harness.NewProbe(t, func(app *restmachine.App) {
		r := app.Get("/assets/{path...}", restmachine.Files(onDisk(t)))
		r.LastModified(func() time.Time { return day })
		r.CacheControl(func() string { return "max-age=60" })
	})
	resp := p.Want(200, "GET", "/assets/style.css", "")
	assert.Equal(t, "Wed, 01 Jan 2020 00:00:00 GMT", resp.Header.Get("Last-Modified"))
	assert.Equal(t, "max-age=60", resp.Header.Get("Cache-Control"))
	restmachinetest.CheckNotModified(t, resp, p.Do("GET", "/assets/style.css", "", "If-Modified-Since", "Wed, 01 Jan 2020 00:00:00 GMT"))

	p = harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/assets/{path...}", restmachine.Files(embedded(t))).GenerateETag(func(path restmachine.PathParams) string { return "v1-" + path.Get("path") })
	})
	assert.Equal(t, `"v1-style.css"`, p.Want(200, "GET", "/assets/style.css", "").Header.Get("ETag"))
}

// TestHashIsOfTheContent: equal content has an equal tag, other content
// another. A file that cannot seek is opened once more to be hashed.
func TestHashIsOfTheContent(t *testing.T) {
	counted := &countingFS{FS: fstest.MapFS{
		"a.txt": {Data: []byte("same")}, "b.txt": {Data: []byte("same")}, "c.txt": {Data: []byte("other")},
	}, opened: map[string]int{}}
	p := harness.NewProbe(t, filesOf(counted))
	tag := func(target string) string { return p.Want(200, "GET", target, "").Header.Get("ETag") }
	assert.Equal(t, tag("/a.txt"), tag("/b.txt"))
	assert.NotEqual(t, tag("/a.txt"), tag("/c.txt"))
	assert.Equal(t, 4, counted.opened["a.txt"], "twice to be sent, twice to be hashed")
	assert.Equal(t, counted.closed, counted.opened["a.txt"]+counted.opened["b.txt"]+counted.opened["c.txt"], "all are closed")
}

// countingFS counts what is opened and closed.
type countingFS struct {
	fs.FS
	opened map[string]int
	closed int
}

func (c *countingFS) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	if err != nil {
		return nil, err
	}
	c.opened[name]++
	return &countedFile{f, c}, nil
}

// countedFile cannot seek, as the files of some file systems.
type countedFile struct {
	fs.File
	fs *countingFS
}

func (f *countedFile) Close() error {
	f.fs.closed++
	return f.File.Close()
}

// TestFilesThatCannotSeek are sent whole.
func TestFilesThatCannotSeek(t *testing.T) {
	p := harness.NewProbe(t, filesOf(&countingFS{FS: embedded(t), opened: map[string]int{}}))
	resp := p.Want(200, "GET", "/style.css", "", "Range", "bytes=0-3")
	assert.Equal(t, "body{}", string(resp.Body))
	assert.Equal(t, "6", resp.Header.Get("Content-Length"))
	assert.Empty(t, resp.Header.Get("Accept-Ranges"))
	p.Want(304, "GET", "/style.css", "", "If-None-Match", resp.Header.Get("ETag"))
}

// TestFilesThatFail: a file system in trouble is a 500 that tells nothing, and
// is no 404; what may not be read is not there.
func TestFilesThatFail(t *testing.T) {
	for err, want := range map[error]int{
		io.ErrUnexpectedEOF: 500, fs.ErrPermission: 404, fs.ErrNotExist: 404,
	} {
		p := harness.NewProbe(t, filesOf(failingFS{err}))
		resp := p.Want(want, "GET", "/style.css", "")
		assert.False(t, strings.Contains(string(resp.Body), err.Error()))
	}
}

type failingFS struct{ err error }

func (f failingFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: f.err}
}
