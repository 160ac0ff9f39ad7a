// Who calls: all five set-ups share this file. The fields of a request come in. The User
// goes out whose token they carry, or nil. It decides nothing: the gates decide.

package main

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
)

// A User is who sent the request. Nobody is a nil *User.
type User struct {
	Name string `json:"name"`
}

// Caller is the Dependency that finds the User. A request without a token, with a token
// that nobody has, or with two Authorization lines comes from nobody.
func Caller(h http.Header, tokens *Tokens) *User {
	lines := h.Values("Authorization")
	if len(lines) != 1 {
		return nil
	}
	scheme, token, _ := strings.Cut(lines[0], " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 9110, 11.1: in any case
		return nil
	}
	return tokens.User(token)
}

func isKnown(u *User) bool { return u != nil }

// Tokens knows whose a token is. It keeps hashes: who reads its memory cannot log in, and
// the time of a look-up tells nothing of a token.
type Tokens struct {
	mu    sync.Mutex
	users map[[sha256.Size]byte]User
}

// NewTokens returns Tokens with three users to try. A real one starts empty, or reads a
// database.
func NewTokens() *Tokens {
	t := &Tokens{users: map[[sha256.Size]byte]User{}}
	for _, name := range []string{"ann", "bob", "eve"} {
		t.keep("token-of-"+name, name)
	}
	return t
}

// Issue makes a token for a user. Nobody can guess it.
func (t *Tokens) Issue(name string) string {
	token := rand.Text()
	t.keep(token, name)
	return token
}

func (t *Tokens) keep(token, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.users[sha256.Sum256([]byte(token))] = User{Name: name}
}

// User returns whose the token is, or nil.
func (t *Tokens) User(token string) *User {
	t.mu.Lock()
	defer t.mu.Unlock()
	u, ok := t.users[sha256.Sum256([]byte(token))]
	if !ok {
		return nil
	}
	return &u
}
