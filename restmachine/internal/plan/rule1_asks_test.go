// The first rule: what a callback asks for exists when it runs.

package plan_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// quays is an App with a harbour and, in it, a ship: each is there if its
// parameter says so. Every handler counts its runs.
type quays struct {
	harness.Port
	runs map[string]int
}

func newQuays(t *testing.T) quays {
	q := quays{harness.NewPort(t), map[string]int{}}
	q.ResourceExists(func(path restmachine.PathParams) *harness.Harbour {
		if path.Get("harbour") == "here" {
			return &harness.Harbour{Name: "here"}
		}
		return nil
	})
	q.ResourceExists(func(_ *harness.Harbour, path restmachine.PathParams) (*harness.Ship, error) {
		switch path.Get("ship") {
		case "here":
			return &harness.Ship{Name: "here", Version: 1}, nil
		case "broken":
			return nil, errors.New("secret: the database is down")
		}
		return nil, nil
	})
	return q
}

const oneShip = "/harbours/{harbour}/ships/{ship}"

func at(harbour, ship string) string { return "/harbours/" + harbour + "/ships/" + ship }

// A loading is what a path makes of a ship, or its harbour, that is missing.
type loading struct {
	name, reason string
	declare      func(q quays)
	method       string
	// The statuses where ship and harbour are there, where the ship is missing,
	// and where both are.
	here, noShip, neither int
}

