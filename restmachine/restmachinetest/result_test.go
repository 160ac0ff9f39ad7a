// These tests check expectations: when they fail, and what they report.

package restmachinetest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestExpectationsThatHold(t *testing.T) {
	client := restmachinetest.NewClient(newShelf())
	var got page
	assert.Empty(t, reports(t, func(t testing.TB) {
		first := client.Get("/page").Expect(t).Status(200).JSON(&got).Header("etag", `"1"`).NoHeader("Location").Body(`{"Text":"Hello"}`)
		client.Get("/page").IfNoneMatch(first.ETag()).Expect(t).Status(304).Body("")
		client.Get("/page").IfModifiedSince(first.LastModified()).Expect(t).Status(304)
		client.Get("/page").IfMatch(`"0"`).Expect(t).Status(412).Problem("").Problem(`the current entity-tag "1"`)
		client.Head("/page").Expect(t).Status(200).Header("ETag", first.ETag()).Body("")

		made := client.Post("/echo").Form(url.Values{"a": {"b"}}).Expect(t).Status(201).Body("a=b").Location()
		client.Get(made).Expect(t).Status(200)
	}))
	assert.Equal(t, "Hello", got.Text)
}

func TestExpectationsThatFail(t *testing.T) {
	client := restmachinetest.NewClient(newShelf())
	get, missing := client.Get("/page"), client.Get("/nothing")
	for _, tt := range []struct {
		name   string
		expect func(t testing.TB)
		want   string // the beginning of the only report
	}{
		{"another status", func(t testing.TB) { get.Expect(t).Status(304) },
			"GET /page: status is 200 OK, not 304 Not Modified\n"},
		{"another value", func(t testing.TB) { get.Expect(t).Header("ETag", `"2"`) },
			"GET /page: ETag is `\"1\"`, not `\"2\"`\n"},
		{"no such field", func(t testing.TB) { get.Expect(t).Header("Location", "/") },
			"GET /page: Location is missing, not `/`\n"},
		{"an empty value is not the same as none", func(t testing.TB) { get.Expect(t).Header("Location", "") },
			"GET /page: Location is missing, not ``\n"},
		{"a field too many", func(t testing.TB) { get.Expect(t).NoHeader("etag") },
			"GET /page: etag is [`\"1\"`], and should be missing\n"},
		{"other content", func(t testing.TB) { get.Expect(t).Body("Bye") },
			"GET /page: the content is not `Bye`\n"},
		{"no JSON", func(t testing.TB) { client.Post("/echo").Form(url.Values{"a": {"b"}}).Expect(t).JSON(new(page)) },
			"fatal: POST /echo: Content-Type is `text/plain`, which is not JSON\n"},
		{"a problem where JSON was asked for", func(t testing.TB) { missing.Expect(t).JSON(new(page)) },
			"fatal: GET /nothing: the content is a problem, not a *restmachinetest_test.page\n"},
		{"JSON of another kind", func(t testing.TB) { get.Expect(t).JSON(new([]page)) },
			"fatal: GET /page: the content cannot be read into a *[]restmachinetest_test.page: json:"},
		{"no problem", func(t testing.TB) { get.Expect(t).Problem("") },
			"GET /page: Content-Type is `application/json`, not application/problem+json\n"},
		{"another problem", func(t testing.TB) { get.IfMatch(`"7"`).Expect(t).Problem("too big") },
			"GET /page: the problem's detail is `If-Match \"7\" does not match the current entity-tag \"1\"`, without `too big`\n"},
		{"no tag to go on with", func(t testing.TB) { missing.Expect(t).ETag() },
			"fatal: GET /nothing: ETag is missing\n"},
		{"no date to go on with", func(t testing.TB) { missing.Expect(t).LastModified() },
			"fatal: GET /nothing: Last-Modified is missing\n"},
		{"nowhere to go on to", func(t testing.TB) { missing.Expect(t).Location() },
			"fatal: GET /nothing: Location is missing\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			faults := reports(t, tt.expect)
			if assert.Len(t, faults, 1) {
				assert.True(t, strings.HasPrefix(faults[0], tt.want), faults[0])
			}
		})
	}
}

// The first report about a response says why. Later reports do not repeat it.
func TestTheFirstReportExplains(t *testing.T) {
	faults := reports(t, func(t testing.TB) {
		restmachinetest.NewClient(newShelf()).Put("/page").IfMatch(`"0"`).JSON(page{}).Expect(t).Status(200).Body("")
	})
	if assert.Len(t, faults, 2) {
		assert.Contains(t, faults[0], "content: `{\"title\":\"Precondition Failed\"")
		assert.Contains(t, faults[0], `If-Match "0" does not match "1" strongly`, "the reason")
		assert.Contains(t, faults[0], "kit_test.go", "who was asked")
		assert.True(t, strings.HasSuffix(faults[0], "\n412"), "the way ends at the status")
		assert.NotContains(t, faults[1], "\n")
	}
}

// Expect asks each fact as often as Execute does, so tests may count calls.
func TestExpectAsksNoMore(t *testing.T) {
	counted := func(run func(app *restmachine.App)) (asked int) {
		app := restmachine.New(quiet)
		app.ResourceExists(func() *page { asked++; return &page{} })
		app.GenerateETag(func(*page) string { asked++; return "1" })
		app.Get("/page", func(p *page) *page { asked++; return p })
		run(app)
		return asked
	}
	request := restmachine.Request{Path: "/page", Header: header("If-None-Match", `"1"`)}
	assert.Equal(t,
		counted(func(app *restmachine.App) { app.Execute(request) }),
		counted(func(app *restmachine.App) {
			restmachinetest.NewClient(app).Get("/page").IfNoneMatch(`"1"`).Expect(t).Status(304)
		}))
}

// Expect checks the invariants of every response.
func TestExpectChecksEachResponse(t *testing.T) {
	app := newShelf()
	app.Get("/broken", func() *restmachine.Reply[any] {
		return &restmachine.Reply[any]{Header: http.Header{"Last-Modified": {"yesterday"}}}
	})
	faults := reports(t, func(t testing.TB) { restmachinetest.NewClient(app).Get("/broken").Expect(t) })
	if assert.Len(t, faults, 1) {
		assert.Contains(t, faults[0], "GET /broken: the response breaks V9")
		assert.Contains(t, faults[0], "that the App knew at start:")
	}
}

func TestLongContentIsCut(t *testing.T) {
	app := restmachine.New(quiet)
	app.Get("/long", func() string { return strings.Repeat("x", 1<<20) })
	faults := reports(t, func(t testing.TB) { restmachinetest.NewClient(app).Get("/long").Expect(t).Body("y") })
	if assert.Len(t, faults, 1) {
		assert.Less(t, len(faults[0]), 1<<14)
	}
}
