// These tests open the playground in Debian's chromium, as wide as a desk and as a phone.

package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/axe"
	"github.com/restmachine/restmachine-go/examples/internal/chromium"
	"github.com/restmachine/restmachine-go/examples/playground/page"
	"github.com/restmachine/restmachine-go/examples/playground/play"
)

// built is the folder of the playground, which the first test that needs it builds.
var built struct {
	sync.Once
	dir string
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		if err := os.RemoveAll(built.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

// folder returns the folder of the playground.
func folder(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "playground"); built.err == nil {
			built.err = page.Build(context.Background(), built.dir, page.Options{Quick: true})
		}
	})
	require.NoError(t, built.err)
	return built.dir
}

// serving serves the folder by the App.
func serving(t *testing.T) string {
	t.Helper()
	app, err := New(folder(t))
	require.NoError(t, err)
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	return server.URL
}

// A window has a size in pixels.
type window struct {
	name          string
	width, height int64
}

var (
	desk    = window{"desk", 1280, 900}
	phone   = window{"phone", 375, 812}
	windows = []window{desk, phone}
)

// A tab is a page of a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newTab opens a browser with one page. At the end of the test, its console must have no message
// at all, except for those that are expected.
func newTab(t *testing.T, w window, expected ...string) tab {
	t.Helper()
	ctx, cancel := chromium.Open(t)
	b := tab{t, ctx}
	b.do(chromedp.EmulateViewport(w.width, w.height), chromedp.Navigate("about:blank"))
	chromium.Silent(ctx, cancel, t, expected...)
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
	return chromium.Evaluate[T](b.ctx, b.t, expression)
}

// open opens the playground, and waits until it has answered and drawn.
func (b tab) open(url string) {
	b.t.Helper()
	b.do(chromedp.Navigate(url))
	chromium.Until(b.ctx, b.t, `document.querySelector("#map svg") !== null`)
}

// status waits until the page shows a status.
func (b tab) status(code int) {
	b.t.Helper()
	chromium.Until(b.ctx, b.t, fmt.Sprintf(`document.getElementById("status").textContent === "%d"`, code))
}

// picture saves what the page shows, from its top to its end, where PLAYGROUND_PICTURES names a
// folder.
func (b tab) picture(name string) { b.save(name, chromedp.FullScreenshot(100)) }

// save saves a picture with as many colours as a palette has: it is a third as large.
func (b tab) save(name string, shot chromedp.Action[[]byte]) {
	b.t.Helper()
	dir := os.Getenv("PLAYGROUND_PICTURES")
	if dir == "" {
		return
	}
	content, err := chromedp.Run(b.ctx, shot)
	require.NoError(b.t, err)
	full, err := png.Decode(bytes.NewReader(content))
	require.NoError(b.t, err)
	count := map[color.Color]int{}
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			count[full.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return count[b] - count[a] })
	small := image.NewPaletted(full.Bounds(), colours[:min(len(colours), 256)])
	draw.Draw(small, small.Bounds(), full, image.Point{}, draw.Src)
	var out bytes.Buffer
	require.NoError(b.t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small))
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".png"), out.Bytes(), 0o644))
}

// TestPictures makes the pictures of the guide:
//
//	PLAYGROUND_PICTURES=../../docs go test ./playground -run TestPictures
func TestPictures(t *testing.T) {
	if os.Getenv("PLAYGROUND_PICTURES") == "" {
		t.Skip("PLAYGROUND_PICTURES names the folder for them")
	}
	lost := slices.IndexFunc(play.Presets, func(p play.Preset) bool { return p.Name == "A lost update is refused" })
	url := serving(t) + "/#" + play.Presets[lost].Link
	for _, w := range []window{{"playground", 1280, 1080}, {"playground phone", 375, 812}} {
		b := newTab(t, w)
		b.open(url)
		b.status(412)
		if w.width == phone.width {
			eval[bool](b, `(document.getElementById("answer").scrollIntoView(), true)`)
		}
		b.save(w.name, chromedp.CaptureScreenshot())
	}
}

// until waits until an expression is true.
func (b tab) until(expression string) {
	b.t.Helper()
	chromium.Until(b.ctx, b.t, expression)
}

// press presses a key, or types a text.
func (b tab) press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		b.do(chromedp.KeyEvent(key))
	}
}

// dark makes the browser prefer dark pages.
func (b tab) dark() {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
		})
		return err
	}))
}

