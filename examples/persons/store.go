// This file keeps persons in memory. It returns copies. So a person that a caller holds
// never changes.

package main

import (
	"sync"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A Person has a new ChangeDate after each change.
type Person struct {
	ChangeDate string `json:"change_date"` // in UTC, to the microsecond
	ID         string `json:"person_id"`
	Name       string `json:"person_name"`
}

// A Clock tells the time. Tests use another clock.
type Clock func() time.Time

// A Store keeps persons. It is safe for concurrent use.
type Store struct {
	now Clock

	mu      sync.Mutex
	persons map[string]Person
}

// NewStore returns an empty store.
func NewStore(now Clock) *Store {
	return &Store{now: now, persons: map[string]Person{}}
}

// Person returns a copy of the person, or nil if there is none.
func (s *Store) Person(id string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.persons[id]
	if !ok {
		return nil
	}
	return &p
}

// Create adds a person. It returns nil if there is already a person with this id.
func (s *Store) Create(id, name string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.persons[id]; ok {
		return nil
	}
	return s.keep(Person{ID: id, Name: name})
}

// Rename changes the name of p. It returns [restmachine.ErrStale] if p has changed.
func (s *Store) Rename(p *Person, name string) (*Person, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.persons[p.ID] != *p {
		return nil, restmachine.ErrStale
	}
	return s.keep(Person{ID: p.ID, Name: name}), nil
}

// keep sets the date of p and stores p. Two changes never have the same date, even if the
// clock stands still or goes back, because the tag is made only of the date.
func (s *Store) keep(p Person) *Person {
	const layout = "2006-01-02T15:04:05.000000"
	date := s.now().UTC().Truncate(time.Microsecond)
	if last, err := time.Parse(layout, s.persons[p.ID].ChangeDate); err == nil && !date.After(last) {
		date = last.Add(time.Microsecond)
	}
	p.ChangeDate = date.Format(layout)
	s.persons[p.ID] = p
	return &p
}
