// What lives as long as the App, and what lives as long as a request.

package restmachine_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A provider may take what others provide.
func ExampleApp_OnStartup() {
	type Greeting string

	app := restmachine.New()
	app.OnStartup(func(db *Database) Greeting { return Greeting(db.Post("1").Title + ", World!") })
	app.OnStartup(OpenDatabase)
	app.Get("/hello", func(g Greeting) string { return string(g) })

	show(app.Execute(restmachine.Request{Path: "/hello"}))
	// Output: 200 Hello, World!
}

func ExampleApp_OnShutdown() {
	app := newBlog()
	app.OnShutdown(func(db *Database) error {
		fmt.Println("closing a database of", len(db.posts))
		return nil
	})
	app.Get("/posts/{id}", (*Post).itself)

	app.Execute(restmachine.Request{Path: "/posts/1"}) // starts it
	fmt.Println(app.Shutdown(context.Background()))
	// Output:
	// closing a database of 1
	// <nil>
}

// A transaction spans the check of a precondition and the write, and is over
// before the answer is sent.
func ExampleApp_Dependency() {
	type Transaction struct{ *Database }

	app := restmachine.New()
	app.OnStartup(OpenDatabase)
	app.Dependency(func(db *Database) (Transaction, func(error) error) {
		fmt.Println("begin")
		return Transaction{db}, func(err error) error {
			fmt.Println("commit, unless", err)
			return nil
		}
	})
	app.ResourceExists(func(path restmachine.PathParams, tx Transaction) *Post { return tx.Post(path.Get("id")) })
	app.Delete("/posts/{id}", func(p *Post, tx Transaction) { tx.Delete(p) })

	show(app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts/1"}))
	// Output:
	// begin
	// commit, unless <nil>
	// 204
}

// A test has a database of its own; OpenDatabase is not run.
func ExampleOverride() {
	app := newBlog()
	app.Get("/posts/{id}", (*Post).itself)

	restmachine.Override(app, &Database{posts: map[string]Post{"7": {ID: "7", Title: "A test"}}})
	show(app.Execute(restmachine.Request{Path: "/posts/7"}))
	// Output: 200 {"id":"7","title":"A test"}
}

// A start that fails may be tried again.
func ExampleApp_Start() {
	tries := 0
	app := restmachine.New()
	app.OnStartup(func() (*Database, error) {
		if tries++; tries == 1 {
			return nil, errors.New("connection refused")
		}
		return OpenDatabase(), nil
	})

	fmt.Println(app.Start(context.Background()) != nil)
	fmt.Println(app.Start(context.Background()))
	// Output:
	// true
	// <nil>
}

// All hooks run, the latest first, and their errors are joined.
func ExampleApp_Shutdown() {
	app := restmachine.New()
	app.OnShutdown(func() error { return errors.New("the first is still in use") })
	app.OnShutdown(func() { fmt.Println("the second is closed") })

	fmt.Println(app.Start(context.Background()))
	err := app.Shutdown(context.Background())
	fmt.Println(err != nil)
	// Output:
	// <nil>
	// the second is closed
	// true
}

// A service ends with its context, as from signal.NotifyContext.
func ExampleApp_ListenAndServe() {
	ctx, stop := context.WithCancel(context.Background())

	app := newBlog()
	app.OnShutdown(func(*Database) { fmt.Println("closed") })
	app.Get("/posts/{id}", (*Post).itself)

	stop() // else the example serves for ever
	fmt.Println(app.ListenAndServe(ctx, "127.0.0.1:0"))
	// Output:
	// closed
	// <nil>
}

// Middleware goes around the App, and an upload may take ten minutes.
func ExampleApp_Serve() {
	ctx, stop := context.WithCancel(context.Background())

	app := newBlog()
	app.OnShutdown(func(*Database) { fmt.Println("closed") })
	app.Get("/posts/{id}", (*Post).itself)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	stop() // else the example serves for ever
	fmt.Println(app.Serve(ctx, listener, &http.Server{
		Handler:     http.NewCrossOriginProtection().Handler(app),
		ReadTimeout: 10 * time.Minute,
	}))
	// Output:
	// closed
	// <nil>
}
