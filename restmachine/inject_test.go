package restmachine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// This file is about what a callback can be injected.

type contextKey struct{}

// injections are callbacks that say what they were given, one for each type
// that a request provides.
var injections = []struct {
	name    string
	handler restmachine.Func
	want    string
}{
	{"context.Context", func(ctx context.Context) string { return fmt.Sprint(ctx.Value(contextKey{})) }, "of the request"},
	{"*http.Request", func(r *http.Request) string {
		return fmt.Sprint(r.Method, r.URL.Path, r.PathValue("ship"), r.Pattern, r.URL.Query().Get("q"), r.Context().Value(contextKey{}))
	}, "POST/ships/anna äanna ä/ships/{ship}xof the request"},
	{"http.Header", func(mine, other http.Header) string {
		mine.Set("X-Flag", "changed") // a copy
		return other.Get("X-Flag")
	}, "red"},
	{"url.Values", func(q url.Values) string { return strings.Join(q["q"], "+") }, "x"},
	{"PathParams", func(p restmachine.PathParams) string { return p.Get("ship") + fmt.Sprint(p.All()) }, "anna ämap[ship:anna ä]"},
	{"Method", func(m restmachine.Method) string { return fmt.Sprint(m, m.Safe()) }, "POSTfalse"},
	{"Selected", func(s restmachine.Selected) string { return s.MediaType + s.Language }, "text/plain; charset=utf-8en"},
	{"Preconditions", func(p conditional.Preconditions) string { return p.IfNoneMatch.String() }, `"a"`},
	{"*slog.Logger", func(l *slog.Logger) string { l.Info("handed out"); return "" }, ""},
	{"Body[[]byte]", func(b restmachine.Body[[]byte]) string { return string(b.Value) }, `{"Tons":3}`},
	{"Body[string]", func(b restmachine.Body[string]) string { return b.Value }, `{"Tons":3}`},
	{"Body[T]", func(b restmachine.Body[cargo]) string { return fmt.Sprint(b.Value.Tons) }, "3"},
	{"Body[*T]", func(b restmachine.Body[*cargo]) string { return fmt.Sprint(b.Value.Tons) }, "3"},
	{"Body[io.Reader]", func(b restmachine.Body[io.Reader]) string { s, _ := io.ReadAll(b.Value); return string(s) }, `{"Tons":3}`},
	{"Body[io.ReadSeeker]", func(b restmachine.Body[io.ReadSeeker]) string {
		_, _ = b.Value.Seek(1, io.SeekStart)
		s, _ := io.ReadAll(b.Value)
		return string(s)
	}, `"Tons":3}`},
	{"OnStartup", func(h *harbour) string { return h.Name }, "oslo"},
	{"Dependency", func(c *crane) string { return fmt.Sprint(c.Of.Tons) }, "7"},
	{"ResourceExists", func(s *ship) string { return s.Name }, "anna"},
	{"Optional, there", func(o restmachine.Optional[*ship]) string { return fmt.Sprint(o.OK, o.Value.Name) }, "trueanna"},
	{"Optional, missing", func(o restmachine.Optional[*cargo]) string { return fmt.Sprint(o.OK, o.Value == nil) }, "false true"},
	{"an interface", func(m manager) string { return fmt.Sprintf("%T", m) }, "*restmachine_test.boss"},
}

func TestInjection(t *testing.T) {
	for _, row := range injections {
		t.Run(row.name, func(t *testing.T) {
			p := newPort(t)
			p.Languages("en")
			p.OnStartup(loadHarbour)
			p.Dependency(func() *crane { return &crane{&cargo{7}} })
			p.Dependency(func() (manager, error) { return &boss{}, nil })
			p.ResourceExists(loadShip)
			p.ResourceExists(func() *cargo { return nil })
			p.Get("/used", func(*ship, restmachine.Optional[*cargo]) string { return "" })
			p.Post("/ships/{ship}", row.handler).AllowMissingPost(func() bool { return true })
			p.valid()
			fields := http.Header{"If-None-Match": {`"a"`}, "X-Flag": {"red"}, "Content-Type": {"application/json"}}
			ctx := context.WithValue(t.Context(), contextKey{}, "of the request")
			for _, wire := range []bool{false, true} {
				req := restmachine.Request{Method: "POST", Path: "/ships/anna%20%C3%A4?q=x", Header: fields.Clone(), Body: []byte(`{"Tons":3}`)}
				var resp restmachine.Response
				if wire {
					resp = overNetHTTP(ctx, p.App, req)
				} else {
					resp = p.ExecuteContext(ctx, req)
				}
				restmachinetest.CheckResponse(t, req, resp)
				assert.Equal(t, 200, resp.StatusCode, "%s\n%s", resp.Body, p.log)
				assert.Equal(t, row.want, string(resp.Body))
			}
		})
	}
}

