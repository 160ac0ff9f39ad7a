// What is easily forgotten: content that was read already, what is loaded and must
// be closed, a date that says nothing, and words that would not be true.

package restmachine_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// TestContentIsNotReadTwice: a write that begins anew after ErrStale has all of its
// content again, or does not begin anew.
func TestContentIsNotReadTwice(t *testing.T) {
	var seen []string
	note := func(content []byte) error {
		seen = append(seen, string(content))
		for i := range content {
			content[i] = 'x'
		}
		if len(seen) < 3 {
			return restmachine.ErrStale
		}
		return nil
	}
	app := restmachine.New(quiet)
	app.ResourceExists(leafByPath)
	app.Put("/raw/{id}", func(_ *leaf, r *http.Request) error {
		content, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		return note(content)
	}).MaxBody(10)
	app.Put("/bytes/{id}", func(_ *leaf, in restmachine.Body[[]byte]) error { return note(in.Value) })
	parsed := app.Put("/parsed/{id}", func(_ *leaf, in restmachine.Body[noteIn]) error { return note([]byte(in.Value.Text)) })
	parsed.Accepts("text/plain", func(content []byte) noteIn { content[0]++; return noteIn{string(content)} })
	app.Put("/asked/{id}", func(_ *leaf, in restmachine.Body[string]) error { return note([]byte(in.Value)) }).
		Authorized(func(r *http.Request) bool { return r.Body != nil })
	for _, row := range []struct {
		target, content, reason string
		status                  int
		seen                    []string
	}{
		{"/raw/here", "abc", "a *http.Request's content can be read once", 409, []string{"abc"}},
		{"/bytes/here", "abc", "it is handed out anew", 204, []string{"abc", "abc", "abc"}},
		{"/parsed/here", "abc", "it is parsed anew", 204, []string{"bbc", "bbc", "bbc"}},
		{"/asked/here", "abc", "a *http.Request that nobody reads from takes nothing", 204, []string{"abc", "abc", "abc"}},
	} {
		seen = nil
		resp := app.Execute(requestOf("PUT", row.target, row.content, "Content-Type", "text/plain"))
		assert.Equal(t, row.status, resp.StatusCode, row.reason)
		assert.Equal(t, row.seen, seen, row.reason)
		seen = nil
		w := httptest.NewRecorder()
		r := httptest.NewRequest("PUT", row.target, strings.NewReader(row.content))
		r.Header.Set("Content-Type", "text/plain")
		app.ServeHTTP(w, r)
		assert.Equal(t, row.status, w.Code, row.reason)
		assert.Equal(t, row.seen, seen, row.reason)
	}
	r := httptest.NewRequest("PUT", "/raw/here", io.MultiReader(strings.NewReader("more than ten bytes"))) // of no known length
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	assert.Equal(t, 413, w.Code, "MaxBody is for whoever reads")
}

// A volume is loaded, shown as it is, and must be closed.
type volume struct {
	*strings.Reader
	closed *int
}

func (v *volume) Close() error { *v.closed++; return nil }

func TestWhatIsLoadedAndShownIsClosed(t *testing.T) {
	closed := 0
	p := newProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func() *volume { return &volume{strings.NewReader("text"), &closed} })
		app.GenerateETag(func(*volume) string { return "1" })
		app.Get("/volume", func(v *volume) *volume { return v })
	})
	for status, fields := range map[int][]string{200: nil, 304: {"If-None-Match", `"1"`}, 412: {"If-Match", `"2"`}} {
		for _, method := range []string{"GET", "HEAD"} {
			closed = 0
			p.want(status, method, "/volume", "", fields...)
			assert.Equal(t, 1, closed, "%s %d", method, status)
		}
	}
}

// TestADateOfWhatIsMissing: If-Unmodified-Since guards nothing where there is
// nothing, however that is said.
func TestADateOfWhatIsMissing(t *testing.T) {
	date := http.Header{"If-Unmodified-Since": {"Mon, 15 Jan 2024 10:00:00 GMT"}}.Get("If-Unmodified-Since")
	modified := func() time.Time { return leafModified }
	for name, build := range map[string]func(app *restmachine.App){
		"a bool": func(app *restmachine.App) {
			r := app.Get("/x", func() string { return "x" }).Put(func() {})
			r.ResourceExists(func() bool { return false })
			r.LastModified(modified)
		},
		"a GET": func(app *restmachine.App) {
			app.Get("/x", func() (string, error) { return "", restmachine.ErrNotFound }).Put(func() {}).LastModified(modified)
		},
		"a nil": func(app *restmachine.App) {
			app.ResourceExists(func() *leaf { return nil })
			app.Get("/x", func(l *leaf) *leaf { return l }).Put(func(restmachine.Optional[*leaf]) {}).LastModified(modified)
		},
	} {
		p := newProbe(t, func(app *restmachine.App) { app.RequirePreconditions(); build(app) })
		p.on(t).want(428, "PUT", "/x", "", "If-Unmodified-Since", date)
		assert.Equal(t, 201, p.do("PUT", "/x", "", "If-None-Match", "*").StatusCode, name)
	}
}

