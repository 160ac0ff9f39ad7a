// An App of one document with a tag and a date, for tests that count or compare
// what a whole request costs and says.

package harness

import (
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/fast"
)

type priced struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Version int    `json:"version"`
}

// A fastPriced is a priced whose types of functions are registered.
type fastPriced priced

func init() {
	fast.Call1x1[restmachine.PathParams, *fastPriced]()
	fast.Call1x1[*fastPriced, string]()
	fast.Call1x1[*fastPriced, time.Time]()
	fast.Call1x1[*fastPriced, *fastPriced]()
	fast.Call2x1[*fastPriced, restmachine.Body[struct{ Title string }], *fastPriced]()
}

// NewPriced is an App with /docs/1, whose tag is "1042". If direct is true, its
// callbacks are called without reflection.
func NewPriced(direct bool) *restmachine.App {
	if direct {
		return newPriced(&fastPriced{"1", "First", 1042}, func(d *fastPriced) string { return strconv.Itoa(d.Version) })
	}
	return newPriced(&priced{"1", "First", 1042}, func(d *priced) string { return strconv.Itoa(d.Version) })
}

func newPriced[D any](doc *D, tag func(*D) string) *restmachine.App {
	day := time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)
	app := restmachine.New()
	app.ResourceExists(func(path restmachine.PathParams) *D {
		if path.Get("id") == "1" {
			return doc
		}
		return nil
	})
	app.GenerateETag(tag)
	app.LastModified(func(*D) time.Time { return day })
	app.Get("/docs/{id}", func(d *D) *D { return d })
	app.Put("/docs/{id}", func(d *D, _ restmachine.Body[struct{ Title string }]) *D { return d })
	return app
}
