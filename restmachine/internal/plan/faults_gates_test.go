// Wiring faults of gates: ways round them, and facts that no method ever asks.

package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// notMine is a Forbidden of a ship, given where each row says.
func notMine(*harness.Ship) bool { return false }

// shipInfo registers what a way round leads to.
func shipInfo(app *restmachine.App) {
	app.ResourceExists(harness.LoadShip)
	app.Get("/ships/{ship}/info", harness.ShowShip)
}

// wayRound is a row in which an App's Forbidden holds on /ships/{ship}/info, and other does
// what is a way round it, and beside what is none.
func wayRound(name, reason string, forbidden restmachine.Func, path string, other, beside func(app *restmachine.App)) faultRow {
	return faultRow{
		name: name, reason: reason,
		fault: func(app *restmachine.App) string {
			shipInfo(app)
			app.Dependency(func(*harness.Ship) *harness.Cargo { return nil })
			other(app)
			site := harness.NextLine()
			app.Forbidden(forbidden)
			return site
		},
		says: []string{"Forbidden", "is asked on /ships/{ship}/info, and not on " + path + " (" + harness.InThisFile(), "*harness.Ship", saysWayRound, "give the Forbidden to a Group"},
		near: func(app *restmachine.App) {
			shipInfo(app)
			app.Dependency(func(*harness.Ship) *harness.Cargo { return nil })
			beside(app)
			app.Forbidden(forbidden)
		},
	}
}

func text() string { return "" }

func dateOfShip(*harness.Ship) time.Time { return time.Time{} }

var wayRounds = []faultRow{
	wayRound("a path beside the one that is guarded", "it begins with the same up to the last parameter", notMine, "/ships/{ship}/crew",
		func(app *restmachine.App) { app.Get("/ships/{ship}/crew", text) },
		func(app *restmachine.App) { app.Get("/ships/{ship}/crew", func(*harness.Ship) string { return "" }) }),
	wayRound("a path that writes", "methods do not matter", notMine, "/ships/{ship}/sink",
		func(app *restmachine.App) { app.Post("/ships/{ship}/sink", func() {}) },
		func(app *restmachine.App) { app.Post("/ships/{ship}/sink", func(*harness.Ship) {}) }),
	wayRound("a deeper path", "so does that", notMine, "/ships/{ship}/crew/{sailor}",
		func(app *restmachine.App) { app.Delete("/ships/{ship}/crew/{sailor}", func() {}) },
		func(app *restmachine.App) { app.Delete("/ships/{ship}/crew/{sailor}", func(*harness.Ship) {}) }),
	wayRound("another name of the parameter", "a name is no protection", notMine, "/ships/{id}/crew",
		func(app *restmachine.App) { app.Get("/ships/{id}/crew", text) },
		func(app *restmachine.App) { app.Get("/ships/new/crew", text) }),
	wayRound("the path that ends in the parameter", "shorter than the one that is guarded", notMine, "/ships/{ship}",
		func(app *restmachine.App) { app.Get("/ships/{ship}", text) },
		func(app *restmachine.App) { app.Get("/ships/new", text) }),
	wayRound("through a Group", "where it was registered does not matter", notMine, "/ships/{ship}/crew",
		func(app *restmachine.App) { app.Group("/ships").Get("/{ship}/crew", text) },
		func(app *restmachine.App) { // the Group loads for its own gate
			g := app.Group("/ships/{ship}")
			g.Forbidden(notMine)
			g.Get("/crew", text)
		}),
	wayRound("a rest", "it covers the guarded path's record", notMine, "/ships/{any...}",
		func(app *restmachine.App) { app.Get("/ships/{any...}", text) },
		func(app *restmachine.App) { app.Get("/ships/new/{any...}", text) }),
	wayRound("a rest of everything", "so does that", notMine, "/{any...}",
		func(app *restmachine.App) { app.Get("/{any...}", text) },
		func(app *restmachine.App) { app.Get("/boats/{any...}", text) }),
	wayRound("a rest behind a parameter", "a parameter covers a literal", notMine, "/{kind}/{any...}",
		func(app *restmachine.App) { app.Get("/{kind}/{any...}", text) },
		func(app *restmachine.App) { app.Get("/{kind}/new/{any...}", text) }),
	wayRound("its Optional", "taking is taking", maybeShipThere, "/ships/{ship}/crew",
		func(app *restmachine.App) { app.Get("/ships/{ship}/crew", text) },
		func(app *restmachine.App) {
			app.Get("/ships/{ship}/crew", func(restmachine.Optional[*harness.Ship]) string { return "" })
		}),
	wayRound("what a Dependency makes of it", "what is made of it shows it", func(*harness.Cargo) bool { return false }, "/ships/{ship}/crew",
		func(app *restmachine.App) { app.Get("/ships/{ship}/crew", text) },
		func(app *restmachine.App) { app.Get("/ships/{ship}/crew", func(*harness.Cargo) string { return "" }) }),
	{
		name: "a path without a parameter is no way round", reason: "the path does not choose the record",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/me/{ship}", harness.ShowShip)
			app.Get("/me/{ship}/logbook", text)
			site := harness.NextLine()
			app.Forbidden(notMine)
			return site
		},
		says: []string{saysWayRound},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/me", harness.ShowShip)
			app.Get("/me/logbook", text)
			app.Get("/{any...}", text)
			app.Forbidden(notMine)
		},
	},
}

