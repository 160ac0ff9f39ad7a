// Proactive negotiation through the App (RFC 9110, 12): media types, languages,
// charsets and codings; which renderer and which parser is taken, and what
// becomes of one that fails.

package restmachine_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// pages declares a leaf that is offered as JSON, two kinds of HTML, and text.
func pages(app *restmachine.App) {
	app.ResourceExists(leafByPath)
	app.GenerateETag(func(l *leaf) string { return fmt.Sprint(l.Version) })
	app.Provides("application/json", func(l *leaf) *leaf { return l })
	app.Provides("text/html", func(l *leaf) template.HTML { return template.HTML("<p>" + l.ID + "</p>") })
	app.Provides("text/html;level=1", func(*leaf) template.HTML { return "<p>level 1</p>" })
	app.Provides("text/plain", func(l *leaf) string { return l.ID })
	app.Get("/pages/{id}", func(l *leaf) *leaf { return l })
}

func TestAccept(t *testing.T) {
	const json, html, level1, plain, none = "application/json", "text/html", "text/html;level=1", "text/plain", ""
	tests := []struct {
		name   string
		accept []string
		want   string // none: 406
	}{
		{"no field takes the first", nil, json},
		{"an empty field takes the first", []string{""}, json},
		{"anything takes the first", []string{"*/*"}, json},
		{"an exact type", []string{"text/html"}, html},
		{"case does not matter", []string{"TEXT/Html"}, html},
		{"a range of types takes its first", []string{"text/*"}, html},
		{"the greater weight", []string{"text/html;q=0.5, text/plain;q=0.6"}, plain},
		{"three digits of weight", []string{"text/html;q=0.501, text/plain;q=0.502"}, plain},
		{"order does not matter", []string{"text/plain, text/html"}, html},
		{"a tie goes to the first registered", []string{"text/plain, application/json"}, json},
		{"the more specific range gives the weight, to what has more parameters too", []string{"text/*, text/html;q=0.1, text/plain;q=0.2"}, plain},
		{"specific beats general, though lower", []string{"*/*, application/json;q=0.5, text/*;q=0.4"}, json},
		{"q=0 excludes", []string{"application/json;q=0, */*"}, html},
		{"q=0 of a range excludes", []string{"text/*;q=0, application/json;q=0.1"}, json},
		{"q=0 of all but one", []string{"*/*;q=0, text/plain"}, plain},
		{"all excluded", []string{"*/*;q=0"}, none},
		{"parameters", []string{"text/html;level=1"}, level1},
		{"a parameter that is not offered", []string{"text/html;level=2"}, none},
		{"parameters and weight", []string{"text/html;level=1;q=0.3, text/html;q=0.7"}, html},
		{"several lines", []string{"image/png", "text/plain"}, plain},
		{"several lines, weights across them", []string{"text/plain;q=0.1", "text/html;q=0.9"}, html},
		{"not offered", []string{"image/png"}, none},
		{"a browser", []string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, html},
		{"an unreadable member is skipped", []string{"text, text/plain"}, plain},
		{"only unreadable members count as no field", []string{"text"}, json},
	}
	p := newProbe(t, pages)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var fields []string
			for _, line := range tt.accept {
				fields = append(fields, "Accept", line)
			}
			for _, method := range []string{"GET", "HEAD"} {
				resp := p.on(t).do(method, "/pages/here", "", fields...)
				assert.Equal(t, "Accept", resp.Header.Get("Vary"))
				if tt.want == none {
					assert.Equal(t, 406, resp.StatusCode)
					continue
				}
				assert.Equal(t, 200, resp.StatusCode)
				assert.Equal(t, tt.want, resp.Header.Get("Content-Type"))
			}
		})
	}
	refused := p.want(406, "GET", "/pages/here", "", "Accept", "image/png")
	assert.Contains(t, string(refused.Body), "application/json, text/html, text/html;level=1, text/plain", "it lists what is available")
	assert.Contains(t, string(p.want(406, "GET", "/pages/here", "", "Accept", "text/plain;q=0, image/png").Body), "Accept")
}

