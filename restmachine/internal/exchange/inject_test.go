// What a callback can be injected.

package exchange_test

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
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

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
	{"Body[T]", func(b restmachine.Body[harness.Cargo]) string { return fmt.Sprint(b.Value.Tons) }, "3"},
	{"Body[*T]", func(b restmachine.Body[*harness.Cargo]) string { return fmt.Sprint(b.Value.Tons) }, "3"},
	{"Body[io.Reader]", func(b restmachine.Body[io.Reader]) string { s, _ := io.ReadAll(b.Value); return string(s) }, `{"Tons":3}`},
	{"Body[io.ReadSeeker]", func(b restmachine.Body[io.ReadSeeker]) string {
		_, _ = b.Value.Seek(1, io.SeekStart)
		s, _ := io.ReadAll(b.Value)
		return string(s)
	}, `"Tons":3}`},
	{"OnStartup", func(h *harness.Harbour) string { return h.Name }, "oslo"},
	{"Dependency", func(c *harness.Crane) string { return fmt.Sprint(c.Of.Tons) }, "7"},
	{"ResourceExists", func(s *harness.Ship) string { return s.Name }, "anna"},
	{"Optional, there", func(o restmachine.Optional[*harness.Ship]) string { return fmt.Sprint(o.OK, o.Value.Name) }, "trueanna"},
	{"Optional, missing", func(o restmachine.Optional[*harness.Cargo]) string { return fmt.Sprint(o.OK, o.Value == nil) }, "false true"},
	{"an interface", func(m harness.Manager) string { return fmt.Sprintf("%T", m) }, "*harness.Boss"},
}

func TestInjection(t *testing.T) {
	for _, row := range injections {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			p.Languages("en")
			p.OnStartup(harness.LoadHarbour)
			p.Dependency(func() *harness.Crane { return &harness.Crane{Of: &harness.Cargo{Tons: 7}} })
			p.Dependency(func() (harness.Manager, error) { return &harness.Boss{}, nil })
			p.ResourceExists(harness.LoadShip)
			p.ResourceExists(func() *harness.Cargo { return nil })
			p.Get("/used", func(*harness.Ship, restmachine.Optional[*harness.Cargo]) string { return "" })
			p.Post("/ships/{ship}", row.handler).AllowMissingPost(func() bool { return true })
			p.Valid()
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
				assert.Equal(t, 200, resp.StatusCode, "%s\n%s", resp.Body, p.Log)
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
	p := harness.NewPort(t)
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
	p.Valid()

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
	byPath, byQuery := p.Expect(200, "GET", path), p.Expect(200, "GET", query)
	assert.Equal(t, string(byPath.Body), string(byQuery.Body))
	assert.Equal(t, strings.ReplaceAll(want, " ", ""), strings.ReplaceAll(string(byPath.Body), " ", ""))
	for _, f := range fieldTexts {
		if f.bad == "" {
			continue
		}
		path, query := target(f.name)
		p.Expect(404, "GET", path)
		resp := p.Expect(400, "GET", query)
		assert.Contains(t, string(resp.Body), f.name, "says which field")
		assert.NotContains(t, string(resp.Body), "secret")
	}
	empty := p.Expect(200, "GET", "/query")
	assert.Contains(t, string(empty.Body), "0", "an absent name leaves its field at zero")
	assert.Contains(t, string(p.Expect(400, "GET", "/query?int=1&int=2").Body), "int is given more than once")
	p.Expect(400, "GET", "/query?int=%zz")
}

func TestQueryList(t *testing.T) {
	p := harness.NewPort(t)
	p.Get("/", func(q restmachine.Query[struct {
		Tons []int `query:"tons"`
	}]) string {
		return fmt.Sprint(q.Value.Tons)
	})
	assert.Equal(t, "[1 2]", string(p.Expect(200, "GET", "/?tons=1&tons=2").Body))
	assert.Equal(t, "[]", string(p.Expect(200, "GET", "/").Body))
	p.Expect(400, "GET", "/?tons=1&tons=x")
}

// PathParams.Get of a name that the route lacks is a logged 500, never "".
func TestUnknownPathParam(t *testing.T) {
	p := harness.NewPort(t)
	p.Get("/ships/{ship}", func(path restmachine.PathParams) string { return path.Get("harbour") })
	p.Expect(500, "GET", "/ships/anna")
	assert.Contains(t, p.Log.String(), "harbour")
	p.Expect(500, "GET", "/ships/anna") // and the next request is served
}

// A ResourceExists may take the content: it is read, and checked, for a handler
// that does not ask for it.
func TestLoaderThatTakesTheContent(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(func(b restmachine.Body[harness.Cargo]) *harness.Ship {
		return &harness.Ship{Name: "anna", Version: b.Value.Tons}
	})
	p.Put("/ship", func(s *harness.Ship) string { return fmt.Sprint(s.Version) })
	p.Valid()
	assert.Equal(t, "3", string(p.Do("PUT", "/ship", `{"Tons":3}`).Body))
	assert.Equal(t, 400, p.Do("PUT", "/ship", `{"Tons":`).StatusCode)
	assert.Equal(t, 415, p.Do("PUT", "/ship", "Tons", "Content-Type", "text/plain").StatusCode)
}
