// Renderers and parsers: which one is taken for which value or content, and
// what becomes of one that fails.

package represent_test

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// TestRenderers: what a renderer may return, and how it fails.
func TestRenderers(t *testing.T) {
	tests := []struct {
		name     string
		renderer restmachine.Func
		status   int
		body     string
	}{
		{"string", func(l *harness.Leaf) string { return l.ID }, 200, "here"},
		{"named string", func(l *harness.Leaf) template.HTML { return "<b>" }, 200, "<b>"},
		{"bytes", func(l *harness.Leaf) []byte { return []byte{1, 2} }, 200, "\x01\x02"},
		{"no bytes", func(l *harness.Leaf) []byte { return nil }, 200, ""},
		{"reader", func(l *harness.Leaf) io.Reader { return strings.NewReader("read") }, 200, "read"},
		{"struct", func(l *harness.Leaf) harness.LeafIn { return harness.LeafIn{Version: 7} }, 200, `{"version":7}`},
		{"injected", func(l *harness.Leaf, m restmachine.Method, s restmachine.Selected) string {
			return string(m) + s.MediaType
		}, 200, "GETapplication/x-y"},
		{"an error", func(l *harness.Leaf) (string, error) { return "half", errors.New("secret") }, 500, ""},
		{"a Problem", func(l *harness.Leaf) (string, error) { return "", &restmachine.Problem{Status: 507} }, 507, ""},
		{"a panic", func(l *harness.Leaf) string { panic("secret") }, 500, ""},
		{"a reader that fails", func(l *harness.Leaf) io.Reader { return io.MultiReader(strings.NewReader("half"), failingReader{}) }, 500, ""},
		{"what JSON cannot say", func(l *harness.Leaf) any { return func() {} }, 500, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := harness.NewProbe(t, func(app *restmachine.App) {
				app.ResourceExists(harness.LeafByPath)
				app.Provides("application/x-y", tt.renderer)
				app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
			})
			resp := p.Want(tt.status, "GET", "/pages/here", "")
			if tt.status == 200 {
				assert.Equal(t, tt.body, string(resp.Body))
				assert.Equal(t, "application/x-y", resp.Header.Get("Content-Type"))
				return
			}
			assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"))
			assert.NotContains(t, string(resp.Body), "half")
			assert.NotContains(t, string(resp.Body), "secret")
		})
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("secret") }

