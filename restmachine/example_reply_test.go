// Replies: an entity with a status and header fields, and what comes last.

package restmachine_test

import (
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Reply without a status leaves it to the graph.
func ExampleReply() {
	app := newBlog()
	app.Get("/posts/{id}", func(p *Post) *restmachine.Reply[*Post] {
		return &restmachine.Reply[*Post]{Entity: p, Header: http.Header{"Link": {"</posts>; rel=collection"}}}
	})

	show(app.Execute(restmachine.Request{Path: "/posts/1"}), "Link")
	// Output: 200 Link: </posts>; rel=collection {"id":"1","title":"Hello"}
}

func ExampleNewReply() {
	app := restmachine.New()
	app.Get("/tea", func() *restmachine.Reply[string] { return restmachine.NewReply(http.StatusTeapot, "short and stout") })
	show(app.Execute(restmachine.Request{Path: "/tea"}))
	// Output: 418 short and stout
}

func ExampleCreated() {
	app := restmachine.New()
	app.Post("/posts", func() *restmachine.Reply[Post] { return restmachine.Created("/posts/7", Post{ID: "7", Title: "New"}) })
	show(app.Execute(restmachine.Request{Method: "POST", Path: "/posts"}), "Location")
	// Output: 201 Location: /posts/7 {"id":"7","title":"New"}
}

func ExampleAccepted() {
	app := restmachine.New()
	app.Post("/films", func() *restmachine.Reply[string] { return restmachine.Accepted("/films/7/status", "it is being cut") })
	show(app.Execute(restmachine.Request{Method: "POST", Path: "/films"}), "Location")
	// Output: 202 Location: /films/7/status it is being cut
}

// A handler whose answers differ may say that there is none.
func ExampleNoContent() {
	app := newBlog()
	app.Delete("/posts/{id}", func(p *Post, db *Database) *restmachine.Reply[*Post] {
		db.Delete(p)
		return restmachine.NoContent[*Post]()
	})
	fmt.Println(app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts/1"}).StatusCode)
	// Output: 204
}

// After a form was sent, the browser gets the page of what came of it.
func ExampleSeeOther() {
	app := restmachine.New()
	app.Post("/posts", func() *restmachine.Reply[*Post] { return restmachine.SeeOther[*Post]("/posts/7") })
	resp := app.Execute(restmachine.Request{Method: "POST", Path: "/posts"})
	fmt.Println(resp.StatusCode, resp.Header.Get("Location"))
	// Output: 303 /posts/7
}

// FinishRequest sees every response, errors included.
func ExampleFacts_FinishRequest() {
	app := restmachine.New()
	app.FinishRequest(func(m restmachine.Method, resp *restmachine.Response) {
		resp.Header.Set("Server", "tea")
		fmt.Println("audit:", m, resp.StatusCode)
	})
	app.Get("/hello", func() string { return "Hello, World!" })

	show(app.Execute(restmachine.Request{Path: "/hello"}), "Server")
	// Output:
	// audit: GET 200
	// 200 Server: tea Hello, World!
}
