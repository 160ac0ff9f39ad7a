// Request content: how much of it is read and when, what it may be, and what a
// handler gets of it. Expect: 100-continue is in the tests of package walk.

package exchange_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// payload is what most of these tests send.
type payload struct {
	Text string `json:"text"`
	N    int    `json:"n"`
	Any  any    `json:"any"`
}

func (p payload) Validate() error {
	if p.Text == "bad" {
		return errors.New("text must not be bad")
	}
	return nil
}

const maxBody = 2000

// desks declares a path for each way to take content; each handler notes in got
// what it was given.
func desks(got *string) func(app *restmachine.App) {
	keep := func(text string) { *got = text }
	fromReader := func(r io.Reader) error {
		text, err := io.ReadAll(r)
		keep(string(text))
		return err
	}
	return func(app *restmachine.App) {
		app.MaxBody(maxBody)
		app.ResourceExists(harness.NoteByPath)
		app.GenerateETag(func(n *harness.Note) string { return fmt.Sprint(n.Version) })
		app.Get("/notes/{id}", func(n *harness.Note) *harness.Note { return n }).
			Put(func(_ *harness.Note, in restmachine.Body[payload]) { keep(in.Value.Text) }).
			Patch(func(_ *harness.Note, in restmachine.Body[*payload]) { keep(in.Value.Text) })
		app.Put("/bytes", func(in restmachine.Body[[]byte]) { keep(string(in.Value)) })
		app.Patch("/bytes", func(in restmachine.Body[[]byte]) { keep(string(in.Value)) })
		app.Put("/text", func(in restmachine.Body[string]) { keep(in.Value) })
		app.Put("/stream", func(in restmachine.Body[io.Reader]) error { return fromReader(in.Value) })
		app.Put("/spool", func(in restmachine.Body[io.ReadSeeker]) error {
			size, err := in.Value.Seek(0, io.SeekEnd)
			if err == nil {
				_, err = in.Value.Seek(0, io.SeekStart)
			}
			return errors.Join(err, fromReader(io.LimitReader(in.Value, size)))
		})
		app.Put("/form", func(in restmachine.Body[url.Values]) { keep(in.Value.Get("text")) })
		app.Patch("/merge", func(restmachine.Body[restmachine.MergePatch[payload]]) {})
		app.Put("/own-json", func(restmachine.Body[map[string]int]) {}).
			Accepts("application/json", func(content []byte) (m map[string]int, err error) { return m, json.Unmarshal(content, &m) })
		several := app.Put("/several", func(in restmachine.Body[*payload]) { keep(in.Value.Text) })
		several.Post(func(in restmachine.Body[*payload]) { keep(in.Value.Text) })
		several.Patch(func(in restmachine.Body[*payload]) { keep(in.Value.Text) })
		several.Accepts("text/*", func(content []byte) *payload { return &payload{Text: "text:" + string(content)} })
		several.Accepts("application/x-www-form-urlencoded", func(form url.Values) *payload { return &payload{Text: "form:" + form.Get("text")} })
		several.Accepts("application/vnd.x+json", func(r io.Reader) (*payload, error) {
			text, err := io.ReadAll(r)
			return &payload{Text: "json:" + string(text)}, err
		})
	}
}

