// Set-up 2: tenants with projects, and projects with tasks. Each Group has the gate of
// its own parameter. Another tenant is hidden: 404. Another team's project is refused: 403.

package main

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Tenants returns an App whose tenants do not see each other.
func Tenants() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(NewTokens)
	app.OnStartup(NewOffice)
	app.Dependency(Caller)

	app.ResourceExists(func(path restmachine.PathParams, o *Office) *Tenant {
		return o.Tenant(path.Get("tenant"))
	})
	app.ResourceExists(func(path restmachine.PathParams, t *Tenant, o *Office) *Project {
		return o.Project(t, path.Get("project")) // a project of this tenant
	})
	app.ResourceExists(func(path restmachine.Path[TaskPath], p *Project, o *Office) *Task {
		return o.Task(p, path.Value.Task) // a task of this project
	})
	app.GenerateETag(func(t *Task) string { return strconv.Itoa(t.Version) })

	app.Authorized(isKnown)

	tenant := app.Group("/tenants/{tenant}")
	tenant.Forbidden(hideFromOthers)
	tenant.Get("", func(t *Tenant) *Tenant { return t })

	project := tenant.Group("/projects/{project}")
	project.Forbidden(isNotOfTheTeam)
	project.Get("/tasks", func(p *Project, o *Office) []Task { return o.Tasks(p) })
	project.Get("/feed", func() string { return "Nothing new." }) // takes nothing, and is guarded
	task := project.Get("/tasks/{task}", func(t *Task) *Task { return t })
	task.Put(keepTask)
	task.Problems(&restmachine.Problem{Status: http.StatusUnprocessableEntity})
	task.Delete(func(t *Task, o *Office) error { return o.Delete(t) })
	return app
}

// TaskPath is what the path of a task says beside its project. As an int, "01" is not a
// task.
type TaskPath struct {
	Task int `path:"task"`
}

func hideFromOthers(t *Tenant, u *User) (bool, error) {
	if !slices.Contains(t.Members, u.Name) {
		return false, restmachine.ErrNotFound
	}
	return false, nil
}

func isNotOfTheTeam(p *Project, u *User) bool { return !slices.Contains(p.Team, u.Name) }

// keepTask replaces the task, or creates it in this project.
func keepTask(p *Project, was restmachine.Optional[*Task], path restmachine.Path[TaskPath], in restmachine.Body[NewTask], o *Office) (*Task, error) {
	if in.Value.Title == "" {
		return nil, &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: "A task needs a title."}
	}
	return o.Keep(p, was.Value, path.Value.Task, in.Value.Title)
}