// overNetHTTP is Execute by way of ServeHTTP.
func overNetHTTP(ctx context.Context, app *restmachine.App, req restmachine.Request) restmachine.Response {
	r := httptest.NewRequestWithContext(ctx, req.Method, req.Path, strings.NewReader(string(req.Body)))
	r.Header = req.Header
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return restmachine.Response{StatusCode: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
}

// color is a named type, size reads itself.
type (
	color string
	size  struct{ n int }
)

func (s *size) UnmarshalText(text []byte) error {
	if string(text) == "XL" {
		s.n = 42
		return nil
	}
	return errors.New("secret: unknown size")
}

type fields struct {
	Text   string     `path:"text" query:"text"`
	Int    int16      `path:"int" query:"int"`
	Uint   uint8      `path:"uint" query:"uint"`
	Float  float64    `path:"float" query:"float"`
	Bool   bool       `path:"bool" query:"bool"`
	Color  color      `path:"color" query:"color"`
	Size   size       `path:"size" query:"size"`
	Addr   netip.Addr `path:"addr" query:"addr"`
	Pub    *int       `path:"pub" query:"pub"`
	Ignore string
}

// fieldTexts are values of the fields, and texts that are none.
var fieldTexts = []struct{ name, good, bad string }{
	{"text", "a b", ""}, {"int", "-32768", "32768"}, {"uint", "255", "-1"}, {"float", "1.5", "x"}, {"bool", "true", "yes"},
	{"color", "red", ""}, {"size", "XL", "XS"}, {"addr", "::1", "1.2.3"}, {"pub", "7", "7x"},
}

func TestPathAndQuery(t *testing.T) {
	p := newPort(t)
	show := func(f fields) string {
		pub := 0
		if f.Pub != nil {
			pub = *f.Pub
		}
		return fmt.Sprint(f.Text, f.Int, f.Uint, f.Float, f.Bool, f.Color, f.Size.n, f.Addr, pub)
	}
	var pattern strings.Builder
	for _, f := range fieldTexts {
		pattern.WriteString("/{" + f.name + "}")
	}
	p.Get(pattern.String(), func(f restmachine.Path[fields]) string { return show(f.Value) })
	p.Get("/query", func(f restmachine.Query[fields]) string { return show(f.Value) })
	p.valid()

	target := func(worse string) (path, query string) {
		q := url.Values{}
		for _, f := range fieldTexts {
			text := f.good
			if f.name == worse {
				text = f.bad
			}
			path += "/" + url.PathEscape(text)
			q.Set(f.name, text)
		}
		return path, "/query?" + q.Encode()
	}
	path, query := target("")
	want := "a b-32768 255 1.5 truered42 ::1 7"
	byPath, byQuery := p.expect(200, "GET", path), p.expect(200, "GET", query)
	assert.Equal(t, string(byPath.Body), string(byQuery.Body))
	assert.Equal(t, strings.ReplaceAll(want, " ", ""), strings.ReplaceAll(string(byPath.Body), " ", ""))
	for _, f := range fieldTexts {
		if f.bad == "" {
			continue
		}
		path, query := target(f.name)
		p.expect(404, "GET", path)
		resp := p.expect(400, "GET", query)
		assert.Contains(t, string(resp.Body), f.name, "says which field")
		assert.NotContains(t, string(resp.Body), "secret")
	}
	empty := p.expect(200, "GET", "/query")
	assert.Contains(t, string(empty.Body), "0", "an absent name leaves its field at zero")
	assert.Contains(t, string(p.expect(400, "GET", "/query?int=1&int=2").Body), "int is there more than once")
	p.expect(400, "GET", "/query?int=%zz")
}

func TestQueryList(t *testing.T) {
	p := newPort(t)
	p.Get("/", func(q restmachine.Query[struct {
		Tons []int `query:"tons"`
	}]) string {
		return fmt.Sprint(q.Value.Tons)
	})
	assert.Equal(t, "[1 2]", string(p.expect(200, "GET", "/?tons=1&tons=2").Body))
	assert.Equal(t, "[]", string(p.expect(200, "GET", "/").Body))
	p.expect(400, "GET", "/?tons=1&tons=x")
}

// PathParams.Get of a name that the route lacks is a logged 500, never "".
func TestUnknownPathParam(t *testing.T) {
	p := newPort(t)
	p.Get("/ships/{ship}", func(path restmachine.PathParams) string { return path.Get("harbour") })
	p.expect(500, "GET", "/ships/anna")
	assert.Contains(t, p.log.String(), "harbour")
	p.expect(500, "GET", "/ships/anna") // and the next request is served
}

// A ResourceExists may take the content: it is read, and checked, for a handler
// that does not ask for it.
func TestLoaderThatTakesTheContent(t *testing.T) {
	p := newPort(t)
	p.ResourceExists(func(b restmachine.Body[cargo]) *ship { return &ship{"anna", b.Value.Tons} })
	p.Put("/ship", func(s *ship) string { return fmt.Sprint(s.Version) })
	p.valid()
	assert.Equal(t, "3", string(p.do("PUT", "/ship", `{"Tons":3}`).Body))
	assert.Equal(t, 400, p.do("PUT", "/ship", `{"Tons":`).StatusCode)
	assert.Equal(t, 415, p.do("PUT", "/ship", "Tons", "Content-Type", "text/plain").StatusCode)
}

// What nothing is declared to return may be what a GET returns in fact.
func TestTypeThatOnlyTheValueTells(t *testing.T) {
	p := newPort(t)
	p.GenerateETag(func(c cargo) string { return fmt.Sprint(c.Tons) })
	p.Get("/any", func() any { return cargo{3} })
	p.Get("/reply", func() *restmachine.Reply { return restmachine.NewReply(200, cargo{4}) })
	p.Get("/other", func() any { return crane{} })
	p.valid()
	assert.Equal(t, `"3"`, p.expect(200, "GET", "/any").Header.Get("Etag"))
	p.expect(304, "GET", "/any", "If-None-Match", `"3"`)
	assert.Equal(t, `"4"`, p.expect(200, "GET", "/reply").Header.Get("Etag"))
	assert.Empty(t, p.expect(200, "GET", "/other").Header.Get("Etag"))
	assert.Contains(t, p.Describe(), "takes restmachine_test.cargo, which nothing is declared to return")
}
