package main

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestPage(t *testing.T) { recipe.Check(t, NewApp()) }

// TestDocument: the OpenAPI document has all that the answers have, Link too. Nobody draws a cursor.
func TestDocument(t *testing.T) {
	restmachinetest.CheckDocument(t, NewApp(), restmachinetest.Document{Values: map[string][]string{"cursor": {"YTI", "YjM"}}})
}

func open(t *testing.T) restmachinetest.Client {
	t.Helper()
	app := NewApp()
	restmachinetest.Check(t, app)
	return restmachinetest.NewClient(app)
}

// page asks for a page, and returns what is on it and where its links lead.
func page(t *testing.T, client restmachinetest.Client, path string) (ids []int, links map[string]string, result *restmachinetest.Result) {
	t.Helper()
	result = client.Get(path).Expect(t).Status(200)
	var notes []Note
	result.JSON(&notes)
	for _, n := range notes {
		ids = append(ids, n.ID)
	}
	links = map[string]string{}
	for _, line := range result.Response.Header["Link"] {
		found := regexp.MustCompile(`^<(\?[^>]*)>; rel="(next|prev)"$`).FindStringSubmatch(line)
		require.NotNil(t, found, line)
		links[found[2]] = "/notes" + found[1]
	}
	restmachinetest.CheckHead(t, result.Response, client.Head(path).Expect(t).Response)
	restmachinetest.CheckNotModified(t, result.Response, client.Get(path).IfNoneMatch(result.ETag()).Expect(t).Status(304).Response)
	return ids, links, result
}

// walk follows the links of one kind from a page on.
func walk(t *testing.T, client restmachinetest.Client, path, rel string) (pages [][]int) {
	t.Helper()
	for path != "" {
		ids, links, _ := page(t, client, path)
		pages = append(pages, ids)
		path = links[rel]
		require.Less(t, len(pages), 10, "the links end")
	}
	return pages
}

func TestThereAndBack(t *testing.T) {
	client := open(t)
	assert.Equal(t, [][]int{{1, 2}, {3, 4}, {5}}, walk(t, client, "/notes?limit=2", "next"))
	_, first, _ := page(t, client, "/notes?limit=2")
	assert.NotContains(t, first, "prev")
	_, second, _ := page(t, client, first["next"])
	_, third, _ := page(t, client, second["next"])
	assert.Equal(t, [][]int{{3, 4}, {1, 2}}, walk(t, client, third["prev"], "prev"))
	for limit := 1; limit <= 6; limit++ {
		all := slices.Concat(walk(t, client, fmt.Sprint("/notes?limit=", limit), "next")...)
		assert.Equal(t, []int{1, 2, 3, 4, 5}, all, "each note once")
	}
}

// TestCursorsAreStable: what others add and delete neither repeats a note nor leaves one out.
func TestCursorsAreStable(t *testing.T) {
	client := open(t)
	_, first, _ := page(t, client, "/notes?limit=2")
	client.Delete("/notes/1").Expect(t).Status(204)
	client.Delete("/notes/2").Expect(t).Status(204) // the note that the cursor was made of
	client.Post("/notes").JSON(Note{Text: "six"}).Expect(t).Status(201).Header("Location", "/notes/6")
	ids, second, _ := page(t, client, first["next"])
	assert.Equal(t, []int{3, 4}, ids)
	assert.NotContains(t, second, "prev", "nothing is there any more")
	_, third, _ := page(t, client, second["next"])
	for id := 3; id <= 6; id++ {
		client.Delete(fmt.Sprint("/notes/", id)).Expect(t).Status(204)
	}
	ids, links, _ := page(t, client, third["prev"])
	assert.Empty(t, ids)
	assert.Empty(t, links)
	client.Post("/notes").JSON(Note{Text: "seven"}).Expect(t).Status(201)
	_, links, _ = page(t, client, third["prev"])
	ids, _, _ = page(t, client, links["next"])
	assert.Equal(t, []int{7}, ids, "an empty page leads on, too")
}

// TestEmptyPages: they lead on to the notes that are next to their cursor.
func TestEmptyPages(t *testing.T) {
	client := open(t)
	at := func(c Cursor) string {
		text, err := c.MarshalText()
		require.NoError(t, err)
		return "/notes?limit=2&cursor=" + string(text)
	}
	ids, links, _ := page(t, client, at(Cursor{After: 5}))
	assert.Empty(t, ids)
	assert.NotContains(t, links, "next")
	ids, _, _ = page(t, client, links["prev"])
	assert.Equal(t, []int{4, 5}, ids)

	ids, links, _ = page(t, client, at(Cursor{Before: 1}))
	assert.Empty(t, ids)
	assert.NotContains(t, links, "prev")
	ids, _, _ = page(t, client, links["next"])
	assert.Equal(t, []int{1, 2}, ids)
}

// TestTagOfAPage: it changes with the notes of the page and with its links, and with nothing else.
func TestTagOfAPage(t *testing.T) {
	client := open(t)
	_, _, first := page(t, client, "/notes?limit=2")
	_, _, whole := page(t, client, "/notes?limit=5")
	client.Post("/notes").JSON(Note{Text: "six"}).Expect(t).Status(201)
	client.Get("/notes?limit=2").IfNoneMatch(first.ETag()).Expect(t).Status(304)
	_, links, now := page(t, client, "/notes?limit=5")
	assert.Equal(t, whole.Response.Body, now.Response.Body)
	assert.Contains(t, links, "next")
	assert.NotEqual(t, whole.ETag(), now.ETag(), "a 304 would hide the link to the next page")
	client.Delete("/notes/1").Expect(t).Status(204)
	client.Get("/notes?limit=2").IfNoneMatch(first.ETag()).Expect(t).Status(200)
}

func TestQueriesThatAreRefused(t *testing.T) {
	client := open(t)
	for _, text := range []string{"x", "a", "c3", "a-1", "a1x", "a 1", "a99999999999"} {
		cursor := base64.RawURLEncoding.EncodeToString([]byte(text))
		client.Get("/notes?cursor=" + cursor).Expect(t).Status(400).Problem("the query parameter cursor")
	}
	for _, query := range []string{"cursor=", "cursor=%25", "limit=0", "limit=101", "limit=many", "limit=", "limit=1&limit=2", "cursor=YTI&cursor=YTI"} {
		client.Get("/notes?" + query).Expect(t).Status(400).Problem("")
	}
	client.Get("/notes?limit=100").Expect(t).Status(200).NoHeader("Link")
	client.Get("/notes/7").Expect(t).Status(404)
}

// TestAPostLoadsNoPage: it is not refused for a query that it does not read.
func TestAPostLoadsNoPage(t *testing.T) {
	client := open(t)
	client.Post("/notes?limit=0").JSON(Note{Text: "six"}).Expect(t).Status(201).Header("Location", "/notes/6")
	operations, err := NewApp().Operations()
	require.NoError(t, err)
	for _, o := range operations {
		for _, p := range o.Parameters {
			assert.False(t, o.Method == "POST" && p.In == "query", "the document says that a POST reads %s", p.Name)
		}
	}
}

// FuzzCursor: a cursor that can be read is written as the same place.
func FuzzCursor(f *testing.F) {
	for _, text := range []string{"YTI", "YjM", "", "YTA", "nonsense", "%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c, again Cursor
		if c.UnmarshalText([]byte(text)) != nil {
			return
		}
		written, err := c.MarshalText()
		require.NoError(t, err)
		require.NoError(t, again.UnmarshalText(written))
		assert.Equal(t, c, again)
	})
}
