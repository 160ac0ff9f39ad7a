package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestPage(t *testing.T) {
	recipe.Check(t, NewApp(Rate{PerSecond: 0.5, Burst: 10}, Rate{PerSecond: 0.1, Burst: 3}))
}

// open returns clients, and what lets time pass.
func open(t *testing.T) (ann, bob, nobody restmachinetest.Client, wait func(time.Duration)) {
	t.Helper()
	app := NewApp(Rate{PerSecond: 0.5, Burst: 10}, Rate{PerSecond: 0.1, Burst: 3})
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	restmachine.Override(app, Clock(func() time.Time { return now }))
	restmachinetest.Check(t, app)
	nobody = restmachinetest.NewClient(app)
	ann, bob = nobody.Header("Authorization", "Bearer token-of-ann"), nobody.Header("Authorization", "Bearer token-of-bob")
	return ann, bob, nobody, func(d time.Duration) { now = now.Add(d) }
}

func TestEachCallerHasALimit(t *testing.T) {
	ann, bob, _, wait := open(t)
	for range 10 {
		ann.Get("/report").Expect(t).Status(200)
	}
	refused := ann.Get("/report").Expect(t).Status(429).Header("Retry-After", "2").Header("Cache-Control", "no-store").NoHeader("ETag")
	refused.Problem("Ask again in 2 s.")
	ann.Get("/report").Expect(t).Status(429).Header("Retry-After", "2") // a refusal costs nothing
	bob.Get("/report").Expect(t).Status(200)
	wait(1500 * time.Millisecond)
	ann.Get("/report").Expect(t).Status(429).Header("Retry-After", "1") // half a second, rounded up
	wait(500 * time.Millisecond)
	ann.Get("/report").Expect(t).Status(200)
	ann.Get("/report").Expect(t).Status(429)
	ann.Get("/readyz").Expect(t).Status(204)
}

// TestWhatCounts: reads that are not modified, writes that are dearer, and paths that do not exist.
func TestWhatCounts(t *testing.T) {
	ann, _, _, _ := open(t)
	report := ann.Get("/report").Expect(t).Status(200)
	same := ann.Get("/report").IfNoneMatch(report.ETag())
	restmachinetest.CheckNotModified(t, report.Response, same.Expect(t).Status(304).Response)
	ann.Head("/report").Expect(t).Status(200)
	ann.Get("/nowhere").Expect(t).Status(404)
	ann.Post("/report").Expect(t).Status(204)
	ann.Post("/report").Expect(t).Status(429).Header("Retry-After", "8") // 4 more: there is 1
	same.Expect(t).Status(304)
	same.Expect(t).Status(429)
}

// TestGuessingIsSlow: whoever tries one token after the other is counted by address.
func TestGuessingIsSlow(t *testing.T) {
	ann, _, nobody, wait := open(t)
	for i := range 3 {
		nobody.Header("Authorization", fmt.Sprint("Bearer guess-", i)).Get("/report").Expect(t).Status(401)
	}
	nobody.Header("Authorization", "Bearer guess-3").Get("/report").Expect(t).Status(429).Header("Retry-After", "10")
	ann.Get("/report").Expect(t).Status(200) // from the same address
	wait(10 * time.Second)
	nobody.Get("/report").Expect(t).Status(401)
}

func TestNetworks(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.1:1234":              "192.0.2.1",
		"[::ffff:192.0.2.1]:1234":     "192.0.2.1",
		"[2001:db8:1:2:3:4:5:6]:1234": "2001:db8:1:2::/64",
		"[2001:db8:1:2:f::1]:1":       "2001:db8:1:2::/64",
		"[fe80::1%eth0]:1234":         "fe80::/64",
		"":                            "unknown",
		"@":                           "unknown", // a Unix socket
	} {
		assert.Equal(t, want, network(remote), remote)
	}
	app := NewApp(Rate{PerSecond: 1, Burst: 1}, Rate{PerSecond: 0.001, Burst: 1})
	for remote, want := range map[string]int{"192.0.2.1:1": 401, "192.0.2.2:1": 401} {
		for _, status := range []int{want, 429} {
			w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/report", http.NoBody)
			r.RemoteAddr = remote
			app.ServeHTTP(w, r)
			assert.Equal(t, status, w.Code, remote)
		}
	}
}

// TestRoom: keys that have recovered make room, and when there is none, new keys share one limit.
func TestRoom(t *testing.T) {
	l, now := NewLimits(Rate{PerSecond: 1, Burst: 1}), time.Now()
	for i := range maxKeys {
		require.Zero(t, l.Take(strconv.Itoa(i), 1, now))
	}
	assert.Zero(t, l.Take("new", 1, now))
	assert.Equal(t, time.Second, l.Take("newer", 1, now))
	assert.Equal(t, time.Second, l.Take("7", 1, now), "whoever was there keeps the own limit")
	assert.Zero(t, l.Take("newest", 1, now.Add(2*time.Second)))
	assert.Len(t, l.keys, 1)
	assert.Zero(t, l.Take("x", 5, now.Add(3*time.Second)), "a cost over the burst takes all of it")
}
