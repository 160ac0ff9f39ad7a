// What the examples are about: posts, in a database that is a map. The examples
// are one file for each idea.

package restmachine_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Post is a resource.
type Post struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Version   int       `json:"-"`
	UpdatedAt time.Time `json:"-"`
}

// itself is a handler for GET: the answer is what was loaded.
func (p *Post) itself() *Post { return p }

// A Database has posts. Whoever serves more than one request at a time adds a
// lock.
type Database struct{ posts map[string]Post }

// OpenDatabase returns a Database with one post.
func OpenDatabase() *Database {
	day := time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)
	return &Database{posts: map[string]Post{"1": {ID: "1", Title: "Hello", Version: 1, UpdatedAt: day}}}
}

// Post returns a copy of a post, nil where there is none.
func (db *Database) Post(id string) *Post {
	if p, ok := db.posts[id]; ok {
		return &p
	}
	return nil
}

// Save puts a post into the database, as its next version.
func (db *Database) Save(p Post) *Post {
	p.Version++
	p.UpdatedAt = p.UpdatedAt.Add(time.Hour)
	db.posts[p.ID] = p
	return &p
}

// Delete takes a post out of the database.
func (db *Database) Delete(p *Post) { delete(db.posts, p.ID) }

// FindPost is a ResourceExists: it loads the post that the path names.
func FindPost(path restmachine.PathParams, db *Database) *Post { return db.Post(path.Get("id")) }

// newBlog returns an App that can open its database and find a post. Each
// example says what else is true.
func newBlog(options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.OnStartup(OpenDatabase)
	app.ResourceExists(FindPost)
	return app
}

// show prints the status of a response, the fields that are asked for, and the
// content.
func show(resp restmachine.Response, fields ...string) {
	line := []string{strconv.Itoa(resp.StatusCode)}
	for _, name := range fields {
		line = append(line, name+": "+resp.Header.Get(name))
	}
	if len(resp.Body) > 0 {
		line = append(line, string(resp.Body))
	}
	fmt.Println(strings.Join(line, " "))
}
