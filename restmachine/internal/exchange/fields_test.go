// What is read as text beside the path and the query: fields of the header, cookies, and what
// stands for a text that was not sent.

package exchange_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// everything has a field of each form, read from all three places by one name.
type everything struct {
	Text  string     `query:"text" header:"text" cookie:"text"`
	Int   int8       `query:"int" header:"int" cookie:"int"`
	Float float64    `query:"float" header:"float" cookie:"float"`
	Bool  bool       `query:"bool" header:"bool" cookie:"bool"`
	Color color      `query:"color" header:"color" cookie:"color"`
	Size  size       `query:"size" header:"size" cookie:"size"`
	Pub   *int       `query:"pub" header:"pub" cookie:"pub"`
	At    *time.Time `query:"at" header:"at" cookie:"at"`
}

// everyTexts are texts by name, and whether all fields can hold them.
var everyTexts = []struct {
	name string
	text map[string]string
	fits bool
}{
	{"nothing", nil, true},
	{"all of them", map[string]string{"text": "a b", "int": "-128", "float": "1.5", "bool": "true", "color": "red", "size": "XL", "pub": "7", "at": "2024-01-15T10:00:00Z"}, true},
	{"other spellings", map[string]string{"int": "+01", "float": "15e-1", "bool": "T"}, true},
	{"an empty text", map[string]string{"text": ""}, true},
	{"an empty number", map[string]string{"int": ""}, false},
	{"an empty pointer", map[string]string{"pub": ""}, false},
	{"a number that is too large", map[string]string{"int": "128"}, false},
	{"no bool", map[string]string{"bool": "yes"}, false},
	{"what reads itself, and refuses", map[string]string{"size": "XS"}, false},
	{"a date of HTTP", map[string]string{"at": "Mon, 15 Jan 2024 10:00:00 GMT"}, false},
}

// TestTextsFromEachPlace: one struct is filled alike from the query, the header and the cookies.
func TestTextsFromEachPlace(t *testing.T) {
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Get("/query", func(in restmachine.Query[everything]) everything { return in.Value })
		app.Get("/header", func(in restmachine.Header[everything]) everything { return in.Value })
		app.Get("/cookie", func(in restmachine.Cookie[everything]) everything { return in.Value })
	})
	for _, row := range everyTexts {
		t.Run(row.name, func(t *testing.T) {
			status := map[bool]int{true: 200, false: 400}[row.fits]
			query, fields, cookies := url.Values{}, []string{}, []string{}
			for name, text := range row.text {
				query.Set(name, text)
				fields = append(fields, name, text)
				cookies = append(cookies, name+"="+text)
			}
			cookie := []string{}
			if len(cookies) > 0 {
				cookie = []string{"Cookie", strings.Join(cookies, "; ")}
			}
			byQuery := both(x, t, status, "GET", "/query?"+query.Encode(), "")
			byHeader := both(x, t, status, "GET", "/header", "", fields...)
			byCookie := both(x, t, status, "GET", "/cookie", "", cookie...)
			if row.fits {
				assert.JSONEq(t, string(byQuery), string(byHeader))
				assert.JSONEq(t, string(byQuery), string(byCookie))
				return
			}
			for name := range row.text {
				for _, body := range [][]byte{byQuery, byHeader, byCookie} {
					lines := errorsOf(t, body)
					require.Len(t, lines, 1)
					assert.True(t, strings.HasPrefix(lines[0], name+": has an illegal value") || strings.HasPrefix(lines[0], name+": has the illegal value"), lines[0])
				}
				assert.Contains(t, string(byHeader), "the header field "+name)
				assert.Contains(t, string(byCookie), "the cookie "+name)
			}
		})
	}
}

// lines asks for a path with lines of one field, in process and over a connection.
func lines(x *harness.Trial, t *testing.T, status int, target, name string, values ...string) string {
	t.Helper()
	var fields []string
	for _, v := range values {
		fields = append(fields, name, v)
	}
	return string(both(x, t, status, "GET", target, "", fields...))
}

