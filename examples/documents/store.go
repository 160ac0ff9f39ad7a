// This file keeps documents in memory. It stores and returns copies. So a document that a
// caller holds never changes.

package main

import (
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Document has a new Version and a new UpdatedAt after each change.
type Document struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Content   string    `json:"content,omitempty"`
	Version   int       `json:"version"`
	UpdatedAt time.Time `json:"-"` // sent as Last-Modified
}

// A Clock tells the time. Tests use another clock.
type Clock func() time.Time

// A Store keeps documents. It is safe for concurrent use.
type Store struct {
	now Clock

	mu        sync.Mutex
	documents map[string]Document
}

// NewStore returns a store that holds one document, doc1.
func NewStore(now Clock) *Store {
	first := Document{ID: "doc1", Title: "Document 1", Version: 1, UpdatedAt: now()}
	return &Store{now: now, documents: map[string]Document{first.ID: first}}
}

// Document returns a copy of the document, or nil if there is none.
func (s *Store) Document(id string) *Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.documents[id]
	if !ok {
		return nil
	}
	return &d
}

// Save stores d as the next version, and returns that version. It returns
// [restmachine.ErrStale] if d is no longer the current version.
func (s *Store) Save(d Document) (*Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.documents[d.ID].Version != d.Version {
		return nil, restmachine.ErrStale
	}
	d.Version++
	d.UpdatedAt = s.now()
	s.documents[d.ID] = d
	return &d, nil
}
