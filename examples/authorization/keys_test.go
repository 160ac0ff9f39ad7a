// A caller with a key is known, and nobody else is.

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// keyed is set-up 1 for programs.
func keyed() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(NewTokens)
	app.Dependency(CallerByKey)
	app.Group("/").Get("/about", func() string { return "We keep notes." })
	members := app.Group("/")
	members.Authorized(HasKey)
	members.Get("/me", func(u *User) *User { return u })
	return app
}

func TestWhoHasAKeyIsKnown(t *testing.T) {
	restmachinetest.Check(t, keyed())
	client := restmachinetest.NewClient(keyed())
	client.Get("/me").Header("X-Api-Key", "token-of-ann").Expect(t).Status(200).
		Header("Vary", "X-Api-Key").Body(`{"name":"ann"}`)
	client.Get("/about").Header("X-Api-Key", "mine").Expect(t).Status(200)
}

func TestNobodyElseHasAKey(t *testing.T) {
	client := restmachinetest.NewClient(keyed())
	for name, call := range map[string]restmachinetest.Call{
		"no key":              client.Get("/me"),
		"an empty key":        client.Get("/me").Header("X-Api-Key", ""),
		"a key of nobody":     client.Get("/me").Header("X-Api-Key", "mine"),
		"a token and no key":  client.Get("/me").Header("Authorization", "Bearer token-of-ann"),
		"a key in the query":  client.Get("/me?X-Api-Key=token-of-ann"),
		"a key with a scheme": client.Get("/me").Header("X-Api-Key", "Bearer token-of-ann"),
	} {
		t.Run(name, func(t *testing.T) {
			call.Expect(t).Status(401).Header("Www-Authenticate", `ApiKey realm="notes"`)
		})
	}
}

// Nobody knows which of two keys counts.
func TestTwoKeysAreABadRequest(t *testing.T) {
	req := restmachinetest.NewClient(keyed()).Get("/me").Header("X-Api-Key", "token-of-ann").Request()
	req.Header.Add("X-Api-Key", "token-of-eve")
	assert.Equal(t, 400, keyed().Execute(req).StatusCode)
}
