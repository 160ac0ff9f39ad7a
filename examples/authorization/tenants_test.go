// Set-up 2: nobody sees another tenant, or learns that there is one.

package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

const (
	task   = "/tenants/acme/projects/apollo/tasks/1" // ann and bob may see it
	zeus   = "/tenants/acme/projects/zeus"           // ann may see it, and bob may not
	globex = "/tenants/globex/projects/apollo"       // eve may see it
)

// office is the App with what it keeps.
func office(t *testing.T) siege {
	app, o := Tenants(), NewOffice()
	restmachine.Override(app, o)
	return besiege(t, app, o.String, "Plan apollo of acme", "Plan zeus", "bob")
}

func TestMembersOfATeamSeeItsTasks(t *testing.T) {
	s := office(t)
	for _, a := range []attempt{
		{method: "GET", path: task, by: "ann", status: 200},
		{method: "GET", path: task, by: "bob", status: 200},
		{method: "GET", path: zeus + "/tasks/1", by: "ann", status: 200},
		{method: "GET", path: globex + "/tasks/1", by: "eve", status: 200},
		{method: "GET", path: zeus + "/feed", by: "ann", status: 200},
		{method: "PUT", path: task, by: "ann", fields: []string{"If-Match", `"1"`}, content: `{"title":"Fly"}`, status: 200},
		{method: "PUT", path: globex + "/tasks/2", by: "eve", content: `{"title":"Land"}`, status: 201},
		{method: "DELETE", path: globex + "/tasks/2", by: "eve", status: 204},
	} {
		assert.Equal(t, a.status, s.app.Execute(a.request()).StatusCode, "%s %s by %s", a.method, a.path, a.by)
	}
}

func TestNobodySeesAnotherTenant(t *testing.T) {
	office(t).withstands(t, append(otherWays(task, 404), []attempt{
		{"the task", "another tenant's", "GET", task, "eve", nil, "", 404},
		{"all tasks", "another tenant's", "GET", "/tenants/acme/projects/apollo/tasks", "eve", nil, "", 404},
		{"the tenant", "another one", "GET", "/tenants/acme", "eve", nil, "", 404},
		{"a path whose handler takes nothing", "the Group loads what its gate takes", "GET", "/tenants/acme/projects/apollo/feed", "eve", nil, "", 404},
		{"an unknown path below", "it is unknown to all", "GET", "/tenants/acme/secrets", "eve", nil, "", 404},
		{"an unknown path below, by nobody", "who calls is asked first", "GET", "/tenants/acme/secrets", "", nil, "", 401},

		{"a write", "another tenant's", "PUT", task, "eve", nil, `{"title":"Mine"}`, 404},
		{"a guarded write", "its tag does not help", "PUT", task, "eve", []string{"If-Match", `"1"`}, `{"title":"Mine"}`, 404},
		{"a removal", "another tenant's", "DELETE", task, "eve", []string{"If-Match", `"1"`}, "", 404},
		{"a creating PUT", "a parent's gate comes first", "PUT", "/tenants/acme/projects/apollo/tasks/2", "eve", nil, `{"title":"Mine"}`, 404},
		{"a creating PUT that must create", "a 412 would tell that task 1 is there", "PUT", task, "eve", []string{"If-None-Match", "*"}, `{"title":"Mine"}`, 404},
		{"content that is wrong", "a 422 would tell that one may write", "PUT", task, "eve", nil, `{"title":""}`, 404},
		{"content that cannot be read", "and so would a 400", "PUT", task, "eve", nil, `{`, 404},

		{"its project below one's own tenant", "a project is looked for in its tenant", "GET", "/tenants/globex/projects/zeus/tasks/1", "eve", nil, "", 404},
		{"its project, by bob, below eve's tenant", "the tenant hides", "GET", globex + "/tasks/1", "bob", nil, "", 404},
		{"two slashes", "no path is cleaned", "GET", "/tenants//acme/projects/apollo/tasks/1", "eve", nil, "", 404},
		{"two slashes in front", "no path is cleaned", "GET", "/" + task, "eve", nil, "", 404},
		{"a slash behind", "it is another path", "GET", task + "/", "eve", nil, "", 404},
		{"dots", "no path is cleaned", "GET", "/tenants/globex/../acme/projects/apollo/tasks/1", "eve", nil, "", 404},
		{"escaped dots", "nor if it is decoded", "GET", "/tenants/globex/%2e%2e/acme/projects/apollo/tasks/1", "eve", nil, "", 404},
		{"an escaped slash", "it does not end a segment", "GET", "/tenants/globex%2F..%2Facme/projects/apollo/tasks/1", "eve", nil, "", 404},
		{"all slashes escaped", "they do not end segments", "GET", "/tenants/acme%2Fprojects%2Fapollo%2Ftasks%2F1", "eve", nil, "", 404},
		{"an escaped letter", "it is the same tenant", "GET", "/tenants/%61cme/projects/apollo/tasks/1", "eve", nil, "", 404},
		{"another case", "it is another path", "GET", "/Tenants/acme/projects/apollo/tasks/1", "eve", nil, "", 404},
		{"another case of the tenant", "it is another tenant", "GET", "/tenants/ACME/projects/apollo/tasks/1", "eve", nil, "", 404},
		{"a parameter of a segment", "it belongs to the name", "GET", "/tenants/globex;x=/acme/projects/apollo/tasks/1", "eve", nil, "", 404},
		{"a NUL", "control characters are refused", "GET", "/tenants/acme%00/projects/apollo/tasks/1", "eve", nil, "", 400},
		{"the tenant twice", "the query is not the path", "GET", task + "?tenant=globex", "eve", nil, "", 404},
		{"an unknown tenant", "there is none", "GET", "/tenants/none/projects/apollo/tasks/1", "eve", nil, "", 404},
	}...))
}

