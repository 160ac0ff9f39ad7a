// A Provides for an interface serves each type that implements it.

package represent_test

import (
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

type shape interface{ Area() int }

type square struct{ Side int }

func (s square) Area() int { return s.Side * s.Side }

type circle struct{ Radius int }

func (c *circle) Area() int { return 3 * c.Radius * c.Radius }

type line struct{ Length int }

// shapes declares renderers for any value, for shapes, and for one of the types.
func shapes(app *restmachine.App) {
	app.Provides("text/html", func(v any) string { return fmt.Sprintf("<p>%T", v) })
	app.Provides("text/csv", func(s shape) string { return fmt.Sprint("area,", s.Area()) })
	app.Provides("text/plain", func(s square) string { return fmt.Sprint("square ", s.Side) })
	app.GenerateETag(func(s square) string { return "1" })
	app.GenerateETag(func(c *circle) string { return "1" })
	app.Get("/square", func() square { return square{2} }).Put(func() square { return square{2} })
	app.Get("/circle", func() *circle { return &circle{2} })
	app.Get("/line", func() line { return line{2} })
	app.Get("/shape", func() shape { return square{2} })
	app.Get("/any", func() any { return &circle{2} })
	app.Get("/reply", func() *restmachine.Reply[any] { return restmachine.NewReply(200, any(&circle{2})) })
	app.Get("/typed", func() *restmachine.Reply[*circle] { return restmachine.NewReply(200, &circle{2}) })
	app.Get("/none", func() any { return line{2} })
	app.Get("/list", func() []line { return nil })
	app.Get("/text", func() string { return "text" })
	app.Get("/bytes", func() []byte { return []byte("bytes") })
	app.Get("/stream", func() io.Reader { return strings.NewReader("stream") })
	app.Get("/dynamic-text", func() any { return "text" })
	app.Get("/file", func() (fs.File, error) { return fstest.MapFS{"a.txt": {Data: []byte("file")}}.Open("a.txt") })
	app.Post("/made", func() *circle { return &circle{2} })
}

func TestRenderersForInterfaces(t *testing.T) {
	p := harness.NewProbe(t, shapes)
	const html, csv, plain, json = "text/html", "text/csv", "text/plain", "application/json"
	for _, tt := range []struct {
		path   string
		offers []string // in their order
	}{
		{"/square", []string{plain, html, csv}}, // its own, and then no JSON
		{"/circle", []string{html, csv, json}},
		{"/line", []string{html, json}},
		{"/shape", []string{plain, html, csv}},
		{"/any", []string{html, csv, json}},
		{"/reply", []string{html, csv, json}},
		{"/typed", []string{html, csv, json}},
		{"/none", []string{html, json}},
		{"/list", []string{html, json}},
	} {
		for i, media := range tt.offers {
			resp := p.Want(200, "GET", tt.path, "", "Accept", media)
			assert.Equal(t, media, resp.Header.Get("Content-Type"), tt.path)
			assert.Equal(t, "Accept", resp.Header.Get("Vary"), tt.path)
			if tag := resp.Header.Get("ETag"); tag != "" {
				suffix := map[bool]string{true: ";" + media}[i > 0]
				assert.Equal(t, `"1`+suffix+`"`, tag, tt.path)
				p.Want(304, "GET", tt.path, "", "Accept", media, "If-None-Match", tag)
			}
		}
		assert.Equal(t, tt.offers[0], p.Want(200, "GET", tt.path, "", "Accept", "*/*").Header.Get("Content-Type"), tt.path)
		refused := p.Want(406, "GET", tt.path, "", "Accept", "image/png")
		assert.Contains(t, string(refused.Body), strings.Join(tt.offers, ", "), tt.path)
	}
	assert.Equal(t, "<p>represent_test.square", string(p.Want(200, "GET", "/square", "", "Accept", html).Body))
	assert.Equal(t, "area,12", string(p.Want(200, "GET", "/any", "", "Accept", csv).Body))
	assert.Equal(t, `{"Radius":2}`, string(p.Want(200, "GET", "/circle", "", "Accept", json).Body))
	assert.Equal(t, "area,12", string(p.Want(200, "POST", "/made", "", "Accept", csv).Body))
	assert.Equal(t, "area,4", string(p.Want(200, "PUT", "/square", "", "Accept", csv, "If-Match", `"1;text/csv"`).Body))
	for path, media := range map[string]string{"/text": "text/plain; charset=utf-8", "/dynamic-text": "text/plain; charset=utf-8",
		"/bytes": "application/octet-stream", "/stream": "application/octet-stream", "/file": "text/plain; charset=utf-8"} {
		resp := p.Want(200, "GET", path, "")
		assert.Equal(t, media, resp.Header.Get("Content-Type"), "%s is sent as it is", path)
		assert.NotContains(t, string(resp.Body), "<p>")
	}
	p.Want(404, "GET", "/nowhere", "")
	assert.Equal(t, "application/problem+json", p.Want(404, "GET", "/nowhere", "", "Accept", "text/html").Header.Get("Content-Type"),
		"a Problem is rendered by what is given for Problems")
	assert.Contains(t, p.App.Describe(), "renders what implements represent_test.shape")
}

// TestNearestRendererForAnInterface: of one media type the nearest holds, and a type's own
// goes first from whatever place.
func TestNearestRendererForAnInterface(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Provides("text/html", func(square) string { return "own" })
		app.Provides("text/csv", func(any) string { return "far" })
		g := app.Group("/g")
		g.Provides("text/html", func(any) string { return "near, for any" })
		g.Provides("text/csv", func(any) string { return "near" })
		g.Get("/square", func() square { return square{1} })
		g.Get("/line", func() line { return line{1} })
		app.Get("/line", func() line { return line{1} })
	})
	for _, tt := range [][3]string{
		{"/g/square", "text/html", "own"}, {"/g/square", "text/csv", "near"}, {"/g/line", "text/html", "near, for any"},
		{"/g/line", "text/csv", "near"}, {"/line", "text/csv", "far"}, {"/line", "application/json", `{"Length":1}`},
	} {
		assert.Equal(t, tt[2], string(p.Want(200, "GET", tt[0], "", "Accept", tt[1]).Body), "%s %s", tt[0], tt[1])
	}
	p.Want(406, "GET", "/line", "", "Accept", "text/html")
}

