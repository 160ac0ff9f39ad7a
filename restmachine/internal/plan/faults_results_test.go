// Wiring faults of what handlers return, and of what renderers ask for.

package plan_test

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// An unrelated error is an error by a type of its own.
type unrelated struct{ error }

var returnFaults = []faultRow{
	{
		name: "an error declared as a Problem",
		fault: func(a *restmachine.App) string {
			site := harness.NextLine()
			a.Get("/", func() *restmachine.Problem { return nil })
			return site
		},
		says:   []string{"GET /", "returns a *restmachine.Problem, which would be sent as an entity; declare it as error"},
		near:   func(a *restmachine.App) { a.Get("/", func() error { return nil }) },
		reason: "it would be sent with 200",
	},
	{
		name: "a Problem by value",
		fault: func(a *restmachine.App) string {
			site := harness.NextLine()
			a.Put("/", func() restmachine.Problem { return restmachine.Problem{} })
			return site
		},
		says:   []string{"PUT /", "returns a restmachine.Problem, which would be sent as an entity; declare it as error"},
		near:   func(a *restmachine.App) { a.Put("/", func() error { return nil }) },
		reason: "it would be sent with 200",
	},
	{
		name: "an error of a type of its own",
		fault: func(a *restmachine.App) string {
			site := harness.NextLine()
			a.Get("/", func() *unrelated { return nil })
			return site
		},
		says:   []string{"GET /", "returns a *plan_test.unrelated, which would be sent as an entity; declare it as error"},
		near:   func(a *restmachine.App) { a.Get("/", func() (*harness.Leaf, error) { return nil, nil }) },
		reason: "it would be sent with 200",
	},
	{
		name: "a second result that is no error",
		fault: func(a *restmachine.App) string {
			site := harness.NextLine()
			a.Get("/", func() (*harness.Leaf, *restmachine.Problem) { return nil, nil })
			return site
		},
		says:   []string{"GET /", "returns a *restmachine.Problem, which would be sent as an entity; declare it as error"},
		near:   func(a *restmachine.App) { a.Get("/", func() (*harness.Leaf, error) { return nil, nil }) },
		reason: "a nil *Problem in an error would be one",
	},
	{
		name: "a Reply by value",
		fault: func(a *restmachine.App) string {
			site := harness.NextLine()
			a.Get("/", func() restmachine.Reply[any] { return restmachine.Reply[any]{} })
			return site
		},
		says:   []string{"GET /", "a Reply by value; return its address"},
		near:   func(a *restmachine.App) { a.Get("/", func() *restmachine.Reply[any] { return nil }) },
		reason: "its status would be lost",
	},
}

func TestFaultsOfReturns(t *testing.T) { checkFaults(t, returnFaults) }

var rendererFaults = []faultRow{{
	name: "a renderer that asks for more than the write", reason: "the write would be done, and answered with 404",
	fault: func(a *restmachine.App) string {
		a.ResourceExists(harness.LoadShip)
		a.ResourceExists(harness.LoadHarbour)
		site := harness.NextLine()
		a.Provides("text/html", func(*harness.Ship, *harness.Harbour) string { return "" })
		a.Put("/ship", writeShip)
		return site
	},
	says: []string{"Provides text/html", "*harness.Harbour", "PUT /ship"},
	near: func(a *restmachine.App) {
		a.ResourceExists(harness.LoadShip)
		a.ResourceExists(harness.LoadHarbour)
		a.Provides("text/html", func(*harness.Ship, *harness.Harbour) string { return "" })
		a.Put("/ship", func(s *harness.Ship, _ *harness.Harbour) *harness.Ship { return s })
	},
}}

func TestFaultsOfRenderers(t *testing.T) { checkFaults(t, rendererFaults) }
