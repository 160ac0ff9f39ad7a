package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// TestPage plays the session of the page.
func TestPage(t *testing.T) { recipe.Check(t, NewApp()) }

// values are what nobody draws.
var values = map[string][]string{"project": {"apollo", "apollo 11/b"}, "cursor": {"01", "03"}}

// TestDocument holds the answers to the OpenAPI document.
func TestDocument(t *testing.T) {
	restmachinetest.CheckDocument(t, NewApp(), restmachinetest.Document{Values: values})
}

// TestExplored walks through the App.
func TestExplored(t *testing.T) {
	restmachinetest.Explore(t, NewApp(), restmachinetest.Walk{Values: values})
}

func open(t *testing.T) (restmachinetest.Client, Tasks) {
	t.Helper()
	tasks, err := newTasks(t.Context())
	require.NoError(t, err)
	app := NewApp()
	restmachine.Override(app, tasks)
	restmachinetest.Check(t, app)
	return restmachinetest.NewClient(app), tasks
}

// walk follows the links from a page on, and returns the IDs of each page.
func walk(t *testing.T, client restmachinetest.Client, path string) (pages [][]string) {
	t.Helper()
	for link := ""; ; {
		result := client.Get(path + link).Expect(t).Status(200)
		client.Get(path + link).IfNoneMatch(result.ETag()).Expect(t).Status(304)
		var all []Item
		result.JSON(&all)
		var ids []string
		for _, i := range all {
			ids = append(ids, i.ID)
		}
		pages = append(pages, ids)
		next := result.Response.Header.Get("Link")
		if next == "" {
			return pages
		}
		path, _, _ = strings.Cut(path, "?")
		link = strings.TrimSuffix(strings.TrimPrefix(next, "<"), `>; rel="next"`)
		require.Less(t, len(pages), 20, "the links end")
	}
}

func TestFilterAndPages(t *testing.T) {
	client, _ := open(t)
	const list = "/projects/apollo/tasks"
	assert.Equal(t, [][]string{{"01", "02"}, {"03", "04"}, {"05"}}, walk(t, client, list+"?limit=2"))
	assert.Equal(t, [][]string{{"01", "03"}, {"04", "05"}}, walk(t, client, list+"?limit=2&done=false"))
	assert.Equal(t, [][]string{{"02"}}, walk(t, client, list+"?limit=1&done=true"))
	client.Get("/projects/gemini/tasks").Expect(t).Status(404)
	client.Post("/projects/gemini/tasks").JSON(Task{}).Expect(t).Status(404)
	for _, query := range []string{"limit=0", "limit=101", "cursor=a", "cursor=%2F", "done=perhaps"} {
		client.Get(list + "?" + query).Expect(t).Status(400)
	}
}

// TestAPostLoadsNoPage: it is not refused for a query that it does not read. It adds below its own project.
func TestAPostLoadsNoPage(t *testing.T) {
	client, _ := open(t)
	const other = "/projects/apollo%2011%2Fb/tasks"
	client.Get(other).Expect(t).Status(200).Body("[]")
	created := client.Post(other + "?limit=0").JSON(Task{Title: "Splash down"}).Expect(t).Status(201)
	assert.True(t, strings.HasPrefix(created.Location(), other+"/"), created.Location())
	client.Get(created.Location()).Expect(t).Status(200)
	assert.Len(t, walk(t, client, other)[0], 1)
	assert.Len(t, walk(t, client, "/projects/apollo/tasks")[0], 5)
}

// TestTagOfAPage: the tag changes when the record behind the page goes away, and with it the link. The
// tag of the records alone does not.
func TestTagOfAPage(t *testing.T) {
	client, _ := open(t)
	const page = "/projects/apollo/tasks?limit=4"
	before := client.Get(page).Expect(t).Status(200)
	client.Delete("/projects/apollo/tasks/05").IfMatch("*").Expect(t).Status(204)
	after := client.Get(page).IfNoneMatch(before.ETag()).Expect(t).Status(200).NoHeader("Link")
	assert.Equal(t, before.Response.Body, after.Response.Body)
}

// TestLooks: a filter that nothing fits ends after some looks, and the links lead on to what does.
func TestLooks(t *testing.T) {
	client, tasks := open(t)
	for i := range 2 * looks {
		_, err := tasks.Put(t.Context(), fmt.Sprintf("apollo/B%04d", i), Task{"one of many", false}, store.Absent())
		require.NoError(t, err)
	}
	_, err := tasks.Put(t.Context(), "apollo/Z", Task{"the last", true}, store.Absent())
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"02"}, nil, {"Z"}}, walk(t, client, "/projects/apollo/tasks?done=true"))
}
