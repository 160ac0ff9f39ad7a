// Html shows notes as pages for people, and as JSON for programs, at the same URIs. Forms work
// without a script.
//
//	go run ./cookbook/html
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Note is what a client says, and what it is shown. Seen is the version that a form was filled
// from: a form cannot send If-Match.
type Note struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	Seen  string `json:"-"`
}

// Validate refuses a note without a title: 422.
func (n Note) Validate() error {
	var bad restmachine.Invalid
	if strings.TrimSpace(n.Title) == "" {
		bad.Add("/title", "A note needs a title.")
	}
	return bad.Err()
}

// An Item is a note in the list of all notes.
type Item struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

// Notes keeps notes. A List is all of them.
type (
	Notes  = store.Store[string, Note]
	Record = store.Record[string, Note]
	List   []Record
)

// NewNotes returns a store without notes.
func NewNotes() Notes { return new(store.Memory[string, Note]) }

// NewApp returns the App.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(NewNotes)
	app.OnStartup(func() (Design, error) { return NewDesign(source) })
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, notes Notes) (Record, bool, error) {
		return notes.Get(ctx, path.Get("id"))
	})
	app.ResourceExists(func(ctx context.Context, notes Notes) (List, bool, error) {
		all, err := notes.List(ctx, nil, 1000)
		return all, true, err
	})
	app.GenerateETag(func(r Record, d Design) conditional.ETag { return r.ETag().WithSuffix(d.version) })
	app.GenerateETag(func(l List, d Design) conditional.ETag { return store.ListTag(l).WithSuffix(d.version) })
	app.CacheControl(func(Record) string { return "no-cache" })
	app.CacheControl(func(List) string { return "no-cache" })
	app.Location(func(r Record) string { return "/notes/" + r.Key })

	app.Provides("application/json", func(r Record) Note { return r.Value })
	app.Provides("application/json", func(l List) []Item {
		items := make([]Item, len(l))
		for i, r := range l {
			items[i] = Item{"/notes/" + r.Key, r.Value.Title}
		}
		return items
	})
	app.Provides(htmlType, func(r Record, d Design) (string, error) { return d.page("note", r) })
	app.Provides(htmlType, func(l List, d Design) (string, error) { return d.page("list", l) })
	app.Provides(htmlType, problem)
	app.Accepts("application/json", func(content []byte) (n Note, err error) { return n, json.Unmarshal(content, &n) })
	app.Accepts("application/x-www-form-urlencoded", readForm)
	app.Forbidden(isForeign)
	app.FinishRequest(protect)

	app.Get("/notes", func(l List) List { return l }).Post(create)
	app.Get("/notes/{id}", func(r Record) Record { return r }).Put(replace).Post(submit)
	return app
}

func create(ctx context.Context, in restmachine.Body[Note], chosen restmachine.Selected, notes Notes) (*restmachine.Reply[Record], error) {
	r, err := notes.Put(ctx, rand.Text(), in.Value, store.Absent())
	if err == nil && chosen.MediaType == htmlType {
		return restmachine.SeeOther[Record]("/notes/" + r.Key), nil
	}
	return restmachine.Created("", r), err
}

func replace(ctx context.Context, r Record, in restmachine.Body[Note], notes Notes) (Record, error) {
	return notes.Put(ctx, r.Key, in.Value, store.At(r.Version))
}

// submit is the PUT of a form.
func submit(ctx context.Context, r Record, in restmachine.Body[Note], notes Notes) (*restmachine.Reply[Record], error) {
	if in.Value.Seen != r.Version.String() {
		return nil, &restmachine.Problem{Status: http.StatusConflict, Detail: "Somebody has changed this note since you opened it."}
	}
	_, err := replace(ctx, r, in, notes)
	return restmachine.SeeOther[Record]("/notes/" + r.Key), err
}

// isForeign reports whether a form was sent by a page of another site.
func isForeign(r *http.Request) bool { return http.NewCrossOriginProtection().Check(r) != nil }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
