// These tests check Check: risks of the wiring are errors of a test, though the App starts.

package restmachinetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func text() string { return "" }
func never() bool  { return false }

var risks = []struct {
	name, reason string
	say          func(app *restmachine.App)
	risk         string // "": there is none
}{
	{"a path below a Group, by the App", "somebody forgot the Group", func(app *restmachine.App) {
		admin := app.Group("/admin")
		admin.Authorized(never)
		admin.Get("/users", text)
		app.Get("/admin/secrets", text)
	}, `/admin/secrets (restmachinetest/check_test.go:`},
	{"by a Group further in", "it is another Scope, too", func(app *restmachine.App) {
		admin := app.Group("/admin")
		admin.Forbidden(never)
		admin.Get("/users", text)
		app.Group("/admin/more").Get("/secrets", text)
	}, `lies below Group "/admin"`},
	{"below a parameter, by another name", "a name is no protection", func(app *restmachine.App) {
		g := app.Group("/projects/{project}")
		g.ResourceExists(func() bool { return true })
		g.Get("/info", text)
		app.Get("/projects/{id}/tasks", text)
	}, `was registered through the App, so these gates are not asked there: ResourceExists`},
	{"below a Group of all paths", "it guards only what is registered through it", func(app *restmachine.App) {
		members := app.Group("/")
		members.Authorized(never)
		members.Get("/me", text)
		app.Get("/open", text)
	}, "/open ("},
	{"beside a Group, by another of its prefix", "it says so on purpose", func(app *restmachine.App) {
		members, public := app.Group("/"), app.Group("/")
		members.Authorized(never)
		members.Get("/me", text)
		public.Get("/open", text)
		public.Group("/more").Get("/open", text)
	}, ""},
	{"beside a Group, by one whose parameter has another name", "the prefix is the same", func(app *restmachine.App) {
		members, public := app.Group("/teams/{team}"), app.Group("/teams/{id}")
		members.Authorized(never)
		members.Get("/me", text)
		public.Get("/open", text)
	}, ""},
	{"below a Group without gates", "limits are no gates", func(app *restmachine.App) {
		g := app.Group("/g")
		g.URITooLong(never)
		g.Get("/a", text)
		app.Get("/g/b", text)
	}, ""},
	{"below gates that no method there asks", "a GET conflicts with nothing", func(app *restmachine.App) {
		g := app.Group("/g")
		g.IsConflict(never)
		g.Put("/a", func() {})
		app.Get("/g/b", text)
	}, ""},
	{"a literal in the parameter's place", "it is another path", func(app *restmachine.App) {
		g := app.Group("/projects/{project}")
		g.Authorized(never)
		g.Get("/info", text)
		app.Get("/projects/new", text)
	}, ""},
	{"a rest in the parameter's place", "it takes what nobody registered below the Group", func(app *restmachine.App) {
		g := app.Group("/projects/{project}")
		g.Authorized(never)
		g.Get("/info", text)
		app.Get("/projects/{any...}", text)
	}, `/projects/{any...} (restmachinetest/check_test.go:`},
	{"a rest in a parameter's place further in", "through a Group that leaves more than that", func(app *restmachine.App) {
		g := app.Group("/tenants/{tenant}/projects/{project}")
		g.Authorized(never)
		g.Get("/info", text)
		app.Group("/tenants/{tenant}").Get("/projects/{any...}", text)
	}, `takes each path below Group "/tenants/{tenant}/projects/{project}"`},
	{"a rest by a Group of all in front of it", "it says so on purpose", func(app *restmachine.App) {
		g := app.Group("/projects/{project}")
		g.Authorized(never)
		g.Get("/info", text)
		app.Group("/projects").Get("/{any...}", text)
	}, ""},
	{"a rest of all, by a Group of all", "it says so on purpose", func(app *restmachine.App) {
		g := app.Group("/{tenant}")
		g.Authorized(never)
		g.Get("/info", text)
		app.Group("/").Get("/{any...}", text)
	}, ""},
	{"a rest of all", "a site with pages of its own", func(app *restmachine.App) {
		g := app.Group("/projects/{project}")
		g.Authorized(never)
		g.Get("/info", text)
		app.Get("/{any...}", text)
	}, ""},
	{"through the Group and below it", "all is guarded", func(app *restmachine.App) {
		g := app.Group("/g")
		g.Authorized(never)
		g.Get("/a", text)
		g.Group("/h").Get("/b", text)
	}, ""},

	{"RequirePreconditions without validators", "only * could pass", func(app *restmachine.App) {
		app.RequirePreconditions()
		app.Get("/list", text).Put(func() {})
	}, "/list requires preconditions (restmachinetest/check_test.go:"},
	{"with a weak tag alone", "If-Match compares strongly", func(app *restmachine.App) {
		app.AutoETag(restmachine.Weak)
		app.Get("/list", text).Patch(func() {}).RequirePreconditions()
	}, "only * passes"},
	{"without a GET", "nor does a DELETE", func(app *restmachine.App) {
		app.Delete("/list", func() {}).RequirePreconditions()
	}, "only * passes"},
	{"with a strong tag", "a client can name it", func(app *restmachine.App) {
		app.RequirePreconditions()
		app.AutoETag(restmachine.Strong)
		app.Get("/list", text).Put(func() {})
	}, ""},
	{"with a date", "If-Unmodified-Since counts", func(app *restmachine.App) {
		app.RequirePreconditions()
		app.Get("/list", text).Put(func() {}).LastModified(func() time.Time { return changed })
	}, ""},
	{"with a Reply that may bring a tag", "only the value tells", func(app *restmachine.App) {
		app.RequirePreconditions()
		app.Get("/list", func() *restmachine.Reply[string] { return nil }).Put(func() {})
	}, ""},
	{"where nothing is written", "nothing is required", func(app *restmachine.App) {
		app.RequirePreconditions()
		app.Get("/list", text).Post(func() {})
	}, ""},
}

func TestCheckReportsRisks(t *testing.T) {
	for _, row := range risks {
		t.Run(row.name, func(t *testing.T) {
			app := restmachine.New(quiet)
			row.say(app)
			require.NoError(t, app.Validate(), "it starts")
			faults := reports(t, func(t testing.TB) { restmachinetest.Check(t, app) })
			if row.risk == "" {
				assert.Empty(t, faults, row.reason)
				return
			}
			if assert.Len(t, faults, 1, row.reason) {
				assert.Contains(t, faults[0], "a risk in the wiring: ")
				assert.Contains(t, faults[0], row.risk)
				assert.Contains(t, app.Describe(), "\n  risk: ")
			}
		})
	}
}

// What is only of no use does not fail a test.
func TestCheckPassesOverNotices(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/", text)
	app.Dependency(func() *page { return nil })
	all, err := app.Reports()
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.Equal(t, restmachine.Notice, all[0].Severity)
	assert.Empty(t, reports(t, func(t testing.TB) { restmachinetest.Check(t, app) }))
}
