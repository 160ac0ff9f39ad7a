// Set-up 1: a public login beside members only. Two Groups have one prefix. What is
// registered through members asks who calls, and what is registered through public does
// not.

package main

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"github.com/restmachine/restmachine-go/restmachine"
)

// Members returns an App with a public login.
func Members() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(NewTokens)
	app.OnStartup(NewPasswords)
	app.Dependency(Caller)

	public, members := app.Group("/"), app.Group("/")

	public.Get("/about", func() string { return "We keep notes." })
	public.Post("/login", logIn).Problems(&restmachine.Problem{Status: http.StatusUnauthorized})

	members.Authorized(isKnown)
	members.Get("/me", func(u *User) *User { return u })
	members.Get("/members/{name}", func(path restmachine.PathParams) string { return path.Get("name") })
	return app
}

// Credentials are the content of a login.
type Credentials struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// A Session is the answer to a login.
type Session struct {
	Token string `json:"token"`
}

func logIn(in restmachine.Body[Credentials], passwords *Passwords, tokens *Tokens) (Session, error) {
	if !passwords.Check(in.Value) {
		return Session{}, &restmachine.Problem{Status: http.StatusUnauthorized, Detail: "The name or the password is wrong."}
	}
	return Session{tokens.Issue(in.Value.Name)}, nil
}

// Passwords has a slow hash of each user's password.
type Passwords struct {
	rounds int
	hashes map[string][]byte
}

// NewPasswords returns Passwords with one user to try.
func NewPasswords() (*Passwords, error) { return passwordsOf(600_000) }

func passwordsOf(rounds int) (*Passwords, error) {
	p := &Passwords{rounds, map[string][]byte{}}
	hash, err := p.hash("ann", "open sesame")
	p.hashes["ann"] = hash
	return p, err
}

// hash salts with the name. A real one keeps a random salt beside each hash.
func (p *Passwords) hash(name, password string) ([]byte, error) {
	return pbkdf2.Key(sha256.New, password, []byte("notes "+name), p.rounds, sha256.Size)
}

// Check takes the same time for a wrong password and a name that nobody has.
func (p *Passwords) Check(c Credentials) bool {
	hash, err := p.hash(c.Name, c.Password)
	return err == nil && subtle.ConstantTimeCompare(p.hashes[c.Name], hash) == 1
}