var loadings = []loading{
	{"GET asks for the ship", "a missing T is 404", func(q quays) {
		q.Get(oneShip, func(s *harness.Ship) *harness.Ship { q.runs["GET"]++; return s })
	}, "GET", 200, 404, 404},
	{"HEAD of it", "for every method", func(q quays) {
		q.Get(oneShip, func(s *harness.Ship) *harness.Ship { q.runs["HEAD"]++; return s })
	}, "HEAD", 200, 404, 404},
	{"GET asks for it through a Dependency", "themselves, or through a Dependency", func(q quays) {
		q.Dependency(func(s *harness.Ship) *harness.Cargo { return &harness.Cargo{Tons: s.Version} })
		q.Get(oneShip, func(*harness.Cargo) string { q.runs["GET"]++; return "" })
	}, "GET", 200, 404, 404},
	{"GET that asks for nothing, where another method loads", "the path loads it, for every method", func(q quays) {
		q.Get(oneShip, func() string { q.runs["GET"]++; return "" }).Delete(func(*harness.Ship) {})
	}, "GET", 200, 404, 404},
	{"GET that asks for its Optional", "Optional is for a resource that may be missing; its parent may not", func(q quays) {
		q.Get(oneShip, func(restmachine.Optional[*harness.Ship]) string { q.runs["GET"]++; return "" })
	}, "GET", 200, 200, 404},
	{"HEAD of that", "HEAD is the GET", func(q quays) {
		q.Get(oneShip, func(restmachine.Optional[*harness.Ship]) string { q.runs["HEAD"]++; return "" })
	}, "HEAD", 200, 200, 404},
	{"PUT that asks for the ship", "it replaces, and never creates", func(q quays) {
		q.Put(oneShip, func(*harness.Ship) { q.runs["PUT"]++ })
	}, "PUT", 204, 404, 404},
	{"PUT that does not", "it can create, but never the parent", func(q quays) {
		q.Get(oneShip, harness.ShowShip).Put(func() *harness.Ship { q.runs["PUT"]++; return makeShip() })
	}, "PUT", 200, 201, 404},
	{"PUT that asks for the parent", "what it creates is still the ship", func(q quays) {
		q.Get(oneShip, harness.ShowShip).Put(func(*harness.Harbour) *harness.Ship { q.runs["PUT"]++; return makeShip() })
	}, "PUT", 200, 201, 404},
	{"PUT that asks for the Optional", "it sees which of the two it does", func(q quays) {
		q.Put(oneShip, func(o restmachine.Optional[*harness.Ship]) *harness.Ship { q.runs["PUT"]++; return makeShip() })
	}, "PUT", 200, 201, 404},
	{"PATCH that does not ask", "PATCH never creates", func(q quays) {
		q.Get(oneShip, harness.ShowShip).Patch(func() { q.runs["PATCH"]++ })
	}, "PATCH", 204, 404, 404},
	{"PATCH that asks for the Optional", "unless it takes the target's Optional", func(q quays) {
		q.Patch(oneShip, func(restmachine.Optional[*harness.Ship]) *harness.Ship { q.runs["PATCH"]++; return makeShip() })
	}, "PATCH", 200, 201, 404},
	{"DELETE that does not ask", "a missing T is 404 for every method", func(q quays) {
		q.Get(oneShip, harness.ShowShip).Delete(func() { q.runs["DELETE"]++ })
	}, "DELETE", 204, 404, 404},
	{"DELETE that asks for the Optional", "DELETE never creates", func(q quays) {
		q.Delete(oneShip, func(restmachine.Optional[*harness.Ship]) { q.runs["DELETE"]++ })
	}, "DELETE", 204, 404, 404},
	{"POST that does not ask", "without AllowMissingPost it is 404", func(q quays) {
		q.Get(oneShip, harness.ShowShip).Post(func() { q.runs["POST"]++ })
	}, "POST", 204, 404, 404},
	{"POST with AllowMissingPost", "its answer is its handler's; a missing parent is 404", func(q quays) {
		q.Get(oneShip, harness.ShowShip).Post(func() *harness.Ship { q.runs["POST"]++; return makeShip() }).
			AllowMissingPost(func() bool { return true })
	}, "POST", 200, 200, 404},
	{"POST with AllowMissingPost that creates", "201 only by Created", func(q quays) {
		q.Get(oneShip, harness.ShowShip).Post(func(restmachine.Optional[*harness.Ship]) *restmachine.Reply[any] {
			q.runs["POST"]++
			return restmachine.Created[any]("/there", makeShip())
		}).AllowMissingPost(func() bool { return true })
	}, "POST", 201, 201, 404},
	{"POST with AllowMissingPost that asks for the ship", "what asks for T runs only when T exists", func(q quays) {
		q.Post(oneShip, func(*harness.Ship) { q.runs["POST"]++ }).AllowMissingPost(func() bool { return true })
	}, "POST", 204, 404, 404},
	{"a gate on the parent alone", "the harbour becomes the target of a path that loads nothing else", func(q quays) {
		q.Resource(oneShip).Forbidden(func(*harness.Harbour) bool { return false })
		q.Get(oneShip, func() string { q.runs["GET"]++; return "" })
	}, "GET", 200, 200, 404},
	{"two targets, one of them optional", "it creates the one that may be missing, with the help of the other", func(q quays) {
		q.ResourceExists(harness.NewCargo)
		q.Get(oneShip, func(*harness.Ship, *harness.Cargo) string { return "" }).
			Put(func(restmachine.Optional[*harness.Ship], *harness.Cargo) { q.runs["PUT"]++ })
	}, "PUT", 204, 201, 404},
}

func TestAsks(t *testing.T) {
	for _, row := range loadings {
		t.Run(row.name, func(t *testing.T) {
			q := newQuays(t)
			q.Get("/used/{harbour}/{ship}", harness.ShowShip) // so that every loader is in use
			row.declare(q)
			q.Valid()
			for _, c := range []struct {
				status        int
				harbour, ship string
			}{{row.here, "here", "here"}, {row.noShip, "here", "gone"}, {row.neither, "gone", "here"}} {
				before := q.runs[row.method]
				q.Expect(c.status, row.method, at(c.harbour, c.ship))
				ran := q.runs[row.method] - before
				if c.status < 300 {
					assert.Equal(t, 1, ran, "%s: the handler runs once", row.reason)
				} else {
					assert.Zero(t, ran, "%s: the handler does not run", row.reason)
				}
			}
			resp := q.Do(row.method, at("here", "broken"), "")
			if resp.StatusCode >= 300 {
				assert.Equal(t, 500, resp.StatusCode, "a failing database is not an absent row")
				assert.NotContains(t, string(resp.Body), "secret")
			}
		})
	}
}

