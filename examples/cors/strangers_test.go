// These tests look from pages that are not let in, or not in this way.

package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/examples/internal/chromium"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
)

// TestStrangers: a page that is not let in sees nothing, and its browser does not send what needs
// a preflight.
func TestStrangers(t *testing.T) {
	ctx, _ := chromium.Open(t)
	b := browser{t, ctx}
	page, stranger := origin(t), origin(t)
	service, requests := serving(t, New(page))
	b.open(stranger, service)
	for _, script := range []string{
		`return send("GET", "/notes/1")`,
		`return send("GET", "/notes/1", {}, undefined, {credentials: "include"})`,
		`return send("PUT", "/notes/1", {"If-Match": "*"}, '{"text": "evil"}')`,
		`return send("DELETE", "/nowhere")`,
	} {
		assert.Equal(t, nothing, b.run(script), script)
	}
	assert.Equal(t, 2, requests.since("GET"), "what does not need a preflight is sent: its answer is not seen")
	assert.Zero(t, requests.since("PUT")+requests.since("DELETE"))
	assert.Equal(t, 2, requests.since("OPTIONS"))
}

// TestTwoPagesOfOneBrowser: the browser has the answer that one page got in its cache, and does
// not give it to the other, since Vary names Origin. A 304 is the answer to the page that asked.
func TestTwoPagesOfOneBrowser(t *testing.T) {
	ctx, _ := chromium.Open(t)
	b := browser{t, ctx}
	one, two, stranger := origin(t), origin(t), origin(t)
	app := restmachine.New()
	app.ResourceExists(func() *Note { return &Note{ID: 1, Text: "for all", Version: 1} })
	app.GenerateETag(func(*Note) string { return "1" })
	app.CacheControl(func(*Note) string { return "max-age=600" })
	app.Get("/note", func(n *Note) *Note { return n })
	cors.Allow(app, cors.Policy{Origins: []string{one, two}})
	service, requests := serving(t, app)
	for _, page := range []string{one, two} {
		b.open(page, service)
		for _, cache := range []string{"default", "no-cache", "force-cache"} {
			got := b.run(`return send("GET", "/note", {}, undefined, {cache: "` + cache + `"})`)
			assert.Equal(t, 200, got.Status, "%s: the browser makes a 200 of a 304 that it asked for", cache)
			assert.Equal(t, `"1"`, got.ETag)
			assert.Contains(t, got.Content, "for all")
		}
	}
	assert.Equal(t, 4, requests.since("GET"), "each page asked once, and once again for no-cache")
	b.open(stranger, service)
	for _, cache := range []string{"default", "no-cache", "force-cache"} {
		assert.Equal(t, nothing, b.run(`return send("GET", "/note", {}, undefined, {cache: "`+cache+`"})`), cache)
	}
}

// TestEverybody: "*" lets all pages in, also those without an origin, and none with cookies.
func TestEverybody(t *testing.T) {
	ctx, _ := chromium.Open(t)
	b := browser{t, ctx}
	app := restmachine.New()
	app.Get("/all", func() string { return "hello" }).Put(func() string { return "written" })
	cors.Allow(app, cors.Policy{Origins: []string{"*"}, Headers: []string{"*"}})
	null := app.Get("/null", func() string { return "hello" })
	cors.Allow(null, cors.Policy{Null: true})
	service, _ := serving(t, app)
	b.open(origin(t), service)
	assert.Equal(t, 200, b.run(`return send("GET", "/all")`).Status)
	assert.Equal(t, 200, b.run(`return send("PUT", "/all", {"X-Any": "1", "Authorization": "Bearer x"}, "")`).Status)
	assert.Equal(t, nothing, b.run(`return send("GET", "/all", {}, undefined, {credentials: "include"})`))
	assert.Equal(t, nothing, b.run(`return send("GET", "/null")`))

	const sandboxed = `return new Promise(done => {
		onmessage = e => done({status: e.data, content: e.origin});
		const frame = document.createElement("iframe");
		frame.sandbox = "allow-scripts";
		frame.srcdoc = "<script>fetch('` + "%s" + `').then(a => parent.postMessage(a.status, '*'), () => parent.postMessage(0, '*'))<\/script>";
		document.body.append(frame);
	})`
	for path, want := range map[string]int{"/all": 200, "/null": 200} {
		got := b.run(fmt.Sprintf(sandboxed, service+path))
		assert.Equal(t, seen{Status: want, Content: "null"}, got, path)
	}
	closed, _ := serving(t, New("https://page.example"))
	assert.Equal(t, 0, b.run(fmt.Sprintf(sandboxed, closed+"/notes/1")).Status)
}