// TestListsInFields: a slice is the elements of all lines; nil where the field was not sent.
func TestListsInFields(t *testing.T) {
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Get("/texts", func(in restmachine.Header[struct {
			Tags []string `header:"x-TAGS"`
		}]) string {
			return fmt.Sprintf("%v %q", in.Value.Tags == nil, in.Value.Tags)
		})
		app.Get("/numbers", func(in restmachine.Header[struct {
			N []uint8 `header:"X-N"`
		}]) []uint8 {
			return slices.Clone(in.Value.N)
		})
		app.Get("/one", func(in restmachine.Header[struct {
			Via string `header:"X-Via"`
		}]) string {
			return in.Value.Via
		})
	})
	assert.Equal(t, `true []`, lines(x, t, 200, "/texts", "X-Tags"))
	assert.Equal(t, `false []`, lines(x, t, 200, "/texts", "X-Tags", ""))
	assert.Equal(t, `false ["a" "b, c" "d"]`, lines(x, t, 200, "/texts", "X-Tags", `a , "b, c"`, ",d"))
	assert.Contains(t, lines(x, t, 400, "/texts", "X-Tags", `a, "b`), `has the illegal value \"a, \\\"b\"`)
	lines(x, t, 200, "/numbers", "X-N", "1,2", "3")
	lines(x, t, 400, "/numbers", "X-N", "1,x")
	assert.Equal(t, `a, "b`, lines(x, t, 200, "/one", "X-Via", `a, "b`), "what is no slice is not a list")
	assert.Contains(t, lines(x, t, 400, "/one", "X-Via", "a", "b"), "X-Via is given more than once")
}

// TestCookies: they are read as net/http reads them, and what was sent is not told.
func TestCookies(t *testing.T) {
	type session struct {
		ID   string `cookie:"session"`
		Size *int   `cookie:"size"`
	}
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Get("/", func(in restmachine.Cookie[session], h http.Header) string {
			r := http.Request{Header: h}
			c, err := r.Cookie("session")
			assert.Equal(t, err == nil, in.Value.ID != "", "%q", h["Cookie"])
			if err == nil {
				assert.Equal(t, c.Value, in.Value.ID)
			}
			return in.Value.ID
		})
		app.Get("/token", func(restmachine.Header[struct {
			Token uint `header:"authorization"`
		}]) {
		})
	})
	assert.Equal(t, "a", lines(x, t, 200, "/", "Cookie", "other=1; session=a; session=b"), "the first counts")
	assert.Equal(t, "b", lines(x, t, 200, "/", "Cookie", "other=1", "session=b"), "on any line")
	assert.Equal(t, "a b", lines(x, t, 200, "/", "Cookie", `session="a b"`))
	assert.Empty(t, lines(x, t, 200, "/", "Cookie", `session="a`), "what is no cookie was not sent")
	assert.Empty(t, lines(x, t, 200, "/", "Cookie", ";;=;Session=a"), "case matters")
	for _, refused := range []string{lines(x, t, 400, "/", "Cookie", "size=hunter2"), lines(x, t, 400, "/token", "Authorization", "hunter2")} {
		assert.NotContains(t, refused, "hunter2")
		assert.Contains(t, refused, "has an illegal value")
	}
	assert.NotContains(t, x.Log.Take(), "hunter2")
}

type defaulted struct {
	Limit int        `query:"limit" header:"X-Limit" cookie:"limit" default:"20"`
	Sort  *string    `query:"sort" header:"X-Sort" cookie:"sort" default:"new, old"`
	Since *time.Time `query:"since" header:"X-Since" cookie:"since" default:"2024-01-15T10:00:00Z"`
	None  *int       `query:"none" header:"X-None" cookie:"none"`
}

type defaultedLists struct {
	Tags  []string `query:"tag" header:"X-Tag" default:"a, \"b, c\""`
	Sizes []int    `query:"size" header:"X-Size" default:"1,2"`
	Empty []string `query:"empty" header:"X-Empty" default:""`
}

