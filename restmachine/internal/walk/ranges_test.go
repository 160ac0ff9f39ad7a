// Range and If-Range through the App (RFC 9110, 14): the rows H1 to H20, for
// everything that has ranges, in process and over a connection.

package walk_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
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

const eleven = "hello world"

// rangedApp has the same eleven bytes, with the same validators, as everything
// that can be read in parts.
func rangedApp(t *testing.T) func(app *restmachine.App) {
	name := filepath.Join(t.TempDir(), "eleven.bin")
	require.NoError(t, os.WriteFile(name, []byte(eleven), 0o600))
	fsys := fstest.MapFS{"eleven.bin": {Data: []byte(eleven)}}
	return func(app *restmachine.App) {
		tagged := func(r *restmachine.Resource) {
			r.GenerateETag(func() string { return "A1" })
			r.LastModified(func() time.Time { return harness.LeafModified })
		}
		tagged(app.Get("/bytes", func() []byte { return []byte(eleven) }))
		tagged(app.Get("/seeker", func() io.ReadSeeker { return strings.NewReader(eleven) }))
		tagged(app.Get("/os", func() (*os.File, error) { return os.Open(name) }))
		tagged(app.Get("/fs", func() (fs.File, error) { return fsys.Open("eleven.bin") }))
		tagged(app.Get("/files/{path...}", restmachine.Files(fsys)))
		tagged(app.Get("/reply", func() *restmachine.Reply[any] { return restmachine.NewReply[any](0, []byte(eleven)) }))
		app.Provides("application/octet-stream", func(harness.LeafIn) []byte { return []byte(eleven) })
		tagged(app.Get("/rendered", func() harness.LeafIn { return harness.LeafIn{} }))
		for _, path := range []string{"/bytes", "/seeker", "/os", "/fs", "/files/{path...}", "/reply", "/rendered"} {
			app.Put(path, func() []byte { return []byte(eleven) })
			app.Post(path, func() []byte { return []byte(eleven) })
		}
	}
}

var rangedPaths = []string{"/bytes", "/seeker", "/os", "/fs", "/files/eleven.bin", "/reply", "/rendered"}

// A rangeRow is one row of the corner cases; want is the content, and how the
// field says it: "" is the whole, by a 200.
type rangeRow struct {
	name   string
	fields []string
	status int
	span   string // Content-Range
	want   string
}

