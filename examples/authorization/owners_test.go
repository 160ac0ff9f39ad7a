// Set-up 3: everybody reads a post, and nobody but its owner writes it.

package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

// posts is the App with what it keeps. Nothing in it is secret.
func posts(t *testing.T) siege {
	app, all := Owners(), NewPosts()
	restmachine.Override(app, all)
	return besiege(t, app, func() string {
		all.mu.Lock()
		defer all.mu.Unlock()
		return fmt.Sprint(all.all)
	})
}

func TestOwnersWrite(t *testing.T) {
	s := posts(t)
	for _, a := range []attempt{
		{method: "GET", path: "/posts/first", status: 200},
		{method: "GET", path: "/posts/first", by: "eve", status: 200},
		{method: "GET", path: "/posts/first", fields: []string{"Authorization", "Bearer wrong"}, status: 200},
		{method: "GET", path: "/posts/first", fields: []string{"If-None-Match", `"1"`}, status: 304},
		{method: "PUT", path: "/posts/first", by: "ann", fields: []string{"If-Match", `"1"`}, content: `{"text":"Hello again"}`, status: 200},
		{method: "ARCHIVE", path: "/posts/first", by: "ann", status: 204},
		{method: "DELETE", path: "/posts/first", by: "ann", status: 204},
		{method: "PUT", path: "/posts/first", by: "eve", content: `{"text":"Mine now"}`, status: 201},
		{method: "DELETE", path: "/posts/first", by: "ann", status: 403},
	} {
		assert.Equal(t, a.status, s.app.Execute(a.request()).StatusCode, "%s %s by %s", a.method, a.path, a.by)
	}
}

func TestNobodyElseWrites(t *testing.T) {
	const post, words = "/posts/first", `{"text":"Eve was here"}`
	posts(t).withstands(t, []attempt{
		{"a PUT", "the post is ann's", "PUT", post, "eve", nil, words, 403},
		{"a PUT with its tag", "a tag is not a right", "PUT", post, "eve", []string{"If-Match", `"1"`}, words, 403},
		{"a PUT with a wrong tag", "403 comes before 412", "PUT", post, "eve", []string{"If-Match", `"0"`}, words, 403},
		{"a PUT that must create", "403 comes before 412", "PUT", post, "eve", []string{"If-None-Match", "*"}, words, 403},
		{"a PUT of nothing", "403 comes before 422", "PUT", post, "eve", nil, `{"text":""}`, 403},
		{"a PUT that cannot be read", "403 comes before 400", "PUT", post, "eve", nil, `{`, 403},
		{"a PUT that names an owner", "the content cannot name one", "PUT", post, "eve", nil, `{"text":"x","owner":"eve"}`, 403},
		{"a DELETE", "the post is ann's", "DELETE", post, "eve", nil, "", 403},
		{"a method of our own", "it is not safe, so it is a write", "ARCHIVE", post, "eve", nil, "", 403},
		{"a PUT by nobody", "who writes must be known", "PUT", post, "", nil, words, 401},
		{"a creating PUT by nobody", "who writes must be known", "PUT", "/posts/second", "", nil, words, 401},
		{"a method of our own by nobody", "who writes must be known", "ARCHIVE", post, "", nil, "", 401},
		{"a DELETE of what is not there, by nobody", "401 comes before 404", "DELETE", "/posts/second", "", nil, "", 401},
		{"a GET that says it is a DELETE", "no field stands for a method", "GET", post, "", []string{"X-HTTP-Method-Override", "DELETE"}, "", 200},
		{"a POST that says it is a DELETE", "no field stands for a method", "POST", post, "eve", []string{"X-HTTP-Method-Override", "DELETE"}, "", 405},
		{"a HEAD with content", "a HEAD writes nothing", "HEAD", post, "eve", nil, "", 200},
		{"a PATCH", "there is none", "PATCH", post, "eve", nil, words, 405},
		{"a method in lowercase", "it is another one", "delete", post, "eve", nil, "", 501},
		{"an escaped letter", "it is the same post", "DELETE", "/posts/%66irst", "eve", nil, "", 403},
		{"a slash behind", "it is another path", "DELETE", post + "/", "eve", nil, "", 404},
		{"another case", "it is another post", "DELETE", "/posts/First", "eve", nil, "", 404},
	})
}

