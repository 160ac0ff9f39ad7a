// Wiring faults of one path that is registered through two Scopes.

package plan_test

import (
	"io"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

func noCoder(io.Writer) io.WriteCloser { return nil }

var scopeFaults = []faultRow{
	{
		name: "a RenderError twice", reason: "as any fact",
		fault: func(app *restmachine.App) string {
			app.RenderError(func(*restmachine.Problem) string { return "a" })
			site := harness.NextLine()
			app.RenderError(func(*restmachine.Problem) string { return "b" })
			return site
		},
		says: []string{"RenderError", "are " + saysBothGiven + " on the App", "keep one"},
		near: func(app *restmachine.App) {
			app.RenderError(func(*restmachine.Problem) string { return "a" })
			app.Group("/v1").RenderError(func(*restmachine.Problem) string { return "b" })
		},
	},
	{
		name: "prefixes that differ in a name", reason: "they are of the same paths",
		fault: func(app *restmachine.App) string {
			groupOf(&app.Scope, "/{a}", "/x").Authorized(func() bool { return true })
			site := harness.NextLine()
			g := app.Group("/{b}")
			g.MovedPermanently(func() string { return "/new" })
			return site
		},
		says: []string{`Group "/{b}" (` + harness.InThisFile(), `Group "/{a}" (plan/`, "write both in the same way"},
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
			site := harness.NextLine()
			g.Authorized(func() bool { return false })
			app.Get("/ship", func() string { return "" })
			return site
		},
		says: []string{saysNowhere, `no path is registered through Group "/"`, "/ship (" + harness.InThisFile(), "lies below it and is registered through the App", `register paths through Group "/"`},
		near: func(app *restmachine.App) {
			g := app.Group("/")
			g.Authorized(func() bool { return false })
			g.Get("/ship", func() string { return "" })
		},
	},
	{
		name: "a setting through two Scopes that differs", reason: "one of the two limits would be off",
		fault: func(app *restmachine.App) string {
			app.Put("/v1/ship", func(restmachine.Body[harness.Cargo]) {}).MaxBody(3)
			r := app.Group("/v1").Resource("/ship")
			site := harness.NextLine()
			r.MaxBody(5)
			return site
		},
		says: []string{`MaxBody of Resource "/v1/ship" is set here through Group "/v1"`, "at " + harness.InThisFile(), "through the App", "set it once"},
		near: func(app *restmachine.App) { // they agree, and in one Scope the last word counts
			app.Put("/v1/ship", func(restmachine.Body[harness.Cargo]) {}).MaxBody(3)
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
			site := harness.NextLine()
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
		name: "a fact through two Scopes", reason: "it is given twice on one Resource",
		fault: func(app *restmachine.App) string {
			app.Get("/v1/ship", func() string { return "" }).KnownContentType(func() bool { return true })
			r := app.Group("/v1").Resource("/ship")
			site := harness.NextLine()
			r.KnownContentType(func() bool { return false })
			return site
		},
		says: []string{`are both given on Resource "/v1/ship"`, "keep one"},
		near: func(app *restmachine.App) {
			app.Get("/v1/ship", func() string { return "" }).Forbidden(func() bool { return true })
			app.Group("/v1").Resource("/ship").Forbidden(func() bool { return false }) // gates add up
		},
	},
	{
		name: "a handler through two Scopes", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.Get("/v1/ship", func() string { return "" })
			r := app.Group("/v1").Resource("/ship")
			site := harness.NextLine()
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
			site := harness.NextLine()
			app.Resource("/v1/ships").RequirePreconditions()
			return site
		},
		says: []string{"the Resource /v1/ships", saysNoHandler},
		near: func(app *restmachine.App) {
			app.Put("/v1/ship", func() {})
			app.Group("/v1").Resource("/ship").RequirePreconditions()
		},
	},
	{
		name: "a Resource of which nothing is said", reason: "its path would be unknown",
		fault: func(app *restmachine.App) string {
			app.Get("/ship", func() string { return "" })
			site := harness.NextLine()
			app.Group("/v1").Resource("/ships")
			return site
		},
		says: []string{"the Resource /v1/ships", saysNoHandler},
		near: func(app *restmachine.App) { // the handler comes through another Scope
			app.Group("/v1").Resource("/ships")
			app.Resource("/v1/ships").Get(func() string { return "" })
		},
	},
}

func TestScopeFaults(t *testing.T) { checkFaults(t, scopeFaults) }
