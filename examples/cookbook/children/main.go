// Children shows the tasks of a project: those that a client asks for, page by page, and a POST adds one.
//
//	go run ./cookbook/children
package main

import (
	"context"
	"errors"
	"log"
	"net/url"
	"os"
	"os/signal"
	"path"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// What is stored. The key of a task is that of its project, a slash, and its ID.
type (
	Project struct {
		Title string `json:"title"`
	}
	Task struct {
		Title string `json:"title"`
		Done  bool   `json:"done"`
	}
	Projects      = store.Store[string, Project]
	Tasks         = store.Store[string, Task]
	ProjectRecord = store.Record[string, Project]
	Record        = store.Record[string, Task]
)

// An Item is a task as clients see it.
type Item struct {
	ID string `json:"id"`
	Task
}

// A Limit is how many tasks a page may have.
type Limit int

// JSONSchema tells the document what Validate demands.
func (Limit) JSONSchema() []byte { return []byte(`{"type": "integer", "minimum": 1, "maximum": 100}`) }

// A Cursor is the ID of a task. The page is what comes behind it.
type Cursor string

// UnmarshalText refuses what is not an ID: 400.
func (c *Cursor) UnmarshalText(text []byte) error {
	for _, b := range text {
		if (b < '0' || b > '9') && (b < 'A' || b > 'Z') {
			return errors.New("not a cursor of this list")
		}
	}
	*c = Cursor(text)
	return nil
}

// JSONSchema tells the document which texts are cursors.
func (Cursor) JSONSchema() []byte { return []byte(`{"type": "string", "pattern": "^[0-9A-Z]*$"}`) }

type filter struct {
	Done   *bool  `query:"done"` // nil: all
	Limit  Limit  `query:"limit" default:"20"`
	Cursor Cursor `query:"cursor"`
}

// Validate refuses what would be too much for one page: 400.
func (f filter) Validate() error {
	var bad restmachine.Invalid
	if f.Limit < 1 || f.Limit > 100 {
		bad.Add("/limit", "must be from 1 to 100")
	}
	return bad.Err()
}

// A Page is what one response shows.
type Page struct {
	Tasks []Record
	Next  string // the query of the next page; "": this is the last one
}

// NewApp returns an App with some tasks.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(newProjects)
	app.OnStartup(newTasks)
	app.Dependency(loadPage)
	app.ResourceExists(func(ctx context.Context, params restmachine.PathParams, projects Projects) (ProjectRecord, bool, error) {
		return projects.Get(ctx, params.Get("project"))
	})
	app.ResourceExists(func(ctx context.Context, params restmachine.PathParams, p ProjectRecord, tasks Tasks) (Record, bool, error) {
		return tasks.Get(ctx, below(p)+url.PathEscape(params.Get("id")))
	})
	app.GenerateETag(Record.ETag)
	app.GenerateETag(pageTag)
	app.CacheControl(func() string { return "no-cache" })
	app.Location(func(r Record) string { return "/projects/" + path.Dir(r.Key) + "/tasks/" + path.Base(r.Key) })
	app.Provides("application/json", item)
	app.Provides("application/json", items)

	list := app.Resource("/projects/{project}/tasks")
	list.Get(show)
	list.Field("Link", "Where the next page is: rel next.", 200)
	list.Post(add)

	task := app.Resource("/projects/{project}/tasks/{id}")
	task.RequirePreconditions()
	task.Get(func(r Record) Record { return r })
	task.Delete(func(ctx context.Context, r Record, tasks Tasks) error {
		return tasks.Delete(ctx, r.Key, store.At(r.Version))
	})
	return app
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
