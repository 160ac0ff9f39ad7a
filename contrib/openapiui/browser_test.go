// These tests look at the page in a real browser: Debian's chromium, without a window.

package openapiui

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

var shot = flag.String("shot", "", "write a screenshot to this `file`")

// A note is what the App of these tests keeps.
type note struct {
	Text    string `json:"text"`
	Version int    `json:"version"`
}

// notes is an App with one note, its document, and perhaps the page on a Resource of its own.
func notes(withPage bool) *restmachine.App {
	var lock sync.Mutex
	kept := note{"Buy milk", 1}
	info := openapi.Info{
		Title: "Notes", Version: "1", Description: "One note, which *nobody* overwrites unseen.", Hide: []string{"/docs/{path...}"},
		Servers: []string{"."}, // the folder of the document, wherever a proxy shows it
		Texts: map[string]openapi.Text{
			"GET /note": {OperationID: "getNote", Summary: "Get the note"},
			"PUT /note": {OperationID: "putNote", Summary: "Change the note", Request: note{Text: "Buy bread"}},
		},
	}
	app := restmachine.New()
	at := app.Resource("/note")
	at.ResourceExists(func() *note {
		lock.Lock()
		defer lock.Unlock()
		now := kept
		return &now
	})
	at.GenerateETag(func(n *note) string { return strings.Repeat("I", n.Version) })
	at.RequirePreconditions()
	at.Get(func(n *note) *note { return n })
	at.Put(func(n *note, in restmachine.Body[note]) *note {
		lock.Lock()
		defer lock.Unlock()
		kept = note{in.Value.Text, n.Version + 1}
		now := kept
		return &now
	})
	secret := app.Resource("/secret")
	secret.Authorized(func(h http.Header) (string, bool) {
		return `Bearer realm="notes"`, h.Get("Authorization") == "Bearer open sesame"
	})
	secret.Get(func() string { return "treasure" })
	app.Get("/openapi.json", openapi.Handler(app, info))
	if withPage {
		app.Get("/docs/{path...}", Files("../openapi.json", Title("Notes")))
	}
	return app
}

// below is the prefix that the "proxy" of these tests takes away.
const below = "/team/notes"

// serve serves a handler below a prefix, as a proxy does that takes it away.
func serve(t *testing.T, h http.Handler) (page string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(below+"/", http.StripPrefix(below, h))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + below + "/docs/"
}

// A tab is a page of a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newTab opens a browser with one page. At the end of the test, its console must be empty, and
// all that it asked for must be of the origin of page. Without chromium, the test is skipped.
func newTab(t *testing.T, page string) tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed; Debian's package has that name")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := tab{t, ctx}
	b.do(chromedp.Navigate("about:blank"))

	origin, err := url.Parse(page)
	require.NoError(t, err)
	console, messages := chromedp.Console(ctx), make(chan string, 100)
	go func() {
		defer close(messages)
		for m, err := range console {
			if err != nil {
				return
			}
			messages <- m.String()
		}
	}()
	var lock sync.Mutex
	var asked []string
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		if r, ok := event.(*network.EventRequestWillBeSent); ok {
			lock.Lock()
			defer lock.Unlock()
			asked = append(asked, r.Request.URL)
		}
	}))
	t.Cleanup(func() {
		cancel()
		for m := range messages {
			assert.Fail(t, "the console has a message", m)
		}
		lock.Lock()
		defer lock.Unlock()
		assert.NotEmpty(t, asked)
		for _, one := range asked {
			u, err := url.Parse(one)
			require.NoError(t, err)
			assert.True(t, u.Scheme == "data" || u.Scheme == origin.Scheme && u.Host == origin.Host, "a request to another origin: %s", one)
		}
	})
	return b
}

// do runs actions one after the other.
func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// eval returns the value of an expression.
func eval[T any](b tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err, expression)
	return v
}

// until waits until an expression is true.
func (b tab) until(expression string) {
	b.t.Helper()
	end := time.Now().Add(time.Minute)
	for {
		is, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](expression))
		if err == nil && is {
			return
		}
		require.True(b.t, time.Now().Before(end), "in a minute it is not true that %s: %v", expression, err)
		time.Sleep(20 * time.Millisecond)
	}
}

// click clicks on what a selector finds, once it is there.
func (b tab) click(selector string) {
	b.t.Helper()
	b.until(`document.querySelector(` + quote(selector) + `) !== null`)
	eval[bool](b, `(document.querySelector(`+quote(selector)+`).click(), true)`)
}

