// The service: notes that signed-in users read and write. Requests come in, also from scripts
// of a page that another server has. Notes go out.

package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

// A Note is a text. Its Version counts how often it was written.
type Note struct {
	ID      int    `json:"id"`
	Text    string `json:"text"`
	By      string `json:"by"`
	Version int    `json:"version"`
}

// A Text is the content that writes a note.
type Text struct {
	Text string `json:"text"`
}

// A Login is the content that signs a user in. A real one has a password.
type Login struct {
	Name string `json:"name"`
}

// Validate refuses a name that a cookie cannot hold.
func (l Login) Validate() error {
	if l.Name == "" || strings.Trim(l.Name, "abcdefghijklmnopqrstuvwxyz") != "" {
		return errors.New("a name has small letters alone")
	}
	return nil
}

// A User is who sent a request.
type User string

type notePath struct {
	ID int `path:"id"`
}

// Notes are the notes of all.
type Notes struct {
	mu  sync.Mutex
	all map[int]Note
}

// Note returns a copy of a note; nil if there is none.
func (n *Notes) Note(id int) *Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	if note, ok := n.all[id]; ok {
		return &note
	}
	return nil
}

// All returns all notes.
func (n *Notes) All() []Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.SortedFunc(maps.Values(n.all), func(a, b Note) int { return cmp.Compare(a.ID, b.ID) })
}

// Write writes a note. One without an ID gets one.
func (n *Notes) Write(note Note) *Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	if note.ID == 0 {
		note.ID = len(n.all) + 1
	}
	note.Version++
	n.all[note.ID] = note
	return &note
}

// New returns the App. Pages of the origins may use it from their scripts, with the cookie by
// which users are signed in.
func New(origins ...string) *restmachine.App {
	app := restmachine.New(restmachine.WithChallenge("Session"))
	cors.Allow(app, cors.Policy{Origins: origins, Credentials: true})

	app.OnStartup(func() *Notes {
		return &Notes{all: map[int]Note{1: {1, "buy milk", "ann", 1}}}
	})
	app.Dependency(func(h http.Header) (User, error) {
		cookie, err := (&http.Request{Header: h}).Cookie("user")
		if err != nil || cookie.Value == "" {
			return "", &restmachine.Problem{Status: 401, Detail: "sign in by a POST to /sessions"}
		}
		return User(cookie.Value), nil
	})
	app.Post("/sessions", func(in restmachine.Body[Login]) *restmachine.Reply[Login] {
		reply := restmachine.Created("/sessions", in.Value)
		cookie := http.Cookie{Name: "user", Value: in.Value.Name, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
		reply.Header.Set("Set-Cookie", cookie.String())
		return reply
	}).Field("Set-Cookie", "The cookie user, which signs in the requests that follow.", 201)

	notes := app.Group("/notes")
	notes.Authorized(func(User) bool { return true })
	notes.Get("", (*Notes).All)
	notes.Post("", func(in restmachine.Body[Text], by User, all *Notes) *restmachine.Reply[*Note] {
		return restmachine.Created("", all.Write(Note{Text: in.Value.Text, By: string(by)}))
	})
	app.Location(func(n *Note) string { return fmt.Sprintf("/notes/%d", n.ID) })

	note := notes.Resource("/{id}")
	app.ResourceExists(func(path restmachine.Path[notePath], all *Notes) *Note { return all.Note(path.Value.ID) })
	app.GenerateETag(func(n *Note) string { return strconv.Itoa(n.Version) })
	note.RequirePreconditions()
	note.Get(func(n *Note) *Note { return n })
	note.Put(func(n *Note, in restmachine.Body[Text], by User, all *Notes) *Note {
		return all.Write(Note{n.ID, in.Value.Text, string(by), n.Version})
	})
	return app
}
