package restmachine_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is about Scopes that meet: a Group of all paths beside the App, two
// Groups of one prefix, and one path that is registered through two Scopes.

// A path that is registered through two Scopes that agree is one Resource,
// whatever is said through which of them.
func TestOnePathThroughTwoScopes(t *testing.T) {
	show := func() *restmachine.Reply { return restmachine.NewReply(200, shipView{"anna"}) }
	tag := func(v shipView) string { return v.Label }
	for _, row := range []struct {
		name, reason string
		say          func(app *restmachine.App, v1 *restmachine.Scope)
	}{
		{"one Scope", "what the others are held to", func(app *restmachine.App, _ *restmachine.Scope) {
			app.Get("/v1/view", show).GenerateETag(tag)
		}},
		{"the GET by the App", "its values tell their type, also to a fact through the Group", func(app *restmachine.App, v1 *restmachine.Scope) {
			app.Get("/v1/view", show)
			v1.Resource("/view").GenerateETag(tag)
		}},
		{"the GET by the Group", "in either order", func(app *restmachine.App, v1 *restmachine.Scope) {
			app.Resource("/v1/view").GenerateETag(tag)
			v1.Get("/view", show)
		}},
		{"the GET behind a third", "a Resource of which nothing was said yet is the same one", func(app *restmachine.App, v1 *restmachine.Scope) {
			app.Resource("/v1/view")
			v1.Resource("/view").GenerateETag(tag)
			app.Group("/v1").Get("/view", show)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.NotEmpty(t, row.reason)
			p := newPort(t)
			row.say(p.App, p.Group("/v1"))
			p.valid().valid() // compiling an App changes nothing of it
			assert.Equal(t, `"anna"`, p.expect(200, "GET", "/v1/view").Header.Get("Etag"))
			p.expect(304, "GET", "/v1/view", "If-None-Match", `"anna"`)
		})
	}
}

// The Group "/" is one of all paths, known or not, beside those that the App has
// itself.
func TestGroupOfAllPaths(t *testing.T) {
	for _, below := range []string{"", "/v1"} {
		t.Run("below "+below, func(t *testing.T) {
			p := newPort(t)
			above := &p.Scope
			if below != "" {
				above = p.Group(below)
			}
			g := above.Group("/")
			g.Authorized(func(h http.Header) bool { return h.Get("Who") != "" })
			g.MovedPermanently(func() string { return "https://example.org" })
			g.Get("/", func() string { return "" })
			g.Get("/ships/{ship}", func() string { return "" })
			g.Group("/docks").Get("/{dock}", func() string { return "" })
			above.Get("/open", func() string { return "" })
			p.valid()
			assert.Contains(t, p.Describe(), "Authorized")
			for _, path := range []string{"/", "/ships/anna", "/docks/1"} {
				p.expect(401, "GET", below+path)
				p.expect(200, "GET", below+path, "Who", "me")
			}
			p.expect(200, "GET", below+"/open")
			for _, path := range []string{"/unknown", "/ships/anna/", "/docks"} {
				p.expect(401, "GET", below+path)
				assert.Equal(t, "https://example.org"+path, p.expect(301, "GET", below+path, "Who", "me").Header.Get("Location"))
			}
		})
	}
}

// groupOf is a Group with a path that is known, so that its facts hold somewhere.
func groupOf(s *restmachine.Scope, prefix, known string) *restmachine.Scope {
	g := s.Group(prefix)
	g.Get(known, func() string { return "" })
	return g
}

