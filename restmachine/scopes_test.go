package restmachine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is about Scopes that meet: one path that is registered through two
// of them.

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
