// Package after is the service after the migration: notes that are read with an entity-tag,
// replaced and deleted under If-Match, and created with a Location. No line says a status.
package after

import (
	"strconv"

	"github.com/restmachine/restmachine-go/restmachine"

	"github.com/restmachine/restmachine-go/examples/migrating/notes"
)

// New returns the service.
func New(all *notes.Notes) *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() *notes.Notes { return all })

	app.ResourceExists(func(path restmachine.PathParams, all *notes.Notes) *notes.Note {
		return all.Get(path.Get("id")) // nil: 404
	})
	app.GenerateETag(func(n *notes.Note) string { return strconv.Itoa(n.Version) })
	app.Location(func(n *notes.Note) string { return "/notes/" + n.ID })
	app.Provides("application/json", func(n *notes.Note) *notes.Note { return n })
	app.Provides("text/plain", func(n *notes.Note) string { return n.Text })

	app.Get("/notes/{id}", func(n *notes.Note) *notes.Note { return n })
	app.Put("/notes/{id}", replace)
	app.Delete("/notes/{id}", func(n *notes.Note, all *notes.Notes) { all.Delete(n.ID) })
	app.Post("/notes", create)
	return app
}

func replace(n *notes.Note, in restmachine.Body[notes.Change], all *notes.Notes) *notes.Note {
	return all.Replace(n.ID, in.Value)
}

func create(in restmachine.Body[notes.Change], all *notes.Notes) *restmachine.Reply[*notes.Note] {
	return restmachine.Created("", all.Add(in.Value))
}
