package main

import (
	"encoding/json"
	"testing"

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

// TestDocument holds the answers to the OpenAPI document, which has the statuses of the action by itself.
func TestDocument(t *testing.T) {
	restmachinetest.CheckDocument(t, NewApp())
	text, err := openapi.Of(NewApp(), openapi.Info{})
	require.NoError(t, err)
	var document struct {
		Paths map[string]struct {
			Post struct {
				Responses  map[string]any
				Parameters []struct {
					Ref string `json:"$ref"`
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &document))
	action := document.Paths["/issues/{id}/close"].Post
	for _, status := range []string{"200", "404", "412", "428"} {
		assert.Contains(t, action.Responses, status)
	}
	require.Len(t, action.Parameters, 2, "the id, and a field")
	assert.Equal(t, "#/components/parameters/If-Match-Required", action.Parameters[1].Ref)
}

// TestExplored walks through the App, and looks for lost updates.
func TestExplored(t *testing.T) { restmachinetest.Explore(t, NewApp()) }

func TestClosing(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)
	created := client.Post("/issues").JSON(NewIssue{"It is slow"}).Expect(t).Status(201)
	path, tag := created.Location(), created.ETag()
	client.Post(path + "/close").Expect(t).Status(428)
	client.Post(path + "/close").IfMatch(`"another"`).Expect(t).Status(412)
	client.Post("/issues/none/close").IfMatch("*").Expect(t).Status(404)
	client.Get(path + "/close").Expect(t).Status(405)
	client.Get(path).Expect(t).Status(200).Body(`{"title":"It is slow","state":"open"}`)

	const closed = `{"title":"It is slow","state":"closed"}`
	restmachinetest.RaceWrites(t, app, client.Post(path+"/close").IfMatch(tag).Request(), 4)
	client.Post(path + "/close").IfMatch(tag).Expect(t).Status(412) // the tag is stale
	now := client.Get(path).Expect(t).Status(200).Body(closed).ETag()
	client.Post(path + "/close").IfMatch(now).Expect(t).Status(200).Body(closed)
	client.Post(path + "/close").IfMatch("*").Expect(t).Status(200).Body(closed)
	client.Get(path).IfNoneMatch(now).Expect(t).Status(304) // nothing was written
}

// TestOneRecordOneLock: the action waits for other writes to the issue.
func TestOneRecordOneLock(t *testing.T) {
	operations, err := NewApp().Operations()
	require.NoError(t, err)
	for _, o := range operations {
		if o.Path == "/issues/{id}/close" {
			assert.Equal(t, "/issues/{id}", o.LockKey)
		}
	}
}

// TestAnotherProcessWasFaster: what it has written is not overwritten.
func TestAnotherProcessWasFaster(t *testing.T) {
	app, issues := NewApp(), new(store.Memory[string, Issue])
	seen, err := issues.Put(t.Context(), "1", Issue{"old", "open"}, store.Absent())
	require.NoError(t, err)
	restmachine.Override(app, recipe.Overtaken(Issues(issues), func() {
		_, err := issues.Put(t.Context(), "1", Issue{"theirs", "open"}, store.Any())
		require.NoError(t, err)
	}))
	client := restmachinetest.NewClient(app)
	client.Post("/issues/1/close").IfMatch(string(seen.ETag())).Expect(t).Status(412)
	var left Issue
	client.Get("/issues/1").Expect(t).Status(200).JSON(&left)
	assert.Equal(t, "theirs", left.Title)
}
