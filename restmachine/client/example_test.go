// What the client does with a service, over a connection.

package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/client"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Note is what the service has. The client knows it as a Todo, which is a part of it.
type Note struct {
	Text  string   `json:"text"`
	Done  bool     `json:"done"`
	Owner string   `json:"owner"`
	Tags  []string `json:"tags,omitempty"`
}

type Todo struct {
	Text string   `json:"text"`
	Done bool     `json:"done"`
	Tags []string `json:"tags,omitempty"`
}

// newNotes starts a service with one note, and returns the URL of its notes.
func newNotes() (url string, end func()) {
	type note = store.Record[string, Note]
	notes := &store.Memory[string, Note]{Clone: func(n Note) Note {
		n.Tags = slices.Clone(n.Tags)
		return n
	}}
	_, _ = notes.Put(context.Background(), "1", Note{Text: "Write", Owner: "Ann"}, store.Any())

	app := restmachine.New()
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams) (note, bool, error) {
		return notes.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(note.ETag)
	app.Location(func(n note) string { return "/notes/" + n.Key })
	app.Provides("application/json", func(n note) Note { return n.Value })
	one := app.Resource("/notes/{id}")
	one.RequirePreconditions()
	one.Get(func(n note) note { return n })
	one.Put(func(ctx context.Context, path restmachine.PathParams, old restmachine.Optional[note], in restmachine.Body[Note]) (note, error) {
		return notes.Put(ctx, path.Get("id"), in.Value, store.At(old.Value.Version))
	})
	one.Patch(func(ctx context.Context, n note, in restmachine.Body[restmachine.MergePatch[Note]]) (note, error) {
		changed, err := in.Value.Apply(n.Value)
		if err != nil {
			return n, err
		}
		return notes.Put(ctx, n.Key, changed, store.At(n.Version))
	})
	one.Delete(func(ctx context.Context, n note) error { return notes.Delete(ctx, n.Key, store.At(n.Version)) })
	done := app.Post("/notes/{id}/done", func(ctx context.Context, n note) (note, error) {
		n.Value.Done = true
		return notes.Put(ctx, n.Key, n.Value, store.At(n.Version))
	})
	done.RequirePreconditions("POST")
	app.Post("/notes", func(ctx context.Context, in restmachine.Body[Note]) (*restmachine.Reply[note], error) {
		if in.Value.Text == "" {
			var bad restmachine.Invalid
			bad.Add("/text", "is required")
			return nil, bad.Err()
		}
		n, err := notes.Put(ctx, "2", in.Value, store.Absent())
		return restmachine.Created("", n), err
	})
	server := httptest.NewServer(app)
	return server.URL + "/notes/", server.Close
}

// Two goroutines change the same note. Neither loses what the other wrote, nor the owner, which
// Todo does not know.
func Example() {
	url, end := newNotes()
	defer end()
	ctx, c := context.Background(), new(client.Client)

	var both sync.WaitGroup
	for _, tag := range []string{"home", "work"} {
		both.Go(func() {
			_, err := client.Update(ctx, c, url+"1", func(t *Todo) error {
				t.Tags = append(t.Tags, tag)
				return nil
			})
			if err != nil {
				fmt.Println(err)
			}
		})
	}
	both.Wait()
	note, err := client.Get[Note](ctx, c, url+"1")
	fmt.Println(len(note.Value.Tags), note.Value.Owner, err)
	// Output: 2 Ann <nil>
}

func ExampleClient() {
	c := &client.Client{
		HTTP:    &http.Client{Timeout: 10 * time.Second},
		Header:  http.Header{"Authorization": {"Bearer secret"}},
		Tries:   5,
		MaxWait: 30 * time.Second,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "%q", r.Header.Get("Authorization"))
	}))
	defer server.Close()
	said, err := client.Get[string](context.Background(), c, server.URL)
	fmt.Println(said.Value, err)
	// Output: Bearer secret <nil>
}

func ExampleGet() {
	url, end := newNotes()
	defer end()
	note, err := client.Get[Note](context.Background(), new(client.Client), url+"1")
	fmt.Println(note.Value.Text, note.ETag != "", err)
	// Output: Write true <nil>
}

func ExampleUpdate() {
	url, end := newNotes()
	defer end()
	todo, err := client.Update(context.Background(), new(client.Client), url+"1", func(t *Todo) error {
		if t.Done {
			return errors.New("somebody has done it")
		}
		t.Done = true
		return nil
	})
	fmt.Println(todo.Value.Text, todo.Value.Done, err)
	// Output: Write true <nil>
}