// fill types into a field, which is empty, once it is there.
func (b tab) fill(selector, text string) {
	b.t.Helper()
	b.until(`document.querySelector(` + quote(selector) + `) !== null`)
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text+kb.Tab)) // Swagger UI waits for a pause, or for the end
}

func quote(text string) string { return "`" + text + "`" }

// text is what a person reads at a selector.
func (b tab) text(selector string) string {
	b.t.Helper()
	return eval[string](b, `[...document.querySelectorAll(`+quote(selector)+`)].map(e => e.innerText).join("\n")`)
}

const (
	getNote = "#operations-note-getNote"
	putNote = "#operations-note-putNote"
	answer  = " .live-responses-table .response"
)

// TestInABrowser: the page shows the operations, and requests can be sent from it, with the tag
// of one answer as the precondition of the next request.
func TestInABrowser(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/", notes(false))
	mux.Handle("/docs/", http.StripPrefix("/docs", Handler("../openapi.json", Title("Notes"))))
	for _, tt := range []struct {
		name          string
		handler       http.Handler
		width, height int64
	}{
		{"beside the App, at a desk", mux, 1280, 900},
		{"on a Resource, on a phone", notes(true), 375, 800},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := serve(t, tt.handler)
			b := newTab(t, page)
			b.do(chromedp.EmulateViewport(tt.width, tt.height), chromedp.Navigate(page))
			b.until(`document.querySelectorAll(".opblock").length === 3`)
			assert.Equal(t, "Notes", eval[string](b, `document.title`))
			assert.Contains(t, b.text(".info"), "which nobody overwrites unseen")
			assert.Contains(t, b.text(".opblock-summary"), "Change the note")

			b.click(getNote + " .opblock-summary-control")
			b.click(getNote + " .try-out__btn")
			b.click(getNote + " .execute")
			b.until(`document.querySelector("` + getNote + answer + `") !== null`)
			got := b.text(getNote + answer)
			assert.Contains(t, got, "200")
			assert.Contains(t, got, `etag: "I"`)
			assert.Contains(t, got, `"text": "Buy milk"`)
			if *shot != "" && tt.width > 1000 {
				eval[bool](b, `(document.querySelector("`+getNote+`").scrollIntoView(), true)`)
				picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(*shot, picture, 0o644))
			}

			b.click(putNote + " .opblock-summary-control")
			b.click(putNote + " .try-out__btn")
			b.fill(putNote+` tr[data-param-name="If-Match"] input`, `"I"`)
			b.click(putNote + " .execute")
			b.until(`document.querySelector("` + putNote + answer + `") !== null`)
			got = b.text(putNote + answer)
			assert.Contains(t, got, "200")
			assert.Contains(t, got, `etag: "II"`)
			assert.Contains(t, got, `"text": "Buy bread"`)
			assert.LessOrEqual(t, eval[int64](b, `document.documentElement.scrollWidth`), tt.width, "nothing makes the page scroll sideways")
		})
	}
}

// TestTheBlogInABrowser: the document of an example is shown, with all that is in it.
func TestTheBlogInABrowser(t *testing.T) {
	text, err := os.ReadFile("../../examples/blog/openapi.golden.json")
	require.NoError(t, err)
	var document struct{ Paths map[string]map[string]any }
	require.NoError(t, json.Unmarshal(text, &document))
	operations := 0
	for _, methods := range document.Paths {
		operations += len(methods)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	})
	mux.Handle("/docs/", http.StripPrefix("/docs", Handler("../openapi.json", Setting("docExpansion", "full"))))
	page := serve(t, mux)
	b := newTab(t, page)
	b.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(page))
	b.until(fmt.Sprintf(`document.querySelectorAll(".opblock.is-open .responses-table").length === %d`, operations))
	assert.Contains(t, b.text(".opblock-summary"), "Change a post")
}

// TestAuthorizeInABrowser: a token that is pasted goes with the requests.
func TestAuthorizeInABrowser(t *testing.T) {
	page := serve(t, notes(true))
	b := newTab(t, page)
	b.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(page))
	b.click(".authorize")
	b.fill(".auth-container input", "open sesame")
	b.click(".auth-btn-wrapper .authorize")
	b.until(`document.querySelector(".auth-container input") === null`)
	b.click(".auth-btn-wrapper .btn-done")
	secret := "[id^=operations-secret]"
	b.click(secret + " .opblock-summary-control")
	b.click(secret + " .try-out__btn")
	b.click(secret + " .execute")
	b.until(`document.querySelector("` + secret + answer + `") !== null`)
	assert.Contains(t, b.text(secret+answer), "treasure")
}
