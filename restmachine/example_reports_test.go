// Reports: what is odd in an App that starts.

package restmachine_test

import (
	"fmt"
	"net/http"
	"regexp"

	"github.com/restmachine/restmachine-go/restmachine"
)

// places are file names and lines, which these examples leave out.
var places = regexp.MustCompile(` ?\([^()]*\.go:\d+\)`)

// guarded says who may see what is below /admin. Somebody registered a path through the App.
func guarded() *restmachine.App {
	app := restmachine.New()
	admin := app.Group("/admin")
	admin.Authorized(hasToken)
	admin.Get("/users", func() []string { return []string{"ann"} })
	app.Get("/admin/logs", func() []string { return nil })
	return app
}

func hasToken(h http.Header) bool { return h.Get("Authorization") == "Bearer secret" }

// restmachinetest.Check fails for each Risk.
func ExampleApp_Reports() {
	reports, err := guarded().Reports()
	if err != nil {
		fmt.Println(err) // a wiring fault
	}
	for _, r := range reports {
		fmt.Println(r.Severity == restmachine.Risk, places.ReplaceAllString(r.Text, ""))
	}
	// Output: true /admin/logs lies below Group "/admin" and was registered through the App, so these gates are not asked there: Authorized restmachine_test.hasToken; register the path through that Group, or through another Group of the same prefix if that is meant
}

// A path that is guarded less on purpose is registered through another Group.
func ExampleReport() {
	app := restmachine.New()
	admin, open := app.Group("/admin"), app.Group("/admin")
	admin.Authorized(hasToken)
	admin.Get("/users", func() []string { return []string{"ann"} })
	open.Get("/login", func() string { return "Who are you?" })

	reports, err := app.Reports()
	fmt.Println(len(reports), err)
	fmt.Println(app.Execute(restmachine.Request{Path: "/admin/login"}).StatusCode, app.Execute(restmachine.Request{Path: "/admin/users"}).StatusCode)
	// Output:
	// 0 <nil>
	// 200 401
}

// What nothing uses is a Notice.
func ExampleSeverity() {
	app := restmachine.New()
	app.Get("/", func() string { return "hello" })
	app.Provides("text/csv", func(lines []string) string { return fmt.Sprint(lines) })

	reports, _ := app.Reports()
	for _, r := range reports {
		fmt.Println(r.Severity == restmachine.Notice, places.ReplaceAllString(r.Text, ""))
	}
	// Output: true Provides restmachine_test.ExampleSeverity.func2 is not used: no handler below the App returns []string, or a nearer Provides renders it
}

// What requests call. No type of these functions is registered, so reflection calls them.
func ExampleApp_Callbacks() {
	app := restmachine.New()
	app.ResourceExists(FindPost)
	app.OnStartup(OpenDatabase) // it runs once, and is not listed
	app.Get("/posts/{id}", getPost)

	callbacks, err := app.Callbacks()
	for _, c := range callbacks {
		fmt.Println(c.Name, c.Type, c.Reflected)
	}
	fmt.Println(err)
	// Output:
	// restmachine_test.FindPost func(restmachine.PathParams, *restmachine_test.Database) *restmachine_test.Post true
	// restmachine_test.getPost func(*restmachine_test.Post) *restmachine_test.Post true
	// <nil>
}

// The callbacks that package fast does not know yet.
func ExampleCallback() {
	app := restmachine.New()
	app.Get("/titles", func() []string { return []string{"Go"} })

	callbacks, _ := app.Callbacks()
	for _, c := range callbacks {
		if c.Reflected {
			fmt.Println(c.Type)
		}
	}
	// Output: func() []string
}
