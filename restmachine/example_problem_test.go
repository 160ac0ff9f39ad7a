// Errors: which status they are, and what a client sees of them.

package restmachine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Any callback may return a Problem as its error.
func ExampleProblem() {
	app := restmachine.New()
	app.Post("/orders", func() error {
		return &restmachine.Problem{
			Type:       "https://example.com/problems/no-credit",
			Title:      "You do not have enough credit.",
			Status:     http.StatusForbidden,
			Extensions: map[string]any{"balance": 30},
		}
	})

	show(app.Execute(restmachine.Request{Method: "POST", Path: "/orders"}))
	// Output:
	// 403 {"type":"https://example.com/problems/no-credit","title":"You do not have enough credit.","status":403,"balance":30}
}

func ExampleProblem_Error() {
	fmt.Println(&restmachine.Problem{Title: "Not Found", Detail: "there is no post 7"})
	fmt.Println(&restmachine.Problem{Title: "Not Found"})
	// Output:
	// there is no post 7
	// Not Found
}

func ExampleProblem_MarshalJSON() {
	text, err := json.Marshal(&restmachine.Problem{Status: 409, Extensions: map[string]any{"rival": "/posts/7"}})
	fmt.Println(string(text), err)
	// Output: {"status":409,"rival":"/posts/7"} <nil>
}

// Three errors have a status of their own, wrapped or not; any other is a 500
// that is logged.
func Example_errors() {
	for _, err := range []error{fmt.Errorf("post 7: %w", restmachine.ErrNotFound), restmachine.ErrGone, restmachine.ErrStale} {
		app := restmachine.New()
		app.Post("/posts/7", func() error { return err })
		fmt.Println(app.Execute(restmachine.Request{Method: "POST", Path: "/posts/7"}).StatusCode)
	}
	// Output:
	// 404
	// 410
	// 409
}

// Somebody was faster: another process, since within one writes wait for each
// other.
func Example_lostUpdate() {
	app := newBlog()
	app.GenerateETag(func(p *Post) string { return fmt.Sprint(p.Version) })
	app.Get("/posts/{id}", (*Post).itself)
	app.Put("/posts/{id}", func(p *Post, db *Database) (*Post, error) {
		// UPDATE … WHERE id = $1 AND version = $2 changed no row.
		return nil, restmachine.ErrStale
	})

	seen := http.Header{"If-Match": {`"1"`}}
	fmt.Println(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1", Header: seen}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Method: "PUT", Path: "/posts/1"}).StatusCode)
	// Output:
	// 412
	// 409
}

// What a client would create exists already: a 409 that says so. It is an ErrStale, too.
func Example_exists() {
	app := restmachine.New()
	app.Post("/posts", func() error {
		// INSERT … ON CONFLICT DO NOTHING changed no row.
		return restmachine.ErrExists
	})
	resp := app.Execute(restmachine.Request{Method: "POST", Path: "/posts"})
	fmt.Println(string(resp.Body))
	fmt.Println(errors.Is(restmachine.ErrExists, restmachine.ErrStale))
	// Output:
	// {"title":"Conflict","status":409,"detail":"what this request would create exists already; change that, or create it under another name"}
	// true
}

// A store has errors of its own.
func ExampleFacts_MapError() {
	errReadOnly := errors.New("the store is read-only")
	app := restmachine.New()
	app.MapError(fs.ErrNotExist, restmachine.ErrNotFound)
	app.MapError(errReadOnly, &restmachine.Problem{Status: http.StatusServiceUnavailable, Detail: "Please come back tomorrow."})
	app.Get("/posts", func() (string, error) { return "", fmt.Errorf("posts: %w", fs.ErrNotExist) })
	app.Delete("/posts", func() error { return errReadOnly })

	fmt.Println(app.Execute(restmachine.Request{Path: "/posts"}).StatusCode)
	fmt.Println(app.Execute(restmachine.Request{Method: "DELETE", Path: "/posts"}).StatusCode)
	// Output:
	// 404
	// 503
}

// A driver's errors are told apart by what they say, as with *pgconn.PgError.
func ExampleFacts_MapErrorAs() {
	app := restmachine.New()
	app.MapErrorAs(func(e *fs.PathError) error {
		if e.Op == "write" {
			return &restmachine.Problem{Status: http.StatusInsufficientStorage, Detail: "The disk is full."}
		}
		return nil // it has no meaning of its own: 500
	})
	app.Put("/notes/1", func() error {
		return fmt.Errorf("notes: %w", &fs.PathError{Op: "write", Path: "notes/1", Err: errors.New("no space")})
	})

	fmt.Println(app.Execute(restmachine.Request{Method: "PUT", Path: "/notes/1"}).StatusCode)
	// Output: 507
}

func ExampleFacts_RenderError() {
	app := newBlog()
	app.RenderError(func(p *restmachine.Problem) map[string]string { return map[string]string{"message": p.Title} })
	app.Get("/posts/{id}", (*Post).itself)

	show(app.Execute(restmachine.Request{Path: "/posts/2"}), "Content-Type")
	// Output: 404 Content-Type: application/json {"message":"Not Found"}
}
