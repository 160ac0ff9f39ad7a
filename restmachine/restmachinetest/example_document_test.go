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
	// POST /notes answered 409: the status 409 is not listed; listed: 204, 400, 413, 415, 422, default
	// 	request: POST /notes Content-Type: application/json {}
	// 	content: {"title":"Conflict","status":409,"detail":"There is such a note."}
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
