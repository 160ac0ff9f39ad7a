package restmachine_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the table of wiring faults: for each an App that has it, what its
// message must say, and the App beside it that has none.

// A faultRow has a fault, and a near miss that is none. Both build functions
// return the place that the message must name; that of the near miss is "".
type faultRow struct {
	name   string
	reason string // why it is a fault, and the near miss is none
	fault  func(app *restmachine.App) string
	says   []string
	near   func(app *restmachine.App)
}

func checkFaults(t *testing.T, rows []faultRow) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			require.NotEmpty(t, row.reason)
			p := newPort(t)
			site := row.fault(p.App)
			faults := faultsOf(t, p.App)
			require.Len(t, faults, 1, "one mistake, one fault: %s\n%q", row.reason, faults)
			assert.True(t, strings.HasPrefix(faults[0], site+": "), "names the registration %s:\n%s", site, faults[0])
			for _, words := range row.says {
				assert.Contains(t, faults[0], words, row.reason)
			}
			near := newPort(t)
			row.near(near.App)
			assert.Empty(t, faultsOf(t, near.App), "the near miss: %s", row.reason)
		})
	}
}

// What the tables register, under names that the messages must say.
type (
	cargo   struct{ Tons int }
	crane   struct{ Of *cargo }
	manager interface{ Manage() }
	boss    struct{}
)

func (*boss) Manage() {}

func newCargo() *cargo                                  { return &cargo{} }
func anotherCargo() *cargo                              { return &cargo{} }
func newCrane(c *cargo) *crane                          { return &crane{c} }
func cargoByCrane(*crane) *cargo                        { return &cargo{} }
func loadShip() *ship                                   { return &ship{"anna", 1} }
func loadHarbour() *harbour                             { return &harbour{"oslo"} }
func loadShipIn(*harbour) *ship                         { return &ship{"anna", 1} }
func showCargo(*cargo) string                           { return "cargo" }
func showCrane(*crane) string                           { return "crane" }
func showShip(s *ship) *ship                            { return s }
func viewShip(s *ship) shipView                         { return shipView{s.Name} }
func writeShip(s *ship) *ship                           { return s }
func makeShip() *ship                                   { return &ship{"anna", 1} }
func shipThere(*ship) bool                              { return true }
func maybeShipThere(o restmachine.Optional[*ship]) bool { return o.OK }