// What is there first is ann's: of many PUTs that create at once, one creates, and the others
// are refused since the post is now another's.
func TestOneCreatesAndOwns(t *testing.T) {
	s := posts(t)
	statuses := make(chan int)
	for i := range 12 {
		by := []string{"ann", "bob", "eve"}[i%3]
		go func() {
			statuses <- s.app.Execute(attempt{method: "PUT", path: "/posts/new", by: by, content: `{"text":"Mine"}`}.request()).StatusCode
		}()
	}
	count := map[int]int{}
	for range 12 {
		count[<-statuses]++
	}
	assert.Equal(t, map[int]int{201: 1, 200: 3, 403: 8}, count)
}

// A method that somebody adds is a write, unless HTTP knows it to be safe.
func TestMethodsThatAreAddedAreWrites(t *testing.T) {
	app := restmachine.New()
	app.OnStartup(NewTokens)
	app.Dependency(Caller)
	app.ResourceExists(func() *Post { return &Post{Owner: "ann"} })
	drafts := app.Group("/drafts/{post}")
	drafts.Authorized(readsOrIsKnown)
	drafts.Forbidden(writesWhatIsAnothers)
	written := false
	write := func(*Post) { written = true }
	draft := drafts.Get("", func(p *Post) *Post { return p })
	draft.Post(write).Patch(write).Handle("PURGE", write)
	draft.HandleSafe("QUERY", func(p *Post) string { return p.Text })
	draft.HandleSafe("PEEK", func(p *Post) string { return p.Text })
	s := besiege(t, app, func() string { return fmt.Sprint(written) })
	s.withstands(t, []attempt{
		{"POST", "a write", "POST", "/drafts/first", "eve", nil, "", 403},
		{"PATCH", "a write", "PATCH", "/drafts/first", "eve", nil, "", 403},
		{"PURGE", "a write", "PURGE", "/drafts/first", "eve", nil, "", 403},
		{"QUERY", "HTTP knows it as safe", "QUERY", "/drafts/first", "", nil, "", 200},
		{"PEEK", "the gate does not know it as safe, so it refuses", "PEEK", "/drafts/first", "eve", nil, "", 403},
	})
}

// What is wired wrongly does not start.
func TestGatesOfOwnersThatCannotStart(t *testing.T) {
	for _, row := range []struct {
		name, why string
		add       func(app *restmachine.App)
		says      string
	}{
		{"a gate that takes the post itself", "a PUT may create it, and then there is none", func(app *restmachine.App) {
			app.Forbidden(func(p *Post, u *User) bool { return p.Owner != u.Name })
		}, "Optional"},
		{"another method through the App", "the path's gates would not be asked", func(app *restmachine.App) {
			app.Resource("/posts/{post}").Patch(func(p *Post) *Post { return p })
		}, "register all methods of the path through one of the two"},
		{"a longer path through the App", "the Group's gates are not asked there", func(app *restmachine.App) {
			app.Post("/posts/{post}/comments", func(*Post) {})
		}, `lies below Group "/posts/{post}"`},
		{"a longer path whose handler takes no post, with the App's gate", "it would be a way round", func(app *restmachine.App) {
			app.Forbidden(func(p restmachine.Optional[*Post]) bool { return false })
			app.Get("/posts/{post}/statistics", func() string { return "" })
		}, "would be a way round it"},
	} {
		t.Run(row.name, func(t *testing.T) {
			app := Owners()
			row.add(app)
			assert.Contains(t, strings.Join(complaints(app), "\n"), row.says, row.why)
		})
	}
}
