// The facts that set fields: the validators, Cache-Control, Expires, Vary, what
// a 304 carries of them; FinishRequest, LockKey and RequirePreconditions.

package restmachine_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A describing fact, how a field shows it, and what is no value.
type describing struct {
	name  string
	say   func(*restmachine.Facts, restmachine.Func)
	field string
	one   restmachine.Func // takes a *leaf
	want  string
	free  restmachine.Func // takes no leaf
	none  []restmachine.Func
	fails restmachine.Func
}

var errSecret = errors.New("secret")

var describingFacts = []describing{
	{"GenerateETag", (*restmachine.Facts).GenerateETag, "ETag",
		func(l *leaf, c *clock) string { return fmt.Sprint(l.Version, "-", c.year) }, `"1-2015"`,
		func(c *clock) string { return fmt.Sprint(c.year) },
		[]restmachine.Func{func(*leaf) string { return "" }},
		func(*leaf) (string, error) { return "x", errSecret }},
	{"LastModified", (*restmachine.Facts).LastModified, "Last-Modified",
		func(l *leaf, c *clock) time.Time { return time.Date(c.year, 1, l.Version, 0, 0, 0, 999, time.UTC) }, "Thu, 01 Jan 2015 00:00:00 GMT",
		func(c *clock) time.Time { return time.Date(c.year, 1, 1, 0, 0, 0, 0, time.UTC) },
		[]restmachine.Func{func(*leaf) time.Time { return time.Time{} }, func(*leaf) time.Time { return time.Unix(0, 0) }},
		func(*leaf) (time.Time, error) { return time.Now(), errSecret }},
	{"Expires", (*restmachine.Facts).Expires, "Expires",
		func(l *leaf, c *clock) time.Time {
			return time.Date(c.year, 1, l.Version, 0, 0, 0, 0, time.FixedZone("", 3600))
		}, "Wed, 31 Dec 2014 23:00:00 GMT",
		func(c *clock) time.Time { return time.Date(c.year, 1, 1, 0, 0, 0, 0, time.UTC) },
		[]restmachine.Func{func(*leaf) time.Time { return time.Time{} }, func(*leaf) time.Time { return time.Unix(0, 0) }},
		func(*leaf) (time.Time, error) { return time.Now(), errSecret }},
	{"CacheControl", (*restmachine.Facts).CacheControl, "Cache-Control",
		func(l *leaf, c *clock) string { return fmt.Sprint("max-age=", l.Version, c.year) }, "max-age=1 2015",
		func(c *clock) string { return fmt.Sprint("max-age=", c.year) },
		[]restmachine.Func{func(*leaf) string { return "" }},
		func(*leaf) (string, error) { return "x", errSecret }},
}

func TestDescribingFacts(t *testing.T) {
	for _, d := range describingFacts {
		t.Run(d.name, func(t *testing.T) {
			field := func(resp restmachine.Response) string { return resp.Header.Get(d.field) }
			assert.Empty(t, field(newProbe(t, leaves(nothingSaid)).want(200, "GET", "/g/leaves/here", "")), "where nothing is said")
			for i, place := range []string{"App", "Group", "Resource"} {
				t.Run(place, func(t *testing.T) {
					at := func(fact restmachine.Func) *probe {
						return newProbe(t, leaves(func(app, group, resource *restmachine.Facts) {
							d.say([]*restmachine.Facts{app, group, resource}[i], fact)
						}))
					}
					p := at(d.one)
					assert.Equal(t, d.want, field(p.want(200, "GET", "/g/leaves/here", "")))
					assert.Equal(t, d.want, field(p.want(200, "HEAD", "/g/leaves/here", "")))
					assert.Empty(t, field(p.want(404, "GET", "/g/leaves/away", "")))
					assert.Empty(t, field(p.want(204, "DELETE", "/g/leaves/here", "")))
					assert.Empty(t, field(p.want(200, "POST", "/g/leaves/here", "")))
					assert.NotEmpty(t, field(at(d.free).want(200, "GET", "/g/leaves/here", "")))
					for _, none := range d.none {
						assert.Empty(t, at(none).want(200, "GET", "/g/leaves/here", "").Header.Values(d.field))
					}
					failed := at(d.fails).want(500, "GET", "/g/leaves/here", "")
					assert.NotContains(t, string(failed.Body), "secret")
					at(d.refusing(451)).want(451, "GET", "/g/leaves/here", "")
				})
			}
		})
	}
}

