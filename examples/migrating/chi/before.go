// Package chi is the notes with chi, before the migration. Preconditions are compared by ==, as in
// most code that has them.
package chi

import (
	"encoding/json"
	"mime"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/restmachine/restmachine-go/examples/migrating/notes"
)

type service struct{ all *notes.Notes }

// New returns the service.
func New(all *notes.Notes) http.Handler {
	s := service{all}
	r := chi.NewRouter()
	r.Use(middleware.GetHead)
	r.Get("/notes/{id}", s.read)
	r.Put("/notes/{id}", s.replace)
	r.Delete("/notes/{id}", s.remove)
	r.Post("/notes", s.create)
	return r
}

// load returns the note of the path. It answers 404 and returns nil where there is none.
func (s service) load(w http.ResponseWriter, r *http.Request) *notes.Note {
	n := s.all.Get(chi.URLParam(r, "id"))
	if n == nil {
		http.NotFound(w, r)
	}
	return n
}

func tag(n *notes.Note) string { return strconv.Quote(strconv.Itoa(n.Version)) }

func (s service) read(w http.ResponseWriter, r *http.Request) {
	n := s.load(w, r)
	if n == nil {
		return
	}
	w.Header().Set("ETag", tag(n))
	if r.Header.Get("If-None-Match") == tag(n) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if r.Header.Get("Accept") == "text/plain" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(n.Text))
		return
	}
	send(w, http.StatusOK, n)
}

func (s service) replace(w http.ResponseWriter, r *http.Request) {
	n := s.load(w, r)
	if n == nil || !unchanged(w, r, n) {
		return
	}
	in, ok := receive(w, r)
	if !ok {
		return
	}
	n = s.all.Replace(n.ID, in)
	w.Header().Set("ETag", tag(n))
	send(w, http.StatusOK, n)
}

func (s service) remove(w http.ResponseWriter, r *http.Request) {
	n := s.load(w, r)
	if n == nil || !unchanged(w, r, n) {
		return
	}
	s.all.Delete(n.ID)
	w.WriteHeader(http.StatusNoContent)
}

func (s service) create(w http.ResponseWriter, r *http.Request) {
	in, ok := receive(w, r)
	if !ok {
		return
	}
	n := s.all.Add(in)
	w.Header().Set("Location", "/notes/"+n.ID)
	w.Header().Set("ETag", tag(n))
	send(w, http.StatusCreated, n)
}

// unchanged reports whether the If-Match of the request lets it write. Else it answers 412.
func unchanged(w http.ResponseWriter, r *http.Request, n *notes.Note) bool {
	if match := r.Header.Get("If-Match"); match != "" && match != tag(n) {
		http.Error(w, "the note has changed", http.StatusPreconditionFailed)
		return false
	}
	return true
}

// receive reads the content of the request. It answers 415, 400 or 422 where that cannot be used.
func receive(w http.ResponseWriter, r *http.Request) (in notes.Change, ok bool) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		http.Error(w, "send JSON", http.StatusUnsupportedMediaType)
		return in, false
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return in, false
	}
	if err := in.Validate(); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return in, false
	}
	return in, true
}

func send(w http.ResponseWriter, status int, n *notes.Note) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(n)
}
