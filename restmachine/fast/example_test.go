package fast_test

import (
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/fast"
)

type task struct{ Title string }

// A test that calls restmachinetest.Signatures writes such lines.
func Example() {
	fast.Call1x1[restmachine.PathParams, *task]()
	fast.Call1x1[*task, *task]()

	app := restmachine.New()
	app.ResourceExists(func(path restmachine.PathParams) *task { return &task{path.Get("title")} })
	app.GenerateETag(func(t *task) string { return t.Title }) // its type is not registered
	app.Get("/tasks/{title}", func(t *task) *task { return t })

	callbacks, err := app.Callbacks()
	for _, c := range callbacks {
		fmt.Println(c.Type, c.Reflected)
	}
	fmt.Println(err)
	// Output:
	// func(restmachine.PathParams) *fast_test.task false
	// func(*fast_test.task) string true
	// func(*fast_test.task) *fast_test.task false
	// <nil>
}
