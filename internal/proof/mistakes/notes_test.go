// The service in which the mistakes are made: notes with a version.

package mistakes

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A note is what the service keeps.
type note struct {
	ID      int       `json:"id"`
	Text    string    `json:"text"`
	Version int       `json:"version"`
	Updated time.Time `json:"-"`
	Author  string    `json:"-"`
}

// A change is what a client sends.
type change struct {
	Text string `json:"text"`
}

// tag is the right tag of a note.
func (n *note) tag() string { return strconv.Itoa(n.ID) + "-" + strconv.Itoa(n.Version) }

// notes keep notes. The zero value has none.
type notes struct {
	mu       sync.Mutex
	byID     map[int]*note
	versions int // that were given; they never come again
	ids      int
}

func twoNotes() *notes {
	s := &notes{byID: map[int]*note{}}
	s.add("first")
	s.add("second")
	return s
}

var began = time.Date(2024, time.January, 15, 10, 0, 0, 0, time.UTC)

// put keeps a copy under a new version.
func (s *notes) put(n note) *note {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.versions++
	n.Version, n.Updated = s.versions, began.Add(time.Duration(s.versions)*time.Second)
	s.byID[n.ID] = &n
	return &n
}

// set keeps a copy as it is.
func (s *notes) set(n note) *note {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[n.ID] = &n
	return &n
}

func (s *notes) add(text string) *note {
	s.mu.Lock()
	s.ids++
	id := s.ids
	s.mu.Unlock()
	return s.put(note{ID: id, Text: text})
}

// get is a copy of a note; nil: there is none.
func (s *notes) get(id int) *note {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.byID[id]
	if !ok {
		return nil
	}
	copied := *n
	return &copied
}

// shared is the note itself.
func (s *notes) shared(id int) *note {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id]
}

func (s *notes) remove(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
}

func (s *notes) all() []note {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []note{}
	for _, n := range s.byID {
		all = append(all, *n)
	}
	slices.SortFunc(all, func(a, b note) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// byPath names a note.
type byPath struct {
	ID int `path:"id"`
}

// with declares the usual App: a note can be read, written and deleted. What is different is set
// before it is declared.
type with struct {
	load   restmachine.Func
	tag    restmachine.Func
	date   restmachine.Func
	put    restmachine.Func
	remove restmachine.Func
}

func (w with) app(s *notes, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	or := func(f, otherwise restmachine.Func) restmachine.Func {
		if f == nil {
			return otherwise
		}
		return f
	}
	app.ResourceExists(or(w.load, func(at restmachine.Path[byPath]) *note { return s.get(at.Value.ID) }))
	app.GenerateETag(or(w.tag, (*note).tag))
	if w.date != nil {
		app.LastModified(w.date)
		app.CacheControl(func(*note) string { return "no-cache" })
	}
	r := app.Get("/notes/{id}", func(n *note) *note { return n })
	r.Put(or(w.put, func(n *note, in restmachine.Body[change]) *note {
		n.Text = in.Value.Text
		return s.put(*n)
	}))
	r.Delete(or(w.remove, func(n *note) { s.remove(n.ID) }))
	app.Get("/notes", s.all)
	app.Post("/notes", func(in restmachine.Body[change]) *restmachine.Reply[*note] {
		return restmachine.Created("", s.add(in.Value.Text))
	})
	app.Location(func(n *note) string { return "/notes/" + strconv.Itoa(n.ID) })
	return app
}