// An unknown path was registered through neither of two Groups that have its
// prefix: what is said on either holds, and the nearer where one is nearer.
func TestTwoGroupsOfOnePrefix(t *testing.T) {
	yes, no := func() bool { return true }, func() bool { return false }
	for _, row := range []struct {
		name, reason string
		say          func(app *restmachine.App, a, b *restmachine.Scope)
		want         int // for an unknown path
	}{
		{"the first refuses", "it refuses what is known", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.Authorized(no)
			b.ServiceAvailable(yes)
		}, 401},
		{"the second refuses", "in either order", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.ServiceAvailable(yes)
			b.Authorized(no)
		}, 401},
		{"only the first lets pass", "both are asked, as neither is nearer", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.Authorized(yes)
			b.Authorized(no)
		}, 401},
		{"only the second lets pass", "both are asked", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.Authorized(no)
			b.Authorized(yes)
		}, 401},
		{"only one says anything", "the other has nothing against it", func(_ *restmachine.App, _, b *restmachine.Scope) {
			b.Authorized(no)
		}, 401},
		{"a Group above one of them refuses", "it holds below that one", func(app *restmachine.App, a, _ *restmachine.Scope) {
			a.ServiceAvailable(yes)
			above := app.Group("/")
			above.Authorized(no)
			groupOf(above, "/v1", "/known")
		}, 401},
		{"the App refuses", "a Group is nearer than the App", func(app *restmachine.App, _, b *restmachine.Scope) {
			app.Authorized(no)
			b.Authorized(yes)
		}, 404},
		{"one below the other", "the nearer wins", func(_ *restmachine.App, a, _ *restmachine.Scope) {
			a.Authorized(no)
			groupOf(a, "/", "/known").Authorized(yes)
		}, 404},
		{"two below each other, twice", "the nearer of each stand in for the others", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.Authorized(no)
			b.Authorized(no)
			groupOf(a, "/", "/known/a").Authorized(yes)
			groupOf(b, "/", "/known/b").Authorized(yes)
		}, 404},
		{"what unknown paths are not asked", "each Group speaks of its own paths", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.LockKey(func() string { return "a" })
			b.LockKey(func() string { return "b" })
			a.MaxBody(1)
			b.MaxBody(2)
		}, 404},
		{"one has moved", "beside what the other says", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.ServiceAvailable(yes)
			b.MovedPermanently(func() string { return "/v2" })
		}, 301},
		{"one knows an error", "whoever returns it", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.PreviouslyExisted(func() (bool, error) { return false, io.EOF })
			b.MapError(io.EOF, &restmachine.Problem{Status: 451})
		}, 451},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.NotEmpty(t, row.reason)
			p := newPort(t)
			row.say(p.App, groupOf(&p.Scope, "/v1", "/a"), groupOf(&p.Scope, "/v1", "/b"))
			p.valid()
			p.expect(row.want, "GET", "/v1/unknown")
			p.expect(row.want, "GET", "/v1")
		})
	}
}

func noCoder(io.Writer) io.WriteCloser { return nil }

