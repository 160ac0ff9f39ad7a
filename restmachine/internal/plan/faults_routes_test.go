// Wiring faults of paths.

package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

var routeFaults = []faultRow{
	{
		name: "two names for one parameter", reason: "they match the same paths",
		fault: func(app *restmachine.App) string {
			app.Get("/ships/{a}", func() string { return "" })
			site := harness.NextLine()
			app.Get("/ships/{b}", func() string { return "" })
			return site
		},
		says: []string{"/ships/{a} (" + harness.InThisFile(), "/ships/{b} (" + harness.InThisFile(), "conflict"},
		near: func(app *restmachine.App) {
			app.Get("/ships/{a}", func() string { return "" })
			app.Get("/ships/new", func() string { return "" })
			app.Get("/ships/{b}/cargo", func() string { return "" })
			app.Get("/ships/new/draft", func() string { return "" })
		},
	},
	{
		name: "a path through two scopes whose facts differ", reason: "which facts hold?",
		fault: func(app *restmachine.App) string {
			g := app.Group("/ships")
			g.Forbidden(func() bool { return true })
			g.Get("/{ship}", func() string { return "" })
			site := harness.NextLine()
			app.Put("/ships/{ship}", func() {})
			return site
		},
		says: []string{"/ships/{ship} is registered here through the App", `Group "/ships"`, "a path has one set of facts and settings, and the two differ in Forbidden", "register all methods of the path through one of the two"},
		near: func(app *restmachine.App) {
			app.Group("/ships").Get("/{ship}", func() string { return "" })
			app.Group("/ships").Post("/{ship}", func() {})
			app.Put("/ships/{ship}", func() {})
		},
	},
	{
		name: "one method twice", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.Get("/ship", func() string { return "" })
			site := harness.NextLine()
			app.Get("/ship", func() string { return "" })
			return site
		},
		says: []string{"GET /ship has two handlers", "remove one"},
		near: func(app *restmachine.App) {
			app.Get("/ship", func() string { return "" })
			app.Post("/ship", func() {})
		},
	},
	{
		name: "a path that is none", reason: "a parameter ends where its segment does",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/ships/{ship", func() string { return "" })
			return site
		},
		says: []string{`the path "/ships/{ship"`},
		near: func(app *restmachine.App) { app.Get("/ships/{ship...}", func() string { return "" }) },
	},
	{
		name: "a prefix that does not begin with a slash", reason: "it would be glued to what stands before",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Group("ships")
			return site
		},
		says: []string{`Group("ships")`, `does not begin with "/"`},
		near: func(app *restmachine.App) { app.Group("/ships") },
	},
}

func TestRouteFaults(t *testing.T) { checkFaults(t, routeFaults) }

// Where a fact needs a name of the path, unknown paths, and paths on which it
// does not hold, are no fault.
func TestFactsThatNeedNames(t *testing.T) {
	type key struct {
		Ship string `path:"ship"`
	}
	p := harness.NewPort(t)
	p.Dependency(func(restmachine.Path[key]) *harness.Cargo { return nil })
	p.ResourceExists(harness.LoadShip)
	p.GenerateETag(func(s *harness.Ship, k restmachine.Path[key]) string { return k.Value.Ship })
	p.Provides("text/plain", func(s *harness.Ship, k restmachine.Path[key]) string { return k.Value.Ship })
	p.Get("/ships/{ship}", harness.ShowShip)
	p.Get("/health", func() string { return "fine" })
	g := p.Group("/ships/{ship}")
	g.Authorized(func(restmachine.Path[key]) bool { return false })
	g.Forbidden(func(*harness.Cargo) bool { return false })
	g.Get("/cargo", func() string { return "" })
	p.Valid()

	resp := p.Expect(200, "GET", "/ships/anna")
	assert.Equal(t, `"anna"`, resp.Header.Get("Etag"))
	p.Expect(401, "GET", "/ships/anna/unknown")
	require.Equal(t, 404, p.Do("GET", "/unknown", "").StatusCode)
}

// On an App whose paths all have a name, its facts may need it: an unknown path,
// which has not, is answered without them.
func TestAppFactsThatNeedNames(t *testing.T) {
	type key struct {
		Ship string `path:"ship"`
	}
	p := harness.NewPort(t)
	p.Dependency(func(k restmachine.Path[key]) *harness.Cargo { return &harness.Cargo{Tons: len(k.Value.Ship)} })
	p.CacheControl(func(k restmachine.Path[key]) string { return "max-age=" + k.Value.Ship })
	p.Authorized(func(k restmachine.Path[key]) bool { return k.Value.Ship != "0" })
	p.Forbidden(func(c *harness.Cargo) bool { return c.Tons > 2 })
	p.Get("/ships/{ship}", func() string { return "" })
	p.Valid()
	assert.Equal(t, "max-age=7", p.Expect(200, "GET", "/ships/7").Header.Get("Cache-Control"))
	p.Expect(401, "GET", "/ships/0")
	p.Expect(403, "GET", "/ships/700")
	p.Expect(404, "GET", "/unknown")
}
