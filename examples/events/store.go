// This file keeps events in memory. It stores and returns copies. So an event that a
// caller holds never changes.

package main

import (
	"slices"
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// An Event does not have a version or a change date. Its tag can only be made of its
// content.
type Event struct {
	ID           string
	Name         string
	LocationName string
	StartsAt     time.Time
}

// A Store keeps events. It is safe for concurrent use.
type Store struct {
	mu     sync.Mutex
	events []Event
}

// NewStore returns a store that holds two events.
func NewStore() *Store {
	return &Store{events: []Event{
		{"1", "FOSSASIA", "Singapore", time.Date(2017, 3, 17, 9, 0, 0, 0, time.UTC)},
		{"2", "Code Heat", "Berlin", time.Date(2017, 9, 10, 9, 0, 0, 0, time.UTC)},
	}}
}

// Events returns copies of all events.
func (s *Store) Events() []*Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	var events []*Event
	for _, e := range s.events {
		events = append(events, &e)
	}
	return events
}

// Event returns a copy of the event, or nil if there is none.
func (s *Store) Event(id string) *Event {
	for _, e := range s.Events() {
		if e.ID == id {
			return e
		}
	}
	return nil
}

// Replace stores changed in the place of e. It returns [restmachine.ErrStale] if e has
// changed.
func (s *Store) Replace(e *Event, changed Event) (*Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.events, *e)
	if i < 0 {
		return nil, restmachine.ErrStale
	}
	s.events[i] = changed
	return &changed, nil
}
