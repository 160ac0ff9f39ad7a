// Filters lets a client say which books it wants to see, and in which order. A parameter that does not
// exist is an error, and so is a value that cannot be meant.
//
//	go run ./cookbook/filters
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Book is in the list.
type Book struct {
	ID     int    `json:"id"`
	Title  string `json:"title"`
	Author string `json:"author"`
	Year   int    `json:"year"`
}

// Books are safe for concurrent use.
type Books struct {
	mu  sync.Mutex
	all []Book
}

// filter is the query of the list. What is not said leaves its field empty, and a pointer nil.
type filter struct {
	Authors []string `query:"author"` // may come more than once: any of them
	From    *int     `query:"from"`
	To      *int     `query:"to"`
	Title   string   `query:"title"` // is contained in the title, in any case
	Sort    string   `query:"sort" default:"title"`
}

// orders are the columns that a client may sort by. In SQL the map has the names of columns, so that no
// text of a client gets into a statement.
var orders = map[string]func(a, b Book) int{
	"author": func(a, b Book) int { return cmp.Compare(a.Author, b.Author) },
	"title":  func(a, b Book) int { return cmp.Compare(a.Title, b.Title) },
	"year":   func(a, b Book) int { return cmp.Compare(a.Year, b.Year) },
}

// Validate tells all mistakes at once.
func (f filter) Validate() error {
	var bad restmachine.Invalid
	if f.From != nil && f.To != nil && *f.From > *f.To {
		bad.Add("/from", "must not be after to")
	}
	seen := map[string]bool{}
	for key := range strings.SplitSeq(f.Sort, ",") {
		name := strings.TrimPrefix(key, "-")
		if orders[name] == nil || seen[name] {
			names := strings.Join(slices.Sorted(maps.Keys(orders)), ", ")
			bad.Add("/sort", "must be a list of "+names+", each once; a - in front turns it round")
			break
		}
		seen[name] = true
	}
	return bad.Err()
}

// has reports whether a book is to be shown.
func (f filter) has(b Book) bool {
	return (len(f.Authors) == 0 || slices.Contains(f.Authors, b.Author)) &&
		(f.From == nil || b.Year >= *f.From) && (f.To == nil || b.Year <= *f.To) &&
		strings.Contains(strings.ToLower(b.Title), strings.ToLower(f.Title))
}

// order compares two books by one column after the other. The ID comes last: the order is always the
// same, and with it the entity-tag.
func (f filter) order(a, b Book) int {
	for key := range strings.SplitSeq(f.Sort, ",") {
		name, down := strings.CutPrefix(key, "-")
		n := orders[name](a, b)
		if down {
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return cmp.Compare(a.ID, b.ID)
}

// onlyKnown is a gate that refuses parameters that the T of a Query does not have.
func onlyKnown[T any](query url.Values) (bool, error) {
	known := map[string]bool{}
	for field := range reflect.TypeFor[T]().Fields() {
		known[field.Tag.Get("query")] = true
	}
	var unknown []restmachine.FieldError
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !known[name] {
			unknown = append(unknown, restmachine.FieldError{Parameter: name, Detail: "is unknown"})
		}
	}
	if unknown == nil {
		return false, nil
	}
	return true, &restmachine.Problem{Status: http.StatusBadRequest, Detail: fmt.Sprint(unknown[0]), Extensions: map[string]any{"errors": unknown}}
}

// NewApp returns an App with some books.
func NewApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(func() *Books {
		return &Books{all: []Book{{1, "Emma", "Austen", 1815}, {2, "Persuasion", "Austen", 1817},
			{3, "Middlemarch", "Eliot", 1871}, {4, "Frankenstein", "Shelley", 1818}}}
	})
	list := app.Resource("/books")
	list.MalformedRequest(onlyKnown[filter])
	list.AutoETag(restmachine.Strong)
	list.CacheControl(func() string { return "no-cache" })
	list.Get(func(query restmachine.Query[filter], books *Books) []Book {
		books.mu.Lock()
		defer books.mu.Unlock()
		found := slices.DeleteFunc(slices.Clone(books.all), func(b Book) bool { return !query.Value.has(b) })
		slices.SortFunc(found, query.Value.order)
		return found
	})
	list.Post(func(in restmachine.Body[Book], books *Books) {
		books.mu.Lock()
		defer books.mu.Unlock()
		in.Value.ID = len(books.all) + 1
		books.all = append(books.all, in.Value)
	})
	return app
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := NewApp().ListenAndServe(ctx, "127.0.0.1:8080"); err != nil {
		log.Fatal(err)
	}
}