func TestWaysRoundGates(t *testing.T) { checkFaults(t, wayRounds) }

// declared is an App of one Group with one Resource: first what is said of one of the two, then
// the methods.
func declared(t *testing.T, level string, say func(*restmachine.Facts), methods ...func(*restmachine.Resource)) harness.Port {
	p := harness.NewPort(t)
	g := p.Group("/g")
	r := g.Resource("/ship")
	say(map[string]*restmachine.Facts{"App": &p.Facts, "Group": &g.Facts, "Resource": &r.Facts}[level])
	for _, method := range methods {
		method(r)
	}
	return p
}

func TestNeverAsked(t *testing.T) {
	get := func(r *restmachine.Resource) { r.Get(text) }
	post := func(r *restmachine.Resource) { r.Post(func() {}) }
	put := func(r *restmachine.Resource) { r.Put(func() {}) }
	patch := func(r *restmachine.Resource) { r.Patch(func() {}) }
	del := func(r *restmachine.Resource) { r.Delete(func() {}) }
	lock := func(r *restmachine.Resource) { r.Handle("LOCK", func() {}) }
	query := func(r *restmachine.Resource) { r.HandleSafe("QUERY", text) }
	all := func(methods ...func(*restmachine.Resource)) func(*restmachine.Resource) {
		return func(r *restmachine.Resource) {
			for _, m := range methods {
				m(r)
			}
		}
	}
	fact := func(say func(*restmachine.Facts, restmachine.Func)) func(*restmachine.Facts) {
		return func(f *restmachine.Facts) { say(f, func() bool { return true }) }
	}
	for _, row := range []struct {
		name   string
		say    func(*restmachine.Facts)
		fewer  func(*restmachine.Resource)
		askers []func(*restmachine.Resource)
	}{
		{"IsConflict", fact((*restmachine.Facts).IsConflict), all(get, post, del, query), []func(*restmachine.Resource){put, patch, lock}},
		{"DeleteCompleted", fact((*restmachine.Facts).DeleteCompleted), all(get, post, put, patch), []func(*restmachine.Resource){del}},
		{"MultipleChoices", fact((*restmachine.Facts).MultipleChoices), all(post, put, patch, del), []func(*restmachine.Resource){get}},
		{"AllowMissingPost", fact((*restmachine.Facts).AllowMissingPost), all(get, put, patch, del), []func(*restmachine.Resource){post}},
		{"RequirePreconditions", func(f *restmachine.Facts) { f.RequirePreconditions() }, all(get, post, query), []func(*restmachine.Resource){put, patch, del, lock}},
	} {
		for _, level := range []string{"Resource", "Group"} {
			t.Run(row.name+" on a "+level, func(t *testing.T) {
				faults := harness.FaultsOf(t, declared(t, level, row.say, row.fewer).App)
				if assert.Len(t, faults, 1) {
					for _, words := range []string{harness.InThisFile(), row.name, saysNeverAsked, level, "remove it"} {
						assert.Contains(t, faults[0], words)
					}
				}
				for _, asker := range row.askers {
					declared(t, level, row.say, row.fewer, asker).Valid()
				}
			})
		}
		t.Run(row.name+" on the App", func(t *testing.T) { // it speaks of what may come
			declared(t, "App", row.say, row.fewer).Valid()
		})
	}
}

