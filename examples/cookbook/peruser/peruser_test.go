package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// TestPage plays the session of the page.
func TestPage(t *testing.T) { recipe.Check(t, NewApp()) }

func as(client restmachinetest.Client, name string) restmachinetest.Client {
	return client.Header("Cookie", "session=of-"+name)
}

const (
	bioOfAnn = `{"bio":"Gardener."}`
	allOfAnn = `{"bio":"Gardener.","email":"ann@example.com"}`
	allOfBob = `{"bio":"Baker.","email":"bob@example.com"}`
)

func TestEachUserSeesTheirOwn(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)
	ann, bob := as(client, "ann"), as(client, "bob")

	for path, want := range map[string]string{"/users/ann": allOfAnn, "/me": allOfAnn} {
		own := ann.Get(path).Expect(t).Status(200).Body(want).Header("Vary", "Cookie").Header("Cache-Control", "private, no-cache")
		restmachinetest.CheckNotModified(t, own.Response, ann.Get(path).IfNoneMatch(own.ETag()).Expect(t).Status(304).Response)
	}
	for _, stranger := range []restmachinetest.Client{client, bob, as(client, "nobody")} {
		stranger.Get("/users/ann").Expect(t).Status(200).Body(bioOfAnn).Header("Vary", "Cookie").Header("Cache-Control", "private, no-cache")
	}
	client.Get("/me").Expect(t).Status(401).Header("Cache-Control", "no-store")
	bob.Get("/me").Expect(t).Status(200).Body(allOfBob)
}

// TestATagOfSomebodyElse: on a computer that two people use, the browser of one has the tags of the
// other. None of them makes a 304 or a write.
func TestATagOfSomebodyElse(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	ann, bob := as(client, "ann"), as(client, "bob")
	mine, shown := ann.Get("/me").Expect(t).ETag(), ann.Get("/users/ann").Expect(t).ETag()
	public := bob.Get("/users/ann").Expect(t).ETag()
	assert.NotEqual(t, shown, public)

	bob.Get("/me").IfNoneMatch(mine).Expect(t).Status(200).Body(allOfBob)
	bob.Get("/users/ann").IfNoneMatch(shown).Expect(t).Status(200).Body(bioOfAnn)
	client.Get("/users/ann").IfNoneMatch(shown).Expect(t).Status(200).Body(bioOfAnn)
	ann.Get("/users/ann").IfNoneMatch(public).Expect(t).Status(200).Body(allOfAnn)
	bob.Put("/me").IfMatch(mine).JSON(Profile{}).Expect(t).Status(412)
	bob.Get("/me").Expect(t).Body(allOfBob)
}

// TestTwoPathsOneRecord: of writes by /me and by /users/ann with the current tags, one succeeds.
func TestTwoPathsOneRecord(t *testing.T) {
	app := NewApp()
	client := restmachinetest.NewClient(app)
	ann := as(client, "ann")
	tag := ann.Get("/me").Expect(t).ETag()
	put := ann.Put("/users/ann").JSON(Profile{"Gardener and cook.", "ann@example.com"})
	put.Expect(t).Status(428)
	restmachinetest.RaceWrites(t, app, put.IfMatch(tag).Request(), 4)
	ann.Put("/me").IfMatch(tag).JSON(Profile{}).Expect(t).Status(412)

	for _, stranger := range []restmachinetest.Client{client, as(client, "bob")} {
		stranger.Put("/users/ann").IfMatch("*").JSON(Profile{}).Expect(t).Status(403)
		stranger.Get("/users/none").Expect(t).Status(404)
	}
	client.Put("/me").IfMatch("*").JSON(Profile{}).Expect(t).Status(401)
}

// TestOneLock: a write to /users/ann waits for one to /me, and one to /users/bob does not.
func TestOneLock(t *testing.T) {
	app := NewApp()
	all, err := newProfiles(t.Context())
	require.NoError(t, err)
	held, release := make(chan struct{}), make(chan struct{})
	restmachine.Override(app, recipe.Overtaken(all, func() { close(held); <-release }))
	client := restmachinetest.NewClient(app)
	put := func(name, path string) restmachine.Request {
		return as(client, name).Put(path).IfMatch("*").JSON(Profile{"Cook.", ""}).Request()
	}
	done := make(chan int)
	go func() { done <- app.Execute(put("ann", "/me")).StatusCode }()
	<-held
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	assert.Equal(t, 503, app.ExecuteContext(ctx, put("ann", "/users/ann")).StatusCode, "it has waited")
	assert.Equal(t, 200, app.Execute(put("bob", "/users/bob")).StatusCode)
	close(release)
	assert.Equal(t, 200, <-done)
	assert.Equal(t, 200, app.Execute(put("ann", "/users/ann")).StatusCode)
}

// TestAnotherProcessWasFaster: the profile that it has written stays.
func TestAnotherProcessWasFaster(t *testing.T) {
	for _, path := range []string{"/me", "/users/ann"} {
		app := NewApp()
		all, err := newProfiles(t.Context())
		require.NoError(t, err)
		restmachine.Override(app, recipe.Overtaken(all, func() {
			_, err := all.Put(t.Context(), "ann", Profile{"theirs", ""}, store.Any())
			require.NoError(t, err)
		}))
		ann := as(restmachinetest.NewClient(app), "ann")
		ann.Put(path).IfMatch("*").IfNoneMatch(`"another"`).JSON(Profile{"mine", ""}).Expect(t).Status(412)
		ann.Get(path).Expect(t).Body(`{"bio":"theirs","email":""}`)
	}
}
