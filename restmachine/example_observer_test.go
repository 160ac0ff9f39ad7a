package restmachine_test

import (
	"context"
	"fmt"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Metrics count by what has few values: the route, the known method, the status and the
// decision. A path or the method of a client would make as many series as clients like.
func ExampleWithObserver() {
	counted := map[string]int{} // a real one is safe for concurrent use
	app := restmachine.New(restmachine.WithObserver(func(o restmachine.Outcome) {
		counted[fmt.Sprintf("%s %q %d %s", o.KnownMethod, o.Route, o.Status, o.Decision)]++
	}))
	app.GenerateETag(func() string { return "1" })
	app.Get("/mottos/{id}", func() string { return "Say what is true." })
	app.Execute(restmachine.Request{Path: "/mottos/1"})
	app.Execute(restmachine.Request{Path: "/mottos/2"})
	app.Execute(restmachine.Request{Path: "/mottos/1", Header: map[string][]string{"If-None-Match": {`"1"`}}})
	app.Execute(restmachine.Request{Method: "BREW", Path: "/coffee"})
	fmt.Println(counted[`GET "/mottos/{id}" 200 P19`])
	fmt.Println(counted[`GET "/mottos/{id}" 304 J19`])
	fmt.Println(counted[`OTHER "" 501 B12`])
	// Output:
	// 2
	// 1
	// 1
}

// An Outcome has every decision where the observer wanted it: here for the requests of one
// client.
func ExampleOutcome() {
	type sampled struct{}
	app := restmachine.New(restmachine.WithObserver(func(o restmachine.Outcome) {
		fmt.Println(o.Path, o.Status, o.Bytes, o.Trace != nil)
	}, func(ctx context.Context) bool { return ctx.Value(sampled{}) != nil }))
	app.Get("/motto", func() string { return "Say what is true." })
	app.Execute(restmachine.Request{Path: "/motto"})
	app.ExecuteContext(context.WithValue(context.Background(), sampled{}, true), restmachine.Request{Path: "/motto"})
	// Output:
	// /motto 200 17 false
	// /motto 200 17 true
}
