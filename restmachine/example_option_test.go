// Options: how an App works.

package restmachine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// The services of a house share their options.
func ExampleOption() {
	house := []restmachine.Option{restmachine.WithStrictTags(), restmachine.WithStrictJSON()}
	app := restmachine.New(append(house, restmachine.WithChallenge("Basic"))...)
	app.Authorized(func() bool { return false })
	app.Get("/hello", func() string { return "Hello, World!" })

	fmt.Println(app.Execute(restmachine.Request{Path: "/hello"}).Header.Get("WWW-Authenticate"))
	// Output: Basic
}

func ExampleWithChallenge() {
	app := restmachine.New(restmachine.WithChallenge(`Basic realm="posts"`))
	app.Authorized(func() bool { return false })
	app.Get("/hello", func() string { return "Hello, World!" })

	fmt.Println(app.Execute(restmachine.Request{Path: "/hello"}).Header.Get("WWW-Authenticate"))
	// Output: Basic realm="posts"
}

// A client that reads only Italian gets English, unless the App refuses it.
func ExampleWithStrictNegotiation() {
	for _, app := range []*restmachine.App{restmachine.New(), restmachine.New(restmachine.WithStrictNegotiation())} {
		app.Languages("en", "de")
		app.Get("/hello", func() string { return "Hello" })

		resp := app.Execute(restmachine.Request{Path: "/hello", Header: http.Header{"Accept-Language": {"it"}}})
		fmt.Println(resp.StatusCode, resp.Header.Get("Content-Language"))
	}
	// Output:
	// 200 en
	// 406
}

func ExampleWithJSONEncoder() {
	app := newBlog(restmachine.WithJSONEncoder(func(dst *bytes.Buffer, v any) error {
		e := json.NewEncoder(dst)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}))
	app.Get("/posts/{id}", (*Post).itself)

	fmt.Printf("%s", app.Execute(restmachine.Request{Path: "/posts/1"}).Body)
	// Output:
	// {
	//   "id": "1",
	//   "title": "Hello"
	// }
}

// A write that waits for a goroutine, which calls the App for the same resource, waits for itself,
// unless it hands on the context that it was given. Here the goroutine gives up when that is
// logged.
func ExampleWithLockWarning() {
	another, giveUp := context.WithCancel(context.Background())
	log := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.MessageKey && strings.Contains(a.Value.String(), "lock") {
			giveUp()
		}
		if a.Key == slog.TimeKey || a.Key == "since" || a.Key == "route" || a.Key == "why" {
			return slog.Attr{}
		}
		return a
	}})
	app := newBlog(restmachine.WithLockWarning(time.Millisecond), restmachine.WithLogger(slog.New(log)))
	app.Put("/posts/{id}", func(*Post) string {
		status := make(chan int)
		go func() {
			status <- app.ExecuteContext(another, restmachine.Request{Method: "DELETE", Path: "/posts/1"}).StatusCode
		}()
		return fmt.Sprint("the DELETE says ", <-status)
	}).Delete(func(*Post) {})

	show(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1"}))
	// Output:
	// level=WARN msg="restmachine: a write waits long for a lock" lock=/posts/1 waiter.method=DELETE waiter.path=/posts/1 holder.method=PUT holder.path=/posts/1
	// 200 the DELETE says 503
}

// The log has what the client must not see.
func ExampleWithLogger() {
	plain := slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "error" || a.Key == "path" {
			return a
		}
		return slog.Attr{}
	}})
	app := restmachine.New(restmachine.WithLogger(slog.New(plain)))
	app.Get("/posts", func() (string, error) { return "", errors.New("password rejected") })

	show(app.Execute(restmachine.Request{Path: "/posts"}))
	// Output:
	// path=/posts error="password rejected"
	// 500 {"title":"Internal Server Error","status":500}
}

