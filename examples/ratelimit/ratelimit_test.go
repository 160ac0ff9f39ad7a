package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/examples/internal/documented"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestTheFourthRequestIsRefused(t *testing.T) {
	client := restmachinetest.NewClient(New(NewLimits(0.001, 3)))
	for range 3 {
		client.Get("/time").Header("X-Api-Key", "ann").Expect(t).Status(200)
	}
	refused := client.Get("/time").Header("X-Api-Key", "ann").Expect(t).Status(429)
	assert.Contains(t, []string{"999", "1000"}, refused.Response.Header.Get("Retry-After"))
	client.Get("/time").Header("X-Api-Key", "bob").Expect(t).Status(200)
	client.Get("/readyz").Expect(t).Status(204)
}

// TestWaiting: a refused request costs nothing, and after the wait the next one is allowed.
func TestWaiting(t *testing.T) {
	l, now := NewLimits(1, 1), time.Now()
	assert.Zero(t, l.wait("a", now))
	assert.Equal(t, time.Second, l.wait("a", now))
	assert.Equal(t, time.Second, l.wait("a", now))
	assert.Zero(t, l.wait("a", now.Add(time.Second)))
}

// TestManyClients: the limits do not grow without end.
func TestManyClients(t *testing.T) {
	l, now := NewLimits(1, 1), time.Now()
	for i := range maxClients + 10 {
		l.wait(time.Duration(i).String(), now)
	}
	assert.LessOrEqual(t, len(l.clients), maxClients)
}

// TestDocument holds the App to its OpenAPI document, and that to openapi.golden.json.
func TestDocument(t *testing.T) {
	documented.Check(t, "", New(NewLimits(1e6, 1e6)), restmachinetest.Document{
		Info: openapi.Info{Title: "Ratelimit", Version: "1.0.0", License: "MIT"},
	})
}
