// This example shows the report of an expectation that fails.

package restmachinetest_test

import (
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func onlyHere(path restmachine.PathParams) bool { return path.Get("name") == "here" }

// An expectation that fails says which decisions led to the answer.
func ExampleResult_Status() {
	app := restmachine.New()
	app.ResourceExists(onlyHere)
	app.Get("/notes/{name}", func() string { return "Hello" })

	restmachinetest.NewClient(app).Get("/notes/there").Expect(t).Status(200)
	// Output:
	// GET /notes/there: status is 404 Not Found, not 200 OK
	// content: `{"title":"Not Found","status":404,"decision":"L7"}`
	// decisions, without 16 that the App knew at start:
	// B11   URI too long?  no
	// B9    Malformed?     no
	// C3    Accept?        no   no Accept
	// G7    Exists?        no   a ResourceExists says that there is nothing  restmachinetest_test.onlyHere (restmachinetest/example_explained_test.go:15)
	// L7    POST?          no   settled
	// 404
}
