package cors_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

// TestPreflight: what a browser asks before it sends the request.
func TestPreflight(t *testing.T) {
	app := allowed(cors.Policy{Origins: []string{ours}, Headers: []string{"X-Client", "if-match"}})
	for _, row := range []struct{ path, methods, allow, why string }{
		{"/notes/1", "DELETE, GET, HEAD, PUT, OPTIONS", "DELETE, GET, HEAD, PUT, OPTIONS", "what this path handles"},
		{"/notes/7", "DELETE, GET, HEAD, PUT, OPTIONS", "DELETE, GET, HEAD, PUT, OPTIONS", "nobody asks whether it is there"},
		{"/notes/panic", "DELETE, GET, HEAD, PUT, OPTIONS", "DELETE, GET, HEAD, PUT, OPTIONS", "nothing is loaded"},
		{"/notes", "POST, OPTIONS", "POST, OPTIONS", "and not what another one handles"},
		{"/nowhere", "GET, HEAD, POST, PUT, PATCH, DELETE", "OPTIONS", "the page is to see the 404"},
	} {
		resp := preflight(t, app, row.path, ours, "PUT", "content-type", "if-match")
		require.Equal(t, 200, resp.StatusCode, row.why)
		assert.Equal(t, row.methods, resp.Header.Get("Access-Control-Allow-Methods"), row.why)
		assert.Equal(t, row.allow, resp.Header.Get("Allow"), row.why)
		assert.Equal(t, "Accept, Accept-Language, Authorization, Content-Language, Content-Type, If-Match, If-Modified-Since, "+
			"If-None-Match, If-Range, If-Unmodified-Since, Last-Event-ID, Range, X-Client", resp.Header.Get("Access-Control-Allow-Headers"))
		assert.Equal(t, "600", resp.Header.Get("Access-Control-Max-Age"))
		assert.Equal(t, "Origin, Access-Control-Request-Method", resp.Header.Get("Vary"))
		assert.Empty(t, resp.Header.Values("Access-Control-Expose-Headers"), "it has nothing to read")
		assert.Empty(t, resp.Body)

		resp = preflight(t, app, row.path, theirs, "PUT")
		assert.Equal(t, 200, resp.StatusCode)
		for field := range resp.Header {
			assert.False(t, strings.HasPrefix(field, "Access-Control-"), "%s to %s", field, theirs)
		}
		assert.Equal(t, "Origin, Access-Control-Request-Method", resp.Header.Get("Vary"))
	}
}

// TestOtherOptions: an OPTIONS that is not a preflight is asked what it was asked, and says
// what it said.
func TestOtherOptions(t *testing.T) {
	app, plain := allowed(cors.Policy{Origins: []string{ours}}), newNotes()
	for _, h := range []http.Header{
		fields("X-Client", "x"),
		fields("X-Client", "x", "Origin", ours),
		fields("X-Client", "x", "Access-Control-Request-Method", "PUT"),
		fields("Origin", ours),
		fields("X-Client", "x", "X-Load", "full"),
	} {
		for _, path := range []string{"/notes/1", "/nowhere", "*"} {
			r := restmachine.Request{Method: "OPTIONS", Path: path, Header: h}
			with, without := app.Execute(r), plain.Execute(r)
			assert.Equal(t, without.StatusCode, with.StatusCode)
			assert.Equal(t, without.Body, with.Body)
			assert.Equal(t, without.Header.Get("Allow"), with.Header.Get("Allow"))
			assert.Empty(t, with.Header.Values("Access-Control-Allow-Methods"))
		}
	}
	resp := preflight(t, plain, "/notes/1", ours, "PUT")
	assert.Equal(t, 400, resp.StatusCode, "without a policy there is no preflight")
}

// TestPreflightAsksNobody: what would refuse an OPTIONS, or make something for it, is not
// called. A hook that takes nothing but the response runs.
func TestPreflightAsksNobody(t *testing.T) {
	app := restmachine.New()
	refuse := func(at restmachine.Method) bool { t.Errorf("a gate was asked on %s", at); return false }
	app.ServiceAvailable(refuse)
	app.KnownMethod(refuse)
	app.MalformedRequest(refuse)
	app.URITooLong(refuse)
	app.Authorized(refuse)
	app.Forbidden(refuse)
	type session struct{}
	app.Dependency(func() (*session, error) { t.Error("a session was made"); return nil, restmachine.ErrNotFound })
	app.FinishRequest(func(*session, *restmachine.Response) { t.Error("a hook ran that needs a session") })
	app.FinishRequest(func(resp *restmachine.Response) { resp.Header.Set("X-Hook", "ran") })
	app.MethodAllowed(func(m restmachine.Method) bool { return m != "DELETE" })
	app.Get("/", func() string { return "" }).Put(func() {}).Delete(func() {})
	cors.Allow(app, cors.Policy{Origins: []string{ours}})
	resp := preflight(t, app, "/", ours, "PUT")
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, "GET, HEAD, PUT, OPTIONS", resp.Header.Get("Access-Control-Allow-Methods"), "as Allow says, by the gate that takes the method alone")
	assert.Equal(t, "ran", resp.Header.Get("X-Hook"))
	_, trace := app.Explain(restmachine.Request{Method: "OPTIONS", Path: "/nowhere",
		Header: fields("Origin", ours, "Access-Control-Request-Method", "PUT")})
	assert.Equal(t, "B13 B12 B11 B10 B9 B3 200", fmt.Sprint(trace), "every question is settled")
}

// TestOtherMethods: what a Resource handles beside the usual methods is allowed, and known on
// unknown paths.
func TestOtherMethods(t *testing.T) {
	app := restmachine.New()
	app.Resource("/").Handle("PURGE", func() {})
	cors.Allow(app, cors.Policy{Origins: []string{ours}})
	assert.Equal(t, "PURGE, OPTIONS", preflight(t, app, "/", ours, "PURGE").Header.Get("Access-Control-Allow-Methods"))
	assert.Contains(t, list(preflight(t, app, "/x", ours, "PURGE").Header, "Access-Control-Allow-Methods"), "Purge")
}

// TestMaxAge: what browsers are told.
func TestMaxAge(t *testing.T) {
	for age, want := range map[time.Duration]string{0: "600", 1: "0", time.Second: "1", 90 * time.Minute: "5400", 24 * time.Hour: "86400"} {
		app := allowed(cors.Policy{Origins: []string{ours}, MaxAge: age})
		assert.Equal(t, want, preflight(t, app, "/notes", ours, "POST").Header.Get("Access-Control-Max-Age"))
	}
}

// TestWildcardsOfFields: without credentials "*" stands for all fields but Authorization, which
// is named.
func TestWildcardsOfFields(t *testing.T) {
	app := allowed(cors.Policy{Origins: []string{"*"}, Headers: []string{"*"}, Expose: []string{"*", "etag"}})
	h := preflight(t, app, "/notes", theirs, "POST").Header
	assert.Subset(t, list(h, "Access-Control-Allow-Headers"), []string{"*", "Authorization"})
	assert.Equal(t, "*", h.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "Access-Control-Request-Method", h.Get("Vary"))
	read := app.Execute(restmachine.Request{Path: "/old"})
	assert.Contains(t, list(read.Header, "Access-Control-Expose-Headers"), "*")
	assert.Equal(t, 1, strings.Count(strings.ToLower(read.Header.Get("Access-Control-Expose-Headers")), "etag"))
}
