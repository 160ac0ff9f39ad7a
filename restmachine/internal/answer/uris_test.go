// The URIs of an answer, in Location and Content-Location: how they are escaped, and
// what they are below a mount.

package answer_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestURIsOfFinishRequest and of a Problem are paths of the App, too.
func TestURIsOfFinishRequest(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/finished", func() string { return "" }).FinishRequest(func(resp *restmachine.Response) { resp.Header.Set("Content-Location", "/a b") })
	app.Get("/moved", func() *restmachine.Reply[any] { return restmachine.SeeOther[any]("/a b") }).FinishRequest(func(*restmachine.Response) {})
	app.Get("/refused", func() error {
		return &restmachine.Problem{Status: 403, Header: http.Header{"Content-Location": {"/a b"}}}
	})
	for path, field := range map[string]string{"/finished": "Content-Location", "/moved": "Location", "/refused": "Content-Location"} {
		w := httptest.NewRecorder()
		http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("GET", "/api"+path, nil))
		assert.Equal(t, "/api/a%20b", w.Header().Get(field), path)
	}
	app = restmachine.New(harness.Quiet)
	app.Get("/moved", func() *restmachine.Reply[any] { return restmachine.SeeOther[any]("/d/1") }).FinishRequest(func(resp *restmachine.Response) {
		resp.Header.Set("Location", resp.Header.Get("Location")+"?fresh=1")
	})
	w := httptest.NewRecorder()
	http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("GET", "/api/moved", nil))
	assert.Equal(t, "/api/d/1?fresh=1", w.Header().Get("Location"), "what it was shown is there already")
	app = restmachine.New(harness.Quiet)
	app.Get("/api/{id}", func() *restmachine.Reply[any] { return restmachine.SeeOther[any]("/elsewhere") }).FinishRequest(func(resp *restmachine.Response) {
		resp.Header.Set("Location", "/api/7")
	})
	for _, target := range []string{"/api/api/1", "http://example.com/api/api/a^b"} {
		w = httptest.NewRecorder()
		http.StripPrefix("/api", app).ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		assert.Equal(t, "/api/api/7", w.Header().Get("Location"), "a path of the App, for %s", target)
	}
}

// TestURIsOfResponses: what begins with one slash is a path of the App; it is
// escaped once, and stands below its mount. Everything else is sent as it is.
func TestURIsOfResponses(t *testing.T) {
	uri := ""
	app := restmachine.New(harness.Quiet)
	app.Location(func(harness.LeafIn) string { return uri })
	app.Post("/things", func() *restmachine.Reply[any] { return restmachine.Created[any]("", harness.LeafIn{Version: 1}) })
	app.Post("/own", func() *restmachine.Reply[any] { return restmachine.Created[any](uri, harness.LeafIn{Version: 1}) })
	app.Post("/other", func() *restmachine.Reply[any] { return restmachine.SeeOther[any](uri) })
	app.Get("/content", func() *restmachine.Reply[any] {
		return &restmachine.Reply[any]{Header: http.Header{"Content-Location": {uri}}, Entity: "x"}
	})
	app.Get("/thing", func() harness.LeafIn { return harness.LeafIn{Version: 1} })
	old := app.Group("/old")
	old.MovedPermanently(func() string { return uri })

	mounted := http.NewServeMux()
	mounted.Handle("/mount/", http.StripPrefix("/mount", app))
	mounted.Handle("/a%20b/", http.StripPrefix("/a b", app))

	tests := []struct{ uri, plain, mounted, spaced string }{
		{"/things/1", "/things/1", "/mount/things/1", "/a%20b/things/1"},
		{"/things/a b", "/things/a%20b", "/mount/things/a%20b", "/a%20b/things/a%20b"},
		{"/things/a%20b", "/things/a%20b", "/mount/things/a%20b", "/a%20b/things/a%20b"},
		{"/things/100%", "/things/100%25", "/mount/things/100%25", "/a%20b/things/100%25"},
		{"/things/ü", "/things/%C3%BC", "/mount/things/%C3%BC", "/a%20b/things/%C3%BC"},
		{"/things/1?a=b&c=d#e", "/things/1?a=b&c=d#e", "/mount/things/1?a=b&c=d#e", "/a%20b/things/1?a=b&c=d#e"},
		{"/things/\"<>\\", "/things/%22%3C%3E%5C", "/mount/things/%22%3C%3E%5C", "/a%20b/things/%22%3C%3E%5C"},
		{"/things/a\r\nb", "/things/a%0D%0Ab", "/mount/things/a%0D%0Ab", "/a%20b/things/a%0D%0Ab"},
		{"https://example.org/1", "https://example.org/1", "https://example.org/1", "https://example.org/1"},
		{"//example.org/1", "//example.org/1", "//example.org/1", "//example.org/1"},
		{"1", "1", "1", "1"},
		{"../1", "../1", "../1", "../1"},
	}
	requests := []struct{ method, path, field string }{
		{"POST", "/things", "Location"}, {"POST", "/own", "Location"}, {"POST", "/other", "Location"},
		{"GET", "/content", "Content-Location"}, {"GET", "/old", "Location"},
	}
	for _, tt := range tests {
		for _, r := range requests {
			uri = tt.uri
			assert.Equal(t, tt.plain, harness.ProbeOf(t, app).Do(r.method, r.path, "").Header.Get(r.field), "%s %q", r.path, tt.uri)
			for mount, want := range map[string]string{"": tt.plain, "/mount": tt.mounted, "/a%20b": tt.spaced} {
				var handler http.Handler = mounted
				if mount == "" {
					handler = app
				}
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest(r.method, mount+r.path, nil))
				assert.Equal(t, want, w.Header().Get(r.field), "%s%s %q", mount, r.path, tt.uri)
			}
		}
	}
}

// TestContentLocationBelowAMount: the answer to a PUT says where its
// representation is, as the client sees it.
func TestContentLocationBelowAMount(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/things/{name}", func() harness.LeafIn { return harness.LeafIn{Version: 1} })
	app.Put("/things/{name}", func() harness.LeafIn { return harness.LeafIn{Version: 2} })
	for target, want := range map[string]string{
		"/mount/things/a":          "/mount/things/a",
		"/mount/things/a%20b?q=1":  "/mount/things/a%20b?q=1",
		"/mount/things/%C3%BC%2Fx": "/mount/things/%C3%BC%2Fx",
	} {
		w := httptest.NewRecorder()
		http.StripPrefix("/mount", app).ServeHTTP(w, httptest.NewRequest("PUT", target, nil))
		assert.Equal(t, 200, w.Code)
		assert.Equal(t, want, w.Header().Get("Content-Location"))
	}
	assert.Equal(t, "/things/a?q=1", harness.ProbeOf(t, app).Want(200, "PUT", "/things/a?q=1", "").Header.Get("Content-Location"))
}
