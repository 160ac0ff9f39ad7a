// These examples run on SQLite. On PostgreSQL, only sql.Open and the dialect differ.

package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"strings"

	_ "modernc.org/sqlite"

	"github.com/restmachine/restmachine-go/contrib/sqlstore"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// A Task is what the examples keep.
type Task struct{ Title string }

type (
	Tasks  = *sqlstore.Store[string, Task]
	Record = store.Record[string, Task]
)

// openTasks opens a store in memory. A database in a file need not be limited to one
// connection.
func openTasks(ctx context.Context) (*sql.DB, Tasks) {
	db, err := sql.Open("sqlite", ":memory:")
	check(err)
	db.SetMaxOpenConns(1)
	tasks, err := sqlstore.Open[string, Task](ctx, db, sqlstore.SQLite, "tasks")
	check(err)
	return db, tasks
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func Example() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()

	r, err := tasks.Put(ctx, "7", Task{"Write"}, store.Absent())
	check(err)
	_, err = tasks.Put(ctx, "7", Task{"Rewrite"}, store.At(r.Version))
	check(err)
	err = tasks.Delete(ctx, "7", store.At(r.Version)) // somebody has written since
	fmt.Println(errors.Is(err, store.ErrStale))
	r, ok, err := tasks.Get(ctx, "7")
	fmt.Println(r.Value.Title, ok, err)
	// Output:
	// true
	// Rewrite true <nil>
}

// The tag of an item comes from its version, and the tag of the list from those of its
// items. A POST with If-Match creates only if the list is still as the client knows it.
func ExampleStore() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()

	type Page struct{ Tasks []Record }
	app := restmachine.New()
	app.OnStartup(func() Tasks { return tasks })
	app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, tasks Tasks) (Record, bool, error) {
		return tasks.Get(ctx, path.Get("id"))
	})
	app.GenerateETag(Record.ETag)
	app.Provides("application/json", func(r Record) Task { return r.Value })
	app.Get("/tasks/{id}", func(r Record) Record { return r })

	list := app.Resource("/tasks")
	list.ResourceExists(func(ctx context.Context, tasks Tasks) (*Page, error) {
		records, err := tasks.List(ctx, nil, 100)
		return &Page{records}, err
	})
	list.GenerateETag(func(p *Page) conditional.ETag { return store.ListTag(p.Tasks) })
	list.Provides("application/json", func(p *Page) []Task {
		shown := []Task{}
		for _, r := range p.Tasks {
			shown = append(shown, r.Value)
		}
		return shown
	})
	list.Get(func(p *Page) *Page { return p })
	list.Post(func(ctx context.Context, seen *Page, in restmachine.Body[Task], tasks Tasks) (*restmachine.Reply[Task], error) {
		err := tasks.Exclusive(ctx, func(tasks Tasks) error {
			now, err := tasks.List(ctx, nil, 100)
			if err == nil && store.ListTag(now) != store.ListTag(seen.Tasks) {
				err = store.ErrStale // another process was faster
			}
			if err == nil {
				_, err = tasks.Put(ctx, in.Value.Title, in.Value, store.Absent())
			}
			return err
		})
		return restmachine.Created("/tasks/"+in.Value.Title, in.Value), err
	})
	send := func(method, path string, fields ...string) restmachine.Response {
		req := restmachine.Request{Method: method, Path: path, Header: map[string][]string{}}
		if method == "POST" {
			req.Body = []byte(`{"Title": "Write"}`)
			req.Header.Set("Content-Type", "application/json")
		}
		for i := 0; i < len(fields); i += 2 {
			req.Header.Set(fields[i], fields[i+1])
		}
		return app.Execute(req)
	}
	empty := send("GET", "/tasks").Header.Get("ETag")
	fmt.Println(send("POST", "/tasks", "If-Match", empty).StatusCode)
	fmt.Println(send("POST", "/tasks", "If-Match", empty).StatusCode)
	full := send("GET", "/tasks").Header.Get("ETag")
	fmt.Println(send("GET", "/tasks", "If-None-Match", full).StatusCode)
	fmt.Println(send("GET", "/tasks/Write").StatusCode)
	// Output:
	// 201
	// 412
	// 304
	// 200
}

