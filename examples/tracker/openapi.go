// The document of the service. Texts come in. OpenAPI goes out, made of what the App is: its
// types, its facts, and what its graph can answer.

package main

import (
	"github.com/restmachine/restmachine-go/contrib/openapiui"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

const (
	project    = "/teams/{team}/projects/{project}"
	attachment = project + "/issues/{issue}/attachments/{name}"
)

// about is what types and facts do not say. A key that is not an operation is an error.
var about = openapi.Info{
	Title:       "Tracker",
	Version:     "1.0.0",
	Description: "The issues of teams. Nobody overwrites what they have not seen.",
	License:     "MIT",
	Tags:        map[string]string{"teams": "Who works together.", "projects": "What they work on.", "issues": "What is to do.", "attachments": "Files of issues."},
	Hide:        []string{"/{path...}", "/docs/{path...}", "/session"},
	Texts: map[string]openapi.Text{
		"GET /teams":                 {OperationID: "listTeams", Summary: "List your teams"},
		"GET /teams/{team}":          {OperationID: "getTeam", Summary: "Get a team"},
		"GET /teams/{team}/projects": {OperationID: "listProjects", Summary: "List the projects of a team", Tags: []string{"projects"}},
		"GET " + project:             {OperationID: "getProject", Summary: "Get a project", Tags: []string{"projects"}},
		"PUT " + project:             {OperationID: "putProject", Summary: "Make or replace a project", Tags: []string{"projects"}, Request: NewProject{"Apollo"}},
		"DELETE " + project:          {OperationID: "deleteProject", Summary: "Delete a project without issues", Tags: []string{"projects"}},
		"GET " + project + "/issues": {OperationID: "listIssues", Summary: "List issues", Tags: []string{"issues"},
			Description: "By number. `next` is the URL of the page after.", Examples: map[string]any{"state": Open, "limit": 20}},
		"POST " + project + "/issues": {OperationID: "createIssue", Summary: "Create an issue", Tags: []string{"issues"},
			Request: IssueContent{Title: "Land", State: Open, Labels: []string{"moon"}}},
		"GET " + project + "/export":                     {OperationID: "exportIssues", Summary: "Export issues as CSV", Tags: []string{"issues"}},
		"GET " + project + "/issues/{issue}":             {OperationID: "getIssue", Summary: "Get an issue", Tags: []string{"issues"}},
		"PUT " + project + "/issues/{issue}":             {OperationID: "putIssue", Summary: "Replace an issue", Tags: []string{"issues"}},
		"PATCH " + project + "/issues/{issue}":           {OperationID: "patchIssue", Summary: "Change some of an issue", Tags: []string{"issues"}},
		"DELETE " + project + "/issues/{issue}":          {OperationID: "deleteIssue", Summary: "Delete an issue and its attachments", Tags: []string{"issues"}},
		"GET " + project + "/issues/{issue}/attachments": {OperationID: "listAttachments", Summary: "List attachments", Tags: []string{"attachments"}},
		"GET " + attachment:                              {OperationID: "getAttachment", Summary: "Download an attachment", Tags: []string{"attachments"}},
		"PUT " + attachment:                              {OperationID: "putAttachment", Summary: "Upload an attachment", Tags: []string{"attachments"}},
		"DELETE " + attachment:                           {OperationID: "deleteAttachment", Summary: "Delete an attachment", Tags: []string{"attachments"}},
	},
}

// showDocument serves the document, and a page on which people read it and try the service.
func showDocument(app *restmachine.App) {
	app.Get("/openapi.json", openapi.Handler(app, about))
	app.Get("/docs/{path...}", openapiui.Files("../openapi.json"))
}