// TestNegotiatedFields: languages, charsets and codings, one by one, and Vary on
// 200, 304 and 406.
func TestNegotiatedFields(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.Languages("en", "de-CH", "fr")
		app.Charsets("utf-8", "utf-16")
		app.Encodings("gzip", "shout", "br")
		app.Encoder("shout", func(w io.Writer) io.WriteCloser { return &shouter{w} })
		app.ResourceExists(leafByPath)
		app.GenerateETag(func(*leaf) string { return "1" })
		app.Provides("text/html", func(l *leaf, s restmachine.Selected) string {
			return fmt.Sprintf("<%s|%s|%s|%s>", s.MediaType, s.Language, s.Charset, s.Coding)
		})
		app.Provides("text/plain", func(*leaf) string { return "plain" })
		app.Get("/pages/{id}", func(l *leaf) *leaf { return l })
	})
	const vary = "Accept, Accept-Language, Accept-Charset, Accept-Encoding"
	tests := []struct {
		name, field, value       string
		language, charset, codes string // of the answer; language "": 406
	}{
		{"nothing is asked", "X", "", "en", "utf-8", ""},
		{"language", "Accept-Language", "fr", "fr", "utf-8", ""},
		{"language by filtering", "Accept-Language", "de", "de-CH", "utf-8", ""},
		{"language by lookup", "Accept-Language", "fr-CA, en;q=0.1", "fr", "utf-8", ""},
		{"language weights", "Accept-Language", "fr;q=0.4, en;q=0.5", "en", "utf-8", ""},
		{"language star", "Accept-Language", "it, *;q=0.1", "en", "utf-8", ""},
		{"language excluded", "Accept-Language", "en;q=0, *", "de-CH", "utf-8", ""},
		{"no language", "Accept-Language", "it", "", "", ""},
		{"charset", "Accept-Charset", "utf-16", "en", "utf-16", ""},
		{"charset star", "Accept-Charset", "*", "en", "utf-8", ""},
		{"ISO-8859-1 is nothing special", "Accept-Charset", "utf-16;q=0.1", "en", "utf-16", ""},
		{"no charset", "Accept-Charset", "koi8-r", "", "", ""},
		{"gzip", "Accept-Encoding", "gzip", "en", "utf-8", "gzip"},
		{"the coding with an encoder", "Accept-Encoding", "shout", "en", "utf-8", "shout"},
		{"a coding that nothing makes is never chosen", "Accept-Encoding", "br", "en", "utf-8", ""},
		{"a coding that nothing makes, before one that is made", "Accept-Encoding", "br, gzip;q=0.1", "en", "utf-8", "gzip"},
		{"identity", "Accept-Encoding", "identity", "en", "utf-8", ""},
		{"an empty field is identity", "Accept-Encoding", "", "en", "utf-8", ""},
		{"star", "Accept-Encoding", "*", "en", "utf-8", "gzip"},
		{"unknown codings leave identity", "Accept-Encoding", "zstd", "en", "utf-8", ""},
		{"gzip excluded", "Accept-Encoding", "gzip;q=0", "en", "utf-8", ""},
		{"a tie goes to the first", "Accept-Encoding", "shout, gzip", "en", "utf-8", "gzip"},
		{"weights", "Accept-Encoding", "gzip;q=0.5, shout", "en", "utf-8", "shout"},
		{"no coding", "Accept-Encoding", "br, identity;q=0", "", "", ""},
		{"nothing at all", "Accept-Encoding", "*;q=0", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := p.on(t)
			resp := p.do("GET", "/pages/here", "", tt.field, tt.value)
			assert.Equal(t, vary, resp.Header.Get("Vary"))
			if tt.language == "" {
				assert.Equal(t, 406, resp.StatusCode)
				assert.Contains(t, string(resp.Body), tt.field, "it says which field")
				assert.Contains(t, string(resp.Body), "offered are")
				return
			}
			require.Equal(t, 200, resp.StatusCode)
			assert.Equal(t, tt.language, resp.Header.Get("Content-Language"))
			assert.Equal(t, "text/html; charset="+tt.charset, resp.Header.Get("Content-Type"))
			assert.Equal(t, tt.codes, resp.Header.Get("Content-Encoding"))
			assert.Equal(t, fmt.Sprintf("<text/html|%s|%s|%s>", tt.language, tt.charset, tt.codes), decoded(t, resp))

			again := p.want(304, "GET", "/pages/here", "", tt.field, tt.value, "If-None-Match", resp.Header.Get("ETag"))
			assert.Equal(t, vary, again.Header.Get("Vary"))
		})
	}
	assert.Contains(t, p.app.Describe(), "no Encoder makes br", "and Describe says so")
}

