package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

func isRight(l Login) bool { return l.Name != "" && l.Password == "open sesame" }

func TestPage(t *testing.T) { recipe.Check(t, NewApp(isRight)) }

// open returns an App with a client that has not signed in, and what lets time pass.
func open(t *testing.T) (app *restmachine.App, nobody restmachinetest.Client, wait func(time.Duration)) {
	t.Helper()
	app = NewApp(isRight)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	restmachine.Override(app, Clock(func() time.Time { return now }))
	restmachinetest.Check(t, app)
	return app, restmachinetest.NewClient(app), func(d time.Duration) { now = now.Add(d) }
}

// signedIn signs a user in, and returns a client that sends the cookie back.
func signedIn(t *testing.T, from restmachinetest.Client, name string) (restmachinetest.Client, *http.Cookie) {
	t.Helper()
	result := from.Post("/session").JSON(Login{name, "open sesame"}).Expect(t).Status(204)
	cookie, err := http.ParseSetCookie(result.Response.Header.Get("Set-Cookie"))
	require.NoError(t, err)
	return from.Header("Cookie", cookie.Name+"="+cookie.Value), cookie
}

func TestTheCookieIsSafe(t *testing.T) {
	_, nobody, _ := open(t)
	_, cookie := signedIn(t, nobody, "ann")
	assert.True(t, strings.HasPrefix(cookie.Name, "__Host-"))
	assert.True(t, cookie.Secure)
	assert.True(t, cookie.HttpOnly)
	assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	assert.Equal(t, "/", cookie.Path)
	assert.Empty(t, cookie.Domain, "no host beside this one gets it")
	assert.Len(t, cookie.Value, 26)
	for _, l := range []Login{{"ann", "sesame"}, {"", "open sesame"}, {"ann", ""}} {
		nobody.Post("/session").JSON(l).Expect(t).Status(401).NoHeader("Set-Cookie").Header("WWW-Authenticate", "Cookie")
	}
}

// TestEachUserHasTheOwnNote: also where one has the entity-tag of the other.
func TestEachUserHasTheOwnNote(t *testing.T) {
	app, nobody, _ := open(t)
	ann, _ := signedIn(t, nobody, "ann")
	bob, _ := signedIn(t, nobody, "bob")
	put := ann.Put("/note").JSON(Note{"of ann"})
	put.Expect(t).Status(428)
	put.IfNoneMatch("*").Expect(t).Status(201).Header("Vary", "Cookie")
	note := ann.Get("/note").Expect(t).Status(200).Body(`{"text":"of ann"}`).
		Header("Cache-Control", "private, no-cache").Header("Vary", "Cookie")
	same := ann.Get("/note").IfNoneMatch(note.ETag()).Expect(t).Status(304)
	restmachinetest.CheckNotModified(t, note.Response, same.Response)

	bob.Get("/note").IfNoneMatch(note.ETag()).Expect(t).Status(404)
	bob.Put("/note").IfMatch(note.ETag()).JSON(Note{"of bob"}).Expect(t).Status(412)
	bob.Put("/note").IfNoneMatch("*").JSON(Note{"of bob"}).Expect(t).Status(201)
	bob.Get("/note").IfNoneMatch(note.ETag()).Expect(t).Status(200).Body(`{"text":"of bob"}`)
	nobody.Get("/note").IfNoneMatch(note.ETag()).Expect(t).Status(401).Header("Cache-Control", "no-store").NoHeader("ETag")
	nobody.Put("/note").IfMatch(note.ETag()).JSON(Note{"x"}).Expect(t).Status(401)
	restmachinetest.RaceWrites(t, app, put.IfMatch(note.ETag()).Request(), 8)
}

// TestTheEndOfASession: after it a copy of the cookie is worth nothing.
func TestTheEndOfASession(t *testing.T) {
	_, nobody, wait := open(t)
	ann, _ := signedIn(t, nobody, "ann")
	out, err := http.ParseSetCookie(ann.Delete("/session").Expect(t).Status(204).Response.Header.Get("Set-Cookie"))
	require.NoError(t, err)
	assert.Negative(t, out.MaxAge)
	assert.Equal(t, cookieName, out.Name)
	ann.Get("/note").Expect(t).Status(401)
	ann.Delete("/session").Expect(t).Status(204) // again

	ann, _ = signedIn(t, nobody, "ann")
	wait(lifetime - time.Second)
	ann.Get("/note").Expect(t).Status(404)
	wait(time.Second)
	ann.Get("/note").Expect(t).Status(401)
	nobody.Header("Cookie", cookieName+"=").Get("/note").Expect(t).Status(401)
	nobody.Header("Cookie", cookieName+"=guess").Get("/note").Expect(t).Status(401)
}