func rangeRows() []rangeRow {
	const whole = eleven
	r := func(value string, more ...string) []string { return append([]string{"Range", value}, more...) }
	return []rangeRow{
		{"H1 from the start", r("bytes=0-4"), 206, "bytes 0-4/11", "hello"},
		{"H1 to the end", r("bytes=6-"), 206, "bytes 6-10/11", "world"},
		{"H1 a suffix", r("bytes=-3"), 206, "bytes 8-10/11", "rld"},
		{"H1 a suffix of more than all", r("bytes=-999"), 206, "bytes 0-10/11", whole},
		{"H1 past the end", r("bytes=6-99"), 206, "bytes 6-10/11", "world"},
		{"H1 one byte", r("bytes=10-10"), 206, "bytes 10-10/11", "d"},
		{"H4 another unit", r("items=0-4"), 200, "", whole},
		{"H5 the unit's case", r("Bytes=0-4"), 206, "bytes 0-4/11", "hello"},
		{"H6 an empty suffix", r("bytes=-0"), 416, "bytes */11", ""},
		{"H7 past the end", r("bytes=99-"), 416, "bytes */11", ""},
		{"H7 just past the end", r("bytes=11-"), 416, "bytes */11", ""},
		{"H8 backwards", r("bytes=5-2"), 200, "", whole},
		{"H8 nothing", r("bytes="), 200, "", whole},
		{"H8 signs", r("bytes=+0-+4"), 200, "", whole},
		{"H8 no numbers", r("bytes=a-b"), 200, "", whole},
		{"H8 two lines", []string{"Range", "bytes=0-1", "Range", "bytes=2-3"}, 200, "", whole},
		{"H8 too great a number", r("bytes=0-99999999999999999999"), 206, "bytes 0-10/11", whole},
		{"H9 one of two is satisfiable", r("bytes=0-1,99-100"), 206, "bytes 0-1/11", "he"},
		{"H9 none of two is satisfiable", r("bytes=50-60,99-100"), 416, "bytes */11", ""},
		{"H11 more than the whole", r("bytes=0-9,0-9"), 200, "", whole},
		{"H12 If-Range matches", r("bytes=0-4", "If-Range", `"A1"`), 206, "bytes 0-4/11", "hello"},
		{"H12 If-Range does not match", r("bytes=0-4", "If-Range", `"B"`), 200, "", whole},
		{"H12 If-Range without quotes", r("bytes=0-4", "If-Range", "A1"), 206, "bytes 0-4/11", "hello"},
		{"H12 If-Range without quotes, among spaces", r("bytes=0-4", "If-Range", " A1\t"), 206, "bytes 0-4/11", "hello"},
		{"H12 If-Range without quotes does not match", r("bytes=0-4", "If-Range", "A"), 200, "", whole},
		{"H12 If-Range without quotes, in another case", r("bytes=0-4", "If-Range", "a1"), 200, "", whole},
		{"H13 a weak If-Range without quotes", r("bytes=0-4", "If-Range", "W/A1"), 200, "", whole},
		{"H16 If-Range with a list without quotes", r("bytes=0-4", "If-Range", "A1, B"), 200, "", whole},
		{"H16 If-Range with half a quote", r("bytes=0-4", "If-Range", `A1"`), 200, "", whole},
		{"H16 If-Range with the other half", r("bytes=0-4", "If-Range", `"A1`), 200, "", whole},
		{"H16 If-Range of two words", r("bytes=0-4", "If-Range", "A1 A1"), 200, "", whole},
		{"H13 a weak If-Range", r("bytes=0-4", "If-Range", `W/"A1"`), 200, "", whole},
		{"H14 If-Range with the date", r("bytes=0-4", "If-Range", harness.LeafDate), 206, "bytes 0-4/11", "hello"},
		{"H14 an earlier date", r("bytes=0-4", "If-Range", harness.DateBeforeIt), 200, "", whole},
		{"H14 a later date", r("bytes=0-4", "If-Range", harness.DateBehindAll), 200, "", whole},
		{"H16 If-Range star", r("bytes=0-4", "If-Range", "*"), 200, "", whole},
		{"H16 If-Range with a list", r("bytes=0-4", "If-Range", `"A1", "B"`), 200, "", whole},
		{"H16 two If-Range", r("bytes=0-4", "If-Range", `"A1"`, "If-Range", `"A1"`), 200, "", whole},
		{"H16 If-Range alone", []string{"If-Range", `"A1"`}, 200, "", whole},
		{"H16 an empty If-Range", r("bytes=0-4", "If-Range", ""), 200, "", whole},
		{"H17 If-None-Match matches", r("bytes=0-4", "If-None-Match", `"A1"`), 304, "", ""},
		{"H17 If-None-Match does not match", r("bytes=0-4", "If-None-Match", `"B"`), 206, "bytes 0-4/11", "hello"},
		{"H18 If-Match does not match", r("bytes=0-4", "If-Match", `"B"`), 412, "", ""},
		{"H18 If-Match matches", r("bytes=0-4", "If-Match", `"A1"`), 206, "bytes 0-4/11", "hello"},
		{"H19 If-Range does not match, unsatisfiable", r("bytes=99-", "If-Range", `"B"`), 200, "", whole},
		{"ranges that overlap are one", r("bytes=0-3,2-4"), 206, "bytes 0-4/11", "hello"},
		{"ranges that touch are one", r("bytes=0-2,3-4"), 206, "bytes 0-4/11", "hello"},
		{"more than 16 ranges", r("bytes=0-0" + strings.Repeat(",2-2", 16)), 200, "", whole},
		{"a Range that is not there", r(""), 200, "", whole},
	}
}

func TestRange(t *testing.T) {
	build := rangedApp(t)
	p := harness.NewProbe(t, build)
	server := httptest.NewServer(p.App)
	defer server.Close()
	for _, tt := range rangeRows() {
		t.Run(tt.name, func(t *testing.T) {
			for _, path := range rangedPaths {
				req := harness.RequestOf("GET", path, "", tt.fields...)
				for transport, resp := range map[string]restmachine.Response{
					"in process": p.App.Execute(req), "over a connection": overConnection(t, server, req),
				} {
					at := path + " " + transport
					restmachinetest.CheckResponse(t, req, resp)
					require.Equal(t, tt.status, resp.StatusCode, at)
					assert.Equal(t, tt.span, resp.Header.Get("Content-Range"), at)
					switch tt.status {
					case 200, 206:
						assert.Equal(t, tt.want, string(resp.Body), at)
						assert.Equal(t, fmt.Sprint(len(tt.want)), resp.Header.Get("Content-Length"), at)
						assert.Equal(t, "application/octet-stream", resp.Header.Get("Content-Type"), at)
						assert.Equal(t, "bytes", resp.Header.Get("Accept-Ranges"), at)
						assert.Equal(t, `"A1"`, resp.Header.Get("ETag"), at)
						assert.Equal(t, harness.LeafDate, resp.Header.Get("Last-Modified"), at)
					case 416:
						assert.Empty(t, resp.Header.Get("ETag"), at)
						assert.Contains(t, string(resp.Body), `"decision":"P21"`, at)
					}
				}
			}
		})
	}
}

