// An App of one document with a tag and a date, for tests that count or compare
// what a whole request costs and says.

package harness

import (
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

type priced struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Version int    `json:"version"`
}

// NewPriced is an App with /docs/1, whose tag is "1042". If direct is true, its
// callbacks are called without reflection.
func NewPriced(direct bool) *restmachine.App {
	doc := &priced{"1", "First", 1042}
	day := time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)
	find := func(path restmachine.PathParams) *priced {
		if path.Get("id") == "1" {
			return doc
		}
		return nil
	}
	tag := func(d *priced) string { return strconv.Itoa(d.Version) }
	changed := func(*priced) time.Time { return day }
	get := func(d *priced) *priced { return d }
	put := func(d *priced, _ restmachine.Body[struct{ Title string }]) *priced { return d }
	app := restmachine.New()
	if direct {
		app.ResourceExists(restmachine.Direct1(find))
		app.GenerateETag(restmachine.Direct1(tag))
		app.LastModified(restmachine.Direct1(changed))
		app.Get("/docs/{id}", restmachine.Direct1(get))
		app.Put("/docs/{id}", restmachine.Direct2(put))
		return app
	}
	app.ResourceExists(find)
	app.GenerateETag(tag)
	app.LastModified(changed)
	app.Get("/docs/{id}", get)
	app.Put("/docs/{id}", put)
	return app
}
