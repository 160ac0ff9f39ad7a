// These examples print what a test would report: their t is not a *testing.T.

package restmachinetest_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A printer prints its reports.
type printer struct{ testing.TB }

func (printer) Helper()                  {}
func (printer) Context() context.Context { return context.Background() }

func (printer) Errorf(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
}

var t printer

func Example() {
	client := restmachinetest.NewClient(NewApp())

	tag := client.Get("/note").Expect(t).Status(200).ETag()
	client.Put("/note").IfMatch(tag).JSON(Note{"Hello again"}).Expect(t).Status(200).Header("Content-Location", "/note")
	client.Put("/note").IfMatch(tag).JSON(Note{"Too late"}).Expect(t).Status(412)

	var note Note
	client.Get("/note").Expect(t).JSON(&note)
	fmt.Println(note.Text)
	// Output: Hello again
}

// A Call can be kept, varied, and sent again.
func ExampleCall() {
	client := restmachinetest.NewClient(NewApp()).Header("Authorization", "Bearer me")

	put := client.Put("/note").IfMatch("*")
	put.JSON(Note{"Hello again"}).Expect(t).Status(200)
	put.Body("text/plain", "Hello again").Expect(t).Status(415).Header("Accept", "application/json")
	put.JSON(Note{"Who is it?"}).Header("Authorization").Expect(t).Status(200)
	// Output:
}

// A response from another source than Execute can be checked, too.
func ExampleCheckResponse() {
	restmachinetest.CheckResponse(t, restmachine.Request{Path: "/note"}, restmachine.Response{StatusCode: 412, Header: http.Header{"Cache-Control": {"no-store"}}})
	// Output: GET /note answered 412, which breaks V4 conditional statuses answer conditions (RFC 9110, 13.2.1): status: 412 without a precondition
}

// Of 8 clients that saw the same note, only one may write. The next round begins with the
// note that it wrote.
func ExampleRaceWrites() {
	app := NewApp()
	client := restmachinetest.NewClient(app)
	for _, text := range []string{"One", "Two", "Three"} {
		tag := client.Get("/note").Expect(t).Status(200).ETag()
		restmachinetest.RaceWrites(t, app, client.Put("/note").IfMatch(tag).JSON(Note{text}).Request(), 8)
	}
	client.Get("/note").Expect(t).Body(`{"Text":"Three"}`)
	// Output:
}
