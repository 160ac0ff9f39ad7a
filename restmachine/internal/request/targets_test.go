// The target of a request: what is data in it, and which forms it may have.

package request_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestAbsoluteForm: a target may name its host (RFC 9112, 3.2.2). An empty path is
// "/" (RFC 9110, 4.2.3), and what a StripPrefix took off is known all the same.
func TestAbsoluteForm(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/", func() string { return "root" })
	app.Post("/things", func() *restmachine.Reply[any] { return restmachine.Created[any]("/things/1", "a thing") })
	for _, target := range []string{"http://example.com", "http://example.com?q=1", "http://example.com/"} {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		assert.Equal(t, "root", w.Body.String(), target)
	}
	for _, target := range []string{"/api/things", "http://example.com/api/things"} {
		w := httptest.NewRecorder()
		http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("POST", target, nil))
		assert.Equal(t, "/api/things/1", w.Header().Get("Location"), target)
	}
}

// TestEscapedSlashes are data, whatever else stands in the path: else another route,
// and another lock, would be found than a filter in front has seen.
func TestEscapedSlashes(t *testing.T) {
	app := restmachine.New(harness.Quiet)
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

// TestOwnURI: a PUT names its own target, as it can be sent, and with what a StripPrefix took off.
func TestOwnURI(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/{path...}", func() string { return "" }).Put(func() string { return "a thing" })
	for target, want := range map[string]string{
		"/x": "/x", "//evil.example/x": "/.//evil.example/x", "/x?y=1": "/x?y=1", "/x|": "/x%7C", "/%78": "/%78", "http://example.com/x": "/x", "/~x": "/~x",
	} {
		r := httptest.NewRequest("PUT", "/", nil)
		r.URL, r.RequestURI = must(url.ParseRequestURI(target)), target
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		assert.Equal(t, want, w.Header().Get("Content-Location"), target)
	}
	w := httptest.NewRecorder()
	http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("PUT", "/api/x", nil))
	assert.Equal(t, "/api/x", w.Header().Get("Content-Location"))
}

func must(u *url.URL, err error) *url.URL {
	if err != nil {
		panic(err)
	}
	return u
}
