// The application: what is true of a counter, and what its methods do. It does
// not know how many processes run it, nor what keeps its counters.

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Counter is what a client says to create or replace one.
type Counter struct {
	Label string `json:"label"`
	Count int64  `json:"count"`
}

// A Change is what a client says to change a counter, whatever it is at.
type Change struct {
	Label *string `json:"label"` // absent: stays as it is
	Add   int64   `json:"add"`
}

// Counters keeps the counters by their names. A Record is a counter with its
// version, which is where its entity-tag comes from.
type (
	Counters = store.Store[string, Counter]
	Record   = store.Record[string, Counter]
)

// A View is what clients see of a Record.
type View struct {
	Name string `json:"name"`
	Counter
}

func view(r Record) View { return View{r.Key, r.Value} }

// freshness is how long a cache may answer for us without asking. A client that
// writes on the grounds of such an answer has an old tag at worst: 412.
const freshness = "max-age=1"

// New returns the application on counters.
func New(counters Counters) *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() Counters { return counters })

	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, counters Counters) (Record, bool, error) {
		return counters.Get(ctx, path.Get("name"))
	})
	app.GenerateETag(Record.ETag)
	app.LastModified(Record.LastModified)
	app.CacheControl(func(Record) string { return freshness })
	app.Location(func(r Record) string { return "/counters/" + url.PathEscape(r.Key) })
	app.Provides("application/json", view)

	all := app.Resource("/counters")
	all.AutoETag(restmachine.Strong) // a page has no version: its tag is a hash
	all.CacheControl(func(*Page) string { return freshness })
	all.Get(list)
	all.Post(create)

	one := app.Resource("/counters/{name}")
	one.Get(func(r Record) Record { return r })
	one.Put(put)
	one.Patch(change)
	one.Delete(func(ctx context.Context, r Record, counters Counters) error {
		return counters.Delete(ctx, r.Key, store.At(r.Version))
	})
	return app
}

// create adds a counter under a name that nobody has used.
func create(ctx context.Context, in restmachine.Body[Counter], counters Counters) (*restmachine.Reply, error) {
	name := rand.Text()
	if err := check(name, in.Value); err != nil {
		return nil, err
	}
	r, err := counters.Put(ctx, name, in.Value, store.Absent())
	return restmachine.Created("", r), err // where it lives is a fact: Location
}

// put creates a counter, or replaces the very version that the precondition was
// checked on: old is zero where there is none, and its version that of nothing.
func put(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[Record], in restmachine.Body[Counter], counters Counters) (Record, error) {
	name := path.Get("name")
	if err := check(name, in.Value); err != nil {
		return Record{}, err
	}
	return counters.Put(ctx, name, in.Value, store.At(old.Value.Version))
}

// change computes the new value from the one that it was given, and writes it
// over that one only. Where another replica was faster and the client sent no
// precondition, it is called again, with what the other one wrote.
func change(ctx context.Context, r Record, in restmachine.Body[Change], counters Counters) (Record, error) {
	value, add := r.Value, in.Value.Add
	if in.Value.Label != nil {
		value.Label = *in.Value.Label
	}
	value.Count += add
	if (value.Count < r.Value.Count) != (add < 0) {
		return Record{}, &restmachine.Problem{Status: http.StatusConflict, Detail: "The counter cannot count that far."}
	}
	if err := check(r.Key, value); err != nil {
		return Record{}, err
	}
	return counters.Put(ctx, r.Key, value, store.At(r.Version))
}

// The limits of what is kept, in bytes.
const (
	maxName  = 100
	maxLabel = 1000
)

// check refuses what no database should have to: PostgreSQL keeps no NUL in a
// text, and no index entry of any length.
func check(name string, c Counter) error {
	switch {
	case name == "" || len(name) > maxName:
		return unprocessable("A name has 1 to %d bytes.", maxName)
	case len(c.Label) > maxLabel || strings.Contains(c.Label, "\x00"):
		return unprocessable("A label has at most %d bytes, and none of them is NUL.", maxLabel)
	}
	return nil
}

func unprocessable(format string, args ...any) error {
	return &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: fmt.Sprintf(format, args...)}
}

// pageSize is how many counters a page of the list has.
const pageSize = 100

// A Page is a part of the list of counters, in the order of their names.
type Page struct {
	Counters []View `json:"counters"`
	Next     string `json:"next,omitempty"` // where the list goes on, if it does
}

// paging is what the query of the list says. The next page begins behind a name
// and not at a number, so that nothing is skipped where others create and delete.
type paging struct {
	After *string `query:"after"`
}

func list(ctx context.Context, query restmachine.Query[paging], counters Counters) (*Page, error) {
	if after := query.Value.After; after != nil && (strings.Contains(*after, "\x00") || !utf8.ValidString(*after)) {
		return nil, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "after is no name"}
	}
	records, err := counters.List(ctx, query.Value.After, pageSize)
	if err != nil {
		return nil, err
	}
	page := &Page{Counters: make([]View, len(records))}
	for i, r := range records {
		page.Counters[i] = view(r)
	}
	if len(records) == pageSize {
		page.Next = "/counters?after=" + url.QueryEscape(records[pageSize-1].Key)
	}
	return page, nil
}
