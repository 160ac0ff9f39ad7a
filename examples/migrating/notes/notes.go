// Package notes keeps the notes of the services that are written in Go, in memory. All of them use
// the same notes, so that they differ in nothing but their framework.
package notes

import (
	"errors"
	"strconv"
	"sync"
	"time"
)

// A Note is what a client is shown. Version counts its changes.
type Note struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Version int    `json:"version"`
}

// A Change is what a client sends.
type Change struct {
	Text string `json:"text"`
}

// ErrEmpty is the error of a Change without text.
var ErrEmpty = errors.New("a note needs a text")

// Validate reports what is wrong with the Change.
func (c Change) Validate() error {
	if c.Text == "" {
		return ErrEmpty
	}
	return nil
}

// Notes are some notes. Pause is how long Get takes once it has read, as one of a database would.
type Notes struct {
	Pause time.Duration

	mu   sync.Mutex
	all  map[string]Note
	last int
}

// New returns one note with the ID 1. An ID is never used twice.
func New() *Notes {
	return &Notes{all: map[string]Note{"1": {"1", "Hello", 1}}, last: 1}
}

// Get returns a copy of a note, or nil.
func (n *Notes) Get(id string) *Note {
	n.mu.Lock()
	note, ok := n.all[id]
	n.mu.Unlock()
	time.Sleep(n.Pause)
	if !ok {
		return nil
	}
	return &note
}

// Add makes a new note.
func (n *Notes) Add(c Change) *Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last++
	note := Note{strconv.Itoa(n.last), c.Text, 1}
	n.all[note.ID] = note
	return &note
}

// Replace replaces a note, whatever its version is now.
func (n *Notes) Replace(id string, c Change) *Note {
	n.mu.Lock()
	defer n.mu.Unlock()
	note := Note{id, c.Text, n.all[id].Version + 1}
	n.all[id] = note
	return &note
}

// Delete deletes a note.
func (n *Notes) Delete(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.all, id)
}