// shouter is a content coding of our own: it puts what it encodes in brackets.
type shouter struct{ w io.Writer }

func (s *shouter) Write(b []byte) (int, error) {
	_, err := s.w.Write(append([]byte("!"), b...))
	return len(b), err
}

func (s *shouter) Close() error {
	_, err := s.w.Write([]byte("!"))
	return err
}

// decoded is the content without its coding.
func decoded(t *testing.T, resp restmachine.Response) string {
	t.Helper()
	switch resp.Header.Get("Content-Encoding") {
	case "gzip":
		r, err := gzip.NewReader(bytes.NewReader(resp.Body))
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		return string(text)
	case "shout":
		return strings.Trim(string(resp.Body), "!")
	}
	return string(resp.Body)
}

// TestWhatIsNotNegotiated is not in Vary: a type that nothing stands beside, a
// coding that nothing makes. One language is: another may be refused.
func TestWhatIsNotNegotiated(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.Languages("en")
		app.Encodings("br")
		app.ResourceExists(leafByPath)
		app.Get("/pages/{id}", func(l *leaf) *leaf { return l })
		app.Get("/stream", func() io.Reader { return strings.NewReader("s") })
	})
	resp := p.want(200, "GET", "/pages/here", "", "Accept-Encoding", "br")
	assert.Equal(t, "Accept-Language", resp.Header.Get("Vary"))
	assert.Empty(t, resp.Header.Values("Content-Encoding"))
	assert.Equal(t, "en", resp.Header.Get("Content-Language"))
	p.want(406, "GET", "/pages/here", "", "Accept", "text/html")
	p.want(200, "GET", "/stream", "", "Accept", "application/octet-stream")
}

