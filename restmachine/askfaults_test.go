package restmachine_test

import (
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the table of faults of facts that are asked where they cannot be
// answered.

var askingFaults = []faultRow{
	{
		name: "a Forbidden that takes what a PUT can create", reason: "it could not be asked, and so would let the creation pass",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).Put(makeShip)
			site := nextLine()
			app.Forbidden(shipThere)
			return site
		},
		says: []string{"Forbidden restmachine_test.shipThere", "PUT /ship may create it", "restmachine.Optional[*restmachine_test.ship]"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).Put(makeShip)
			app.Forbidden(maybeShipThere)
		},
	},
	{
		name: "an IsConflict that takes what a PATCH can create", reason: "a PATCH with the Optional of its target creates",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).Patch(func(restmachine.Optional[*ship]) *ship { return makeShip() })
			site := nextLine()
			app.IsConflict(shipThere)
			return site
		},
		says: []string{"IsConflict restmachine_test.shipThere", "PATCH /ship may create it"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).Patch(writeShip)
			app.IsConflict(shipThere)
		},
	},
	{
		name: "a Forbidden that takes what a POST can create", reason: "AllowMissingPost lets a POST create its target",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).Post(makeShip).AllowMissingPost(func() bool { return true })
			site := nextLine()
			app.Forbidden(shipThere)
			return site
		},
		says: []string{"Forbidden restmachine_test.shipThere", "POST /ship may create it"},
		near: func(app *restmachine.App) { // without AllowMissingPost it is 404
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).Post(makeShip)
			app.Forbidden(shipThere)
		},
	},
	{
		name: "a PreviouslyExisted that takes the target", reason: "it is asked only where the target is missing",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			site := nextLine()
			app.PreviouslyExisted(shipThere)
			return site
		},
		says: []string{"PreviouslyExisted", "*restmachine_test.ship, the target of /ship", "take the parameters of the path"},
		near: func(app *restmachine.App) { // the parent is there
			app.ResourceExists(loadHarbour)
			app.ResourceExists(loadShipIn)
			app.Get("/ship", showShip).PreviouslyExisted(func(*harbour) bool { return true })
		},
	},
	{
		name: "a MovedPermanently that takes the target", reason: "it is asked only where the target is missing",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			r := app.Get("/ship", showShip)
			site := nextLine()
			r.MovedPermanently(tagOfShip)
			return site
		},
		says: []string{"MovedPermanently", "the target of /ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).MovedPermanently(func(restmachine.PathParams) string { return "" })
		},
	},
	{
		name: "a MovedTemporarily that takes the target", reason: "through a Dependency, too",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Dependency(func(*ship) *cargo { return nil })
			r := app.Get("/ship", showShip)
			site := nextLine()
			r.MovedTemporarily(showCargo)
			return site
		},
		says: []string{"MovedTemporarily", "*restmachine_test.ship, the target of /ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Dependency(newCargo)
			app.Get("/ship", showShip).MovedTemporarily(showCargo)
		},
	},
	{
		name: "an AllowMissingPost that takes the target", reason: "it is asked only where the target is missing",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			r := app.Get("/ship", showShip).Post(makeShip)
			site := nextLine()
			r.AllowMissingPost(maybeShipThere)
			return site
		},
		says: []string{"AllowMissingPost", "the target of /ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).Post(makeShip).AllowMissingPost(func(restmachine.Method) bool { return true })
		},
	},
	{
		name: "two targets and a PUT that asks for neither", reason: "which of them would it create?",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.ResourceExists(loadHarbour)
			r := app.Get("/both", func(*ship, *harbour) string { return "" })
			site := nextLine()
			r.Put(func() {})
			return site
		},
		says: []string{"PUT /both", "*restmachine_test.ship and *restmachine_test.harbour", "Optional"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.ResourceExists(loadHarbour)
			app.Get("/both", func(*ship, *harbour) string { return "" }).Put(func(restmachine.Optional[*ship], *harbour) {})
		},
	},
	{
		name: "an Authorized that takes a loaded type", reason: "it is asked before anything is loaded",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			site := nextLine()
			app.Authorized(shipThere)
			return site
		},
		says: []string{"Authorized restmachine_test.shipThere (", "takes *restmachine_test.ship,", "before anything is loaded", "Forbidden"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			app.Forbidden(shipThere)
		},
	},
	{
		name: "a LockKey that takes a loaded type", reason: "the lock is taken before anything is loaded",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			r := app.Get("/ship", showShip).Put(writeShip)
			site := nextLine()
			r.LockKey(tagOfShip)
			return site
		},
		says: []string{"LockKey", "*restmachine_test.ship", "before anything is loaded"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).Put(writeShip).LockKey(func(restmachine.Body[cargo]) string { return "" })
		},
	},
	{
		name: "an Optional ahead of G7", reason: "that loads, too",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			r := app.Get("/ship", showShip)
			site := nextLine()
			r.ServiceAvailable(maybeShipThere)
			return site
		},
		says: []string{"ServiceAvailable", "*restmachine_test.ship", "before anything is loaded"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip).MultipleChoices(maybeShipThere)
		},
	},
	{
		name: "a fact ahead of the content that takes a Body", reason: "the content is read at G5",
		fault: func(app *restmachine.App) string {
			r := app.Post("/ship", makeShip)
			site := nextLine()
			r.MalformedRequest(func(restmachine.Body[cargo]) bool { return false })
			return site
		},
		says: []string{"MalformedRequest", "Body[restmachine_test.cargo]", "before the content is read"},
		near: func(app *restmachine.App) {
			app.Put("/ship", makeShip).IsConflict(func(restmachine.Body[cargo]) bool { return false })
		},
	},
	{
		name: "a Dependency of a fact ahead of the content that takes a Body", reason: "the content is read at G5, whoever asks",
		fault: func(app *restmachine.App) string {
			app.Dependency(func(restmachine.Body[[]byte]) *cargo { return nil })
			r := app.Post("/ship", makeShip)
			site := nextLine()
			r.Forbidden(func(*cargo) bool { return false })
			return site
		},
		says: []string{"Forbidden", "Body[[]uint8]", "before the content is read"},
		near: func(app *restmachine.App) { // asked behind G7, where the content is there
			app.ResourceExists(loadShip)
			app.Put("/ship", writeShip).Forbidden(func(*ship, restmachine.Body[[]byte]) bool { return false })
		},
	},
	{
		name: "two facts of one kind at one place", reason: "neither is nearer",
		fault: func(app *restmachine.App) string {
			app.Get("/", func() string { return "" })
			app.Forbidden(func() bool { return false })
			site := nextLine()
			app.Forbidden(func() bool { return true })
			return site
		},
		says: []string{"Forbidden", "both given on the App"},
		near: func(app *restmachine.App) { // gates on different types must all pass
			app.ResourceExists(loadShip)
			app.Get("/", showShip)
			app.Forbidden(func() bool { return false })
			app.Forbidden(shipThere)
		},
	},
}

func TestAskingFaults(t *testing.T) { checkFaults(t, askingFaults) }
