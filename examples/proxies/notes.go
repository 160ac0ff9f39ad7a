// The application: notes, and one path for each thing that a proxy may change on its way.
// Requests come in through a proxy or directly. The application does not know which.

package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Note is the content that creates or replaces a note.
type Note struct {
	Text string `json:"text"`
}

// Notes is a store of notes by name. A Record is a note with its version.
type (
	Notes  = store.Store[string, Note]
	Record = store.Record[string, Note]
)

// A View is the representation of a Record.
type View struct {
	Name string `json:"name"`
	Note
}

func view(r Record) View { return View{r.Key, r.Value} }

// New returns the application. It has one note, "a", and keeps its notes in memory.
func New() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func(ctx context.Context) (Notes, error) {
		notes := new(store.Memory[string, Note])
		_, err := notes.Put(ctx, "a", Note{strings.Repeat("A long text. ", 100)}, store.Absent())
		return notes, err
	})
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, notes Notes) (Record, bool, error) {
		return notes.Get(ctx, path.Get("name"))
	})
	app.GenerateETag(Record.ETag)
	app.LastModified(Record.LastModified)
	app.Location(func(r Record) string { return "/notes/" + url.PathEscape(r.Key) })
	app.Provides("application/json", view)
	app.LockKey(func(path restmachine.PathParams) string { return path.Get("name") })

	app.Post("/notes", create)
	addNotes(app.Group("/notes"), "no-cache")  // a cache keeps them, and asks each time
	addNotes(app.Group("/kept"), "max-age=60") // a cache answers for a minute without asking
	addNotes(app.Group("/silent"), "")         // a cache does what it thinks best
	addNotes(app.Group("/mine"), "private")    // a shared cache keeps nothing

	secret := app.Group("/secret") // nor here, since the request has Authorization
	secret.Authorized(func(h http.Header) bool { return h.Get("Authorization") != "" })
	addNotes(secret, "max-age=60")

	zipped := app.Group("/zipped") // the App compresses
	zipped.Encodings("gzip")
	addNotes(zipped, "max-age=60")
	addOthers(app)
	return app
}

// addNotes adds the notes below a prefix, with what caches may do with them.
func addNotes(at *restmachine.Scope, freshness string) {
	one := at.Resource("/{name}")
	if freshness != "" {
		one.CacheControl(func(Record) string { return freshness })
	}
	one.RequirePreconditions()
	one.Get(func(r Record) Record { return r })
	one.Put(put)
	one.Delete(func(ctx context.Context, r Record, notes Notes) error {
		return notes.Delete(ctx, r.Key, store.At(r.Version))
	})
}

// create adds a note under a name that nobody has used.
func create(ctx context.Context, in restmachine.Body[Note], notes Notes) (*restmachine.Reply[Record], error) {
	r, err := notes.Put(ctx, rand.Text(), in.Value, store.Absent())
	return restmachine.Created("", r), err
}

// put creates a note, or replaces the version that the precondition was checked against.
func put(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[Record], in restmachine.Body[Note], notes Notes) (Record, error) {
	return notes.Put(ctx, path.Get("name"), in.Value, store.At(old.Value.Version))
}
