// What creates, replaces and deletes: nodes M7 to P11 of the graph.

package restmachine_test

import (
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine"
)

// The first entry makes the guest book.
func ExampleFacts_AllowMissingPost() {
	app := newBlog()
	app.AllowMissingPost(func(path restmachine.PathParams) bool { return path.Get("id") == "guestbook" })
	app.Post("/posts/{id}", func(p restmachine.Optional[*Post], in restmachine.Body[string], db *Database) {
		if !p.OK {
			db.Save(Post{ID: "guestbook"})
		}
	})

	for _, path := range []string{"/posts/1", "/posts/guestbook", "/posts/2"} {
		resp := app.Execute(restmachine.Request{Method: "POST", Path: path, Body: []byte("Nice!")})
		fmt.Println(path, resp.StatusCode)
	}
	// Output:
	// /posts/1 204
	// /posts/guestbook 204
	// /posts/2 404
}

// Where a post lives is a fact, so that no handler needs to say it.
func ExampleFacts_Location() {
	app := newBlog()
	app.Get("/posts/{id}", (*Post).itself)
	app.Location(func(p *Post) string { return "/posts/" + p.ID })
	app.Post("/posts", func(in restmachine.Body[Post], db *Database) *restmachine.Reply[*Post] {
		return restmachine.Created("", db.Save(in.Value))
	})

	resp := app.Execute(restmachine.Request{Method: "POST", Path: "/posts", Body: []byte(`{"id":"2"}`)})
	fmt.Println(resp.StatusCode, resp.Header.Get("Location"))
	// Output: 201 /posts/2
}

// A conflict may lie in the content.
func ExampleFacts_IsConflict() {
	app := newBlog()
	app.IsConflict(func(p *Post, in restmachine.Body[Post]) bool { return in.Value.ID != p.ID })
	app.Put("/posts/{id}", func(p *Post, in restmachine.Body[Post], db *Database) *Post { return db.Save(in.Value) })

	for _, body := range []string{`{"id":"1"}`, `{"id":"2"}`} {
		fmt.Println(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1", Body: []byte(body)}).StatusCode)
	}
	// Output:
	// 200
	// 409
}

// A deletion that somebody has yet to carry out.
func ExampleFacts_DeleteCompleted() {
	app := newBlog()
	app.DeleteCompleted(func() bool { return false })
	app.Delete("/posts/{id}", func(p *Post) string { return "queued" })

	show(app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts/1"}))
	// Output: 202 queued
}