// TestRenderers: what a renderer may return, and how it fails.
func TestRenderers(t *testing.T) {
	tests := []struct {
		name     string
		renderer restmachine.Func
		status   int
		body     string
	}{
		{"string", func(l *leaf) string { return l.ID }, 200, "here"},
		{"named string", func(l *leaf) template.HTML { return "<b>" }, 200, "<b>"},
		{"bytes", func(l *leaf) []byte { return []byte{1, 2} }, 200, "\x01\x02"},
		{"no bytes", func(l *leaf) []byte { return nil }, 200, ""},
		{"reader", func(l *leaf) io.Reader { return strings.NewReader("read") }, 200, "read"},
		{"struct", func(l *leaf) leafIn { return leafIn{7} }, 200, `{"version":7}`},
		{"injected", func(l *leaf, m restmachine.Method, s restmachine.Selected) string { return string(m) + s.MediaType }, 200, "GETapplication/x-y"},
		{"an error", func(l *leaf) (string, error) { return "half", errors.New("secret") }, 500, ""},
		{"a Problem", func(l *leaf) (string, error) { return "", &restmachine.Problem{Status: 507} }, 507, ""},
		{"a panic", func(l *leaf) string { panic("secret") }, 500, ""},
		{"a reader that fails", func(l *leaf) io.Reader { return io.MultiReader(strings.NewReader("half"), failingReader{}) }, 500, ""},
		{"what JSON cannot say", func(l *leaf) any { return func() {} }, 500, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newProbe(t, func(app *restmachine.App) {
				app.ResourceExists(leafByPath)
				app.Provides("application/x-y", tt.renderer)
				app.Get("/pages/{id}", func(l *leaf) *leaf { return l })
			})
			resp := p.want(tt.status, "GET", "/pages/here", "")
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
	p := newProbe(t, func(app *restmachine.App) {
		app.ResourceExists(leafByPath)
		app.Provides("text/plain", func(*leaf) string { return "app" })
		app.Provides("text/html", func(*leaf) string { return "app's html" })
		app.Accepts("text/plain", func([]byte) leafIn { return leafIn{1} })
		app.Accepts("text/csv", func([]byte) leafIn { return leafIn{2} })
		g := app.Group("/g")
		g.Provides("text/plain", func(*leaf) string { return "group" })
		g.Accepts("text/csv", func([]byte) leafIn { return leafIn{3} })
		near := g.Get("/near/{id}", func(l *leaf) *leaf { return l })
		near.Provides("text/html", func(*leaf) string { return "resource's html" })
		near.Put(func(_ *leaf, in restmachine.Body[leafIn]) string { return fmt.Sprint(in.Value.Version) })
		near.Accepts("text/csv", func([]byte) leafIn { return leafIn{4} })
		g.Get("/far/{id}", func(l *leaf) *leaf { return l })
		g.Put("/far/{id}", func(_ *leaf, in restmachine.Body[leafIn]) string { return fmt.Sprint(in.Value.Version) })
		app.Get("/out/{id}", func(l *leaf) *leaf { return l })
	})
	for path, want := range map[string][3]string{
		"/g/near/here": {"resource's html", "resource's html", "group"},
		"/g/far/here":  {"group", "app's html", "group"},
		"/out/here":    {"app", "app's html", "app"},
	} {
		for i, accept := range []string{"*/*", "text/html", "text/plain"} {
			assert.Equal(t, want[i], string(p.want(200, "GET", path, "", "Accept", accept).Body), "%s %s", path, accept)
		}
	}
	for path, want := range map[string][2]string{"/g/near/here": {"4", "1"}, "/g/far/here": {"3", "1"}} {
		for i, typ := range []string{"text/csv", "text/plain"} {
			assert.Equal(t, want[i], string(p.want(200, "PUT", path, "x", "Content-Type", typ).Body), "%s %s", path, typ)
		}
	}
	assert.Contains(t, p.want(415, "PUT", "/g/far/here", "{}").Header.Get("Accept"), "text/csv", "JSON was replaced")
}

// TestParsers: which parser reads which Content-Type, and how it fails.
func TestParsers(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.Post("/json", func(in restmachine.Body[leafIn]) string { return fmt.Sprint(in.Value.Version) })
		app.Post("/form", func(in restmachine.Body[url.Values]) string { return in.Value.Get("a") })
		app.Post("/raw", func(in restmachine.Body[[]byte]) string { return string(in.Value) })
		app.Post("/ranges", func(in restmachine.Body[*leaf]) string { return in.Value.ID })
		app.Accepts("text/csv;header=present", func([]byte) *leaf { return &leaf{ID: "csv with a header"} })
		app.Accepts("text/*", func(r io.Reader) (*leaf, error) {
			text, err := io.ReadAll(r)
			if strings.Contains(string(text), "bad") {
				err = errors.New("secret")
			} else if strings.Contains(string(text), "teapot") {
				err = &restmachine.Problem{Status: 418}
			} else if strings.Contains(string(text), "panic") {
				panic("secret")
			}
			return &leaf{ID: "text " + string(text)}, err
		})
		app.Accepts("application/x-www-form-urlencoded", func(form url.Values) *leaf { return &leaf{ID: "form " + form.Get("a")} })
	})
	tests := []struct {
		name, path, typ, body string
		status                int
		want                  string
	}{
		{"JSON", "/json", "application/json", `{"version": 7}`, 200, "7"},
		{"JSON with a charset", "/json", "application/json; charset=utf-8", `{"version": 7}`, 200, "7"},
		{"a +json type", "/json", "application/merge-patch+json", `{"version": 7}`, 200, "7"},
		{"no type is the first parser's", "/json", "-", `{"version": 7}`, 200, "7"},
		{"not JSON", "/json", "text/plain", `{"version": 7}`, 415, ""},
		{"empty", "/json", "application/json", "", 400, ""},
		{"malformed", "/json", "application/json", "{", 400, ""},
		{"trailing", "/json", "application/json", "{} {}", 400, ""},
		{"twice the same name", "/json", "application/json", `{"version": 1, "version": 2}`, 400, ""},
		{"invalid UTF-8", "/json", "application/json", "{\"a\": \"\xff\"}", 400, ""},
		{"too deep", "/json", "application/json", strings.Repeat("[", 200) + strings.Repeat("]", 200), 400, ""},
		{"another type of value", "/json", "application/json", `{"version": "x"}`, 400, ""},
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
			req := requestOf("POST", tt.path, tt.body, fields...)
			if tt.typ == "-" {
				req.Header.Del("Content-Type")
			}
			resp := p.app.Execute(req)
			assert.Equal(t, tt.status, resp.StatusCode, "%s", resp.Body)
			assert.NotContains(t, string(resp.Body), "secret")
			if tt.status == 200 {
				assert.Equal(t, tt.want, string(resp.Body))
			}
		})
	}
	assert.Equal(t, "application/json", p.want(415, "POST", "/json", "x", "Content-Type", "text/plain").Header.Get("Accept"))
	assert.Equal(t, "text/csv;header=present, text/*, application/x-www-form-urlencoded",
		p.want(415, "POST", "/ranges", "x", "Content-Type", "image/png").Header.Get("Accept"))
	assert.Equal(t, "identity", p.want(415, "POST", "/json", "x", "Content-Encoding", "gzip").Header.Get("Accept-Encoding"))
}