// refusing is the fact with a Problem.
func (d describing) refusing(status int) restmachine.Func {
	problem := &restmachine.Problem{Status: status}
	if strings.HasPrefix(d.field, "E") && d.field != "ETag" || d.field == "Last-Modified" {
		return func(*leaf) (time.Time, error) { return time.Time{}, problem }
	}
	return func(*leaf) (string, error) { return "", problem }
}

// TestDescribingFactOfTheNearestPlace wins; one that takes the value goes before
// one that takes none, at one place.
func TestDescribingFactOfTheNearestPlace(t *testing.T) {
	tag := func(s string) func(*leaf) string { return func(*leaf) string { return s } }
	p := newProbe(t, func(app *restmachine.App) {
		app.ResourceExists(leafByPath)
		same := func(l *leaf) *leaf { return l }
		group := app.Group("/g")
		app.GenerateETag(tag("app"))
		group.GenerateETag(tag("group"))
		app.Get("/leaves/{id}", same)
		group.Get("/far/{id}", same)
		near := group.Get("/near/{id}", same)
		near.GenerateETag(tag("resource"))
		group.Get("/text", func() string { return "no leaf" })
		group.CacheControl(func() string { return "free" })
		group.CacheControl(tag("typed"))
	})
	near := p.want(200, "GET", "/g/near/here", "")
	assert.Equal(t, `"resource"`, near.Header.Get("ETag"))
	assert.Equal(t, "typed", near.Header.Get("Cache-Control"))
	assert.Equal(t, "free", p.want(200, "GET", "/g/text", "").Header.Get("Cache-Control"))
	assert.Equal(t, `"group"`, p.want(200, "GET", "/g/far/here", "").Header.Get("ETag"))
	assert.Equal(t, `"app"`, p.want(200, "GET", "/leaves/here", "").Header.Get("ETag"))
}

// TestTagsAsTheyAreWritten: what is a tag stays, what can be one is quoted, and
// what cannot be is a 500.
func TestTagsAsTheyAreWritten(t *testing.T) {
	tests := []struct{ said, want string }{ // want "": 500
		{"x", `"x"`}, {`"x"`, `"x"`}, {`W/"x"`, `W/"x"`}, {`""`, `""`}, {"a,b", `"a,b"`}, {`a\b`, `"a\b"`}, {"*", `"*"`},
		{"a b", ""}, {"ü", ""}, {`a"b`, ""}, {"a\r\nb", ""}, {"a\x00b", ""}, {`w/"x"`, ""}, {`"x`, ""}, {"\x7f", ""}, {"\t", ""},
	}
	for _, tt := range tests {
		p := newProbe(t, leaves(func(app, _, _ *restmachine.Facts) {
			app.GenerateETag(func(*leaf) string { return tt.said })
		}))
		if tt.want == "" {
			p.want(500, "GET", "/g/leaves/here", "")
			p.want(500, "PUT", "/g/leaves/here", `{}`, "If-Match", `"x"`)
			continue
		}
		full := p.want(200, "GET", "/g/leaves/here", "")
		assert.Equal(t, tt.want, full.Header.Get("ETag"), "%q", tt.said)
		restmachinetest.CheckNotModified(t, full, p.do("GET", "/g/leaves/here", "", "If-None-Match", tt.want))
	}
}

