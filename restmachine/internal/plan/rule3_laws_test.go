// The laws of the third rule: trees of Groups are drawn at random, with gates at random. All
// gates of a kind that hold are asked from the outside in, up to the first that refuses, and
// its refusal is the answer. Hooks all run, from the inside out.

package plan_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A summed is a kind of which all gates must pass.
type summed struct {
	name    string
	say     func(*restmachine.Facts, restmachine.Func)
	method  string
	passes  bool // what a gate returns that lets pass
	refusal int
	unknown bool // unknown paths are asked, too
}

var summedKinds = []summed{
	{"ServiceAvailable", (*restmachine.Facts).ServiceAvailable, "GET", true, 503, true},
	{"MethodAllowed", (*restmachine.Facts).MethodAllowed, "PUT", true, 405, false},
	{"MalformedRequest", (*restmachine.Facts).MalformedRequest, "GET", false, 400, true},
	{"Authorized", (*restmachine.Facts).Authorized, "GET", true, 401, true},
	{"Forbidden", (*restmachine.Facts).Forbidden, "GET", false, 403, true},
	{"IsConflict", (*restmachine.Facts).IsConflict, "PUT", false, 409, false},
	{"ResourceExists", (*restmachine.Facts).ResourceExists, "GET", true, 404, false},
}

// A grove is an App with a chain of Groups down to one Resource, and a Group beside the last
// one that has the same prefix.
type grove struct {
	app          *restmachine.App
	rnd          *rand.Rand
	path         string   // of the Resource
	prefix       string   // of the last Group
	gates        []string // above the Resource, from the outside in; those that refuse begin with "no "
	unknownGates []string // above the unknown paths below prefix
	asked        *[]string
}

// plant gives a place up to three gates. holds are the lists of those that hold.
func (g *grove) plant(k summed, f *restmachine.Facts, place string, holds ...*[]string) {
	for i := range g.rnd.IntN(4) {
		name, answer := fmt.Sprintf("yes %s %d", place, i), k.passes
		if g.rnd.IntN(6) == 0 {
			name, answer = "no"+name[len("yes"):], !k.passes
		}
		k.say(f, func(m restmachine.Method) bool {
			if string(m) == k.method { // and not asked for the field Allow
				*g.asked = append(*g.asked, name)
			}
			return answer
		})
		for _, list := range holds {
			*list = append(*list, name)
		}
	}
}

func newGrove(k summed, seed uint64) *grove {
	g := &grove{app: restmachine.New(harness.Quiet), rnd: rand.New(rand.NewPCG(seed, 3)), asked: new([]string)}
	g.plant(k, &g.app.Facts, "App", &g.gates, &g.unknownGates)
	scope := &g.app.Scope
	var outer *restmachine.Scope
	last := ""
	for i := range 1 + g.rnd.IntN(4) {
		outer, last = scope, []string{"/", "/a", "/b/{" + fmt.Sprint("p", i) + "}"}[g.rnd.IntN(3)]
		scope = scope.Group(last)
		if last != "/" {
			g.prefix += last
		}
		g.plant(k, &scope.Facts, fmt.Sprint("Group ", i), &g.gates, &g.unknownGates)
	}
	beside := outer.Group(last)
	g.plant(k, &beside.Facts, "the Group beside", &g.unknownGates)
	beside.Get("/beside", func() string { return "" }).Put(func() {})
	r := scope.Get("/known", func() string { return "" }).Put(func() {})
	g.plant(k, &r.Facts, "Resource", &g.gates)
	g.path = g.prefix + "/known"
	return g
}

// upToRefusal is the gates that are asked: none behind one that refuses.
func upToRefusal(gates []string) (asked []string, refused bool) {
	for i, name := range gates {
		if name[:2] == "no" {
			return gates[:i+1], true
		}
	}
	return gates, false
}

// statuses asks once in process and once as an http.Handler.
func (g *grove) statuses(method, path string) map[string]int {
	w := httptest.NewRecorder()
	g.app.ServeHTTP(w, httptest.NewRequest(method, path, bytes.NewReader(nil)))
	return map[string]int{
		"HTTP":    w.Code,
		"Execute": g.app.Execute(restmachine.Request{Method: method, Path: path}).StatusCode,
	}
}

func TestLawGatesAddUp(t *testing.T) {
	refusals := 0
	for _, k := range summedKinds {
		t.Run(k.name, func(t *testing.T) {
			for seed := range uint64(150) {
				g := newGrove(k, seed)
				require.NoError(t, g.app.Validate())
				check := func(path string, gates []string, passed int) {
					asked, refused := upToRefusal(gates)
					want := passed
					if refused {
						want, refusals = k.refusal, refusals+1
					}
					*g.asked = nil
					for way, status := range g.statuses(k.method, path) {
						require.Equal(t, want, status, "seed %d: %s %s by %s past %q", seed, k.method, path, way, gates)
					}
					require.Equal(t, append(asked[:len(asked):len(asked)], asked...), append([]string(nil), *g.asked...), "seed %d: %s %s, asked twice", seed, k.method, path)
				}
				check(g.path, g.gates, map[string]int{"GET": 200, "PUT": 204}[k.method])
				if k.unknown {
					check(g.prefix+"/unknown", g.unknownGates, 404)
				}
			}
		})
	}
	require.Greater(t, refusals, 100, "the draw has refusals")
}

// Hooks all run, the Resource's first and the App's last, whatever refuses.
func TestLawHooksAllRun(t *testing.T) {
	hook := summed{"FinishRequest", func(f *restmachine.Facts, said restmachine.Func) {
		f.FinishRequest(func(m restmachine.Method) { said.(func(restmachine.Method) bool)(m) })
	}, "GET", true, 200, true}
	for seed := range uint64(150) {
		g := newGrove(hook, seed)
		require.NoError(t, g.app.Validate())
		for path, status := range map[string]int{g.path: 200, g.prefix + "/unknown": 404} {
			*g.asked = nil
			require.Equal(t, status, g.app.Execute(restmachine.Request{Path: path}).StatusCode)
			gates := g.gates
			if status == 404 {
				gates = g.unknownGates
			}
			require.ElementsMatch(t, gates, *g.asked, "seed %d: %s", seed, path)
			if status == 200 {
				require.Equal(t, insideOut(gates), append([]string(nil), *g.asked...), "seed %d: %s", seed, path)
			}
		}
	}
}

// insideOut turns the order of places around, and keeps the order at one place.
func insideOut(gates []string) (turned []string) {
	placeOf := func(name string) string {
		return name[len(name)-len(bytes.TrimLeft([]byte(name), "yesno")) : len(name)-2]
	}
	for i := len(gates); i > 0; {
		j := i - 1
		for j > 0 && placeOf(gates[j-1]) == placeOf(gates[i-1]) {
			j--
		}
		turned = append(turned, gates[j:i]...)
		i = j
	}
	return turned
}
