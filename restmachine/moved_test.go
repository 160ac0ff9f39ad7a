// Where a resource is now, and how the URIs of a response are written: the Moved
// facts on every place, redirects, and paths below a mount.

package restmachine_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// movedFacts are the two facts with the status of each.
var movedFacts = []struct {
	name   string
	say    func(*restmachine.Facts, restmachine.Func)
	status int
}{
	{"MovedPermanently", (*restmachine.Facts).MovedPermanently, 301},
	{"MovedTemporarily", (*restmachine.Facts).MovedTemporarily, 307},
}

// TestMovedTo: on the App and on a Resource the fact says the whole URI.
func TestMovedTo(t *testing.T) {
	for _, fact := range movedFacts {
		for i, place := range []string{"App", "Resource"} {
			t.Run(fact.name+" on the "+place, func(t *testing.T) {
				p := newProbe(t, leaves(func(app, _, r *restmachine.Facts) {
					fact.say([]*restmachine.Facts{app, r}[i], func(path restmachine.PathParams, c *clock) string {
						if slices.Contains(slices.Collect(maps.Values(path.All())), "old") {
							return "/g/leaves/here"
						}
						return ""
					})
				}))
				for _, method := range []string{"GET", "HEAD", "DELETE", "PATCH", "POST"} {
					for _, fields := range [][]string{nil, {"If-Match", `"1"`}, {"If-None-Match", "*"}, {"If-Match", `"x`}} {
						resp := p.want(fact.status, method, "/g/leaves/old?q=1", "", fields...)
						assert.Equal(t, "/g/leaves/here", resp.Header.Get("Location"), "as the fact says it")
					}
				}
				p.want(404, "GET", "/g/leaves/away", "")
				p.want(200, "GET", "/g/leaves/here", "")
				p.want(200, "OPTIONS", "/g/leaves/old", "")

				// A PUT that can create is redirected for good only.
				want := 201
				if fact.status == 301 {
					want = 301
				}
				p.want(want, "PUT", "/g/leaves/old", `{}`)
				p.want(201, "PUT", "/g/leaves/away", `{}`)
			})
		}
	}
}

// TestMovedFails: an error or a Problem of the fact ends the request.
func TestMovedFails(t *testing.T) {
	for _, fact := range movedFacts {
		for err, want := range map[error]int{errSecret: 500, &restmachine.Problem{Status: 451}: 451, restmachine.ErrGone: 410} {
			p := newProbe(t, leaves(func(_, _, r *restmachine.Facts) {
				fact.say(r, func() (string, error) { return "/new", err })
			}))
			assert.NotContains(t, string(p.want(want, "GET", "/g/leaves/away", "").Body), "secret")
		}
	}
}

// TestMovedMakesPreviouslyExisted: where PreviouslyExisted is given it decides,
// else what has moved did exist.
func TestMovedMakesPreviouslyExisted(t *testing.T) {
	for _, fact := range movedFacts {
		for existed, want := range map[bool]int{true: fact.status, false: 404} {
			p := newProbe(t, leaves(func(_, _, r *restmachine.Facts) {
				fact.say(r, func() string { return "/new" })
				r.PreviouslyExisted(func() bool { return existed })
			}))
			p.want(want, "GET", "/g/leaves/away", "")
		}
		p := newProbe(t, leaves(func(_, _, r *restmachine.Facts) {
			fact.say(r, func() string { return "" })
			r.PreviouslyExisted(func() bool { return true })
			r.AllowMissingPost(func() bool { return true })
		}))
		p.want(410, "GET", "/g/leaves/away", "")
		p.want(200, "POST", "/g/leaves/away", "")
	}
}

