// The Direct functions: callbacks that are called without reflection, by how
// many parameters they take.

package restmachine_test

import (
	"net/http"
	"net/url"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Direct callback is accepted wherever a callback is, and means the same.
func ExampleDirect1() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct1(func(p *Post) string { return p.Title }))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect1Err() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct1Err(func(p *Post) (string, error) { return p.Title, nil }))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect2() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct2(func(p *Post, _ restmachine.PathParams) string { return p.Title }))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect2Err() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct2Err(func(p *Post, _ restmachine.PathParams) (string, error) { return p.Title, nil }))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect3() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct3(func(p *Post, _ restmachine.PathParams, _ restmachine.Method) string { return p.Title }))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect3Err() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct3Err(func(p *Post, _ restmachine.PathParams, _ restmachine.Method) (string, error) { return p.Title, nil }))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect4() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct4(func(p *Post, _ restmachine.PathParams, _ restmachine.Method, _ *Database) string { return p.Title }))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect4Err() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct4Err(func(p *Post, _ restmachine.PathParams, _ restmachine.Method, _ *Database) (string, error) {
		return p.Title, nil
	}))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect5() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct5(func(p *Post, _ restmachine.PathParams, _ restmachine.Method, _ *Database, _ http.Header) string {
		return p.Title
	}))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect5Err() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct5Err(func(p *Post, _ restmachine.PathParams, _ restmachine.Method, _ *Database, _ http.Header) (string, error) {
		return p.Title, nil
	}))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect6() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct6(func(p *Post, _ restmachine.PathParams, _ restmachine.Method, _ *Database, _ http.Header, _ url.Values) string {
		return p.Title
	}))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}

func ExampleDirect6Err() {
	app := newBlog()
	app.Get("/posts/{id}", restmachine.Direct6Err(func(p *Post, _ restmachine.PathParams, _ restmachine.Method, _ *Database, _ http.Header, _ url.Values) (string, error) {
		return p.Title, nil
	}))
	show(app.Execute(restmachine.Request{Path: "/posts/1"}))
	// Output: 200 Hello
}