// TestDefaults: a default stands for what is absent, and for nothing else.
func TestDefaults(t *testing.T) {
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Get("/query", func(in restmachine.Query[defaulted]) defaulted { return in.Value })
		app.Get("/header", func(in restmachine.Header[defaulted]) defaulted { return in.Value })
		app.Get("/cookie", func(in restmachine.Cookie[defaulted]) defaulted { return in.Value })
		app.Get("/lists", func(in restmachine.Query[defaultedLists]) defaultedLists { return in.Value })
		app.Get("/header/lists", func(in restmachine.Header[defaultedLists]) defaultedLists { return in.Value })
	})
	all := `{"Limit":20,"Sort":"new, old","Since":"2024-01-15T10:00:00Z","None":null}`
	for _, target := range []string{"/query", "/header", "/cookie"} {
		assert.JSONEq(t, all, string(both(x, t, 200, "GET", target, "")))
	}
	some := strings.Replace(strings.Replace(all, "20", "0", 1), "new, old", "", 1)
	assert.JSONEq(t, some, string(both(x, t, 200, "GET", "/query?limit=0&sort=", "")))
	assert.JSONEq(t, some, string(both(x, t, 200, "GET", "/header", "", "X-Limit", "0", "X-Sort", "")))
	assert.JSONEq(t, some, string(both(x, t, 200, "GET", "/cookie", "", "Cookie", "limit=0; sort=")))
	both(x, t, 400, "GET", "/query?limit=", "")
	both(x, t, 400, "GET", "/header", "", "X-Limit", "")
	both(x, t, 400, "GET", "/cookie", "", "Cookie", "limit=")

	lists := `{"Tags":["a","b, c"],"Sizes":[1,2],"Empty":[]}`
	assert.JSONEq(t, lists, string(both(x, t, 200, "GET", "/lists", "")))
	assert.JSONEq(t, lists, string(both(x, t, 200, "GET", "/header/lists", "")))
	assert.JSONEq(t, `{"Tags":["x,y"],"Sizes":[3],"Empty":[]}`, string(both(x, t, 200, "GET", "/lists?tag=x,y&size=3", "")))
	assert.JSONEq(t, `{"Tags":["x","y"],"Sizes":[3],"Empty":[]}`, string(both(x, t, 200, "GET", "/header/lists", "", "X-Tag", "x,y", "X-Size", "3")))
}

// TestDefaultsAreNotShared: what a callback does to a default, no other one sees.
func TestDefaultsAreNotShared(t *testing.T) {
	p := harness.NewPort(t)
	p.Get("/", func(a, b restmachine.Query[defaulted], list, other restmachine.Header[defaultedLists]) string {
		*a.Value.Sort, list.Value.Tags[0] = "mine", "mine"
		return *b.Value.Sort + other.Value.Tags[0]
	})
	for range 2 {
		assert.Equal(t, "new, olda", string(p.Expect(200, "GET", "/").Body))
	}
}

// A page has a default that its Validate refuses beside some sizes.
type page2 struct {
	Limit int `query:"limit" header:"X-Limit" cookie:"limit" default:"20"`
	Size  int `query:"size" header:"X-Size" cookie:"size" default:"1"`
}

func (p page2) Validate() error {
	var bad restmachine.Invalid
	if p.Limit*p.Size > 100 {
		bad.Add("limit", "is too much")
		bad.Add("/X-Size", "is too much, too")
	}
	return bad.Err()
}

// TestValidatedFields: Validate and WithValidator see what is read, defaults included; a mistake
// is 400 and names the field. All that does not parse comes in one answer.
func TestValidatedFields(t *testing.T) {
	seen := 0
	var odd = func(v any) error {
		seen++
		var bad restmachine.Invalid
		if p, ok := v.(page2); ok && p.Size == 13 {
			bad.Add("/size", "is not a good one")
		}
		return bad.Err()
	}
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Get("/query", func(restmachine.Query[page2]) {})
		app.Get("/header", func(restmachine.Header[page2]) {})
		app.Get("/cookie", func(restmachine.Cookie[page2]) {})
	}, restmachine.WithValidator(odd))
	for _, target := range []string{"/query", "/header", "/cookie"} {
		both(x, t, 204, "GET", target, "")
	}
	assert.Equal(t, 6, seen)
	want := []string{"limit: is too much", "X-Size: is too much, too", "size: is not a good one"}
	assert.Equal(t, want, errorsOf(t, both(x, t, 400, "GET", "/query?size=13", "")))
	body := both(x, t, 400, "GET", "/header", "", "X-Size", "13")
	assert.Equal(t, want, errorsOf(t, body))
	assert.Contains(t, string(body), "the header has 3 errors")
	body = both(x, t, 400, "GET", "/cookie", "", "Cookie", "size=13")
	assert.Equal(t, want, errorsOf(t, body))
	assert.Contains(t, string(body), "the field Cookie has 3 errors")
	assert.Equal(t, []string{`X-Limit: has the illegal value "a"`, `X-Size: has the illegal value "b"`},
		errorsOf(t, both(x, t, 400, "GET", "/header", "", "x-limit", "a", "x-size", "b")))
}

