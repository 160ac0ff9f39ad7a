// Set-up 3: everybody reads, and the owner writes. One gate tells the two apart by the
// method. It takes the post's Optional, since a PUT may create one.

package main

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Owners returns an App of posts. Who makes a post owns it.
func Owners() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(NewTokens)
	app.OnStartup(NewPosts)
	app.Dependency(Caller)

	app.ResourceExists(func(path restmachine.PathParams, all *Posts) *Post {
		return all.Post(path.Get("post"))
	})
	app.GenerateETag(func(p *Post) string { return strconv.Itoa(p.Version) })

	posts := app.Group("/posts/{post}")
	posts.Authorized(readsOrIsKnown)
	posts.Forbidden(writesWhatIsAnothers)

	post := posts.Get("", func(p *Post) *Post { return p })
	post.Put(keepPost)
	post.Problems(&restmachine.Problem{Status: http.StatusUnprocessableEntity})
	post.Delete(func(p *Post, all *Posts) error { return all.Delete(p) })
	post.Handle("ARCHIVE", func(p *Post, all *Posts) error { return all.Archive(p) })
	return app
}

func readsOrIsKnown(m restmachine.Method, u *User) bool { return m.Safe() || u != nil }

func writesWhatIsAnothers(m restmachine.Method, p restmachine.Optional[*Post], u *User) bool {
	return !m.Safe() && p.OK && p.Value.Owner != u.Name
}

// keepPost replaces the post, or makes one that the caller owns.
func keepPost(was restmachine.Optional[*Post], path restmachine.PathParams, in restmachine.Body[NewPost], u *User, all *Posts) (*Post, error) {
	if in.Value.Text == "" {
		return nil, &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: "A post needs a text."}
	}
	return all.Keep(was.Value, Post{ID: path.Get("post"), Owner: u.Name, Text: in.Value.Text})
}

// A Post has one owner for ever.
type Post struct {
	ID       string `json:"id"`
	Owner    string `json:"owner"`
	Text     string `json:"text"`
	Archived bool   `json:"archived"`
	Version  int    `json:"version"`
}

// NewPost is the content of a PUT. It cannot name an owner.
type NewPost struct {
	Text string `json:"text"`
}

// Posts keeps posts in memory. It returns copies, and is safe for concurrent use.
type Posts struct {
	mu      sync.Mutex
	all     map[string]Post
	version int // the last one that a post got: none comes again for a post that is made anew
}

// NewPosts returns Posts with one of ann to try.
func NewPosts() *Posts {
	return &Posts{all: map[string]Post{"first": {ID: "first", Owner: "ann", Text: "Hello", Version: 1}}, version: 1}
}

// Post returns the post, or nil.
func (s *Posts) Post(id string) *Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.all[id]
	if !ok {
		return nil
	}
	return &p
}

// Keep puts a post in the place of the one that was there, or of none. It returns
// [restmachine.ErrStale] if another request was faster.
func (s *Posts) Keep(was *Post, p Post) (*Post, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	current, exists := s.all[p.ID]
	if exists != (was != nil) || exists && current != *was {
		return nil, restmachine.ErrStale
	}
	s.version++
	p.Version = s.version
	s.all[p.ID] = p
	return &p, nil
}

// Archive marks the post.
func (s *Posts) Archive(p *Post) error {
	archived := *p
	archived.Archived = true
	_, err := s.Keep(p, archived)
	return err
}

// Delete removes the post. It returns [restmachine.ErrStale] if it has changed.
func (s *Posts) Delete(p *Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[p.ID] != *p {
		return restmachine.ErrStale
	}
	delete(s.all, p.ID)
	return nil
}
