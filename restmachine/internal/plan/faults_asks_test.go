// Wiring faults of facts that are asked where they cannot be answered.

package plan_test

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

var askingFaults = []faultRow{
	{
		name: "a Forbidden that takes what a PUT can create", reason: "it could not be asked, and so would let the creation pass",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).Put(makeShip)
			site := harness.NextLine()
			app.Forbidden(shipThere)
			return site
		},
		says: []string{"Forbidden plan_test.shipThere", "PUT /ship " + saysMayCreate, "restmachine.Optional[*harness.Ship]"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).Put(makeShip)
			app.Forbidden(maybeShipThere)
		},
	},
	{
		name: "an IsConflict that takes what a PATCH can create", reason: "a PATCH with the Optional of its target creates",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).Patch(func(restmachine.Optional[*harness.Ship]) *harness.Ship { return makeShip() })
			site := harness.NextLine()
			app.IsConflict(shipThere)
			return site
		},
		says: []string{"IsConflict plan_test.shipThere", "PATCH /ship " + saysMayCreate},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).Patch(writeShip)
			app.IsConflict(shipThere)
		},
	},
	{
		name: "a Forbidden that takes what a POST can create", reason: "AllowMissingPost lets a POST create its target",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).Post(makeShip).AllowMissingPost(func() bool { return true })
			site := harness.NextLine()
			app.Forbidden(shipThere)
			return site
		},
		says: []string{"Forbidden plan_test.shipThere", "POST /ship " + saysMayCreate},
		near: func(app *restmachine.App) { // without AllowMissingPost it is 404
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).Post(makeShip)
			app.Forbidden(shipThere)
		},
	},
	{
		name: "a PreviouslyExisted that takes the target", reason: "it is asked only where the target is missing",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip)
			site := harness.NextLine()
			app.PreviouslyExisted(shipThere)
			return site
		},
		says: []string{"PreviouslyExisted", "*harness.Ship, the target of /ship", "take the parameters of the path"},
		near: func(app *restmachine.App) { // the parent is there
			app.ResourceExists(harness.LoadHarbour)
			app.ResourceExists(loadShipIn)
			app.Get("/ship", harness.ShowShip).PreviouslyExisted(func(*harness.Harbour) bool { return true })
		},
	},
	{
		name: "a MovedPermanently that takes the target", reason: "it is asked only where the target is missing",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			r := app.Get("/ship", harness.ShowShip)
			site := harness.NextLine()
			r.MovedPermanently(harness.TagOfShip)
			return site
		},
		says: []string{"MovedPermanently", "the target of /ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).MovedPermanently(func(restmachine.PathParams) string { return "" })
		},
	},
	{
		name: "a MovedTemporarily that takes the target", reason: "through a Dependency, too",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Dependency(func(*harness.Ship) *harness.Cargo { return nil })
			r := app.Get("/ship", harness.ShowShip)
			site := harness.NextLine()
			r.MovedTemporarily(harness.ShowCargo)
			return site
		},
		says: []string{"MovedTemporarily", "*harness.Ship, the target of /ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Dependency(harness.NewCargo)
			app.Get("/ship", harness.ShowShip).MovedTemporarily(harness.ShowCargo)
		},
	},
	{
		name: "an AllowMissingPost that takes the target", reason: "it is asked only where the target is missing",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			r := app.Get("/ship", harness.ShowShip).Post(makeShip)
			site := harness.NextLine()
			r.AllowMissingPost(maybeShipThere)
			return site
		},
		says: []string{"AllowMissingPost", "the target of /ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).Post(makeShip).AllowMissingPost(func(restmachine.Method) bool { return true })
		},
	},
	{
		name: "two targets and a PUT that asks for neither", reason: "which of them would it create?",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.ResourceExists(harness.LoadHarbour)
			r := app.Get("/both", func(*harness.Ship, *harness.Harbour) string { return "" })
			site := harness.NextLine()
			r.Put(func() {})
			return site
		},
		says: []string{"PUT /both", "*harness.Ship and *harness.Harbour", "Optional"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.ResourceExists(harness.LoadHarbour)
			app.Get("/both", func(*harness.Ship, *harness.Harbour) string { return "" }).Put(func(restmachine.Optional[*harness.Ship], *harness.Harbour) {})
		},
	},
	{
		name: "an Authorized that takes a loaded type", reason: "it is asked before anything is loaded",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip)
			site := harness.NextLine()
			app.Authorized(shipThere)
			return site
		},
		says: []string{"Authorized plan_test.shipThere (", "takes *harness.Ship,", saysNotLoaded, "Forbidden"},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip)
			app.Forbidden(shipThere)
		},
	},
	{
		name: "a LockKey that takes a loaded type", reason: "the lock is taken before anything is loaded",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			r := app.Get("/ship", harness.ShowShip).Put(writeShip)
			site := harness.NextLine()
			r.LockKey(harness.TagOfShip)
			return site
		},
		says: []string{"LockKey", "*harness.Ship", saysNotLoaded},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).Put(writeShip).LockKey(func(restmachine.Body[harness.Cargo]) string { return "" })
		},
	},
	{
		name: "an Optional ahead of G7", reason: "that loads, too",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			r := app.Get("/ship", harness.ShowShip)
			site := harness.NextLine()
			r.ServiceAvailable(maybeShipThere)
			return site
		},
		says: []string{"ServiceAvailable", "*harness.Ship", saysNotLoaded},
		near: func(app *restmachine.App) {
			app.ResourceExists(harness.LoadShip)
			app.Get("/ship", harness.ShowShip).MultipleChoices(maybeShipThere)
		},
	},
	{
		name: "a fact ahead of the content that takes a Body", reason: "the content is read at G5",
		fault: func(app *restmachine.App) string {
			r := app.Post("/ship", makeShip)
			site := harness.NextLine()
			r.MalformedRequest(func(restmachine.Body[harness.Cargo]) bool { return false })
			return site
		},
		says: []string{"MalformedRequest", "Body[harness.Cargo]", saysNotRead, "a Dependency that takes Body[[]byte] and returns a value, or a 401 Problem", "the handlers of /ship"},
		near: func(app *restmachine.App) { // as of a webhook's signature
			app.Dependency(func(restmachine.Body[[]byte]) (*harness.Cargo, error) { return nil, &restmachine.Problem{Status: 401} })
			app.Post("/ship", func(*harness.Cargo) {})
		},
	},
	{
		name: "a Dependency of a fact ahead of the content that takes a Body", reason: "the content is read at G5, whoever asks",
		fault: func(app *restmachine.App) string {
			app.Dependency(func(restmachine.Body[[]byte]) *harness.Cargo { return nil })
			r := app.Post("/ship", makeShip)
			site := harness.NextLine()
			r.Forbidden(func(*harness.Cargo) bool { return false })
			return site
		},
		says: []string{"Forbidden", "Body[[]uint8]", saysNotRead},
		near: func(app *restmachine.App) { // asked behind G7, where the content is there
			app.ResourceExists(harness.LoadShip)
			app.Put("/ship", writeShip).Forbidden(func(*harness.Ship, restmachine.Body[[]byte]) bool { return false })
		},
	},
	{
		name: "two facts of one kind at one place", reason: "neither is nearer",
		fault: func(app *restmachine.App) string {
			app.Get("/", func() string { return "" })
			app.URITooLong(func() bool { return false })
			site := harness.NextLine()
			app.URITooLong(func() bool { return true })
			return site
		},
		says: []string{"URITooLong", saysBothGiven + " on the App"},
		near: func(app *restmachine.App) { // gates add up, and hooks all run
			app.ResourceExists(harness.LoadShip)
			app.Get("/", harness.ShowShip)
			app.Forbidden(func() bool { return false })
			app.Forbidden(func() bool { return true })
			app.Forbidden(shipThere)
			app.ResourceExists(aTruth)
			app.ResourceExists(aTruth)
			app.FinishRequest(func() {})
			app.FinishRequest(func() {})
		},
	},
}

func TestAskingFaults(t *testing.T) { checkFaults(t, askingFaults) }