func TestContent(t *testing.T) {
	deep := func(n int) string {
		return `{"any":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`
	}
	long := strings.Repeat("x", maxBody)
	rows := []struct {
		name           string
		method, target string
		media, body    string
		status         int
		got            string
		reason         string
	}{
		{"JSON", "PUT", "/notes/1", "application/json", `{"text":"hi"}`, 204, "hi", "the default parser"},
		{"JSON with a parameter", "PUT", "/notes/1", "application/json; charset=utf-8", `{"text":"hi"}`, 204, "hi", "parameters do not matter to it"},
		{"a pointer", "PATCH", "/notes/1", "application/json", `{"text":"hi"}`, 204, "hi", "Body[*T]"},
		{"no Content-Type", "PUT", "/notes/1", "", `{"text":"hi"}`, 204, "hi", "the first parser is taken"},
		{"empty", "PUT", "/notes/1", "application/json", "", 400, "", "no content is no JSON"},
		{"white space", "PUT", "/notes/1", "application/json", " \n", 400, "", "nor is this"},
		{"cut off", "PUT", "/notes/1", "application/json", `{"text":"hi`, 400, "", "malformed"},
		{"trailing", "PUT", "/notes/1", "application/json", `{"text":"hi"} {}`, 400, "", "one value and no more"},
		{"trailing garbage", "PUT", "/notes/1", "application/json", `{"text":"hi"}x`, 400, "", "one value and no more"},
		{"a name twice", "PUT", "/notes/1", "application/json", `{"text":"hi","text":"ho"}`, 400, "", "two readers could disagree"},
		{"a name in two cases", "PUT", "/notes/1", "application/json", `{"text":"hi","TEXT":"ho"}`, 400, "", "two readers could disagree"},
		{"invalid UTF-8", "PUT", "/notes/1", "application/json", "{\"text\":\"\xff\"}", 400, "", "RFC 8259, 8.1"},
		{"NaN", "PUT", "/notes/1", "application/json", `{"n":NaN}`, 400, "", "no JSON number"},
		{"too big a number", "PUT", "/notes/1", "application/json", `{"n":1e400}`, 422, "", "no int holds it"},
		{"another type", "PUT", "/notes/1", "application/json", `{"n":"one"}`, 422, "", "a string is not an int"},
		{"deep enough", "PUT", "/notes/1", "application/json", deep(100), 204, "", "100 levels"},
		{"too deep", "PUT", "/notes/1", "application/json", deep(101), 400, "", "more than 100 levels"},
		{"not valid", "PUT", "/notes/1", "application/json", `{"text":"bad"}`, 422, "", "Validate refuses it"},
		{"a pointer that is not valid", "PATCH", "/notes/1", "application/json", `{"text":"bad"}`, 422, "", "*T has T's Validate"},
		{"another media type", "PUT", "/notes/1", "text/xml", `<a/>`, 415, "", "no parser reads it"},
		{"another media type to PATCH", "PATCH", "/notes/1", "text/xml", `<a/>`, 415, "", "RFC 5789, 2.2"},
		{"no media type", "PUT", "/notes/1", "json", `{}`, 415, "", "it has no subtype"},
		{"missing, malformed", "PUT", "/notes/9", "application/json", `{`, 404, "", "404 comes before a 400 by the content: RFC 9110, 13.2.1"},
		{"missing, another media type", "PUT", "/notes/9", "text/xml", `<a/>`, 415, "", "415 comes before 404"},
		{"at the limit", "PUT", "/bytes", "", long, 204, long, "the limit itself is fine"},
		{"over the limit", "PUT", "/bytes", "", long + "x", 413, "", "one more is not"},
		{"over the limit, missing", "PUT", "/notes/9", "", long + "x", 413, "", "413 by length comes before 404"},
		{"bytes", "PUT", "/bytes", "image/png", "\x00\xff", 204, "\x00\xff", "as they are, of any media type"},
		{"no bytes", "PUT", "/bytes", "image/png", "", 204, "", "an empty file is a file"},
		{"string", "PUT", "/text", "text/plain", "hi", 204, "hi", "as it is"},
		{"stream", "PUT", "/stream", "text/plain", "hi", 204, "hi", "as it comes"},
		{"no stream", "PUT", "/stream", "", "", 204, "", "an empty one"},
		{"spooled", "PUT", "/spool", "text/plain", long, 204, long, "from a file"},
		{"nothing spooled", "PUT", "/spool", "text/plain", "", 204, "", "from an empty file"},
		{"form", "PUT", "/form", "application/x-www-form-urlencoded", "text=a+b%20c", 204, "a b c", "the default for url.Values"},
		{"malformed form", "PUT", "/form", "application/x-www-form-urlencoded", "text=%zz", 400, "", "no percent-encoding"},
		{"JSON for a form", "PUT", "/form", "application/json", `{}`, 415, "", "forms only"},
		{"a range of media types", "PUT", "/several", "text/csv", "a,b", 204, "text:a,b", "text/* reads it"},
		{"the first parser", "PUT", "/several", "", "a,b", 204, "text:a,b", "without a Content-Type"},
		{"a form parser", "PUT", "/several", "application/x-www-form-urlencoded", "text=hi", 204, "form:hi", "as url.Values"},
		{"a stream parser", "PUT", "/several", "application/vnd.x+json", "hi", 204, "json:hi", "as io.Reader"},
		{"empty, for a parser of bytes", "PUT", "/several", "text/csv", "", 204, "text:", "an empty file is a file"},
		{"empty, for a parser of forms", "PUT", "/several", "application/x-www-form-urlencoded", "", 204, "form:", "a form without fields"},
		{"empty, for a parser of a stream", "PUT", "/several", "application/vnd.x+json", "", 204, "json:", "the parser says what nothing means"},
		{"empty, for the first parser", "PUT", "/several", "", "", 204, "text:", "without a Content-Type"},
		{"empty, of a type that nobody reads", "PUT", "/several", "image/png", "", 415, "", "415 goes first"},
		{"empty, for a parser that needs JSON", "PUT", "/own-json", "application/json", "", 400, "", "its own error"},
		{"empty, POST", "POST", "/several", "text/csv", "", 204, "text:", "any method"},
		{"empty, PATCH", "PATCH", "/several", "text/csv", "", 204, "text:", "any method"},
		{"an empty form", "PUT", "/form", "application/x-www-form-urlencoded", "", 204, "", "a form without fields"},
		{"an empty form without a type", "PUT", "/form", "", "", 204, "", "a form without fields"},
		{"empty, for a patch", "PATCH", "/merge", "application/merge-patch+json", "", 400, "", "no content is no JSON"},
		{"the replaced default", "PUT", "/several", "application/json", `{}`, 415, "", "Accepts replaces it"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var got string
			x := harness.NewTrial(t, desks(&got))
			req := restmachine.Request{Method: row.method, Path: row.target, Body: []byte(row.body), Header: http.Header{}}
			if row.media != "" {
				req.Header.Set("Content-Type", row.media)
			}
			resp := x.App.Execute(req)
			assert.Equal(t, row.status, resp.StatusCode, "%s: %s", row.reason, resp.Body)
			assert.Equal(t, row.got, got)
			x.Discreet(resp)
			got = ""
			wire, err := x.Send(req)
			require.NoError(t, err)
			assert.Equal(t, row.status, wire.StatusCode, "over the wire: %s", wire.Body)
			assert.Equal(t, row.got, got)
			if row.status == 415 {
				name := map[bool]string{true: "Accept-Patch", false: "Accept"}[row.method == "PATCH"]
				assert.NotEmpty(t, resp.Header.Get(name), "what would be read")
			}
			x.Idle()
		})
	}
}