// click clicks on an element.
func (b tab) click(selector string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.querySelector(%q) !== null`, selector))
	eval[bool](b, fmt.Sprintf(`document.querySelector(%q).click(), true`, selector))
}

// fits checks that the page is not wider than the window.
func (b tab) fits() {
	b.t.Helper()
	wide := eval[[]string](b, `document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
		[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((e) => e.tagName + "#" + e.id + "." + e.className)`)
	assert.Empty(b.t, wide, "the page scrolls sideways")
}

// accessible checks that axe finds nothing.
func (b tab) accessible(state string) {
	b.t.Helper()
	// A field that is filled in fades in: colours count when that is over.
	b.until(`document.getAnimations().every((a) => a.playState === "finished")`)
	assert.Empty(b.t, axe.Faults(b.ctx, b.t), state)
}

func TestThePage(t *testing.T) {
	url := serving(t)
	for _, w := range windows {
		t.Run(w.name, func(t *testing.T) {
			b := newTab(t, w)
			b.open(url)
			b.status(200)
			b.fits()
			b.picture(w.name + " begin")
			presets := play.Presets
			if w == phone {
				presets = presets[:5]
			}
			for _, p := range presets {
				s, err := play.Parse(p.Link)
				require.NoError(t, err)
				b.click(fmt.Sprintf(`[data-preset='%s']`, s.Link()))
				b.until(fmt.Sprintf(`location.hash.slice(1) === %q`, s.Link()))
				b.status(p.Status)
				assert.Equal(t, 1, eval[int](b, `document.querySelectorAll("[data-preset][aria-current]").length`), "%s is marked", p.Name)
				b.fits()
				b.legible(w, p)
			}
			b.do(chromedp.NavigateBack())
			b.status(presets[len(presets)-2].Status)
		})
	}
}

// legible checks that the text of the map has 11 px, and that the end of the way is in sight. Of
// an answer that refuses, the whole way is in sight on a desk; that to a 200 is longer.
func (b tab) legible(w window, p play.Preset) {
	b.t.Helper()
	b.until(`document.querySelector("#map svg .last text")?.textContent === "` + fmt.Sprint(p.Status) + `"`)
	size := eval[float64](b, `Math.min(...[...document.querySelectorAll("#map .node.lit text, #map .edge.lit text, #map .status text")].map(
		(text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))`)
	assert.GreaterOrEqual(b.t, size, 10.99, "%s: text of the map, in px", p.Name)
	whatMust := "#map .last"
	if w == desk && p.Status >= 300 {
		whatMust += ", #map .node.lit"
	}
	outside := eval[[]string](b, `(() => {
		const paper = document.getElementById("map").getBoundingClientRect();
		return [...document.querySelectorAll("`+whatMust+`")].filter((e) => {
			const r = e.getBoundingClientRect();
			return r.left < paper.left - 1 || r.right > paper.right + 1 || r.top < paper.top - 1 || r.bottom > paper.bottom + 1;
		}).map((e) => e.id);
	})()`)
	assert.Empty(b.t, outside, "%s: not in sight on the map", p.Name)
}

// Each status of the list is filled in by a request that gets it.
func TestARequestIsFilledIn(t *testing.T) {
	b := newTab(t, desk)
	b.open(serving(t) + "/#create=yes&auth=token&types=json,text&require=yes")
	codes := eval[[]string](b, `[...document.getElementById("wanted").options].map((o) => o.value)`)
	assert.Greater(t, len(codes), 10)
	for _, code := range codes {
		eval[bool](b, `(document.getElementById("wanted").value = "`+code+`", true)`)
		b.click("#find")
		b.until(`document.getElementById("status").textContent === "` + code + `"`)
		assert.Contains(t, eval[string](b, `document.getElementById("found").textContent`), "This request gets it")
		assert.Equal(t, "yes", eval[string](b, `document.getElementById("set-create").value`), "what is true stays")
	}
}

// A link brings back what was chosen and typed, in another browser.
func TestALinkBringsItBack(t *testing.T) {
	url := serving(t)
	b := newTab(t, desk)
	b.open(url)
	b.do(
		chromedp.SetValue(chromedp.CSS("#set-tag"), "weak"), chromedp.SetValue(chromedp.CSS("#method"), "PUT"),
		chromedp.SetValue(chromedp.CSS("#content"), "{\"title\": \"a&b=c+d ü\"}"),
	)
	b.click("#add")
	b.press("If-Match", kb.Tab, "W/\"v2\"")
	b.status(412)
	link := eval[string](b, `location.href`)

	other := newTab(t, phone)
	other.open(link)
	other.status(412)
	form := `["set-tag", "method", "path", "content", "entity"].map((id) => document.getElementById(id).value || document.getElementById(id).textContent).join("|") + document.querySelector(".name").value + document.querySelector(".value").value`
	assert.Equal(t, eval[string](b, form), eval[string](other, form))
	assert.Equal(t, eval[string](b, `document.getElementById("curl").textContent`), eval[string](other, `document.getElementById("curl").textContent`))
}

func TestABadLink(t *testing.T) {
	b := newTab(t, phone)
	b.open(serving(t) + "/#exists=maybe&method=PUT")
	b.status(200)
	assert.Equal(t, `Exists is "maybe"; it can be yes, no, gone, moved, away. The page shows the beginning instead.`,
		eval[string](b, `document.getElementById("problem").textContent`))
	b.fits()
	b.picture("phone bad link")
	b.accessible("a bad link")
}

// All can be done by keyboard.
func TestKeyboard(t *testing.T) {
	b := newTab(t, desk)
	b.open(serving(t))
	focus := func() string {
		return eval[string](b, `(document.activeElement.id || document.activeElement.dataset.preset || document.activeElement.className || document.activeElement.tagName)`)
	}
	b.press(kb.Tab)
	assert.Equal(t, "skip", focus())
	b.press(kb.Enter)
	assert.Equal(t, "main", focus())
	b.press(kb.Tab)
	assert.Equal(t, "SUMMARY", focus())

	// From a preset to its status.
	eval[bool](b, `(document.querySelectorAll("[data-preset]")[1].focus(), true)`)
	b.press(kb.Enter)
	b.status(304)

	// A typed request, a status that is found.
	eval[bool](b, `(document.getElementById("method").select(), document.getElementById("method").focus(), true)`)
	b.press("DELETE")
	b.status(412)
	eval[bool](b, `(document.getElementById("find").focus(), true)`)
	b.press(kb.Enter)
	b.until(`document.getElementById("found").textContent.startsWith("This request gets it")`)

	// The steps: one is in the tab order, and arrows go to the others.
	eval[bool](b, `(document.querySelector("#steps button[tabindex='0']").focus(), true)`)
	b.press(kb.ArrowDown, kb.ArrowDown)
	assert.Equal(t, 2, eval[int](b, `[...document.querySelectorAll("#steps button")].indexOf(document.activeElement)`))

	// The map.
	box := `document.querySelector("#map svg").getAttribute("viewBox")`
	eval[bool](b, `(document.getElementById("map").focus(), true)`)
	before := eval[string](b, box)
	for _, key := range []string{kb.ArrowLeft, "-", "a", "+"} {
		b.press(key)
		after := eval[string](b, box)
		assert.NotEqual(t, before, after, "the map after %q", key)
		before = after
	}
	b.press("0")
	assert.NotEqual(t, before, eval[string](b, box))

	// Whatever can have the focus shows it.
	b.press(kb.Tab)
	for range 30 {
		shown := eval[bool](b, `(() => { const e = document.activeElement; return e === document.body || e.tagName === "OPTION" || getComputedStyle(e).outlineStyle !== "none"; })()`)
		assert.True(t, shown, "the focus on %s is not seen", focus())
		b.press(kb.Tab)
	}
}

// axe finds nothing wrong, in light and in dark.
func TestAccessible(t *testing.T) {
	url := serving(t)
	for _, w := range windows {
		t.Run(w.name, func(t *testing.T) {
			b := newTab(t, w)
			b.open(url)
			b.accessible("the beginning")
			schemes := []string{"light", "dark"}
			if w == phone {
				schemes = schemes[:1] // the colours are those of a desk
			}
			for _, scheme := range schemes {
				if scheme == "dark" {
					b.dark()
				}
				for _, i := range []int{1, 11, 13} {
					p := play.Presets[i]
					b.open(url + "/#" + p.Link)
					b.status(p.Status)
					b.accessible(p.Name)
					b.picture(fmt.Sprintf("%s %s %d", w.name, scheme, p.Status))
				}
				eval[bool](b, `(document.querySelectorAll(".facts details").forEach((d) => { d.open = true; }), true)`)
				eval[bool](b, `(document.getElementById("settled").click(), true)`)
				b.click("#find")
				b.accessible("all open, a request filled in")
				b.fits()
				b.picture(w.name + " " + scheme + " open")
			}
		})
	}
}
