// Content is coded where that pays, and its entity-tag says what was made.

package represent_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A sheet is shown as text of a length, in a media type.
type sheet struct {
	Version int
	Text    string
}

// TestCodedWhereItPays: types that are known to shrink, from 256 bytes, and nothing that is
// compressed already.
func TestCodedWhereItPays(t *testing.T) {
	for _, tt := range []struct {
		media string
		text  string
		coded bool
	}{
		{"text/plain; charset=utf-8", strings.Repeat("x", 256), true},
		{"text/plain; charset=utf-8", strings.Repeat("x", 255), false},
		{"text/plain", "", false},
		{"TEXT/CSS", strings.Repeat("x", 300), true},
		{"application/json", strings.Repeat("1", 300), true},
		{"application/hal+json", strings.Repeat("1", 300), true},
		{"application/atom+xml", strings.Repeat("x", 300), true},
		{"image/svg+xml", "<svg>" + strings.Repeat(" ", 300), true},
		{"image/svg+xml", "\x1f\x8b" + strings.Repeat(" ", 300), false}, // .svgz
		{"font/ttf", strings.Repeat("x", 300), true},
		{"font/ttf", "wOF2" + strings.Repeat("x", 300), false},
		{"application/wasm", strings.Repeat("x", 300), true},
		{"application/javascript", strings.Repeat("x", 300), true},
		{"image/png", strings.Repeat("x", 300), false},
		{"image/jpeg", strings.Repeat("x", 300), false},
		{"video/mp4", strings.Repeat("x", 300), false},
		{"font/woff2", strings.Repeat("x", 300), false},
		{"application/zip", strings.Repeat("x", 300), false},
		{"application/gzip", strings.Repeat("x", 300), false},
		{"application/pdf", strings.Repeat("x", 300), false},
		{"application/octet-stream", strings.Repeat("x", 300), false},
		{"text/plain", "\x28\xb5\x2f\xfd" + strings.Repeat("x", 300), false},
		{"text/plain", "PK\x03\x04" + strings.Repeat("x", 300), false},
	} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.Encodings("gzip")
			app.GenerateETag(func(s sheet) string { return "1" })
			app.Provides(tt.media, func(s sheet) []byte { return []byte(s.Text) })
			app.Get("/", func() sheet { return sheet{Text: tt.text} }).
				Put(func() sheet { return sheet{Text: tt.text} })
		})
		for _, method := range []string{"GET", "PUT"} {
			plain := p.Want(200, method, "/", "")
			resp := p.Want(200, method, "/", "", "Accept-Encoding", "gzip")
			want := map[bool][2]string{true: {"gzip", `"1;gzip"`}, false: {"", `"1"`}}[tt.coded]
			assert.Equal(t, want[0], resp.Header.Get("Content-Encoding"), "%s %s of %d bytes", method, tt.media, len(tt.text))
			assert.Equal(t, want[1], resp.Header.Get("ETag"), "%s %s of %d bytes", method, tt.media, len(tt.text))
			assert.Equal(t, tt.text, harness.Decoded(t, resp))
			assert.Equal(t, `"1"`, plain.Header.Get("ETag"))
			assert.Equal(t, "Accept-Encoding", resp.Header.Get("Vary"))
			if method == "GET" {
				assert.Equal(t, map[bool]string{false: "bytes"}[tt.coded], resp.Header.Get("Accept-Ranges"))
				restmachinetest.CheckHead(t, resp, p.Do("HEAD", "/", "", "Accept-Encoding", "gzip"))
				restmachinetest.CheckNotModified(t, resp, p.Do("GET", "/", "", "Accept-Encoding", "gzip", "If-None-Match", want[1]))
				restmachinetest.CheckNotModified(t, resp, p.Do("GET", "/", "", "Accept-Encoding", "gzip", "If-None-Match", "*"))
			}
		}
		forced := p.Want(200, "GET", "/", "", "Accept-Encoding", "gzip, identity;q=0")
		assert.Equal(t, "gzip", forced.Header.Get("Content-Encoding"), "the client takes nothing else")
		assert.Equal(t, `"1;gzip"`, forced.Header.Get("ETag"))
		assert.Equal(t, tt.text, harness.Decoded(t, forced))
		p.Want(406, "GET", "/", "", "Accept-Encoding", "br, identity;q=0")
	}
}

// TestEmptyListsOfCodings: Encodings() is identity only, whatever stands further out.
func TestEmptyListsOfCodings(t *testing.T) {
	long := func() string { return "x" + padding }
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Encodings("gzip")
		app.Languages("en", "de")
		g := app.Group("/g")
		g.Encodings()
		g.Languages()
		g.Get("/plain", long)
		g.Get("/coded", long).Encodings("gzip")
		app.Get("/plain", long).Encodings()
		app.Get("/coded", long)
	})
	for path, coding := range map[string]string{"/g/plain": "", "/plain": "", "/g/coded": "gzip", "/coded": "gzip"} {
		resp := p.Want(200, "GET", path, "", "Accept-Encoding", "gzip")
		assert.Equal(t, coding, resp.Header.Get("Content-Encoding"), path)
		assert.Equal(t, coding != "", strings.Contains(resp.Header.Get("Vary"), "Accept-Encoding"), path)
		assert.Equal(t, !strings.HasPrefix(path, "/g"), resp.Header.Get("Content-Language") == "en", path)
	}
}

