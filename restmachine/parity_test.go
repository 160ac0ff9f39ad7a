// What must not depend on how a request is answered: in process or on the wire, traced
// or not, with content or without.

package restmachine_test

import (
	"errors"
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