// A validator that no answer carries and no precondition is compared with is a fault, on a
// Group and on a Resource.
func TestValidatorsThatNothingUses(t *testing.T) {
	checkFaults(t, []faultRow{
		{
			name: "a tag of what a POST returns as it is", reason: "a 200 to a POST does not carry it",
			fault: func(app *restmachine.App) string {
				g := app.Group("/ships")
				g.ResourceExists(harness.LoadShip)
				g.Get("/{ship}", viewShip)
				g.Post("/", makeShip)
				site := harness.NextLine()
				g.GenerateETag(harness.TagOfShip)
				return site
			},
			says: []string{"GenerateETag harness.TagOfShip", saysNeverAsked, `Group "/ships"`, "no GET", "no precondition", "no 201"},
			near: func(app *restmachine.App) { // a 201 carries it
				g := app.Group("/ships")
				g.ResourceExists(harness.LoadShip)
				g.Get("/{ship}", viewShip)
				g.Post("/", func() *restmachine.Reply[*harness.Ship] { return restmachine.Created("/ships/anna", makeShip()) })
				g.GenerateETag(harness.TagOfShip)
			},
		},
		{
			name: "a date of what a PATCH returns, and no GET", reason: "a 200 to a PATCH carries what the GET would",
			fault: func(app *restmachine.App) string {
				g := app.Group("/ships")
				g.ResourceExists(harness.LoadShip)
				r := g.Get("/{ship}", viewShip)
				r.Patch(writeShip)
				r.GenerateETag(harness.TagOfShip)
				site := harness.NextLine()
				g.LastModified(dateOfShip)
				return site
			},
			says: []string{"LastModified", saysNeverAsked},
			near: func(app *restmachine.App) {
				g := app.Group("/ships")
				g.ResourceExists(harness.LoadShip)
				g.Get("/{ship}", harness.ShowShip).Patch(writeShip)
				g.LastModified(dateOfShip)
			},
		},
	})
}

// A fact that a nearer one stands in for is told so, and not to be given to a Group.
func TestDisplacedFactsAreToldWhy(t *testing.T) {
	checkFaults(t, []faultRow{
		{
			name: "a limit on a Group whose paths have their own", reason: "it is off",
			fault: func(app *restmachine.App) string {
				g := app.Group("/g")
				g.Get("/ship", text).KnownContentType(func() bool { return true })
				site := harness.NextLine()
				g.KnownContentType(func() bool { return false })
				return site
			},
			says: []string{"KnownContentType", saysNowhere, `on Resource "/g/ship"`, "stands in for it", "remove one of them"},
			near: func(app *restmachine.App) {
				g := app.Group("/g")
				g.Get("/ship", text).KnownContentType(func() bool { return true })
				g.Get("/boat", text)
				g.KnownContentType(func() bool { return false })
			},
		},
		{
			name: "a fact of the App that takes what is loaded", reason: "a Group would not help",
			fault: func(app *restmachine.App) string {
				app.ResourceExists(harness.LoadShip)
				app.Get("/ship", harness.ShowShip).MultipleChoices(shipThere)
				site := harness.NextLine()
				app.MultipleChoices(maybeShipThere)
				return site
			},
			says: []string{"MultipleChoices", saysNowhere, "stands in for it"},
			near: func(app *restmachine.App) { // gates are not displaced
				app.ResourceExists(harness.LoadShip)
				app.Get("/ship", harness.ShowShip).Forbidden(shipThere)
				app.Forbidden(maybeShipThere)
			},
		},
		{
			name: "a tag", reason: "the GET does return one",
			fault: func(app *restmachine.App) string {
				app.ResourceExists(harness.LoadShip)
				app.Get("/ship", harness.ShowShip).GenerateETag(func(*harness.Ship) string { return "own" })
				site := harness.NextLine()
				app.GenerateETag(harness.TagOfShip)
				return site
			},
			says: []string{"GenerateETag harness.TagOfShip", saysNowhere, "stands in for it"},
			near: func(app *restmachine.App) {
				app.ResourceExists(harness.LoadShip)
				app.Get("/ship", harness.ShowShip).GenerateETag(func(*harness.Ship) string { return "own" })
				app.Get("/boat", harness.ShowShip)
				app.GenerateETag(harness.TagOfShip)
			},
		},
		{
			name: "a loader", reason: "a handler does ask for it",
			fault: func(app *restmachine.App) string {
				site := harness.NextLine()
				app.ResourceExists(harness.LoadShip)
				g := app.Group("/g")
				g.ResourceExists(func() *harness.Ship { return nil })
				g.Get("/ship", harness.ShowShip)
				return site
			},
			says: []string{"ResourceExists harness.LoadShip", saysNowhere, "stands in for it"},
			near: func(app *restmachine.App) {
				app.ResourceExists(harness.LoadShip)
				app.Get("/ship", harness.ShowShip)
				g := app.Group("/g")
				g.ResourceExists(func() *harness.Ship { return nil })
				g.Get("/ship", harness.ShowShip)
			},
		},
	})
}
