// These tests look at every page of the debugger, as people with several screens, colour
// schemes and needs see them.

package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/axe"
)

// media returns an action that shows pages in a colour scheme.
func media(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// A morning is what clients of a blog do before noon.
var morning = []struct {
	method, path, body string
	fields             []string
}{
	{"GET", "/posts?page=1&per_page=10", "", nil},
	{"GET", "/posts/1", "", []string{"Accept", "text/html"}},
	{"GET", "/posts/1", "", []string{"If-None-Match", `"1-1"`}},
	{"POST", "/posts", `{"title": "Second Post", "content": "Hello again!"}`, []string{"Content-Type", "application/json"}},
	{"POST", "/posts", `{"title": 7}`, []string{"Content-Type", "application/json"}},
	{"PUT", "/posts/1", `{"title": "Updated Title"}`, []string{"Content-Type", "application/json", "If-Match", `"1-1"`, "Authorization", "Bearer 7-secrets"}},
	{"PUT", "/posts/1", `{"title": "Conflicting Update"}`, []string{"Content-Type", "application/json", "If-Match", `"1-1"`, "Authorization", "Bearer 8-secrets"}},
	{"PUT", "/posts/1", `{"title": "Careless Update"}`, []string{"Content-Type", "application/json"}},
	{"GET", "/posts/1?access_token=abcdefghij", "", []string{"Accept", "image/png"}},
	{"PATCH", "/posts/1", `{}`, []string{"Content-Type", "text/csv"}},
	{"GET", "/posts/2000000", "", nil},
	{"GET", "/wp-login.php?redirect_to=https%3A%2F%2Fexample.com%2Fa%2Fvery%2Flong%2Ftarget%2Fof%2Fsomebody%2Fwho%2Flooks%2Ffor%2Fother%2Fsoftware", "", nil},
	{"DELETE", "/posts/2", "", []string{"If-Match", `"2-1"`}},
	{"OPTIONS", "/posts/1", "", nil},
	{"HEAD", "/posts/1", "", []string{"If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"}},
}

// debugPages returns the URL of each page below /debug/, by a name.
func debugPages(t *testing.T, url string) map[string]string {
	t.Helper()
	all := map[string]string{}
	var id [16]string
	for i, one := range morning {
		_, trace := ask(t, one.method, url+one.path, one.body, one.fields...)
		id[i] = trace[strings.LastIndexByte(trace, '/')+1:]
	}
	for i := range 3 { // one holds the lock, two wait
		r, err := http.NewRequestWithContext(t.Context(), "PUT", url+"/reports/7", nil)
		require.NoError(t, err)
		go func() {
			if resp, err := http.DefaultClient.Do(r); err == nil {
				_ = resp.Body.Close()
			}
		}()
		require.Eventually(t, func() bool { return strings.Count(text(t, url+"/debug/locks"), "PUT") == i+1 }, 10*time.Second, 10*time.Millisecond)
	}
	const route = "?route=/posts/%7Bpost_id%7D&method="
	for name, path := range map[string]string{
		"list": "", "list-filtered": "?status=4xx", "list-empty": "?status=500", "304": "exchanges/" + id[2], "412": "exchanges/" + id[6],
		"400": "exchanges/" + id[4], "406": "exchanges/" + id[8], "404": "exchanges/" + id[11], "route-graph": "exchanges/" + id[6] + "?graph=route",
		"diff": "diff?of=" + id[5] + "&of=" + id[6], "diff-methods": "diff?of=" + id[2] + "&of=" + id[7], "diff-one": "diff?of=" + id[5],
		"routes": "routes", "coverage": "coverage", "coverage-route": "coverage" + route[:len(route)-len("&method=")], "graph": "graph",
		"graph-route": "graph" + route + "PUT", "find": "find" + route + "GET&status=304", "find-none": "find" + route + "GET&status=201",
		"locks": "locks", "missing": "nothing", "gone": "exchanges/999999", "bad": "?status=x",
	} {
		all[name] = url + "/debug/" + path
	}
	return all
}

// text returns a page as curl shows it.
func text(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(body)
}

// TestEveryPage checks each page on a desk and on a phone, by day and by night: nothing sticks
// out, nothing is too small, and axe finds no fault.
func TestEveryPage(t *testing.T) {
	all := debugPages(t, debuggedBlog(t))
	for _, as := range []struct {
		width    int64
		scheme   string
		shotOnly bool
	}{{1280, "light", false}, {375, "dark", false}, {1280, "dark", true}, {375, "light", true}} {
		if as.shotOnly && *shots == "" {
			continue
		}
		t.Run(fmt.Sprint(as.width, as.scheme), func(t *testing.T) {
			b := newTab(t)
			b.do(media(as.scheme))
			for _, name := range slices.Sorted(maps.Keys(all)) {
				b.open(all[name], as.width, 900)
				b.shoot(fmt.Sprintf("%s-%d-%s", name, as.width, as.scheme))
				if !as.shotOnly {
					b.isFair(name, as.width)
				}
			}
		})
	}
}

// isFair checks the page that is open.
func (b tab) isFair(name string, width int64) {
	b.t.Helper()
	assert.LessOrEqual(b.t, eval[int64](b, "document.documentElement.scrollWidth"), width, "%s sticks out", name)
	assert.GreaterOrEqual(b.t, eval[float64](b, smallestText("main *, main text")), 11.0, "%s is too small", name)
	assert.True(b.t, eval[bool](b, `performance.getEntriesByType("resource").every((r) => r.responseStatus === 200)`), "%s lacks a file", name)
	for _, fault := range axe.Faults(b.ctx, b.t) {
		assert.Fail(b.t, fault.ID, "%s: %s, %s: %s", name, fault.Impact, fault.Help, strings.Join(fault.Nodes, "\n"))
	}
}
