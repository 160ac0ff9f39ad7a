// Set-up 1: nobody but a member gets past the login.

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

func members(t *testing.T) siege {
	app, tokens := Members(), NewTokens()
	restmachine.Override(app, tokens)
	quick(t, app)
	return besiege(t, app, func() string {
		tokens.mu.Lock()
		defer tokens.mu.Unlock()
		return string(rune(len(tokens.users)))
	}, `"ann"`, "sesame")
}

// quick gives an App passwords whose hash is not slow.
func quick(t *testing.T, app *restmachine.App) {
	passwords, err := passwordsOf(10)
	require.NoError(t, err)
	restmachine.Override(app, passwords)
}

func logInAs(name, password string) attempt {
	content, _ := json.Marshal(Credentials{name, password})
	return attempt{method: "POST", path: "/login", content: string(content)}
}

func TestWhoLogsInIsAMember(t *testing.T) {
	s := members(t)
	var session Session
	require.NoError(t, json.Unmarshal(s.app.Execute(logInAs("ann", "open sesame").request()).Body, &session))
	me := s.app.Execute(attempt{method: "GET", path: "/me", fields: []string{"Authorization", "Bearer " + session.Token}}.request())
	assert.Equal(t, 200, me.StatusCode)
	assert.JSONEq(t, `{"name":"ann"}`, string(me.Body))
	assert.Equal(t, 200, s.app.Execute(restmachine.Request{Path: "/about"}).StatusCode)
}

func TestNobodyElseIsAMember(t *testing.T) {
	s := members(t)
	s.withstands(t, oddTokens("/me"))
	login := func(name, why, user, password string) attempt {
		a := logInAs(user, password)
		a.name, a.why, a.status = name, why, 401
		return a
	}
	s.withstands(t, []attempt{
		login("a wrong password", "it is compared", "ann", "open barley"),
		login("no password", "an empty one is one, too", "ann", ""),
		login("a name that nobody has", "it has no hash", "mallory", "open sesame"),
		login("no name", "it has no hash", "", ""),
		{"a login that is a GET", "there is only POST", "GET", "/login", "", nil, "", 405},
		{"a login without content", "there is nothing to compare", "POST", "/login", "", nil, "", 400},
		{"a login of another type", "only JSON is read", "POST", "/login", "", []string{"Content-Type", "text/plain"}, "", 415},
		{"an unknown path", "it has the gates of both Groups", "GET", "/notes", "", nil, "", 401},
		{"the root", "it has the gates of both Groups", "GET", "/", "", nil, "", 401},
		{"a path below a public one", "it is unknown, so it is a member's", "GET", "/about/me", "", nil, "", 401},
		{"a public path and dots", "no path is cleaned", "GET", "/about/../me", "", nil, "", 401},
		{"a public path and escaped dots", "nor if it is decoded", "GET", "/about/%2e%2e/me", "", nil, "", 401},
		{"two slashes", "no path is cleaned", "GET", "//me", "", nil, "", 401},
		{"a slash behind", "it is another path", "GET", "/me/", "", nil, "", 401},
		{"another case", "it is another path", "GET", "/ME", "", nil, "", 401},
		{"an escaped letter", "it is the same path", "GET", "/%6de", "", nil, "", 401},
		{"a parameter that is named as a public path", "the path is a member's", "GET", "/members/about", "", nil, "", 401},
		{"a stale copy", "401 comes before 304", "GET", "/me", "", []string{"If-None-Match", "*"}, "", 401},
		{"HEAD", "it is asked what the GET is", "HEAD", "/me", "", nil, "", 401},
		{"another method", "405 tells only what the path can", "POST", "/me", "", nil, "", 405},
		{"OPTIONS", "it tells only what the path can: a preflight has no token", "OPTIONS", "/me", "", nil, "", 200},
	})
}

// TestTheLoginTellsNoNames: a wrong password and a name that nobody has are answered alike.
func TestTheLoginTellsNoNames(t *testing.T) {
	s := members(t)
	assert.Equal(t, s.answers(t, logInAs("ann", "wrong").request()), s.answers(t, logInAs("mallory", "wrong").request()))
}

// A path that somebody registers through the App, and forgets the Group, is reported.
func TestWhatIsNotOfEitherGroupIsReported(t *testing.T) {
	app := Members()
	app.Get("/export", func() string { return "all notes" })
	assert.Contains(t, strings.Join(complaints(app), "\n"), `/export (authorization/members_test.go:`)

	twice := Members()
	public := twice.Group("/")
	public.Get("/me", func() string { return "all of us" })
	assert.Error(t, twice.Validate(), "one path is of one Group")
}