func ExampleOpen() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", ":memory:")
	check(err)
	defer db.Close()
	_, err = sqlstore.Open[string, Task](ctx, db, sqlstore.SQLite, "tasks")
	fmt.Println(err)
	// Output: sqlstore: opening the table tasks: each connection to a database in memory has its own: call db.SetMaxOpenConns(1), or use a file
}

func ExampleDialect() {
	fmt.Println(sqlstore.SQLite, sqlstore.PostgreSQL)
	// Output: SQLite PostgreSQL
}

// A range is a page in the middle of the keys of one user, newest first.
func ExampleRange() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()
	for _, key := range []string{"ada/2025", "ada/2026", "ada/2027", "bo/2026"} {
		_, err := tasks.Put(ctx, key, Task{}, store.Absent())
		check(err)
	}
	after := "ada/2027"
	page, err := tasks.Select(ctx, sqlstore.Range[string]{Prefix: "ada/", After: &after, Limit: 10, Descending: true})
	check(err)
	for _, r := range page {
		fmt.Println(r.Key)
	}
	// Output:
	// ada/2026
	// ada/2025
}

func ExampleStore_Delete() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()
	r, err := tasks.Put(ctx, "7", Task{"Write"}, store.Absent())
	check(err)
	check(tasks.Delete(ctx, "7", store.At(r.Version)))
	fmt.Println(errors.Is(tasks.Delete(ctx, "7", store.At(r.Version)), store.ErrStale))
	fmt.Println(tasks.Delete(ctx, "7", store.Any()))
	// Output:
	// true
	// <nil>
}

func ExampleStore_Select() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()
	for _, key := range []string{"a", "B", "b"} { // the order of Go strings
		_, err := tasks.Put(ctx, key, Task{}, store.Absent())
		check(err)
	}
	page, err := tasks.Select(ctx, sqlstore.Range[string]{From: "B", To: "b"})
	check(err)
	fmt.Println(page[0].Key, page[1].Key)
	// Output: B a
}

// The tasks of one project, page by page: store.Below calls it.
func ExampleStore_Below() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()
	for _, key := range []string{"apollo/1", "apollo/2", "apollo11/1"} {
		_, err := tasks.Put(ctx, key, Task{}, store.Absent())
		check(err)
	}
	page, err := tasks.Below(ctx, "apollo/", nil, 100)
	check(err)
	for _, r := range page {
		fmt.Println(r.Key)
	}
	// Output:
	// apollo/1
	// apollo/2
}

// The record and a row of another table are written together, or not at all.
func ExampleStore_WithTx() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	check(err)
	_, err = tx.ExecContext(ctx, "CREATE TABLE log (line text)")
	check(err)
	_, err = tasks.WithTx(tx).Put(ctx, "7", Task{"Write"}, store.Absent())
	check(err)
	check(tx.Rollback())
	_, ok, err := tasks.Get(ctx, "7")
	fmt.Println(ok, err)
	// Output: false <nil>
}

// There may be two tasks at most.
func ExampleStore_Exclusive() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()
	full := errors.New("there are two already")
	for _, key := range []string{"a", "b", "c"} {
		err := tasks.Exclusive(ctx, func(tasks Tasks) error {
			page, err := tasks.List(ctx, nil, 2)
			if err == nil && len(page) == 2 {
				err = full
			}
			if err == nil {
				_, err = tasks.Put(ctx, key, Task{}, store.Absent())
			}
			return err
		})
		fmt.Println(key, err)
	}
	// Output:
	// a <nil>
	// b <nil>
	// c there are two already
}

// A client may send a key that the table cannot hold. MapError makes a 400 of it.
func ExampleErrKey() {
	ctx := context.Background()
	db, tasks := openTasks(ctx)
	defer db.Close()
	app := restmachine.New()
	app.MapError(sqlstore.ErrKey, &restmachine.Problem{Status: 400, Detail: "This cannot be a name."})

	_, err := tasks.Put(ctx, strings.Repeat("x", sqlstore.MaxKey+1), Task{}, store.Absent())
	fmt.Println(err)
	// Output: sqlstore: a key of 2001 bytes is too long: not a key of a table
}
