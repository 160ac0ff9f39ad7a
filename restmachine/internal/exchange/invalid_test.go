// What is wrong with a value: all of it comes in one answer, wherever the value is read, each
// mistake with its place.

package exchange_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A form is what a browser sends.
type form struct {
	Email string     `json:"email" path:"email" query:"email"`
	Age   int        `json:"age" query:"age"`
	Lines []formLine `json:"lines"`
}

type formLine struct {
	SKU string `json:"sku"`
}

func (f form) Validate() error {
	var bad restmachine.Invalid
	if !strings.Contains(f.Email, "@") {
		bad.Add("/email", "must be an e-mail address")
	}
	if f.Age > 150 {
		bad.Add("/age", "must be at most 150")
	}
	for i, line := range f.Lines {
		bad.At(restmachine.Pointer("lines", i), line.Validate())
	}
	return bad.Err()
}

func (l formLine) Validate() error {
	if l.SKU == "" {
		var bad restmachine.Invalid
		bad.Add("/sku", "is required")
		return &bad
	}
	return nil
}

// errorsOf are the errors that a problem lists, a line each.
func errorsOf(t *testing.T, body []byte) (lines []string) {
	t.Helper()
	var said struct{ Errors []restmachine.FieldError }
	require.NoError(t, json.Unmarshal(body, &said), "%s", body)
	for _, e := range said.Errors {
		lines = append(lines, e.String())
	}
	return lines
}

// both asks an App in process and over a connection, which say the same.
func both(x *harness.Trial, t *testing.T, status int, method, target, content string, fields ...string) []byte {
	t.Helper()
	req := harness.RequestOf(method, target, content, fields...)
	resp := x.App.Execute(req)
	assert.Equal(t, status, resp.StatusCode, "%s %s %s: %s", method, target, content, resp.Body)
	w := httptest.NewRecorder()
	x.App.ServeHTTP(w, wireRequest(req))
	assert.Equal(t, status, w.Code, "%s %s on the wire", method, target)
	assert.Equal(t, string(resp.Body), w.Body.String())
	return resp.Body
}

// TestFormWithMistakes: three mistakes come back in one answer. One of type comes back with its
// pointer and what was expected.
func TestFormWithMistakes(t *testing.T) {
	x := harness.NewTrial(t, func(app *restmachine.App) { app.Post("/", func(restmachine.Body[form]) {}) })
	body := both(x, t, 422, "POST", "/", `{"email":"x","age":200,"lines":[{"sku":"a"},{}]}`)
	assert.JSONEq(t, `{"title":"Unprocessable Content","status":422,"detail":"the content has 3 errors","errors":[
		{"pointer":"#/email","detail":"must be an e-mail address"},
		{"pointer":"#/age","detail":"must be at most 150"},
		{"pointer":"#/lines/1/sku","detail":"is required"}]}`, string(body))
	body = both(x, t, 422, "POST", "/", `{"email":"a@b","age":"old","lines":[{}]}`)
	assert.JSONEq(t, `{"title":"Unprocessable Content","status":422,"detail":"the content is not the expected JSON: \"age\" must be a whole number, not a string",
		"errors":[{"pointer":"#/age","detail":"must be a whole number, not a string"}]}`, string(body))
	assert.Empty(t, errorsOf(t, both(x, t, 400, "POST", "/", `{"email":`)), "it is not JSON")
	assert.NotContains(t, x.Log.Take(), "ERROR")
}