var scopeFaults = []faultRow{
	{
		name: "a RenderError twice", reason: "as any fact",
		fault: func(app *restmachine.App) string {
			app.RenderError(func(*restmachine.Problem) string { return "a" })
			site := nextLine()
			app.RenderError(func(*restmachine.Problem) string { return "b" })
			return site
		},
		says: []string{"RenderError", "are both given on the App", "keep one"},
		near: func(app *restmachine.App) {
			app.RenderError(func(*restmachine.Problem) string { return "a" })
			app.Group("/v1").RenderError(func(*restmachine.Problem) string { return "b" })
		},
	},
	{
		name: "prefixes that differ in a name", reason: "they are of the same paths",
		fault: func(app *restmachine.App) string {
			groupOf(&app.Scope, "/{a}", "/x").Authorized(func() bool { return true })
			site := nextLine()
			g := app.Group("/{b}")
			g.MovedPermanently(func() string { return "/new" })
			return site
		},
		says: []string{`Group "/{b}" (restmachine/scopes_test.go:`, `Group "/{a}" (restmachine/scopes_test.go:`, "write both alike"},
		near: func(app *restmachine.App) {
			groupOf(&app.Scope, "/{a}", "/x").Authorized(func() bool { return true })
			groupOf(&app.Scope, "/{b}", "/y") // says nothing
			app.Group("/{a}/{b}").MovedPermanently(func() string { return "/new" })
		},
	},
	{
		name: "a gate on a Group of all paths that has none", reason: "it guards only what is registered through it",
		fault: func(app *restmachine.App) string {
			g := app.Group("/")
			site := nextLine()
			g.Authorized(func() bool { return false })
			app.Get("/ship", func() string { return "" })
			return site
		},
		says: []string{"holds on no path", `register paths below Group "/"`},
		near: func(app *restmachine.App) {
			g := app.Group("/")
			g.Authorized(func() bool { return false })
			g.Get("/ship", func() string { return "" })
		},
	},
	{
		name: "a setting through two Scopes that differs", reason: "one of the two limits would be off",
		fault: func(app *restmachine.App) string {
			app.Put("/v1/ship", func(restmachine.Body[cargo]) {}).MaxBody(3)
			r := app.Group("/v1").Resource("/ship")
			site := nextLine()
			r.MaxBody(5)
			return site
		},
		says: []string{`MaxBody of Resource "/v1/ship" is set here through Group "/v1"`, "at restmachine/scopes_test.go:", "through the App", "set it once"},
		near: func(app *restmachine.App) { // they agree, and in one Scope the last word counts
			app.Put("/v1/ship", func(restmachine.Body[cargo]) {}).MaxBody(3)
			r := app.Group("/v1").Resource("/ship")
			r.MaxBody(3)
			r.RequirePreconditions()
			r.Languages("en")
			r.Languages("no")
		},
	},
	{
		name: "an Encoder through two Scopes", reason: "functions cannot be compared",
		fault: func(app *restmachine.App) string {
			app.Get("/v1/ship", func() string { return "" }).Encoder("br", noCoder)
			r := app.Group("/v1").Resource("/ship")
			site := nextLine()
			r.Encoder("br", noCoder)
			return site
		},
		says: []string{"Encoder br", "set it once"},
		near: func(app *restmachine.App) {
			app.Get("/v1/ship", func() string { return "" }).Encoder("br", noCoder)
			app.Group("/v1").Resource("/ship").Encoder("zstd", noCoder)
		},
	},
	{
		name: "a gate through two Scopes", reason: "it is given twice on one Resource",
		fault: func(app *restmachine.App) string {
			app.Get("/v1/ship", func() string { return "" }).Forbidden(func() bool { return true })
			r := app.Group("/v1").Resource("/ship")
			site := nextLine()
			r.Forbidden(func() bool { return false })
			return site
		},
		says: []string{`are both given on Resource "/v1/ship"`, "keep one"},
		near: func(app *restmachine.App) {
			app.Get("/v1/ship", func() string { return "" }).Forbidden(func() bool { return true })
			app.Group("/v1").Resource("/ship").Authorized(func() bool { return false })
		},
	},
	{
		name: "a handler through two Scopes", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.Get("/v1/ship", func() string { return "" })
			r := app.Group("/v1").Resource("/ship")
			site := nextLine()
			r.Get(func() string { return "" })
			return site
		},
		says: []string{"GET /v1/ship has two handlers", "remove one"},
		near: func(app *restmachine.App) {
			app.Get("/v1/ship", func() string { return "" })
			app.Group("/v1").Resource("/ship").Put(func() {})
		},
	},
	{
		name: "settings of a Resource without a handler", reason: "the path that they were meant for was registered elsewhere",
		fault: func(app *restmachine.App) string {
			app.Put("/v1/ship", func() {})
			site := nextLine()
			app.Resource("/v1/ships").RequirePreconditions()
			return site
		},
		says: []string{"the Resource /v1/ships has facts and no handler"},
		near: func(app *restmachine.App) {
			app.Put("/v1/ship", func() {})
			app.Group("/v1").Resource("/ship").RequirePreconditions()
			app.Resource("/nothing") // said of it
		},
	},
}

func TestScopeFaults(t *testing.T) { checkFaults(t, scopeFaults) }

// What was set through one Scope holds on the path, whichever came first.
func TestSettingsThroughTwoScopes(t *testing.T) {
	for _, first := range []string{"the handlers", "the settings"} {
		t.Run(first+" first", func(t *testing.T) {
			p := newPort(t)
			p.ResourceExists(loadShip)
			p.GenerateETag(tagOfShip)
			set := func() {
				r := p.Group("/v1").Resource("/ship")
				r.RequirePreconditions()
				r.MaxBody(3)
			}
			if first == "the settings" {
				set()
			}
			p.Get("/v1/ship", showShip).Put(func(*ship, restmachine.Body[cargo]) {})
			if first == "the handlers" {
				set()
			}
			p.valid()
			assert.Equal(t, 428, p.do("PUT", "/v1/ship", "{}").StatusCode)
			assert.Equal(t, 413, p.do("PUT", "/v1/ship", `{"Tons":1}`, "If-Match", "*").StatusCode)
			assert.Equal(t, 204, p.do("PUT", "/v1/ship", "{}", "If-Match", "*").StatusCode)
			assert.Regexp(t, `RequirePreconditions .*\n  MaxBody 3 `, p.Describe())
		})
	}
}
