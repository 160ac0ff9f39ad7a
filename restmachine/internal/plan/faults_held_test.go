// Wiring faults of facts that would silently hold nowhere.

package plan_test

import (
	"context"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

var holdingFaults = []faultRow{
	{
		name: "a gate whose type no path loads", reason: "silence would switch a check off; an App's gate loads nothing",
		fault: func(app *restmachine.App) string {
			app.Get("/", func() string { return "" })
			app.Resource("/ship").ResourceExists(harness.LoadShip)
			app.Resource("/ship").Get(harness.ShowShip)
			app.ResourceExists(harness.LoadHarbour)
			app.Get("/harbour", func(*harness.Harbour) string { return "" })
			g := app.Group("/g")
			g.ResourceExists(harness.NewCargo)
			g.Get("/cargo", harness.ShowCargo)
			site := harness.NextLine()
			app.Forbidden(func(*harness.Ship, *harness.Cargo) bool { return true })
			return site
		},
		says: []string{"Forbidden", saysNowhere, "the App", "*harness.Cargo,*harness.Ship", "give the fact to a Group or Resource"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/", harness.ShowShip)
			app.Forbidden(func(*harness.Ship) bool { return true })
		},
	},
	{
		name: "a gate on a Group without paths", reason: "the path that it should guard was registered elsewhere",
		fault: func(app *restmachine.App) string {
			g := app.Group("/admin")
			site := harness.NextLine()
			g.Authorized(func() bool { return false })
			app.Get("/admin/secrets", func() string { return "" })
			return site
		},
		says: []string{"Authorized", saysNowhere, `register paths through Group "/admin"`},
		near: func(app *restmachine.App) {
			g := app.Group("/admin")
			g.Authorized(func() bool { return false })
			g.Get("/secrets", func() string { return "" })
			app.Group("/old").MovedPermanently(func() string { return "/new" }) // speaks of unknown paths
		},
	},
	{
		name: "a describing fact whose type no GET returns", reason: "a tag that nobody gets guards nothing",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/", viewShip)
			site := harness.NextLine()
			app.GenerateETag(harness.TagOfShip)
			return site
		},
		says: []string{"GenerateETag harness.TagOfShip", saysNowhere, "no GET below the App returns *harness.Ship", "give the fact to a Resource"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/", harness.ShowShip)
			app.Get("/view", viewShip)
		},
	},
	{
		name: "a freshness fact that only a reply could carry", reason: "replies carry validators and a Location, no freshness",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/", viewShip)
			app.Post("/", func() *restmachine.Reply[any] { return restmachine.Created[any]("/", makeShip()) })
			site := harness.NextLine()
			app.CacheControl(func(*harness.Ship) string { return "no-store" })
			return site
		},
		says: []string{"CacheControl", saysNowhere},
		near: func(app *restmachine.App) { // a 201 carries these, whatever the GET returns
			app.ResourceExists(harness.LoadShip)
			app.Get("/", viewShip)
			app.Post("/", func() *restmachine.Reply[any] { return restmachine.Created[any]("/", makeShip()) })
			app.GenerateETag(harness.TagOfShip)
			app.Location(harness.TagOfShip)
		},
	},
	{
		name: "a ResourceExists that nobody asks for", reason: "every path would exist",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.ResourceExists(harness.LoadShip)
			app.Get("/", func() string { return "" })
			return site
		},
		says: []string{"ResourceExists harness.LoadShip", saysNowhere, "no handler below the App needs *harness.Ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Dependency(func(*harness.Ship) *harness.Cargo { return nil })
			app.Get("/", harness.ShowCargo)
		},
	},
	{
		name: "facts of a Resource without a handler", reason: "no request reaches them",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			r := app.Resource("/ship")
			r.Authorized(func() bool { return false })
			return site
		},
		says: []string{"the Resource /ship", saysNoHandler, "by Get, Put or another method"},
		near: func(app *restmachine.App) {
			r := app.Resource("/ship")
			r.Authorized(func() bool { return true })
			r.Get(func() string { return "" })
			r.Provides("text/csv", func(harness.Cargo) string { return "" }) // only reported
			r.Accepts("text/csv", func([]byte) harness.Cargo { return harness.Cargo{} })
		},
	},
	{
		name: "a fact of a Resource for a type that is not there", reason: "it always holds there, and there is nothing to describe",
		fault: func(app *restmachine.App) string {
			app.Get("/view", func() harness.ShipView { return harness.ShipView{} })
			r := app.Get("/cargo", func() harness.Cargo { return harness.Cargo{} })
			site := harness.NextLine()
			r.GenerateETag(func(harness.ShipView) string { return "" })
			return site
		},
		says: []string{"GenerateETag", "harness.ShipView", "GET /cargo returns harness.Cargo"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/view", func() harness.ShipView { return harness.ShipView{} })
			app.Get("/cargo", func() harness.Cargo { return harness.Cargo{} }).GenerateETag(harness.TagOfShip)
		},
	},
	{
		name: "a write without the validators of its target", reason: "no client could guard it with the tag that it has",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ship", harness.ShowShip)
			app.Get("/view", viewShip)
			site := harness.NextLine()
			app.Put("/view", writeShip)
			return site
		},
		says: []string{"PUT /view: no client can guard the write", "no validator of *harness.Ship", "the GET of this path returns harness.ShipView",
			"return *harness.Ship and make the view with Provides, or give the Resource its own GenerateETag"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ship", harness.ShowShip)
			r := app.Get("/view", viewShip).Put(writeShip)
			r.GenerateETag(harness.TagOfShip)
		},
	},
	{
		name: "a DELETE without the validators of its target", reason: "an untyped validator from above says nothing of the ship",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.GenerateETag(func() string { return "app" })
			app.Get("/ship", harness.ShowShip)
			app.Get("/view", viewShip)
			site := harness.NextLine()
			app.Delete("/view", func(*harness.Ship) {})
			return site
		},
		says: []string{"DELETE /view: no client can guard the write", "*harness.Ship", "give the Resource its own GenerateETag"},
		near: func(app *restmachine.App) { // without a GET the target's validators hold
			app.LockKey(restmachine.ByPath)
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ship", harness.ShowShip)
			app.Delete("/view", func(*harness.Ship) {})
			app.Get("/by-hash", viewShip).Patch(writeShip).AutoETag(restmachine.Strong)
		},
	},
	{
		name: "a tag of *T where the path returns T", reason: "the types differ, and the tag would be missing in silence",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip)
			app.Get("/copy", func(s *harness.Ship) harness.Ship { return *s })
			site := harness.NextLine()
			app.GenerateETag(harness.TagOfShip)
			return site
		},
		says: []string{"GenerateETag harness.TagOfShip (", "a fact for *harness.Ship does not hold for the harness.Ship that a handler returns", " beside GET /copy ", "take harness.Ship in the fact"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip)
			app.Get("/copy", func(s *harness.Ship) harness.Ship { return *s })
			app.GenerateETag(harness.TagOfShip)
			app.GenerateETag(func(s harness.Ship) string { return s.Tag() })
		},
	},
	{
		name: "a Provides of T where the path returns *T", reason: "the reverse, for a renderer",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip)
			site := harness.NextLine()
			app.Provides("text/plain", func(harness.Ship) string { return "" })
			return site
		},
		says: []string{"a fact for harness.Ship does not hold for the *harness.Ship that a handler returns", " beside GET /ship "},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip)
			app.Provides("text/plain", func(*harness.Ship) string { return "" })
		},
	},
	{
		name: "a Provides that takes a context first", reason: "nothing renders a context, so it would never be used",
		fault: func(app *restmachine.App) string {
			app.Get("/ship", func() *harness.Ship { return nil })
			site := harness.NextLine()
			app.Provides("text/plain", func(context.Context, *harness.Ship) string { return "" })
			return site
		},
		says: []string{"Provides", "takes a context.Context first", "take what it renders as the first parameter"},
		near: func(app *restmachine.App) {
			app.Get("/ship", func() *harness.Ship { return nil })
			app.Provides("text/plain", func(*harness.Ship, context.Context) string { return "" })
		},
	},
}

func TestHoldingFaults(t *testing.T) { checkFaults(t, holdingFaults) }
