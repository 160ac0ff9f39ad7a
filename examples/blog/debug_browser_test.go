// These tests check the debugger beside the blog, in a real browser.

package main

import (
	"context"
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

	"github.com/restmachine/restmachine-go/restmachine/debugger"
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

// debuggedBlog serves the blog and its debugger. A PUT to /reports/{report_id} holds its lock
// until the test ends.
func debuggedBlog(t *testing.T) (url string) {
	t.Helper()
	app, handler, closePages := withDebugger(filepath.Join(t.TempDir(), "blog.db"), debugger.ShowContent())
	release := make(chan struct{})
	report := app.Put("/reports/{report_id}", func(ctx context.Context) {
		select {
		case <-release:
		case <-ctx.Done():
		}
	})
	report.ResourceExists(func() bool { return true })
	require.NoError(t, app.Start(t.Context()))
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		close(release)
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
			for _, width := range []int64{1280, 375} {
				b.open(url+trace, width, 900)
				b.until(`document.querySelector(".graph-tools") !== null`)
				assert.Contains(t, eval[string](b, `document.querySelector(".way").innerText`), tt.reason)
				assert.Equal(t, "rgb(11, 95, 255)", eval[string](b, `getComputedStyle(document.querySelector("#n-G8.lit .box")).stroke`), "the policy lets the drawing's style in")
				assert.True(t, eval[bool](b, inView(tt.lit)), "the end of the path is in view")
				assert.GreaterOrEqual(t, eval[float64](b, smallestText(".graph text")), 11.0, "the graph can be read")
				b.do(chromedp.Click(`[data-zoom=all]`))
				assert.True(t, eval[bool](b, inView("#n-B13")+"&&"+inView("#n-P11")), "all of it is in view")
			}
		})
	}
}

// inView is an expression: whether an element of the graph is inside of its paper.
func inView(selector string) string {
	return fmt.Sprintf(`(() => {
		const e = document.querySelector(%q).getBoundingClientRect(), p = document.querySelector(".graph-paper").getBoundingClientRect();
		return e.left >= p.left && e.right <= p.right && e.top >= p.top && e.bottom <= p.bottom;
	})()`, selector)
}

// smallestText is an expression: the smallest size of a text, in pixels of the screen.
func smallestText(selector string) string {
	return fmt.Sprintf(`Math.min(...[...document.querySelectorAll(%q)].filter((e) => e.getClientRects().length > 0 && e.textContent.trim() !== "").map((e) => {
		const svg = e.ownerSVGElement;
		return parseFloat(getComputedStyle(e).fontSize) * (svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1);
	}))`, selector)
}

// TestTheListAndTheDrawingPointAtEachOther checks this by keyboard, too.
func TestTheListAndTheDrawingPointAtEachOther(t *testing.T) {
	b := newTab(t)
	url := debuggedBlog(t)
	_, trace := ask(t, "GET", url+"/posts/1", "", "If-None-Match", `"1-1"`)
	b.open(url+trace, 1280, 900)
	b.do(chromedp.Click(`[data-node="n-I13"]`))
	b.until(`document.querySelector("#n-I13.near") !== null`)
	b.do(chromedp.KeyEvent("j"))
	b.until(`document.activeElement.dataset.node === "n-J13"`)
	assert.True(t, eval[bool](b, `document.querySelector("#n-J13.near") !== null && document.querySelector("#n-I13.near") === null`))
	assert.True(t, eval[bool](b, inView("#n-J13")))
	assert.Contains(t, eval[string](b, `document.querySelector("#n-K13 title").textContent`), "weakly", "hovering tells the reason")
}

// TestTheGraphMoves checks mouse, touch and keyboard.
func TestTheGraphMoves(t *testing.T) {
	b := newTab(t)
	url := debuggedBlog(t)
	_, trace := ask(t, "GET", url+"/posts/1", "")
	b.open(url+trace, 1280, 900)
	const scale = `document.querySelector(".graph-paper svg").getBoundingClientRect().width / document.querySelector(".graph-paper svg").viewBox.baseVal.width`
	const left = `document.querySelector(".graph-paper").scrollLeft`
	b.do(chromedp.KeyEvent("g"))
	b.until(`document.activeElement.className === "graph-paper"`)
	b.do(chromedp.KeyEvent("+"))
	assert.InDelta(t, 1.3, eval[float64](b, scale), 0.01)
	b.do(chromedp.KeyEvent("0"))
	assert.Less(t, eval[float64](b, scale), 0.7)
	b.do(chromedp.KeyEvent("1"))
	assert.InDelta(t, 1, eval[float64](b, scale), 0.01)
	eval[bool](b, `document.querySelector(".graph-view").scrollIntoView({block: "center"}), true`)
	assert.InDelta(t, -40, eval[float64](b, `(() => { // a mouse drags the drawing to the right
		const was = document.querySelector(".graph-paper").scrollLeft;
		const svg = document.querySelector(".graph-paper svg .ground");
		const send = (type, x) => svg.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerType: "mouse", pointerId: 1, button: 0, clientX: x, clientY: 300}));
		document.querySelector(".graph-paper").setPointerCapture = () => {};
		send("pointerdown", 300); send("pointermove", 340); send("pointerup", 340); send("pointermove", 400);
		return document.querySelector(".graph-paper").scrollLeft - was;
	})()`), 1)
	was := eval[float64](b, left)
	b.do(chromedp.KeyEvent(kb.ArrowLeft))
	b.until(fmt.Sprint(left, " < ", was))
	eval[bool](b, `(() => { // two fingers
		const paper = document.querySelector(".graph-paper");
		const touches = (apart) => [0, apart].map((x, i) => new Touch({identifier: i, target: paper, clientX: 200 + x, clientY: 300}));
		const send = (type, t) => paper.dispatchEvent(new TouchEvent(type, {touches: t, cancelable: true, bubbles: true}));
		send("touchstart", touches(100)); send("touchmove", touches(200)); send("touchend", []);
		return true;
	})()`)
	assert.InDelta(t, 2, eval[float64](b, scale), 0.01)
	b.do(chromedp.Click(`[data-zoom=path]`), chromedp.Click(`[data-zoom=back]`), chromedp.Click(`[data-zoom=back]`))
	assert.True(t, eval[bool](b, `document.querySelector(".node.near").id === [...document.querySelectorAll("[data-node]")].at(-2).dataset.node`), "steps go back along the path")
}

