// What must not depend on how a request is answered: in process or on the wire, traced
// or not, with content or without.

package restmachine_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// TestEscapedSlashes are data, whatever else stands in the path: else another route,
// and another lock, would be found than a filter in front has seen.
func TestEscapedSlashes(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/i/{id}", func(path restmachine.PathParams) string { return "id " + path.Get("id") })
	app.Get("/i/{id}/secret", func(path restmachine.PathParams) string { return "secret " + path.Get("id") })
	for target, want := range map[string]string{
		"/i/a%2Fb":           "id a/b",
		"/i/\u00e9%2Fb":      "id \u00e9/b",
		"/i/|%2Fsecret":      "id |/secret",
		"/i/^%2fsecret":      "id ^/secret",
		"/i/a%2Fb%2F/secret": "secret a/b/",
	} {
		assert.Equal(t, want, string(app.Execute(restmachine.Request{Path: target}).Body), target)
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		assert.Equal(t, want, w.Body.String(), "on the wire: %s", target)
		w = httptest.NewRecorder()
		http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("GET", "/api"+target, nil))
		assert.Equal(t, want, w.Body.String(), "below a mount: %s", target)
	}
}

// TestATraceAsksNothing that the answer does not need.
func TestATraceAsksNothing(t *testing.T) {
	app := restmachine.New(quiet)
	app.ResourceExists(leafByPath)
	app.GenerateETag(func(*leaf) string { return "1" })
	app.LastModified(func(*leaf) time.Time { panic("asked") })
	app.Get("/leaves/{id}", func(l *leaf) *leaf { return l })
	req := requestOf("GET", "/leaves/here", "", "If-None-Match", `"1"`)
	assert.Equal(t, 304, app.Execute(req).StatusCode)
	resp, trace := app.Explain(req)
	assert.Equal(t, 304, resp.StatusCode, trace)
}

// TestFinishRequestOfAFailedCleanup: it is asked of the answer that is sent.
func TestFinishRequestOfAFailedCleanup(t *testing.T) {
	for status, err := range map[int]error{500: errors.New("no commit"), 409: restmachine.ErrStale} {
		p := newProbe(t, func(app *restmachine.App) {
			app.Dependency(func() (*tx, func(error) error) { return &tx{}, func(error) error { return err } })
			app.FinishRequest(func(resp *restmachine.Response) { resp.Header.Set("X-Frame-Options", "DENY") })
			app.Get("/x", func(*tx) string { return "x" })
		})
		assert.Equal(t, "DENY", p.want(status, "GET", "/x", "").Header.Get("X-Frame-Options"))
	}
}

// TestFinishRequestAfterACleanup: what was made for the request is undone, and nothing
// is made again.
func TestFinishRequestAfterACleanup(t *testing.T) {
	made, finished := 0, 0
	p := newProbe(t, func(app *restmachine.App) {
		app.Dependency(func() (*tx, func(error) error) {
			made++
			return &tx{}, func(error) error { return restmachine.ErrStale }
		})
		app.FinishRequest(func(_ *restmachine.Response, _ *tx) { finished++ })
		app.Post("/x", func(*tx) {})
	})
	p.want(409, "POST", "/x", "")
	assert.Equal(t, 1, made)
	assert.Equal(t, 1, finished)
}

// TestContentOfOnesOwn: what one callback writes to its content, no other sees.
func TestContentOfOnesOwn(t *testing.T) {
	app := restmachine.New(quiet)
	app.Dependency(func(in restmachine.Body[[]byte]) *tx { clear(in.Value); return &tx{} })
	read := func(_ *tx, r *http.Request) (string, error) {
		content, err := io.ReadAll(r.Body)
		return string(content), err
	}
	app.Post("/x", read).Put(read)
	for _, method := range []string{"POST", "PUT"} {
		resp := app.Execute(requestOf(method, "/x", "hello", "If-Match", "*", "Content-Type", "text/plain"))
		assert.Equal(t, "hello", string(resp.Body), method)
	}
}

// TestHeadOfARefusal has the length of the GET's (RFC 9110, 8.6).
func TestHeadOfARefusal(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) { app.Put("/x", func() {}) })
	get, head := p.want(405, "GET", "/x", ""), p.want(405, "HEAD", "/x", "")
	assert.Equal(t, get.Header, head.Header)
}

// TestValidatorsOfAnInterface hold where only the value tells its type.
func TestValidatorsOfAnInterface(t *testing.T) {
	for name, get := range map[string]restmachine.Func{
		"as it is": func(m manager) manager { return m },
		"in any":   func(m manager) any { return m },
		"replied":  func(m manager) *restmachine.Reply { return restmachine.NewReply(200, m) },
	} {
		p := newProbe(t, func(app *restmachine.App) {
			app.ResourceExists(func() manager { return &boss{} })
			app.GenerateETag(func(manager) string { return "1" })
			app.Get("/x", get).Put(func(manager) {})
		})
		require.Equal(t, `"1"`, p.want(200, "GET", "/x", "").Header.Get("ETag"), name)
		p.want(204, "PUT", "/x", "", "If-Match", `"1"`)
		p.want(412, "PUT", "/x", "", "If-Match", `"2"`)
	}
}

// TestValidatorsBehindAnInterface: the facts for the type itself go before those for
// the interface, each for itself; a view that is declared as such has none of either.
func TestValidatorsBehindAnInterface(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func() manager { return &boss{} })
		app.LastModified(func(manager) time.Time { return leafModified })
		app.GenerateETag(func(*boss) string { return "boss" })
		app.Get("/any", func(m manager) any { return m })
		app.Get("/boss", func() *boss { return &boss{} })
		app.Get("/view", func(manager) *viewed { return &viewed{} }).Patch(func() *restmachine.Reply { return nil })
	})
	found := p.want(200, "GET", "/any", "").Header
	assert.Equal(t, `"boss"`, found.Get("ETag"))
	assert.NotEmpty(t, found.Get("Last-Modified"))
	assert.Empty(t, p.want(200, "GET", "/view", "").Header.Get("Last-Modified"), "it would be a stale 304")
}

// viewed is a manager, too.
type viewed struct{}

func (*viewed) Manage() {}
