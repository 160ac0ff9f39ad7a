// Start is the program of the first page of the guide, docs/start.md: a service that keeps tasks.
// The page shows its test, too.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Task is what a client sends, and what it gets back.
type Task struct {
	Title string `json:"title"`
	Done  bool   `json:"done"`
}

// Validate runs before a handler gets the Task. Its error goes to the client.
func (t Task) Validate() error {
	if t.Title == "" {
		return errors.New("a task needs a title")
	}
	return nil
}

// Tasks keeps tasks by their IDs. A Record is a stored Task with its ID, version and date.
type (
	Tasks  = store.Store[string, Task]
	Record = store.Record[string, Task]
)

func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Tasks { return new(store.Memory[string, Task]) })

	// Facts: what is true of a task.
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, tasks Tasks) (Record, bool, error) {
		return tasks.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(Record.ETag)
	app.LastModified(Record.LastModified)
	app.CacheControl(func(Record) string { return "no-cache" }) // else browsers guess how long a task is fresh
	app.Location(func(r Record) string { return "/tasks/" + r.Key })
	app.Provides("application/json", func(r Record) Task { return r.Value })

	// Handlers: what a client can do with it.
	app.Post("/tasks", create)
	app.Get("/tasks/{id}", func(r Record) Record { return r })
	app.Put("/tasks/{id}", replace)
	app.Delete("/tasks/{id}", remove)
	return app
}

func create(ctx context.Context, in restmachine.Body[Task], tasks Tasks) (*restmachine.Reply[Record], error) {
	r, err := tasks.Put(ctx, rand.Text(), in.Value, store.Absent())
	return restmachine.Created("", r), err
}

func replace(ctx context.Context, r Record, in restmachine.Body[Task], tasks Tasks) (Record, error) {
	return tasks.Put(ctx, r.Key, in.Value, store.At(r.Version))
}

func remove(ctx context.Context, r Record, tasks Tasks) error {
	return tasks.Delete(ctx, r.Key, store.At(r.Version))
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
