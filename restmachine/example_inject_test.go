// What callbacks can ask for: arguments are found by type.

package restmachine_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// The order of parameters is free, and an error may come last.
func ExampleFunc() {
	type Shout struct{ Text string }

	app := newBlog()
	app.Dependency(func(query url.Values, p *Post) (Shout, error) {
		return Shout{strings.ToUpper(p.Title) + query.Get("mark")}, nil
	})
	app.Get("/posts/{id}/shout", func(s Shout, m restmachine.Method) string { return string(m) + " " + s.Text })

	show(app.Execute(restmachine.Request{Path: "/posts/1/shout?mark=!"}))
	// Output: 200 GET HELLO!
}

// A path that does not parse names nothing: 404.
func ExamplePath() {
	type page struct {
		Book   string `path:"book"`
		Number int    `path:"page"`
	}
	app := restmachine.New()
	app.Get("/books/{book}/{page}", func(path restmachine.Path[page]) string {
		return fmt.Sprintf("%s, page %d", path.Value.Book, path.Value.Number)
	})

	show(app.Execute(restmachine.Request{Path: "/books/Ulysses/7"}))
	fmt.Println(app.Execute(restmachine.Request{Path: "/books/Ulysses/last"}).StatusCode)
	// Output:
	// 200 Ulysses, page 7
	// 404
}

func ExamplePathParams() {
	app := restmachine.New()
	app.Get("/hello/{name}", func(path restmachine.PathParams) string { return "Hello, " + path.Get("name") })
	show(app.Execute(restmachine.Request{Path: "/hello/J%C3%BCrgen"}))
	// Output: 200 Hello, Jürgen
}

func ExamplePathParams_Get() {
	app := restmachine.New()
	app.Get("/files/{path...}", func(path restmachine.PathParams) string { return path.Get("path") })
	show(app.Execute(restmachine.Request{Path: "/files/a/b.txt"}))
	// Output: 200 a/b.txt
}

func ExamplePathParams_All() {
	app := restmachine.New()
	app.Get("/books/{book}/{page}", func(path restmachine.PathParams) map[string]string { return path.All() })
	show(app.Execute(restmachine.Request{Path: "/books/Ulysses/7"}))
	// Output: 200 {"book":"Ulysses","page":"7"}
}

// A query that does not parse is 400; what is absent has its default, or stays at zero.
func ExampleQuery() {
	type filter struct {
		Tags  []string `query:"tag"`
		Limit int      `query:"limit" default:"20"`
	}
	app := restmachine.New()
	app.Get("/posts", func(query restmachine.Query[filter]) filter { return query.Value })

	show(app.Execute(restmachine.Request{Path: "/posts?tag=go&tag=http"}))
	fmt.Println(app.Execute(restmachine.Request{Path: "/posts?limit=many"}).StatusCode)
	// Output:
	// 200 {"Tags":["go","http"],"Limit":20}
	// 400
}

// Caches learn of the field: they keep an answer for each tenant.
func ExampleHeader() {
	type client struct {
		Tenant string   `header:"X-Tenant"`
		Beta   []string `header:"X-Beta"`
		ID     string   `header:"X-Request-Id" vary:"-"`
	}
	app := restmachine.New()
	app.Get("/posts", func(in restmachine.Header[client]) client { return in.Value })

	resp := app.Execute(restmachine.Request{Path: "/posts", Header: http.Header{"X-Tenant": {"acme"}, "X-Beta": {"search, drafts"}}})
	show(resp)
	fmt.Println(resp.Header.Get("Vary"))
	// Output:
	// 200 {"Tenant":"acme","Beta":["search","drafts"],"ID":""}
	// X-Beta, X-Tenant
}

func ExampleCookie() {
	type cookies struct {
		Session string `cookie:"session"`
		Theme   string `cookie:"theme" default:"light"`
	}
	app := restmachine.New()
	app.Authorized(func(in restmachine.Cookie[cookies]) bool { return in.Value.Session != "" })
	app.Get("/", func(in restmachine.Cookie[cookies]) string { return in.Value.Theme })

	show(app.Execute(restmachine.Request{Path: "/", Header: http.Header{"Cookie": {"session=s1"}}}))
	fmt.Println(app.Execute(restmachine.Request{Path: "/"}).StatusCode)
	// Output:
	// 200 light
	// 401
}

// A NewPost says what a post must have.
type NewPost struct{ Title string }

// Validate refuses a post without a title.
func (p NewPost) Validate() error {
	if p.Title == "" {
		return fmt.Errorf("a post needs a title")
	}
	return nil
}

func ExampleBody() {
	app := restmachine.New()
	app.Post("/posts", func(in restmachine.Body[NewPost]) string { return in.Value.Title })

	for _, content := range []string{`{"title":"Hello"}`, `{"title":""}`, `{"title":`} {
		resp := app.Execute(restmachine.Request{Method: "POST", Path: "/posts", Body: []byte(content)})
		fmt.Println(content, resp.StatusCode)
	}
	// Output:
	// {"title":"Hello"} 200
	// {"title":""} 422
	// {"title": 400
}

// Everybody may read.
func ExampleMethod() {
	app := newBlog()
	app.Authorized(func(m restmachine.Method, h http.Header) bool {
		return m.Safe() || h.Get("Authorization") == "Bearer secret"
	})
	app.Get("/posts/{id}", (*Post).itself)
	app.Delete("/posts/{id}", func(p *Post, db *Database) { db.Delete(p) })

	for _, method := range []string{"GET", "HEAD", "DELETE"} {
		fmt.Println(method, app.Execute(restmachine.Request{Method: method, Path: "/posts/1"}).StatusCode)
	}
	// Output:
	// GET 200
	// HEAD 200
	// DELETE 401
}

func ExampleMethod_Safe() {
	fmt.Println(restmachine.Method("HEAD").Safe(), restmachine.Method("PATCH").Safe())
	// Output: true false
}

func ExampleOptional() {
	app := newBlog()
	app.Put("/posts/{id}", func(path restmachine.PathParams, old restmachine.Optional[*Post], in restmachine.Body[Post], db *Database) {
		next := Post{ID: path.Get("id"), Title: in.Value.Title}
		if old.OK {
			next.Version = old.Value.Version
		}
		fmt.Println("version", db.Save(next).Version)
	})

	for _, path := range []string{"/posts/1", "/posts/2"} {
		resp := app.Execute(restmachine.Request{Method: "PUT", Path: path, Body: []byte(`{"title":"Good day"}`)})
		fmt.Println(path, resp.StatusCode)
	}
	// Output:
	// version 2
	// /posts/1 204
	// version 1
	// /posts/2 201
}