// TestWritesReplyWithAnotherType: what a write returns is negotiated for
// itself; a write that was done is never a 406.
func TestWritesReplyWithAnotherType(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.ResourceExists(leafByPath)
		app.Provides("text/html", func(*leaf) string { return "<leaf>" })
		app.Provides("application/json", func(l *leaf) *leaf { return l })
		app.Provides("text/plain", func(r leafIn) string { return fmt.Sprint("receipt ", r.Version) })
		app.Provides("text/csv", func(r leafIn) string { return fmt.Sprint("receipt,", r.Version) })
		app.Get("/pages/{id}", func(l *leaf) *leaf { return l })
		app.Post("/pages/{id}", func(*leaf) leafIn { return leafIn{5} })
	})
	assert.Equal(t, "receipt 5", string(p.want(200, "POST", "/pages/here", "").Body))
	assert.Equal(t, "receipt,5", string(p.want(200, "POST", "/pages/here", "", "Accept", "text/csv, */*;q=0.1").Body))
	resp := p.want(200, "POST", "/pages/here", "", "Accept", "application/json")
	assert.Equal(t, "receipt 5", string(resp.Body), "it was done: what there is, is sent")
	p.want(406, "POST", "/pages/here", "", "Accept", "image/png")
}

// TestDynamicGets: where the declared result leaves the type open, the value
// decides what is offered.
func TestDynamicGets(t *testing.T) {
	p := newProbe(t, func(app *restmachine.App) {
		app.Provides("text/html", func(l *leaf) string { return "<" + l.ID + ">" })
		app.Provides("text/plain", func(l *leaf) string { return l.ID })
		app.GenerateETag(func(l *leaf) string { return fmt.Sprint(l.Version) })
		app.Get("/any/{what}", func(path restmachine.PathParams) any { return anything(path.Get("what")) })
		app.Get("/reply/{what}", func(path restmachine.PathParams) *restmachine.Reply {
			return &restmachine.Reply{Header: map[string][]string{"X-Reply": {"yes"}}, Entity: anything(path.Get("what"))}
		})
		app.Get("/leaf", func() *leaf { return &leaf{"typed", 1} })
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
			resp := p.want(want, "GET", path+tt.what, "", fields...)
			assert.Equal(t, tt.tag, resp.Header.Get("ETag"), tt)
			if want != 204 {
				assert.Equal(t, tt.typ, resp.Header.Get("Content-Type"), tt)
				assert.Contains(t, resp.Header.Get("Vary"), "Accept", tt)
			}
			if tt.tag != "" {
				p.want(304, "GET", path+tt.what, "", append(fields, "If-None-Match", tt.tag)...)
			}
		}
	}
}

func anything(what string) any {
	switch what {
	case "leaf":
		return &leaf{"dynamic", 3}
	case "other":
		return leafIn{4}
	case "string":
		return "text"
	case "bytes":
		return []byte{0}
	}
	return nil
}
