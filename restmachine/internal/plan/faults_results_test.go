// Wiring faults of what handlers return, and of what renderers ask for.

package plan_test

import (
	"iter"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

type (
	partShown struct{ Secret string }
	partView  struct{ Name string }
	partPage  struct{ Items []*partShown }
	partItems struct {
		Item   partShown
		Hidden *partPage `json:"-"`
	}
	partOwn  []partShown
	partNode struct{ Next *partNode }
)

func (partOwn) MarshalJSON() ([]byte, error) { return nil, nil }

// TestPartsThatAProvidesIsNotFor: a Provides holds for a result as a whole, so a list of what it is for is
// shown by its fields. That is a risk: the Provides may have been there to hide them.
func TestPartsThatAProvidesIsNotFor(t *testing.T) {
	for _, row := range []struct {
		name, reason string
		get          any
		risk         bool
	}{
		{"a list", "its elements are parts", func() []partShown { return nil }, true},
		{"a list of pointers", "they point to one", func() []*partShown { return nil }, true},
		{"a map", "so are its values", func() map[string]partShown { return nil }, true},
		{"a page", "a list in a struct", func() *partPage { return nil }, true},
		{"a member", "by itself", func() partItems { return partItems{} }, true},
		{"a sequence", "it is written as a list", func() iter.Seq[partShown] { return nil }, true},
		{"the value", "the Provides is for it", func() partShown { return partShown{} }, false},
		{"views", "they are what clients may see", func() []partView { return nil }, false},
		{"a type that writes itself", "it knows what to show", func() partOwn { return nil }, false},
		{"a type in itself", "the search ends", func() *partNode { return nil }, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			app := restmachine.New(harness.Quiet)
			app.Provides("application/json", func(partShown) partView { return partView{} })
			app.Get("/", row.get)
			app.Get("/one", func() partShown { return partShown{} }) // the Provides is of use
			reports, err := app.Reports()
			require.NoError(t, err)
			if !row.risk {
				assert.Empty(t, reports, row.reason)
				return
			}
			if assert.Len(t, reports, 1, row.reason) {
				assert.Equal(t, restmachine.Risk, reports[0].Severity)
				assert.Contains(t, reports[0].Text, "whose plan_test.partShown are written by their fields: Provides")
			}
		})
	}
}