// overConnection sends req as it stands, without what a client of Go adds.
func overConnection(t *testing.T, server *httptest.Server, req restmachine.Request) restmachine.Response {
	t.Helper()
	r, err := http.NewRequest(req.Method, server.URL+req.Path, bytes.NewReader(req.Body))
	require.NoError(t, err)
	r.Header = req.Header.Clone()
	resp, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
}

// TestRangeConcernsGetAlone is H2 and H3.
func TestRangeConcernsGetAlone(t *testing.T) {
	p := harness.NewProbe(t, rangedApp(t))
	for _, path := range rangedPaths {
		for _, value := range []string{"bytes=0-4", "bytes=99-", "bytes=0-1,3-4"} {
			full := p.Want(200, "GET", path, "")
			restmachinetest.CheckHead(t, full, p.Want(200, "HEAD", path, "", "Range", value))
			assert.Equal(t, eleven, string(p.Want(200, "PUT", path, "", "Range", value).Body))
			assert.Equal(t, eleven, string(p.Want(200, "POST", path, "", "Range", value, "If-Range", `"A1"`).Body))
		}
	}
}

// TestSeveralRanges is H10: each part says what it is, and the parts stand in
// the order of the request.
func TestSeveralRanges(t *testing.T) {
	p := harness.NewProbe(t, rangedApp(t))
	for _, path := range rangedPaths {
		resp := p.Want(206, "GET", path, "", "Range", "bytes=6-8, 0-1,-1, 50-")
		media, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		require.NoError(t, err)
		assert.Equal(t, "multipart/byteranges", media)
		assert.Empty(t, resp.Header.Get("Content-Range"))
		assert.Equal(t, fmt.Sprint(len(resp.Body)), resp.Header.Get("Content-Length"))

		var parts []string
		reader := multipart.NewReader(bytes.NewReader(resp.Body), params["boundary"])
		for {
			part, err := reader.NextRawPart()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			text, err := io.ReadAll(part)
			require.NoError(t, err)
			assert.Equal(t, "application/octet-stream", part.Header.Get("Content-Type"))
			parts = append(parts, part.Header.Get("Content-Range")+" "+string(text))
		}
		assert.Equal(t, []string{"bytes 6-8/11 wor", "bytes 0-1/11 he", "bytes 10-10/11 d"}, parts, path)
	}
}

// TestIfRangeWithAFreshDate is H15: a date is no strong validator while its
// second lasts.
func TestIfRangeWithAFreshDate(t *testing.T) {
	for age, want := range map[time.Duration]int{0: 200, 500 * time.Millisecond: 200, time.Minute: 206} {
		when := time.Now().Add(-age)
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.Get("/bytes", func() []byte { return []byte(eleven) }).LastModified(func() time.Time { return when })
		})
		date := when.UTC().Format(http.TimeFormat)
		p.Want(want, "GET", "/bytes", "", "Range", "bytes=0-4", "If-Range", date)
		p.Want(206, "GET", "/bytes", "", "Range", "bytes=0-4")
	}
}

