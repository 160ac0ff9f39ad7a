package restmachine_test

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
)

// What the patch does not name stays; what it makes null is removed.
func ExampleMergePatch_Apply() {
	type Task struct {
		Title string   `json:"title"`
		Due   string   `json:"due,omitempty"`
		Tags  []string `json:"tags"`
	}
	task := Task{Title: "Write", Due: "today", Tags: []string{"work"}}

	app := restmachine.New()
	app.Patch("/task", func(in restmachine.Body[restmachine.MergePatch[Task]]) (Task, error) {
		return in.Value.Apply(task)
	})

	for _, patch := range []string{`{"title":"Rewrite","due":null}`, `{"tags":"fun"}`} {
		resp := app.Execute(restmachine.Request{Method: "PATCH", Path: "/task",
			Header: http.Header{"Content-Type": {"application/merge-patch+json"}}, Body: []byte(patch)})
		fmt.Printf("%d %s\n", resp.StatusCode, resp.Body)
	}
	// Output:
	// 200 {"title":"Rewrite","tags":["work"]}
	// 422 {"title":"Unprocessable Content","status":422,"detail":"the patched document is not the expected JSON: \"tags\" must be an array, not a string","errors":[{"pointer":"#/tags","detail":"must be an array, not a string"}]}
}

// So a test, or a program without a request, makes a patch.
func ExampleMergePatch_UnmarshalJSON() {
	var patch restmachine.MergePatch[Post]
	if err := json.Unmarshal([]byte(`{"title":"Good day"}`), &patch); err != nil {
		fmt.Println(err)
	}
	post, err := patch.Apply(Post{ID: "1", Title: "Hello", Version: 7})
	fmt.Println(post.ID, post.Title, post.Version, err)
	// Output: 1 Good day 7 <nil>
}
