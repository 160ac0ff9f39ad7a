// This example is a whole App on a store.

package store_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

type (
	Todo  struct{ Title string }
	Task  = store.Record[string, Todo]
	Tasks = store.Store[string, Todo]
)

func newApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Tasks { return new(store.Memory[string, Todo]) })
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, tasks Tasks) (Task, bool, error) {
		return tasks.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(Task.ETag)
	app.LastModified(Task.LastModified)
	app.Provides("application/json", func(t Task) Todo { return t.Value })

	task := app.Resource("/tasks/{id}")
	task.Get(func(t Task) Task { return t })
	task.Put(func(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[Task], in restmachine.Body[Todo], tasks Tasks) (Task, error) {
		return tasks.Put(ctx, path.Get("id"), in.Value, store.At(old.Value.Version)) // also creates
	})
	task.Delete(func(ctx context.Context, t Task, tasks Tasks) error {
		return tasks.Delete(ctx, t.Key, store.At(t.Version))
	})
	return app
}

// This is a whole App. A handler is given a record. Its version is the one that the
// preconditions were checked against, and the handler expects to overwrite this version.
func Example() {
	app := newApp()
	send := func(method, field, value, body string) http.Header {
		resp := app.Execute(restmachine.Request{Method: method, Path: "/tasks/7",
			Header: http.Header{field: {value}}, Body: []byte(body)})
		fmt.Println(method, resp.StatusCode)
		return resp.Header
	}
	created := send("PUT", "If-None-Match", "*", `{"Title":"Write"}`).Get("ETag")
	send("GET", "If-None-Match", created, "")
	updated := send("PUT", "If-Match", created, `{"Title":"Write well"}`).Get("ETag")
	send("PUT", "If-Match", created, `{"Title":"Write fast"}`)
	send("DELETE", "If-Match", updated, "")
	send("PUT", "If-None-Match", "*", `{"Title":"Rest"}`)
	send("PUT", "If-Match", created, `{"Title":"Write on"}`)
	// Output:
	// PUT 201
	// GET 304
	// PUT 200
	// PUT 412
	// DELETE 204
	// PUT 201
	// PUT 412
}
