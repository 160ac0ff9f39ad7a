package restmachine_test

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the table of the faults of facts that would be silently off.

var holdingFaults = []faultRow{
	{
		name: "a gate whose type no path loads", reason: "silence would switch a check off; an App's gate loads nothing",
		fault: func(app *restmachine.App) string {
			app.Get("/", func() string { return "" })
			app.Resource("/ship").ResourceExists(loadShip)
			app.Resource("/ship").Get(showShip)
			app.ResourceExists(loadHarbour)
			app.Get("/harbour", func(*harbour) string { return "" })
			g := app.Group("/g")
			g.ResourceExists(newCargo)
			g.Get("/cargo", showCargo)
			site := nextLine()
			app.Forbidden(func(*ship, *cargo) bool { return true })
			return site
		},
		says: []string{"Forbidden", "holds on no path", "the App", "*restmachine_test.cargo,*restmachine_test.ship", "give the fact to a Group or Resource"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/", showShip)
			app.Forbidden(func(*ship) bool { return true })
		},
	},
	{
		name: "a gate on a Group without paths", reason: "the path that it should guard was registered elsewhere",
		fault: func(app *restmachine.App) string {
			g := app.Group("/admin")
			site := nextLine()
			g.Authorized(func() bool { return false })
			app.Get("/admin/secrets", func() string { return "" })
			return site
		},
		says: []string{"Authorized", "holds on no path", `register paths below Group "/admin"`},
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
			app.ResourceExists(loadShip)
			app.Get("/", viewShip)
			site := nextLine()
			app.GenerateETag(tagOfShip)
			return site
		},
		says: []string{"GenerateETag restmachine_test.tagOfShip", "holds on no path", "no GET below the App returns *restmachine_test.ship", "give the fact to a Resource"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.Get("/", showShip)
			app.Get("/view", viewShip)
		},
	},
	{
		name: "a freshness fact that only a reply could carry", reason: "replies carry validators and a Location, no freshness",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/", viewShip)
			app.Post("/", func() *restmachine.Reply { return restmachine.Created("/", makeShip()) })
			site := nextLine()
			app.CacheControl(func(*ship) string { return "no-store" })
			return site
		},
		says: []string{"CacheControl", "holds on no path"},
		near: func(app *restmachine.App) { // a 201 carries these, whatever the GET returns
			app.ResourceExists(loadShip)
			app.Get("/", viewShip)
			app.Post("/", func() *restmachine.Reply { return restmachine.Created("/", makeShip()) })
			app.GenerateETag(tagOfShip)
			app.Location(tagOfShip)
		},
	},
	{
		name: "a ResourceExists that nobody asks for", reason: "every path would exist",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.ResourceExists(loadShip)
			app.Get("/", func() string { return "" })
			return site
		},
		says: []string{"ResourceExists restmachine_test.loadShip", "holds on no path", "no handler below the App asks for *restmachine_test.ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Dependency(func(*ship) *cargo { return nil })
			app.Get("/", showCargo)
		},
	},
	{
		name: "facts of a Resource without a handler", reason: "every request would be a 405",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			r := app.Resource("/ship")
			r.Authorized(func() bool { return false })
			return site
		},
		says: []string{"/ship", "no handler"},
		near: func(app *restmachine.App) { // no method of the path asks it: that is none
			r := app.Resource("/ship")
			r.IsConflict(func() bool { return true })
			r.Get(func() string { return "" })
			r.Provides("text/csv", func(cargo) string { return "" }) // only reported
			r.Accepts("text/csv", func([]byte) cargo { return cargo{} })
		},
	},
	{
		name: "a fact of a Resource for a type that is not there", reason: "it always holds there, and there is nothing to describe",
		fault: func(app *restmachine.App) string {
			app.Get("/view", func() shipView { return shipView{} })
			r := app.Get("/cargo", func() cargo { return cargo{} })
			site := nextLine()
			r.GenerateETag(func(shipView) string { return "" })
			return site
		},
		says: []string{"GenerateETag", "restmachine_test.shipView", "GET /cargo returns restmachine_test.cargo"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/view", func() shipView { return shipView{} })
			app.Get("/cargo", func() cargo { return cargo{} }).GenerateETag(tagOfShip)
		},
	},
	{
		name: "a write without the validators of its target", reason: "no client could guard it with the tag that it has",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.Get("/ship", showShip)
			app.Get("/view", viewShip)
			site := nextLine()
			app.Put("/view", writeShip)
			return site
		},
		says: []string{"PUT /view asks for *restmachine_test.ship", "its GET returns restmachine_test.shipView",
			"return *restmachine_test.ship and make the view with Provides, or give the Resource its own GenerateETag"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.Get("/ship", showShip)
			r := app.Get("/view", viewShip).Put(writeShip)
			r.GenerateETag(tagOfShip)
		},
	},
	{
		name: "a DELETE without the validators of its target", reason: "an untyped validator from above says nothing of the ship",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.GenerateETag(func() string { return "app" })
			app.Get("/ship", showShip)
			app.Get("/view", viewShip)
			site := nextLine()
			app.Delete("/view", func(*ship) {})
			return site
		},
		says: []string{"DELETE /view asks for *restmachine_test.ship", "give the Resource its own GenerateETag"},
		near: func(app *restmachine.App) { // without a GET the target's validators hold
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.Get("/ship", showShip)
			app.Delete("/view", func(*ship) {})
			app.Get("/by-hash", viewShip).Patch(writeShip).AutoETag(restmachine.Strong)
		},
	},
	{
		name: "a tag of *T where the path returns T", reason: "the types differ, and the tag would be missing in silence",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			app.Get("/copy", func(s *ship) ship { return *s })
			site := nextLine()
			app.GenerateETag(tagOfShip)
			return site
		},
		says: []string{"GenerateETag restmachine_test.tagOfShip (", "takes *restmachine_test.ship,", "GET /copy returns restmachine_test.ship", "use one of the two types for both"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			app.Get("/copy", func(s *ship) ship { return *s })
			app.GenerateETag(tagOfShip)
			app.GenerateETag(func(s ship) string { return s.tag() })
		},
	},
	{
		name: "a Provides of T where the path returns *T", reason: "the reverse, for a renderer",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			site := nextLine()
			app.Provides("text/plain", func(ship) string { return "" })
			return site
		},
		says: []string{"takes restmachine_test.ship", "GET /ship returns *restmachine_test.ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			app.Provides("text/plain", func(*ship) string { return "" })
		},
	},
}

func TestHoldingFaults(t *testing.T) { checkFaults(t, holdingFaults) }
