package restmachine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the table of the faults of facts: those that would be silently
// off, or asked where they cannot be answered.

var holdingFaults = []faultRow{
	{
		name: "a gate whose type no path loads", reason: "silence would switch a check off; an App's gate loads nothing",
		fault: func(app *restmachine.App) string {
			app.Get("/", func() string { return "" })
			app.Resource("/ship").ResourceExists(loadShip)
			app.Resource("/ship").Get(showShip)
			app.ResourceExists(loadHarbour)
			app.Get("/harbour", func(*harbour) string { return "" })
			g := app.Group("/g")
			g.ResourceExists(newCargo)
			g.Get("/cargo", showCargo)
			site := nextLine()
			app.Forbidden(func(*ship, *cargo) bool { return true })
			return site
		},
		says: []string{"Forbidden", "holds on no path", "the App", "*restmachine_test.cargo,*restmachine_test.ship", "give the fact to a Group or Resource"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/", showShip)
			app.Forbidden(func(*ship) bool { return true })
		},
	},
	{
		name: "a gate on a Group without paths", reason: "the path that it should guard was registered elsewhere",
		fault: func(app *restmachine.App) string {
			g := app.Group("/admin")
			site := nextLine()
			g.Authorized(func() bool { return false })
			app.Get("/admin/secrets", func() string { return "" })
			return site
		},
		says: []string{"Authorized", "holds on no path", `register paths below Group "/admin"`},
		near: func(app *restmachine.App) {
			g := app.Group("/admin")
			g.Authorized(func() bool { return false })
			g.Get("/secrets", func() string { return "" })
			app.Group("/old").MovedPermanently(func() string { return "/new" }) // speaks of unknown paths
		},
	},
	{
		name: "a describing fact whose type no GET returns", reason: "a tag that nobody gets guards nothing",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/", viewShip)
			site := nextLine()
			app.GenerateETag(tagOfShip)
			return site
		},
		says: []string{"GenerateETag restmachine_test.tagOfShip", "holds on no path", "no GET below the App returns *restmachine_test.ship", "give the fact to a Resource"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.Get("/", showShip)
			app.Get("/view", viewShip)
		},
	},
	{
		name: "a freshness fact that only a reply could carry", reason: "replies carry validators and a Location, no freshness",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/", viewShip)
			app.Post("/", func() *restmachine.Reply { return restmachine.Created("/", makeShip()) })
			site := nextLine()
			app.CacheControl(func(*ship) string { return "no-store" })
			return site
		},
		says: []string{"CacheControl", "holds on no path"},
		near: func(app *restmachine.App) { // a 201 carries these, whatever the GET returns
			app.ResourceExists(loadShip)
			app.Get("/", viewShip)
			app.Post("/", func() *restmachine.Reply { return restmachine.Created("/", makeShip()) })
			app.GenerateETag(tagOfShip)
			app.Location(tagOfShip)
		},
	},
	{
		name: "a ResourceExists that nobody asks for", reason: "every path would exist",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.ResourceExists(loadShip)
			app.Get("/", func() string { return "" })
			return site
		},
		says: []string{"ResourceExists restmachine_test.loadShip", "holds on no path", "no handler below the App asks for *restmachine_test.ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Dependency(func(*ship) *cargo { return nil })
			app.Get("/", showCargo)
		},
	},
	{
		name: "facts of a Resource without a handler", reason: "every request would be a 405",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			r := app.Resource("/ship")
			r.Authorized(func() bool { return false })
			return site
		},
		says: []string{"/ship", "no handler"},
		near: func(app *restmachine.App) { // no method of the path asks it: that is none
			r := app.Resource("/ship")
			r.IsConflict(func() bool { return true })
			r.Get(func() string { return "" })
			r.Provides("text/csv", func(cargo) string { return "" }) // only reported
			r.Accepts("text/csv", func([]byte) cargo { return cargo{} })
		},
	},
	{
		name: "a fact of a Resource for a type that is not there", reason: "it always holds there, and there is nothing to describe",
		fault: func(app *restmachine.App) string {
			app.Get("/view", func() shipView { return shipView{} })
			r := app.Get("/cargo", func() cargo { return cargo{} })
			site := nextLine()
			r.GenerateETag(func(shipView) string { return "" })
			return site
		},
		says: []string{"GenerateETag", "restmachine_test.shipView", "GET /cargo returns restmachine_test.cargo"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/view", func() shipView { return shipView{} })
			app.Get("/cargo", func() cargo { return cargo{} }).GenerateETag(tagOfShip)
		},
	},
	{
		name: "a write without the validators of its target", reason: "no client could guard it with the tag that it has",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.Get("/ship", showShip)
			app.Get("/view", viewShip)
			site := nextLine()
			app.Put("/view", writeShip)
			return site
		},
		says: []string{"PUT /view asks for *restmachine_test.ship", "its GET returns restmachine_test.shipView",
			"return *restmachine_test.ship and make the view with Provides, or give the Resource its own GenerateETag"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.Get("/ship", showShip)
			r := app.Get("/view", viewShip).Put(writeShip)
			r.GenerateETag(tagOfShip)
		},
	},
	{
		name: "a DELETE without the validators of its target", reason: "an untyped validator from above says nothing of the ship",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.GenerateETag(func() string { return "app" })
			app.Get("/ship", showShip)
			app.Get("/view", viewShip)
			site := nextLine()
			app.Delete("/view", func(*ship) {})
			return site
		},
		says: []string{"DELETE /view asks for *restmachine_test.ship", "give the Resource its own GenerateETag"},
		near: func(app *restmachine.App) { // without a GET the target's validators hold
			app.ResourceExists(loadShip)
			app.GenerateETag(tagOfShip)
			app.Get("/ship", showShip)
			app.Delete("/view", func(*ship) {})
			app.Get("/by-hash", viewShip).Patch(writeShip).AutoETag(restmachine.Strong)
		},
	},
	{
		name: "a tag of *T where the path returns T", reason: "the types differ, and the tag would be missing in silence",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			app.Get("/copy", func(s *ship) ship { return *s })
			site := nextLine()
			app.GenerateETag(tagOfShip)
			return site
		},
		says: []string{"GenerateETag restmachine_test.tagOfShip (", "takes *restmachine_test.ship,", "GET /copy returns restmachine_test.ship", "use one of the two types for both"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			app.Get("/copy", func(s *ship) ship { return *s })
			app.GenerateETag(tagOfShip)
			app.GenerateETag(func(s ship) string { return s.tag() })
		},
	},
	{
		name: "a Provides of T where the path returns *T", reason: "the reverse, for a renderer",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			site := nextLine()
			app.Provides("text/plain", func(ship) string { return "" })
			return site
		},
		says: []string{"takes restmachine_test.ship", "GET /ship returns *restmachine_test.ship"},
		near: func(app *restmachine.App) {
			app.ResourceExists(loadShip)
			app.Get("/ship", showShip)
			app.Provides("text/plain", func(*ship) string { return "" })
		},
	},
}

