// These examples hold an App to its OpenAPI document.

package restmachinetest_test

import (
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// The handler refuses by itself, and nobody has said so.
func ExampleCheckDocument() {
	app := restmachine.New()
	app.Post("/notes", func(in restmachine.Body[Note]) error {
		if in.Value.Text == "" {
			return &restmachine.Problem{Status: http.StatusConflict, Detail: "There is such a note."}
		}
		return nil
	})
	restmachinetest.CheckDocument(t, app)
	// Output:
	// POST /notes answered 409: the status 409 is not listed; listed: 204, 400, 413, 415, 422, default; say it where it is answered, on the Resource, a Group or the App: Problems(&restmachine.Problem{Status: 409})
	// 	request: POST /notes Content-Type: application/json {"Text":null}
	// 	content: {"title":"Conflict","status":409,"detail":"There is such a note."}
}

// Both handlers set a field. Of one of them a Field says so.
func ExampleCheckDocument_fields() {
	app := restmachine.New()
	list := func() *restmachine.Reply[[]Note] {
		return &restmachine.Reply[[]Note]{Header: http.Header{"Link": {`<?page=2>; rel="next"`}}}
	}
	app.Get("/notes", list)
	app.Get("/drafts", list).Field("Link", "Where the next page is.", 200)
	restmachinetest.CheckDocument(t, app)
	// Output:
	// GET /notes answered 200: the field Link is not told; say it where it is set, on the Resource, a Group or the App: Field("Link", "what it says", 200), or without the 200 if every answer has it
	// 	request: GET /notes
	// 	content: []
}

// Nobody draws the one ID that there is, so it is given.
func ExampleDocument() {
	app := restmachine.New()
	app.ResourceExists(func(path restmachine.PathParams) *Note {
		if path.Get("id") != "b7e1" {
			return nil
		}
		return &Note{"Hello"}
	})
	app.Get("/notes/{id}", func(n *Note) *Note { return n })
	restmachinetest.CheckDocument(t, app, restmachinetest.Document{Values: map[string][]string{"id": {"b7e1"}}})
	// Output:
}
