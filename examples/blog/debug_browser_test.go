// These tests check the debugger beside the blog, in a real browser.

package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var shots = flag.String("shots", "", "write screenshots to this `directory`")

// shoot writes a screenshot, if screenshots are requested.
func (b tab) shoot(name string) {
	b.t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o644))
}

// debuggedBlog serves the blog and its debugger.
func debuggedBlog(t *testing.T) (url string) {
	t.Helper()
	app, handler, closePages := withDebugger(filepath.Join(t.TempDir(), "blog.db"))
	require.NoError(t, app.Start(t.Context()))
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		closePages()
		server.Close()
		assert.NoError(t, app.Shutdown(t.Context()))
	})
	return server.URL
}

// ask sends a request. It returns the status and the URL of the trace.
func ask(t *testing.T, method, url, body string, fields ...string) (status int, trace string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Debug", "blog")
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	link := resp.Header.Get("Link")
	return resp.StatusCode, link[strings.IndexByte(link, '<')+1 : strings.IndexByte(link, '>')]
}

// TestThePathIsLit checks that a browser shows the path to a 304 and to a 412.
func TestThePathIsLit(t *testing.T) {
	b := newTab(t)
	url := debuggedBlog(t)
	for _, tt := range []struct {
		name, method, body string
		fields             []string
		status             int
		lit                string // highlighted in the drawing
		reason             string
	}{
		{"304", "GET", "", []string{"If-None-Match", `"1-1"`}, 304, "#s-J19-304.last", `If-None-Match "1-1" matches "1-1" weakly`},
		{"412", "PUT", `{"title":"Mine"}`, []string{"If-Match", `"1-0"`, "Content-Type", "application/json"}, 412,
			"#s-G11-412.last", `If-Match "1-0" does not match "1-1" strongly`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, trace := ask(t, tt.method, url+"/posts/1", tt.body, tt.fields...)
			require.Equal(t, tt.status, status)
			for _, width := range []int64{1440, 390} {
				b.open(url+trace, width, 900)
				b.until(`document.querySelector(".zoom") !== null && !document.querySelector(".zoom").hidden`)
				assert.True(t, eval[bool](b, fmt.Sprintf("document.querySelector(%q) !== null", tt.lit)), "the end is marked")
				assert.Contains(t, eval[string](b, `document.querySelector(".decisions").innerText`), tt.reason)
				assert.Equal(t, "rgb(11, 95, 255)", eval[string](b, `getComputedStyle(document.querySelector("#n-G8.lit .box")).stroke`), "the policy lets the drawing's style in")
				assert.LessOrEqual(t, eval[int64](b, "document.documentElement.scrollWidth"), width, "nothing sticks out")
				b.shoot(fmt.Sprintf("trace-%s-%d", tt.name, width))
			}
		})
	}
}

// TestTheListAndTheDrawingPointAtEachOther checks this by keyboard, too.
func TestTheListAndTheDrawingPointAtEachOther(t *testing.T) {
	b := newTab(t)
	url := debuggedBlog(t)
	_, trace := ask(t, "GET", url+"/posts/1", "", "If-None-Match", `"1-1"`)
	b.open(url+trace, 1440, 900)
	b.do(chromedp.Click(`[data-node="n-I13"]`))
	b.until(`document.querySelector("#n-I13.near") !== null`)
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	b.until(`document.activeElement.dataset.node === "n-J13"`)
	assert.True(t, eval[bool](b, `document.querySelector("#n-J13.near") !== null && document.querySelector("#n-I13.near") === null`))
	assert.Contains(t, eval[string](b, `document.querySelector("#n-K13 title").textContent`), "weakly", "hovering tells the reason")
	b.shoot("focus-1440")
}

// TestTheListIsLive checks that new exchanges appear in the list, and that their text
// stays text.
func TestTheListIsLive(t *testing.T) {
	b := newTab(t)
	url := debuggedBlog(t)
	ask(t, "GET", url+"/posts/1", "")
	b.open(url+"/debug/", 1440, 700)
	b.until(`document.querySelector("#live").textContent.startsWith("Live")`)
	ask(t, "GET", url+"/posts/1", "", "If-None-Match", `"1-1"`)
	ask(t, "PUT", url+"/posts/1", `{}`, "Content-Type", "application/json")
	ask(t, "GET", url+"/<img src=x onerror=alert(1)>", "", "X-Evil", "<script>alert(1)</script>")
	b.until(`document.querySelectorAll("#exchanges tr").length === 4`)
	assert.Equal(t, int64(0), eval[int64](b, `document.querySelectorAll("#exchanges img, #exchanges script").length`))
	assert.Equal(t, "404 428 304 200", eval[string](b, `[...document.querySelectorAll("#exchanges .code")].map((e) => e.textContent).join(" ")`))
	b.shoot("list-1440")
	b.do(chromedp.EmulateViewport(390, 800))
	b.shoot("list-390")
	for _, page := range []string{"routes", "coverage", "graph", "find?route=/posts/%7Bpost_id%7D&method=GET&status=304"} {
		for _, width := range []int64{1440, 390} {
			b.open(url+"/debug/"+page, width, 900)
			assert.LessOrEqual(t, eval[int64](b, "document.documentElement.scrollWidth"), width, page)
			b.shoot(fmt.Sprintf("%.4s-%d", page, width))
		}
	}
}
