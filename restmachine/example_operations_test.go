// What an App tells tools of its operations.

package restmachine_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
)

// operationsOf returns the operations of an App of posts.
func operationsOf() []restmachine.Operation {
	type path struct {
		ID int `path:"id"`
	}
	type query struct {
		Page uint8 `query:"page"`
	}
	type update struct{ Title string }
	app := restmachine.New(restmachine.WithStrictJSON())
	app.ResourceExists(func(restmachine.Path[path]) *Post { return nil })
	app.GenerateETag(tagOf)
	app.Get("/posts", func(restmachine.Query[query]) []Post { return nil })
	post := app.Get("/posts/{id}", getPost)
	post.RequirePreconditions()
	post.Put(func(p *Post, in restmachine.Body[update]) *Post { return p })
	post.Problems(&restmachine.Problem{Status: http.StatusUnprocessableEntity, Title: "Title too long"})
	operations, err := app.Operations()
	if err != nil {
		panic(err)
	}
	return operations
}

func ExampleApp_Operations() {
	for _, o := range operationsOf() {
		fmt.Println(o.Method, o.Path, "returns", o.Result)
	}
	// Output:
	// GET /posts returns []restmachine_test.Post
	// GET /posts/{id} returns *restmachine_test.Post
	// PUT /posts/{id} returns *restmachine_test.Post
}

func ExampleOperation() {
	put := operationsOf()[2]
	fmt.Println(put.Statuses)
	fmt.Println("precondition required:", put.Required, "creates:", put.Creates, "lock:", put.LockKey)
	// Output:
	// [200 204 400 404 406 408 412 413 414 415 422 428 500 503]
	// precondition required: true creates: false lock: /posts/{id}
}

func ExampleParameter() {
	for _, o := range operationsOf() {
		for _, p := range o.Parameters {
			fmt.Println(o.Method, o.Path, p.In, p.Name, p.Type, p.Required)
		}
	}
	// Output:
	// GET /posts query page uint8 false
	// GET /posts/{id} path id int true
	// PUT /posts/{id} path id int true
}

func ExampleContent() {
	put := operationsOf()[2]
	fmt.Println("reads", put.Reads[0].Media, put.Reads[0].Type)
	fmt.Println("returns", put.Returns[0].Media, put.Returns[0].Type)
	// Output:
	// reads application/json restmachine_test.update
	// returns application/json *restmachine_test.Post
}

func ExampleValidators() {
	list, post := operationsOf()[0], operationsOf()[1]
	fmt.Println(list.Answer.ETag == restmachine.Strong, post.Answer.ETag == restmachine.Strong)
	// Output: false true
}

func ExampleJSONRules() {
	fmt.Printf("%+v\n", operationsOf()[0].JSON)
	// Output: {Strict:true V2:false OwnEncoder:false}
}

func ExampleFacts_Problems() {
	app := restmachine.New()
	app.Post("/posts", func(in restmachine.Body[Post]) (*Post, error) {
		return nil, &restmachine.Problem{Status: http.StatusUnprocessableEntity}
	}).Problems(&restmachine.Problem{Status: http.StatusUnprocessableEntity})
	operations, _ := app.Operations()
	fmt.Println(operations[0].Problems[0].Status)
	// Output: 422
}

func ExampleFacts_Field() {
	app := restmachine.New()
	list := app.Get("/posts", func() *restmachine.Reply[[]Post] {
		return &restmachine.Reply[[]Post]{Header: http.Header{"Link": {`<?page=2>; rel="next"`}}}
	})
	list.Field("Link", "Where the next page is.", http.StatusOK)
	app.Field("Vary", "what the answer depends on") // Variances says that
	fmt.Println(strings.Contains(fmt.Sprint(app.Validate()), `Field("Vary"): a document tells this field by itself`))
	// Output: true
}

func ExampleField() {
	app := restmachine.New()
	app.Field("X-Request-Id", "What to tell the support.")
	app.Post("/posts", func(in restmachine.Body[Post]) error { return nil }).Problems(
		&restmachine.Problem{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"60"}}})
	operations, _ := app.Operations()
	for _, f := range operations[0].Fields {
		fmt.Printf("%s %q %v\n", f.Name, f.Doc, f.Statuses)
	}
	// Output:
	// X-Request-Id "What to tell the support." []
	// Retry-After "" [429]
}
