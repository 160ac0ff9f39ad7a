// The application: the facts about a post, and its methods. Requests come in. Statuses,
// conditional requests and error messages follow from the facts.

package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// postPath is the path of a post. A post_id that is not a number does not
// name a post: 404.
type postPath struct {
	ID int64 `path:"post_id"`
}

// A NewPost is the content that creates a post.
type NewPost struct {
	Title   string `json:"title"`
	Content string `json:"content"`
}

// A PostUpdate is the content that changes a post. A member that is left out
// stays as it is. A client cannot change ID, version and date.
type PostUpdate struct {
	Title   *string `json:"title"`
	Content *string `json:"content"`
}

// New returns the application on the SQLite database in file. If the file does
// not exist, New makes it, with a first post.
func New(file string, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)

	app.OnStartup(func() Clock { return time.Now })
	app.OnStartup(func(ctx context.Context, now Clock) (*Store, error) {
		return OpenStore(ctx, file, now)
	})
	app.OnShutdown((*Store).Close)

	app.ResourceExists(func(ctx context.Context, path restmachine.Path[postPath], store *Store) (*Post, error) {
		return store.Post(ctx, path.Value.ID)
	})
	app.GenerateETag((*Post).Tag)
	app.LastModified(func(p *Post) time.Time { return p.UpdatedAt })
	app.CacheControl(func(*Post) string { return "no-cache" }) // else browsers guess how long a post is fresh
	app.Location(func(p *Post) string { return fmt.Sprintf("/posts/%d", p.ID) })

	posts := app.Resource("/posts")
	posts.AutoETag(restmachine.Strong) // a page does not have a version: its tag is a hash
	posts.Get(listPosts)
	posts.Post(createPost)
	posts.Problems(errUntitled)

	post := app.Resource("/posts/{post_id}")
	post.RequirePreconditions() // 428: nobody overwrites a version that they have not seen
	post.Get(func(p *Post) *Post { return p })
	post.Put(updatePost)
	post.Problems(errUntitled)
	post.Delete(func(ctx context.Context, p *Post, store *Store) error {
		return store.Delete(ctx, p)
	})

	showPages(app)
	showDocument(app)
	return app
}

func createPost(ctx context.Context, in restmachine.Body[NewPost], store *Store) (*restmachine.Reply[*Post], error) {
	if err := checkTitle(in.Value.Title); err != nil {
		return nil, err
	}
	post, err := store.Create(ctx, in.Value.Title, in.Value.Content)
	if err != nil {
		return nil, err
	}
	return restmachine.Created("", post), nil // Location is a fact, so it is not given here
}

// updatePost changes p, the version that the precondition was checked against.
func updatePost(ctx context.Context, p *Post, in restmachine.Body[PostUpdate], store *Store) (*Post, error) {
	changed := *p
	if in.Value.Title != nil {
		changed.Title = *in.Value.Title
	}
	if in.Value.Content != nil {
		changed.Content = *in.Value.Content
	}
	if err := checkTitle(changed.Title); err != nil {
		return nil, err
	}
	return store.Update(ctx, changed)
}

// errUntitled is what a client gets that leaves out the title.
var errUntitled = &restmachine.Problem{
	Status: http.StatusUnprocessableEntity,
	Title:  "Unprocessable Content",
	Detail: "A post needs a title.",
}

func checkTitle(title string) error {
	if strings.TrimSpace(title) == "" {
		return errUntitled
	}
	return nil
}
