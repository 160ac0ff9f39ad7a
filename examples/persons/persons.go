// The application: a person exists or not, and its entity-tag is a hash of its change
// date. Requests come in as its clients send them: content is JSON, whatever its media
// type. Errors go out as {"message": …}.

package main

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A NewPerson is the content that creates a person.
type NewPerson struct {
	ID   string `json:"person_id"`
	Name string `json:"person_name"`
}

// A PersonUpdate is the content that changes a person.
type PersonUpdate struct {
	Name string `json:"person_name"`
}

// A Message is the content of an error.
type Message struct {
	Message string `json:"message"`
}

// New returns the application. It keeps its persons in memory.
func New() *restmachine.App {
	app := restmachine.New()

	app.OnStartup(func() Clock { return time.Now })
	app.OnStartup(NewStore)

	// curl --data sends JSON as application/x-www-form-urlencoded, so read both as JSON.
	for _, mediaType := range []string{"application/json", "application/x-www-form-urlencoded"} {
		app.Accepts(mediaType, parseJSON[NewPerson])
		app.Accepts(mediaType, parseJSON[PersonUpdate])
	}
	app.RenderError(renderError)

	app.ResourceExists(func(path restmachine.PathParams, store *Store) *Person {
		return store.Person(path.Get("person_id"))
	})
	app.GenerateETag(func(p *Person) string { return hash(p.ChangeDate) })
	app.Location(func(p *Person) string { return "/persons/" + url.PathEscape(p.ID) })

	app.Post("/persons", createPerson).Problems( // what createPerson refuses by itself
		&restmachine.Problem{Status: http.StatusUnprocessableEntity},
		&restmachine.Problem{Status: http.StatusConflict},
	)

	person := app.Resource("/persons/{person_id}")
	person.RequirePreconditions()
	person.Get(func(p *Person) *Person { return p })
	person.Put(func(p *Person, in restmachine.Body[PersonUpdate], store *Store) (*Person, error) {
		return store.Rename(p, in.Value.Name)
	})
	return app
}

func createPerson(in restmachine.Body[NewPerson], store *Store) (*restmachine.Reply[*Person], error) {
	if in.Value.ID == "" || strings.ContainsFunc(in.Value.ID, unicode.IsControl) {
		return nil, &restmachine.Problem{Status: http.StatusUnprocessableEntity, Detail: "A person needs a person_id"}
	}
	person := store.Create(in.Value.ID, in.Value.Name)
	if person == nil {
		return nil, &restmachine.Problem{Status: http.StatusConflict, Detail: "Person " + in.Value.ID + " already exists"}
	}
	return restmachine.Created("", person), nil
}

func parseJSON[T any](content []byte) (T, error) {
	var v T
	if err := json.Unmarshal(content, &v); err != nil {
		return v, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "Data is not the JSON we expect"}
	}
	return v, nil
}

func renderError(p *restmachine.Problem) Message {
	switch {
	case p.Status == http.StatusPreconditionFailed:
		return Message{"Data already changed, get recent resource data and ETag first"}
	case p.Detail != "":
		return Message{p.Detail}
	default:
		return Message{http.StatusText(p.Status)}
	}
}

// hash makes an opaque tag of a date. MD5 is good enough: the tag is not a secret, and
// clients cannot make tags.
func hash(date string) string { return fmt.Sprintf("%x", md5.Sum([]byte(date))) }
