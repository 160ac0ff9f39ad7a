// Scopes that meet: a Group of all paths beside the App, two Groups of one prefix,
// and one path that is registered through two Scopes.

package plan_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A path that is registered through two Scopes that agree is one Resource,
// whatever is said through which of them.
func TestOnePathThroughTwoScopes(t *testing.T) {
	show := func() *restmachine.Reply[any] { return restmachine.NewReply[any](200, harness.ShipView{Label: "anna"}) }
	tag := func(v harness.ShipView) string { return v.Label }
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
			p := harness.NewPort(t)
			row.say(p.App, p.Group("/v1"))
			p.Valid().Valid() // compiling an App changes nothing of it
			assert.Equal(t, `"anna"`, p.Expect(200, "GET", "/v1/view").Header.Get("Etag"))
			p.Expect(304, "GET", "/v1/view", "If-None-Match", `"anna"`)
		})
	}
}

// The Group "/" is one of all paths, known or not, beside those that the App has
// itself.
func TestGroupOfAllPaths(t *testing.T) {
	for _, below := range []string{"", "/v1"} {
		t.Run("below "+below, func(t *testing.T) {
			p := harness.NewPort(t)
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
			p.Valid()
			assert.Contains(t, p.Describe(), "Authorized")
			for _, path := range []string{"/", "/ships/anna", "/docks/1"} {
				p.Expect(401, "GET", below+path)
				p.Expect(200, "GET", below+path, "Who", "me")
			}
			p.Expect(200, "GET", below+"/open")
			for _, path := range []string{"/unknown", "/ships/anna/", "/docks"} {
				p.Expect(401, "GET", below+path)
				assert.Equal(t, "https://example.org"+path, p.Expect(301, "GET", below+path, "Who", "me").Header.Get("Location"))
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
// prefix: what is said on either holds, and so does what is said further out.
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
		{"the App refuses", "a Group cannot refuse less", func(app *restmachine.App, _, b *restmachine.Scope) {
			app.Authorized(no)
			b.Authorized(yes)
		}, 401},
		{"one below the other", "the nearer one cannot refuse less", func(_ *restmachine.App, a, _ *restmachine.Scope) {
			a.Authorized(no)
			groupOf(a, "/", "/known").Authorized(yes)
		}, 401},
		{"two below each other, twice", "all are asked", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.Authorized(no)
			b.Authorized(no)
			groupOf(a, "/", "/known/a").Authorized(yes)
			groupOf(b, "/", "/known/b").Authorized(yes)
		}, 401},
		{"a limit, one below the other", "of what is not a gate the nearest holds", func(_ *restmachine.App, a, _ *restmachine.Scope) {
			a.URITooLong(yes)
			groupOf(a, "/", "/known").URITooLong(no)
		}, 404},
		{"a limit on both", "neither is nearer", func(_ *restmachine.App, a, b *restmachine.Scope) {
			a.URITooLong(yes)
			b.URITooLong(no)
		}, 414},
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
			p := harness.NewPort(t)
			row.say(p.App, groupOf(&p.Scope, "/v1", "/a"), groupOf(&p.Scope, "/v1", "/b"))
			p.Valid()
			p.Expect(row.want, "GET", "/v1/unknown")
			p.Expect(row.want, "GET", "/v1")
		})
	}
}

// What was set through one Scope holds on the path, whichever came first.
func TestSettingsThroughTwoScopes(t *testing.T) {
	for _, first := range []string{"the handlers", "the settings"} {
		t.Run(first+" first", func(t *testing.T) {
			p := harness.NewPort(t)
			p.ResourceExists(harness.LoadShip)
			p.GenerateETag(harness.TagOfShip)
			set := func() {
				r := p.Group("/v1").Resource("/ship")
				r.RequirePreconditions("PUT")
				r.MaxBody(3)
			}
			if first == "the settings" {
				set()
			}
			p.Get("/v1/ship", harness.ShowShip).Put(func(*harness.Ship, restmachine.Body[harness.Cargo]) {})
			if first == "the handlers" {
				set()
			}
			p.Valid()
			assert.Equal(t, 428, p.Do("PUT", "/v1/ship", "{}").StatusCode)
			assert.Equal(t, 413, p.Do("PUT", "/v1/ship", `{"Tons":1}`, "If-Match", "*").StatusCode)
			assert.Equal(t, 204, p.Do("PUT", "/v1/ship", "{}", "If-Match", "*").StatusCode)
			assert.Regexp(t, `RequirePreconditions PUT .*\n  MaxBody 3 `, p.Describe())
		})
	}
}
