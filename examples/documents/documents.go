// The application: five facts about a document and two handlers. Requests come in. 200,
// 304, 404 and 412 follow from the facts. The handlers do not mention statuses.

package main

import (
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A DocumentUpdate is the content that changes a document. A member that is left out
// stays as it is.
type DocumentUpdate struct {
	Title   *string `json:"title"`
	Content *string `json:"content"`
}

// New returns the application. It keeps its documents in memory.
func New() *restmachine.App {
	app := restmachine.New()

	app.OnStartup(func() Clock { return time.Now })
	app.OnStartup(NewStore)

	app.ResourceExists(func(path restmachine.PathParams, store *Store) *Document {
		return store.Document(path.Get("doc_id"))
	})
	app.GenerateETag(func(d *Document) string { return strconv.Itoa(d.Version) })
	app.LastModified(func(d *Document) time.Time { return d.UpdatedAt })
	app.CacheControl(func(*Document) string { return "no-cache" }) // else browsers guess how long it is fresh

	app.Get("/documents/{doc_id}", func(d *Document) *Document { return d })
	app.Put("/documents/{doc_id}", updateDocument)
	return app
}

// updateDocument is called only if the precondition holds for d. The store checks the
// version again, because another client may have written since the precondition was
// checked.
func updateDocument(d *Document, in restmachine.Body[DocumentUpdate], store *Store) (*Document, error) {
	changed := *d
	if in.Value.Title != nil {
		changed.Title = *in.Value.Title
	}
	if in.Value.Content != nil {
		changed.Content = *in.Value.Content
	}
	return store.Save(changed)
}
