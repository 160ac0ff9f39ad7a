// What an App says of itself. Its output names lines of this file.

package restmachine_test

import (
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine"
)

func tagOf(p *Post) string { return fmt.Sprint(p.Version) }

func getPost(p *Post) *Post { return p }

func getTitles(db *Database) []string { return nil }

func ExampleApp_Describe() {
	app := restmachine.New()
	app.OnStartup(OpenDatabase)
	app.ResourceExists(FindPost)
	app.GenerateETag(tagOf)
	app.Get("/posts/{id}", getPost)
	app.Get("/titles", getTitles)
	fmt.Print(app.Describe())
	// Output:
	// /posts/{id}
	//   GET, HEAD       restmachine_test.getPost (restmachine/example_describe_test.go:22)   returns *restmachine_test.Post
	//   ResourceExists  restmachine_test.FindPost (restmachine/example_describe_test.go:20)  asks: loads *restmachine_test.Post, the target
	//   GenerateETag    restmachine_test.tagOf (restmachine/example_describe_test.go:21)     returns: describes the loaded *restmachine_test.Post, by its type
	// /titles
	//   GET, HEAD  restmachine_test.getTitles (restmachine/example_describe_test.go:23)  returns []string
	// provided
	//   OnStartup  restmachine_test.OpenDatabase (restmachine/example_describe_test.go:19)  *restmachine_test.Database
	// called by reflection (restmachinetest.Signatures makes types known)
	//   every callback
}

// Nothing opens the database.
func ExampleApp_Validate() {
	app := restmachine.New()
	app.Get("/titles", getTitles)
	fmt.Println(app.Validate())
	// Output:
	// restmachine: 1 wiring fault
	//   - restmachine/example_describe_test.go:41: nothing provides *restmachine_test.Database; add an OnStartup, Dependency or ResourceExists that returns it
	//     needed by: GET /titles restmachine_test.getTitles (restmachine/example_describe_test.go:41)
}
