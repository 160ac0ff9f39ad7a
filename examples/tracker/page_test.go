// These tests check the board: in a real browser, and by the types of the document. Each is
// skipped where what it needs is not there.

package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/chromium"
)

// newBrowser opens a page of Debian's chromium. What is returned waits until an expression is
// true there.
func newBrowser(t *testing.T, url string) (until func(expression string)) {
	t.Helper()
	ctx, _ := chromium.Open(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(url)))
	return func(expression string) {
		t.Helper()
		chromium.Until(ctx, t, expression)
	}
}

func TestTheBoard(t *testing.T) {
	app := newTracker(t)
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	until := newBrowser(t, server.URL+"/board.html")
	// submit fills fields in and clicks the button.
	submit := func(form string, fields ...string) {
		t.Helper()
		script := fmt.Sprintf("const f = document.getElementById(%q);", form)
		for i := 0; i < len(fields); i += 2 {
			script += fmt.Sprintf("f.elements[%q].value = %q;", fields[i], fields[i+1])
		}
		until("(() => {" + script + `f.querySelector("button").click(); return true })()`)
	}
	submit("who", "token", "token-of-ann")
	until(`document.querySelector("#issues li")?.textContent.startsWith("1: Start")`)

	submit("new", "title", "", "assignee", "eve", "label", " ")
	until(`[...document.querySelectorAll("#new output")].map(o => o.textContent).join() === "is required,must be a member of the team,is required"`)
	submit("new", "title", "Land", "assignee", "bob", "label", "moon")
	until(`document.querySelectorAll("#issues li").length === 2 && document.querySelector("#new output").textContent === ""`)

	ann := as(app, "ann")
	ann.Patch(first).IfMatch(ann.Get(first).Expect(t).ETag()).Body(patch, `{"title": "Start now"}`).Expect(t).Status(200)
	until(`(document.querySelector("#issues button").click(), true)`)
	until(`document.getElementById("message").textContent.startsWith("Somebody has changed")`)
	assert.Equal(t, Open, decode[Issue](t, ann.Get(first).Expect(t)).State, "what ann has not seen is not closed")
	until(`(document.querySelector("#issues button").click(), true)`)
	until(`document.querySelector("#issues .closed")?.textContent === "1: Start now "`)
}

// runIn runs a program in a folder. It returns what the program prints.
func runIn(t *testing.T, dir, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// install gives a folder the packages of client/package.json. They are kept in the cache of the
// user, so that the next run needs neither the network nor half a minute.
func install(t *testing.T, dir string) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("there is no npm here; it comes with node")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	cache = filepath.Join(cache, "restmachine-tracker-client")
	require.NoError(t, os.MkdirAll(cache, 0o755))
	text, err := os.ReadFile("client/package.json")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(cache, "package.json"), text, 0o644))
	if out, err := runIn(t, cache, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"); err != nil {
		t.Skipf("npm cannot install the compiler, maybe since there is no network here: %v\n%s", err, out)
	}
	require.NoError(t, os.Symlink(filepath.Join(cache, "node_modules"), filepath.Join(dir, "node_modules")))
}

// TestClientOfTheDocument makes types of the document, and compiles the script of the board with
// them, and a program. Neither compiles without If-Match.
func TestClientOfTheDocument(t *testing.T) {
	dir := t.TempDir()
	install(t, dir)
	for _, file := range []string{"client/tsconfig.json", "client/client.ts",
		"html/static/board.js", "html/static/openapi-fetch.js", "openapi.golden.json"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(file)), text, 0o644))
	}
	run := func(name string, args ...string) (string, error) { return runIn(t, dir, name, args...) }
	out, err := run("node_modules/.bin/openapi-typescript", "openapi.golden.json", "-o", "schema.d.ts")
	require.NoError(t, err, out)
	out, err = run("node_modules/.bin/tsc", "-p", ".")
	require.NoError(t, err, out)

	ours, err := os.ReadFile(filepath.Join(dir, "openapi-fetch.js"))
	require.NoError(t, err)
	theirs, err := os.ReadFile(filepath.Join(dir, "node_modules/openapi-fetch/dist/index.mjs"))
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(string(ours), string(theirs)), "html/static/openapi-fetch.js is not that of npm")

	board, err := os.ReadFile(filepath.Join(dir, "board.js"))
	require.NoError(t, err)
	const seen = `, header: { "If-Match": now.response.headers.get("ETag") ?? "" }`
	require.Contains(t, string(board), seen)
	unseen := strings.Replace(string(board), seen, "", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "board.js"), []byte(unseen), 0o644))
	out, err = run("node_modules/.bin/tsc", "-p", ".")
	assert.Error(t, err, "a board that leaves out If-Match compiles")
	assert.Contains(t, out, "'header' is missing", "and it does not compile for that reason")
}
