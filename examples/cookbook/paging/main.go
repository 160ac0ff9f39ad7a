// Paging shows a long list page by page. Links lead to the next page and the one before, and stay right
// while others add and delete.
//
//	go run ./cookbook/paging
package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Note has a number that never comes twice. The list is in the order of the numbers.
type Note struct {
	ID   int    `json:"id"`
	Text string `json:"text"`
}

// A Cursor is a place between two notes: behind the note After, or before the note Before.
type Cursor struct{ After, Before int }

// MarshalText makes a text of a cursor. A client cannot read it, so nobody depends on what it means.
func (c Cursor) MarshalText() ([]byte, error) {
	text := fmt.Sprint("a", c.After)
	if c.Before > 0 {
		text = fmt.Sprint("b", c.Before)
	}
	return base64.RawURLEncoding.AppendEncode(nil, []byte(text)), nil
}

// UnmarshalText reads a cursor. Its error is a 400 that names the parameter.
func (c *Cursor) UnmarshalText(text []byte) error {
	raw, err := base64.RawURLEncoding.DecodeString(string(text))
	if err != nil || len(raw) < 2 {
		return errors.New("not a cursor of this list")
	}
	id, err := strconv.ParseUint(string(raw[1:]), 10, 30)
	switch {
	case err == nil && raw[0] == 'a':
		c.After = int(id)
	case err == nil && raw[0] == 'b':
		c.Before = int(id)
	default:
		return errors.New("not a cursor of this list")
	}
	return nil
}

// JSONSchema tells the OpenAPI document how the text of a cursor begins.
func (Cursor) JSONSchema() []byte {
	return []byte(`{"type": "string", "pattern": "^Y[Tj][A-Za-z0-9_-]+$"}`)
}

// A Limit is how many notes a page may have.
type Limit int

// JSONSchema tells the document what Validate demands.
func (Limit) JSONSchema() []byte { return []byte(`{"type": "integer", "minimum": 1, "maximum": 100}`) }

// paging is the query of the list.
type paging struct {
	Limit  Limit  `query:"limit" default:"20"`
	Cursor Cursor `query:"cursor"`
}

type notePath struct {
	ID int `path:"id"`
}

// Validate refuses what would be too much for one page.
func (p paging) Validate() error {
	var bad restmachine.Invalid
	if p.Limit < 1 || p.Limit > 100 {
		bad.Add("/limit", "must be from 1 to 100")
	}
	return bad.Err()
}

// A Page is what one response shows: some notes in the content, and two links in a field.
type Page struct {
	Notes      []Note
	Prev, Next *Cursor // nil: there is nothing
}

// NewApp returns an App with five notes.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() *Notes {
		return &Notes{last: 5, all: []Note{{1, "one"}, {2, "two"}, {3, "three"}, {4, "four"}, {5, "five"}}}
	})
	app.Dependency(func(q restmachine.Query[paging], notes *Notes) *Page { // for the GET alone
		return notes.Page(q.Value.Cursor, int(q.Value.Limit))
	})
	list := app.Resource("/notes")
	list.GenerateETag(func(p *Page) string { return restmachine.HashETag(p) }) // of the links, too
	list.CacheControl(func(*Page) string { return "no-cache" })
	list.Provides("application/json", func(p *Page) []Note { return p.Notes })
	list.Get(func(p *Page, q restmachine.Query[paging]) *restmachine.Reply[*Page] {
		reply := restmachine.NewReply(200, p)
		reply.Header["Link"] = links(p, q.Value.Limit)
		return reply
	})
	list.Field("Link", "Where the next page is, and the one before: rel next and prev.", 200) // for the document
	list.Post(func(in restmachine.Body[Note], notes *Notes) *restmachine.Reply[*Note] {
		return restmachine.Created("", notes.Add(in.Value.Text))
	})

	app.ResourceExists(func(path restmachine.Path[notePath], notes *Notes) *Note { return notes.Note(path.Value.ID) })
	app.Location(func(n *Note) string { return fmt.Sprint("/notes/", n.ID) })
	app.Get("/notes/{id}", func(n *Note) *Note { return n })
	app.Delete("/notes/{id}", func(n *Note, notes *Notes) { notes.Delete(n.ID) })
	return app
}

// links are the lines of the field Link (RFC 8288). They are relative to the URI of the request, so they
// hold behind any proxy.
func links(p *Page, limit Limit) (lines []string) {
	add := func(rel string, c *Cursor) {
		if c != nil {
			text, _ := c.MarshalText()
			query := url.Values{"cursor": {string(text)}, "limit": {fmt.Sprint(limit)}}
			lines = append(lines, fmt.Sprintf(`<?%s>; rel="%s"`, query.Encode(), rel))
		}
	}
	add("prev", p.Prev)
	add("next", p.Next)
	return lines
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
