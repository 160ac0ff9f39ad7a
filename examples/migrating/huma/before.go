// Package huma is the notes with huma, before the migration. Preconditions are those of its package
// conditional, which each operation has to ask.
package huma

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/conditional"

	"github.com/restmachine/restmachine-go/examples/migrating/notes"
)

// A change is what a client sends, with the rules of its members.
type change struct {
	Text string `json:"text" minLength:"1"`
}

// A Target is the note of the path, and the preconditions of the request.
type Target struct {
	ID string `path:"id"`
	conditional.Params
}

type replacement struct {
	Target
	Body change
}

type addition struct{ Body change }

type output struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     *notes.Note
}

type service struct{ all *notes.Notes }

// New returns the service.
func New(all *notes.Notes) http.Handler {
	s := service{all}
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Notes", "1.0.0")
	config.CreateHooks = nil // else each answer has a member $schema
	api := humago.New(mux, config)
	huma.Get(api, "/notes/{id}", s.read)
	huma.Put(api, "/notes/{id}", s.replace)
	huma.Delete(api, "/notes/{id}", s.remove)
	huma.Post(api, "/notes", s.create, func(o *huma.Operation) { o.DefaultStatus = http.StatusCreated })
	return mux
}

// load returns the note of the path, if the preconditions let it.
func (s service) load(in *Target) (*notes.Note, error) {
	n := s.all.Get(in.ID)
	if n == nil {
		return nil, huma.Error404NotFound("there is no such note")
	}
	if in.HasConditionalParams() {
		if err := in.PreconditionFailed(strconv.Itoa(n.Version), time.Time{}); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func show(n *notes.Note) *output {
	return &output{ETag: strconv.Quote(strconv.Itoa(n.Version)), Body: n}
}

func (s service) read(_ context.Context, in *Target) (*output, error) {
	n, err := s.load(in)
	if err != nil {
		return nil, err
	}
	return show(n), nil
}

func (s service) replace(_ context.Context, in *replacement) (*output, error) {
	n, err := s.load(&in.Target)
	if err != nil {
		return nil, err
	}
	return show(s.all.Replace(n.ID, notes.Change{Text: in.Body.Text})), nil
}

func (s service) remove(_ context.Context, in *Target) (*struct{}, error) {
	n, err := s.load(in)
	if err != nil {
		return nil, err
	}
	s.all.Delete(n.ID)
	return nil, nil
}

func (s service) create(_ context.Context, in *addition) (*output, error) {
	n := s.all.Add(notes.Change{Text: in.Body.Text})
	out := show(n)
	out.Location = "/notes/" + n.ID
	return out, nil
}
