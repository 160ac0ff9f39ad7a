// What there is to say of a resource that is not there: nodes I4 to M5 of the
// graph.

package restmachine_test

import (
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine"
)

func ExampleFacts_PreviouslyExisted() {
	app := newBlog()
	app.PreviouslyExisted(func(path restmachine.PathParams) bool { return path.Get("id") == "0" })
	app.Get("/posts/{id}", (*Post).itself)

	for _, path := range []string{"/posts/0", "/posts/1", "/posts/2"} {
		fmt.Println(path, app.Execute(restmachine.Request{Path: path}).StatusCode)
	}
	// Output:
	// /posts/0 410
	// /posts/1 200
	// /posts/2 404
}

func ExampleFacts_MovedPermanently() {
	app := newBlog()
	app.Get("/posts/{id}", (*Post).itself).MovedPermanently(func(path restmachine.PathParams) string {
		if path.Get("id") == "hello" {
			return "/posts/1" // it has a number now
		}
		return ""
	})

	resp := app.Execute(restmachine.Request{Path: "/posts/hello"})
	fmt.Println(resp.StatusCode, resp.Header.Get("Location"))
	// Output: 301 /posts/1
}

// A Group moves as a whole: what follows its prefix is kept.
func ExampleFacts_MovedTemporarily() {
	app := newBlog()
	app.Get("/posts/{id}", (*Post).itself)
	app.Group("/archive").MovedTemporarily(func() string { return "https://archive.example/posts" })

	resp := app.Execute(restmachine.Request{Path: "/archive/2023/1"})
	fmt.Println(resp.StatusCode, resp.Header.Get("Location"))
	// Output: 307 https://archive.example/posts/2023/1
}