func TestLastModifiedOfTheFuture(t *testing.T) {
	p := newProbe(t, leaves(func(app, _, _ *restmachine.Facts) {
		app.LastModified(func(*leaf) time.Time { return time.Now().Add(time.Hour) })
	}))
	resp := p.want(200, "GET", "/g/leaves/here", "")
	when, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	require.NoError(t, err)
	assert.False(t, when.After(time.Now()), "RFC 9110, 8.8.2.1")
}

// fieldsOn304 are all that a 304 may carry (RFC 9110, 15.4.5).
var fieldsOn304 = []string{"Cache-Control", "Content-Location", "Etag", "Expires", "Last-Modified", "Vary"}

// TestFieldsOfA304: exactly those of the 200 that a cache updates.
func TestFieldsOfA304(t *testing.T) {
	build := func(tagged bool) func(app *restmachine.App) {
		return func(app *restmachine.App) {
			app.ResourceExists(leafByPath)
			facts := func(r *restmachine.Resource) {
				if tagged {
					r.GenerateETag(func() string { return "1" })
				}
				r.LastModified(func() time.Time { return leafModified })
				r.Expires(func() time.Time { return leafModified.AddDate(9, 0, 0) })
				r.CacheControl(func() string { return "max-age=1" })
				r.Variances(func() []string { return []string{"cookie", "X-Tenant"} })
				r.Languages("en", "de")
				r.Encodings("gzip")
			}
			app.Provides("text/html", func(*leaf) string { return "<p>" })
			app.Provides("text/plain", func(*leaf) []byte { return []byte("plain") })
			facts(app.Get("/loaded/{id}", func(l *leaf) *leaf { return l }))
			facts(app.Get("/view/{id}", func(l *leaf) (*leaf, error) { return l, nil }))
			facts(app.Get("/reply/{id}", func(l *leaf) *restmachine.Reply {
				return &restmachine.Reply{Entity: l, Header: http.Header{
					"Content-Location": {"/a b"}, "vary": {"Origin"}, "X-Other": {"x"}, "Cache-Control": {"no-cache"}, "Set-Cookie": {"a=b"}}}
			}))
		}
	}
	for _, tagged := range []bool{true, false} {
		p := newProbe(t, build(tagged))
		condition := []string{"If-Modified-Since", leafDate}
		if tagged {
			condition = []string{"If-None-Match", "*"}
		}
		for _, path := range []string{"/loaded/here", "/view/here", "/reply/here"} {
			for _, accept := range [][]string{nil, {"Accept", "text/plain", "Accept-Language", "de", "Accept-Encoding", "gzip"}} {
				full := p.want(200, "GET", path, "", accept...)
				for _, method := range []string{"GET", "HEAD"} {
					got := p.want(304, method, path, "", append(accept, condition...)...)
					restmachinetest.CheckNotModified(t, full, got)
					for name := range got.Header {
						assert.Contains(t, fieldsOn304, name, path)
					}
					want := 5 // Cache-Control, Expires, Vary, a validator, and the Reply's Content-Location
					if path != "/reply/here" {
						want = 4
					}
					assert.Len(t, got.Header, want, path)
				}
				vary := "Accept, Accept-Language, Accept-Encoding, Cookie, X-Tenant"
				if path == "/reply/here" {
					vary = "Origin, " + vary
					assert.Equal(t, "no-cache", full.Header.Get("Cache-Control"), "a field that a handler sets is kept")
				}
				assert.Equal(t, vary, full.Header.Get("Vary"))
			}
			assert.Contains(t, p.want(406, "GET", path, "", "Accept", "image/png").Header.Get("Vary"), "Accept, Accept-Language, Accept-Encoding, Cookie, X-Tenant")
		}
	}
}

