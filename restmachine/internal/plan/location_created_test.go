// A Location for what only a 201 carries: no GET returns it, and nothing loads it. Also what is
// said of a describing fact whose value does not exist at all.

package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A mooring is returned by no GET, and nothing loads one.
type mooring struct{ Name string }

func whereBerth(b mooring) string       { return "/berths/" + b.Name }
func bertha() mooring                   { return mooring{"a"} }
func berthOrNil() *mooring              { return nil }
func tagOfBerth(b mooring) string       { return b.Name }
func createdBerth() *berthReply         { return restmachine.Created("", bertha()) }
func createdAtBerth() *berthReply       { return restmachine.Created("/mine", bertha()) }
func anyBerth() *restmachine.Reply[any] { return restmachine.Created[any]("", bertha()) }

type berthReply = restmachine.Reply[mooring]

// TestLocationOfWhatIsOnlyCreated: a Location holds for the 201 of its T, whatever the GET
// returns, wherever it stands above.
func TestLocationOfWhatIsOnlyCreated(t *testing.T) {
	on := map[string]func(*restmachine.App, *restmachine.Scope, *restmachine.Resource){
		"App":      func(a *restmachine.App, _ *restmachine.Scope, _ *restmachine.Resource) { a.Location(whereBerth) },
		"Group":    func(_ *restmachine.App, g *restmachine.Scope, _ *restmachine.Resource) { g.Location(whereBerth) },
		"Resource": func(_ *restmachine.App, _ *restmachine.Scope, r *restmachine.Resource) { r.Location(whereBerth) },
	}
	for place, say := range on {
		for _, get := range []restmachine.Func{nil, listShips} {
			for want, handler := range map[string]restmachine.Func{"/berths/a": createdBerth, "/mine": createdAtBerth} {
				p := harness.NewPort(t)
				g := p.Group("/g")
				r := g.Resource("/berths")
				say(p.App, g, r)
				if get != nil {
					r.Get(get)
				}
				r.Post(handler)
				p.Valid()
				assert.Equal(t, want, p.Expect(201, "POST", "/g/berths").Header.Get("Location"), place)
			}
		}
	}
	p := harness.NewPort(t)
	p.Location(whereBerth)
	p.Patch("/berths/a", createdBerth)
	p.Valid()
	assert.Equal(t, "/berths/a", p.Expect(201, "PATCH", "/berths/a").Header.Get("Location"), "of a PATCH, too")
}

// TestFaultsOfWhatNothingDescribes: what is said is true, and what is advised can be done.
func TestFaultsOfWhatNothingDescribes(t *testing.T) {
	rows := []struct {
		name    string
		declare func(*restmachine.App)
		says    []string
		not     string
	}{
		{"a POST that answers 200", func(a *restmachine.App) { a.Location(whereBerth); a.Post("/berths", bertha) },
			[]string{"no GET returns it and no 201 carries it", "POST /berths returns it, and answers 200", "restmachine.Created(uri, value)"}, "Dependency"},
		{"nobody returns one", func(a *restmachine.App) { a.Location(whereBerth); a.Get("/berths", listShips) },
			[]string{"no GET returns it and no 201 carries it", "take what a GET returns"}, ""},
		{"a pointer to it is returned", func(a *restmachine.App) { a.Location(whereBerth); a.Get("/berths", berthOrNil) },
			[]string{"take *plan_test.mooring in the fact"}, "Dependency"},
		{"a tag of what only a 201 carries", func(a *restmachine.App) { a.GenerateETag(tagOfBerth); a.Post("/berths", createdBerth) },
			[]string{"no GET returns it either, so GenerateETag describes nothing", "a Reply there that brings an ETag of its own"}, "Dependency"},
		{"only the value tells", func(a *restmachine.App) { a.Location(whereBerth); a.Post("/berths", anyBerth) },
			[]string{"no 201 carries it"}, ""},
		{"in another Group", func(a *restmachine.App) {
			a.Group("/a").Location(whereBerth)
			a.Group("/a").Get("/ships", listShips)
			a.Post("/berths", createdBerth)
		}, []string{"does not hold on any path", `no GET below Group "/a" returns plan_test.mooring, and no 201 carries one`}, "Dependency"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			app := restmachine.New()
			row.declare(app)
			err := app.Validate()
			require.Error(t, err)
			for _, says := range row.says {
				assert.Contains(t, err.Error(), says)
			}
			if row.not != "" {
				assert.NotContains(t, err.Error(), row.not)
			}
		})
	}
}