// TestASessionThatWasPutThere: whoever knows the cookie that a browser had before does not share the
// session that begins.
func TestASessionThatWasPutThere(t *testing.T) {
	_, nobody, _ := open(t)
	eve, known := signedIn(t, nobody, "eve")
	ann, cookie := signedIn(t, eve, "ann")
	assert.NotEqual(t, known.Value, cookie.Value)
	eve.Get("/note").Expect(t).Status(401)
	ann.Get("/note").Expect(t).Status(404)
	eve.Header("Cookie", cookieName+"=x").Post("/session").JSON(Login{"ann", "no"}).Expect(t).Status(401)
	ann.Get("/note").Expect(t).Status(404) // a wrong password does not end anything
}

// TestPagesOfOtherSites: their requests have the cookie, and change nothing.
func TestPagesOfOtherSites(t *testing.T) {
	_, nobody, _ := open(t)
	ann, _ := signedIn(t, nobody.Header("Host", "notes.example"), "ann") // on the wire each request has a Host
	put := ann.Put("/note").IfNoneMatch("*").JSON(Note{"x"})
	login := ann.Post("/session").JSON(Login{"eve", "open sesame"})
	logout := ann.Delete("/session")
	for _, call := range []restmachinetest.Call{put, login, logout} {
		call.Header("Sec-Fetch-Site", "cross-site").Expect(t).Status(403).NoHeader("Set-Cookie")
		call.Header("Sec-Fetch-Site", "same-site").Expect(t).Status(403) // a host beside this one
		call.Header("Origin", "https://evil.example").Expect(t).Status(403)
		call.Header("Origin", "null").Expect(t).Status(403)
	}
	ann.Get("/note").Header("Sec-Fetch-Site", "cross-site").Expect(t).Status(404) // a link that somebody follows
	put.Header("Sec-Fetch-Site", "same-origin").Expect(t).Status(201)
	logout.Header("Sec-Fetch-Site", "none").Expect(t).Status(204)
}

// patient is a store in which the write of ann lasts until bob has written.
type patient struct {
	Notes
	bob chan struct{}
}

func (p patient) Put(ctx context.Context, key string, n Note, expect store.Expect) (Record, error) {
	switch key {
	case "ann":
		select {
		case <-p.bob:
		case <-ctx.Done():
			return Record{}, ctx.Err()
		}
	case "bob":
		defer close(p.bob)
	}
	return p.Notes.Put(ctx, key, n, expect)
}

// TestUsersDoNotWaitForEachOther: their notes have one path, and are not one record.
func TestUsersDoNotWaitForEachOther(t *testing.T) {
	app := NewApp(isRight)
	restmachine.Override[Notes](app, patient{new(store.Memory[string, Note]), make(chan struct{})})
	ann, _ := signedIn(t, restmachinetest.NewClient(app), "ann")
	bob, _ := signedIn(t, restmachinetest.NewClient(app), "bob")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // of a failure alone
	defer cancel()
	done := make(chan int)
	go func() {
		done <- app.ExecuteContext(ctx, ann.Put("/note").IfNoneMatch("*").JSON(Note{"of ann"}).Request()).StatusCode
	}()
	require.Eventually(t, func() bool { return app.LocksHeld() == 1 }, 10*time.Second, time.Millisecond)
	resp := app.ExecuteContext(ctx, bob.Put("/note").IfNoneMatch("*").JSON(Note{"of bob"}).Request())
	assert.Equal(t, 201, resp.StatusCode)
	assert.Equal(t, 201, <-done)
}

// TestDocument holds the answers to the OpenAPI document.
func TestDocument(t *testing.T) {
	app := NewApp(isRight)
	_, cookie := signedIn(t, restmachinetest.NewClient(app), "ann")
	restmachinetest.CheckDocument(t, app, restmachinetest.Document{
		Header: http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}},
		Refuse: []string{"POST /session"},   // nobody draws a password
		Skip:   []string{"DELETE /session"}, // it would end the session of all that follows
		Info: openapi.Info{Texts: map[string]openapi.Text{"DELETE /session": {Statuses: []int{204}},
			"POST /session": {Statuses: []int{204}}}},
	})
}