// TestRendererForALoadedInterface is the type's own: no JSON stands beside it.
func TestRendererForALoadedInterface(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.ResourceExists(func() shape { return square{2} })
		app.Provides("text/csv", func(s shape) string { return fmt.Sprint(s.Area()) })
		app.Get("/shape", func(s shape) shape { return s })
	})
	assert.Equal(t, "4", string(p.Want(200, "GET", "/shape", "").Body))
	p.Want(406, "GET", "/shape", "", "Accept", "application/json")
}

// TestRendererForAnInterfaceIsJSONItself: then it is the JSON.
func TestRendererForAnInterfaceIsJSONItself(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Provides("application/json", func(v any) map[string]any { return map[string]any{"data": v} })
		app.Get("/line", func() line { return line{1} })
	})
	resp := p.Want(200, "GET", "/line", "")
	assert.Equal(t, `{"data":{"Length":1}}`, string(resp.Body))
	assert.Empty(t, resp.Header.Values("Vary"))
}

// TestRendererForAnInterfaceNeedsWhatIsThere: it is checked like any other.
func TestRendererForAnInterfaceNeedsWhatIsThere(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(harness.LeafByPath)
	p.Provides("text/html", func(any, *harness.Leaf) string { return "" })
	p.Get("/lines/{id}", func(*harness.Leaf) line { return line{} })
	p.Post("/lines", func() line { return line{} })
	assert.Contains(t, strings.Join(harness.FaultsOf(t, p.App), "\n"), "Provides text/html")
}