// TestNearestRendererAndParser: what stands nearer to the resource replaces
// what stands above it, and is offered first.
func TestNearestRendererAndParser(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		app.Provides("text/plain", func(*harness.Leaf) string { return "app" })
		app.Provides("text/html", func(*harness.Leaf) string { return "app's html" })
		app.Accepts("text/plain", func([]byte) harness.LeafIn { return harness.LeafIn{Version: 1} })
		app.Accepts("text/csv", func([]byte) harness.LeafIn { return harness.LeafIn{Version: 2} })
		g := app.Group("/g")
		g.Provides("text/plain", func(*harness.Leaf) string { return "group" })
		g.Accepts("text/csv", func([]byte) harness.LeafIn { return harness.LeafIn{Version: 3} })
		near := g.Get("/near/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		near.Provides("text/html", func(*harness.Leaf) string { return "resource's html" })
		near.Put(func(_ *harness.Leaf, in restmachine.Body[harness.LeafIn]) string { return fmt.Sprint(in.Value.Version) })
		near.Accepts("text/csv", func([]byte) harness.LeafIn { return harness.LeafIn{Version: 4} })
		g.Get("/far/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		g.Put("/far/{id}", func(_ *harness.Leaf, in restmachine.Body[harness.LeafIn]) string { return fmt.Sprint(in.Value.Version) })
		app.Get("/out/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
	})
	for path, want := range map[string][3]string{
		"/g/near/here": {"resource's html", "resource's html", "group"},
		"/g/far/here":  {"group", "app's html", "group"},
		"/out/here":    {"app", "app's html", "app"},
	} {
		for i, accept := range []string{"*/*", "text/html", "text/plain"} {
			assert.Equal(t, want[i], string(p.Want(200, "GET", path, "", "Accept", accept).Body), "%s %s", path, accept)
		}
	}
	for path, want := range map[string][2]string{"/g/near/here": {"4", "1"}, "/g/far/here": {"3", "1"}} {
		for i, typ := range []string{"text/csv", "text/plain"} {
			assert.Equal(t, want[i], string(p.Want(200, "PUT", path, "x", "Content-Type", typ).Body), "%s %s", path, typ)
		}
	}
	assert.Contains(t, p.Want(415, "PUT", "/g/far/here", "{}").Header.Get("Accept"), "text/csv", "JSON was replaced")
}

// TestParsers: which parser reads which Content-Type, and how it fails.
func TestParsers(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Post("/json", func(in restmachine.Body[harness.LeafIn]) string { return fmt.Sprint(in.Value.Version) })
		app.Post("/form", func(in restmachine.Body[url.Values]) string { return in.Value.Get("a") })
		app.Post("/raw", func(in restmachine.Body[[]byte]) string { return string(in.Value) })
		app.Post("/ranges", func(in restmachine.Body[*harness.Leaf]) string { return in.Value.ID })
		app.Accepts("text/csv;header=present", func([]byte) *harness.Leaf { return &harness.Leaf{ID: "csv with a header"} })
		app.Accepts("text/*", func(r io.Reader) (*harness.Leaf, error) {
			text, err := io.ReadAll(r)
			if strings.Contains(string(text), "bad") {
				err = errors.New("secret")
			} else if strings.Contains(string(text), "teapot") {
				err = &restmachine.Problem{Status: 418}
			} else if strings.Contains(string(text), "panic") {
				panic("secret")
			}
			return &harness.Leaf{ID: "text " + string(text)}, err
		})
		app.Accepts("application/x-www-form-urlencoded", func(form url.Values) *harness.Leaf { return &harness.Leaf{ID: "form " + form.Get("a")} })
	})
	tests := []struct {
		name, path, typ, body string
		status                int
		want                  string
	}{
		{"JSON", "/json", "application/json", `{"version": 7}`, 200, "7"},
		{"JSON with a charset", "/json", "application/json; charset=utf-8", `{"version": 7}`, 200, "7"},
		{"a +json type", "/json", "application/vnd.x+json", `{"version": 7}`, 200, "7"},
		{"a patch format", "/json", "application/merge-patch+json", `{"version": 7}`, 415, ""},
		{"no type is the first parser's", "/json", "-", `{"version": 7}`, 200, "7"},
		{"not JSON", "/json", "text/plain", `{"version": 7}`, 415, ""},
		{"empty", "/json", "application/json", "", 400, ""},
		{"malformed", "/json", "application/json", "{", 400, ""},
		{"trailing", "/json", "application/json", "{} {}", 400, ""},
		{"twice the same name", "/json", "application/json", `{"version": 1, "version": 2}`, 400, ""},
		{"invalid UTF-8", "/json", "application/json", "{\"a\": \"\xff\"}", 400, ""},
		{"too deep", "/json", "application/json", strings.Repeat("[", 200) + strings.Repeat("]", 200), 400, ""},
		{"another type of value", "/json", "application/json", `{"version": "x"}`, 422, ""},
		{"a form", "/form", "application/x-www-form-urlencoded", "a=b+c", 200, "b c"},
		{"a form that is not", "/form", "application/x-www-form-urlencoded", "a=%zz", 400, ""},
		{"raw takes any type", "/raw", "image/png", "png", 200, "png"},
		{"raw takes none", "/raw", "-", "", 200, ""},
		{"a parameter of the parser", "/ranges", "text/csv; header=present", "x", 200, "csv with a header"},
		{"without it, the range", "/ranges", "text/csv", "x", 200, "text x"},
		{"case does not matter", "/ranges", "TEXT/Plain", "x", 200, "text x"},
		{"a form for a type of one's own", "/ranges", "application/x-www-form-urlencoded", "a=b", 200, "form b"},
		{"a parser that fails", "/ranges", "text/plain", "bad", 400, ""},
		{"a parser with a Problem", "/ranges", "text/plain", "teapot", 418, ""},
		{"a parser that panics", "/ranges", "text/plain", "panic", 500, ""},
		{"no parser", "/ranges", "image/png", "x", 415, ""},
		{"an unreadable type", "/ranges", "text", "x", 415, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fields := []string{"Content-Type", tt.typ}
			req := harness.RequestOf("POST", tt.path, tt.body, fields...)
			if tt.typ == "-" {
				req.Header.Del("Content-Type")
			}
			resp := p.App.Execute(req)
			assert.Equal(t, tt.status, resp.StatusCode, "%s", resp.Body)
			assert.NotContains(t, string(resp.Body), "secret")
			if tt.status == 200 {
				assert.Equal(t, tt.want, string(resp.Body))
			}
		})
	}
	assert.Equal(t, "application/json", p.Want(415, "POST", "/json", "x", "Content-Type", "text/plain").Header.Get("Accept"))
	assert.Equal(t, "text/csv;header=present, text/*, application/x-www-form-urlencoded",
		p.Want(415, "POST", "/ranges", "x", "Content-Type", "image/png").Header.Get("Accept"))
	assert.Equal(t, "identity", p.Want(415, "POST", "/json", "x", "Content-Encoding", "gzip").Header.Get("Accept-Encoding"))
}

