package main

import (
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

// TestPage plays the session of the page.
func TestPage(t *testing.T) { recipe.Check(t, NewApp()) }

func note(t *testing.T, client restmachinetest.Client, title string) (path, trashed, tag string) {
	t.Helper()
	created := client.Post("/notes").JSON(Note{Title: title}).Expect(t).Status(201)
	path = created.Location()
	return path, strings.Replace(path, "/notes/", "/trash/", 1), created.ETag()
}

func TestDeletedAndRestored(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)
	path, trashed, first := note(t, client, "Milk")
	client.Get(trashed).Expect(t).Status(404)
	client.Post(trashed).Expect(t).Status(404)
	client.Delete(path).Expect(t).Status(428)

	restmachinetest.RaceWrites(t, app, client.Delete(path).IfMatch(first).Request(), 4)
	for _, call := range []restmachinetest.Call{
		client.Get(path), client.Get(path).IfNoneMatch(first), client.Put(path).IfMatch(first).JSON(Note{Title: "Bread"}),
		client.Put(path).IfNoneMatch("*").JSON(Note{Title: "Bread"}), client.Delete(path).IfMatch(first), client.Delete(path).IfMatch("*"),
	} {
		call.Expect(t).Status(410).Problem("was deleted").Header("Cache-Control", "no-store").NoHeader("ETag")
	}

	bin := client.Get(trashed).Expect(t).Status(200).ETag()
	client.Get(trashed).IfNoneMatch(bin).Expect(t).Status(304)
	client.Post(trashed).IfMatch(first).Expect(t).Status(412)
	client.Post(trashed).IfMatch(bin).Expect(t).Status(303).Header("Location", path)
	client.Post(trashed).Expect(t).Status(404)

	// A client that has slept through all of that does not take the note for the one it knows.
	back := client.Get(path).IfNoneMatch(first).Expect(t).Status(200).Body(`{"url":"` + path + `","title":"Milk"}`)
	assert.NotContains(t, []string{first, bin}, back.ETag())
	client.Put(path).IfMatch(first).JSON(Note{Title: "Bread"}).Expect(t).Status(412)
	client.Put(path).IfMatch(back.ETag()).JSON(Note{Title: "Bread"}).Expect(t).Status(200)
}

func TestLists(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	empty := client.Get("/trash").Expect(t).Status(200).Body("[]").ETag()
	path, trashed, _ := note(t, client, "Milk")
	other, _, _ := note(t, client, "Bread")
	both := client.Get("/notes").Expect(t).Status(200).ETag()
	client.Get("/trash").IfNoneMatch(empty).Expect(t).Status(304)

	client.Delete(path).IfMatch("*").Expect(t).Status(204)
	client.Get("/notes").IfNoneMatch(both).Expect(t).Status(200).Body(`[{"url":"` + other + `","title":"Bread"}]`)
	var gone []Item
	client.Get("/trash").IfNoneMatch(empty).Expect(t).Status(200).JSON(&gone)
	require.Len(t, gone, 1)
	assert.Equal(t, trashed, gone[0].URL)
	assert.WithinDuration(t, time.Now(), gone[0].Deleted, time.Minute)

	client.Post(trashed).Expect(t).Status(303)
	client.Get("/trash").Expect(t).Status(200).Body("[]")
	client.Get("/notes").IfNoneMatch(both).Expect(t).Status(200) // the restored note has a new version
}

// TestForGood: what is purged is 404 everywhere, and does not come back.
func TestForGood(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	path, trashed, _ := note(t, client, "Milk")
	client.Delete(path).IfMatch("*").Expect(t).Status(204)
	client.Delete(trashed).Expect(t).Status(428)
	client.Delete(trashed).IfMatch("*").Expect(t).Status(204)
	client.Get(path).Expect(t).Status(404)
	client.Post(trashed).Expect(t).Status(404)
}

func TestEmpty(t *testing.T) {
	app, notes, now := NewApp(), new(store.Memory[string, Note]), time.Now()
	restmachine.Override(app, Notes(notes))
	client := restmachinetest.NewClient(app)
	kept, _, _ := note(t, client, "kept")
	path, trashed, _ := note(t, client, "Milk")
	client.Delete(path).IfMatch("*").Expect(t).Status(204)

	require.NoError(t, Empty(t.Context(), notes, now.Add(keptFor-time.Minute)))
	client.Get(trashed).Expect(t).Status(200)
	require.NoError(t, Empty(t.Context(), notes, now.Add(keptFor+time.Minute)))
	client.Get(trashed).Expect(t).Status(404)
	client.Get(kept).Expect(t).Status(200)
}

// TestOneRecordOneLock: a write to a note and one to the deleted note wait for each other.
func TestOneRecordOneLock(t *testing.T) {
	operations, err := NewApp().Operations()
	require.NoError(t, err)
	for _, o := range operations {
		if strings.HasSuffix(o.Path, "/{id}") && o.Method != "GET" {
			assert.Contains(t, o.LockKey, "by ", "%s %s", o.Method, o.Path)
		}
	}
}

// TestAnotherProcessWasFaster: what it has written is neither deleted nor overwritten.
func TestAnotherProcessWasFaster(t *testing.T) {
	for _, deleted := range []bool{false, true} {
		for _, method := range []string{"PUT", "POST", "DELETE"} {
			path := map[bool]string{false: "/notes/1", true: "/trash/1"}[deleted]
			if deleted == (method == "PUT") || !deleted && method == "POST" {
				continue // there is no such handler
			}
			app, notes := NewApp(), new(store.Memory[string, Note])
			_, err := notes.Put(t.Context(), "1", Note{"old", deleted}, store.Absent())
			require.NoError(t, err)
			restmachine.Override(app, recipe.Overtaken(Notes(notes), func() {
				_, err := notes.Put(t.Context(), "1", Note{"theirs", deleted}, store.Any())
				require.NoError(t, err)
			}))
			client := restmachinetest.NewClient(app)
			client.Method(method, path).IfMatch("*").IfNoneMatch(`"another"`).JSON(Note{Title: "mine"}).Expect(t).Status(412)
			var left Item
			client.Get(path).Expect(t).Status(200).JSON(&left)
			assert.Equal(t, "theirs", left.Title, "%s %s", method, path)
		}
	}
}

// TestDocument holds the answers to the OpenAPI document, which has the 410.
func TestDocument(t *testing.T) {
	restmachinetest.CheckDocument(t, NewApp(), restmachinetest.Document{Info: openapi.Info{
		Texts: map[string]openapi.Text{"POST /trash/{id}": {Statuses: []int{303}}},
	}})
}