// TestMistakesOfType: the reader stops at the first one, and says where it is and what it wants.
func TestMistakesOfType(t *testing.T) {
	type inner struct {
		When  json.Number    `json:"when"`
		Any   map[string]int `json:"any"`
		Next  *inner         `json:"next"`
		Fixed [2]bool        `json:"fixed"`
	}
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Post("/", func(restmachine.Body[[]inner]) {})
		app.Patch("/", func(in restmachine.Body[restmachine.MergePatch[inner]]) (inner, error) {
			return in.Value.Apply(inner{})
		})
	}, restmachine.WithStrictJSON())
	for _, row := range []struct{ method, content, want, why string }{
		{"POST", `{}`, "#: must be an array, not an object", "the content as a whole"},
		{"POST", `null`, "#: must not be null", "and nothing in its place"},
		{"POST", `[{},{"when":true}]`, "#/1/when: must be a number, not true or false", "below an index"},
		{"POST", `[{"any":{"a/b":"x"}}]`, "#/0/any/a~1b: must be a whole number, not a string", "a name with a slash"},
		{"POST", `[{"any":{"ö %":"x"}}]`, "#/0/any/%C3%B6%20%25: must be a whole number, not a string", "a name that a fragment cannot have"},
		{"POST", `[{"next":{"next":{"when":[]}}}]`, "#/0/next/next/when: must be a number, not an array", "nested"},
		{"POST", `[{"whatever":1}]`, "#/0/whatever: is not known here", "WithStrictJSON: JSON, but not of the type"},
		{"PATCH", `{"next":{"when":false}}`, "#/next/when: must be a number, not true or false", "of the patched document"},
		{"PATCH", `{"whatever":1}`, "#/whatever: is not known here", "a member of the patch"},
		{"PATCH", `null`, "#: must be an object, not null", "a patch that leaves nothing"},
	} {
		media := map[string]string{"POST": "application/json", "PATCH": "application/merge-patch+json"}[row.method]
		body := both(x, t, 422, row.method, "/", row.content, "Content-Type", media)
		assert.Equal(t, []string{row.want}, errorsOf(t, body), row.why)
	}
	for _, content := range []string{"", "x", `[{"a":1}`, `[{"a":1,"a":2}]`, `[]x`, strings.Repeat("[", 101) + strings.Repeat("]", 101)} {
		assert.Empty(t, errorsOf(t, both(x, t, 400, "POST", "/", content)), "%s is not JSON, or not safe", content)
	}
}

// TestWhereValuesAreRead: in each place all mistakes are found, by the type and by the App, and
// are named as that place needs it.
func TestWhereValuesAreRead(t *testing.T) {
	odd := func(v any) error {
		var bad restmachine.Invalid
		if strings.Contains(fmt.Sprintf("%+v", v), "odd") {
			bad.Add("/email", "is odd")
		}
		return bad.Err()
	}
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Get("/query", func(restmachine.Query[form]) {})
		app.Get("/path/{email}", func(restmachine.Path[form]) {})
		app.Post("/json", func(restmachine.Body[form]) {}).Put(func(restmachine.Body[*form]) {}).Patch(func(restmachine.Body[[]form]) {})
		app.Post("/values", func(restmachine.Body[url.Values]) {})
		app.Post("/raw", func(restmachine.Body[string]) {})
		app.Post("/parser", func(restmachine.Body[form]) {}).
			Accepts("text/plain", func(content []byte) form { return form{Email: string(content), Age: 151} })
		app.Patch("/merge", func(in restmachine.Body[restmachine.MergePatch[form]]) (form, error) {
			return in.Value.Apply(form{Email: "a@b"})
		})
		app.Patch("/own-merge", func(in restmachine.Body[restmachine.MergePatch[form]]) (form, error) {
			return in.Value.Apply(form{Email: "a@b"})
		}).Accepts("application/json", func(content []byte) (p restmachine.MergePatch[form], err error) {
			return p, json.Unmarshal(content, &p)
		})
		app.Post("/refusing", func(restmachine.Body[*formLine]) {}).
			Accepts("text/plain", func(content []byte) (*formLine, error) { return nil, formLine{}.Validate() })
		app.Post("/handler", func() error { return form{Email: "odd", Age: 151}.Validate() })
		app.Group("/gate").Post("/", func() {}).Forbidden(func(restmachine.Query[form]) bool { return false })
	}, restmachine.WithValidator(odd), restmachine.WithValidator(nil), restmachine.WithStrictJSON())
	for _, row := range []struct {
		method, target, content string
		status                  int
		want                    []string
	}{
		{"GET", "/query?email=odd&age=151", "", 400, []string{"email: must be an e-mail address", "age: must be at most 150", "email: is odd"}},
		{"GET", "/query?age=x&age=y&email=1&email=2", "", 400, []string{"email: is given more than once", "age: is given more than once"}},
		{"GET", "/query?age=x", "", 400, []string{`age: has the illegal value "x"`}},
		{"GET", "/path/odd", "", 404, []string{"email: must be an e-mail address", "email: is odd"}},
		{"POST", "/json", `{"email":"odd"}`, 422, []string{"#/email: must be an e-mail address", "#/email: is odd"}},
		{"PUT", "/json", `{"email":"x"}`, 422, []string{"#/email: must be an e-mail address"}},
		{"PATCH", "/json", `[{"email":"a@b"},{"email":"x"},{"email":"odd"}]`, 422,
			[]string{"#/1/email: must be an e-mail address", "#/2/email: must be an e-mail address", "#/email: is odd"}},
		{"POST", "/values", "email=odd", 422, []string{"#/email: is odd"}},
		{"POST", "/raw", "odd", 204, nil},
		{"POST", "/parser", "odd", 422, []string{"#/email: must be an e-mail address", "#/age: must be at most 150", "#/email: is odd"}},
		{"PATCH", "/merge", `{"age":151,"email":"odd"}`, 422, []string{"#/email: must be an e-mail address", "#/age: must be at most 150", "#/email: is odd"}},
		{"PATCH", "/merge", `{"age":3}`, 200, nil},
		{"PATCH", "/own-merge", `{"email":"odd"}`, 422, []string{"#/email: must be an e-mail address", "#/email: is odd"}},
		{"PATCH", "/own-merge", `{"emial":"odd"}`, 422, []string{"#/emial: is not known here"}},
		{"POST", "/refusing", "x", 422, []string{"#/sku: is required"}},
		{"POST", "/handler", "", 422, []string{"#/email: must be an e-mail address", "#/age: must be at most 150"}},
		{"POST", "/gate/?email=x&age=151", "", 400, []string{"email: must be an e-mail address", "age: must be at most 150"}},
	} {
		body := both(x, t, row.status, row.method, row.target, row.content, mediaFor(row.target)...)
		if row.want != nil {
			assert.Equal(t, row.want, errorsOf(t, body), "%s %s", row.method, row.target)
		}
	}
	assert.NotContains(t, x.Log.Take(), "ERROR")
}

