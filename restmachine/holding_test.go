package restmachine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the third rule: on which paths a gate holds, and which of several
// win.

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
			app.Forbidden(func(*ship) bool { return true })
		}, []string{"/ship", "/fleet/ship", "/fleet/cargo"}},
	{"Group, a T", "on every path below, and T is loaded for it",
		func(_ *restmachine.App, g *restmachine.Scope, _ *restmachine.Resource) {
			g.Forbidden(func(*ship) bool { return true })
		}, []string{"/fleet/plain", "/fleet/ship", "/fleet/cargo"}},
	{"App, a T through a Dependency", "taking is taking",
		func(app *restmachine.App, _ *restmachine.Scope, _ *restmachine.Resource) {
			app.Forbidden(func(*cargo) bool { return true })
		}, []string{"/ship", "/fleet/ship", "/fleet/cargo"}},
	{"one T, near and far", "the nearest wins",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			app.Forbidden(func(*ship) bool { return true })
			r.Forbidden(func(*ship) bool { return false })
		}, []string{"/ship", "/fleet/cargo"}},
	{"no T, near and far", "the nearest wins",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			g.Forbidden(func() bool { return true })
			r.Forbidden(func() bool { return false })
		}, []string{"/fleet/plain", "/fleet/cargo", "/fleet/unknown"}},
	{"no T far, a T near", "gates on different Ts must all pass",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			g.Forbidden(func() bool { return true })
			r.Forbidden(func(*ship) bool { return false })
		}, []string{"/fleet/plain", "/fleet/ship", "/fleet/cargo", "/fleet/unknown"}},
	{"a T far, no T near", "in either order",
		func(app *restmachine.App, g *restmachine.Scope, r *restmachine.Resource) {
			app.Forbidden(func(*ship) bool { return true })
			r.Forbidden(func() bool { return false })
		}, []string{"/ship", "/fleet/ship", "/fleet/cargo"}},
}

func TestHolding(t *testing.T) {
	for _, row := range holdings {
		t.Run(row.name, func(t *testing.T) {
			p := newPort(t)
			p.ResourceExists(loadShip)
			p.Dependency(func(s *ship) *cargo { return &cargo{s.Version} })
			p.Get("/plain", func() string { return "" })
			p.Get("/ship", showShip)
			g := p.Group("/fleet")
			g.Get("/plain", func() string { return "" })
			r := g.Get("/ship", showShip)
			g.Get("/cargo", showCargo)
			row.say(p.App, g, r)
			p.valid()
			var refused []string
			for _, path := range holdingPaths {
				if p.do("GET", path, "").StatusCode == 403 {
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
		p := newPort(t)
		p.ResourceExists(func() *ship { return nil })
		p.Get("/ship", showShip)
		g := p.Group("/fleet")
		g.Get("/plain", func() string { return "" })
		if onGroup {
			g.IsConflict(shipThere)
		} else {
			p.IsConflict(shipThere)
		}
		p.valid().expect(map[bool]int{true: 404, false: 200}[onGroup], "GET", "/fleet/plain")
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
		{"the child is missing, the parent's refuses", "no unguarded write", true, false, "gone", 404, 403},
		{"the child is missing, the child's refuses", "it took an Optional, and is asked", false, true, "gone", 404, 403},
	} {
		t.Run(row.name, func(t *testing.T) {
			q, written := newQuays(t), false
			q.Forbidden(func(*harbour) bool { return row.parent })
			q.Forbidden(func(restmachine.Optional[*ship]) bool { return row.child })
			q.Get(oneShip, showShip).Put(func() { written = true })
			q.valid()
			q.expect(row.get, "GET", at("here", row.ship))
			q.expect(row.put, "PUT", at("here", row.ship))
			assert.Equal(t, row.put < 300, written, row.reason)
			written = false
			q.expect(404, "PUT", at("gone", row.ship))
			assert.False(t, written, "a missing parent is 404")
		})
	}
}

// A POST that creates where it may is guarded as a PUT is.
func TestGatesOnACreatingPost(t *testing.T) {
	for _, refuse := range []bool{true, false} {
		q, written := newQuays(t), false
		q.Forbidden(func(o restmachine.Optional[*ship]) bool { return refuse && !o.OK })
		q.Get(oneShip, showShip).Post(func() { written = true }).AllowMissingPost(func() bool { return true })
		q.valid()
		status := map[bool]int{true: 403, false: 204}[refuse]
		q.expect(status, "POST", at("here", "gone"))
		assert.Equal(t, !refuse, written)
		q.expect(204, "POST", at("here", "here"))
	}
}

// A fact that takes T and concerns only the end of the exchange is asked where
// T is there.
func TestLateFactsOfALoadedType(t *testing.T) {
	q := newQuays(t)
	q.Variances(func(s *ship) []string { return []string{"X-" + s.Name} })
	q.FinishRequest(func(s *ship, r *restmachine.Response) { r.Header.Set("X-Ship", s.Name) })
	q.Get(oneShip, showShip)
	q.valid()
	resp := q.expect(200, "GET", at("here", "here"))
	assert.Equal(t, "X-Here", resp.Header.Get("Vary"))
	assert.Equal(t, "here", resp.Header.Get("X-Ship"))
	resp = q.expect(404, "GET", at("here", "gone"))
	assert.Empty(t, resp.Header.Get("X-Ship"))
}

// Gates on different Ts must all pass, also where the types have one name, as
// those of two packages may.
func TestGatesOfTypesOfOneName(t *testing.T) {
	type ship struct{ far bool }
	p := newPort(t)
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
	p.valid()
	p.expect(403, "GET", "/far")
	p.expect(403, "GET", "/near/both")
	p.expect(200, "GET", "/near/near")
}

// A gate takes the types that it does, in whatever order.
func TestGatesOfTheSameTypes(t *testing.T) {
	p := newPort(t)
	p.ResourceExists(loadShip)
	p.ResourceExists(loadHarbour)
	p.Forbidden(func(*ship, *harbour) bool { return true })
	p.Get("/far", func(*ship, *harbour) string { return "" })
	r := p.Get("/near", func(*ship, *harbour) string { return "" })
	r.Forbidden(func(*harbour, *ship) bool { return false })
	p.valid()
	p.expect(403, "GET", "/far")
	p.expect(200, "GET", "/near")
}
