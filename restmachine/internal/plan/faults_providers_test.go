// Wiring faults of providers: a type that nothing provides, or that two provide, and
// hooks that ask for what is not there.

package plan_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

func anotherCargo() *harness.Cargo               { return &harness.Cargo{} }
func cargoByCrane(*harness.Crane) *harness.Cargo { return &harness.Cargo{} }
func showCrane(*harness.Crane) string            { return "crane" }

var providerFaults = []faultRow{
	{
		name: "nothing provides it", reason: "a type needs a provider",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/", harness.ShowCargo)
			return site
		},
		says: []string{"*harness.Cargo", saysNoProvider, "harness.ShowCargo", "GET /",
			"add an OnStartup, Dependency or ResourceExists"},
		near: func(app *restmachine.App) { app.Dependency(harness.NewCargo); app.Get("/", harness.ShowCargo) },
	},
	{
		name: "nothing provides it, behind a Dependency", reason: "the chain says who led there",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Dependency(harness.NewCrane)
			app.Get("/a", showCrane)
			app.Get("/b", showCrane)
			return site
		},
		says: []string{"*harness.Cargo", "GET /a plan_test.showCrane (" + harness.InThisFile(),
			" -> Dependency harness.NewCrane (" + harness.InThisFile()},
		near: func(app *restmachine.App) {
			app.Dependency(harness.NewCargo)
			app.Dependency(harness.NewCrane)
			app.Get("/a", showCrane)
		},
	},
	{
		name: "nothing provides it, for a Dependency that nothing uses", reason: "it is a fault before anybody asks for it",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Dependency(harness.NewCrane)
			return site
		},
		says: []string{"*harness.Cargo", "Dependency harness.NewCrane"},
		near: func(app *restmachine.App) { app.Dependency(harness.NewCrane); app.OnStartup(harness.NewCargo) },
	},
	{
		name: "its pointer is provided", reason: "the key is the exact type; the message says what is near",
		fault: func(app *restmachine.App) string {
			app.Dependency(harness.NewCargo)
			site := harness.NextLine()
			app.Get("/", func(harness.Cargo) string { return "" })
			return site
		},
		says: []string{saysNoProvider + " harness.Cargo", "Dependency harness.NewCargo", " provides *harness.Cargo"},
		near: func(app *restmachine.App) {
			app.Dependency(func() harness.Cargo { return harness.Cargo{} })
			app.Get("/", func(harness.Cargo) string { return "" })
		},
	},
	{
		name: "what implements it is provided", reason: "an interface is its own type; the message says what fits",
		fault: func(app *restmachine.App) string {
			app.OnStartup(func() *harness.Boss { return &harness.Boss{} })
			site := harness.NextLine()
			app.Get("/", func(harness.Manager) string { return "" })
			return site
		},
		says: []string{"harness.Manager", "; OnStartup plan_test.", " provides *harness.Boss and could return it"},
		near: func(app *restmachine.App) {
			app.OnStartup(func() harness.Manager { return &harness.Boss{} })
			app.Get("/", func(harness.Manager) string { return "" })
		},
	},
	{
		name: "its ResourceExists stands elsewhere", reason: "a fact holds below its place only",
		fault: func(app *restmachine.App) string {
			g := app.Group("/ships")
			g.ResourceExists(harness.LoadShip)
			g.Get("/a", harness.ShowShip)
			site := harness.NextLine()
			app.Get("/b", harness.ShowShip)
			return site
		},
		says: []string{"*harness.Ship", "/b", "harness.LoadShip", `Group "/ships"`, "move it up"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Group("/ships").Get("/a", harness.ShowShip)
			app.Get("/b", harness.ShowShip)
		},
	},
	{
		name: "an Optional of what is always there", reason: "Optional is for what ResourceExists provides",
		fault: func(app *restmachine.App) string {
			app.Dependency(harness.NewCargo)
			site := harness.NextLine()
			app.Get("/", func(restmachine.Optional[*harness.Cargo]) string { return "" })
			return site
		},
		says: []string{"Optional", "*harness.Cargo", "Dependency harness.NewCargo", "take the *harness.Cargo itself"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.NewCargo)
			app.Get("/", func(restmachine.Optional[*harness.Cargo]) string { return "" })
		},
	},
	{
		name: "circular Dependencies", reason: "neither can be made first",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Dependency(harness.NewCrane)
			app.Dependency(cargoByCrane)
			app.Get("/", showCrane)
			return site
		},
		says: []string{saysCircular, "harness.NewCrane", "plan_test.cargoByCrane", " -> ", "break the circle"},
		near: func(app *restmachine.App) { // a diamond is no circle
			app.Dependency(harness.NewCargo)
			app.Dependency(harness.NewCrane)
			app.Get("/", func(*harness.Crane, *harness.Cargo) string { return "" })
		},
	},
	{
		name: "circular OnStartups", reason: "neither can be made first",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.OnStartup(harness.NewCrane)
			app.OnStartup(cargoByCrane)
			return site
		},
		says: []string{saysCircular, "OnStartup harness.NewCrane", "OnStartup plan_test.cargoByCrane"},
		near: func(app *restmachine.App) { app.OnStartup(harness.NewCrane); app.OnStartup(harness.NewCargo) },
	},
	{
		name: "a ResourceExists and a Dependency in a circle", reason: "the circle may go through both",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Dependency(harness.NewCrane)
			app.ResourceExists(cargoByCrane)
			app.Get("/", harness.ShowCargo)
			return site
		},
		says: []string{saysCircular, "Dependency harness.NewCrane", "ResourceExists plan_test.cargoByCrane"},
		near: func(app *restmachine.App) {
			app.Dependency(harness.NewCrane)
			app.ResourceExists(harness.NewCargo)
			app.Get("/", showCrane)
		},
	},
	{
		name: "two Dependencies for one type", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.Dependency(harness.NewCargo)
			site := harness.NextLine()
			app.Dependency(anotherCargo)
			app.Get("/", harness.ShowCargo)
			return site
		},
		says: []string{"*harness.Cargo has " + saysTwoProviders, "harness.NewCargo", "plan_test.anotherCargo", "its own type"},
		near: func(app *restmachine.App) {
			type own *harness.Cargo
			app.Dependency(harness.NewCargo)
			app.Dependency(func() own { return anotherCargo() })
			app.Get("/", func(*harness.Cargo, own) string { return "" })
		},
	},
	{
		name: "an OnStartup and a Dependency for one type", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.OnStartup(harness.NewCargo)
			site := harness.NextLine()
			app.Dependency(anotherCargo)
			app.Get("/", harness.ShowCargo)
			return site
		},
		says: []string{saysTwoProviders, "OnStartup harness.NewCargo", "Dependency plan_test.anotherCargo"},
		near: func(app *restmachine.App) {
			app.OnStartup(harness.NewCargo)
			app.Dependency(harness.NewCrane)
			app.Get("/", showCrane)
		},
	},
	{
		name: "a ResourceExists and a Dependency for one type", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.NewCargo)
			site := harness.NextLine()
			app.Dependency(anotherCargo)
			app.Get("/", harness.ShowCargo)
			return site
		},
		says: []string{saysTwoProviders, "ResourceExists harness.NewCargo", "Dependency plan_test.anotherCargo"},
		near: func(app *restmachine.App) { app.ResourceExists(harness.NewCargo); app.Get("/", harness.ShowCargo) },
	},
	{
		name: "two ResourceExists for one type at one place", reason: "neither is nearer",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.NewCargo)
			site := harness.NextLine()
			app.ResourceExists(anotherCargo)
			app.Get("/a", harness.ShowCargo)
			app.Get("/b", harness.ShowCargo)
			return site
		},
		says: []string{"*harness.Cargo has " + saysTwoProviders, "harness.NewCargo", "plan_test.anotherCargo"},
		near: func(app *restmachine.App) { // the nearer wins
			app.ResourceExists(harness.NewCargo)
			app.Get("/a", harness.ShowCargo)
			g := app.Group("/g")
			g.ResourceExists(anotherCargo)
			g.Get("/b", harness.ShowCargo)
		},
	},
	{
		name: "a provider of what every request provides", reason: "the request's own would be hidden, or hide it",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Dependency(func(context.Context) http.Header { return nil })
			return site
		},
		says: []string{"http.Header", "which every request has", "its own type"},
		near: func(app *restmachine.App) {
			type own http.Header
			app.Dependency(func(h http.Header) own { return own(h) })
		},
	},
	{
		name: "an OnStartup that asks for a request", reason: "there is none at start",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.OnStartup(func(*http.Request) *harness.Cargo { return nil })
			return site
		},
		says: []string{"OnStartup", "*http.Request, " + saysRequestOnly, "what an OnStartup provides"},
		near: func(app *restmachine.App) {
			app.OnStartup(func(context.Context, *slog.Logger) (*harness.Cargo, error) { return nil, nil })
		},
	},
	{
		name: "an OnStartup that asks for a Dependency", reason: "it is made per request",
		fault: func(app *restmachine.App) string {
			app.Dependency(harness.NewCargo)
			site := harness.NextLine()
			app.OnStartup(harness.NewCrane)
			return site
		},
		says: []string{"OnStartup harness.NewCrane", "*harness.Cargo, " + saysRequestOnly},
		near: func(app *restmachine.App) { app.OnStartup(harness.NewCargo); app.OnStartup(harness.NewCrane) },
	},
	{
		name: "an OnShutdown that asks for what nothing provides", reason: "hooks are wired at start, too",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.OnShutdown(func(*harness.Cargo) error { return nil })
			return site
		},
		says: []string{"OnShutdown", saysNoProvider + " *harness.Cargo", "add an OnStartup"},
		near: func(app *restmachine.App) {
			app.OnStartup(harness.NewCargo)
			app.OnShutdown(func(context.Context, *harness.Cargo) error { return nil })
		},
	},
	{
		name: "an Override that replaces nothing", reason: "a test would believe that it replaced something",
		fault: func(app *restmachine.App) string {
			app.OnStartup(harness.NewCargo)
			app.Get("/", harness.ShowCargo)
			site := harness.NextLine()
			restmachine.Override(app, harness.Cargo{})
			return site
		},
		says: []string{"Override[harness.Cargo] replaces nothing", "OnStartup harness.NewCargo", " provides *harness.Cargo"},
		near: func(app *restmachine.App) {
			app.OnStartup(harness.NewCargo)
			app.Get("/", harness.ShowCargo)
			restmachine.Override(app, &harness.Cargo{})
		},
	},
}

func TestProviderFaults(t *testing.T) { checkFaults(t, providerFaults) }