// mediaFor is the Content-Type field of what is sent to a target.
func mediaFor(target string) []string {
	for part, media := range map[string]string{"/values": "application/x-www-form-urlencoded", "/parser": "text/plain", "/refusing": "text/plain", "/raw": "text/plain", "/merge": "application/merge-patch+json"} {
		if target == part {
			return []string{"Content-Type", media}
		}
	}
	return nil
}

// TestWhatErrorsOfValidateMean: a text of an error is for clients, and an error with a status of
// its own goes first, wherever it is.
func TestWhatErrorsOfValidateMean(t *testing.T) {
	var says error
	bad := func(at, detail string) *restmachine.Invalid {
		var v restmachine.Invalid
		v.Add(at, detail)
		return &v
	}
	at := func(err error) error {
		v := bad("/b", "is odd")
		v.At("/a", err)
		return v
	}
	teapot := &restmachine.Problem{Status: 418, Detail: "short"}
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.MapError(errQuota, &restmachine.Problem{Status: 429})
		app.Post("/", func(restmachine.Body[*said]) error { return nil })
		app.Put("/", func() error { return says })
	})
	for _, row := range []struct {
		err        error
		read, hand int
		want       []string
		why        string
	}{
		{errors.New("plain"), 422, 500, nil, "of a Validate it is the detail, as it stands"},
		{errors.Join(errors.New("one"), errors.New("two")), 422, 500, []string{"#: one", "#: two"}, "each of what was joined"},
		{bad("", "whole"), 422, 422, nil, "the only mistake is that of the whole value"},
		{bad("/a", "is odd"), 422, 422, []string{"#/a: is odd"}, ""},
		{fmt.Errorf("order: %w", bad("/a", "is odd")), 422, 422, []string{"#/a: is odd"}, "wrapped"},
		{at(errors.New("plain")), 422, 422, []string{"#/b: is odd", "#/a: plain"}, "an error below"},
		{at(bad("/c", "too")), 422, 422, []string{"#/b: is odd", "#/a/c: too"}, "an Invalid below"},
		{at(teapot), 418, 418, nil, "a Problem below"},
		{at(fmt.Errorf("x: %w", errQuota)), 429, 429, nil, "an error of a MapError below"},
		{errors.Join(bad("/a", "is odd"), restmachine.ErrGone), 410, 410, nil, "ErrGone beside"},
		{new(restmachine.Invalid), 204, 500, nil, "nothing was added: a handler that returns it has not called Err"},
		{(*restmachine.Invalid)(nil), 204, 500, nil, "and so for what is nil in an error"},
	} {
		sayings = row.err
		body := both(x, t, row.read, "POST", "/", "{}")
		if row.read == 422 {
			assert.Equal(t, row.want, errorsOf(t, body), row.why)
		}
		says = row.err
		body = both(x, t, row.hand, "PUT", "/", "")
		if row.hand == 422 {
			assert.Equal(t, row.want, errorsOf(t, body), row.why)
		}
		x.Log.Take()
	}
	assert.NoError(t, (*restmachine.Invalid)(nil).Err())
	assert.NoError(t, new(restmachine.Invalid).Err())
}

