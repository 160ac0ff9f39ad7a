// Softdelete keeps what was deleted for thirty days. Until then it can be brought back.
//
//	go run ./cookbook/softdelete
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

const keptFor = 30 * 24 * time.Hour

// A Note is what is stored. A client says only its title.
type Note struct {
	Title   string `json:"title"`
	Deleted bool   `json:"-"` // then the record was last modified when that happened
}

// Notes keeps notes and deleted notes.
type (
	Notes  = store.Store[string, Note]
	Record = store.Record[string, Note]
)

// A Trashed is a Record that was deleted. Live and Trash are the lists of both kinds.
type (
	Trashed struct{ Record }
	Live    []Record
	Trash   []Record
)

// An Item is a note as clients see it.
type Item struct {
	URL     string    `json:"url"`
	Title   string    `json:"title"`
	Deleted time.Time `json:"deleted,omitzero"`
}

var errTrashed = &restmachine.Problem{Status: http.StatusGone, Detail: "This note was deleted. A POST to its URI below /trash brings it back."}

// NewApp returns the App.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Notes { return new(store.Memory[string, Note]) })
	app.ResourceExists(findNote)
	app.ResourceExists(findTrashed)
	app.GenerateETag(Record.ETag)
	app.GenerateETag(func(t Trashed) conditional.ETag { return t.ETag() })
	app.GenerateETag(func(l Live) conditional.ETag { return store.ListTag(l) })
	app.GenerateETag(func(l Trash) conditional.ETag { return store.ListTag(l) })
	app.Location(func(r Record) string { return "/notes/" + r.Key })
	app.Provides("application/json", showNote)
	app.Provides("application/json", func(t Trashed) Item { return showTrashed(t.Record) })
	app.Provides("application/json", func(l Live) []Item { return items(l, showNote) })
	app.Provides("application/json", func(l Trash) []Item { return items(l, showTrashed) })

	app.Get("/notes", func(ctx context.Context, notes Notes) (Live, error) { return list(ctx, notes, false) }).Post(create)
	app.Get("/trash", func(ctx context.Context, notes Notes) (Trash, error) { return list(ctx, notes, true) })

	note := app.Get("/notes/{id}", func(r Record) Record { return r }).Put(replace).Delete(remove)
	note.Problems(errTrashed) // for the document
	trashed := app.Get("/trash/{id}", func(t Trashed) Trashed { return t }).Post(restore).Delete(purge)
	for _, path := range []*restmachine.Resource{note, trashed} {
		path.RequirePreconditions()
		path.LockKey(func(path restmachine.PathParams) string { return "note " + path.Get("id") }) // one record
	}
	return app
}

// findNote loads a note. One that is in the trash is 410, and not 404.
func findNote(ctx context.Context, path restmachine.PathParams, notes Notes) (Record, bool, error) {
	r, ok, err := notes.Get(ctx, path.Get("id"))
	if ok && r.Value.Deleted {
		return r, false, errTrashed
	}
	return r, ok, err
}

func findTrashed(ctx context.Context, path restmachine.PathParams, notes Notes) (Trashed, bool, error) {
	r, ok, err := notes.Get(ctx, path.Get("id"))
	return Trashed{r}, ok && r.Value.Deleted, err
}

func create(ctx context.Context, in restmachine.Body[Note], notes Notes) (*restmachine.Reply[Record], error) {
	r, err := notes.Put(ctx, rand.Text(), in.Value, store.Absent())
	return restmachine.Created("", r), err
}

func replace(ctx context.Context, r Record, in restmachine.Body[Note], notes Notes) (Record, error) {
	return notes.Put(ctx, r.Key, in.Value, store.At(r.Version))
}

// remove marks a note. That is a write, so it has a new version, and the old tag never comes back.
func remove(ctx context.Context, r Record, notes Notes) error {
	r.Value.Deleted = true
	_, err := notes.Put(ctx, r.Key, r.Value, store.At(r.Version))
	return err
}

// restore brings a note back, and sends the client there.
func restore(ctx context.Context, t Trashed, notes Notes) (*restmachine.Reply[Record], error) {
	t.Value.Deleted = false
	_, err := notes.Put(ctx, t.Key, t.Value, store.At(t.Version))
	return restmachine.SeeOther[Record]("/notes/" + t.Key), err
}

func purge(ctx context.Context, t Trashed, notes Notes) error {
	return notes.Delete(ctx, t.Key, store.At(t.Version))
}

// Empty purges what has been in the trash for too long. Call it every hour.
func Empty(ctx context.Context, notes Notes, now time.Time) error {
	for r, err := range store.All(ctx, notes) {
		if err == nil && r.Value.Deleted && now.Sub(r.Modified) > keptFor {
			err = purge(ctx, Trashed{r}, notes)
		}
		if err != nil && !errors.Is(err, store.ErrStale) { // stale: it was restored meanwhile
			return err
		}
	}
	return nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
