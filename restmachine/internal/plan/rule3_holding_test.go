// The third rule: on which paths a gate holds, and which of several wins.

package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A holding is a gate, told where it was given, and where it refuses.
type holding struct {
	name, reason string
	say          func(app *restmachine.App, group *restmachine.Scope, ship *restmachine.Resource)
	refused      []string // paths
}

// The paths of TestHolding: what loads a ship, and what does not.
var holdingPaths = []string{"/plain", "/ship", "/fleet/plain", "/fleet/ship", "/fleet/cargo", "/fleet/unknown", "/unknown"}

var holdings = []holding{
	{"App, no T", "holds below the place where it was given, unknown paths too",
		func(app *restmachine.App, _ *restmachine.Scope, _ *restmachine.Resource) {
			app.Forbidden(func() bool { return true })
		}, holdingPaths},
	{"Group, no T", "and nowhere else",
		func(_ *restmachine.App, g *restmachine.Scope, _ *restmachine.Resource) {
			g.Forbidden(func() bool { return true })
		}, []string{"/fleet/plain", "/fleet/ship", "/fleet/cargo", "/fleet/unknown"}},
	{"Resource, no T", "one path",
		func(_ *restmachine.App, _ *restmachine.Scope, r *restmachine.Resource) {
			r.Forbidden(func() bool { return true })
		}, []string{"/fleet/ship"}},
	{"App, a T", "on every path on which T is loaded",
		func(app *restmachine.App, _ *restmachine.Scope, _ *restmachine.Resource) {
			app.Forbidden(func(*harness.Ship) bool { return true })
		}, []string{"/ship", "/fleet/ship", "/fleet/cargo"}},
	{"Group, a T", "on every path below, and T is loaded for it",
		func(_ *restmachine.App, g *restmachine.Scope, _ *restmachine.Resource) {
			g.Forbidden(func(*harness.Ship) bool { return true })
		}, []string{"/fleet/plain", "/fleet/ship", "/fleet/cargo"}},
	{"App, a T through a Dependency", "taking is taking",
		func(app *restmachine.App, _ *restmachine.Scope, _ *restmachine.Resource) {
			app.Forbidden(func(*harness.Cargo) bool { return true })
		}, []string{"/ship", "/fleet/ship", "/fleet/cargo"}},
	{"one T, near and far", "the nearer one cannot refuse less",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			app.Forbidden(func(*harness.Ship) bool { return true })
			r.Forbidden(func(*harness.Ship) bool { return false })
		}, []string{"/ship", "/fleet/ship", "/fleet/cargo"}},
	{"no T, near and far", "the nearer one cannot refuse less",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			g.Forbidden(func() bool { return true })
			r.Forbidden(func() bool { return false })
		}, []string{"/fleet/plain", "/fleet/ship", "/fleet/cargo", "/fleet/unknown"}},
	{"no T, near", "the nearer one can refuse more",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			g.Forbidden(func() bool { return false })
			r.Forbidden(func() bool { return true })
		}, []string{"/fleet/ship"}},
	{"no T far, a T near", "gates on different Ts must all pass",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			g.Forbidden(func() bool { return true })
			r.Forbidden(func(*harness.Ship) bool { return false })
		}, []string{"/fleet/plain", "/fleet/ship", "/fleet/cargo", "/fleet/unknown"}},
	{"a T far, no T near", "in either order",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			app.Forbidden(func(*harness.Ship) bool { return true })
			r.Forbidden(func() bool { return false })
		}, []string{"/ship", "/fleet/ship", "/fleet/cargo"}},
}

func TestHolding(t *testing.T) {
	for _, row := range holdings {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			p.ResourceExists(harness.LoadShip)
			p.Dependency(func(s *harness.Ship) *harness.Cargo { return &harness.Cargo{Tons: s.Version} })
			p.Get("/plain", func() string { return "" })
			p.Get("/ship", harness.ShowShip)
			g := p.Group("/fleet")
			g.Get("/plain", func() string { return "" })
			r := g.Get("/ship", harness.ShowShip)
			g.Get("/cargo", harness.ShowCargo)
			row.say(p.App, g, r)
			p.Valid()
			var refused []string
			for _, path := range holdingPaths {
				if p.Do("GET", path, "").StatusCode == 403 {
					refused = append(refused, path)
				}
			}
			assert.Equal(t, row.refused, refused, row.reason)
		})
	}
}

// A gate on a Group loads what it takes, also on paths where no method asks it:
// there a missing T is 404. One on the App loads nothing.
func TestGatesLoad(t *testing.T) {
	for _, onGroup := range []bool{true, false} {
		p := harness.NewPort(t)
		p.ResourceExists(func() *harness.Ship { return nil })
		p.Get("/ship", harness.ShowShip)
		g := p.Group("/fleet")
		g.Get("/plain", func() string { return "" })
		g.Put("/", writeShip) // it asks the gate
		if onGroup {
			g.IsConflict(shipThere)
		} else {
			p.IsConflict(shipThere)
		}
		p.Valid().Expect(map[bool]int{true: 404, false: 200}[onGroup], "GET", "/fleet/plain")
	}
}