// A colleague knows that there is a project, and not what is in it.
func TestNobodySeesAnotherTeamsTasks(t *testing.T) {
	office(t).withstands(t, []attempt{
		{"a task", "another team's", "GET", zeus + "/tasks/1", "bob", nil, "", 403},
		{"a task that is not there", "the child is not loaded", "GET", zeus + "/tasks/2", "bob", nil, "", 403},
		{"a number that is not spelt as one", "the gate comes before that, too", "GET", zeus + "/tasks/01", "bob", nil, "", 403},
		{"a path whose handler takes nothing", "the Group loads what its gate takes", "GET", zeus + "/feed", "bob", nil, "", 403},
		{"a creating PUT", "a parent's gate comes first", "PUT", zeus + "/tasks/2", "bob", []string{"If-None-Match", "*"}, `{"title":"Mine"}`, 403},
		{"a removal", "another team's", "DELETE", zeus + "/tasks/1", "bob", []string{"If-Match", `"1"`}, "", 403},
		{"a stale copy", "no 304", "GET", zeus + "/tasks/1", "bob", []string{"If-None-Match", `"1"`}, "", 403},
		{"a wrong copy", "no 412", "DELETE", zeus + "/tasks/1", "bob", []string{"If-Match", `"0"`}, "", 403},
		{"a part", "no 206", "GET", zeus + "/tasks/1", "bob", []string{"Range", "bytes=0-"}, "", 403},
		{"a missing project", "there is none", "GET", "/tenants/acme/projects/hermes/tasks/1", "bob", nil, "", 404},
		{"a number that is not spelt as one, by the team", "one task has one URI", "GET", "/tenants/acme/projects/apollo/tasks/01", "bob", nil, "", 404},
	})
}

func TestNobodySeesATaskWithoutAToken(t *testing.T) {
	office(t).withstands(t, oddTokens(task))
}

// TestAHiddenTenantIsLikeAMissingOne: by no method, field or content can one be told from the
// other.
func TestAHiddenTenantIsLikeAMissingOne(t *testing.T) {
	s := office(t)
	for _, below := range []string{"", "/projects/apollo/tasks", "/projects/apollo/tasks/1", "/projects/apollo/feed", "/nothing"} {
		for _, by := range []string{"eve", ""} {
			s.cannotTell(t, by, "/tenants/acme"+below, "/tenants/none"+below)
		}
	}
}

// TestATaskIsLikeAMissingOneToAnotherTeam: below a refusal, all is refused alike.
func TestATaskIsLikeAMissingOneToAnotherTeam(t *testing.T) {
	office(t).cannotTell(t, "bob", zeus+"/tasks/1", zeus+"/tasks/2")
}

// TestNothingIsLoadedBelowARefusal: what is hidden costs what a missing one costs, so the time
// of the answer tells nothing.
func TestNothingIsLoadedBelowARefusal(t *testing.T) {
	s := office(t)
	asked := func(path, by string) string {
		_, trace := s.app.Explain(attempt{method: "GET", path: path, by: by}.request())
		return trace.Table()
	}
	loadsTask := "Tenants.func3"
	assert.Contains(t, asked(task, "ann"), loadsTask)
	assert.NotContains(t, asked(task, "eve"), loadsTask)
	assert.NotContains(t, asked(zeus+"/tasks/1", "bob"), loadsTask)
	assert.NotContains(t, asked(task, "eve"), "Tenants.func2", "nor its project")
}

