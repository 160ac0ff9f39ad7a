package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// newApp returns the App, and sets its clock.
func newApp(now time.Time) *restmachine.App {
	app := NewApp()
	restmachine.Override(app, Clock(func() time.Time { return now }))
	return app
}

var before = sunset.Add(-time.Second)

// TestPage plays the session of the page.
func TestPage(t *testing.T) { recipe.Check(t, newApp(before)) }

const (
	v1 = "/v1/people/7"
	v2 = "/v2/people/7"
	// both is the URI at which the media type decides.
	both = "/people/7"
)

func TestOneRecordTwoViews(t *testing.T) {
	app := newApp(before)
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)

	old := client.Get(v1).Expect(t).Status(200).Body(`{"name":"Ada Lovelace"}`)
	now := client.Get(v2).Expect(t).Status(200).Body(`{"given":"Ada","family":"Lovelace","email":"ada@example.com"}`)
	json := client.Get(both).Expect(t).Status(200).Header("Vary", "Accept").Body(string(old.Response.Body))
	media := client.Get(both).Accept(v2Type).Expect(t).Status(200).Header("Content-Type", v2Type).Header("Vary", "Accept").Body(string(now.Response.Body))
	tags := map[string]bool{old.ETag(): true, now.ETag(): true, json.ETag(): true, media.ETag(): true}
	assert.Len(t, tags, 4, "each representation has its own tag: %v", tags)

	for path, tag := range map[string]string{v1: old.ETag(), v2: now.ETag(), both: json.ETag()} {
		client.Get(path).IfNoneMatch(tag).Expect(t).Status(304)
	}
	client.Get(both).Accept(v2Type).IfNoneMatch(json.ETag()).Expect(t).Status(200)
	client.Get(v2).IfNoneMatch(old.ETag()).Expect(t).Status(200)
	client.Get(both).Accept("application/vnd.example.v3+json").Expect(t).Status(406)
}

// TestAnOldClientLosesNothing: a write of /v1 changes what /v1 knows.
func TestAnOldClientLosesNothing(t *testing.T) {
	app := newApp(before)
	client := restmachinetest.NewClient(app)
	old, now := client.Get(v1).Expect(t).ETag(), client.Get(v2).Expect(t).ETag()

	put := client.Put(v1).JSON(PersonV1{"Ada King"})
	put.Expect(t).Status(428)
	put.IfMatch(now).Expect(t).Status(412) // a tag of another view is not one of this
	restmachinetest.RaceWrites(t, app, put.IfMatch(old).Request(), 4)
	client.Get(v2).IfNoneMatch(now).Expect(t).Status(200).Body(`{"given":"Ada","family":"King","email":"ada@example.com"}`)
	client.Put(v2).IfMatch(now).JSON(PersonV2{Given: "Ada"}).Expect(t).Status(412) // it was changed by /v1

	tag := client.Get(both).Accept(v2Type).Expect(t).ETag()
	client.Put(both).IfMatch(tag).JSON(PersonV1{"Ada"}).Expect(t).Status(415)
	client.Put(both).Accept(v2Type).IfMatch(tag).Body(v2Type, `{"given":"Ada","family":"Lovelace","email":"a@example.com"}`).Expect(t).
		Status(200).Header("Content-Type", v2Type)
	client.Get(v1).Expect(t).Body(`{"name":"Ada Lovelace"}`)
}

// TestOneLock: a write at one URI waits for a write at the other.
func TestOneLock(t *testing.T) {
	operations, err := NewApp().Operations()
	require.NoError(t, err)
	keys := map[string]bool{}
	for _, o := range operations {
		if o.Method == "PUT" {
			keys[o.LockKey] = true
		}
	}
	assert.Len(t, keys, 1, "%v", keys)
}

// TestTheOldVersionSaysThatItEnds: each answer does, and the new version does not.
func TestTheOldVersionSaysThatItEnds(t *testing.T) {
	client := restmachinetest.NewClient(newApp(before))
	tag := client.Get(v1).Expect(t).ETag()
	for _, call := range []restmachinetest.Call{
		client.Get(v1), client.Head(v1), client.Get(v1).IfNoneMatch(tag), client.Put(v1).IfMatch(`"x"`).JSON(PersonV1{}),
		client.Get("/v1/people/8"), client.Get("/v1/nowhere"), client.Delete(v1),
	} {
		call.Expect(t).Header("Deprecation", "@1767225600").Header("Sunset", "Tue, 01 Jan 2036 00:00:00 GMT").
			Header("Link", `<https://example.com/migrate>; rel="deprecation"; type="text/html"`)
	}
	client.Get(v2).Expect(t).Status(200).NoHeader("Deprecation").NoHeader("Sunset")

	client = restmachinetest.NewClient(newApp(sunset))
	client.Get(v1).Expect(t).Status(410).Problem("Use /v2").NoHeader("ETag")
	client.Put(v1).IfMatch(tag).JSON(PersonV1{"Ada"}).Expect(t).Status(410)
	client.Get(v2).Expect(t).Status(200)
}

// TestAnotherProcessWasFaster: what it has written stays, whichever view was used.
func TestAnotherProcessWasFaster(t *testing.T) {
	for path, content := range map[string]any{v1: PersonV1{"Mine"}, v2: PersonV2{Given: "Mine"}} {
		app, people := newApp(before), new(store.Memory[string, Person])
		_, err := people.Put(t.Context(), "7", Person{Given: "Old"}, store.Absent())
		require.NoError(t, err)
		restmachine.Override(app, recipe.Overtaken(People(people), func() {
			_, err := people.Put(t.Context(), "7", Person{Given: "Theirs"}, store.Any())
			require.NoError(t, err)
		}))
		client := restmachinetest.NewClient(app)
		client.Put(path).IfMatch("*").IfNoneMatch(`"another"`).JSON(content).Expect(t).Status(412)
		client.Get(v2).Expect(t).Body(`{"given":"Theirs","family":"","email":""}`)
	}
}

// TestDocument holds the answers to the OpenAPI document.
func TestDocument(t *testing.T) {
	restmachinetest.CheckDocument(t, newApp(before), restmachinetest.Document{Values: map[string][]string{"id": {"7"}}})
}
