// Wiring faults of what is injected from a request.

package plan_test

import (
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

type paged struct {
	Page int `query:"page"`
}

var injectionFaults = []faultRow{
	{
		name: "a path name that the route lacks", reason: "it would be empty for ever",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/ships/{id}", func(restmachine.Path[struct {
				Ship string `path:"ship"`
			}]) string {
				return ""
			})
			return site
		},
		says: []string{`path:"ship"`, "/ships/{id}", "on /ships/{id}"},
		near: func(app *restmachine.App) {
			app.Get("/ships/{ship}/{other}", func(restmachine.Path[struct {
				Ship string `path:"ship"`
			}]) string {
				return ""
			})
		},
	},
	{
		name: "a Query field that cannot be read from text", reason: "there is no way to fill it",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/", func(restmachine.Query[struct {
				At map[string]string `query:"at"`
			}]) string {
				return ""
			})
			return site
		},
		says: []string{"At is a map[string]string, which cannot be read from text", "UnmarshalText"},
		near: func(app *restmachine.App) {
			app.Get("/", func(restmachine.Query[struct {
				At []string `query:"at"`
			}]) string {
				return ""
			})
		},
	},
	{
		name: "a Path of no struct", reason: "names need fields",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/{id}", func(restmachine.Path[int]) string { return "" })
			return site
		},
		says: []string{"int is not a struct", `path:"name"`},
		near: func(app *restmachine.App) {
			app.Get("/{id}", func(restmachine.Path[struct {
				ID int `path:"id"`
			}]) string {
				return ""
			})
		},
	},
	{
		name: "a Query field behind an embedded pointer", reason: "the pointer is nil: every request that sets the field would be a 400",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Get("/", func(restmachine.Query[struct{ *paged }]) string { return "" })
			return site
		},
		says: []string{"Page is promoted through the embedded *plan_test.paged", "embed the struct itself"},
		near: func(app *restmachine.App) {
			app.Get("/", func(restmachine.Query[struct{ paged }]) string { return "" })
		},
	},
	{
		name: "a streamed content under the lock", reason: "a slow client would hold the lock",
		fault: func(app *restmachine.App) string {
			app.ResourceExists(harness.LoadShip)
			site := harness.NextLine()
			app.Put("/", func(*harness.Ship, restmachine.Body[io.Reader]) {})
			return site
		},
		says: []string{"PUT /", "Body[io.Reader]", "the lock", "Body[io.ReadSeeker]", "WithoutResourceLock"},
		near: func(app *restmachine.App) { // locked only with a precondition
			app.ResourceExists(harness.LoadShip)
			app.Get("/", harness.ShowShip)
			app.Post("/", func(restmachine.Body[io.Reader]) {})
		},
	},
	{
		name: "a streamed and a parsed content", reason: "what is streamed was never in memory: every request would be a 500",
		fault: func(app *restmachine.App) string {
			site := harness.NextLine()
			app.Put("/", func(restmachine.Body[io.Reader], restmachine.Body[harness.Cargo]) {})
			return site
		},
		says: []string{"PUT /", "Body[io.Reader], which is streamed", "Body[harness.Cargo], which is held in memory", "take the same Body in both"},
		near: func(app *restmachine.App) {
			app.Put("/", func(restmachine.Body[[]byte], restmachine.Body[string], restmachine.Body[harness.Cargo]) {})
		},
	},
	{
		name: "a streamed and a spooled content", reason: "the file takes what the stream would",
		fault: func(app *restmachine.App) string {
			app.Put("/", func(restmachine.Body[io.Reader]) {})
			site := harness.NextLine()
			app.IsConflict(func(restmachine.Body[io.ReadSeeker]) bool { return false })
			return site
		},
		says: []string{"which is streamed", "which is spooled to a file"},
		near: func(app *restmachine.App) {
			app.Put("/", func(restmachine.Body[io.ReadSeeker]) {})
			app.IsConflict(func(restmachine.Body[io.ReadSeeker]) bool { return false })
		},
	},
	{
		name: "a spooled content, and one that a gate parses", reason: "the gate would find none: every request would be a 400",
		fault: func(app *restmachine.App) string {
			r := app.Put("/", func(restmachine.Body[io.ReadSeeker]) {})
			app.Dependency(shipByBody)
			site := harness.NextLine()
			r.IsConflict(func(*harness.Ship) bool { return false })
			return site
		},
		says: []string{"Body[harness.Cargo], which is held in memory", "Body[io.ReadSeeker], which is spooled to a file", harness.InThisFile()},
		near: func(app *restmachine.App) { // the gate is not asked there
			app.Put("/a", func(restmachine.Body[harness.Cargo]) {})
			app.Post("/b", func(restmachine.Body[io.ReadSeeker]) {})
			app.IsConflict(func(restmachine.Body[harness.Cargo]) bool { return false })
		},
	},
}

func TestInjectionFaults(t *testing.T) { checkFaults(t, injectionFaults) }