// TestDetailsAreTrue: a refusal of a fact's is not told as one of ours.
func TestDetailsAreTrue(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.Get("/short", func() string { return "" }).ValidEntityLength(func() bool { return false })
		app.Get("/target", func() string { return "" }).URITooLong(func() bool { return true })
		app.Put("/typed", func(restmachine.Body[leafIn]) {}).KnownContentType(func(h http.Header) bool { return h.Get("Content-Type") != "" })
	})
	detail := func(resp restmachine.Response) (said struct{ Detail string }) {
		assert.NoError(t, json.Unmarshal(resp.Body, &said))
		return said
	}
	assert.Empty(t, detail(p.want(413, "GET", "/short", "")).Detail)
	assert.Empty(t, detail(p.want(414, "GET", "/target", "")).Detail)
	resp := p.app.Execute(restmachine.Request{Method: "PUT", Path: "/typed", Body: []byte("{}")})
	assert.Empty(t, detail(resp).Detail)
	assert.Equal(t, "application/json", resp.Header.Get("Accept"), "what is read is known all the same")
}

// TestHeadOfABrokenApp has no content, like any other.
func TestHeadOfABrokenApp(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/", showCargo)
	get := app.Execute(restmachine.Request{Path: "/"})
	head := app.Execute(restmachine.Request{Method: "HEAD", Path: "/"})
	assert.Equal(t, 500, head.StatusCode)
	assert.Empty(t, head.Body)
	assert.NotEmpty(t, get.Body)
	assert.Equal(t, get.Header, head.Header)
}

// TestURIsOfFinishRequest and of a Problem are paths of the App, too.
func TestURIsOfFinishRequest(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/finished", func() string { return "" }).FinishRequest(func(resp *restmachine.Response) { resp.Header.Set("Content-Location", "/a b") })
	app.Get("/moved", func() *restmachine.Reply { return restmachine.SeeOther("/a b") }).FinishRequest(func(*restmachine.Response) {})
	app.Get("/refused", func() error {
		return &restmachine.Problem{Status: 403, Header: http.Header{"Content-Location": {"/a b"}}}
	})
	for path, field := range map[string]string{"/finished": "Content-Location", "/moved": "Location", "/refused": "Content-Location"} {
		w := httptest.NewRecorder()
		http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("GET", "/api"+path, nil))
		assert.Equal(t, "/api/a%20b", w.Header().Get(field), path)
	}
	app = restmachine.New(quiet)
	app.Get("/moved", func() *restmachine.Reply { return restmachine.SeeOther("/d/1") }).FinishRequest(func(resp *restmachine.Response) {
		resp.Header.Set("Location", resp.Header.Get("Location")+"?fresh=1")
	})
	w := httptest.NewRecorder()
	http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("GET", "/api/moved", nil))
	assert.Equal(t, "/api/d/1?fresh=1", w.Header().Get("Location"), "what it was shown is there already")
	app = restmachine.New(quiet)
	app.Get("/api/{id}", func() *restmachine.Reply { return restmachine.SeeOther("/elsewhere") }).FinishRequest(func(resp *restmachine.Response) {
		resp.Header.Set("Location", "/api/7")
	})
	for _, target := range []string{"/api/api/1", "http://example.com/api/api/a^b"} {
		w = httptest.NewRecorder()
		http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		assert.Equal(t, "/api/api/7", w.Header().Get("Location"), "a path of the App, for %s", target)
	}
}

// TestTrailers are those of the request, which net/http knows behind the content.
func TestTrailers(t *testing.T) {
	app := restmachine.New(quiet)
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
	app := restmachine.New(quiet)
	app.Post("/x", func(in restmachine.Body[[]byte]) error {
		if len(in.Value) != size {
			return errSecret
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

// TestNilRawMessage is what it says of itself, and no empty list.
func TestNilRawMessage(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.Get("/raw", func() json.RawMessage { return nil })
		app.Get("/list", func() []int { return nil })
	})
	assert.Equal(t, "null", string(p.want(200, "GET", "/raw", "").Body))
	assert.Equal(t, "[]", string(p.want(200, "GET", "/list", "").Body))
}

var rendererFaults = []faultRow{{
	name: "a renderer that asks for more than the write", reason: "the write would be done, and answered with 404",
	fault: func(a *restmachine.App) string {
		a.ResourceExists(loadShip)
		a.ResourceExists(loadHarbour)
		site := nextLine()
		a.Provides("text/html", func(*ship, *harbour) string { return "" })
		a.Put("/ship", writeShip)
		return site
	},
	says: []string{"Provides text/html", "*restmachine_test.harbour", "PUT /ship"},
	near: func(a *restmachine.App) {
		a.ResourceExists(loadShip)
		a.ResourceExists(loadHarbour)
		a.Provides("text/html", func(*ship, *harbour) string { return "" })
		a.Put("/ship", func(s *ship, _ *harbour) *ship { return s })
	},
}}

func TestFaultsOfRenderers(t *testing.T) { checkFaults(t, rendererFaults) }
