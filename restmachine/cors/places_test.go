package cors_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

func allowOrigin(app *restmachine.App, path, origin string) string {
	resp := app.Execute(restmachine.Request{Path: path, Header: fields("Origin", origin)})
	return resp.Header.Get("Access-Control-Allow-Origin")
}

// TestTheNearestHolds: of several policies above a path the nearest alone, as a whole.
func TestTheNearestHolds(t *testing.T) {
	app := restmachine.New()
	page := func() string { return "" }
	app.Get("/", page)
	v1 := app.Group("/v1")
	v1.Get("/a", page)
	cors.Allow(v1.Get("/b", page), cors.Policy{Origins: []string{"https://b.example"}})
	inner := v1.Group("/inner")
	inner.Get("/c", page)
	admin := app.Group("/admin")
	admin.Get("/d", page)
	cors.Allow(app, cors.Policy{Origins: []string{"*"}, Headers: []string{"X-App"}})
	cors.Allow(v1, cors.Policy{Origins: []string{"https://v1.example"}, Credentials: true})
	cors.Deny(admin)
	for path, want := range map[string]map[string]string{
		"/":           {"https://b.example": "*", "https://v1.example": "*", "": "*"},
		"/nowhere":    {"https://b.example": "*", "https://v1.example": "*", "": "*"},
		"/v1/a":       {"https://b.example": "", "https://v1.example": "https://v1.example", "": ""},
		"/v1/inner/c": {"https://b.example": "", "https://v1.example": "https://v1.example", "": ""},
		"/v1/nowhere": {"https://b.example": "", "https://v1.example": "https://v1.example", "": ""},
		"/v1/b":       {"https://b.example": "https://b.example", "https://v1.example": "", "": ""},
		"/admin/d":    {"https://b.example": "", "https://v1.example": "", "": ""},
		"/admin/none": {"https://b.example": "", "https://v1.example": "", "": ""},
	} {
		for origin, allowed := range want {
			assert.Equal(t, allowed, allowOrigin(app, path, origin), "%s for %q", path, origin)
		}
	}
	resp := preflight(t, app, "/v1/b", "https://b.example", "PUT")
	assert.Empty(t, resp.Header.Values("Access-Control-Allow-Credentials"), "the Group lets cookies in, the Resource does not")
	assert.NotContains(t, list(resp.Header, "Access-Control-Allow-Headers"), "X-App")
	resp = preflight(t, app, "/admin/d", ours, "PUT")
	assert.Empty(t, resp.Header.Values("Access-Control-Allow-Methods"))
	assert.Contains(t, app.Describe(), "cors.Deny (")
	assert.Contains(t, app.Describe(), "cors.Allow (cors/places_test.go:")
}

// TestHooks: what a FinishRequest says adds up with the policy, and cannot lose it.
func TestHooks(t *testing.T) {
	app := restmachine.New()
	app.Get("/", func() string { return "" })
	app.Variances(func() []string { return []string{"X-Tenant"} })
	app.FinishRequest(func(resp *restmachine.Response) {
		resp.Header.Set("Vary", "Cookie")
		resp.Header.Set("Access-Control-Expose-Headers", "x-request-id, ETag")
		resp.Header.Set("Access-Control-Allow-Origin", theirs)
		resp.Header.Set("Access-Control-Allow-Credentials", "true")
		resp.Header.Set("X-Request-ID", "1")
	})
	cors.Allow(app, cors.Policy{Origins: []string{ours}})
	h := app.Execute(restmachine.Request{Path: "/", Header: fields("Origin", ours)}).Header
	assert.Equal(t, []string{"Cookie", "Origin"}, list(h, "Vary"))
	assert.Subset(t, list(h, "Access-Control-Expose-Headers"), []string{"X-Request-Id", "Location"})
	assert.Len(t, h.Values("Access-Control-Expose-Headers"), 1)
	assert.Equal(t, []string{ours}, h.Values("Access-Control-Allow-Origin"))
	assert.Empty(t, h.Values("Access-Control-Allow-Credentials"), "the policy alone says who may come with cookies")
	assert.Equal(t, "1", h.Get("X-Request-Id"))
	h = app.Execute(restmachine.Request{Path: "/", Header: fields("Origin", theirs)}).Header
	assert.Empty(t, h.Values("Access-Control-Allow-Origin"), "the policy alone says who may come")
	assert.Equal(t, []string{"Cookie", "Origin"}, list(h, "Vary"))
}

