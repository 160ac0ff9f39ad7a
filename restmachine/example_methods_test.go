// Methods beside those that have a function of their own.

package restmachine_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A PURGE is guarded as a PUT is: its client says which post it means.
func ExampleResource_Handle() {
	app := newBlog()
	app.GenerateETag(func(p *Post) string { return p.Title })
	app.Get("/posts/{id}", func(p *Post) *Post { return p }).
		Handle("PURGE", func(p *Post) string { return "purged " + p.ID })

	for _, tag := range []string{`"Hello"`, `"Bye"`} {
		resp := app.Execute(restmachine.Request{Method: "PURGE", Path: "/posts/1", Header: http.Header{"If-Match": {tag}}})
		fmt.Println(tag, resp.StatusCode)
	}
	show(app.Execute(restmachine.Request{Method: "OPTIONS", Path: "/posts/1"}), "Allow")
	// Output:
	// "Hello" 200
	// "Bye" 412
	// 200 Allow: GET, HEAD, PURGE, OPTIONS
}

// A QUERY asks by its content, and changes nothing.
func ExampleResource_HandleSafe() {
	type search struct {
		Title string `json:"title"`
	}
	app := restmachine.New()
	all := []string{"Hello", "Help", "Bye"}
	app.Get("/posts", func() []string { return all }).
		HandleSafe("QUERY", func(in restmachine.Body[search]) []string {
			var found []string
			for _, title := range all {
				if strings.HasPrefix(title, in.Value.Title) {
					found = append(found, title)
				}
			}
			return found
		})

	show(app.Execute(restmachine.Request{Method: "QUERY", Path: "/posts", Body: []byte(`{"title": "Hel"}`),
		Header: http.Header{"Content-Type": {"application/json"}}}))
	// Output: 200 ["Hello","Help"]
}
