// These examples show the checks of invariants, and their reports.

package restmachinetest_test

import (
	"fmt"
	"net/http"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// The state can come from anywhere. In this example a handler wrote first and checked
// afterwards.
func ExampleCheckUnchanged() {
	stock := 3
	app := restmachine.New()
	app.Post("/orders", func() error { stock--; return &restmachine.Problem{Status: 409, Title: "Sold out"} })

	request := restmachine.Request{Method: "POST", Path: "/orders"}
	before := stock
	response := app.Execute(request)
	restmachinetest.CheckUnchanged(t, request, response, before, stock)
	// Output: POST /orders answered 409, which breaks V6 a refusal changes nothing (RFC 9110, 13.1): state: was 3, and is 2
}

// A watching client checks the state around each request.
func ExampleClient_Watching() {
	var orders []string
	app := restmachine.New()
	app.RequirePreconditions()
	app.Put("/orders/{id}", func(path restmachine.PathParams) { orders = append(orders, path.Get("id")) })
	client := restmachinetest.NewClient(app).Watching(func() string { return fmt.Sprint(orders) })

	client.Put("/orders/7").Expect(t).Status(428)
	client.Put("/orders/7").IfMatch("*").Expect(t).Status(204)
	fmt.Println(orders)
	// Output: [7]
}

// Two exchanges show a fault that neither shows alone.
func ExampleLedger() {
	greetings := map[string]string{"en": "Hello", "de": "Guten Tag"}
	service := func(language string) restmachine.Response { // forgets Vary, and forgets the language in its tag
		return restmachine.Response{StatusCode: 200, Body: []byte(greetings[language]),
			Header: http.Header{"Etag": {`"1"`}, "Content-Language": {language}}}
	}
	var ledger restmachinetest.Ledger
	for _, language := range []string{"en", "de"} {
		request := restmachine.Request{Path: "/hello", Header: http.Header{"Accept-Language": {language}}}
		ledger.Check(t, request, service(language))
	}
	// Output:
	// GET /hello answered 200, which breaks V8 one strong entity-tag has one content (RFC 9110, 8.8.1): ETag: "1" is the tag of `Guten Tag` (0-8 of 9), and was the tag of `Hello` (0-4 of 5)
	// GET /hello answered 200, which breaks V12 Vary names what was negotiated (RFC 9110, 12.5.5): Vary: ["" "de" ""] and ["" "en" ""] were chosen by Accept-Language, but Vary is "" and ""
}

// The tags and the Vary of an App fit its negotiation.
func ExampleLedger_Check() {
	app := restmachine.New()
	app.Languages("en", "de")
	app.AutoETag(restmachine.Strong)
	app.Get("/hello", func(chosen restmachine.Selected) string { return "Hello in " + chosen.Language })

	var ledger restmachinetest.Ledger
	for _, language := range []string{"en", "de"} {
		request := restmachine.Request{Path: "/hello", Header: http.Header{"Accept-Language": {language}}}
		response := app.Execute(request)
		ledger.Check(t, request, response)
		fmt.Println(response.Header.Get("Vary"))
	}
	// Output:
	// Accept-Language
	// Accept-Language
}

// A trace can be checked after it was kept, or if it was made up.
func ExampleCheckTrace() {
	request, response := restmachine.Request{Path: "/note"}, restmachine.Response{StatusCode: 503}
	restmachinetest.CheckTrace(t, request, response, decision.Trace{Status: 503, Visits: []decision.Visit{
		{ID: decision.B13, Label: "Available?", Answer: decision.Yes},
	}})
	// Output: GET /note answered 503, which breaks V18 the trace tells the truth (docs/tracing.md): B12: the walk stops before this row
}

// Locks are released even if a handler panics.
func ExampleCheckIdle() {
	app := restmachine.New(quiet)
	app.ResourceExists(func() bool { return true })
	app.Put("/note", func() { panic("out of ink") })

	fmt.Println(app.Execute(restmachine.Request{Method: "PUT", Path: "/note"}).StatusCode)
	restmachinetest.CheckIdle(t, app)
	// Output: 500
}
