// This file keeps sessions. A name comes in, and a token goes out. Later the token comes in, and the user
// goes out.

package main

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// Sessions keeps hashes of the tokens: who reads its memory, or the table of a real service, cannot sign
// in. It is safe for concurrent use.
type Sessions struct {
	now Clock

	mu  sync.Mutex
	all map[[sha256.Size]byte]session
}

type session struct {
	user User
	ends time.Time
}

// NewSessions returns Sessions without any.
func NewSessions(now Clock) *Sessions {
	return &Sessions{now: now, all: map[[sha256.Size]byte]session{}}
}

// Begin begins a session of a user. Nobody can guess its token.
func (s *Sessions) Begin(name string) (token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, old := range s.all {
		if !s.now().Before(old.ends) {
			delete(s.all, key)
		}
	}
	token = rand.Text()
	s.all[sha256.Sum256([]byte(token))] = session{User{name}, s.now().Add(lifetime)}
	return token
}

// User returns whose session it is; nil if there is none, or if it is over.
func (s *Sessions) User(token string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.all[sha256.Sum256([]byte(token))]
	if !ok || !s.now().Before(found.ends) {
		return nil
	}
	return &found.user
}

// End ends a session, if there is one.
func (s *Sessions) End(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, sha256.Sum256([]byte(token)))
}
