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

func ExampleWithStrictJSON() {
	app := restmachine.New(restmachine.WithStrictJSON())
	app.Post("/posts", func(in restmachine.Body[Post]) {})

	resp := app.Execute(restmachine.Request{Method: "POST", Path: "/posts", Body: []byte(`{"titel":"Hello"}`)})
	fmt.Println(resp.StatusCode)
	// Output: 400
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

// A handler that calls its own App without the context that it was given would wait for
// itself: the log says so while it waits. Here it gives up in time.
func ExampleWithLockWarning() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.LevelKey {
			return a
		}
		return slog.Attr{}
	}}))
	app := newBlog(restmachine.WithLockWarning(time.Millisecond), restmachine.WithLogger(log))
	app.Put("/posts/{id}", func(p *Post) {
		impatient, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		resp := app.ExecuteContext(impatient, restmachine.Request{Method: "DELETE", Path: "/posts/1"})
		fmt.Println(resp.StatusCode)
	}).Delete(func(*Post) {})

	fmt.Println(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1"}).StatusCode)
	// Output:
	// level=WARN
	// 503
	// 204
}
