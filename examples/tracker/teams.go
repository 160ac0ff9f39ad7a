// Teams, the tenants. The path and the caller come in. A Team goes out, or 404: to people of
// other teams, a team looks like one that is not there.

package main

import (
	"context"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Team is some people and their projects.
type Team struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Members []string `json:"members"`
}

// TeamList is the teams of the caller.
type TeamList struct {
	Teams []Team `json:"teams"`
}

func showTeams(app *restmachine.App, members, team *restmachine.Scope) {
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, store *Store) (*Team, error) {
		return store.Team(ctx, path.Get("team"))
	})
	all := members.Get("", func(ctx context.Context, u *User, store *Store) (*TeamList, error) {
		teams, err := store.TeamsOf(ctx, u.Name)
		return &TeamList{teams}, err
	})
	all.AutoETag(restmachine.Strong) // a list does not have a version: its tag is a hash
	team.Get("", func(t *Team) *Team { return t }).AutoETag(restmachine.Strong)
}

// hideFromOthers is the gate of all that is below a team.
func hideFromOthers(t *Team, u *User) (bool, error) {
	if !slices.Contains(t.Members, u.Name) {
		return false, restmachine.ErrNotFound
	}
	return false, nil
}