// said says what a test tells it to say.
type said struct{}

var sayings error

func (*said) Validate() error { return sayings }

type (
	node struct {
		Name string  `json:"name"`
		Kids []*node `json:"kids"`
	}
	forest map[string]forest // made of itself alone
	grove  []*node
	key    int
)

func (n *node) Validate() error {
	var bad restmachine.Invalid
	if n.Name == "" {
		bad.Add("/name", "is required")
	}
	for i, kid := range n.Kids {
		bad.At(restmachine.Pointer("kids", i), kid.Validate())
	}
	return bad.Err()
}

func (k key) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "key/%d", int(k)), nil }

func (k *key) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "key/%d", (*int)(k))
	return err
}

// TestElements: where a slice or map has no Validate, that of its elements is called, with where
// they are.
func TestElements(t *testing.T) {
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Post("/nodes", func(restmachine.Body[[]node]) {})
		app.Post("/grove", func(restmachine.Body[grove]) {})
		app.Post("/array", func(restmachine.Body[*[2]node]) {})
		app.Post("/maps", func(restmachine.Body[map[string][]map[key]node]) {})
		app.Post("/forest", func(restmachine.Body[forest]) {})
		app.Post("/interfaces", func(restmachine.Body[map[string]any]) {})
		app.Patch("/patch", func(in restmachine.Body[restmachine.MergePatch[map[string]node]]) (map[string]node, error) {
			return in.Value.Apply(map[string]node{"a": {Name: "a"}})
		})
	})
	for _, row := range []struct {
		target, content string
		want            []string
		why             string
	}{
		{"/nodes", `[{"name":"a"},{}]`, []string{"#/1/name: is required"}, "a Validate of *T is called with each T"},
		{"/nodes", `[]`, nil, "there is nothing to validate"},
		{"/grove", `[null,{"name":"a","kids":[{"name":"b","kids":[{}]}]}]`, []string{"#/1/kids/0/kids/0/name: is required"}, "nil is left out; what nests calls what is in it"},
		{"/array", `[{},{"name":"a"}]`, []string{"#/0/name: is required"}, "an array, through a pointer"},
		{"/maps", `{"b":[{"key/7":{}}],"a/~":[{},{"key/2":{"name":"x"},"key/1":{}}]}`,
			[]string{"#/a~1~0/1/key~11/name: is required", "#/b/0/key~17/name: is required"}, "of maps in the order of their names, which are those of JSON"},
		{"/forest", `{"a":{"b":{}}}`, nil, "a type that is made of itself ends somewhere"},
		{"/interfaces", `{"a":{"name":""}}`, nil, "an interface says nothing"},
	} {
		status := 204
		if row.want != nil {
			status = 422
		}
		body := both(x, t, status, "POST", row.target, row.content)
		if row.want != nil {
			assert.Equal(t, row.want, errorsOf(t, body), row.why)
		}
	}
	body := both(x, t, 422, "PATCH", "/patch", `{"b":{}}`, "Content-Type", "application/merge-patch+json")
	assert.Equal(t, []string{"#/b/name: is required"}, errorsOf(t, body))

	body = both(x, t, 422, "POST", "/nodes", "["+strings.Repeat("{},", 2000)+"{}]")
	assert.Len(t, errorsOf(t, body), 100)
	assert.Less(t, len(body), 8000)
	assert.Contains(t, string(body), "the content has 2001 errors; the first 100 are listed")
}