// TestFilesKeepTheirLength and their ranges, unless their own place names codings.
func TestFilesKeepTheirLength(t *testing.T) {
	const length = 1000
	text := strings.Repeat("0123456789", length/10)
	fsys := fstest.MapFS{"a.txt": {Data: []byte(text)}, "a.png": {Data: []byte("\x89PNG" + text)}, "a.txt.gz": {Data: []byte("\x1f\x8b" + text)}, "empty.txt": {}}
	app := restmachine.New(harness.Quiet)
	app.Encodings("gzip")
	files := restmachine.Files(fsys)
	app.Get("/static/{path...}", files)
	app.Get("/seeker", func() io.ReadSeeker { return strings.NewReader(text) }).Provides("text/plain", func(s io.ReadSeeker) io.ReadSeeker { return s })
	app.Get("/any/{path...}", func(path restmachine.PathParams) (any, error) { return fsys.Open(path.Get("path")) })
	app.Group("/g").Get("/never/{path...}", files)
	named := app.Group("/n")
	named.Encodings("gzip")
	named.Get("/static/{path...}", files)
	named.Get("/any/{path...}", func(path restmachine.PathParams) (any, error) { return fsys.Open(path.Get("path")) })
	p := harness.ProbeOf(t, app)
	for path, coded := range map[string]bool{
		"/static/a.txt": false, "/static/a.png": false, "/static/a.txt.gz": false, "/static/empty.txt": false, "/seeker": false,
		"/any/a.txt": false, "/g/never/a.txt": false,
		"/n/static/a.txt": true, "/n/any/a.txt": true, "/n/static/a.png": false, "/n/static/a.txt.gz": false, "/n/static/empty.txt": false,
	} {
		resp := p.Want(200, "GET", path, "", "Accept-Encoding", "gzip")
		assert.Equal(t, coded, resp.Header.Get("Content-Encoding") == "gzip", path)
		if coded {
			assert.Equal(t, text, harness.Decoded(t, resp))
			assert.Empty(t, resp.Header.Get("Accept-Ranges"), path)
			continue
		}
		assert.Equal(t, fmt.Sprint(len(resp.Body)), resp.Header.Get("Content-Length"), path)
		assert.Equal(t, "bytes", resp.Header.Get("Accept-Ranges"), path)
		if len(resp.Body) > 0 {
			assert.Equal(t, resp.Body[:5], p.Want(206, "GET", path, "", "Accept-Encoding", "gzip", "Range", "bytes=0-4").Body, path)
		}
	}
	assert.Empty(t, p.Want(200, "GET", "/static/a.txt", "", "Accept-Encoding", "gzip").Header.Get("Vary"), "nothing chooses")

	server := httptest.NewServer(app)
	defer server.Close()
	resp, err := server.Client().Get(server.URL + "/static/a.txt") // the client asks for gzip by itself
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.False(t, resp.Uncompressed)
	assert.EqualValues(t, length, resp.ContentLength)
}

// counted declares a sheet whose GET returns what it was given, and counts its renderings.
func counted(text string, rendered *int) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.Encodings("gzip")
		app.ResourceExists(func() *sheet { return &sheet{1, text} })
		app.GenerateETag(func(s *sheet) string { return fmt.Sprint(s.Version) })
		app.Provides("text/plain", func(s *sheet) string { *rendered++; return s.Text })
		app.Get("/", func(s *sheet) *sheet { return s }).Put(func(s *sheet) *sheet { return &sheet{s.Version + 1, s.Text} })
	}
}

