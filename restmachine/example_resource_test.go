// Where facts are given, which methods a resource has, and whether it exists:
// node G7 of the graph.

package restmachine_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

func ExampleFacts_ResourceExists() {
	app := restmachine.New()
	app.OnStartup(OpenDatabase)
	app.ResourceExists(func(path restmachine.PathParams, db *Database) (*Post, error) {
		return db.Post(path.Get("id")), nil // nil: 404; an error: 500
	})
	app.Get("/posts/{id}", func(p *Post) string { return p.Title })

	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	fmt.Println(app.Execute(restmachine.Request{Path: "/posts/2"}).StatusCode)
	// Output:
	// 200 Hello
	// 404
}

// A Forbidden that takes a post is asked once the post is there: what is missing
// is 404.
func ExampleFacts_Forbidden() {
	app := newBlog()
	app.Forbidden(func(p *Post) bool { return p.Title != "Hello" })
	app.Get("/posts/{id}", (*Post).itself)
	restmachine.Override(app, &Database{posts: map[string]Post{"1": {Title: "Hello"}, "2": {Title: "Secret"}}})

	for _, path := range []string{"/posts/1", "/posts/2", "/posts/3"} {
		fmt.Println(path, app.Execute(restmachine.Request{Path: path}).StatusCode)
	}
	// Output:
	// /posts/1 200
	// /posts/2 403
	// /posts/3 404
}

// The choices are what the GET returns.
func ExampleFacts_MultipleChoices() {
	app := restmachine.New()
	app.Get("/guide", func() []string { return []string{"/guide/short", "/guide/long"} }).
		MultipleChoices(func() bool { return true })

	show(app.Execute(restmachine.Request{Path: "/guide"}))
	// Output: 300 ["/guide/short","/guide/long"]
}

// Gates add up: each must pass. Of everything else the nearest to a resource holds.
func ExampleFacts() {
	app := restmachine.New()
	app.Authorized(func() bool { return true })
	app.URITooLong(func(r *http.Request) bool { return len(r.URL.Path) > 6 })
	app.Get("/admin", func() string { return "the office" }).Authorized(func() bool { return false })
	app.Get("/catalogue", func() string { return "all goods" }).URITooLong(func() bool { return false })

	fmt.Println(app.Execute(restmachine.Request{Path: "/admin"}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Path: "/catalogue"}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Path: "/unknown"}).StatusCode)
	// Output:
	// 401
	// 200
	// 414
}

// A Scope is a prefix, and the facts that hold below it. An App is one, too.
func ExampleScope() {
	hello := func(s *restmachine.Scope) {
		s.Get("/hello", func() string { return "Hello, World!" })
	}
	app := restmachine.New()
	hello(&app.Scope)
	hello(app.Group("/v1"))

	fmt.Println(app.Execute(restmachine.Request{Path: "/hello"}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Path: "/v1/hello"}).StatusCode)
	// Output:
	// 200
	// 200
}

func ExampleScope_Group() {
	app := restmachine.New()
	admin := app.Group("/admin")
	admin.Authorized(func(h http.Header) bool { return h.Get("Authorization") == "Bearer secret" })
	admin.Get("/users", func() []string { return []string{"ann"} })
	app.Get("/hello", func() string { return "Hello, World!" })

	fmt.Println(app.Execute(restmachine.Request{Path: "/admin/users"}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Path: "/hello"}).StatusCode)
	// Output:
	// 401
	// 200
}

// A literal segment beats a parameter at the same place.
func ExampleScope_Resource() {
	app := restmachine.New()
	app.Resource("/posts/new").Get(func() string { return "a form" })
	app.Resource("/posts/{id}").Get(func(path restmachine.PathParams) string { return "post " + path.Get("id") })
	app.Resource("/files/{path...}").Get(func(path restmachine.PathParams) string { return "file " + path.Get("path") })

	for _, path := range []string{"/posts/new", "/posts/old", "/files/a/b"} {
		show(app.Execute(restmachine.Request{Path: path}))
	}
	// Output:
	// 200 a form
	// 200 post old
	// 200 file a/b
}

// A GET answers HEAD, too.
func ExampleScope_Get() {
	app := newBlog()
	app.Get("/posts/{id}", (*Post).itself)

	show(app.Execute(restmachine.Request{Method: "GET", Path: "/posts/1"}), "Content-Length")
	show(app.Execute(restmachine.Request{Method: "HEAD", Path: "/posts/1"}), "Content-Length")
	// Output:
	// 200 Content-Length: 26 {"id":"1","title":"Hello"}
	// 200 Content-Length: 26
}

