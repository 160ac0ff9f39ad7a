// The application: the facts about a counter, and its methods. Requests come in. The
// application does not know how many processes run it, or which store keeps its counters.

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

// A Counter is the content that creates or replaces a counter.
type Counter struct {
	Label string `json:"label"`
	Count int64  `json:"count"`
}

// A Change is the content that changes a counter, whatever its current value is.
type Change struct {
	Label *string `json:"label"` // if absent, the label stays as it is
	Add   int64   `json:"add"`
}

// Counters is a store of counters by their names. A Record is a counter with its version.
// Its entity-tag comes from the version.
type (
	Counters = store.Store[string, Counter]
	Record   = store.Record[string, Counter]
)

// A View is the representation of a Record.
type View struct {
	Name string `json:"name"`
	Counter
}

func view(r Record) View { return View{r.Key, r.Value} }

// freshness is how long a cache may answer without asking us. A client that writes after
// such an answer may have an old tag. Then it gets a 412.
const freshness = "max-age=1"

// New returns the application on counters.
func New(counters Counters) *restmachine.App {
	app := restmachine.New()
	app.Problems(&restmachine.Problem{Status: http.StatusUnprocessableEntity}) // what check refuses
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
	all.AutoETag(restmachine.Strong) // a page does not have a version: its tag is a hash
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
func create(ctx context.Context, in restmachine.Body[Counter], counters Counters) (*restmachine.Reply[Record], error) {
	name := rand.Text()
	if err := check(name, in.Value); err != nil {
		return nil, err
	}
	r, err := counters.Put(ctx, name, in.Value, store.Absent())
	return restmachine.Created("", r), err // Location is a fact, so it is not given here
}

// put creates a counter, or replaces the version that the precondition was checked
// against. If there is no counter, old is zero, and its version is zero.
func put(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[Record], in restmachine.Body[Counter], counters Counters) (Record, error) {
	name := path.Get("name")
	if err := check(name, in.Value); err != nil {
		return Record{}, err
	}
	return counters.Put(ctx, name, in.Value, store.At(old.Value.Version))
}

// change computes the new value from the given record, and writes it only over that
// version. If another replica was faster and the client did not send a precondition,
// change is called again with the new record.
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

// The limits of names and labels, in bytes.
const (
	maxName  = 100
	maxLabel = 1000
)

// check refuses names and labels that are too long.
func check(name string, c Counter) error {
	switch {
	case name == "" || len(name) > maxName:
		return unprocessable("A name must have 1 to %d bytes.", maxName)
	case len(c.Label) > maxLabel:
		return unprocessable("A label must have at most %d bytes.", maxLabel)
	}
	return nil
}

func unprocessable(format string, args ...any) error {
	return &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: fmt.Sprintf(format, args...)}
}

// pageSize is the number of counters on a page of the list.
const pageSize = 100

// A Page is a part of the list of counters, in the order of their names.
type Page struct {
	Counters []View `json:"counters"`
	Next     string `json:"next,omitempty"` // the URL of the next page, if there is one
}

// paging is the query of the list. A page begins after a name and not at a number. So no
// counter is skipped if others create and delete counters meanwhile.
type paging struct {
	After *string `query:"after"`
}

func list(ctx context.Context, query restmachine.Query[paging], counters Counters) (*Page, error) {
	if after := query.Value.After; after != nil && (strings.Contains(*after, "\x00") || !utf8.ValidString(*after)) {
		return nil, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "after is not a valid name"}
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