// TestConditionsOfCodedContent: which tag is current depends on whether the content is
// coded. It is rendered to find out only where that makes a difference.
func TestConditionsOfCodedContent(t *testing.T) {
	const plain, coded, both = `"1"`, `"1;gzip"`, `"0", "1;gzip", "1"`
	long, short := "x"+padding, "short"
	for _, tt := range []struct {
		name, text, accept, field, value string
		status                           int
		tag                              string
		rendered                         int
	}{
		{"long, coded", long, "gzip", "If-None-Match", coded, 304, coded, 0},
		{"long, both", long, "gzip", "If-None-Match", both, 304, coded, 0},
		{"long, plain", long, "gzip", "If-None-Match", plain, 200, coded, 2},
		{"long, other", long, "gzip", "If-None-Match", `"2;gzip"`, 200, coded, 1},
		{"long, no coding", long, "identity", "If-None-Match", plain, 304, plain, 0},
		{"long, no coding, coded", long, "identity", "If-None-Match", coded, 200, plain, 1},
		{"short, plain", short, "gzip", "If-None-Match", plain, 304, plain, 1},
		{"short, other", short, "gzip", "If-None-Match", `"2"`, 200, plain, 1},
		{"short, weak", short, "gzip", "If-None-Match", `W/"1"`, 304, plain, 1},
		// Nobody has it from this version of the content. Who has it has the right content.
		{"short, coded", short, "gzip", "If-None-Match", coded, 304, coded, 0},
		{"short, coded, no coding", short, "identity", "If-None-Match", coded, 200, plain, 1},
		{"short, forced", short, "gzip, identity;q=0", "If-None-Match", plain, 200, coded, 2},
		{"long, If-Match", long, "gzip", "If-Match", coded, 200, coded, 1},
		{"long, If-Match, plain", long, "gzip", "If-Match", plain, 412, "", 1},
		{"short, If-Match", short, "gzip", "If-Match", plain, 200, plain, 2},
		{"short, If-Match, coded", short, "gzip", "If-Match", coded, 200, coded, 1},
		{"short, star", short, "gzip", "If-None-Match", "*", 304, plain, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rendered := 0
			app := restmachine.New(harness.Quiet)
			counted(tt.text, &rendered)(app)
			for _, method := range []string{"GET", "HEAD"} {
				rendered = 0
				req := harness.RequestOf(method, "/", "", "Accept-Encoding", tt.accept, tt.field, tt.value)
				resp := app.Execute(req)
				assert.Equal(t, tt.status, resp.StatusCode)
				assert.Equal(t, tt.tag, resp.Header.Get("ETag"))
				assert.Equal(t, tt.rendered, rendered, "how often it was rendered")
				if tt.status == 200 {
					assert.Equal(t, strings.HasSuffix(tt.tag, `;gzip"`), resp.Header.Get("Content-Encoding") == "gzip")
				}
				traced, _ := app.Explain(req)
				assert.Equal(t, resp.StatusCode, traced.StatusCode, "row by row")
				assert.Equal(t, resp.Header.Get("ETag"), traced.Header.Get("ETag"), "row by row")
				assert.Equal(t, resp.Header.Get("Content-Encoding"), traced.Header.Get("Content-Encoding"), "row by row")
			}
		})
	}
	for _, text := range []string{long, short} { // a write takes any variant, and renders none for it
		rendered := 0
		p := harness.NewProbe(t, counted(text, &rendered))
		for _, tag := range []string{plain, coded, both} {
			p.Want(200, "PUT", "/", "", "Accept-Encoding", "gzip", "If-Match", tag)
		}
		assert.Equal(t, 3, rendered, "once for each answer")
		p.Want(412, "PUT", "/", "", "Accept-Encoding", "gzip", "If-Match", `"2"`)
		assert.Equal(t, 3, rendered)
	}
}

// TestTracesOfWritesChangeNothing: the trace of a write names the current tag, and the
// answer is coded or not as it is without a trace.
func TestTracesOfWritesChangeNothing(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Encodings("gzip")
	app.ResourceExists(func() *sheet { return &sheet{1, "short"} })
	app.GenerateETag(func(s *sheet) string { return fmt.Sprint(s.Version) })
	app.Get("/", func(s *sheet) *sheet { return s }).Put(func(s *sheet) *sheet { return &sheet{2, "x" + padding} })
	req := harness.RequestOf("PUT", "/", "", "Accept-Encoding", "gzip", "If-Match", `"1"`)
	traced, _ := app.Explain(req)
	for _, resp := range []restmachine.Response{app.Execute(req), traced} {
		assert.Equal(t, "gzip", resp.Header.Get("Content-Encoding"))
		assert.Equal(t, `"2;gzip"`, resp.Header.Get("ETag"))
	}
}

// TestHashesOfCodedContent: AutoETag hashes what is not coded.
func TestHashesOfCodedContent(t *testing.T) {
	for _, text := range []string{"short", "x" + padding} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.Encodings("gzip")
			app.AutoETag(restmachine.Strong)
			app.Get("/", func() string { return text })
		})
		plain := p.Want(200, "GET", "/", "").Header.Get("ETag")
		full := p.Want(200, "GET", "/", "", "Accept-Encoding", "gzip")
		assert.Equal(t, len(text) < 256, plain == full.Header.Get("ETag"), "one content, one tag")
		restmachinetest.CheckNotModified(t, full, p.Do("GET", "/", "", "Accept-Encoding", "gzip", "If-None-Match", full.Header.Get("ETag")))
	}
}

// TestFilesOnDiskAreNotRead before their preconditions are asked.
func TestFilesOnDiskAreNotRead(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/a.txt", bytes.Repeat([]byte("x"), 1000), 0o600))
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/{path...}", func(path restmachine.PathParams) (fs.File, error) { return os.DirFS(dir).Open(path.Get("path")) }).Encodings("gzip")
	})
	full := p.Want(200, "GET", "/a.txt", "", "Accept-Encoding", "gzip")
	assert.Equal(t, "gzip", full.Header.Get("Content-Encoding"))
	restmachinetest.CheckNotModified(t, full, p.Do("GET", "/a.txt", "", "Accept-Encoding", "gzip", "If-Modified-Since", full.Header.Get("Last-Modified")))
}