// TestMovedOnAGroup: the fact is the new URI of the prefix; what follows it is
// kept, on resources that are missing and on paths that are unknown.
func TestMovedOnAGroup(t *testing.T) {
	for _, fact := range movedFacts {
		t.Run(fact.name, func(t *testing.T) {
			p := newProbe(t, func(app *restmachine.App) {
				app.ResourceExists(leafByPath)
				old := app.Group("/v1/{tenant}")
				fact.say(&old.Facts, func(path restmachine.PathParams) string { return "/v2/tenants/" + path.Get("tenant") })
				old.Get("/leaves/{id}", func(l *leaf) *leaf { return l })
				other := app.Group("/abroad")
				fact.say(&other.Facts, func() string { return "https://example.org/base" })
				app.Get("/else", func() string { return "" })
			})
			tests := []struct{ target, location string }{
				{"/v1/t", "/v2/tenants/t"},
				{"/v1/t/", "/v2/tenants/t/"},
				{"/v1/t/unknown/path", "/v2/tenants/t/unknown/path"},
				{"/v1/t/unknown?a=b&c=%20d", "/v2/tenants/t/unknown?a=b&c=%20d"},
				{"/v1/t/leaves/away?x", "/v2/tenants/t/leaves/away?x"},
				{"/v1/t/a%20b/%2f%25", "/v2/tenants/t/a%20b/%2f%25"},
				{"/abroad/x?y", "https://example.org/base/x?y"},
				{"/abroad", "https://example.org/base"},
			}
			for _, tt := range tests {
				for _, method := range []string{"GET", "HEAD", "POST", "DELETE"} {
					resp := p.on(t).do(method, tt.target, "", "If-Match", "*")
					if tt.target == "/v1/t/leaves/away?x" && (method == "POST" || method == "DELETE") {
						assert.Equal(t, 405, resp.StatusCode, "a known path")
						continue
					}
					assert.Equal(t, fact.status, resp.StatusCode, "%s %s", method, tt.target)
					assert.Equal(t, tt.location, resp.Header.Get("Location"))
				}
			}
			p.want(200, "GET", "/v1/t/leaves/here", "")
			p.want(404, "GET", "/v1", "")
			p.want(404, "GET", "/abroadx", "")
		})
	}
}

// TestGoneAndRedirectedByError: what no Moved fact covers is said by a Problem
// or a Reply.
func TestGoneAndRedirectedByError(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func(path restmachine.PathParams) (*leaf, error) {
			switch path.Get("id") {
			case "gone":
				return nil, restmachine.ErrGone
			case "moved":
				return nil, &restmachine.Problem{Status: 308, Header: http.Header{"location": {"/leaves/über uns"}}}
			}
			return leafByPath(path), nil
		})
		app.Get("/leaves/{id}", func(l *leaf) *restmachine.Reply {
			return &restmachine.Reply{Status: 308, Header: http.Header{"Location": {"/there"}}}
		})
	})
	p.want(410, "GET", "/leaves/gone", "", "If-Match", `"1"`)
	p.want(404, "GET", "/leaves/away", "")
	assert.Equal(t, "/leaves/%C3%BCber%20uns", p.want(308, "GET", "/leaves/moved", "").Header.Get("Location"))
	reply := p.want(308, "GET", "/leaves/here", "")
	assert.Equal(t, "/there", reply.Header.Get("Location"))
	assert.Empty(t, string(reply.Body))
}

// TestMultipleChoices: the content is the list, and it is no representation
// that a validator could describe.
func TestMultipleChoices(t *testing.T) {
	p := newProbe(t, leaves(func(app, _, r *restmachine.Facts) {
		app.GenerateETag(func(*leaf) string { return "1" })
		r.MultipleChoices(func(h http.Header) bool { return h.Get("Say") == "choices" })
	}))
	for _, fields := range [][]string{{"If-None-Match", `"1"`}, {"If-Match", `"2"`}, {"X", "y"}} {
		resp := p.want(300, "GET", "/g/leaves/here", "", append(fields, "Say", "choices")...)
		assert.Equal(t, `{"id":"here","version":1}`, string(resp.Body))
		assert.Equal(t, "application/json", resp.Header.Get("Content-Type"))
		assert.Empty(t, resp.Header.Get("ETag"))
		assert.Empty(t, string(p.want(300, "HEAD", "/g/leaves/here", "", append(fields, "Say", "choices")...).Body))
	}
	p.want(304, "GET", "/g/leaves/here", "", "If-None-Match", `"1"`)
	p.want(200, "PUT", "/g/leaves/here", `{}`, "Say", "choices")
}

