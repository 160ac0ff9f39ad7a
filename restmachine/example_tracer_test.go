package restmachine_test

import (
	"fmt"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
)

// logbook is a Tracer that keeps a line for each exchange, and says where it can
// be looked at.
type logbook struct{ lines []string }

func (l *logbook) Watch(*restmachine.App) {}

func (l *logbook) Observe(e *restmachine.Exchange) {
	l.lines = append(l.lines, fmt.Sprint(e.Request.Method, " ", e.Route, " ", e.Response.StatusCode))
}

func (l *logbook) TraceURI(id uint64) string { return fmt.Sprint("/logbook/", id) }

// A Tracer is told of every exchange, when it is over.
func ExampleTracer() {
	l := &logbook{}
	app := restmachine.New(restmachine.WithTrace(l))
	app.Get("/motto", func() string { return "Say what is true." })
	app.Execute(restmachine.Request{Path: "/motto"})
	app.Execute(restmachine.Request{Path: "/nowhere"})
	for _, line := range l.lines {
		fmt.Println(line)
	}
	// Output:
	// GET /motto 200
	// GET  404
}

// A function is enough to look at exchanges.
func ExampleTracerFunc() {
	var f restmachine.TracerFunc = func(e *restmachine.Exchange) { fmt.Println(e.Response.StatusCode) }
	f.Watch(nil)
	f.Observe(&restmachine.Exchange{Response: restmachine.Response{StatusCode: 304}})
	fmt.Printf("%q\n", f.TraceURI(1))
	// Output:
	// 304
	// ""
}

// An Exchange has the request, the answer, and why it was that.
func ExampleExchange() {
	app := restmachine.New(restmachine.WithTrace(restmachine.TracerFunc(func(e *restmachine.Exchange) {
		last := e.Trace.Visits[len(e.Trace.Visits)-1]
		fmt.Println(e.Request.Path, e.Response.StatusCode, last.ID, last.Label, last.Answer)
	})))
	app.Get("/motto", func() string { return "Say what is true." })
	app.Execute(restmachine.Request{Method: "DELETE", Path: "/motto"})
	// Output: /motto 405 B10 Method allowed? no
}

// Whoever looks at exchanges sees the mistakes that one showed.
func ExampleWarning() {
	var t restmachine.TracerFunc = func(e *restmachine.Exchange) {
		for _, w := range e.Warnings {
			fmt.Printf("%s %s: %s: %s\n", e.Request.Method, e.Route, w.Name, w.Text)
		}
	}
	t.Observe(&restmachine.Exchange{
		Request: restmachine.Request{Method: "PUT"}, Route: "/posts/{id}",
		Warnings: []restmachine.Warning{{Name: "tag kept", Text: "count the version up"}},
	})
	// Output: PUT /posts/{id}: tag kept: count the version up
}

// What is left to decide on a route, once it is known which facts it has.
func ExampleApp_Routes() {
	app := restmachine.New()
	app.Get("/motto", func() string { return "Say what is true." })
	routes, err := app.Routes()
	if err != nil {
		panic(err)
	}
	for _, r := range routes {
		fmt.Printf("%q %s\n", r.Method, r.Path)
	}
	// Output:
	// "GET" /motto
	// "HEAD" /motto
	// "OPTIONS" /motto
	// "" /motto
}

// The graph of a Route can be drawn, or asked for a row.
func ExampleRoute() {
	app := restmachine.New()
	app.Get("/motto", func() string { return "Say what is true." })
	app.ServiceAvailable(func() bool { return true })
	routes, err := app.Routes()
	if err != nil {
		panic(err)
	}
	get := routes[0]
	fmt.Println(get.Method, get.Path, get.Graph[decision.B13].Label)
	_, asked := get.Graph[decision.G7]
	fmt.Println("asks whether it exists:", asked)
	// Output:
	// GET /motto Available?
	// asks whether it exists: false
}
