// These examples walk through an App: one line each finds most mistakes.

package restmachinetest_test

import (
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func (printer) Logf(string, ...any) {}

// A Counted note has a version, for its tag.
type Counted struct {
	Text    string
	Version int
}

// forgetful counts the version of its note up, but not in a PATCH.
func forgetful() *restmachine.App {
	var note atomic.Pointer[Counted]
	note.Store(&Counted{"Hello", 1})
	app := restmachine.New()
	app.ResourceExists(note.Load)
	app.GenerateETag(func(n *Counted) string { return strconv.Itoa(n.Version) })
	app.Get("/note", func(n *Counted) *Counted { return n })
	app.Patch("/note", func(n *Counted, in restmachine.Body[Note]) *Counted {
		note.Store(&Counted{in.Value.Text, n.Version})
		return note.Load()
	})
	return app
}

// The PATCH does not count the version up. The requests that show it can be sent again.
func ExampleExplore() {
	restmachinetest.Explore(t, forgetful())
	// Output:
	// GET /note changed after PATCH /note and its entity-tag stayed "1": {"Text":"Hello","Version":1}, and now {"Text":"","Version":1}. So a client keeps the old content (304), and a write over a newer version is accepted. Count the version up in each write, or make the tag of all that is shown, by restmachine.HashETag or AutoETag(restmachine.Strong)
	// 	The last requests about it are these. Explore(t, app, restmachinetest.Walk{Seed: 0, Requests: 65}) sends all of them again.
	// 		client.Get("/note").Expect(t) // 200, ETag "1", {"Text":"Hello","Version":1}
	// 		client.Patch("/note").Header("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT").Body("application/json", `{"Text":null}`).Expect(t) // 200, ETag "1", {"Text":"","Version":1}
	// 		client.Get("/note").Expect(t) // 200, ETag "1", {"Text":"","Version":1}
}

// The tag moves by itself, so nobody ever gets a 304.
func ExampleCheckValidators() {
	app := restmachine.New()
	app.Get("/hello", func() string { return "Hello" })
	var asked atomic.Int64
	app.Resource("/hello").GenerateETag(func() string { return strconv.FormatInt(asked.Add(1), 10) })
	restmachinetest.CheckValidators(t, app)
	// Output:
	// GET /hello shows the same content, and its entity-tag moves though nothing was written: it was "2", and is "3". So no client ever gets a 304, and a precondition that names it fails. Make it of what is stored, and not of the time, a random number, a pointer, or the order of a map
	// 	The last requests about it are these. CheckValidators(t, app, restmachinetest.Walk{Seed: 0, Requests: 3}) sends all of them again.
	// 		client.Get("/hello").Expect(t) // 200, ETag "1", Hello
	// 		client.Get("/hello").Expect(t) // 200, ETag "2", Hello
	// 		client.Get("/hello").Expect(t) // 200, ETag "3", Hello
}

// Somebody forgot a gate. What everybody may see is named.
func ExampleCheckGuarded() {
	app := restmachine.New()
	members, open := app.Group("/"), app.Group("/")
	members.Authorized(func(h http.Header) bool { return h.Get("Authorization") == "Bearer me" })
	members.Get("/me", func() string { return "I am me." })
	open.Get("/health", func() string { return "well" })
	open.Get("/salaries", func() []int { return []int{7} })
	restmachinetest.CheckGuarded(t, app, restmachinetest.Walk{Public: []string{"GET /health"}})
	// Output:
	// CheckGuarded: each of these answers somebody without credentials. Give it an Authorized or a Forbidden, best on a Group of all that is to be guarded, or name it in Walk.Public:
	// 	GET /salaries: 200
}

// The walk is made by somebody who may, and with an ID that nobody would draw.
func ExampleWalk() {
	app := restmachine.New()
	app.ResourceExists(func(path restmachine.PathParams) *Note {
		if path.Get("id") != "b7e1" {
			return nil
		}
		return &Note{"Hello"}
	})
	app.Authorized(func(h http.Header) bool { return h.Get("Authorization") == "Bearer me" })
	app.Get("/notes/{id}", func(n *Note) *Note { return n })

	walk := restmachinetest.Walk{
		Header: http.Header{"Authorization": {"Bearer me"}},
		Values: map[string][]string{"id": {"b7e1"}},
	}
	restmachinetest.Explore(t, app, walk)
	restmachinetest.CheckGuarded(t, app, walk)
	// Output:
}
