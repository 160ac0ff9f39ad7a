// The leaf: the resource of the tests of the graph and of the fields.

package harness

import (
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Leaf is a resource of which "here" exists, and every other one does not.
type Leaf struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// LeafIn is what a client says of a leaf.
type LeafIn struct {
	Version int `json:"version"`
}

// LeafModified is when a leaf was changed, where a test says it was.
var LeafModified = time.Date(2015, 10, 21, 7, 28, 0, 0, time.UTC)

// LeafModified as a field has it, the second before it, and a date behind both.
const (
	LeafDate      = "Wed, 21 Oct 2015 07:28:00 GMT"
	DateBeforeIt  = "Wed, 21 Oct 2015 07:27:59 GMT"
	DateBehindAll = "Fri, 21 Oct 2016 07:28:00 GMT"
)

// LeafByPath loads the leaf of the parameter id.
func LeafByPath(path restmachine.PathParams) *Leaf {
	if path.Get("id") != "here" {
		return nil
	}
	return &Leaf{"here", 1}
}

// A Clock is what an App of leaves provides from its start.
type Clock struct{ Year int }

// Leaves declares a leaf below a Group, with a handler for every method, of which
// PUT creates. Beside it stands a plain path. say adds facts at the three places.
func Leaves(say func(app, group, resource *restmachine.Facts)) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.OnStartup(func() *Clock { return &Clock{2015} })
		app.ResourceExists(LeafByPath)
		group := app.Group("/g")
		group.Get("/plain", func() string { return "plain" })
		r := group.Resource("/leaves/{id}")
		r.Get(func(l *Leaf) *Leaf { return l })
		r.Put(func(old restmachine.Optional[*Leaf], in restmachine.Body[LeafIn]) *Leaf {
			return &Leaf{"here", in.Value.Version}
		})
		r.Post(func() string { return "posted" })
		r.Patch(func(l *Leaf) *Leaf { return l })
		r.Delete(func(*Leaf) {})
		say(&app.Facts, &group.Facts, &r.Facts)
	}
}

// NothingSaid adds no fact to Leaves.
func NothingSaid(_, _, _ *restmachine.Facts) {}
