// The App: made, asked in process and over net/http, explained, described,
// validated.

package restmachine_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Three facts and a handler. No line speaks of a status.
func Example() {
	app := restmachine.New()
	app.OnStartup(OpenDatabase)
	app.ResourceExists(func(path restmachine.PathParams, db *Database) *Post { return db.Post(path.Get("id")) })
	app.GenerateETag(func(p *Post) string { return fmt.Sprintf("%s-%d", p.ID, p.Version) })
	app.Get("/posts/{id}", func(p *Post) *Post { return p })

	show(app.Execute(restmachine.Request{Path: "/posts/1"}), "ETag")
	show(app.Execute(restmachine.Request{Path: "/posts/1", Header: http.Header{"If-None-Match": {`"1-1"`}}}))
	fmt.Println(app.Execute(restmachine.Request{Path: "/posts/2"}).StatusCode)
	// Output:
	// 200 ETag: "1-1" {"id":"1","title":"Hello"}
	// 304
	// 404
}

// An App is an http.Handler, for middleware and for muxes.
func ExampleApp() {
	app := restmachine.New()
	app.Get("/hello", func() string { return "Hello, World!" })

	mux := http.NewServeMux()
	mux.Handle("/v1/", http.StripPrefix("/v1", app))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/v1/hello", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 200 Hello, World!
}

func ExampleNew() {
	app := restmachine.New(restmachine.WithPrecedence(restmachine.RFC9110))
	app.Get("/hello", func() string { return "Hello, World!" })
	show(app.Execute(restmachine.Request{Path: "/hello"}), "Content-Type")
	// Output: 200 Content-Type: text/plain; charset=utf-8 Hello, World!
}

func ExampleApp_Execute() {
	app := newBlog()
	app.Put("/posts/{id}", func(p *Post, in restmachine.Body[Post], db *Database) *Post {
		p.Title = in.Value.Title
		return db.Save(*p)
	})

	show(app.Execute(restmachine.Request{
		Method: "PUT",
		Path:   "/posts/1",
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   []byte(`{"title":"Good day"}`),
	}))
	// Output: 200 {"id":"1","title":"Good day"}
}

// The context reaches the callbacks; one that is over ends the request before
// it writes.
func ExampleApp_ExecuteContext() {
	app := newBlog()
	app.Delete("/posts/{id}", func(ctx context.Context, p *Post, db *Database) { db.Delete(p) })

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	request := restmachine.Request{Method: "DELETE", Path: "/posts/1"}
	fmt.Println(app.ExecuteContext(ctx, request).StatusCode)
	fmt.Println(app.ExecuteContext(context.Background(), request).StatusCode)
	// Output:
	// 503
	// 204
}

func ExampleApp_Explain() {
	app := newBlog()
	app.Get("/posts/{id}", (*Post).itself)

	resp, trace := app.Explain(restmachine.Request{Path: "/posts/2"})
	fmt.Println(resp.StatusCode)
	fmt.Println(trace)
	// Output:
	// 404
	// B13 B12 B11 B10 B9 B3 B8 B7 B6 B5 B4 C3 D4 E5 F6 G5 G6 G7 I7 K7 L7 404
}

func ExampleApp_ServeHTTP() {
	app := newBlog()
	app.Get("/posts/{id}", (*Post).itself)

	logged := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		app.ServeHTTP(w, r)
		fmt.Println(r.Method, r.URL, "by", r.Pattern)
	})
	w := httptest.NewRecorder()
	logged.ServeHTTP(w, httptest.NewRequest("GET", "/posts/1", nil))
	fmt.Println(w.Code, w.Body)
	// Output:
	// GET /posts/1 by /posts/{id}
	// 200 {"id":"1","title":"Hello"}
}

// All but the path may be left out.
func ExampleRequest() {
	app := restmachine.New()
	app.Get("/search", func(query restmachine.Query[struct {
		Word string `query:"q"`
	}]) string {
		return query.Value.Word
	})
	show(app.Execute(restmachine.Request{Path: "/search?q=tea+time"}))
	// Output: 200 tea time
}

func ExampleResponse() {
	app := restmachine.New()
	app.Get("/hello", func() string { return "Hello, World!" })

	resp := app.Execute(restmachine.Request{Path: "/hello"})
	fmt.Println(resp.StatusCode, resp.Header.Get("Content-Length"), string(resp.Body))
	// Output: 200 13 Hello, World!
}