// TestWhatHasNoRanges: streams, empty content (H20), rendered values, encoded
// content, and whatever has no validator for If-Range to match.
func TestWhatHasNoRanges(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Get("/stream", func() io.Reader { return io.MultiReader(strings.NewReader(eleven)) })
		app.Get("/text", func() string { return eleven })
		app.Get("/json", func() harness.LeafIn { return harness.LeafIn{Version: 1} })
		app.Get("/empty", func() []byte { return nil })
		app.Get("/auto/bytes", func() []byte { return []byte(eleven) }).AutoETag(restmachine.Strong)
		g := app.Group("/g")
		g.Encodings("gzip")
		g.Get("/bytes", func() []byte { return []byte(eleven) })
		g.Get("/long", func() []byte { return []byte(strings.Repeat(eleven, 100)) }).
			Provides("text/plain", func(b []byte) []byte { return b })
	})
	for _, path := range []string{"/stream", "/text", "/json"} {
		resp := p.Want(200, "GET", path, "", "Range", "bytes=0-4")
		assert.Empty(t, resp.Header.Get("Accept-Ranges"), path)
	}
	auto := p.Want(200, "GET", "/auto/bytes", "")
	p.Want(206, "GET", "/auto/bytes", "", "Range", "bytes=0-4", "If-Range", auto.Header.Get("ETag"))
	p.Want(200, "GET", "/auto/bytes", "", "Range", "bytes=0-4", "If-Range", `"other"`)
	p.Want(304, "GET", "/auto/bytes", "", "Range", "bytes=0-4", "If-None-Match", auto.Header.Get("ETag"))

	p.Want(200, "GET", "/empty", "", "Range", "bytes=0-4")
	p.Want(200, "GET", "/empty", "", "Range", "bytes=-4")

	p.Want(206, "GET", "/g/bytes", "", "Range", "bytes=0-4")
	p.Want(200, "GET", "/g/bytes", "", "Range", "bytes=0-4", "If-Range", `"A1"`)
	p.Want(206, "GET", "/g/bytes", "", "Range", "bytes=0-4", "Accept-Encoding", "gzip") // it is too short to be coded
	encoded := p.Want(200, "GET", "/g/long", "", "Range", "bytes=0-4", "Accept-Encoding", "gzip")
	assert.Equal(t, "gzip", encoded.Header.Get("Content-Encoding"))
	assert.Equal(t, strings.Repeat(eleven, 100), harness.Decoded(t, encoded))
	assert.Empty(t, encoded.Header.Get("Accept-Ranges"))
}

// TestIfRangeWithStrictTags: there a tag without quotes is none.
func TestIfRangeWithStrictTags(t *testing.T) {
	app := restmachine.New(restmachine.WithStrictTags())
	app.Get("/bytes", func() []byte { return []byte(eleven) }).GenerateETag(func() string { return "A1" })
	for value, want := range map[string]int{"A1": 200, `"A1"`: 206} {
		resp := app.Execute(restmachine.Request{Method: "GET", Path: "/bytes",
			Header: http.Header{"Range": {"bytes=0-4"}, "If-Range": {value}}})
		assert.Equal(t, want, resp.StatusCode, value)
	}
}

// A tag that does not take a value is asked before the content is read. Where another process
// writes in between, the content is newer than the tag. A client must not join a part of it to
// what it has under that tag, so it gets all of it.
func TestNoPartOfContentThatIsNewerThanItsTag(t *testing.T) {
	const old, young = "first text", "other text"
	for name, given := range map[string]func(app *restmachine.App, get, tag func() string){
		"a tag": func(app *restmachine.App, get, tag func() string) {
			app.Get("/text", func() []byte { return []byte(get()) }).GenerateETag(tag)
		},
		"a tag by a Dependency": func(app *restmachine.App, get, tag func() string) {
			type asked struct{ tag string }
			app.Dependency(func() *asked { return &asked{tag()} })
			app.Get("/text", func() io.ReadSeeker { return strings.NewReader(get()) }).GenerateETag(func(a *asked) string { return a.tag })
		},
		"a date": func(app *restmachine.App, get, tag func() string) {
			r := app.Get("/text", func() []byte { return []byte(get()) })
			r.LastModified(func() time.Time { return harness.LeafModified.Add(time.Duration(len(tag())) * time.Hour) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			text, tag, writes := old, "a", false
			app := restmachine.New(harness.Quiet)
			given(app, func() string {
				if writes {
					text, tag, writes = young, "bb", false
				}
				return text
			}, func() string { return tag })
			app.Resource("/text").Expires(time.Now) // what is no validator may say something else
			whole := app.Execute(harness.RequestOf("GET", "/text", ""))
			require.Equal(t, old, string(whole.Body))
			validator := whole.Header.Get("ETag") + whole.Header.Get("Last-Modified")
			for _, fields := range [][]string{{"Range", "bytes=5-"}, {"Range", "bytes=5-", "If-Range", validator}, {"Range", "bytes=50-"}} {
				text, tag, writes = old, "a", true
				resp := app.Execute(harness.RequestOf("GET", "/text", "", fields...))
				assert.Equal(t, http.StatusOK, resp.StatusCode, fields)
				assert.Equal(t, young, string(resp.Body), fields)
				text, tag = old, "a"
				resp = app.Execute(harness.RequestOf("GET", "/text", "", fields...))
				assert.NotEqual(t, http.StatusOK, resp.StatusCode, "nobody has written: %v", fields)
			}
		})
	}
}
