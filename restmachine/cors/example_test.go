package cors_test

import (
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

// A page of https://app.example.com reads and writes a counter. Before the PUT its browser asks
// whether it may.
func ExampleAllow() {
	app := restmachine.New()
	app.ResourceExists(func() *int { n := 7; return &n })
	app.GenerateETag(func(n *int) string { return fmt.Sprint(*n) })
	app.Authorized(func(h http.Header) bool { return h.Get("Authorization") == "Bearer secret" })
	app.Get("/counter", func(n *int) *int { return n }).
		Put(func(n *int, in restmachine.Body[int]) *int { return &in.Value })

	cors.Allow(app, cors.Policy{Origins: []string{"https://app.example.com"}})

	show := func(resp restmachine.Response, names ...string) {
		fmt.Println(resp.StatusCode)
		for _, name := range names {
			fmt.Printf("  %s: %s\n", name, resp.Header.Get(name))
		}
	}
	page := func() http.Header { return http.Header{"Origin": {"https://app.example.com"}} }
	preflight := page()
	preflight.Set("Access-Control-Request-Method", "PUT")
	preflight.Set("Access-Control-Request-Headers", "authorization,content-type,if-match")
	show(app.Execute(restmachine.Request{Method: "OPTIONS", Path: "/counter", Header: preflight}),
		"Access-Control-Allow-Origin", "Access-Control-Allow-Methods")

	put := page()
	put.Set("Authorization", "Bearer secret")
	put.Set("If-Match", `"6"`)
	show(app.Execute(restmachine.Request{Method: "PUT", Path: "/counter", Header: put, Body: []byte("8")}),
		"Access-Control-Allow-Origin", "Vary")
	// Output:
	// 200
	//   Access-Control-Allow-Origin: https://app.example.com
	//   Access-Control-Allow-Methods: GET, HEAD, PUT, OPTIONS
	// 412
	//   Access-Control-Allow-Origin: https://app.example.com
	//   Vary: Accept, Origin
}

// Everybody may read, but nobody from elsewhere reaches the administration.
func ExampleDeny() {
	app := restmachine.New()
	app.Get("/posts", func() []string { return []string{"hello"} })
	admin := app.Group("/admin")
	admin.Get("/users", func() []string { return []string{"ann"} })

	cors.Allow(app, cors.Policy{Origins: []string{"*"}})
	cors.Deny(admin)

	for _, path := range []string{"/posts", "/admin/users"} {
		resp := app.Execute(restmachine.Request{Path: path, Header: http.Header{"Origin": {"https://page.example"}}})
		fmt.Printf("%s %q\n", path, resp.Header.Get("Access-Control-Allow-Origin"))
	}
	// Output:
	// /posts "*"
	// /admin/users ""
}

// What browsers would refuse is a fault at start.
func ExamplePolicy() {
	app := restmachine.New()
	app.Get("/", func() string { return "hello" })
	cors.Allow(app, cors.Policy{Origins: []string{"https://app.example.com/"}})
	fmt.Println(app.Validate())
	// Output:
	// restmachine: 1 wiring fault
	//   - cors/example_test.go:73: cors.Allow of the App: Origins: "https://app.example.com/" never is an origin: it ends with the host and the port: no path and no slash follows; write "https://app.example.com"
}
