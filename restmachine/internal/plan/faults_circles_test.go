// Wiring faults of circles that only some paths, or only some contents, lead into.

package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

func shipByCargo(*harness.Cargo) *harness.Ship { return &harness.Ship{Name: "anna", Version: 1} }

func cargoByShip(*harness.Ship) *harness.Cargo { return &harness.Cargo{} }

func parseCargo(_ []byte, _ *harness.Ship) harness.Cargo { return harness.Cargo{} }

func shipByBody(restmachine.Body[harness.Cargo]) *harness.Ship {
	return &harness.Ship{Name: "anna", Version: 1}
}

var circleFaults = []faultRow{
	{
		name: "through the second ResourceExists of a type", reason: "a path below it would call itself until the stack is full",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Dependency(harness.NewCrane)
			a, b := app.Group("/a"), app.Group("/b")
			a.ResourceExists(harness.NewCargo)
			a.Get("/x", harness.ShowCargo)
			b.ResourceExists(cargoByCrane)
			b.Get("/x", harness.ShowCargo)
			b.Get("/y", showCrane)
			return site
		},
		says: []string{saysCircular, "*harness.Crane by Dependency harness.NewCrane",
			" -> *harness.Cargo by ResourceExists plan_test.cargoByCrane", " -> *harness.Crane by Dependency"},
		near: func(app *restmachine.App) { // each is made from the other, and nowhere from itself
			a, b := app.Group("/a"), app.Group("/b")
			a.ResourceExists(harness.NewCargo)
			a.ResourceExists(shipByCargo)
			a.Get("/x", harness.ShowShip)
			b.ResourceExists(harness.LoadShip)
			b.ResourceExists(cargoByShip)
			b.Get("/x", harness.ShowCargo)
		},
	},
	{
		name: "through a parser and a Dependency", reason: "the content would be parsed by what is made from it",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Dependency(shipByBody)
			app.Accepts("text/x", parseCargo)
			app.Put("/x", func(restmachine.Body[harness.Cargo], *harness.Ship) {})
			app.Put("/y", func(*harness.Ship, restmachine.Body[harness.Cargo]) {})
			return site
		},
		says: []string{saysCircular, "*harness.Ship by Dependency plan_test.shipByBody",
			" -> harness.Cargo by Accepts text/x plan_test.parseCargo"},
		near: func(app *restmachine.App) {
			app.Dependency(harness.LoadShip)
			app.Accepts("text/x", parseCargo)
			app.Put("/x", func(restmachine.Body[harness.Cargo], *harness.Ship) {})
		},
	},
	{
		name: "through a parser alone", reason: "it asks for what it makes",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Accepts("text/x", func([]byte, restmachine.Body[harness.Cargo]) harness.Cargo { return harness.Cargo{} })
			app.Put("/x", func(restmachine.Body[harness.Cargo]) {})
			return site
		},
		says: []string{saysCircular, "harness.Cargo needs itself"},
		near: func(app *restmachine.App) {
			app.Accepts("text/x", func([]byte, restmachine.Body[string]) harness.Cargo { return harness.Cargo{} })
			app.Put("/x", func(restmachine.Body[harness.Cargo]) {})
		},
	},
	{
		name: "through a parser and a ResourceExists", reason: "what is loaded by the content cannot be needed to parse it",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.ResourceExists(shipByBody)
			app.Accepts("text/x", parseCargo)
			app.Put("/x", func(restmachine.Body[harness.Cargo]) {})
			return site
		},
		says: []string{saysCircular, "ResourceExists plan_test.shipByBody", "Accepts text/x plan_test.parseCargo"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Accepts("text/x", parseCargo)
			app.Put("/x", func(restmachine.Body[harness.Cargo]) {})
		},
	},
}

func TestCircleFaults(t *testing.T) { checkFaults(t, circleFaults) }

// Two circles that share a provider are two faults, whoever leads into them.
func TestEachCircleIsOneFault(t *testing.T) {
	p := harness.NewPort(t)
	p.Dependency(func(*harness.Cargo, *harness.Ship) *harness.Crane { return &harness.Crane{} })
	p.Dependency(cargoByCrane)
	p.Dependency(func(*harness.Crane) *harness.Ship { return nil })
	for _, path := range []string{"/a", "/b"} {
		p.Get(path, func(*harness.Ship, *harness.Cargo) string { return "" })
		p.Put(path, func(*harness.Cargo, *harness.Crane) {})
		p.Post(path, func(*harness.Crane) {})
	}
	assert.Len(t, harness.FaultsOf(t, p.App), 2)
}