// What is embedded as a struct is filled.
func TestEmbeddedFields(t *testing.T) {
	p := harness.NewPort(t)
	p.Get("/", func(q restmachine.Query[struct{ paged }]) string { return strconv.Itoa(q.Value.Page) })
	assert.Equal(t, "7", string(p.Expect(200, "GET", "/?page=7").Body))
}

// A streamed content is no fault without the lock.
func TestStreamWithoutTheLock(t *testing.T) {
	p := harness.NewPort(t, restmachine.WithoutResourceLock())
	p.ResourceExists(harness.LoadShip)
	p.Put("/", func(*harness.Ship, restmachine.Body[io.Reader]) {})
	p.Valid()
}

type (
	tagged struct {
		Name string `json:"name"`
	}
	untagged struct{ Name string } // as a service may be
)

// TestRemedies: what is asked for by habit is told what to take instead.
func TestRemedies(t *testing.T) {
	for _, row := range []struct {
		handler any
		says    string
	}{
		{func(http.ResponseWriter, *http.Request) {}, "return what is to be sent, or mount an http.Handler beside the App"},
		{func(*restmachine.Response) {}, "take it in a FinishRequest, since no other callback has the response"},
		{func(*restmachine.Problem) {}, "take it in a RenderError, since no other callback has the problem"},
		{func(*restmachine.Body[harness.LeafIn]) {}, "LeafIn], not a pointer to it"},
		{func(restmachine.MergePatch[harness.LeafIn]) {}, "take restmachine.Body[restmachine.MergePatch["},
		{func([]byte) {}, "for the content of the request, take restmachine.Body[[]uint8]"},
		{func(io.Reader) {}, "for the content of the request, take restmachine.Body[io.Reader]"},
		{func(harness.LeafIn) {}, "for the content of the request, take restmachine.Body[harness.LeafIn]; or add an OnStartup, Dependency or ResourceExists that returns it"},
		{func(struct{ Name string }) {}, "for the content of the request, take restmachine.Body[struct { Name string }]"},
		{func(*tagged) {}, "for the content of the request, take restmachine.Body[plan_test.tagged]"},
		{func([]harness.LeafIn) {}, "for the content of the request, take restmachine.Body[[]harness.LeafIn]"},
		{func(map[string]any) {}, "for the content of the request, take restmachine.Body[map[string]interface {}]"},
		{func(paged) {}, "for the query, take restmachine.Query[plan_test.paged]"},
		{func(struct {
			A string `header:"A"`
		}) {
		}, "for fields of the header, take restmachine.Header[struct"},
		{func(*struct {
			A string `cookie:"a"`
		}) {
		}, "for cookies, take restmachine.Cookie[struct"},
		{func(*paged) {}, "for the query, take restmachine.Query[plan_test.paged]"},
		{func(struct {
			ID int `path:"id"`
		}) {
		}, "for the parameters of the path, take restmachine.Path[struct"},
		{func(struct{ paged }) {}, "for the query, take restmachine.Query["},
		{func(*untagged) {}, "; add an OnStartup, Dependency or ResourceExists that returns it"},
		{func(struct{ hidden int }) {}, "; add an OnStartup, Dependency or ResourceExists that returns it"},
		{func(int) {}, "; add an OnStartup, Dependency or ResourceExists that returns it"},
	} {
		p := harness.NewPort(t)
		p.Put("/x", row.handler)
		faults := harness.FaultsOf(t, p.App)
		require.Len(t, faults, 1, row.says)
		assert.Contains(t, faults[0], row.says)
	}
	p := harness.NewPort(t)
	p.Dependency(func() *harness.Boss { return &harness.Boss{} })
	p.Get("/x", func(harness.Manager) {})
	assert.Contains(t, harness.FaultsOf(t, p.App)[0], "and could return it as harness.Manager")
}

// TestContentIsReadOnce: two callbacks, or one with its Dependency, cannot keep the content in two ways.
func TestContentIsReadOnce(t *testing.T) {
	type draft struct{ Title string }
	type signed struct{}
	read := func(restmachine.Body[draft]) *signed { return nil }
	stream := func(restmachine.Body[io.Reader], *signed) {}
	for name, row := range map[string]struct {
		say  func(app *restmachine.App)
		want string
	}{
		"a handler and its Dependency": {func(app *restmachine.App) {
			app.Dependency(read)
			app.Put("/x", stream)
		}, "it or a Dependency of it takes Body["},
		"a fact and a handler": {func(app *restmachine.App) {
			app.Put("/x", func(restmachine.Body[io.Reader]) {})
			app.IsConflict(func(restmachine.Body[draft]) bool { return false })
		}, "plan_test.TestContentIsReadOnce"},
	} {
		t.Run(name, func(t *testing.T) {
			app := restmachine.New(harness.Quiet)
			row.say(app)
			err := app.Validate()
			require.ErrorContains(t, err, "reads the content only once; take the same Body in both")
			assert.ErrorContains(t, err, row.want)
		})
	}
}