func ExampleWithPrecedence() {
	app := newBlog(restmachine.WithPrecedence(restmachine.RFC9110))
	app.GenerateETag(func(p *Post) string { return fmt.Sprint(p.Version) })
	app.LastModified(func(p *Post) time.Time { return p.UpdatedAt })
	app.Get("/posts/{id}", (*Post).itself)

	resp := app.Execute(restmachine.Request{Path: "/posts/1", Header: http.Header{
		"If-None-Match":     {`"1"`},
		"If-Modified-Since": {"Sun, 14 Jan 2024 10:00:00 GMT"}, // not asked
	}})
	fmt.Println(resp.StatusCode)
	// Output: 304
}

// Whoever orders more than there is gets all that is wrong, of each line, in one answer. The
// second function is asked about each type when the App starts.
func ExampleWithValidator() {
	type Line struct{ SKU string }
	check := func(v any) error {
		var bad restmachine.Invalid
		if lines, ok := v.([]Line); ok && len(lines) > 1 {
			bad.Add("/1", "is one line too many")
		}
		return bad.Err()
	}
	known := func(t reflect.Type) error {
		if t != reflect.TypeFor[[]Line]() {
			return errors.New("nobody knows how")
		}
		return nil
	}
	app := restmachine.New(restmachine.WithValidator(check, known))
	app.Post("/orders", func(restmachine.Body[[]Line]) {})

	show(app.Execute(restmachine.Request{Method: "POST", Path: "/orders", Body: []byte(`[{"SKU":"a"},{"SKU":"b"}]`)}))
	// Output:
	// 422 {"title":"Unprocessable Content","status":422,"detail":"/1: is one line too many","errors":[{"pointer":"#/1","detail":"is one line too many"}]}
}

func ExampleWithStrictJSON() {
	app := restmachine.New(restmachine.WithStrictJSON())
	app.Post("/posts", func(in restmachine.Body[Post]) {})

	resp := app.Execute(restmachine.Request{Method: "POST", Path: "/posts", Body: []byte(`{"titel":"Hello"}`)})
	fmt.Println(resp.StatusCode)
	// Output: 422
}

// By the rules of v2, names do not fold, and omitempty leaves a number in.
func ExampleWithJSONv2() {
	type Counter struct {
		Name  string `json:"name"`
		Count int    `json:"count,omitempty"`
	}
	for _, options := range [][]restmachine.Option{nil, {restmachine.WithJSONv2()}} {
		app := restmachine.New(options...)
		app.Post("/counters", func(in restmachine.Body[Counter]) Counter { return in.Value })

		resp := app.Execute(restmachine.Request{Method: "POST", Path: "/counters", Body: []byte(`{"NAME":"visits"}`)})
		fmt.Printf("%s\n", resp.Body)
	}
	// Output:
	// {"name":"visits"}
	// {"name":"","count":0}
}

func ExampleWithStrictTags() {
	sloppy := restmachine.Request{Path: "/posts/1", Header: http.Header{"If-None-Match": {`1`}}}
	for _, options := range [][]restmachine.Option{nil, {restmachine.WithStrictTags()}} {
		app := newBlog(options...)
		app.GenerateETag(func(p *Post) string { return fmt.Sprint(p.Version) })
		app.Get("/posts/{id}", (*Post).itself)
		fmt.Println(app.Execute(sloppy).StatusCode)
	}
	// Output:
	// 304
	// 200
}

// A store that checks the version as it writes needs no lock.
func ExampleWithoutResourceLock() {
	app := newBlog(restmachine.WithoutResourceLock())
	app.Put("/posts/{id}", func(p *Post, in restmachine.Body[Post], db *Database) (*Post, error) {
		if db.Post(p.ID).Version != p.Version { // in SQL: UPDATE … WHERE id = $1 AND version = $2
			return nil, restmachine.ErrStale
		}
		p.Title = in.Value.Title
		return db.Save(*p), nil
	})

	show(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1", Body: []byte(`{"title":"Good day"}`)}))
	// Output: 200 {"id":"1","title":"Good day"}
}
