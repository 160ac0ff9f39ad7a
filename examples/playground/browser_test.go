// These tests open the playground in Debian's chromium, as wide as a desk and as a phone.

package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/chromium"
	"github.com/restmachine/restmachine-go/examples/playground/page"
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

// The widths of windows, in pixels: a desk and a phone.
var windows = []struct {
	name          string
	width, height int64
}{{"desk", 1280, 900}, {"phone", 375, 812}}

// A tab is a page of a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newTab opens a browser with one page. At the end of the test, its console must have no message
// at all.
func newTab(t *testing.T, width, height int64) tab {
	t.Helper()
	ctx, cancel := chromium.Open(t)
	b := tab{t, ctx}
	b.do(chromedp.EmulateViewport(width, height), chromedp.Navigate("about:blank"))
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
	t.Cleanup(func() {
		cancel()
		for m := range messages {
			assert.Fail(t, "the console has a message", m)
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

// picture saves what the page shows where PLAYGROUND_PICTURES names a folder.
func (b tab) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("PLAYGROUND_PICTURES")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".png"), png, 0o600))
}

func TestTour(t *testing.T) {
	url := serving(t)
	for _, w := range windows {
		t.Run(w.name, func(t *testing.T) {
			b := newTab(t, w.width, w.height)
			b.open(url)
			b.picture(w.name + " begin")
			for i, link := range []string{`field=If-None-Match:%20%22v2%22`, `method=PUT&field=If-Match:+%22v1%22&field=Content-Type:+application/json&content={}`} {
				b.open(url + "/#" + link)
				b.picture(fmt.Sprint(w.name, " link", i))
			}
		})
	}
}