// A change that sets a value, whatever was there, may be made twice, and may create.
func ExampleUpdate_options() {
	url, end := newNotes()
	defer end()
	finish := func(t *Todo) error {
		t.Done = true
		return nil
	}
	todo, err := client.Update(context.Background(), new(client.Client), url+"new", finish, client.OrCreate, client.Repeatable)
	fmt.Println(todo.Value.Done, err)
	// Output: true <nil>
}

func ExamplePatch() {
	url, end := newNotes()
	defer end()
	todo, err := client.Patch(context.Background(), new(client.Client), url+"1", func(t *Todo) error {
		t.Text = "Write well" // sends {"text":"Write well"}
		return nil
	})
	fmt.Println(todo.Value.Text, err)
	// Output: Write well <nil>
}

func ExampleCreate() {
	url, end := newNotes()
	defer end()
	ctx, c := context.Background(), new(client.Client)
	_, err := client.Create(ctx, c, url+"mine", Note{Text: "Rest"})
	fmt.Println(err)
	_, err = client.Create(ctx, c, url+"mine", Note{Text: "Run"})
	fmt.Println(errors.Is(err, client.ErrPreconditionFailed))
	// Output:
	// <nil>
	// true
}

func ExamplePost() {
	url, end := newNotes()
	defer end()
	note, err := client.Post[Note](context.Background(), new(client.Client), url[:len(url)-1], Note{Text: "Rest"})
	fmt.Println(note.URL[len(url):], note.Value.Text, err)
	// Output: 2 Rest <nil>
}

// PostAt acts on the version that was read. The second call names one that is no longer there.
func ExamplePostAt() {
	url, end := newNotes()
	defer end()
	ctx, c := context.Background(), new(client.Client)
	note, err := client.Get[Note](ctx, c, url+"1")
	fmt.Println(note.Value.Done, err)
	done, err := client.PostAt[Note](ctx, c, url+"1/done", note.ETag, nil)
	fmt.Println(done.Value.Done, err)
	_, err = client.PostAt[Note](ctx, c, url+"1/done", note.ETag, nil)
	fmt.Println(errors.Is(err, client.ErrPreconditionFailed))
	// Output:
	// false <nil>
	// true <nil>
	// true
}

// Delete deletes what was read, and nothing else.
func ExampleDelete() {
	url, end := newNotes()
	defer end()
	ctx, c := context.Background(), new(client.Client)
	note, err := client.Get[Note](ctx, c, url+"1")
	fmt.Println(err)
	fmt.Println(client.Delete(ctx, c, note.URL, note.ETag))
	_, err = client.Get[Note](ctx, c, url+"1")
	fmt.Println(errors.Is(err, client.ErrNotFound))
	// Output:
	// <nil>
	// <nil>
	// true
}

// A Resource is a value, and what a next request needs.
func ExampleResource() {
	url, end := newNotes()
	defer end()
	var note client.Resource[Note]
	note, err := client.Get[Note](context.Background(), new(client.Client), url+"1")
	fmt.Println(note.Value.Text, note.URL == url+"1", note.Header.Get("Etag") == string(note.ETag), err)
	// Output: Write true true <nil>
}

func ExampleStatusError() {
	url, end := newNotes()
	defer end()
	_, err := client.Get[Note](context.Background(), new(client.Client), url+"7")
	var status *client.StatusError
	if errors.As(err, &status) {
		fmt.Println(status.Method, status.StatusCode, status.Tries)
	}
	fmt.Println(errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrGone))
	// Output:
	// GET 404 1
	// true false
}

func ExampleProblem() {
	url, end := newNotes()
	defer end()
	_, err := client.Post[Note](context.Background(), new(client.Client), url[:len(url)-1], Note{})
	var problem *client.Problem
	if errors.As(err, &problem) {
		fmt.Println(problem.Title)
		for _, e := range problem.Errors {
			fmt.Println(e.Pointer, e.Detail)
		}
	}
	// Output:
	// Unprocessable Content
	// #/text is required
}

// FieldError is how a form shows what is wrong.
func ExampleFieldError() {
	fmt.Println(client.FieldError{Pointer: "#/items/1/sku", Detail: "is required"})
	// Output: {#/items/1/sku is required}
}

// A server may break a connection after it has done a write. Whoever knows what was to be written
// reads it.
func Example_unknown() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler) // cuts the connection
	}))
	defer server.Close()
	_, err := client.Post[Note](context.Background(), new(client.Client), server.URL, Note{})
	fmt.Println(errors.Is(err, client.ErrUnknown))
	// Output: true
}

// An Option is given to Update and Patch.
func ExampleOption() {
	options := []client.Option{client.OrCreate, client.Repeatable}
	url, end := newNotes()
	defer end()
	_, err := client.Patch(context.Background(), new(client.Client), url+"1", func(t *Todo) error {
		t.Tags = []string{"home"}
		return nil
	}, options...)
	fmt.Println(err)
	// Output: <nil>
}