func ExampleScope_Post() {
	app := newBlog()
	app.Get("/posts/{id}", (*Post).itself)
	app.Location(func(p *Post) string { return "/posts/" + p.ID })
	app.Post("/posts", func(in restmachine.Body[Post], db *Database) *restmachine.Reply[*Post] {
		return restmachine.Created("", db.Save(in.Value))
	})

	show(app.Execute(restmachine.Request{Method: "POST", Path: "/posts",
		Body: []byte(`{"id":"2","title":"Good day"}`)}), "Location")
	// Output: 201 Location: /posts/2 {"id":"2","title":"Good day"}
}

// A handler that takes the Optional of its resource can create it, too.
func ExampleScope_Put() {
	app := newBlog()
	app.Put("/posts/{id}", func(path restmachine.PathParams, old restmachine.Optional[*Post], in restmachine.Body[Post], db *Database) *Post {
		in.Value.ID = path.Get("id")
		return db.Save(in.Value)
	})

	put := restmachine.Request{Method: "PUT", Path: "/posts/2", Body: []byte(`{"title":"Good day"}`)}
	show(app.Execute(put))
	show(app.Execute(put))
	// Output:
	// 201 {"id":"2","title":"Good day"}
	// 200 {"id":"2","title":"Good day"}
}

// What a client leaves out stays.
func ExampleScope_Patch() {
	type change struct {
		Title *string `json:"title"`
	}
	app := newBlog()
	app.Patch("/posts/{id}", func(p *Post, in restmachine.Body[change], db *Database) *Post {
		if in.Value.Title != nil {
			p.Title = *in.Value.Title
		}
		return db.Save(*p)
	})

	show(app.Execute(restmachine.Request{Method: "PATCH", Path: "/posts/1", Body: []byte(`{"title":"Good day"}`)}))
	// Output: 200 {"id":"1","title":"Good day"}
}

func ExampleScope_Delete() {
	app := newBlog()
	app.Delete("/posts/{id}", func(p *Post, db *Database) { db.Delete(p) })

	gone := restmachine.Request{Method: "DELETE", Path: "/posts/1"}
	fmt.Println(app.Execute(gone).StatusCode, app.Execute(gone).StatusCode)
	// Output: 204 404
}

// A Resource takes its handlers and its own facts.
func ExampleResource() {
	app := newBlog()
	post := app.Resource("/posts/{id}")
	post.RequirePreconditions()
	post.Get((*Post).itself)
	post.Delete(func(p *Post, db *Database) { db.Delete(p) })

	fmt.Println(app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts/1"}).StatusCode)
	// Output: 428
}

// Handlers can be chained.
func ExampleResource_Get() {
	app := newBlog()
	app.Resource("/posts/{id}").
		Get((*Post).itself).
		Delete(func(p *Post, db *Database) { db.Delete(p) })

	resp := app.Execute(restmachine.Request{Method: "OPTIONS", Path: "/posts/1"})
	fmt.Println(resp.Header.Get("Allow"))
	// Output: DELETE, GET, HEAD, OPTIONS
}

// An action on a post is a resource of its own.
func ExampleResource_Post() {
	app := newBlog()
	app.Resource("/posts/{id}/shout").Post(func(p *Post, db *Database) *Post {
		p.Title = strings.ToUpper(p.Title)
		return db.Save(*p)
	})

	show(app.Execute(restmachine.Request{Method: "POST", Path: "/posts/1/shout"}))
	// Output: 200 {"id":"1","title":"HELLO"}
}

// A handler that takes its resource never creates one.
func ExampleResource_Put() {
	app := newBlog()
	app.Resource("/posts/{id}").Put(func(p *Post, in restmachine.Body[Post], db *Database) *Post {
		p.Title = in.Value.Title
		return db.Save(*p)
	})

	put := restmachine.Request{Method: "PUT", Path: "/posts/2", Body: []byte(`{"title":"Good day"}`)}
	fmt.Println(app.Execute(put).StatusCode)
	// Output: 404
}

// A handler that returns nothing is a 204.
func ExampleResource_Patch() {
	app := newBlog()
	app.Resource("/posts/{id}").Patch(func(p *Post, in restmachine.Body[map[string]string], db *Database) {
		p.Title = in.Value["title"]
		db.Save(*p)
	})

	resp := app.Execute(restmachine.Request{Method: "PATCH", Path: "/posts/1", Body: []byte(`{"title":"Good day"}`)})
	fmt.Println(resp.StatusCode)
	// Output: 204
}

// A handler that returns an entity is a 200.
func ExampleResource_Delete() {
	app := newBlog()
	app.Resource("/posts/{id}").Delete(func(p *Post, db *Database) *Post {
		db.Delete(p)
		return p
	})

	show(app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts/1"}))
	// Output: 200 {"id":"1","title":"Hello"}
}
