// Projects. A team and a key come in. A Project goes out. A PUT makes one: its key is its
// name, and clients choose it.

package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Project has issues. Its ID is never used again, and is what its tag begins with.
type Project struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	Team    string `json:"team"`
	Version int64  `json:"version"`
	ID      int64  `json:"-"`
}

// ProjectList is the projects of a team.
type ProjectList struct {
	Team     string    `json:"team"`
	Projects []Project `json:"projects"`
}

// A NewProject is the content that makes or replaces a project.
type NewProject struct {
	Title string `json:"title"`
}

// Validate is asked when the content is read: an error is a 422.
func (p NewProject) Validate() error {
	var bad restmachine.Invalid
	checkText(&bad, "/title", p.Title, 100)
	return bad.Err()
}

// projectPath is what the path of a project says beside its team.
type projectPath struct {
	Key string `path:"project"`
}

// Validate keeps keys plain. A path that it refuses does not name a project: 404.
func (p projectPath) Validate() error {
	var bad restmachine.Invalid
	if p.Key == "" || len(p.Key) > 40 || strings.Trim(p.Key, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		bad.Add("/project", "must have 1 to 40 lower-case letters, digits and hyphens")
	}
	return bad.Err()
}

// errNotEmpty is what a DELETE gets while there are issues.
var errNotEmpty = &restmachine.Problem{Status: http.StatusConflict, Title: "Project not empty", Detail: "The project has issues. Delete them first."}

func showProjects(app *restmachine.App, team *restmachine.Scope) {
	app.ResourceExists(func(ctx context.Context, t *Team, path restmachine.Path[projectPath], store *Store) (*Project, error) {
		return store.Project(ctx, t.ID, path.Value.Key) // a project of this team
	})
	app.GenerateETag(func(p *Project) string { return fmt.Sprintf("%d-%d", p.ID, p.Version) })
	app.Location(func(p *Project) string { return fmt.Sprintf("/teams/%s/projects/%s", p.Team, p.Key) })

	all := team.Get("/projects", func(ctx context.Context, t *Team, store *Store) (*ProjectList, error) {
		projects, err := store.Projects(ctx, t.ID)
		return &ProjectList{t.ID, projects}, err
	})
	all.AutoETag(restmachine.Strong)

	project := team.Get("/projects/{project}", func(p *Project) *Project { return p })
	project.Put(putProject)
	project.Delete(func(ctx context.Context, p *Project, store *Store) error {
		return store.DeleteProject(ctx, p)
	})
	project.Problems(errNotEmpty)
}

// putProject takes the Optional, since there may be no project yet: then it makes one. That it
// did, and not what it returned, makes the 201.
func putProject(ctx context.Context, t *Team, was restmachine.Optional[*Project], path restmachine.Path[projectPath],
	in restmachine.Body[NewProject], store *Store) (*Project, error) {
	if !was.OK {
		return store.CreateProject(ctx, t.ID, path.Value.Key, in.Value.Title)
	}
	return store.UpdateProject(ctx, was.Value, in.Value.Title)
}