// What somebody adds later, in the wrong place, does not go unnoticed.
func TestWaysRoundTheTenants(t *testing.T) {
	text := func() string { return "all tasks" }
	for _, row := range []struct {
		name, why string
		add       func(app *restmachine.App)
		says      string // "": it is another path
	}{
		{"a path by the App", "it lies below the Groups", func(app *restmachine.App) {
			app.Get("/tenants/{tenant}/export", text)
		}, `/tenants/{tenant}/export`},
		{"a path with the tenant by another name", "a name is not a protection", func(app *restmachine.App) {
			app.Get("/tenants/{id}/export", text)
		}, `Forbidden authorization.hideFromOthers`},
		{"a path by another Group", "its prefix is another one", func(app *restmachine.App) {
			app.Group("/tenants").Get("/{tenant}/export", text)
		}, `registered through Group "/tenants"`},
		{"a path of a project by the Group of the tenant", "the project's gate is not asked", func(app *restmachine.App) {
			app.Group("/tenants/{tenant}").Get("/projects/{project}/export", text)
		}, `Forbidden authorization.isNotOfTheTeam`},
		{"a rest by the App", "it takes what is not registered below", func(app *restmachine.App) {
			app.Get("/tenants/{any...}", text)
		}, `takes each path below Group "/tenants/{tenant}"`},
		{"a rest below the tenant by the App", "it lies below", func(app *restmachine.App) {
			app.Get("/tenants/{tenant}/{any...}", text)
		}, `lies below Group "/tenants/{tenant}"`},
		{"another method of a known path by the App", "its other facts differ", func(app *restmachine.App) {
			app.Resource("/tenants/{tenant}").Delete(func(*Tenant) {})
		}, `register all methods of the path through one of the two`},
		{"a literal in the parameter's place", "a literal names one resource: give it gates of its own", func(app *restmachine.App) {
			app.Get("/tenants/new", text)
		}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			app := Tenants()
			row.add(app)
			said := complaints(app)
			if row.says == "" {
				assert.Empty(t, said, row.why)
				return
			}
			assert.Contains(t, strings.Join(said, "\n"), row.says, row.why)
		})
	}
}

// complaints are what restmachinetest.Check fails for: faults, and reports of a risk.
func complaints(app *restmachine.App) (all []string) {
	reports, err := app.Reports()
	if err != nil {
		return []string{err.Error()}
	}
	for _, r := range reports {
		if r.Severity == restmachine.Risk {
			all = append(all, r.Text)
		}
	}
	return all
}

// A gate of the App holds only where what it takes is loaded. So a path that does not load it
// would be a way round, and the App does not start.
func TestTheGateOfAnAppIsNotTheFormToUse(t *testing.T) {
	app := Tenants()
	app.Forbidden(func(t *Task) bool { return t.Number == 13 })
	app.Get("/tenants/{tenant}/projects/{project}/tasks/{task}/history", func() string { return "" })
	assert.ErrorContains(t, app.Validate(), "would be a way round it")
}

// A nearer gate that says yes takes nothing away.
func TestANearerYesOpensNothing(t *testing.T) {
	app := Tenants()
	open := app.Group("/tenants/{tenant}/projects/{project}")
	assert.NoError(t, app.Validate())
	open.Forbidden(func(*Project) bool { return false })
	open.Get("/tasks/{task}", func(t *Task) *Task { return t })
	assert.Error(t, app.Validate(), "one path is of one Group")

	nested := Tenants()
	tenant := nested.Group("/clients/{tenant}")
	tenant.Forbidden(hideFromOthers)
	yes := tenant.Resource("/name")
	yes.Authorized(func() bool { return true })
	yes.Forbidden(func(*Tenant) bool { return false })
	yes.Get(func(t *Tenant) string { return t.ID })
	s := besiege(t, nested, func() string { return "" }, "acme")
	s.withstands(t, []attempt{
		{"another tenant", "all gates must pass", "GET", "/clients/acme/name", "eve", nil, "", 404},
		{"nobody", "all gates must pass", "GET", "/clients/acme/name", "", nil, "", 401},
		{"a member", "all gates pass", "GET", "/clients/acme/name", "ann", nil, "", 200},
	})
}
