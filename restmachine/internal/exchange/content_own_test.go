// Content and requests belong to the callback that was given them: what it keeps or
// changes is nobody else's, and a write that begins anew gets all of it again.

package exchange_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// TestARequestOfOnesOwn: what a callback does to its *http.Request stays its own.
func TestARequestOfOnesOwn(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/{customer}/things/{tenant}", func(r *http.Request, header http.Header) string {
		r.Header.Set("X-Flag", "mine")
		return r.PathValue("customer") + " " + r.PathValue("tenant")
	}).FinishRequest(func(header http.Header, out *restmachine.Response) { out.Header.Set("X-Flag", header.Get("X-Flag")) })
	mux := http.NewServeMux()
	var outer *http.Request
	mux.HandleFunc("/{tenant}/", func(w http.ResponseWriter, r *http.Request) {
		app.ServeHTTP(w, r)
		outer = r
	})
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/acme/things/7", nil)
	r.Header.Set("X-Flag", "theirs")
	mux.ServeHTTP(w, r)
	assert.Equal(t, "acme 7", w.Body.String())
	assert.Equal(t, "acme", outer.PathValue("tenant"), "a mux's own match")
	assert.Equal(t, "theirs", outer.Header.Get("X-Flag"))
	assert.Equal(t, "theirs", w.Header().Get("X-Flag"))
}

// What a handler was given stays its own, whoever comes next.
func TestContentThatIsKept(t *testing.T) {
	var kept []func() string
	keep := func(b []byte) { kept = append(kept, func() string { return string(b) }) }
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Put("/bytes", func(in restmachine.Body[[]byte]) { keep(in.Value) })
		app.Put("/raw", func(in restmachine.Body[json.RawMessage]) { keep(in.Value) })
		app.Put("/nested", func(in restmachine.Body[struct{ Text json.RawMessage }]) { keep(in.Value.Text) })
		app.Put("/own", func(in restmachine.Body[*strings.Builder]) {}).
			Accepts("*/*", func(content []byte) *strings.Builder { keep(content); return nil })
		app.Put("/request", func(r *http.Request, _ restmachine.Body[any]) error {
			content, err := io.ReadAll(r.Body)
			keep(content)
			return err
		})
		app.Put("/path/{word}", func(path restmachine.PathParams) {
			kept = append(kept, func() string { return path.Get("word") })
		})
	})
	for _, target := range []string{"/bytes", "/raw", "/nested", "/own", "/request", "/path/first"} {
		kept = nil
		p.Want(204, "PUT", target, `{"text": "first"}`)
		require.Len(t, kept, 1)
		was := kept[0]()
		require.Contains(t, was, "first")
		for range 10 {
			p.Want(204, "PUT", strings.Replace(target, "first", "other", 1), `{"text": "other"}`)
		}
		assert.Equal(t, was, kept[0](), target)
	}
}

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
	app := restmachine.New(harness.Quiet)
	app.ResourceExists(harness.LeafByPath)
	app.Put("/raw/{id}", func(_ *harness.Leaf, r *http.Request) error {
		content, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		return note(content)
	}).MaxBody(10)
	app.Put("/bytes/{id}", func(_ *harness.Leaf, in restmachine.Body[[]byte]) error { return note(in.Value) })
	parsed := app.Put("/parsed/{id}", func(_ *harness.Leaf, in restmachine.Body[harness.NoteIn]) error { return note([]byte(in.Value.Text)) })
	parsed.Accepts("text/plain", func(content []byte) harness.NoteIn { content[0]++; return harness.NoteIn{Text: string(content)} })
	app.Put("/asked/{id}", func(_ *harness.Leaf, in restmachine.Body[string]) error { return note([]byte(in.Value)) }).
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
		resp := app.Execute(harness.RequestOf("PUT", row.target, row.content, "Content-Type", "text/plain"))
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