// TestValidatorOfAnApp is called once for each value that is read, whatever its own Validate
// says, and for nothing that is sent.
func TestValidatorOfAnApp(t *testing.T) {
	var seen []string
	see := func(v any) error {
		if seen = append(seen, fmt.Sprintf("%T", v)); v == "panic" {
			panic(harness.Secret)
		}
		return nil
	}
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.ResourceExists(func(restmachine.Path[byValue]) *harness.Ship { return harness.LoadShip() })
		app.Post("/{word}", func(s *harness.Ship, q restmachine.Query[struct {
			N int `query:"n"`
		}], a restmachine.Body[form], b restmachine.Body[form]) *restmachine.Reply[form] {
			return restmachine.NewReply(200, form{Email: "it is not valid"})
		})
		app.Put("/bytes", func(restmachine.Body[[]byte]) {})
		app.Patch("/patch", func(in restmachine.Body[restmachine.MergePatch[*form]]) (*form, error) {
			return in.Value.Apply(&form{})
		})
		app.Put("/interface", func(restmachine.Body[any]) {})
	}, restmachine.WithValidator(see))
	for _, row := range []struct {
		method, target, content string
		status                  int
		want                    []string
		why                     string
	}{
		{"POST", "/x?n=1", `{"email":"a@b"}`, 200, []string{"exchange_test.byValue", `struct { N int "query:\"n\"" }`, "exchange_test.form"}, "a Reply is not validated"},
		{"POST", "/x?n=1", `{}`, 422, []string{"exchange_test.byValue", `struct { N int "query:\"n\"" }`, "exchange_test.form"}, "what Validate refuses is validated, too"},
		{"POST", "/x?n=1", `{"age":"x"}`, 422, []string{"exchange_test.byValue", `struct { N int "query:\"n\"" }`}, "what does not fit is not there"},
		{"PUT", "/bytes", `x`, 204, nil, "what is taken as it is"},
		{"PATCH", "/patch", `{"email":"a@b"}`, 200, []string{"*exchange_test.form"}, "the result of a patch, and not the patch"},
		{"PUT", "/interface", `null`, 204, nil, "a nil interface"},
		{"PUT", "/interface", `"x"`, 204, []string{"string"}, "what an interface holds"},
		{"PUT", "/interface", `"panic"`, 500, []string{"string"}, "a panic in it is one in a callback"},
	} {
		var fields []string
		if row.method == "PATCH" {
			fields = []string{"Content-Type", "application/merge-patch+json"}
		}
		seen = nil
		resp := x.App.Execute(harness.RequestOf(row.method, row.target, row.content, fields...))
		assert.Equal(t, row.status, resp.StatusCode, "%s: %s", row.why, resp.Body)
		assert.Equal(t, row.want, seen, row.why)
		x.Discreet(resp)
	}
	assert.Contains(t, x.Log.Take(), harness.Secret)
}

// TestRenderedMistakes: whoever renders a problem gets the list.
func TestRenderedMistakes(t *testing.T) {
	const content = `{"email":"x","age":200}`
	x := harness.NewTrial(t, func(app *restmachine.App) {
		app.Post("/", func(restmachine.Body[form]) {})
		app.Get("/", func(restmachine.Query[form]) {})
		app.Post("/own", func(restmachine.Body[form]) {}).RenderError(func(p *restmachine.Problem) map[string]any {
			all := map[string]any{}
			for _, e := range p.Extensions["errors"].([]restmachine.FieldError) {
				all[strings.TrimPrefix(e.Pointer, "#/")] = e.Detail
			}
			return all
		})
		app.Post("/provided", func(restmachine.Body[form]) {}).Provides("text/html", func(p *restmachine.Problem) string {
			return fmt.Sprint("<p>", p.Extensions["errors"])
		})
	})
	assert.Equal(t, "422 Unprocessable Content\nthe content has 2 errors\n#/email: must be an e-mail address\n#/age: must be at most 150\n",
		string(both(x, t, 422, "POST", "/", content, "Accept", "text/plain")))
	assert.Equal(t, "422 Unprocessable Content\n/age: must be at most 150\n",
		string(both(x, t, 422, "POST", "/", `{"email":"a@b","age":200}`, "Accept", "text/plain")), "one mistake is the detail")
	assert.Equal(t, "400 Bad Request\nthe query has 2 errors\nemail: must be an e-mail address\nage: must be at most 150\n",
		string(both(x, t, 400, "GET", "/?email=x&age=151", "", "Accept", "text/plain")))
	assert.JSONEq(t, `{"email":"must be an e-mail address","age":"must be at most 150"}`, string(both(x, t, 422, "POST", "/own", content)))
	assert.Equal(t, "<p>[#/email: must be an e-mail address #/age: must be at most 150]",
		string(both(x, t, 422, "POST", "/provided", content, "Accept", "text/html")))
	resp := x.App.Execute(harness.RequestOf("POST", "/", content))
	assert.Equal(t, http.Header{"Content-Type": {"application/problem+json"}, "Content-Length": {"203"}, "Cache-Control": {"no-store"}, "Vary": {"Accept"}, "X-Content-Type-Options": {"nosniff"}}, resp.Header)
}
