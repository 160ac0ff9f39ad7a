// These tests open pages in Chromium and run scripts there: what a browser lets a page of another
// origin see is said by nobody but a browser.

package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/chromium"
	"github.com/restmachine/restmachine-go/restmachine"
)

// A counter counts the requests that reach a handler, by method.
type counter struct {
	http.Handler
	mu    sync.Mutex
	count map[string]int
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.count[r.Method]++
	c.mu.Unlock()
	c.Handler.ServeHTTP(w, r)
}

// since returns how many requests of a method came since the last time.
func (c *counter) since(method string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.count[method]
	c.count[method] = 0
	return n
}

// serving serves a handler, and counts its requests.
func serving(t *testing.T, h http.Handler) (url string, requests *counter) {
	t.Helper()
	requests = &counter{Handler: h, count: map[string]int{}}
	server := httptest.NewServer(requests)
	t.Cleanup(server.Close)
	return server.URL, requests
}

// origin returns the origin of a server of empty pages, which know where the service will be.
func origin(t *testing.T) string {
	t.Helper()
	url, _ := serving(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><link rel="icon" href="data:,"><title>page</title>`))
	}))
	return url
}

// A browser runs scripts on pages.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// open opens the page of an origin. Its scripts have send, which is fetch with a service in
// front, and says what the script sees of the answer, or that it sees nothing.
func (b browser) open(origin, service string) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, chromedp.Navigate(origin)))
	where, err := json.Marshal(service)
	require.NoError(b.t, err)
	script := `window.send = async (method, path, fields = {}, body, how = {}) => {
		try {
			const answer = await fetch(` + string(where) + ` + path, {method, headers: fields, body, cache: "no-store", ...how});
			const seen = {status: answer.status, content: await answer.text()};
			for (const name of ["ETag", "Location", "WWW-Authenticate", "Retry-After", "Allow", "X-Hidden"])
				if (answer.headers.has(name)) seen[name] = answer.headers.get(name);
			return seen;
		} catch (e) { return {status: 0, content: e.name} }
	}; true`
	chromium.Until(b.ctx, b.t, script)
}

// A seen is what a script sees of an answer. Status 0 is an error of the browser.
type seen struct {
	Status                int
	Content               string
	ETag, Location, Allow string
	Challenge             string `json:"WWW-Authenticate"`
	RetryAfter            string `json:"Retry-After"`
	Hidden                string `json:"X-Hidden"`
}

var nothing = seen{Content: "TypeError"}

// run runs the body of an async function on the page, and returns what that returns.
func (b browser) run(body string) (result seen) {
	b.t.Helper()
	chromium.Until(b.ctx, b.t, `(() => { window.done = undefined; (async () => {`+body+`})().then(r => done = r, e => done = {status: -1, content: String(e)}); return true })()`)
	chromium.Until(b.ctx, b.t, `window.done !== undefined`)
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`JSON.stringify(done)`))
	require.NoError(b.t, err)
	require.NoError(b.t, json.Unmarshal([]byte(text), &result), text)
	require.GreaterOrEqual(b.t, result.Status, 0, result.Content)
	return result
}

// TestThePage signs in on the page of the example, and writes a note that somebody else writes
// at the same time.
func TestThePage(t *testing.T) {
	ctx, _ := chromium.Open(t)
	var app *restmachine.App
	service, _ := serving(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	page, _ := serving(t, pageFor(service))
	app = New(page)
	require.NoError(t, app.Start(t.Context()))
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(page)))
	until := func(expression string) { t.Helper(); chromium.Until(ctx, t, expression) }
	saying := func(text string) { t.Helper(); until(`document.querySelector("output").value === ` + quoted(text)) }
	save := func(text string) {
		t.Helper()
		until(`(note.elements.text.value = ` + quoted(text) + `, note.querySelector("button").click(), true)`)
	}

	saying("sign in by a POST to /sessions") // it sees the 401
	until(`(document.querySelector("#who button").click(), true)`)
	saying("version 1 by ann")
	save("buy bread")
	saying("version 2 by ann")

	bob := app.Execute(restmachine.Request{Method: "PUT", Path: "/notes/1", Body: []byte(`{"text": "buy tea"}`),
		Header: http.Header{"Cookie": {"user=bob"}, "If-Match": {`"2"`}}})
	require.Equal(t, 200, bob.StatusCode)
	save("buy coffee")
	saying("Somebody was faster: version 3 by bob")
	until(`note.elements.text.value === "buy tea"`)
	save("buy coffee")
	saying("version 4 by ann")
}

func quoted(text string) string {
	b, _ := json.Marshal(text)
	return string(b)
}

// TestWhatAScriptSees: a page that is let in sees every answer as it is.
func TestWhatAScriptSees(t *testing.T) {
	ctx, _ := chromium.Open(t)
	b := browser{t, ctx}
	page := origin(t)
	app := New(page)
	busy := make(chan bool, 1)
	app.ServiceAvailable(func() (bool, error) {
		select {
		case <-busy:
			return false, &restmachine.Problem{Status: 429, Header: http.Header{"Retry-After": {"3"}}}
		default:
			return true, nil
		}
	})
	app.FinishRequest(func(resp *restmachine.Response) { resp.Header.Set("X-Hidden", "yes") })
	service, requests := serving(t, app)
	b.open(page, service)

	const cookie, json = `{credentials: "include"}`, `"Content-Type": "application/json"`
	refused := b.run(`return send("GET", "/notes/1", {}, undefined, ` + cookie + `)`)
	assert.Equal(t, 401, refused.Status)
	assert.Equal(t, "Session", refused.Challenge)
	assert.Equal(t, 201, b.run(`return send("POST", "/sessions", {`+json+`}, '{"name": "ann"}', `+cookie+`)`).Status)
	assert.Equal(t, 401, b.run(`return send("GET", "/notes/1")`).Status, "without credentials the cookie stays at home")

	read := b.run(`return send("GET", "/notes/1", {}, undefined, ` + cookie + `)`)
	assert.Equal(t, 200, read.Status)
	assert.Equal(t, `"1"`, read.ETag)
	assert.Empty(t, read.Hidden, "what is not exposed is not seen")
	assert.Equal(t, 304, b.run(`return send("GET", "/notes/1", {"If-None-Match": '"1"'}, undefined, `+cookie+`)`).Status)

	written := b.run(`return send("PUT", "/notes/1", {` + json + `, "If-Match": '"1"'}, '{"text": "bread"}', ` + cookie + `)`)
	assert.Equal(t, 200, written.Status)
	assert.Equal(t, `"2"`, written.ETag)
	stale := b.run(`return send("PUT", "/notes/1", {` + json + `, "If-Match": '"1"'}, '{"text": "tea"}', ` + cookie + `)`)
	assert.Equal(t, 412, stale.Status)
	assert.Contains(t, stale.Content, `"title":"Precondition Failed"`)
	requests.since("OPTIONS")
	for _, preflights := range []int{1, 0} { // with a precondition it would ask each time
		blind := b.run(`return send("PUT", "/notes/1", {` + json + `}, '{"text": "tea"}', {credentials: "include", cache: "default"})`)
		assert.Equal(t, 428, blind.Status)
		assert.Equal(t, preflights, requests.since("OPTIONS"), "the browser keeps the answer to the preflight")
	}

	created := b.run(`return send("POST", "/notes", {` + json + `}, '{"text": "new"}', ` + cookie + `)`)
	assert.Equal(t, 201, created.Status)
	assert.Equal(t, "/notes/2", created.Location)
	assert.Equal(t, 405, b.run(`return send("POST", "/notes/1", {`+json+`}, '{}', `+cookie+`)`).Status)
	assert.Equal(t, 404, b.run(`return send("PUT", "/nowhere", {`+json+`}, '{}', `+cookie+`)`).Status, "also where a preflight goes before")
	assert.Equal(t, 404, b.run(`return send("PUT", "/notes/7", {`+json+`}, '{}', `+cookie+`)`).Status)

	busy <- true // the PATCH goes nowhere, and its preflight is not counted
	tooMany := b.run(`return send("PATCH", "/elsewhere", {` + json + `}, '{}', ` + cookie + `)`)
	assert.Equal(t, 429, tooMany.Status)
	assert.Equal(t, "3", tooMany.RetryAfter)

	assert.Equal(t, nothing, b.run(`return send("DELETE", "/notes/1", {}, undefined, `+cookie+`)`), "the path does not have the method")
	assert.Zero(t, requests.since("DELETE"), "so the browser did not send it")
	assert.Equal(t, nothing, b.run(`return send("GET", "/notes/1", {"X-Other": "1"}, undefined, `+cookie+`)`), "nobody allowed the field")
}
