// Actions closes an issue by a POST of its own. Nobody closes what they have not seen, and who closes
// twice does no harm.
//
//	go run ./cookbook/actions
package main

import (
	"context"
	"crypto/rand"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// An Issue is open, until somebody closes it.
type Issue struct {
	Title string `json:"title"`
	State string `json:"state"`
}

// A NewIssue is what a client sends. It cannot say the state.
type NewIssue struct {
	Title string `json:"title"`
}

// Validate refuses an issue without a title: 422.
func (n NewIssue) Validate() error {
	var bad restmachine.Invalid
	if n.Title == "" {
		bad.Add("/title", "is required")
	}
	return bad.Err()
}

// Issues keeps issues by their IDs.
type (
	Issues = store.Store[string, Issue]
	Record = store.Record[string, Issue]
)

// NewApp returns an App without issues.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Issues { return new(store.Memory[string, Issue]) })
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, issues Issues) (Record, bool, error) {
		return issues.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(Record.ETag)
	app.CacheControl(func(Record) string { return "no-cache" })
	app.Location(func(r Record) string { return "/issues/" + r.Key })
	app.Provides("application/json", func(r Record) Issue { return r.Value })

	app.Post("/issues", create)
	app.Get("/issues/{id}", func(r Record) Record { return r })
	closing := app.Post("/issues/{id}/close", closeIssue)
	closing.RequirePreconditions("POST")
	return app
}

func create(ctx context.Context, in restmachine.Body[NewIssue], issues Issues) (*restmachine.Reply[Record], error) {
	r, err := issues.Put(ctx, rand.Text(), Issue{in.Value.Title, "open"}, store.Absent())
	return restmachine.Created("", r), err
}

// closeIssue writes over the version that the client has seen. An issue that is closed stays as it is, and
// keeps its tag.
func closeIssue(ctx context.Context, r Record, issues Issues) (Record, error) {
	if r.Value.State == "closed" {
		return r, nil
	}
	r.Value.State = "closed"
	return issues.Put(ctx, r.Key, r.Value, store.At(r.Version))
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
