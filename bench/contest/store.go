// What all contestants serve: documents in memory that never change, so that
// each turn of a measurement finds what the turn before it found.

package contest

import (
	"strconv"
	"time"
)

// A Document is about 300 bytes as JSON.
type Document struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Content   string    `json:"content"`
	Version   int       `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
}

// An Update is what a client may say about a document.
type Update struct {
	Title   string `json:"title"`
	Content string `json:"content"`
}

// Tag is the document's entity-tag.
func (d *Document) Tag() string { return `"` + strconv.Itoa(d.Version) + `"` }

// Modified is the document's Last-Modified field.
func (d *Document) Modified() string { return d.UpdatedAt.UTC().Format(httpTime) }

const httpTime = "Mon, 02 Jan 2006 15:04:05 GMT" // RFC 9110, 5.6.7

// A Store needs no lock, since nobody writes to it.
type Store struct{ documents map[string]*Document }

// NewStore returns a store that holds one document, doc1. Its version has four
// digits, so that making a tag of it costs what it costs in a service that has
// been running for a while; its date is in whole seconds, which huma's
// preconditions need.
func NewStore() *Store {
	d := &Document{
		ID:    "doc1",
		Title: "Conditional requests in practice",
		Content: "A client that kept the tag of what it has read can ask whether it is still current, " +
			"and one that writes can say which version it has seen, so that nobody's work is lost.",
		Version:   1042,
		UpdatedAt: time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC),
	}
	return &Store{map[string]*Document{d.ID: d}}
}

// Document is the document of that id, or nil.
func (s *Store) Document(id string) *Document { return s.documents[id] }

// Replace returns the next version of d, and does not keep it.
func (s *Store) Replace(d *Document, u Update) *Document {
	next := *d
	next.Title, next.Content = u.Title, u.Content
	next.Version++
	next.UpdatedAt = d.UpdatedAt.Add(time.Second)
	return &next
}
