// Errors in media types of one's own: a Provides for *Problem.

package answer_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

const aBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func problemPage(p *restmachine.Problem) string { return "<h1>" + p.Title + "</h1>" }

// TestProvidesForProblems: errors of all kinds, on all paths, in the media type that the
// client prefers, with the default beside it.
func TestProvidesForProblems(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Provides("text/html", problemPage)
		app.Provides("application/vnd.api+json", func(p *restmachine.Problem) map[string]any {
			return map[string]any{"errors": []any{map[string]any{"title": p.Title}}}
		})
		app.Get("/", func() string { return "" })
		app.Get("/teapot", func() error { return &restmachine.Problem{Status: 418, Title: "Teapot"} })
		app.Get("/broken", func() error { return harness.ErrSecret })
		app.Get("/forbidden", func() {}).Forbidden(func() bool { return true })
	})
	for target, status := range map[string]int{"/nowhere": 404, "/teapot": 418, "/broken": 500, "/forbidden": 403} {
		for accept, media := range map[string]string{
			aBrowser: "text/html", "text/html": "text/html", "*/*": "application/problem+json", "": "application/problem+json",
			"application/json": "application/problem+json", "application/vnd.api+json": "application/vnd.api+json",
			"text/plain": "text/plain; charset=utf-8", "image/png": "application/problem+json",
			"text/html;q=0.5, application/json": "application/problem+json",
		} {
			resp := p.Want(status, "GET", target, "", "Accept", accept)
			assert.Equal(t, media, resp.Header.Get("Content-Type"), "%s %s", target, accept)
			assert.Contains(t, resp.Header.Get("Vary"), "Accept")
			assert.NotContains(t, string(resp.Body), harness.ErrSecret.Error())
		}
	}
	assert.Equal(t, "<h1>Teapot</h1>", string(p.Want(418, "GET", "/teapot", "", "Accept", aBrowser).Body))
	assert.Equal(t, `{"errors":[{"title":"Teapot"}]}`, string(p.Want(418, "GET", "/teapot", "", "Accept", "application/vnd.api+json").Body))
	assert.Equal(t, "text/html", p.Want(405, "DELETE", "/", "", "Accept", aBrowser).Header.Get("Content-Type"))
	assert.Equal(t, "text/html", p.Want(404, "HEAD", "/nowhere", "", "Accept", aBrowser).Header.Get("Content-Type"))
}

// TestProvidesForProblemsInTheDefaultsPlace: one of a default's media type replaces it.
func TestProvidesForProblemsInTheDefaultsPlace(t *testing.T) {
	for media, accept := range map[string]string{"application/problem+json": "*/*", "application/json": "application/json", "text/plain": "text/plain"} {
		p := harness.NewProbe(t, func(app *restmachine.App) {
			app.Provides(media, func(*restmachine.Problem) string { return "mine" })
		})
		resp := p.Want(404, "GET", "/nowhere", "", "Accept", accept)
		assert.Equal(t, "mine", string(resp.Body), media)
		assert.Equal(t, media, resp.Header.Get("Content-Type"))
	}
}

// TestProvidesForProblemsThatFail: the default takes its place, and the log says so.
func TestProvidesForProblemsThatFail(t *testing.T) {
	for name, render := range map[string]restmachine.Func{
		"an error": func(*restmachine.Problem) (string, error) { return "", errors.New("no template") },
		"a panic":  func(*restmachine.Problem) string { panic("no template") },
		"nothing":  func(*restmachine.Problem) any { return nil },
	} {
		x := harness.NewTrial(t, func(app *restmachine.App) { app.Provides("text/html", render) })
		resp := x.Do("GET", "/nowhere", "", "Accept", "text/html")
		assert.Equal(t, 404, resp.StatusCode, name)
		assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"), name)
		assert.Contains(t, x.Log.Take(), "Provides text/html", name)
	}
}

// TestProvidesForProblemsAndRenderError: a Provides stands beside the RenderError of its own
// place or of one further out, and a nearer RenderError replaces it.
func TestProvidesForProblemsAndRenderError(t *testing.T) {
	says := func(text string) restmachine.Func {
		return func(p *restmachine.Problem) string { p.Header.Set("X-Rendered", "yes"); return text }
	}
	fail := func() error { return restmachine.ErrNotFound }
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Provides("text/html", says("app's page"))
		app.RenderError(says("app's error"))
		app.Get("/x", fail)
		near := app.Group("/near")
		near.Provides("text/html", says("group's page"))
		near.Get("/x", fail)
		instead := app.Group("/instead")
		instead.RenderError(says("group's error"))
		instead.Get("/x", fail)
	})
	for _, tt := range [][3]string{
		{"/x", aBrowser, "app's page"}, {"/x", "*/*", "app's error"}, {"/x", "text/plain", "app's error"},
		{"/near/x", aBrowser, "group's page"}, {"/near/x", "*/*", "app's error"},
		{"/instead/x", aBrowser, "group's error"}, {"/instead/x", "*/*", "group's error"},
	} {
		resp := p.Want(404, "GET", tt[0], "", "Accept", tt[1])
		assert.Equal(t, tt[2], string(resp.Body), "%s %s", tt[0], tt[1])
		assert.Equal(t, "yes", resp.Header.Get("X-Rendered"))
	}
	assert.Contains(t, p.Want(404, "GET", "/x", "", "Accept", aBrowser).Header.Get("Vary"), "Accept")
}

// TestProvidesForProblemsTakeMore: behind the Problem stands whatever can be injected.
func TestProvidesForProblemsTakeMore(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		app.Provides("text/html", func(p *restmachine.Problem, h http.Header) string { return p.Title + " for " + h.Get("X-Who") })
	})
	assert.Equal(t, "Not Found for me", string(p.Want(404, "GET", "/nowhere", "", "Accept", "text/html", "X-Who", "me").Body))
}