// A content coding is part of the representation, which no parser decodes
// (RFC 9110, 15.5.16).
func TestContentCoding(t *testing.T) {
	var got string
	p := harness.NewProbe(t, desks(&got))
	for _, target := range []string{"/notes/1", "/bytes"} {
		for _, method := range []string{"PUT", "PATCH"} {
			resp := p.Want(415, method, target, harness.NoteContent, "Content-Encoding", "gzip")
			assert.Equal(t, "identity", resp.Header.Get("Accept-Encoding"))
			p.Want(204, method, target, harness.NoteContent, "Content-Encoding", "identity")
		}
	}
}

func TestContentOnTheWire(t *testing.T) {
	head := func(target, fields string) string {
		return "PUT " + target + " HTTP/1.1\nHost: x\nContent-Type: application/json\n" + fields + "\n\n"
	}
	long := strings.Repeat("x", maxBody)
	chunked := fmt.Sprintf("%x\n%s\n", len(long), long)
	rows := []struct {
		name   string
		text   string
		ends   bool // the client ends its side
		status int
		reason string
	}{
		{"too long by Content-Length", head("/bytes", "Content-Length: 1000000"), false, 413, "answered before the content is sent"},
		{"too long to be spooled", head("/spool", "Content-Length: 1000000"), false, 413, "likewise"},
		{"too long to be streamed", head("/stream", "Content-Length: 1000000"), false, 413, "likewise"},
		{"chunked, too long", head("/bytes", "Transfer-Encoding: chunked") + chunked + "1\nx\n", false, 413, "found while reading, before its end"},
		{"chunked, too long to be spooled", head("/spool", "Transfer-Encoding: chunked") + chunked + "1\nx\n", false, 413, "likewise"},
		{"chunked, too long to be streamed", head("/stream", "Transfer-Encoding: chunked") + chunked + "1\nx\n", false, 413, "by the handler's Read"},
		{"chunked", head("/bytes", "Transfer-Encoding: chunked") + chunked + "0\n\n", false, 204, "at the limit"},
		{"chunked to a stream", head("/stream", "Transfer-Encoding: chunked") + chunked + "0\n\n", false, 204, "at the limit"},
		{"cut off", head("/bytes", "Content-Length: 10") + "12345", true, 400, "less than was promised"},
		{"cut off in a spool", head("/spool", "Content-Length: 10") + "12345", true, 400, "less than was promised"},
		{"cut off in a stream", head("/stream", "Content-Length: 10") + "12345", true, 400, "less than was promised"},
		{"cut off in chunks", head("/bytes", "Transfer-Encoding: chunked") + "5\n12", true, 400, "no last chunk"},
		{"no chunks", head("/bytes", "Transfer-Encoding: chunked") + "zz\n", true, 400, "no chunk at all"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var got string
			x := harness.NewTrial(t, desks(&got))
			conn, r := x.SendRaw(row.text)
			if row.ends {
				require.NoError(t, conn.CloseWrite())
			}
			assert.Equal(t, row.status, x.Status(r), row.reason)
			x.Idle()
		})
	}
}