// TestURIsOfResponses: what begins with one slash is a path of the App; it is
// escaped once, and stands below its mount. Everything else is sent as it is.
func TestURIsOfResponses(t *testing.T) {
	uri := ""
	app := restmachine.New(quiet)
	app.Location(func(leafIn) string { return uri })
	app.Post("/things", func() *restmachine.Reply { return restmachine.Created("", leafIn{1}) })
	app.Post("/own", func() *restmachine.Reply { return restmachine.Created(uri, leafIn{1}) })
	app.Post("/other", func() *restmachine.Reply { return restmachine.SeeOther(uri) })
	app.Get("/content", func() *restmachine.Reply {
		return &restmachine.Reply{Header: http.Header{"Content-Location": {uri}}, Entity: "x"}
	})
	app.Get("/thing", func() leafIn { return leafIn{1} })
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
			assert.Equal(t, tt.plain, probeOf(t, app).do(r.method, r.path, "").Header.Get(r.field), "%s %q", r.path, tt.uri)
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
	app := restmachine.New(quiet)
	app.Get("/things/{name}", func() leafIn { return leafIn{1} })
	app.Put("/things/{name}", func() leafIn { return leafIn{2} })
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
	assert.Equal(t, "/things/a?q=1", probeOf(t, app).want(200, "PUT", "/things/a?q=1", "").Header.Get("Content-Location"))
}

// TestAbsoluteForm: a target may name its host (RFC 9112, 3.2.2). An empty path is
// "/" (RFC 9110, 4.2.3), and what a StripPrefix took off is known all the same.
func TestAbsoluteForm(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/", func() string { return "root" })
	app.Post("/things", func() *restmachine.Reply { return restmachine.Created("/things/1", "a thing") })
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

// TestUnknownPaths: an unknown path is a resource of its own, for which the
// facts of the App and of its Group hold.
func TestUnknownPaths(t *testing.T) {
	refusing := func(say func(*restmachine.Facts, restmachine.Func), answer bool) func(app *restmachine.App) {
		return func(app *restmachine.App) {
			g := app.Group("/closed")
			say(&g.Facts, func() bool { return answer })
			g.Get("/known", func() string { return "" })
			app.Get("/known", func() string { return "" })
		}
	}
	tests := []struct {
		name   string
		say    func(*restmachine.Facts, restmachine.Func)
		answer bool
		want   int
	}{
		{"ServiceAvailable", (*restmachine.Facts).ServiceAvailable, false, 503},
		{"KnownMethod", (*restmachine.Facts).KnownMethod, false, 501},
		{"URITooLong", (*restmachine.Facts).URITooLong, true, 414},
		{"Authorized", (*restmachine.Facts).Authorized, false, 401},
		{"Forbidden", (*restmachine.Facts).Forbidden, true, 403},
		{"PreviouslyExisted", (*restmachine.Facts).PreviouslyExisted, true, 410},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newProbe(t, refusing(tt.say, tt.answer))
			for _, method := range []string{"GET", "PUT", "POST", "DELETE", "PATCH"} {
				p.want(tt.want, method, "/closed/unknown/path", "")
				p.want(404, method, "/unknown", "")
				p.want(404, method, "/closedx", "")
			}
		})
	}
	p := newProbe(t, func(app *restmachine.App) { app.Get("/known", func() string { return "" }) })
	for _, target := range []string{"/", "/known/", "/known/x", "/Known", "//known", "/./known"} {
		p.want(404, "GET", target, "")
	}
	p.want(501, "FROB", "/unknown", "")
	p.want(404, "GET", "/unknown", "", "If-Match", `"x"`, "Range", "bytes=0-1", "Accept", "image/png")
}