var providerFaults = []faultRow{
	{
		name: "nothing provides it", reason: "a type needs a provider",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Get("/", showCargo)
			return site
		},
		says: []string{"*restmachine_test.cargo", "nothing provides it", "restmachine_test.showCargo", "GET /",
			"add an OnStartup, Dependency or ResourceExists"},
		near: func(app *restmachine.App) { app.Dependency(newCargo); app.Get("/", showCargo) },
	},
	{
		name: "nothing provides it, behind a Dependency", reason: "the chain says who led there",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Dependency(newCrane)
			app.Get("/a", showCrane)
			app.Get("/b", showCrane)
			return site
		},
		says: []string{"*restmachine_test.cargo", "GET /a restmachine_test.showCrane (restmachine/faults_test.go:",
			" -> Dependency restmachine_test.newCrane (restmachine/faults_test.go:"},
		near: func(app *restmachine.App) {
			app.Dependency(newCargo)
			app.Dependency(newCrane)
			app.Get("/a", showCrane)
		},
	},
	{
		name: "nothing provides it, for a Dependency that nothing uses", reason: "it is a fault before anybody asks for it",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Dependency(newCrane)
			return site
		},
		says: []string{"*restmachine_test.cargo", "Dependency restmachine_test.newCrane"},
		near: func(app *restmachine.App) { app.Dependency(newCrane); app.OnStartup(newCargo) },
	},
	{
		name: "its pointer is provided", reason: "the key is the exact type; the message says what is near",
		fault: func(app *restmachine.App) string {
			app.Dependency(newCargo)
			site := nextLine()
			app.Get("/", func(cargo) string { return "" })
			return site
		},
		says: []string{"restmachine_test.cargo is asked for", "*restmachine_test.cargo is provided by Dependency restmachine_test.newCargo"},
		near: func(app *restmachine.App) {
			app.Dependency(func() cargo { return cargo{} })
			app.Get("/", func(cargo) string { return "" })
		},
	},
	{
		name: "what implements it is provided", reason: "an interface is a type of its own; the message says what fits",
		fault: func(app *restmachine.App) string {
			app.OnStartup(func() *boss { return &boss{} })
			site := nextLine()
			app.Get("/", func(manager) string { return "" })
			return site
		},
		says: []string{"restmachine_test.manager", "*restmachine_test.boss is provided by OnStartup"},
		near: func(app *restmachine.App) {
			app.OnStartup(func() manager { return &boss{} })
			app.Get("/", func(manager) string { return "" })
		},
	},
	{
		name: "its ResourceExists stands elsewhere", reason: "a fact holds below its place only",
		fault: func(app *restmachine.App) string {
			g := app.Group("/ships")
			g.ResourceExists(loadShip)
			g.Get("/a", showShip)
			site := nextLine()
			app.Get("/b", showShip)
			return site
		},
		says: []string{"*restmachine_test.ship", "/b", "restmachine_test.loadShip", `Group "/ships"`, "move it up"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Group("/ships").Get("/a", showShip)
			app.Get("/b", showShip)
		},
	},
	{
		name: "an Optional of what is always there", reason: "Optional is for what ResourceExists provides",
		fault: func(app *restmachine.App) string {
			app.Dependency(newCargo)
			site := nextLine()
			app.Get("/", func(restmachine.Optional[*cargo]) string { return "" })
			return site
		},
		says: []string{"Optional", "*restmachine_test.cargo", "Dependency restmachine_test.newCargo", "no ResourceExists"},
		near: func(app *restmachine.App) {
			app.ResourceExists(newCargo)
			app.Get("/", func(restmachine.Optional[*cargo]) string { return "" })
		},
	},
	{
		name: "circular Dependencies", reason: "neither can be made first",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Dependency(newCrane)
			app.Dependency(cargoByCrane)
			app.Get("/", showCrane)
			return site
		},
		says: []string{"circular", "restmachine_test.newCrane", "restmachine_test.cargoByCrane", " -> ", "break the circle"},
		near: func(app *restmachine.App) { // a diamond is no circle
			app.Dependency(newCargo)
			app.Dependency(newCrane)
			app.Get("/", func(*crane, *cargo) string { return "" })
		},
	},
	{
		name: "circular OnStartups", reason: "neither can be made first",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.OnStartup(newCrane)
			app.OnStartup(cargoByCrane)
			return site
		},
		says: []string{"circular", "OnStartup restmachine_test.newCrane", "OnStartup restmachine_test.cargoByCrane"},
		near: func(app *restmachine.App) { app.OnStartup(newCrane); app.OnStartup(newCargo) },
	},
	{
		name: "a ResourceExists and a Dependency in a circle", reason: "the circle may go through both",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Dependency(newCrane)
			app.ResourceExists(cargoByCrane)
			app.Get("/", showCargo)
			return site
		},
		says: []string{"circular", "Dependency restmachine_test.newCrane", "ResourceExists restmachine_test.cargoByCrane"},
		near: func(app *restmachine.App) {
			app.Dependency(newCrane)
			app.ResourceExists(newCargo)
			app.Get("/", showCrane)
		},
	},
	{
		name: "two Dependencies for one type", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.Dependency(newCargo)
			site := nextLine()
			app.Dependency(anotherCargo)
			app.Get("/", showCargo)
			return site
		},
		says: []string{"two providers of *restmachine_test.cargo", "restmachine_test.newCargo", "restmachine_test.anotherCargo", "a type of its own"},
		near: func(app *restmachine.App) {
			type own *cargo
			app.Dependency(newCargo)
			app.Dependency(func() own { return anotherCargo() })
			app.Get("/", func(*cargo, own) string { return "" })
		},
	},
	{
		name: "an OnStartup and a Dependency for one type", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.OnStartup(newCargo)
			site := nextLine()
			app.Dependency(anotherCargo)
			app.Get("/", showCargo)
			return site
		},
		says: []string{"two providers", "OnStartup restmachine_test.newCargo", "Dependency restmachine_test.anotherCargo"},
		near: func(app *restmachine.App) {
			app.OnStartup(newCargo)
			app.Dependency(newCrane)
			app.Get("/", showCrane)
		},
	},
	{
		name: "a ResourceExists and a Dependency for one type", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(newCargo)
			site := nextLine()
			app.Dependency(anotherCargo)
			app.Get("/", showCargo)
			return site
		},
		says: []string{"two providers", "ResourceExists restmachine_test.newCargo", "Dependency restmachine_test.anotherCargo"},
		near: func(app *restmachine.App) { app.ResourceExists(newCargo); app.Get("/", showCargo) },
	},
	{
		name: "two ResourceExists for one type at one place", reason: "neither is nearer",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(newCargo)
			site := nextLine()
			app.ResourceExists(anotherCargo)
			app.Get("/a", showCargo)
			app.Get("/b", showCargo)
			return site
		},
		says: []string{"two providers of *restmachine_test.cargo", "restmachine_test.newCargo", "restmachine_test.anotherCargo"},
		near: func(app *restmachine.App) { // the nearer wins
			app.ResourceExists(newCargo)
			app.Get("/a", showCargo)
			g := app.Group("/g")
			g.ResourceExists(anotherCargo)
			g.Get("/b", showCargo)
		},
	},
	{
		name: "a provider of what every request provides", reason: "the request's own would be hidden, or hide it",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Dependency(func(context.Context) http.Header { return nil })
			return site
		},
		says: []string{"http.Header", "which every request provides", "a type of its own"},
		near: func(app *restmachine.App) {
			type own http.Header
			app.Dependency(func(h http.Header) own { return own(h) })
		},
	},
	{
		name: "an OnStartup that asks for a request", reason: "there is none at start",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.OnStartup(func(*http.Request) *cargo { return nil })
			return site
		},
		says: []string{"OnStartup", "*http.Request, which only a request has", "what OnStartup provides"},
		near: func(app *restmachine.App) {
			app.OnStartup(func(context.Context, *slog.Logger) (*cargo, error) { return nil, nil })
		},
	},
	{
		name: "an OnStartup that asks for a Dependency", reason: "it is made per request",
		fault: func(app *restmachine.App) string {
			app.Dependency(newCargo)
			site := nextLine()
			app.OnStartup(newCrane)
			return site
		},
		says: []string{"OnStartup restmachine_test.newCrane", "*restmachine_test.cargo, which only a request has"},
		near: func(app *restmachine.App) { app.OnStartup(newCargo); app.OnStartup(newCrane) },
	},
	{
		name: "an OnShutdown that asks for what nothing provides", reason: "hooks are wired at start, too",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.OnShutdown(func(*cargo) error { return nil })
			return site
		},
		says: []string{"OnShutdown", "*restmachine_test.cargo, which nothing provides", "add an OnStartup"},
		near: func(app *restmachine.App) {
			app.OnStartup(newCargo)
			app.OnShutdown(func(context.Context, *cargo) error { return nil })
		},
	},
	{
		name: "an Override that replaces nothing", reason: "a test would believe that it replaced something",
		fault: func(app *restmachine.App) string {
			app.OnStartup(newCargo)
			app.Get("/", showCargo)
			site := nextLine()
			restmachine.Override(app, cargo{})
			return site
		},
		says: []string{"Override[restmachine_test.cargo] replaces nothing", "*restmachine_test.cargo is provided by OnStartup restmachine_test.newCargo"},
		near: func(app *restmachine.App) {
			app.OnStartup(newCargo)
			app.Get("/", showCargo)
			restmachine.Override(app, &cargo{})
		},
	},
}

func TestProviderFaults(t *testing.T) { checkFaults(t, providerFaults) }