// TestMatchThatPanics: the answer stays, since its write is done. Nobody sees it, and no cache
// keeps it.
func TestMatchThatPanics(t *testing.T) {
	app := allowed(cors.Policy{Match: func(string) bool { panic("the list is broken") }})
	r := restmachine.Request{Path: "/notes/1", Header: fields("Origin", ours, "Authorization", "x", "X-Client", "x")}
	resp := app.Execute(r)
	assert.Equal(t, 200, resp.StatusCode)
	assert.Empty(t, resp.Header.Values("Access-Control-Allow-Origin"))
	assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
}

// TestManyAtOnce: one policy serves many requests, with the race detector.
func TestManyAtOnce(t *testing.T) {
	app := allowed(cors.Policy{Origins: []string{ours, "https://*.example.com"}})
	require.NoError(t, app.Start(t.Context()))
	var wrong atomic.Int32
	done := make(chan struct{})
	for n := range 8 {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := range 50 {
				origin := fmt.Sprintf("https://h%d-%d.example.com", n, i)
				if allowOrigin(app, "/old", origin) != origin || allowOrigin(app, "/old", ours) != ours || allowOrigin(app, "/old", theirs) != "" {
					wrong.Add(1)
				}
			}
		}()
	}
	for range 8 {
		<-done
	}
	assert.Zero(t, wrong.Load())
}

// TestPlacesAreSealed: an App, a Group and a Resource are places.
func TestPlacesAreSealed(t *testing.T) {
	app := restmachine.New()
	for _, place := range []restmachine.Place{app, app.Group("/a"), app.Resource("/b"), &app.Facts} {
		assert.Implements(t, (*restmachine.Place)(nil), place)
	}
	var other any = http.NewServeMux()
	_, ok := other.(restmachine.Place)
	assert.False(t, ok)
}

// TestNotRunning: a page sees the 503 of an App that has shut down, and the 500 of one that could
// not start. Its preflight passes, or it would see neither.
func TestNotRunning(t *testing.T) {
	ended := allowed(cors.Policy{Origins: []string{ours}})
	require.NoError(t, ended.Start(t.Context()))
	require.NoError(t, ended.Shutdown(t.Context()))
	failing := allowed(cors.Policy{Origins: []string{ours}})
	failing.OnStartup(func() error { return errors.New("the database is down") })
	for status, app := range map[int]*restmachine.App{503: ended, 500: failing} {
		for name, through := range doors(t, app) {
			for _, path := range []string{"/notes/1", "/notes/none/of/these"} {
				resp := through(t, "PUT", path, "", fields("Origin", ours))
				assert.Equal(t, status, resp.StatusCode, name)
				assert.Equal(t, ours, resp.Header.Get("Access-Control-Allow-Origin"), "%s %d", name, status)
				assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
				assert.Contains(t, list(resp.Header, "Vary"), "Origin")
				resp = through(t, "PUT", path, "", fields("Origin", theirs))
				assert.Equal(t, status, resp.StatusCode)
				assert.Empty(t, resp.Header.Values("Access-Control-Allow-Origin"))
				assert.Contains(t, string(resp.Body), `"status":`)
				resp = through(t, "OPTIONS", path, "", fields("Origin", ours, "Access-Control-Request-Method", "PUT"))
				assert.Equal(t, 200, resp.StatusCode)
				assert.Contains(t, list(resp.Header, "Access-Control-Allow-Methods"), "Put")
			}
			resp := through(t, "OPTIONS", "/notes/1", "", fields("Origin", ours))
			assert.Equal(t, status, resp.StatusCode, "it is not a preflight")
		}
	}
}
