// The facts that set fields: the validators, Cache-Control, Expires, Vary, and what a
// 304 carries of them.

package answer_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
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

var describingFacts = []describing{
	{"GenerateETag", (*restmachine.Facts).GenerateETag, "ETag",
		func(l *harness.Leaf, c *harness.Clock) string { return fmt.Sprint(l.Version, "-", c.Year) }, `"1-2015"`,
		func(c *harness.Clock) string { return fmt.Sprint(c.Year) },
		[]restmachine.Func{func(*harness.Leaf) string { return "" }},
		func(*harness.Leaf) (string, error) { return "x", harness.ErrSecret }},
	{"LastModified", (*restmachine.Facts).LastModified, "Last-Modified",
		func(l *harness.Leaf, c *harness.Clock) time.Time {
			return time.Date(c.Year, 1, l.Version, 0, 0, 0, 999, time.UTC)
		}, "Thu, 01 Jan 2015 00:00:00 GMT",
		func(c *harness.Clock) time.Time { return time.Date(c.Year, 1, 1, 0, 0, 0, 0, time.UTC) },
		[]restmachine.Func{func(*harness.Leaf) time.Time { return time.Time{} }, func(*harness.Leaf) time.Time { return time.Unix(0, 0) }},
		func(*harness.Leaf) (time.Time, error) { return time.Now(), harness.ErrSecret }},
	{"Expires", (*restmachine.Facts).Expires, "Expires",
		func(l *harness.Leaf, c *harness.Clock) time.Time {
			return time.Date(c.Year, 1, l.Version, 0, 0, 0, 0, time.FixedZone("", 3600))
		}, "Wed, 31 Dec 2014 23:00:00 GMT",
		func(c *harness.Clock) time.Time { return time.Date(c.Year, 1, 1, 0, 0, 0, 0, time.UTC) },
		[]restmachine.Func{func(*harness.Leaf) time.Time { return time.Time{} }, func(*harness.Leaf) time.Time { return time.Unix(0, 0) }},
		func(*harness.Leaf) (time.Time, error) { return time.Now(), harness.ErrSecret }},
	{"CacheControl", (*restmachine.Facts).CacheControl, "Cache-Control",
		func(l *harness.Leaf, c *harness.Clock) string { return fmt.Sprint("max-age=", l.Version, c.Year) }, "max-age=1 2015",
		func(c *harness.Clock) string { return fmt.Sprint("max-age=", c.Year) },
		[]restmachine.Func{func(*harness.Leaf) string { return "" }},
		func(*harness.Leaf) (string, error) { return "x", harness.ErrSecret }},
}

// ofErrors are the fields that every error has, too.
var ofErrors = map[string]string{"Cache-Control": "no-store"}

func TestDescribingFacts(t *testing.T) {
	for _, d := range describingFacts {
		t.Run(d.name, func(t *testing.T) {
			field := func(resp restmachine.Response) string { return resp.Header.Get(d.field) }
			assert.Empty(t, field(harness.NewProbe(t, harness.Leaves(harness.NothingSaid)).Want(200, "GET", "/g/leaves/here", "")), "where nothing is said")
			for i, place := range []string{"App", "Group", "Resource"} {
				t.Run(place, func(t *testing.T) {
					at := func(fact restmachine.Func) *harness.Probe {
						return harness.NewProbe(t, harness.Leaves(func(app, group, resource *restmachine.Facts) {
							d.say([]*restmachine.Facts{app, group, resource}[i], fact)
						}))
					}
					p := at(d.one)
					assert.Equal(t, d.want, field(p.Want(200, "GET", "/g/leaves/here", "")))
					assert.Equal(t, d.want, field(p.Want(200, "HEAD", "/g/leaves/here", "")))
					assert.Equal(t, ofErrors[d.field], field(p.Want(404, "GET", "/g/leaves/away", "")))
					assert.Empty(t, field(p.Want(204, "DELETE", "/g/leaves/here", "")))
					assert.Empty(t, field(p.Want(200, "POST", "/g/leaves/here", "")))
					assert.NotEmpty(t, field(at(d.free).Want(200, "GET", "/g/leaves/here", "")))
					for _, none := range d.none {
						assert.Empty(t, at(none).Want(200, "GET", "/g/leaves/here", "").Header.Values(d.field))
					}
					failed := at(d.fails).Want(500, "GET", "/g/leaves/here", "")
					assert.NotContains(t, string(failed.Body), "secret")
					at(d.refusing(451)).Want(451, "GET", "/g/leaves/here", "")
				})
			}
		})
	}
}

// refusing is the fact with a Problem.
func (d describing) refusing(status int) restmachine.Func {
	problem := &restmachine.Problem{Status: status}
	if strings.HasPrefix(d.field, "E") && d.field != "ETag" || d.field == "Last-Modified" {
		return func(*harness.Leaf) (time.Time, error) { return time.Time{}, problem }
	}
	return func(*harness.Leaf) (string, error) { return "", problem }
}

// TestDescribingFactOfTheNearestPlace wins; one that takes the value goes before
// one that takes none, at one place.
func TestDescribingFactOfTheNearestPlace(t *testing.T) {
	tag := func(s string) func(*harness.Leaf) string { return func(*harness.Leaf) string { return s } }
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		same := func(l *harness.Leaf) *harness.Leaf { return l }
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
	near := p.Want(200, "GET", "/g/near/here", "")
	assert.Equal(t, `"resource"`, near.Header.Get("ETag"))
	assert.Equal(t, "typed", near.Header.Get("Cache-Control"))
	assert.Equal(t, "free", p.Want(200, "GET", "/g/text", "").Header.Get("Cache-Control"))
	assert.Equal(t, `"group"`, p.Want(200, "GET", "/g/far/here", "").Header.Get("ETag"))
	assert.Equal(t, `"app"`, p.Want(200, "GET", "/leaves/here", "").Header.Get("ETag"))
}