func TestHoldingFaults(t *testing.T) { checkFaults(t, holdingFaults) }

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

var routeFaults = []faultRow{
	{
		name: "two names for one parameter", reason: "they match the same paths",
		fault: func(app *restmachine.App) string {
			app.Get("/ships/{a}", func() string { return "" })
			site := nextLine()
			app.Get("/ships/{b}", func() string { return "" })
			return site
		},
		says: []string{"/ships/{a} (restmachine/factfaults_test.go:", "/ships/{b} (restmachine/factfaults_test.go:", "conflict"},
		near: func(app *restmachine.App) {
			app.Get("/ships/{a}", func() string { return "" })
			app.Get("/ships/new", func() string { return "" })
			app.Get("/ships/{b}/cargo", func() string { return "" })
			app.Get("/ships/new/draft", func() string { return "" })
		},
	},
	{
		name: "a path through two scopes whose facts differ", reason: "which facts hold?",
		fault: func(app *restmachine.App) string {
			g := app.Group("/ships")
			g.Forbidden(func() bool { return true })
			g.Get("/{ship}", func() string { return "" })
			site := nextLine()
			app.Put("/ships/{ship}", func() {})
			return site
		},
		says: []string{"/ships/{ship} is registered here through the App", `Group "/ships"`, "register the path through one of them"},
		near: func(app *restmachine.App) {
			app.Group("/ships").Get("/{ship}", func() string { return "" })
			app.Group("/ships").Post("/{ship}", func() {})
			app.Put("/ships/{ship}", func() {})
		},
	},
	{
		name: "one method twice", reason: "which of the two?",
		fault: func(app *restmachine.App) string {
			app.Get("/ship", func() string { return "" })
			site := nextLine()
			app.Get("/ship", func() string { return "" })
			return site
		},
		says: []string{"GET /ship has two handlers", "remove one"},
		near: func(app *restmachine.App) {
			app.Get("/ship", func() string { return "" })
			app.Post("/ship", func() {})
		},
	},
	{
		name: "a path that is none", reason: "a parameter ends where its segment does",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Get("/ships/{ship", func() string { return "" })
			return site
		},
		says: []string{`the path "/ships/{ship"`},
		near: func(app *restmachine.App) { app.Get("/ships/{ship...}", func() string { return "" }) },
	},
	{
		name: "a prefix that does not begin with a slash", reason: "it would be glued to what stands before",
		fault: func(app *restmachine.App) string {
			site := nextLine()
			app.Group("ships")
			return site
		},
		says: []string{`Group("ships")`, `begins with "/"`},
		near: func(app *restmachine.App) { app.Group("/ships") },
	},
}

func TestRouteFaults(t *testing.T) { checkFaults(t, routeFaults) }

// Where a fact needs a name of the path, unknown paths, and paths on which it
// does not hold, are no fault.
func TestFactsThatNeedNames(t *testing.T) {
	type key struct {
		Ship string `path:"ship"`
	}
	p := newPort(t)
	p.Dependency(func(restmachine.Path[key]) *cargo { return nil })
	p.ResourceExists(loadShip)
	p.GenerateETag(func(s *ship, k restmachine.Path[key]) string { return k.Value.Ship })
	p.Provides("text/plain", func(s *ship, k restmachine.Path[key]) string { return k.Value.Ship })
	p.Get("/ships/{ship}", showShip)
	p.Get("/health", func() string { return "fine" })
	g := p.Group("/ships/{ship}")
	g.Authorized(func(restmachine.Path[key]) bool { return false })
	g.Forbidden(func(*cargo) bool { return false })
	g.Get("/cargo", func() string { return "" })
	p.valid()

	resp := p.expect(200, "GET", "/ships/anna")
	assert.Equal(t, `"anna"`, resp.Header.Get("Etag"))
	p.expect(401, "GET", "/ships/anna/unknown")
	require.Equal(t, 404, p.do("GET", "/unknown", "").StatusCode)
}
