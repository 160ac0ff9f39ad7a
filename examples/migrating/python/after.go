// Package python is the service after the migration from restmachine for Python. It is that of
// package after, with what the program in Python has beside it: errors of its own, as JSON and as HTML,
// a field and an ID for each answer, and content that is plain text.
package python

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"

	"github.com/restmachine/restmachine-go/examples/migrating/after"
	"github.com/restmachine/restmachine-go/examples/migrating/notes"
)

// A message is an error, as the service in Python shows it.
type message struct {
	Message string `json:"message"`
}

// New returns the service.
func New(all *notes.Notes) *restmachine.App {
	app := after.New(all)
	app.FinishRequest(func(r *http.Request, resp *restmachine.Response) {
		id := r.Header.Get("X-Request-Id")
		if id == "" {
			id = rand.Text()
		}
		resp.Header.Set("X-Request-Id", id)
	})
	app.Accepts("application/json", func(content []byte) (in notes.Change, err error) {
		return in, json.Unmarshal(content, &in)
	})
	app.Accepts("text/plain", func(content []byte) notes.Change { return notes.Change{Text: string(content)} })
	app.RenderError(func(p *restmachine.Problem, r *http.Request) any {
		if p.Status == http.StatusNotFound && strings.Contains(r.Header.Get("Accept"), "text/html") {
			p.Header.Set("Content-Type", "text/html; charset=utf-8")
			return "<h1>There is no such note</h1>"
		}
		if p.Status == http.StatusNotFound {
			return message{"There is no such note"}
		}
		return message{p.Title}
	})
	return app
}
