// Facts about the system and the request, which are asked before anything is
// loaded: nodes B13 to B4 of the graph.

package restmachine_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

func ExampleFacts_ServiceAvailable() {
	closed := true
	app := restmachine.New()
	app.ServiceAvailable(func() bool { return !closed })
	app.Get("/hello", func() string { return "Hello, World!" })

	fmt.Println(app.Execute(restmachine.Request{Path: "/hello"}).StatusCode)
	closed = false
	fmt.Println(app.Execute(restmachine.Request{Path: "/hello"}).StatusCode)
	// Output:
	// 503
	// 200
}

// A method that is known but has no handler is 405; others are 501.
func ExampleFacts_KnownMethod() {
	app := restmachine.New()
	app.KnownMethod(func(m restmachine.Method) bool { return m == "GET" || m == "PURGE" })
	app.Get("/hello", func() string { return "Hello, World!" })

	for _, method := range []string{"GET", "PURGE", "DELETE"} {
		fmt.Println(method, app.Execute(restmachine.Request{Method: method, Path: "/hello"}).StatusCode)
	}
	// Output:
	// GET 200
	// PURGE 405
	// DELETE 501
}

func ExampleFacts_URITooLong() {
	app := restmachine.New()
	app.URITooLong(func(query url.Values) bool { return len(query) > 2 })
	app.Get("/search", func(query url.Values) string { return query.Get("q") })

	fmt.Println(app.Execute(restmachine.Request{Path: "/search?q=tea"}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Path: "/search?q=tea&a=1&b=2"}).StatusCode)
	// Output:
	// 200
	// 414
}

// A copy of the service that only reads.
func ExampleFacts_MethodAllowed() {
	app := newBlog()
	app.MethodAllowed(func(m restmachine.Method) bool { return m.Safe() })
	app.Get("/posts/{id}", (*Post).itself)
	app.Delete("/posts/{id}", func(p *Post, db *Database) { db.Delete(p) })

	resp := app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts/1"})
	fmt.Println(resp.StatusCode, resp.Header.Get("Allow"))
	// Output: 405 GET, HEAD, OPTIONS
}

func ExampleFacts_MalformedRequest() {
	app := restmachine.New()
	app.MalformedRequest(func(query url.Values) bool { return query.Get("q") == "" })
	app.Get("/search", func(query url.Values) string { return query.Get("q") })

	fmt.Println(app.Execute(restmachine.Request{Path: "/search"}).StatusCode)
	// Output: 400
}

func ExampleFacts_Authorized() {
	app := restmachine.New()
	app.Authorized(func(h http.Header) (challenge string, ok bool) {
		return `Bearer realm="posts"`, h.Get("Authorization") == "Bearer secret"
	})
	app.Get("/hello", func() string { return "Hello, World!" })

	resp := app.Execute(restmachine.Request{Path: "/hello"})
	fmt.Println(resp.StatusCode, resp.Header.Get("WWW-Authenticate"))
	show(app.Execute(restmachine.Request{Path: "/hello", Header: http.Header{"Authorization": {"Bearer secret"}}}))
	// Output:
	// 401 Bearer realm="posts"
	// 200 Hello, World!
}

func ExampleFacts_ValidContentHeaders() {
	app := newBlog()
	app.ValidContentHeaders(func(h http.Header) bool { return h.Get("Content-Encoding") == "" })
	app.Put("/posts/{id}", func(p *Post, in restmachine.Body[Post], db *Database) *Post { return db.Save(in.Value) })

	resp := app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1",
		Header: http.Header{"Content-Encoding": {"br"}}, Body: []byte("…")})
	fmt.Println(resp.StatusCode)
	// Output: 501
}

func ExampleFacts_KnownContentType() {
	app := newBlog()
	app.KnownContentType(func(h http.Header) bool { return !strings.Contains(h.Get("Content-Type"), "charset=latin1") })
	app.Put("/posts/{id}", func(p *Post, in restmachine.Body[Post], db *Database) *Post { return db.Save(in.Value) })

	resp := app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1",
		Header: http.Header{"Content-Type": {"application/json; charset=latin1"}}, Body: []byte("{}")})
	fmt.Println(resp.StatusCode, resp.Header.Get("Accept"))
	// Output: 415 application/json
}

// A device that knows how much room it has left.
func ExampleFacts_ValidEntityLength() {
	room := int64(1000)
	app := restmachine.New()
	app.ValidEntityLength(func(r *http.Request) bool { return r.ContentLength <= room })
	app.Post("/photos", func(in restmachine.Body[[]byte]) { room -= int64(len(in.Value)) })

	photo := restmachine.Request{Method: "POST", Path: "/photos", Body: make([]byte, 600)}
	fmt.Println(app.Execute(photo).StatusCode, app.Execute(photo).StatusCode)
	// Output: 204 413
}

// One path takes more than the others.
func ExampleFacts_MaxBody() {
	app := restmachine.New()
	app.MaxBody(10)
	length := func(in restmachine.Body[string]) int { return len(in.Value) }
	app.Post("/words", length)
	app.Post("/books", length).MaxBody(1 << 30)

	for _, path := range []string{"/words", "/books"} {
		resp := app.Execute(restmachine.Request{Method: "POST", Path: path, Body: slices.Repeat([]byte("a"), 100)})
		fmt.Println(path, resp.StatusCode)
	}
	// Output:
	// /words 413
	// /books 200
}