// TestKeys checks the keys of the list, the help, and that they can be switched off.
func TestKeys(t *testing.T) {
	b := newTab(t)
	url := debuggedBlog(t)
	ask(t, "GET", url+"/posts/1", "")
	ask(t, "GET", url+"/posts/1", "", "If-None-Match", `"1-1"`)
	ask(t, "PUT", url+"/posts/1", `{}`, "Content-Type", "application/json")
	b.open(url+"/debug/", 1280, 900)
	assert.True(t, eval[bool](b, `document.querySelector("#compare button").disabled`))
	for range 3 {
		b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("x"))
	}
	assert.Equal(t, int64(2), eval[int64](b, `document.querySelectorAll("[name=of]:checked").length`), "the third took the place of the first")
	b.do(chromedp.KeyEvent("d"))
	b.until(`document.title === "Comparison"`)
	assert.Contains(t, eval[string](b, `document.querySelector("main").innerText`), "They part at I12")
	b.open(url+"/debug/", 1280, 900)
	b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.Enter))
	b.until(`document.title === "PUT /posts/1" && document.readyState === "complete"`)
	b.do(chromedp.KeyEvent("p"))
	b.until(`document.querySelector("h1").innerText.startsWith("304") && document.readyState === "complete"`)
	b.do(chromedp.KeyEvent("?"))
	b.until(`document.querySelector("dialog[open]") !== null`)
	b.shoot("help-1280")
	b.do(chromedp.Click("#keys-on"), chromedp.Click("dialog form button"), chromedp.KeyEvent("?"))
	assert.True(t, eval[bool](b, `document.querySelector("dialog[open]") === null`), "they are switched off")
	b.open(url+"/debug/", 1280, 900)
	assert.False(t, eval[bool](b, `document.querySelector("#keys-on").checked`), "and stay so")
}

// TestCopy checks that the command is copied as it is shown.
func TestCopy(t *testing.T) {
	b := newTab(t)
	url := debuggedBlog(t)
	_, trace := ask(t, "PUT", url+"/posts/1", `{"title":"it's"}`, "Content-Type", "application/json")
	b.open(url+trace, 1280, 900)
	eval[bool](b, `navigator.clipboard.writeText = async (text) => { window.copied = text; }, true`)
	b.do(chromedp.KeyEvent("c"))
	b.until(`window.copied !== undefined`)
	assert.Contains(t, eval[string](b, "window.copied"), `--data-raw '{"title":"it'\''s"}'`)
	b.until(`document.querySelector("[data-copy=curl]").innerText === "Copied"`)
}

// TestTheListIsLive checks that new exchanges appear in the list, and that their text
// stays text.
func TestTheListIsLive(t *testing.T) {
	b := newTab(t)
	url := debuggedBlog(t)
	ask(t, "GET", url+"/posts/1", "")
	b.open(url+"/debug/", 1280, 700)
	b.until(`document.querySelector("#live").textContent.startsWith("Live")`)
	ask(t, "GET", url+"/posts/1", "", "If-None-Match", `"1-1"`)
	ask(t, "PUT", url+"/posts/1", `{}`, "Content-Type", "application/json")
	ask(t, "GET", url+"/<img src=x onerror=alert(1)>", "", "X-Evil", "<script>alert(1)</script>")
	b.until(`document.querySelectorAll("#exchanges tr").length === 4`)
	assert.Equal(t, int64(0), eval[int64](b, `document.querySelectorAll("#exchanges img, #exchanges script").length`))
	assert.Equal(t, "404 428 304 200", eval[string](b, `[...document.querySelectorAll("#exchanges .code")].map((e) => e.textContent).join(" ")`))
}