// Parents are loaded before children, each once, and a child is not loaded
// whose parent is missing.
func TestParentsBeforeChildren(t *testing.T) {
	p := harness.NewPort(t)
	var order []string
	there := true
	p.ResourceExists(func(h *harness.Harbour) *harness.Ship { order = append(order, "ship"); return makeShip() })
	p.ResourceExists(func() *harness.Harbour {
		order = append(order, "harbour")
		if there {
			return &harness.Harbour{}
		}
		return nil
	})
	p.Get("/", func(*harness.Ship, *harness.Harbour) string { return "" })
	p.Expect(200, "GET", "/")
	assert.Equal(t, []string{"harbour", "ship"}, order)
	order, there = nil, false
	p.Expect(404, "GET", "/")
	assert.Equal(t, []string{"harbour"}, order)
}

// A loader that asks for the Optional of its parent runs without it.
func TestOptionalParent(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(func() *harness.Harbour { return nil })
	p.ResourceExists(func(o restmachine.Optional[*harness.Harbour]) *harness.Ship { return &harness.Ship{Name: "at sea"} })
	p.Get("/", func(s *harness.Ship) string { return s.Name })
	resp := p.Expect(200, "GET", "/")
	assert.Equal(t, "at sea", string(resp.Body))
}

// What a missing resource is answered by: 404, 410, 301, 307.
func TestMissingByTheFacts(t *testing.T) {
	uri := func(s string) func() string { return func() string { return s } }
	for _, row := range []struct {
		name, reason string
		say          func(r *restmachine.Resource)
		status       int
		location     string
	}{
		{"nothing", "404 without facts", func(*restmachine.Resource) {}, 404, ""},
		{"it existed", "410", func(r *restmachine.Resource) { r.PreviouslyExisted(func() bool { return true }) }, 410, ""},
		{"it has moved", "a Moved fact makes PreviouslyExisted yes",
			func(r *restmachine.Resource) { r.MovedPermanently(uri("/new")) }, 301, "/new"},
		{"it is elsewhere", "for now", func(r *restmachine.Resource) { r.MovedTemporarily(uri("/new")) }, 307, "/new"},
		{"it has not moved", `"" is not moved`, func(r *restmachine.Resource) { r.MovedPermanently(uri("")) }, 404, ""},
		{"it never existed, and has moved", "where PreviouslyExisted is given, it binds", func(r *restmachine.Resource) {
			r.PreviouslyExisted(func() bool { return false })
			r.MovedPermanently(uri("/new"))
		}, 404, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			p.ResourceExists(func() *harness.Ship { return nil })
			r := p.Get("/old", harness.ShowShip)
			row.say(r)
			resp := p.Expect(row.status, "GET", "/old")
			assert.Equal(t, row.location, resp.Header.Get("Location"), row.reason)
		})
	}
}

// A ResourceExists that returns bool provides no type and speaks of the target.
func TestBoolSpeaksOfTheTarget(t *testing.T) {
	for _, row := range []struct {
		method, path, reason string
		there                bool
		status               int
	}{
		{"GET", "/free", "false is missing", false, 404},
		{"GET", "/free", "true is there", true, 200},
		{"PUT", "/free", "a missing target can be created", false, 201},
		{"PUT", "/free", "an existing one is replaced", true, 204},
		{"PUT", at("here", "gone"), "the loaded target is missing, and the bool is not asked", true, 201},
		{"PUT", at("here", "here"), "both must say yes: it is created", false, 201},
		{"PUT", at("here", "here"), "both do: it is replaced", true, 204},
		{"PUT", at("gone", "here"), "a missing parent is not created", false, 404},
	} {
		t.Run(row.method+" "+row.reason, func(t *testing.T) {
			q := newQuays(t)
			q.Get("/used/{harbour}/{ship}", harness.ShowShip)
			there := func() bool { return row.there }
			q.Get("/free", func() string { return "" }).Put(func() {}).ResourceExists(there)
			q.Get(oneShip, harness.ShowShip).Put(func() {}).ResourceExists(there)
			q.Valid().Expect(row.status, row.method, row.path)
		})
	}
}
