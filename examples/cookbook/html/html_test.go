package main

import (
	"net/url"
	"regexp"
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

// asBrowser is what a browser accepts that opens a page.
func asBrowser(client restmachinetest.Client) restmachinetest.Client {
	return client.Header("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
}

// form is a form with a note, filled from the version that a page shows.
func form(title, text, page string) url.Values {
	values := url.Values{"title": {title}, "text": {text}}
	if seen := regexp.MustCompile(`name="seen" value="(.*?)"`).FindStringSubmatch(page); seen != nil {
		values.Set("seen", seen[1])
	}
	return values
}

func text(r *restmachinetest.Result) string { return string(r.Response.Body) }

func TestPostRedirectGet(t *testing.T) {
	app := NewApp()
	restmachinetest.Check(t, app)
	client := restmachinetest.NewClient(app)
	browser := asBrowser(client)

	created := browser.Post("/notes").Form(form("<b>Milk</b>", "two bottles", "")).Expect(t).Status(303).Body("")
	note := created.Location()
	first := browser.Get(note).Expect(t).Status(200).Header("Content-Type", htmlType).Header("Vary", "Accept").Header("Cache-Control", "no-cache")
	assert.Contains(t, text(first), "<h1>&lt;b&gt;Milk&lt;/b&gt;</h1>")
	assert.Contains(t, first.Response.Header.Get("Content-Security-Policy"), "default-src 'none'")
	assert.Contains(t, text(browser.Get("/notes").Expect(t).Status(200)), `<a href="`+note+`">`)
	client.Get(note).Expect(t).Status(200).Body(`{"title":"<b>Milk</b>","text":"two bottles"}`)
	client.Get("/notes").Expect(t).Status(200).Body(`[{"url":"` + note + `","title":"<b>Milk</b>"}]`)
	client.Post("/notes").JSON(Note{Title: "Bread"}).Expect(t).Status(201) // a program is told where it is, and what

	browser.Post(note).Form(form("Milk", "one bottle", text(first))).Expect(t).Status(303).Header("Location", note)
	late := browser.Post(note).Form(form("Milk", "three <bottles>", text(first))).Expect(t).Status(409)
	assert.Contains(t, text(late), "<h1>Conflict</h1>")
	assert.Contains(t, text(late), "three &lt;bottles&gt;", "what was typed is not lost")
	assert.Contains(t, text(browser.Get(note).Expect(t)), "one bottle")
	browser.Post(note).Form(form("Milk", "", text(late))).Expect(t).Status(409) // the form of an error does not force it
}

func TestErrorsArePages(t *testing.T) {
	client := restmachinetest.NewClient(NewApp())
	browser := asBrowser(client)
	refused := browser.Post("/notes").Form(form(" ", `"quoted"`, "")).Expect(t).Status(422).Header("Content-Type", htmlType)
	assert.Contains(t, text(refused), "A note needs a title.")
	assert.Contains(t, text(refused), "&#34;quoted&#34;")
	for path, status := range map[string]int{"/notes/none": 404, "/nowhere": 404} {
		assert.Contains(t, text(browser.Get(path).Expect(t).Status(status).Header("Content-Type", htmlType)), "<h1>Not Found</h1>")
		client.Get(path).Expect(t).Status(status).Header("Content-Type", "application/problem+json")
	}
	browser.Post("/notes").Form(url.Values{"text": {strings.Repeat("a", 2<<20)}}).Expect(t).Status(413).Header("Content-Type", htmlType)
	browser.Post("/notes").JSON(Note{}).Expect(t).Status(422).Header("Content-Type", htmlType)

	foreign := browser.Header("Sec-Fetch-Site", "cross-site")
	foreign.Post("/notes").Form(form("Spam", "", "")).Expect(t).Status(403)
	foreign.Get("/notes").Expect(t).Status(200) // a link from elsewhere is fine
}

// TestTags: HTML and JSON differ in their tags, and a new design changes both.
func TestTags(t *testing.T) {
	app := NewApp()
	client := restmachinetest.NewClient(app)
	created := client.Post("/notes").JSON(Note{Title: "Milk"}).Expect(t).Status(201)
	note, tag := created.Location(), created.ETag()
	page := asBrowser(client).Get(note).Expect(t)
	assert.NotEqual(t, tag, page.ETag())
	restmachinetest.CheckNotModified(t, page.Response, asBrowser(client).Get(note).IfNoneMatch(page.ETag()).Expect(t).Status(304).Response)
	client.Get(note).IfNoneMatch(page.ETag()).Expect(t).Status(200)
	for _, path := range []string{"/notes", note} {
		listTag := asBrowser(client).Get(path).Expect(t).ETag()
		asBrowser(client).Get(path).IfNoneMatch(listTag).Expect(t).Status(304)
	}

	put := client.Put(note).JSON(Note{Title: "Bread"}).IfMatch(page.ETag()) // either tag names the state
	restmachinetest.RaceWrites(t, app, put.Request(), 4)
	put.IfMatch(tag).Expect(t).Status(412)

	// The same data in another release of the program.
	notes := NewNotes()
	releases := make([]restmachinetest.Client, 2)
	for i, source := range []string{source, source + "<!-- a new footer -->"} {
		app := NewApp()
		design, err := NewDesign(source)
		require.NoError(t, err)
		restmachine.Override(app, design)
		restmachine.Override(app, notes)
		releases[i] = asBrowser(restmachinetest.NewClient(app))
	}
	note = releases[0].Post("/notes").Form(form("Milk", "", "")).Expect(t).Location()
	old := releases[0].Get(note).Expect(t).ETag()
	releases[0].Get(note).IfNoneMatch(old).Expect(t).Status(304)
	releases[1].Get(note).IfNoneMatch(old).Expect(t).Status(200)
}

// TestAnotherProcessWasFaster: what it has written stays, also where a form comes with the right version.
func TestAnotherProcessWasFaster(t *testing.T) {
	for name, send := range map[string]func(client restmachinetest.Client, r Record) restmachinetest.Call{
		"form": func(client restmachinetest.Client, r Record) restmachinetest.Call {
			return client.Post("/notes/1").Form(url.Values{"title": {"mine"}, "seen": {r.Version.String()}})
		},
		"program": func(client restmachinetest.Client, r Record) restmachinetest.Call {
			return client.Put("/notes/1").IfMatch("*").IfNoneMatch(`"another"`).JSON(Note{Title: "mine"})
		},
	} {
		app, notes := NewApp(), NewNotes()
		r, err := notes.Put(t.Context(), "1", Note{Title: "old"}, store.Absent())
		require.NoError(t, err)
		restmachine.Override(app, recipe.Overtaken(notes, func() {
			_, err := notes.Put(t.Context(), "1", Note{Title: "theirs"}, store.Any())
			require.NoError(t, err)
		}))
		client := restmachinetest.NewClient(app)
		want := map[string]int{"form": 409, "program": 412}[name]
		send(client, r).Expect(t).Status(want)
		client.Get("/notes/1").Expect(t).Body(`{"title":"theirs","text":""}`)
	}
}