// A spooled file is gone when the exchange is over, however it ended.
func TestSpoolsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var kept io.Reader
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.NoteByPath)
		app.Put("/notes/{id}", func(_ *harness.Note, in restmachine.Body[io.ReadSeeker], header http.Header) {
			kept = in.Value
			if header.Get("X-Panic") != "" {
				panic("lost")
			}
		})
	})
	p.Want(204, "PUT", "/notes/1", "spooled")
	p.Want(500, "PUT", "/notes/1", "spooled", "X-Panic", "yes")
	p.Want(404, "PUT", "/notes/9", "spooled")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
	_, err = kept.Read(make([]byte, 1))
	assert.ErrorIs(t, err, os.ErrClosed, "a handler that keeps it reads nothing")

	t.Setenv("TMPDIR", dir+"/missing")
	resp := p.Want(500, "PUT", "/notes/1", "spooled")
	assert.NotContains(t, string(resp.Body), dir, "that there is no room is not the client's fault")
}

func TestAnyMaxBody(t *testing.T) {
	var got string
	p := harness.NewProbe(t, func(app *restmachine.App) {
		desks(&got)(app)
		app.MaxBody(math.MaxInt64)
	})
	for _, target := range []string{"/bytes", "/stream", "/spool"} {
		got = ""
		p.Want(204, "PUT", target, "some")
		assert.Equal(t, "some", got, target)
	}
}

// TestNullContent is no T, unless T says what it makes of it.
func TestNullContent(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Put("/struct", func(restmachine.Body[harness.LeafIn]) {})
		app.Put("/pointer", func(restmachine.Body[*harness.LeafIn]) {})
		app.Put("/list", func(restmachine.Body[[]harness.LeafIn]) {})
		app.Put("/any", func(restmachine.Body[any]) {})
		app.Put("/time", func(restmachine.Body[time.Time]) {})
	})
	for target, want := range map[string]int{"/struct": 422, "/pointer": 422, "/list": 422, "/any": 204, "/time": 204} {
		p.Want(want, "PUT", target, " null\n")
	}
}

// TestTrailers are those of the request, which net/http knows behind the content.
func TestTrailers(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Post("/x", func(r *http.Request) (string, error) {
		content, err := io.ReadAll(r.Body)
		return string(content) + " " + r.Trailer.Get("Sum"), err
	})
	server := httptest.NewServer(app)
	defer server.Close()
	r, err := http.NewRequest("POST", server.URL+"/x", io.MultiReader(strings.NewReader("abc")))
	require.NoError(t, err)
	r.Trailer = http.Header{"Sum": {"42"}}
	resp, err := server.Client().Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "abc 42", string(body))
}

// TestLongContentIsReadInFewSteps: its length is a hint, and not believed at once.
func TestLongContentIsReadInFewSteps(t *testing.T) {
	const size = 8 << 20
	app := restmachine.New(harness.Quiet)
	app.Post("/x", func(in restmachine.Body[[]byte]) error {
		if len(in.Value) != size {
			return harness.ErrSecret
		}
		return nil
	}).MaxBody(1 << 40)
	content := make([]byte, size)
	send := func(promised int64, content []byte) (status int, allocated uint64) {
		r := httptest.NewRequest("POST", "/x", bytes.NewReader(content))
		r.ContentLength = promised
		var before, after runtime.MemStats
		w := httptest.NewRecorder()
		runtime.ReadMemStats(&before)
		app.ServeHTTP(w, r)
		runtime.ReadMemStats(&after)
		return w.Code, after.TotalAlloc - before.TotalAlloc
	}
	send(size, content)
	status, allocated := send(size, content)
	assert.Equal(t, 204, status)
	assert.Less(t, allocated, uint64(4*size), "what it is, a copy, and what it grew through")
	_, allocated = send(1<<39, content[:1])
	assert.Less(t, allocated, uint64(1<<20), "a promise of much costs its sender nothing, and us little")
}

// TestNoContentIsNoNil: a Body[[]byte] of no content is empty, and not nil, which a database
// would take for NULL.
func TestNoContentIsNoNil(t *testing.T) {
	var got []byte
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Put("/bytes", func(in restmachine.Body[[]byte]) { got = in.Value })
	})
	for _, body := range []string{"", "x", ""} {
		p.Want(204, "PUT", "/bytes", body, "Content-Type", "application/octet-stream")
		assert.NotNil(t, got)
		assert.Equal(t, body, string(got))
	}
}
