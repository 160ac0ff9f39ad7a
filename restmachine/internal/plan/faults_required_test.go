// RequirePreconditions of methods that can never require one.

package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// requires is a fault of an App with one ship: RequirePreconditions of these methods, at a place.
func requires(place string, methods ...string) func(app *restmachine.App) string {
	return func(app *restmachine.App) string {
		r := anchored(app)
		at := map[string]*restmachine.Facts{"App": &app.Facts, "Resource": &r.Facts}[place]
		site := harness.NextLine()
		at.RequirePreconditions(methods...)
		return site
	}
}

// requiring is the near miss of requires.
func requiring(place string, methods ...string) func(app *restmachine.App) {
	return func(app *restmachine.App) { requires(place, methods...)(app) }
}

// anchored adds a ship with a tag, and a handler for most methods.
func anchored(app *restmachine.App) *restmachine.Resource {
	app.ResourceExists(harness.LoadShip)
	app.GenerateETag(harness.TagOfShip)
	r := app.Get("/ship", harness.ShowShip).Put(func(*harness.Ship) {}).Post(func(*harness.Ship) {})
	r.HandleSafe("QUERY", harness.ShowShip)
	return r.Handle("PURGE", func(*harness.Ship) {})
}

var requiredFaults = []faultRow{
	{
		name: "a method that is not handled", reason: "a guard that is never asked would be missed",
		fault: requires("Resource", "DELETE"), says: []string{"RequirePreconditions(\"DELETE\")", `Resource "/ship"`, saysNeverAsked, "DELETE is not handled"},
		near: requiring("Resource", "PUT"),
	},
	{
		name: "one of two that is not handled", reason: "each name is a promise",
		fault: requires("Resource", "PUT", "DELETE"), says: []string{"RequirePreconditions(\"DELETE\")", "DELETE is not handled"},
		near: requiring("Resource", "PUT", "POST"),
	},
	{
		name: "nowhere on the App", reason: "a method that is named is meant, also there",
		fault: requires("App", "PATCH"), says: []string{"the App", "PATCH is not handled"},
		near: requiring("App", "PURGE"),
	},
	{
		name: "a name in small letters", reason: "no method has that name",
		fault: requires("App", "put"), says: []string{`"put"`, "case-sensitive", `write "PUT"`},
		near: requiring("App", "PUT"),
	},
	{
		name: "a safe method", reason: "it overwrites nothing",
		fault: requires("Resource", "GET", "PUT"), says: []string{"GET is safe", "9.2.1", "remove it"},
		near: requiring("Resource", "PUT"),
	},
	{
		name: "a safe method of HandleSafe", reason: "it overwrites nothing",
		fault: requires("Resource", "QUERY"), says: []string{"QUERY /ship is safe", "remove QUERY"},
		near: requiring("Resource", "PURGE"),
	},
	{
		name: "nothing but safe methods", reason: "what is left would be what no name means",
		fault: requires("Resource", "HEAD"), says: []string{"HEAD is safe"},
		near: requiring("Resource"),
	},
	{
		name: "what is not a method", reason: "no request has it",
		fault: requires("App", "PUT,DELETE"), says: []string{`"PUT,DELETE"`, "a method is a token"},
		near: requiring("App", "PUT"),
	},
	{
		name: "a method twice", reason: "another one may have been meant",
		fault: requires("Resource", "PUT", "POST", "PUT"), says: []string{"names PUT twice"},
		near: requiring("Resource", "PUT", "POST"),
	},
	{
		name: "twice at one place", reason: "the second call would switch the first one off",
		fault: func(app *restmachine.App) string {
			r := anchored(app)
			r.RequirePreconditions("PUT")
			site := harness.NextLine()
			r.RequirePreconditions("POST")
			return site
		},
		says: []string{"for other methods at", "faults_required_test.go:", "in one call"},
		near: func(app *restmachine.App) {
			r := anchored(app)
			r.RequirePreconditions("PUT", "POST")
			r.RequirePreconditions("PUT", "POST")
		},
	},
	{
		name: "other methods through two Scopes", reason: "one of the two would be ignored",
		fault: func(app *restmachine.App) string {
			r := app.Group("/v1").Put("/ship", func() {}).Delete(func() {})
			r.AutoETag(restmachine.Strong)
			r.RequirePreconditions("PUT")
			again := app.Resource("/v1/ship")
			site := harness.NextLine()
			again.RequirePreconditions("DELETE")
			return site
		},
		says: []string{`RequirePreconditions of Resource "/v1/ship"`, "set it once"},
		near: func(app *restmachine.App) {
			app.Group("/v1").Put("/ship", func() {}).RequirePreconditions("PUT")
			app.Resource("/v1/ship").RequirePreconditions("PUT")
		},
	},
	{
		name: "a nearer one everywhere", reason: "the outer one is switched off",
		fault: func(app *restmachine.App) string {
			anchored(app).RequirePreconditions("POST")
			site := harness.NextLine()
			app.RequirePreconditions("PUT")
			return site
		},
		says: []string{"the App", "PUT is not handled where this holds"},
		near: func(app *restmachine.App) {
			anchored(app).RequirePreconditions("POST")
			app.RequirePreconditions("PUT")
			app.Put("/crane", func() {})
		},
	},
	{
		name: "a POST that loads nothing", reason: "nothing could be compared with a precondition",
		fault: func(app *restmachine.App) string {
			r := app.Get("/ships", func() []harness.ShipView { return nil }).Post(func() {})
			site := harness.NextLine()
			r.RequirePreconditions("POST")
			return site
		},
		says: []string{"POST /ships loads nothing", "ResourceExists"},
		near: func(app *restmachine.App) {
			r := app.Get("/ships", func() []harness.ShipView { return nil }).Post(func() {})
			r.AutoETag(restmachine.Strong)
			r.ResourceExists(func() bool { return true })
			r.RequirePreconditions("POST")
		},
	},
	{
		name: "a POST that may create its target", reason: "a client that creates has no tag to send",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			r := app.Get("/ship", harness.ShowShip).Post(func(restmachine.Optional[*harness.Ship]) {})
			r.AllowMissingPost(func() bool { return true })
			site := harness.NextLine()
			r.RequirePreconditions("POST")
			return site
		},
		says: []string{"POST /ship may create its target (AllowMissingPost)"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ship", harness.ShowShip).Post(func(restmachine.Optional[*harness.Ship]) {}).RequirePreconditions("POST")
		},
	},
	{
		name: "a POST whose target's tag does not hold", reason: "only * could pass",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.RequirePreconditions("POST")
			app.Get("/whole", harness.ShowShip)
			r := app.Get("/ship", viewShip)
			site := harness.NextLine()
			r.Post(func(*harness.Ship) {})
			return site
		},
		says: []string{"POST /ship: no client can guard the write", "no validator of *harness.Ship holds for that"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.GenerateETag(harness.TagOfShip)
			app.Get("/ship", viewShip).Post(func(*harness.Ship) {}) // what no precondition is required of
			app.Get("/whole", harness.ShowShip)
		},
	},
}

func TestRequiredFaults(t *testing.T) { checkFaults(t, requiredFaults) }

// A required precondition that no client can meet is reported of a POST, as of other writes.
func TestRequiredOfPostWithoutAValidator(t *testing.T) {
	for _, row := range []struct {
		methods []string
		reports int
	}{{[]string{"POST"}, 1}, {[]string{"PUT"}, 1}, {nil, 1}, {[]string{"DELETE"}, 0}} {
		p := harness.NewPort(t)
		p.ResourceExists(harness.LoadShip)
		write := func(*harness.Ship) {}
		p.Get("/ship", harness.ShowShip).Post(write).Put(write)
		p.Get("/tagged", text).Delete(func() {}).AutoETag(restmachine.Strong)
		p.RequirePreconditions(row.methods...)
		found := 0
		reports, err := p.App.Reports()
		require.NoError(t, err)
		for _, r := range reports {
			if strings.Contains(r.Text, "/ship requires preconditions") {
				found++
			}
		}
		assert.Equal(t, row.reports, found, "%v: %v", row.methods, reports)
	}
}