// TestWritesReplyWithAnotherType: what a write returns is negotiated for itself, before it is done.
func TestWritesReplyWithAnotherType(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		app.Provides("text/html", func(*harness.Leaf) string { return "<leaf>" })
		app.Provides("application/json", func(l *harness.Leaf) *harness.Leaf { return l })
		app.Provides("text/plain", func(r harness.LeafIn) string { return fmt.Sprint("receipt ", r.Version) })
		app.Provides("text/csv", func(r harness.LeafIn) string { return fmt.Sprint("receipt,", r.Version) })
		app.Get("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		app.Post("/pages/{id}", func(*harness.Leaf) harness.LeafIn { return harness.LeafIn{Version: 5} })
	})
	assert.Equal(t, "receipt 5", string(p.Want(200, "POST", "/pages/here", "").Body))
	assert.Equal(t, "receipt,5", string(p.Want(200, "POST", "/pages/here", "", "Accept", "text/csv, */*;q=0.1").Body))
	p.Want(406, "POST", "/pages/here", "", "Accept", "application/json") // only the GET has that
	p.Want(406, "POST", "/pages/here", "", "Accept", "image/png")
}

// TestDynamicGets: where the declared result leaves the type open, the value
// decides what is offered.
func TestDynamicGets(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Provides("text/html", func(l *harness.Leaf) string { return "<" + l.ID + ">" })
		app.Provides("text/plain", func(l *harness.Leaf) string { return l.ID })
		app.GenerateETag(func(l *harness.Leaf) string { return fmt.Sprint(l.Version) })
		app.Get("/any/{what}", func(path restmachine.PathParams) any { return anything(path.Get("what")) })
		app.Get("/reply/{what}", func(path restmachine.PathParams) *restmachine.Reply[any] {
			return &restmachine.Reply[any]{Header: map[string][]string{"X-Reply": {"yes"}}, Entity: anything(path.Get("what"))}
		})
		app.Get("/leaf", func() *harness.Leaf { return &harness.Leaf{ID: "typed", Version: 1} })
	})
	tests := []struct {
		what, accept string
		status       int
		typ, tag     string
	}{
		{"leaf", "", 200, "text/html", `"3"`},
		{"leaf", "text/plain", 200, "text/plain", `"3;text/plain"`},
		{"leaf", "image/png", 406, "application/problem+json", ""},
		{"other", "", 200, "application/json", ""},
		{"other", "text/html", 406, "application/problem+json", ""},
		{"string", "", 200, "text/plain; charset=utf-8", ""},
		{"bytes", "", 200, "application/octet-stream", ""},
		{"nothing", "", 404, "application/problem+json", ""},
	}
	for _, tt := range tests {
		for _, path := range []string{"/any/", "/reply/"} {
			var fields []string
			if tt.accept != "" {
				fields = []string{"Accept", tt.accept}
			}
			want := tt.status
			if path == "/reply/" && tt.what == "nothing" {
				want = 204 // a Reply is there, and says nothing
			}
			resp := p.Want(want, "GET", path+tt.what, "", fields...)
			assert.Equal(t, tt.tag, resp.Header.Get("ETag"), tt)
			if want != 204 {
				assert.Equal(t, tt.typ, resp.Header.Get("Content-Type"), tt)
				assert.Contains(t, resp.Header.Get("Vary"), "Accept", tt)
			}
			if tt.tag != "" {
				p.Want(304, "GET", path+tt.what, "", append(fields, "If-None-Match", tt.tag)...)
			}
		}
	}
}

func anything(what string) any {
	switch what {
	case "leaf":
		return &harness.Leaf{ID: "dynamic", Version: 3}
	case "other":
		return harness.LeafIn{Version: 4}
	case "string":
		return "text"
	case "bytes":
		return []byte{0}
	}
	return nil
}
