// The application: what there is, and who stands in front of it. In comes the name of a
// database. Out goes an App. Each subject has a file that says what is true of it: read on in
// teams.go, projects.go, issues.go and attachments.go. No status stands there that the graph
// can find by itself.

package main

import (
	"context"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// New returns the application on the SQLite database in file. If the file does not exist, New
// makes it, with two teams to try.
func New(file string, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.OnStartup(func() Clock { return time.Now })
	app.OnStartup(func(ctx context.Context, now Clock) (*Store, error) {
		return OpenStore(ctx, file, now)
	})
	app.OnShutdown((*Store).Close)
	app.Dependency(Caller)

	// Each Group has the gate of its own parameter, and all that is registered below has it, too.
	members := app.Group("/teams")
	members.Authorized(isKnown)
	members.RequirePreconditions() // 428: nobody overwrites what they have not seen
	members.CacheControl(func() string { return "private, no-cache" })
	team := members.Group("/{team}")
	team.Forbidden(hideFromOthers)

	showTeams(app, members, team)
	showProjects(app, team)
	showIssues(app, team.Group("/projects/{project}"))
	showAttachments(app, team.Group("/projects/{project}/issues/{issue}/attachments"))

	showPages(app)
	showDocument(app)
	return app
}
