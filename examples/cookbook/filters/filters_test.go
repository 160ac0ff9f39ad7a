package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestPage(t *testing.T) { recipe.Check(t, NewApp()) }

func open(t *testing.T) restmachinetest.Client {
	t.Helper()
	app := NewApp()
	restmachinetest.Check(t, app)
	return restmachinetest.NewClient(app)
}

func TestFiltersAndOrders(t *testing.T) {
	client := open(t)
	for query, want := range map[string][]int{
		"":                                      {1, 4, 3, 2}, // by title
		"sort=-title":                           {2, 3, 4, 1},
		"sort=author":                           {1, 2, 3, 4}, // of one author: by ID
		"sort=-author":                          {4, 3, 1, 2}, // and that is not turned round
		"sort=author,-year":                     {2, 1, 3, 4},
		"author=Austen":                         {1, 2},
		"author=Austen&author=Eliot":            {1, 3, 2},
		"author=Austen,Eliot":                   nil, // one name with a comma
		"author=":                               nil, // the empty name is a name
		"from=1817&to=1818":                     {4, 2},
		"from=1818&to=1818":                     {4},
		"to=0":                                  nil, // 0 is said, and is not the same as absent
		"title=ER":                              {2},
		"title=e&author=Austen&sort=-year":      {2, 1},
		"title=%3Cscript%3E":                    nil,
		"author=Aust%65n&sort=%79ear&from=1816": {2},
	} {
		var books []Book
		list := client.Get("/books?" + query).Expect(t).Status(200).JSON(&books)
		var got []int
		for _, b := range books {
			got = append(got, b.ID)
		}
		assert.Equal(t, want, got, query)
		if want == nil {
			list.Body("[]") // and not null, and not 404
		}
	}
}

func TestQueriesThatAreRefused(t *testing.T) {
	client := open(t)
	for query, parameters := range map[string][]string{
		"athor=Austen&page=2":         {"athor", "page"},
		"Author=Austen":               {"Author"}, // names have a case
		"=1":                          {""},
		"from=x&to=y":                 {"from", "to"},
		"from=":                       {"from"},
		"from=1&from=2":               {"from"},
		"from=1820&to=1810":           {"from"},
		"from=2&to=1&sort=price":      {"from", "sort"},
		"sort=":                       {"sort"},
		"sort=title,":                 {"sort"},
		"sort=title,-title":           {"sort"},
		"sort=--title":                {"sort"},
		"sort=title;drop table books": {"sort"},
	} {
		var problem struct {
			Errors []restmachine.FieldError `json:"errors"`
		}
		refused := client.Get("/books?" + strings.NewReplacer(" ", "%20", ";", "%3B").Replace(query)).Expect(t).Status(400).Problem("")
		require.NoError(t, json.Unmarshal(refused.Response.Body, &problem))
		var got []string
		for _, e := range problem.Errors {
			got = append(got, e.Parameter)
		}
		slices.Sort(got)
		assert.Equal(t, parameters, got, query)
	}
	client.Post("/books?x=1").JSON(Book{}).Expect(t).Status(400)
}

// TestTagOfAList: it changes with what the list shows, and with nothing else.
func TestTagOfAList(t *testing.T) {
	client := open(t)
	of := map[string]*restmachinetest.Result{}
	for _, query := range []string{"author=Austen", "from=1850"} {
		of[query] = client.Get("/books?" + query).Expect(t).Status(200)
		same := client.Get("/books?" + query).IfNoneMatch(of[query].ETag()).Expect(t).Status(304)
		restmachinetest.CheckNotModified(t, of[query].Response, same.Response)
		restmachinetest.CheckHead(t, of[query].Response, client.Head("/books?"+query).Expect(t).Response)
	}
	client.Post("/books").JSON(Book{Title: "Silas Marner", Author: "Eliot", Year: 1861}).Expect(t).Status(204)
	client.Get("/books?author=Austen").IfNoneMatch(of["author=Austen"].ETag()).Expect(t).Status(304)
	client.Get("/books?from=1850").IfNoneMatch(of["from=1850"].ETag()).Expect(t).Status(200)
}
