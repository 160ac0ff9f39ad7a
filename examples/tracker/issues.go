// Issues. A project, filters and contents come in. An Issue goes out, or one page of them, or
// all mistakes of a content at once.

package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A State is where an issue stands.
type State string

// The states.
const (
	Open   State = "open"
	Closed State = "closed"
)

// Enum is for the OpenAPI document.
func (State) Enum() []any { return []any{Open, Closed} }

// IssueContent is what clients write of an issue.
type IssueContent struct {
	Title    string   `json:"title"`
	Text     string   `json:"text"`
	State    State    `json:"state"`    // none: open
	Assignee string   `json:"assignee"` // a member of the team, or nobody
	Labels   []string `json:"labels"`
}

// An Issue has a new Version after each change. Number is never used for another issue.
type Issue struct {
	Number int64 `json:"number"`
	IssueContent
	Author    string    `json:"author"`
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
	ProjectID int64     `json:"-"`
	Path      string    `json:"-"`
}

// Tag is the entity-tag of this version of this issue.
func (i *Issue) Tag() restmachine.ETag {
	return restmachine.ETag(fmt.Sprintf(`"%d-%d-%d"`, i.ProjectID, i.Number, i.Version))
}

// check finds what is wrong with a content. It gathers all mistakes: a form can show each at
// its field. It is not a Validate method, which could not know the team.
func (c *IssueContent) check(t *Team) error {
	var bad restmachine.Invalid
	checkText(&bad, "/title", c.Title, 200)
	if c.State == "" {
		c.State = Open
	}
	if !slices.Contains(c.State.Enum(), any(c.State)) {
		bad.Add("/state", "must be open or closed")
	}
	if c.Assignee != "" && !slices.Contains(t.Members, c.Assignee) {
		bad.Add("/assignee", "must be a member of the team")
	}
	for i, label := range c.Labels {
		checkText(&bad, restmachine.Pointer("labels", i), label, 30)
	}
	return bad.Err()
}

// checkText finds what is wrong with a text that must be there.
func checkText(bad *restmachine.Invalid, at, text string, most int) {
	switch {
	case strings.TrimSpace(text) == "":
		bad.Add(at, "is required")
	case utf8.RuneCountInString(text) > most:
		bad.Add(at, fmt.Sprintf("must have %d characters at most", most))
	}
}

func showIssues(app *restmachine.App, project *restmachine.Scope) {
	app.ResourceExists(func(ctx context.Context, p *Project, path restmachine.Path[issuePath], store *Store) (*Issue, error) {
		return store.Issue(ctx, p, path.Value.Number) // an issue of this project
	})
	app.GenerateETag((*Issue).Tag)
	app.LastModified(func(i *Issue) time.Time { return i.UpdatedAt })
	app.Location(func(i *Issue) string { return i.Path })

	list := project.Get("/issues", listIssues)
	list.AutoETag(restmachine.Strong)
	list.Post(createIssue)
	list.Problems(errInvalid)

	issue := project.Get("/issues/{issue}", func(i *Issue) *Issue { return i })
	issue.Put(putIssue)
	issue.Patch(patchIssue)
	issue.Delete(func(ctx context.Context, i *Issue, store *Store) error { return store.DeleteIssue(ctx, i) })
	issue.Problems(errInvalid)

	project.Get("/export", exportIssues).Provides(csvType, writeCSV)
}

// errInvalid is for the document. It stands for what check finds.
var errInvalid = &restmachine.Problem{Status: 422, Title: "Unprocessable Content"}

// issuePath is what the path of an issue says beside its project. As an int64, "01" does not
// name an issue.
type issuePath struct {
	Number int64 `path:"issue"`
}

func createIssue(ctx context.Context, t *Team, p *Project, u *User, in restmachine.Body[IssueContent], store *Store) (*restmachine.Reply[*Issue], error) {
	content := in.Value
	if err := content.check(t); err != nil {
		return nil, err
	}
	issue, err := store.CreateIssue(ctx, p, content, u.Name)
	return restmachine.Created("", issue), err // Location is a fact, so it is not given here
}

// putIssue replaces what clients write of i, the version that the precondition was checked on.
func putIssue(ctx context.Context, t *Team, i *Issue, in restmachine.Body[IssueContent], store *Store) (*Issue, error) {
	content := in.Value
	if err := content.check(t); err != nil {
		return nil, err
	}
	return store.UpdateIssue(ctx, i, content)
}

// patchIssue changes the members that the patch has, and removes those that it says are null.
func patchIssue(ctx context.Context, t *Team, i *Issue, in restmachine.Body[restmachine.MergePatch[IssueContent]], store *Store) (*Issue, error) {
	content, err := in.Value.Apply(i.IssueContent)
	if err != nil {
		return nil, err
	}
	if err := content.check(t); err != nil {
		return nil, err
	}
	return store.UpdateIssue(ctx, i, content)
}

// A Filter is the query that chooses issues. A parameter that is left out chooses all.
type Filter struct {
	State    State  `query:"state"`
	Assignee string `query:"assignee"`
	Label    string `query:"label"`
	Text     string `query:"q"` // in title or text
}

// A listQuery is a Filter and a place in the list. Its types check most of it.
type listQuery struct {
	Filter
	After int64 `query:"after"` // the number of the last issue of the page before
	Limit uint8 `query:"limit"` // none: 20
}

// Validate is asked when the query is read: an error is a 400.
func (f Filter) Validate() error {
	var bad restmachine.Invalid
	if f.State != "" && !slices.Contains(f.State.Enum(), any(f.State)) {
		bad.Add("/state", "must be open or closed")
	}
	return bad.Err()
}

// Validate adds the limit to what the Filter says.
func (q listQuery) Validate() error {
	var bad restmachine.Invalid
	bad.At("", q.Filter.Validate())
	if q.Limit > 100 {
		bad.Add("/limit", "must be 100 at most")
	}
	return bad.Err()
}

// An IssuePage is one page of the list, by number.
type IssuePage struct {
	Issues []Issue `json:"issues"`
	Next   string  `json:"next,omitempty"` // the URL of the page after, if there is one

	Path   string `json:"-"`
	Filter Filter `json:"-"`
}

// listIssues goes by a cursor, the last number that the client has seen. So no issue comes twice
// and none is skipped where others are created and deleted between two pages.
func listIssues(ctx context.Context, p *Project, in restmachine.Query[listQuery], store *Store) (*IssuePage, error) {
	query := in.Value
	if query.Limit == 0 {
		query.Limit = 20
	}
	// One issue more than the page has shows whether there is a next page.
	issues, err := store.Issues(ctx, p, query.Filter, query.After, int(query.Limit)+1)
	if err != nil {
		return nil, err
	}
	page := &IssuePage{Issues: issues, Path: issuesPath(p), Filter: query.Filter}
	if len(issues) > int(query.Limit) {
		page.Issues = issues[:query.Limit]
		query.After = page.Issues[query.Limit-1].Number
		page.Next = page.Path + "?" + query.encode()
	}
	return page, nil
}

func issuesPath(p *Project) string { return fmt.Sprintf("/teams/%s/projects/%s/issues", p.Team, p.Key) }

func (q listQuery) encode() string {
	values := url.Values{"after": {strconv.FormatInt(q.After, 10)}, "limit": {strconv.Itoa(int(q.Limit))}}
	for name, value := range map[string]string{"state": string(q.State), "assignee": q.Assignee, "label": q.Label, "q": q.Text} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}
