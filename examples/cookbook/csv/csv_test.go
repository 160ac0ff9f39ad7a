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

func csvOf(client restmachinetest.Client) restmachinetest.Call {
	return client.Get("/prices").Accept("text/csv")
}

// TestOneListTwoTypes: each type has a tag of its own, and both name the one state.
func TestOneListTwoTypes(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)

	json := client.Get("/prices").Expect(t).Status(200).Header("Vary", "Accept").NoHeader("Content-Disposition").
		Body(`[{"sku":"A1","name":"Apple","cents":40},{"sku":"B2","name":"-20 % on pears","cents":99}]`)
	csv := csvOf(client).Expect(t).Status(200).Header("Vary", "Accept").
		Header("Content-Type", csvType).Header("Content-Disposition", `attachment; filename="prices.csv"`).
		Body("sku,name,cents\r\nA1,Apple,40\r\nB2,'-20 % on pears,99\r\n")
	assert.NotEqual(t, json.ETag(), csv.ETag())
	restmachinetest.CheckNotModified(t, csv.Response, csvOf(client).IfNoneMatch(csv.ETag()).Expect(t).Status(304).Response)
	csvOf(client).IfNoneMatch(json.ETag()).Expect(t).Status(200)
	client.Get("/prices").Accept("text/html").Expect(t).Status(406)

	put := client.Put("/prices").Body("text/csv", string(csv.Response.Body))
	put.Expect(t).Status(428)
	restmachinetest.RaceWrites(t, app, put.IfMatch(csv.ETag()).Request(), 4)
	put.IfMatch(json.ETag()).Expect(t).Status(412)
	client.Get("/prices").Expect(t).Status(200).Body(string(json.Response.Body)) // what was exported is imported
}

// TestEveryTextComesBack: no cell is a formula, and each is what it was after an import.
func TestEveryTextComesBack(t *testing.T) {
	for _, s := range []string{"", "a", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'", "'n Sync", "'=1", "''=1", "'a", "=", "a=b", `"`, ",", "a\nb"} {
		assert.Equal(t, s, text(cell(s)), "%q", s)
		assert.False(t, strings.HasPrefix(s, "=") && cell(s) == s, "%q", s)
	}
	client := restmachinetest.NewClient(NewApp())
	put := client.Put("/prices").IfMatch("*")
	put.JSON(Products{{`=HYPERLINK("http://e.vil")`, `a "b", c`, 1}}).Expect(t).Status(200)
	csvOf(client).Expect(t).Body("sku,name,cents\r\n\"'=HYPERLINK(\"\"http://e.vil\"\")\",\"a \"\"b\"\", c\",1\r\n")
}

func TestWhatIsRefused(t *testing.T) {
	app := NewApp()
	client := restmachinetest.NewClient(app).Watching(func() string { return string(restmachinetest.NewClient(app).Get("/prices").Expect(t).Response.Body) })
	put := client.Put("/prices").IfMatch("*")
	for _, tt := range []struct {
		mediaType, content, detail string
		status                     int
	}{
		{"text/csv", "", "The first line must be", 400},
		{"text/csv", "sku;name;cents\r\n", "wrong number of fields", 400},
		{"text/csv", "name,sku,cents\r\n", "The first line must be", 400},
		{"text/csv", "sku,name,cents\nA1,Apple\n", "line 2", 400},
		{"text/csv", "sku,name,cents\nA1,\"Apple,1\n", "line 2", 400},
		{"text/csv", "sku,name,cents\nA1,\xc4pfel,1\n", "not UTF-8", 400},
		{"text/csv; charset=iso-8859-1", "sku,name,cents\n", "", 415},
		{"text/plain", "sku,name,cents\n", "", 415},
		{"text/csv", "sku,name,cents\nA1,Apple,0.4\n,Pear,1\n", "2 errors", 422},
		{"application/json", `[{"sku":"A1","cents":-1}]`, "must not be negative", 422},
		{"application/json", `[{"sku":1}]`, "cannot be read", 400},
	} {
		put.Body(tt.mediaType, tt.content).Expect(t).Status(tt.status).Problem(tt.detail)
	}
	// A file as Excel and others write it.
	put.Body("text/csv; charset=UTF-8; header=present", "\ufeffsku,name,cents\r\nA1,Äpfel,1").Expect(t).Status(200)
	client.Get("/prices").Expect(t).Body(`[{"sku":"A1","name":"Äpfel","cents":1}]`)
}

// TestManyLines: the content is made line by line, and is not gathered before.
func TestManyLines(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	var many Products
	for i := range 20_000 {
		many = append(many, Product{fmt.Sprint("P", i), "Apple", i})
	}
	client.Put("/prices").IfMatch("*").JSON(many).Expect(t).Status(200)
	stream := csvOf(client).Stream(t).Status(200)
	assert.Equal(t, "sku,name,cents", stream.Line())
	for i := range many {
		if want, got := fmt.Sprintf("P%d,Apple,%d", i, i), stream.Line(); want != got {
			t.Fatalf("line %d: %q", i, got)
		}
	}
	stream.Ended()
}

// TestAnotherProcessWasFaster: its list stays.
func TestAnotherProcessWasFaster(t *testing.T) {
	app := NewApp()
	lists, err := newLists(t.Context())
	require.NoError(t, err)
	restmachine.Override(app, recipe.Overtaken(lists, func() {
		_, err := lists.Put(t.Context(), "prices", Products{{"X", "theirs", 1}}, store.Any())
		require.NoError(t, err)
	}))
	r, _, err := lists.Get(t.Context(), "prices")
	require.NoError(t, err)
	client := restmachinetest.NewClient(app)
	client.Put("/prices").IfMatch(string(r.ETag())).JSON(Products{{"X", "mine", 1}}).Expect(t).Status(412)
	client.Get("/prices").Expect(t).Body(`[{"sku":"X","name":"theirs","cents":1}]`)
}

// TestDocument holds the answers to the OpenAPI document.
func TestDocument(t *testing.T) { restmachinetest.CheckDocument(t, NewApp()) }
