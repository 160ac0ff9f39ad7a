// This file offers the OpenAPI document of the service. It is made of what the App is. Only
// texts are given here.

package main

import (
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

// about is what types and facts do not say.
var about = openapi.Info{
	Title:       "Blog",
	Version:     "1.0.0",
	Description: "Posts that nobody overwrites unseen.",
	License:     "MIT",
	Tags:        map[string]string{"posts": "What people write."},
	Hide:        []string{"/static/{path...}"},
	Texts: map[string]openapi.Text{
		"GET /posts": {
			Description: "In order of creation. `next` and `prev` are the URLs of other pages.",
			Examples:    map[string]any{"page": 1, "per_page": 10},
		},
		"POST /posts": {
			OperationID: "createPost",
			Request:     NewPost{"Second Post", "Hello again!"},
		},
		"GET /posts/{post_id}":    {OperationID: "getPost", Summary: "Get a post", Examples: map[string]any{"post_id": 1}},
		"PUT /posts/{post_id}":    {OperationID: "updatePost", Summary: "Change a post", Description: "A member that is left out stays as it is."},
		"DELETE /posts/{post_id}": {OperationID: "deletePost", Summary: "Delete a post"},
	},
}

func showDocument(app *restmachine.App) { app.Get("/openapi.json", openapi.Handler(app, about)) }