// TestTagsAsTheyAreWritten: what is a tag stays, what can be one is quoted, and
// what cannot be is a 500.
func TestTagsAsTheyAreWritten(t *testing.T) {
	tests := []struct{ said, want string }{ // want "": 500
		{"x", `"x"`}, {`"x"`, `"x"`}, {`W/"x"`, `W/"x"`}, {`""`, `""`}, {"a,b", `"a,b"`}, {`a\b`, `"a\b"`}, {"*", `"*"`},
		{"a b", ""}, {"ü", ""}, {`a"b`, ""}, {"a\r\nb", ""}, {"a\x00b", ""}, {`w/"x"`, ""}, {`"x`, ""}, {"\x7f", ""}, {"\t", ""},
	}
	for _, tt := range tests {
		p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) {
			app.GenerateETag(func(*harness.Leaf) string { return tt.said })
		}))
		if tt.want == "" {
			p.Want(500, "GET", "/g/leaves/here", "")
			p.Want(500, "PUT", "/g/leaves/here", `{}`, "If-Match", `"x"`)
			continue
		}
		full := p.Want(200, "GET", "/g/leaves/here", "")
		assert.Equal(t, tt.want, full.Header.Get("ETag"), "%q", tt.said)
		restmachinetest.CheckNotModified(t, full, p.Do("GET", "/g/leaves/here", "", "If-None-Match", tt.want))
	}
}

func TestLastModifiedOfTheFuture(t *testing.T) {
	p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) {
		app.LastModified(func(*harness.Leaf) time.Time { return time.Now().Add(time.Hour) })
	}))
	resp := p.Want(200, "GET", "/g/leaves/here", "")
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
			app.ResourceExists(harness.LeafByPath)
			facts := func(r *restmachine.Resource) {
				if tagged {
					r.GenerateETag(func() string { return "1" })
				}
				r.LastModified(func() time.Time { return harness.LeafModified })
				r.Expires(func() time.Time { return harness.LeafModified.AddDate(9, 0, 0) })
				r.CacheControl(func() string { return "max-age=1" })
				r.Variances(func() []string { return []string{"cookie", "X-Tenant"} })
				r.Languages("en", "de")
				r.Encodings("gzip")
			}
			app.Provides("text/html", func(*harness.Leaf) string { return "<p>" })
			app.Provides("text/plain", func(*harness.Leaf) []byte { return []byte("plain") })
			facts(app.Get("/loaded/{id}", func(l *harness.Leaf) *harness.Leaf { return l }))
			facts(app.Get("/view/{id}", func(l *harness.Leaf) (*harness.Leaf, error) { return l, nil }))
			facts(app.Get("/reply/{id}", func(l *harness.Leaf) *restmachine.Reply[any] {
				return &restmachine.Reply[any]{Entity: l, Header: http.Header{
					"Content-Location": {"/a b"}, "vary": {"Origin"}, "X-Other": {"x"}, "Cache-Control": {"no-cache"}, "Set-Cookie": {"a=b"}}}
			}))
		}
	}
	for _, tagged := range []bool{true, false} {
		p := harness.NewProbe(t, build(tagged))
		condition := []string{"If-Modified-Since", harness.LeafDate}
		if tagged {
			condition = []string{"If-None-Match", "*"}
		}
		for _, path := range []string{"/loaded/here", "/view/here", "/reply/here"} {
			for _, accept := range [][]string{nil, {"Accept", "text/plain", "Accept-Language", "de", "Accept-Encoding", "gzip"}} {
				full := p.Want(200, "GET", path, "", accept...)
				for _, method := range []string{"GET", "HEAD"} {
					got := p.Want(304, method, path, "", append(accept, condition...)...)
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
			assert.Contains(t, p.Want(406, "GET", path, "", "Accept", "image/png").Header.Get("Vary"), "Accept, Accept-Language, Accept-Encoding, Cookie, X-Tenant")
		}
	}
}

// TestHandlersOwnValidators are kept, and count.
func TestHandlersOwnValidators(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		r := app.Get("/page", func() *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Entity: harness.LeafIn{Version: 1}, Header: http.Header{"etag": {`"own"`}, "last-modified": {harness.LeafDate}}}
		})
		r.GenerateETag(func() string { return "fact" })
		r.LastModified(func() time.Time { return time.Now() })
		r.Encodings("gzip")
	})
	full := p.Want(200, "GET", "/page", "")
	assert.Equal(t, []string{`"own"`}, full.Header.Values("ETag"))
	assert.Equal(t, harness.LeafDate, full.Header.Get("Last-Modified"))
	restmachinetest.CheckNotModified(t, full, p.Do("GET", "/page", "", "If-None-Match", `"own"`))
	restmachinetest.CheckNotModified(t, full, p.Do("GET", "/page", "", "If-Modified-Since", harness.LeafDate))
	p.Want(200, "GET", "/page", "", "If-None-Match", `"fact"`)
}

func TestVariancesFail(t *testing.T) {
	p := harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) {
		app.Variances(func() ([]string, error) { return nil, &restmachine.Problem{Status: 507} })
	}))
	p.Want(507, "GET", "/g/leaves/here", "")
	for _, fact := range []restmachine.Func{
		func() ([]string, error) { return nil, harness.ErrSecret },
		func() []string { return []string{"a\r\nb"} },
	} {
		p = harness.NewProbe(t, harness.Leaves(func(app, _, _ *restmachine.Facts) { app.Variances(fact) }))
		assert.NotContains(t, string(p.Want(500, "GET", "/g/leaves/here", "").Body), "secret")
	}
}