// TestReadersOfOnesOwn: each callback that takes content as a reader reads all of it.
func TestReadersOfOnesOwn(t *testing.T) {
	type checked struct{ sum string }
	app := restmachine.New(harness.Quiet)
	app.ResourceExists(harness.LeafByPath)
	app.Dependency(func(in restmachine.Body[io.ReadSeeker]) (*checked, error) {
		sum, err := io.ReadAll(in.Value)
		return &checked{string(sum)}, err
	})
	half := func(in restmachine.Body[io.ReadSeeker]) (bool, error) {
		_, err := io.ReadFull(in.Value, make([]byte, 2))
		return false, err
	}
	read := func(c *checked, in restmachine.Body[io.ReadSeeker], r *http.Request) (string, error) {
		own, err := io.ReadAll(in.Value)
		if err != nil {
			return "", err
		}
		end, err := in.Value.Seek(-1, io.SeekEnd)
		if err != nil {
			return "", err
		}
		last, err := io.ReadAll(in.Value)
		if err != nil {
			return "", err
		}
		raw, err := io.ReadAll(r.Body)
		return fmt.Sprint(c.sum, "|", string(own), "|", end, string(last), "|", string(raw)), err
	}
	app.Post("/x", read)
	turns := 0
	at := app.Put("/leaves/{id}", func(_ *harness.Leaf, c *checked, in restmachine.Body[io.ReadSeeker], r *http.Request) (string, error) {
		said, err := read(c, in, r)
		if turns++; err == nil && turns%3 != 0 {
			err = restmachine.ErrStale // it begins anew, and reads all of it again
		}
		return said, err
	})
	at.IsConflict(half)
	for _, target := range []string{"POST /x", "PUT /leaves/here"} {
		method, path, _ := strings.Cut(target, " ")
		resp := app.Execute(restmachine.Request{Method: method, Path: path, Body: []byte("abc")})
		assert.Equal(t, "abc|abc|2c|abc", string(resp.Body), target)
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader("abc")))
		assert.Equal(t, "abc|abc|2c|abc", w.Body.String(), target)
	}
}

// TestContentOfOnesOwn: what one callback writes to its content, no other sees.
func TestContentOfOnesOwn(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Dependency(func(in restmachine.Body[[]byte]) *tx { clear(in.Value); return &tx{} })
	read := func(_ *tx, r *http.Request) (string, error) {
		content, err := io.ReadAll(r.Body)
		return string(content), err
	}
	app.Post("/x", read).Put(read)
	for _, method := range []string{"POST", "PUT"} {
		resp := app.Execute(harness.RequestOf(method, "/x", "hello", "If-Match", "*", "Content-Type", "text/plain"))
		assert.Equal(t, "hello", string(resp.Body), method)
	}
}

// TestContentThatIsSentBack: an answer may be read from the content of its request. The file of
// that is there until it was sent, and not longer.
func TestContentThatIsSentBack(t *testing.T) {
	text := strings.Repeat("0123456789", 10_000)
	type page struct{ in io.ReadSeeker }
	var kept io.Reader
	app := restmachine.New(harness.Quiet)
	app.Provides("text/plain", func(p *page) io.Reader { return p.in })
	handlers := map[string]restmachine.Func{
		"seeker": func(in restmachine.Body[io.ReadSeeker]) io.ReadSeeker { kept = in.Value; return in.Value },
		"reader": func(in restmachine.Body[io.ReadSeeker]) io.Reader { kept = in.Value; return io.MultiReader(in.Value) },
		"reply": func(in restmachine.Body[io.ReadSeeker]) *restmachine.Reply[io.ReadSeeker] {
			kept = in.Value
			return restmachine.NewReply(202, in.Value)
		},
		"dynamic":  func(in restmachine.Body[io.ReadSeeker]) any { kept = in.Value; return in.Value },
		"provided": func(in restmachine.Body[io.ReadSeeker]) *page { kept = in.Value; return &page{in.Value} },
		"request":  func(r *http.Request, in restmachine.Body[io.ReadSeeker]) io.Reader { kept = in.Value; return r.Body },
		"stream":   func(in restmachine.Body[io.Reader]) io.Reader { return in.Value },
	}
	for name, handler := range handlers {
		app.Post("/"+name, handler)
		if name != "stream" {
			app.Put("/"+name+"/{id}", handler).ResourceExists(func() bool { return true }) // under the lock
		}
	}
	require.NoError(t, app.Validate())
	for name := range handlers {
		for _, target := range []string{"POST /" + name, "PUT /" + name + "/here"} {
			method, path, _ := strings.Cut(target, " ")
			if name == "stream" && method == "PUT" {
				continue // the lock is not held while a client sends
			}
			kept = nil
			assert.Equal(t, text, string(app.Execute(harness.RequestOf(method, path, text)).Body), target)
			gone(t, kept, target)
			w := httptest.NewRecorder()
			app.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(text)))
			assert.Equal(t, text, w.Body.String(), target)
			gone(t, kept, target)
			restmachinetest.CheckIdle(t, app)
		}
	}
}

// gone asserts that a reader of a temporary file reads it no more.
func gone(t *testing.T, r io.Reader, what string) {
	t.Helper()
	if s, ok := r.(io.Seeker); ok {
		_, _ = s.Seek(0, io.SeekStart)
		_, err := r.Read(make([]byte, 1))
		assert.Error(t, err, "%s: the temporary file is open", what)
	}
}