// TestHandlersOwnValidators are kept, and count.
func TestHandlersOwnValidators(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		r := app.Get("/page", func() *restmachine.Reply {
			return &restmachine.Reply{Entity: leafIn{1}, Header: http.Header{"etag": {`"own"`}, "last-modified": {leafDate}}}
		})
		r.GenerateETag(func() string { return "fact" })
		r.LastModified(func() time.Time { return time.Now() })
		r.Encodings("gzip")
	})
	full := p.want(200, "GET", "/page", "")
	assert.Equal(t, []string{`"own"`}, full.Header.Values("ETag"))
	assert.Equal(t, leafDate, full.Header.Get("Last-Modified"))
	restmachinetest.CheckNotModified(t, full, p.do("GET", "/page", "", "If-None-Match", `"own"`))
	restmachinetest.CheckNotModified(t, full, p.do("GET", "/page", "", "If-Modified-Since", leafDate))
	p.want(200, "GET", "/page", "", "If-None-Match", `"fact"`)
}

func TestRequirePreconditions(t *testing.T) {
	for i, place := range []string{"App", "Group", "Resource"} {
		t.Run(place, func(t *testing.T) {
			p := newProbe(t, leaves(func(app, group, resource *restmachine.Facts) {
				app.GenerateETag(func(*leaf) string { return "1" })
				app.LastModified(func(*leaf) time.Time { return leafModified })
				[]*restmachine.Facts{app, group, resource}[i].RequirePreconditions()
			}))
			tests := []struct {
				name, method, id string
				want             int
				fields           []string
			}{
				{"nothing", "PUT", "here", 428, nil},
				{"nothing", "PATCH", "here", 428, nil},
				{"nothing", "DELETE", "here", 428, nil},
				{"missing is 404 first", "DELETE", "away", 404, nil},
				{"POST needs none", "POST", "here", 200, nil},
				{"GET needs none", "GET", "here", 200, nil},
				{"If-Match", "PUT", "here", 200, []string{"If-Match", `"1"`}},
				{"If-Match star", "DELETE", "here", 204, []string{"If-Match", "*"}},
				{"If-Match that fails", "PUT", "here", 412, []string{"If-Match", `"2"`}},
				{"If-Match that cannot be read", "PUT", "here", 400, []string{"If-Match", `"1`}},
				{"If-None-Match star", "PUT", "here", 412, []string{"If-None-Match", "*"}},
				{"If-None-Match guards nothing", "PUT", "here", 428, []string{"If-None-Match", `"2"`}},
				{"If-Unmodified-Since that counts", "PATCH", "here", 200, []string{"If-Unmodified-Since", leafDate}},
				{"If-Unmodified-Since that fails", "PATCH", "here", 412, []string{"If-Unmodified-Since", dateBeforeIt}},
				{"If-Unmodified-Since that is no date", "PATCH", "here", 428, []string{"If-Unmodified-Since", "yesterday"}},
				{"If-Modified-Since guards nothing", "PUT", "here", 428, []string{"If-Modified-Since", leafDate}},
				{"nothing, on the way to creating", "PUT", "away", 428, nil},
				{"If-None-Match star creates", "PUT", "away", 201, []string{"If-None-Match", "*"}},
				{"If-Match creates nothing", "PUT", "away", 412, []string{"If-Match", `"1"`}},
				{"a date guards no creation", "PUT", "away", 428, []string{"If-Unmodified-Since", leafDate}},
			}
			for _, tt := range tests {
				body := ""
				if tt.method == "PUT" {
					body = `{"version": 1}` // which is what its tag stands for
				}
				resp := p.want(tt.want, tt.method, "/g/leaves/"+tt.id, body, tt.fields...)
				if tt.want == 428 {
					assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"), "RFC 6585, 3")
					assert.Contains(t, string(resp.Body), "If-Match", "it says what would do")
				}
			}
		})
	}
}