// TestFieldsAheadOfTheResource: gates, keys of locks and loads read fields and cookies where they
// read a query, also of unknown paths and before anything is loaded.
func TestFieldsAheadOfTheResource(t *testing.T) {
	type tenant struct {
		Name string `header:"X-Tenant" default:"nobody"`
		N    int    `header:"X-N"`
	}
	type session struct {
		ID string `cookie:"session"`
	}
	var key string
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Authorized(func(in restmachine.Cookie[session]) bool { return in.Value.ID == "s" })
		app.Forbidden(func(in restmachine.Header[tenant]) bool { return in.Value.Name == "nobody" })
		app.ResourceExists(func(in restmachine.Header[tenant]) *harness.Ship {
			if in.Value.Name == "mars" {
				return nil
			}
			return &harness.Ship{Name: in.Value.Name}
		})
		ships := app.Get("/ship", harness.ShowShip)
		ships.Put(func(s *harness.Ship, in restmachine.Header[tenant]) string { return s.Name + in.Value.Name })
		ships.LockKey(func(in restmachine.Header[tenant], c restmachine.Cookie[session]) string {
			key = in.Value.Name + c.Value.ID
			return key
		})
	})
	mine := []string{"Cookie", "session=s", "X-Tenant", "venus"}
	both(x, t, 401, "GET", "/ship", "")
	both(x, t, 401, "GET", "/nowhere", "")
	both(x, t, 403, "GET", "/ship", "", mine[:2]...)
	both(x, t, 403, "GET", "/nowhere", "", mine[:2]...)
	both(x, t, 404, "GET", "/nowhere", "", mine...)
	both(x, t, 404, "GET", "/ship", "", append(mine[:2:2], "X-Tenant", "mars")...)
	both(x, t, 200, "GET", "/ship", "", mine...)
	both(x, t, 400, "GET", "/ship", "", append(mine, "X-N", "?")...)
	both(x, t, 400, "GET", "/nowhere", "", append(mine, "X-N", "?")...)
	assert.Equal(t, "venusvenus", string(both(x, t, 200, "PUT", "/ship", "", mine...)))
	assert.Equal(t, "venuss", key)
}

// FuzzFields: whatever the lines of a field or the cookies are, a request that they do not fit is
// 400, and it is the same over a connection.
func FuzzFields(f *testing.F) {
	for _, text := range []string{"", "7", "a", `"a, b", c`, `"a`, "n=7; s=x", "n=x", `s="q"; s=2`, "n=7;n=x;;=", "\x80", "\t7 "} {
		f.Add(text, text)
	}
	app := restmachine.New()
	type read struct {
		N    int      `header:"X-N" cookie:"n"`
		S    string   `header:"X-S" cookie:"s"`
		List []string `header:"X-List"`
		Ns   []int    `header:"X-Ns"`
	}
	type crumbs struct {
		N int    `cookie:"n" default:"3"`
		S string `cookie:"s"`
	}
	app.Get("/", func(in restmachine.Header[read], c restmachine.Cookie[crumbs]) []any { return []any{in.Value, c.Value} })
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, name := range []string{"X-N", "X-S", "X-List", "X-Ns", "Cookie"} {
			req := restmachine.Request{Path: "/", Header: http.Header{name: {a, b}}}
			resp := app.Execute(req)
			require.Contains(t, []int{200, 400}, resp.StatusCode, "%s: %q, %q: %s", name, a, b, resp.Body)
			if resp.StatusCode == 200 {
				assert.True(t, json.Valid(resp.Body))
			}
			r := httptest.NewRequest("GET", "/", nil)
			for _, line := range []string{a, b} {
				r.Header.Add(name, strings.Trim(line, " \t"))
			}
			if strings.ContainsFunc(a+b, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
				continue // it does not come over a connection
			}
			w := httptest.NewRecorder()
			app.ServeHTTP(w, r)
			assert.Equal(t, resp.StatusCode, w.Code)
			assert.Equal(t, string(resp.Body), w.Body.String())
		}
	})
}