// A gate on the parent and a gate on the child must both pass, for every
// method; where the child is created, the parent's still holds.
func TestGatesOnParentAndChild(t *testing.T) {
	for _, row := range []struct {
		name, reason  string
		parent, child bool // refuse
		ship          string
		get, put      int
	}{
		{"both pass", "nothing refuses", false, false, "here", 200, 204},
		{"the parent's refuses", "it holds where the child is loaded", true, false, "here", 403, 403},
		{"the child's refuses", "so does the child's", false, true, "here", 403, 403},
		{"both refuse", "one is enough", true, true, "here", 403, 403},
		{"the child is missing", "it can be created", false, false, "gone", 404, 201},
		{"the child is missing, the parent's refuses", "nobody is told what is below", true, false, "gone", 403, 403},
		{"the child is missing, the child's refuses", "it took an Optional, and is asked", false, true, "gone", 404, 403},
	} {
		t.Run(row.name, func(t *testing.T) {
			q, written := newQuays(t), false
			q.Forbidden(func(*harness.Harbour) bool { return row.parent })
			q.Forbidden(func(restmachine.Optional[*harness.Ship]) bool { return row.child })
			q.Get(oneShip, harness.ShowShip).Put(func() { written = true })
			q.Valid()
			q.Expect(row.get, "GET", at("here", row.ship))
			q.Expect(row.put, "PUT", at("here", row.ship))
			assert.Equal(t, row.put < 300, written, row.reason)
			written = false
			q.Expect(404, "PUT", at("gone", row.ship))
			assert.False(t, written, "a missing parent is 404")
		})
	}
}

// A POST that creates where it may is guarded as a PUT is.
func TestGatesOnACreatingPost(t *testing.T) {
	for _, refuse := range []bool{true, false} {
		q, written := newQuays(t), false
		q.Forbidden(func(o restmachine.Optional[*harness.Ship]) bool { return refuse && !o.OK })
		q.Get(oneShip, harness.ShowShip).Post(func() { written = true }).AllowMissingPost(func() bool { return true })
		q.Valid()
		status := map[bool]int{true: 403, false: 204}[refuse]
		q.Expect(status, "POST", at("here", "gone"))
		assert.Equal(t, !refuse, written)
		q.Expect(204, "POST", at("here", "here"))
	}
}

// A fact that takes T and concerns only the end of the exchange is asked where
// T is there.
func TestLateFactsOfALoadedType(t *testing.T) {
	q := newQuays(t)
	q.Variances(func(s *harness.Ship) []string { return []string{"X-" + s.Name} })
	q.FinishRequest(func(s *harness.Ship, r *restmachine.Response) { r.Header.Set("X-Ship", s.Name) })
	q.Get(oneShip, harness.ShowShip)
	q.Valid()
	resp := q.Expect(200, "GET", at("here", "here"))
	assert.Equal(t, "X-Here", resp.Header.Get("Vary"))
	assert.Equal(t, "here", resp.Header.Get("X-Ship"))
	resp = q.Expect(404, "GET", at("here", "gone"))
	assert.Empty(t, resp.Header.Get("X-Ship"))
}

// Gates on different Ts must all pass, also where the types have one name, as
// those of two packages may.
func TestGatesOfTypesOfOneName(t *testing.T) {
	type ship struct{ far bool }
	p := harness.NewPort(t)
	p.ResourceExists(func() *ship { return &ship{true} })
	p.Forbidden(func(*ship) bool { return true })
	p.Get("/far", func(*ship) string { return "" })
	g := p.Group("/near")
	func() {
		type far = ship
		type ship struct{ near bool }
		g.ResourceExists(func() *ship { return &ship{true} })
		g.Forbidden(func(*ship) bool { return false })
		g.Get("/both", func(*ship, *far) string { return "" })
		g.Get("/near", func(*ship) string { return "" })
	}()
	p.Valid()
	p.Expect(403, "GET", "/far")
	p.Expect(403, "GET", "/near/both")
	p.Expect(200, "GET", "/near/near")
}

// Gates of the same types add up, in whatever order they take them.
func TestGatesOfTheSameTypes(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(harness.LoadShip)
	p.ResourceExists(harness.LoadHarbour)
	p.Forbidden(func(*harness.Ship, *harness.Harbour) bool { return true })
	p.Get("/far", func(*harness.Ship, *harness.Harbour) string { return "" })
	r := p.Get("/near", func(*harness.Ship, *harness.Harbour) string { return "" })
	r.Forbidden(func(*harness.Harbour, *harness.Ship) bool { return false })
	p.Valid()
	p.Expect(403, "GET", "/far")
	p.Expect(403, "GET", "/near")
}