// TestFinishRequest runs at every end, sees the status, and may set fields.
func TestFinishRequest(t *testing.T) {
	for i, place := range []string{"App", "Group", "Resource"} {
		t.Run(place, func(t *testing.T) {
			var seen []int
			p := newProbe(t, leaves(func(app, group, resource *restmachine.Facts) {
				app.GenerateETag(func(*leaf) string { return "1" })
				[]*restmachine.Facts{app, group, resource}[i].FinishRequest(func(r *restmachine.Response, c *clock, m restmachine.Method) {
					seen = append(seen, r.StatusCode)
					r.Header.Set("x-finished", fmt.Sprint(c.year, m))
				})
			}))
			ends := []struct {
				want         int
				method, path string
				fields       []string
			}{
				{200, "GET", "here", nil}, {200, "HEAD", "here", nil}, {304, "GET", "here", []string{"If-None-Match", `"1"`}},
				{412, "GET", "here", []string{"If-Match", `"2"`}}, {404, "GET", "away", nil}, {204, "DELETE", "here", nil},
				{415, "PUT", "here", []string{"Content-Type", "text/csv"}}, {501, "FROB", "here", nil}, {200, "OPTIONS", "here", nil},
			}
			var want []int
			for _, end := range ends {
				resp := p.want(end.want, end.method, "/g/leaves/"+end.path, "", end.fields...)
				assert.Equal(t, []string{fmt.Sprint(2015, end.method)}, resp.Header["X-Finished"])
				want = append(want, end.want)
			}
			assert.Equal(t, want, seen)
		})
	}
	for name, finish := range map[string]restmachine.Func{
		"an error":      func() error { return errSecret },
		"a panic":       func() { panic(errSecret) },
		"a broken line": func(r *restmachine.Response) { r.Header.Set("X-A", "a\r\nSecret: secret") },
	} {
		p := newProbe(t, leaves(func(app, _, _ *restmachine.Facts) { app.FinishRequest(finish) }))
		assert.NotContains(t, string(p.want(500, "GET", "/g/leaves/here", "").Body), "secret", name)
	}
	p := newProbe(t, leaves(func(_, _, r *restmachine.Facts) {
		r.FinishRequest(func(l *leaf, r *restmachine.Response) { r.Header.Set("X-Leaf", l.ID) })
	}))
	assert.Equal(t, "here", p.want(200, "GET", "/g/leaves/here", "").Header.Get("X-Leaf"))
	assert.Empty(t, p.want(404, "GET", "/g/leaves/away", "").Header.Get("X-Leaf"), "what it takes is missing")
}

func TestVariancesFail(t *testing.T) {
	p := newProbe(t, leaves(func(app, _, _ *restmachine.Facts) {
		app.Variances(func() ([]string, error) { return nil, &restmachine.Problem{Status: 507} })
	}))
	p.want(507, "GET", "/g/leaves/here", "")
	for _, fact := range []restmachine.Func{
		func() ([]string, error) { return nil, errSecret },
		func() []string { return []string{"a\r\nb"} },
	} {
		p = newProbe(t, leaves(func(app, _, _ *restmachine.Facts) { app.Variances(fact) }))
		assert.NotContains(t, string(p.want(500, "GET", "/g/leaves/here", "").Body), "secret")
	}
}

// TestLockKey is asked ahead of every write, wherever it was given, and may end
// it.
func TestLockKey(t *testing.T) {
	for i, place := range []string{"App", "Group", "Resource"} {
		var seen []string
		var refusal error
		p := newProbe(t, leaves(func(app, group, resource *restmachine.Facts) {
			[]*restmachine.Facts{app, group, resource}[i].LockKey(func(c *clock, path restmachine.PathParams) (string, error) {
				seen = append(seen, fmt.Sprint(c.year, path.Get("id")))
				return "key", refusal
			})
		}))
		p.want(200, "GET", "/g/leaves/here", "")
		assert.Empty(t, seen, "%s: reads are not locked", place)
		p.want(204, "DELETE", "/g/leaves/here", "")
		assert.Equal(t, []string{"2015here"}, seen, place)
		refusal = &restmachine.Problem{Status: 423}
		p.want(423, "DELETE", "/g/leaves/here", "")
		refusal = errSecret
		p.want(500, "PUT", "/g/leaves/here", "{}")
	}
}
