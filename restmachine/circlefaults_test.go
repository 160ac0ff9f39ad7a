package restmachine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the table of circles that only some paths, or only some contents,
// lead into.

func shipByCargo(*cargo) *ship { return &ship{"anna", 1} }

func cargoByShip(*ship) *cargo { return &cargo{} }

func parseCargo(_ []byte, _ *ship) cargo { return cargo{} }

func shipByBody(restmachine.Body[cargo]) *ship { return &ship{"anna", 1} }

var circleFaults = []faultRow{
	{
		name: "through the second ResourceExists of a type", reason: "a path below it would call itself until the stack is full",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Dependency(newCrane)
			a, b := app.Group("/a"), app.Group("/b")
			a.ResourceExists(newCargo)
			a.Get("/x", showCargo)
			b.ResourceExists(cargoByCrane)
			b.Get("/x", showCargo)
			b.Get("/y", showCrane)
			return site
		},
		says: []string{"circular", "*restmachine_test.crane by Dependency restmachine_test.newCrane",
			" -> *restmachine_test.cargo by ResourceExists restmachine_test.cargoByCrane", " -> *restmachine_test.crane by Dependency"},
		near: func(app *restmachine.App) { // each is made from the other, and nowhere from itself
			a, b := app.Group("/a"), app.Group("/b")
			a.ResourceExists(newCargo)
			a.ResourceExists(shipByCargo)
			a.Get("/x", showShip)
			b.ResourceExists(loadShip)
			b.ResourceExists(cargoByShip)
			b.Get("/x", showCargo)
		},
	},
	{
		name: "through a parser and a Dependency", reason: "the content would be parsed by what is made from it",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Dependency(shipByBody)
			app.Accepts("text/x", parseCargo)
			app.Put("/x", func(restmachine.Body[cargo], *ship) {})
			app.Put("/y", func(*ship, restmachine.Body[cargo]) {})
			return site
		},
		says: []string{"circular", "*restmachine_test.ship by Dependency restmachine_test.shipByBody",
			" -> restmachine_test.cargo by Accepts text/x restmachine_test.parseCargo"},
		near: func(app *restmachine.App) {
			app.Dependency(loadShip)
			app.Accepts("text/x", parseCargo)
			app.Put("/x", func(restmachine.Body[cargo], *ship) {})
		},
	},
	{
		name: "through a parser alone", reason: "it asks for what it makes",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Accepts("text/x", func([]byte, restmachine.Body[cargo]) cargo { return cargo{} })
			app.Put("/x", func(restmachine.Body[cargo]) {})
			return site
		},
		says: []string{"circular", "restmachine_test.cargo needs itself"},
		near: func(app *restmachine.App) {
			app.Accepts("text/x", func([]byte, restmachine.Body[string]) cargo { return cargo{} })
			app.Put("/x", func(restmachine.Body[cargo]) {})
		},
	},
	{
		name: "through a parser and a ResourceExists", reason: "what is loaded by the content cannot be needed to parse it",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.ResourceExists(shipByBody)
			app.Accepts("text/x", parseCargo)
			app.Put("/x", func(restmachine.Body[cargo]) {})
			return site
		},
		says: []string{"circular", "ResourceExists restmachine_test.shipByBody", "Accepts text/x restmachine_test.parseCargo"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Accepts("text/x", parseCargo)
			app.Put("/x", func(restmachine.Body[cargo]) {})
		},
	},
}

func TestCircleFaults(t *testing.T) { checkFaults(t, circleFaults) }

// Two circles that share a provider are two faults, whoever leads into them.
func TestEachCircleIsOneFault(t *testing.T) {
	p := newPort(t)
	p.Dependency(func(*cargo, *ship) *crane { return &crane{} })
	p.Dependency(cargoByCrane)
	p.Dependency(func(*crane) *ship { return nil })
	for _, path := range []string{"/a", "/b"} {
		p.Get(path, func(*ship, *cargo) string { return "" })
		p.Put(path, func(*cargo, *crane) {})
		p.Post(path, func(*crane) {})
	}
	assert.Len(t, faultsOf(t, p.App), 2)
}
