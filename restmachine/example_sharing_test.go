// How a package beside this one says what pages of other origins see.

package restmachine_test

import (
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A package of rules takes a Place: the App, a Group or one Resource.
func ExamplePlace() {
	open := func(place restmachine.Place) {
		restmachine.Share(place, restmachine.Sharing{By: "rules.Open", Fields: func(origin, methods string) http.Header {
			return http.Header{"Access-Control-Allow-Origin": {"*"}}
		}})
	}
	app := restmachine.New()
	app.Get("/", func() string { return "hello" })
	public := app.Group("/public")
	public.Get("/news", func() string { return "news" })
	open(public)
	for _, path := range []string{"/", "/public/news", "/public/none"} {
		resp := app.Execute(restmachine.Request{Path: path})
		fmt.Printf("%s %d %q\n", path, resp.StatusCode, resp.Header.Get("Access-Control-Allow-Origin"))
	}
	// Output:
	// / 200 ""
	// /public/news 200 "*"
	// /public/none 404 "*"
}

// The rule here is that a page may come in whose origin is a host of the company. A preflight
// says which methods the path has.
func ExampleShare() {
	app := newBlog()
	app.Get("/posts/{id}", func(p *Post) *Post { return p }).Delete(func(p *Post) {})
	restmachine.Share(app, restmachine.Sharing{By: "company.Share", Fields: func(origin, methods string) http.Header {
		h := http.Header{"Vary": {"Origin"}}
		if origin == "https://intranet.example" {
			h.Set("Access-Control-Allow-Origin", origin)
			if methods != "" {
				h.Set("Access-Control-Allow-Methods", methods)
			}
		}
		return h
	}})
	ask := http.Header{"Origin": {"https://intranet.example"}, "Access-Control-Request-Method": {"DELETE"}}
	resp := app.Execute(restmachine.Request{Method: "OPTIONS", Path: "/posts/1", Header: ask})
	fmt.Println(resp.StatusCode, resp.Header.Get("Access-Control-Allow-Origin"))
	fmt.Println(resp.Header.Get("Access-Control-Allow-Methods"))
	// Output:
	// 200 https://intranet.example
	// DELETE, GET, HEAD, OPTIONS
}

// Faults of a Sharing are wiring faults.
func ExampleSharing() {
	app := restmachine.New()
	app.Get("/", func() string { return "hello" })
	restmachine.Share(app, restmachine.Sharing{By: "company.Share", Faults: []string{"no host is named; name one"},
		Fields: func(origin, methods string) http.Header { return nil }})
	fmt.Println(app.Validate())
	// Output:
	// restmachine: 1 wiring fault
	//   - restmachine/example_sharing_test.go:62: company.Share of the App: no host is named; name one
}
