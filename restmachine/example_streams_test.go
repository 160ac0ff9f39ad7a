package restmachine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A stream that sends three events and ends.
func ExampleEvents() {
	app := restmachine.New()
	app.Get("/countdown", func() *restmachine.EventStream {
		return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
			for n := 2; n >= 0; n-- {
				if err := send(restmachine.Event{Name: "count", Data: map[string]int{"n": n}}); err != nil {
					return err
				}
			}
			return nil
		})
	})
	resp := app.Execute(restmachine.Request{Path: "/countdown"})
	fmt.Println(resp.Header.Get("Content-Type"))
	fmt.Print(string(resp.Body))
	// Output:
	// text/event-stream
	// event: count
	// data: {"n":2}
	//
	// event: count
	// data: {"n":1}
	//
	// event: count
	// data: {"n":0}
}

// Text is sent as it is, line by line. All else is sent as JSON.
func ExampleEvent() {
	app := restmachine.New()
	app.Get("/events", func() *restmachine.EventStream {
		return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
			return errors.Join(
				send(restmachine.Event{ID: "1", Data: "two\nlines"}),
				send(restmachine.Event{ID: "2", Data: []int{1, 2}, Retry: 5 * time.Second}),
			)
		})
	})
	fmt.Print(string(app.Execute(restmachine.Request{Path: "/events"}).Body))
	// Output:
	// id: 1
	// data: two
	// data: lines
	//
	// retry: 5000
	// id: 2
	// data: [1,2]
}

// A nil EventStream is a 204, which tells an EventSource not to connect again.
func ExampleEventStream() {
	app := restmachine.New()
	app.Get("/jobs/{id}/events", func(path restmachine.PathParams) *restmachine.EventStream {
		return nil // the job is done
	})
	fmt.Println(app.Execute(restmachine.Request{Path: "/jobs/7/events"}).StatusCode)
	// Output: 204
}

// A client that connects again gets what it missed.
func ExampleLastEventID() {
	log := []string{"opened", "renamed", "closed"}
	app := restmachine.New()
	app.Get("/log", func(last restmachine.LastEventID) *restmachine.EventStream {
		seen, _ := strconv.Atoi(string(last)) // "" is a client that saw nothing
		return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
			for i, line := range log[min(seen, len(log)):] {
				if err := send(restmachine.Event{ID: strconv.Itoa(seen + i + 1), Data: line}); err != nil {
					return err
				}
			}
			return nil
		})
	})
	resp := app.Execute(restmachine.Request{Path: "/log", Header: http.Header{"Last-Event-Id": {"2"}}})
	fmt.Print(string(resp.Body))
	// Output:
	// id: 3
	// data: closed
}

// A sequence is an array, or lines of JSON for those who ask for them.
func Example_sequence() {
	app := restmachine.New()
	app.Get("/rows", func() iter.Seq2[int, error] { // such as the rows of a query
		return func(yield func(int, error) bool) {
			_ = yield(1, nil) && yield(2, nil)
		}
	})
	fmt.Println(string(app.Execute(restmachine.Request{Path: "/rows"}).Body))
	lines := app.Execute(restmachine.Request{Path: "/rows", Header: http.Header{"Accept": {"application/jsonl"}}})
	fmt.Print(string(lines.Body))
	// Output:
	// [1,2]
	// 1
	// 2
}

// A function that writes is sent as it writes. Provides gives it a media type.
func Example_writer() {
	app := restmachine.New()
	report := app.Resource("/report")
	report.Provides("text/csv", func(names []string) func(io.Writer) error {
		return func(w io.Writer) error {
			for _, name := range names {
				if _, err := fmt.Fprintln(w, name); err != nil {
					return err
				}
			}
			return nil
		}
	})
	report.Get(func() []string { return slices.Repeat([]string{"anna"}, 2) })
	resp := app.Execute(restmachine.Request{Path: "/report"})
	fmt.Println(resp.Header.Get("Content-Type"))
	fmt.Print(string(resp.Body))
	// Output:
	// text/csv
	// anna
	// anna
}

// A server of one's own drains, too.
func ExampleApp_Drain() {
	app := restmachine.New()
	app.Get("/readyz", app.Ready)
	server := &http.Server{Handler: app, ReadHeaderTimeout: 5 * time.Second}
	server.RegisterOnShutdown(app.Drain)

	fmt.Println(app.Execute(restmachine.Request{Path: "/readyz"}).StatusCode)
	_ = server.Shutdown(context.Background()) // where the program ends
	<-app.Draining()
	fmt.Println(app.Execute(restmachine.Request{Path: "/readyz"}).StatusCode)
	// Output:
	// 204
	// 503
}

// What does not end by itself can wait for the drain.
func ExampleApp_Draining() {
	app := restmachine.New()
	app.Get("/next", func(ctx context.Context) (string, error) { // a long poll
		select {
		case <-app.Draining():
			return "nothing yet", nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	})
	app.Drain()
	fmt.Println(string(app.Execute(restmachine.Request{Path: "/next"}).Body))
	// Output: nothing yet
}

// Readiness is one line. A service that needs a database to be ready asks that, too.
func ExampleApp_Ready() {
	database := errors.New("no route to host")
	app := restmachine.New()
	app.Get("/readyz", app.Ready)
	app.Get("/healthz", func() error {
		if err := app.Ready(); err != nil {
			return err
		}
		if database != nil {
			return &restmachine.Problem{Status: http.StatusServiceUnavailable, Detail: "the database cannot be reached"}
		}
		return nil
	})
	fmt.Println(app.Execute(restmachine.Request{Path: "/readyz"}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Path: "/healthz"}).StatusCode)
	app.Drain()
	fmt.Println(app.Execute(restmachine.Request{Path: "/readyz"}).StatusCode)
	// Output:
	// 204
	// 503
	// 503
}

// A balancer that asks every 5 seconds has 10 to notice.
func ExampleWithDrainDelay() {
	app := restmachine.New(restmachine.WithDrainDelay(10 * time.Second))
	app.Get("/readyz", app.Ready)
	fmt.Println(app.Validate())
	// Output: <nil>
}

// Behind a proxy that cuts connections which are silent for 10 seconds.
func ExampleWithHeartbeat() {
	app := restmachine.New(restmachine.WithHeartbeat(8 * time.Second))
	app.Get("/feed", func() *restmachine.EventStream { return nil })
	fmt.Println(app.Validate())
	// Output: <nil>
}

// Clients on slow lines have two minutes for each piece.
func ExampleWithStreamPatience() {
	app := restmachine.New(restmachine.WithStreamPatience(2 * time.Minute))
	app.Get("/export", func() func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := w.Write(bytes.Repeat([]byte("x"), 64))
			return err
		}
	})
	fmt.Println(len(app.Execute(restmachine.Request{Path: "/export"}).Body))
	// Output: 64
}
