// These tests check the HTML pages of the blog, and the JSON beside them.

package main

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// browser is the Accept that browsers send.
const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// TestJSONAndHTML checks that one resource has both, each with its own tag.
func TestJSONAndHTML(t *testing.T) {
	tests := []struct{ path, accept, want, reason string }{
		{"/posts/1", "", "application/json", "who does not say gets JSON"},
		{"/posts/1", "*/*", "application/json", "curl does not say either"},
		{"/posts/1", "application/json", "application/json", "asked for"},
		{"/posts/1", browser, htmlType, "asked for"},
		{"/posts", "*/*", "application/json", "the list likewise"},
		{"/posts", browser, htmlType, "asked for"},
	}
	app := newBlog(t)
	for _, tt := range tests {
		t.Run(tt.path+" "+tt.accept, func(t *testing.T) {
			resp := execute(t, app, "GET", tt.path, "", "Accept", tt.accept)
			require.Equal(t, 200, resp.StatusCode)
			assert.Equal(t, tt.want, resp.Header.Get("Content-Type"), tt.reason)
			assert.Equal(t, "Accept", resp.Header.Get("Vary"))
			assert.Equal(t, tt.want == htmlType, resp.Header.Get("Content-Security-Policy") != "", "pages are protected")

			tag := resp.Header.Get("ETag")
			restmachinetest.CheckNotModified(t, resp, execute(t, app, "GET", tt.path, "", "Accept", tt.accept, "If-None-Match", tag))
			for _, accept := range []string{"application/json", "text/html"} {
				again := execute(t, app, "GET", tt.path, "", "Accept", accept, "If-None-Match", tag)
				same := strings.HasPrefix(tt.want, accept)
				assert.Equal(t, same, again.StatusCode == 304, "the tag stands for one of the two, not for what %s gets", accept)
			}
		})
	}
}

func TestNothingElseIsOffered(t *testing.T) {
	resp := execute(t, newBlog(t), "GET", "/posts/1", "", "Accept", "image/png")
	assert.Equal(t, 406, resp.StatusCode)
	assert.Contains(t, string(resp.Body), "application/json, "+htmlType)
}

func TestListPageLinks(t *testing.T) {
	app := newBlog(t)
	for _, title := range []string{"Second", "Third"} {
		execute(t, app, "POST", "/posts", `{"title": "`+title+`"}`)
	}
	page := string(execute(t, app, "GET", "/posts?page=2&per_page=1", "", "Accept", browser).Body)
	assert.Contains(t, page, `<a href="/posts/2">Second</a>`)
	assert.NotContains(t, page, "Third")
	assert.Contains(t, page, `<a rel="prev" href="/posts?page=1&amp;per_page=1">`)
	assert.Contains(t, page, `<a rel="next" href="/posts?page=3&amp;per_page=1">`)

	alone := string(execute(t, app, "GET", "/posts", "", "Accept", browser).Body)
	assert.NotContains(t, alone, `<a rel=`)
	beyond := string(execute(t, app, "GET", "/posts?page=9", "", "Accept", browser).Body)
	assert.Contains(t, beyond, "There are none here.")
}

// TestTwoTabs does what edit.js does if two people edit one post.
func TestTwoTabs(t *testing.T) {
	app := newBlog(t)
	tab := func() string {
		page := execute(t, app, "GET", "/posts/1", "", "Accept", browser)
		tag := regexp.MustCompile(`data-tag="&#34;([^&]+)&#34;"`).FindSubmatch(page.Body)
		require.NotNil(t, tag, "the page has the tag of what it shows: %s", page.Body)
		return `"` + string(tag[1]) + `"`
	}
	save := func(tag, title string) int {
		return execute(t, app, "PUT", "/posts/1", `{"title": "`+title+`"}`, "Accept", "application/json", "If-Match", tag).StatusCode
	}
	hers, his := tab(), tab()
	assert.Equal(t, 200, save(hers, "Hers"))
	assert.Equal(t, 412, save(his, "His"), "he has not seen hers")

	now := execute(t, app, "GET", "/posts/1", "", "Accept", "application/json")
	assert.Equal(t, "Hers", decode[Post](t, now).Title, "which he is shown")
	assert.Equal(t, 200, save(now.Header.Get("ETag"), "His"), "and now he can go on")
	assert.Equal(t, 412, save(hers, "Hers again"))
	assert.Equal(t, 200, save(tab(), "Hers again"))
}

func TestThePagesTagMatches(t *testing.T) {
	app := newBlog(t)
	tag := execute(t, app, "GET", "/posts/1", "", "Accept", browser).Header.Get("ETag")
	assert.NotEqual(t, `"1-1"`, tag)
	resp := execute(t, app, "PUT", "/posts/1", `{"title": "T"}`, "If-Match", tag)
	assert.Equal(t, 200, resp.StatusCode, "the tag of either form is the version's")
}

// A post can hold any text. The text never becomes markup of the page.
func TestTextStaysText(t *testing.T) {
	app := newBlog(t)
	execute(t, app, "POST", "/posts", `{"title": "\"><script>alert(1)</script>", "content": "</textarea><b>\nnew line"}`)
	for _, path := range []string{"/posts/2", "/posts"} {
		page := string(execute(t, app, "GET", path, "", "Accept", browser).Body)
		assert.NotContains(t, page, "<script>alert")
		assert.NotContains(t, page, "</textarea><b>")
		assert.Contains(t, page, "&lt;script&gt;alert(1)&lt;/script&gt;")
	}
}

// The files that the pages use exist, revalidate, and have the type that a browser
// requires under nosniff.
func TestStaticFiles(t *testing.T) {
	app := newBlog(t)
	for path, media := range map[string]string{"/static/edit.js": "text/javascript; charset=utf-8", "/static/style.css": "text/css; charset=utf-8"} {
		resp := execute(t, app, "GET", path, "")
		require.Equal(t, 200, resp.StatusCode)
		assert.Equal(t, media, resp.Header.Get("Content-Type"))
		restmachinetest.CheckNotModified(t, resp, execute(t, app, "GET", path, "", "If-None-Match", resp.Header.Get("ETag")))
		assert.Contains(t, string(execute(t, app, "GET", "/posts/1", "", "Accept", browser).Body), path)
	}
	for _, path := range []string{"/static/", "/static/../post.html", "/static/post.html"} {
		assert.Equal(t, http.StatusNotFound, execute(t, app, "GET", path, "").StatusCode, path)
	}
}

// TestDescribe checks which facts hold for each path, and where they were declared.
func TestDescribe(t *testing.T) {
	golden := filepath.Join("testdata", "describe.txt")
	got := New("blog.db").Describe()
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "run go test ./blog -update to rewrite %s", golden)
}
