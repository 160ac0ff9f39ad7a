// Where a resource is now: the Moved facts on every place, redirects and choices, and
// paths that are unknown.

package walk_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
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
				p := harness.NewProbe(t, harness.Leaves(func(app, _, r *restmachine.Facts) {
					fact.say([]*restmachine.Facts{app, r}[i], func(path restmachine.PathParams, c *harness.Clock) string {
						if slices.Contains(slices.Collect(maps.Values(path.All())), "old") {
							return "/g/leaves/here"
						}
						return ""
					})
				}))
				for _, method := range []string{"GET", "HEAD", "DELETE", "PATCH", "POST"} {
					for _, fields := range [][]string{nil, {"If-Match", `"1"`}, {"If-None-Match", "*"}, {"If-Match", `"x`}} {
						resp := p.Want(fact.status, method, "/g/leaves/old?q=1", "", fields...)
						assert.Equal(t, "/g/leaves/here", resp.Header.Get("Location"), "as the fact says it")
					}
				}
				p.Want(404, "GET", "/g/leaves/away", "")
				p.Want(200, "GET", "/g/leaves/here", "")
				p.Want(200, "OPTIONS", "/g/leaves/old", "")

				// A PUT that can create is redirected for good only.
				want := 201
				if fact.status == 301 {
					want = 301
				}
				p.Want(want, "PUT", "/g/leaves/old", `{}`)
				p.Want(201, "PUT", "/g/leaves/away", `{}`)
			})
		}
	}
}

// TestMovedFails: an error or a Problem of the fact ends the request.
func TestMovedFails(t *testing.T) {
	for _, fact := range movedFacts {
		for err, want := range map[error]int{harness.ErrSecret: 500, &restmachine.Problem{Status: 451}: 451, restmachine.ErrGone: 410} {
			p := harness.NewProbe(t, harness.Leaves(func(_, _, r *restmachine.Facts) {
				fact.say(r, func() (string, error) { return "/new", err })
			}))
			assert.NotContains(t, string(p.Want(want, "GET", "/g/leaves/away", "").Body), "secret")
		}
	}
}

// TestMovedMakesPreviouslyExisted: where PreviouslyExisted is given it decides,
// else what has moved did exist.
func TestMovedMakesPreviouslyExisted(t *testing.T) {
	for _, fact := range movedFacts {
		for existed, want := range map[bool]int{true: fact.status, false: 404} {
			p := harness.NewProbe(t, harness.Leaves(func(_, _, r *restmachine.Facts) {
				fact.say(r, func() string { return "/new" })
				r.PreviouslyExisted(func() bool { return existed })
			}))
			p.Want(want, "GET", "/g/leaves/away", "")
		}
		p := harness.NewProbe(t, harness.Leaves(func(_, _, r *restmachine.Facts) {
			fact.say(r, func() string { return "" })
			r.PreviouslyExisted(func() bool { return true })
			r.AllowMissingPost(func() bool { return true })
		}))
		p.Want(410, "GET", "/g/leaves/away", "")
		p.Want(200, "POST", "/g/leaves/away", "")
	}
}

// TestMovedOnAGroup: the fact is the new URI of the prefix; what follows it is
// kept, on resources that are missing and on paths that are unknown.
func TestMovedOnAGroup(t *testing.T) {
	for _, fact := range movedFacts {
		t.Run(fact.name, func(t *testing.T) {
			p := harness.NewProbe(t, func(app *restmachine.App) {
				app.ResourceExists(harness.LeafByPath)
				old := app.Group("/v1/{tenant}")
				fact.say(&old.Facts, func(path restmachine.PathParams) string { return "/v2/tenants/" + path.Get("tenant") })
				old.Get("/leaves/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
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
					resp := p.On(t).Do(method, tt.target, "", "If-Match", "*")
					if tt.target == "/v1/t/leaves/away?x" && (method == "POST" || method == "DELETE") {
						assert.Equal(t, 405, resp.StatusCode, "a known path")
						continue
					}
					assert.Equal(t, fact.status, resp.StatusCode, "%s %s", method, tt.target)
					assert.Equal(t, tt.location, resp.Header.Get("Location"))
				}
			}
			p.Want(200, "GET", "/v1/t/leaves/here", "")
			p.Want(404, "GET", "/v1", "")
			p.Want(404, "GET", "/abroadx", "")
		})
	}
}

// TestGoneAndRedirectedByError: what no Moved fact covers is said by a Problem
// or a Reply.
func TestGoneAndRedirectedByError(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func(path restmachine.PathParams) (*harness.Leaf, error) {
			switch path.Get("id") {
			case "gone":
				return nil, restmachine.ErrGone
			case "moved":
				return nil, &restmachine.Problem{Status: 308, Header: http.Header{"location": {"/leaves/über uns"}}}
			}
			return harness.LeafByPath(path), nil
		})
		app.Get("/leaves/{id}", func(l *harness.Leaf) *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Status: 308, Header: http.Header{"Location": {"/there"}}}
		})
	})
	p.Want(410, "GET", "/leaves/gone", "", "If-Match", `"1"`)
	p.Want(404, "GET", "/leaves/away", "")
	assert.Equal(t, "/leaves/%C3%BCber%20uns", p.Want(308, "GET", "/leaves/moved", "").Header.Get("Location"))
	reply := p.Want(308, "GET", "/leaves/here", "")
	assert.Equal(t, "/there", reply.Header.Get("Location"))
	assert.Empty(t, string(reply.Body))
}

// TestMultipleChoices: the content is the list, and it is no representation
// that a validator could describe.
func TestMultipleChoices(t *testing.T) {
	p := harness.NewProbe(t, harness.Leaves(func(app, _, r *restmachine.Facts) {
		app.GenerateETag(func(*harness.Leaf) string { return "1" })
		r.MultipleChoices(func(h http.Header) bool { return h.Get("Say") == "choices" })
	}))
	for _, fields := range [][]string{{"If-None-Match", `"1"`}, {"If-Match", `"2"`}, {"X", "y"}} {
		resp := p.Want(300, "GET", "/g/leaves/here", "", append(fields, "Say", "choices")...)
		assert.Equal(t, `{"id":"here","version":1}`, string(resp.Body))
		assert.Equal(t, "application/json", resp.Header.Get("Content-Type"))
		assert.Empty(t, resp.Header.Get("ETag"))
		assert.Empty(t, string(p.Want(300, "HEAD", "/g/leaves/here", "", append(fields, "Say", "choices")...).Body))
	}
	p.Want(304, "GET", "/g/leaves/here", "", "If-None-Match", `"1"`)
	p.Want(200, "PUT", "/g/leaves/here", `{}`, "Say", "choices")
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
			p := harness.NewProbe(t, refusing(tt.say, tt.answer))
			for _, method := range []string{"GET", "PUT", "POST", "DELETE", "PATCH"} {
				p.Want(tt.want, method, "/closed/unknown/path", "")
				p.Want(404, method, "/unknown", "")
				p.Want(404, method, "/closedx", "")
			}
		})
	}
	p := harness.NewProbe(t, func(app *restmachine.App) { app.Get("/known", func() string { return "" }) })
	for _, target := range []string{"/", "/known/", "/known/x", "/Known", "//known", "/./known"} {
		p.Want(404, "GET", target, "")
	}
	p.Want(501, "FROB", "/unknown", "")
	p.Want(404, "GET", "/unknown", "", "If-Match", `"x"`, "Range", "bytes=0-1", "Accept", "image/png")
}
