// These tests check the tracker as its clients see it. Requests go in. Statuses, fields and
// contents are expected.

package main

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

var day = time.Date(2024, 1, 15, 10, 0, 0, 0, time.UTC)

// newTracker returns the application on a new file. Its clock stands still. The end of the test
// shuts it down.
func newTracker(t *testing.T) *restmachine.App {
	t.Helper()
	app := New(filepath.Join(t.TempDir(), "tracker.db"))
	restmachine.Override(app, Clock(func() time.Time { return day }))
	require.NoError(t, app.Start(t.Context()))
	t.Cleanup(func() { assert.NoError(t, app.Shutdown(t.Context())) })
	return app
}

// as returns a client that sends the token of a user.
func as(app *restmachine.App, user string) restmachinetest.Client {
	return restmachinetest.NewClient(app).Header("Authorization", "Bearer token-of-"+user)
}

const (
	apollo = "/teams/acme/projects/apollo"
	first  = apollo + "/issues/1"
	patch  = "application/merge-patch+json"
)

func TestWiring(t *testing.T) {
	restmachinetest.Check(t, newTracker(t))
}

func TestWhoSeesWhat(t *testing.T) {
	app := newTracker(t)
	ann, eve, nobody := as(app, "ann"), as(app, "eve"), restmachinetest.NewClient(app)
	for _, path := range []string{"/teams/acme", apollo, first, apollo + "/issues", apollo + "/export", first + "/attachments"} {
		ann.Get(path).Expect(t).Status(200).Header("Cache-Control", "private, no-cache")
		eve.Get(path).Expect(t).Status(404)
		nobody.Get(path).Expect(t).Status(401).Header("WWW-Authenticate", "Bearer")
	}
	eve.Get("/teams/acme/projects/none").Expect(t).Status(404)
	eve.Get("/teams/globex/projects/apollo/issues/1").Expect(t).Status(404) // issue 1 is of the other apollo
	eve.Get("/teams").Expect(t).Status(200).Body(`{"teams":[{"id":"globex","title":"Globex","members":["eve"]}]}`)
	eve.Delete(first).IfMatch("*").Expect(t).Status(404)
	ann.Header("Authorization", "Bearer token-of-ann", "Bearer token-of-eve").Get("/teams").Expect(t).Status(401)
}

// TestTheCookieReadsAlone: a page of another site cannot write by the cookie of a browser.
func TestTheCookieReadsAlone(t *testing.T) {
	client := restmachinetest.NewClient(newTracker(t))
	client.Post("/session").Form(map[string][]string{"token": {"no"}}).Expect(t).Status(422)
	in := client.Post("/session").Form(map[string][]string{"token": {"token-of-ann"}}).Expect(t).Status(303).Header("Location", "/teams")
	cookie, err := http.ParseSetCookie(in.Response.Header.Get("Set-Cookie"))
	require.NoError(t, err)
	assert.True(t, cookie.HttpOnly && cookie.Secure && cookie.SameSite == http.SameSiteStrictMode)

	browser := client.Header("Cookie", cookie.Name+"="+cookie.Value)
	browser.Get(first).Accept("text/html").Expect(t).Status(200).Header("Content-Type", htmlType)
	browser.Delete(first).IfMatch("*").Expect(t).Status(401)
	client.Get("/").Expect(t).Status(200)
}

func TestProjects(t *testing.T) {
	ann := as(newTracker(t), "ann")
	zeus := "/teams/acme/projects/zeus"
	ann.Get(zeus).Expect(t).Status(404)
	made := ann.Put(zeus).IfNoneMatch("*").JSON(NewProject{"Zeus"}).Expect(t).Status(201).Header("Location", zeus)
	ann.Put(zeus).JSON(NewProject{"Zeus!"}).Expect(t).Status(428)
	ann.Put(zeus).IfNoneMatch("*").JSON(NewProject{"Zeus!"}).Expect(t).Status(412)
	ann.Put(zeus).IfMatch(made.ETag()).JSON(NewProject{"Zeus!"}).Expect(t).Status(200)
	ann.Put(zeus).IfMatch(made.ETag()).JSON(NewProject{"Zeus?"}).Expect(t).Status(412)
	ann.Put("/teams/acme/projects/No%20Key").JSON(NewProject{"No"}).Expect(t).Status(404)
	ann.Put("/teams/acme/projects/none").IfNoneMatch("*").JSON(NewProject{" "}).Expect(t).Status(422).Problem("")

	ann.Delete(apollo).IfMatch("*").Expect(t).Status(409).Problem("has issues")
	ann.Delete(zeus).IfMatch("*").Expect(t).Status(204)
	again := ann.Put(zeus).IfNoneMatch("*").JSON(NewProject{"Zeus"}).Expect(t).Status(201)
	assert.NotEqual(t, made.ETag(), again.ETag(), "another project, though its key and version are those of the first")
}

// An answer is a problem with its list.
type answer struct {
	Status int                      `json:"status"`
	Errors []restmachine.FieldError `json:"errors"`
}

func mistakes(t *testing.T, r *restmachinetest.Result) []restmachine.FieldError {
	t.Helper()
	return decode[answer](t, r).Errors
}

// TestAFormGetsAllItsMistakes: in one answer, each with the place that it is at.
func TestAFormGetsAllItsMistakes(t *testing.T) {
	ann := as(newTracker(t), "ann")
	want := []restmachine.FieldError{
		{Pointer: "#/title", Detail: "is required"},
		{Pointer: "#/state", Detail: "must be open or closed"},
		{Pointer: "#/assignee", Detail: "must be a member of the team"},
		{Pointer: "#/labels/1", Detail: "is required"},
	}
	wrong := IssueContent{State: "done", Assignee: "eve", Labels: []string{"moon", ""}}
	assert.Equal(t, want, mistakes(t, ann.Post(apollo+"/issues").JSON(wrong).Expect(t).Status(422)))
	assert.Equal(t, want, mistakes(t, ann.Put(first).IfMatch("*").JSON(wrong).Expect(t).Status(422)))
	patched := ann.Patch(first).IfMatch("*").Body(patch, `{"title": null, "state": "done", "labels": [" "]}`).Expect(t).Status(422)
	assert.Len(t, mistakes(t, patched), 3)

	typed := ann.Post(apollo+"/issues").Body("application/json", `{"title": "x", "labels": ["a", 7]}`).Expect(t).Status(422)
	assert.Equal(t, "#/labels/1", mistakes(t, typed)[0].Pointer)
	assert.Equal(t, []restmachine.FieldError{{Parameter: "state", Detail: "must be open or closed"}, {Parameter: "limit", Detail: "must be 100 at most"}},
		mistakes(t, ann.Get(apollo+"/issues?state=done&limit=200").Expect(t).Status(400)))
}

func TestAnIssue(t *testing.T) {
	app := newTracker(t)
	ann := as(app, "ann")
	made := ann.Post(apollo + "/issues").JSON(IssueContent{Title: "Land"}).Expect(t).Status(201)
	land := made.Location()
	assert.Equal(t, apollo+"/issues/2", land)
	tag := ann.Get(land).Expect(t).Status(200).ETag()
	assert.Equal(t, made.ETag(), tag)
	ann.Get(land).IfNoneMatch(tag).Expect(t).Status(304)

	ann.Patch(land).Body(patch, `{"state": "closed"}`).Expect(t).Status(428)
	closed := ann.Patch(land).IfMatch(tag).Body(patch, `{"state": "closed", "labels": ["moon"]}`).Expect(t).Status(200).Header("Content-Location", land)
	ann.Patch(land).IfMatch(tag).Body(patch, `{"state": "open"}`).Expect(t).Status(412)
	issue := decode[Issue](t, closed)
	assert.Equal(t, IssueContent{Title: "Land", State: Closed, Labels: []string{"moon"}}, issue.IssueContent)
	assert.Equal(t, "ann", issue.Author)

	update := ann.Put(land).IfMatch(closed.ETag()).JSON(IssueContent{Title: "Land softly"})
	restmachinetest.RaceWrites(t, app, update.Request(), 8)
	update.Expect(t).Status(412)
	assert.Equal(t, Open, decode[Issue](t, ann.Get(land).Expect(t)).State)
	ann.Delete(land).IfMatch(ann.Get(land).Expect(t).ETag()).Expect(t).Status(204)
	ann.Get(land).Expect(t).Status(404)
	assert.Equal(t, apollo+"/issues/3", ann.Post(apollo+"/issues").JSON(IssueContent{Title: "Land"}).Expect(t).Location())
}

// TestAnotherProcess writes between the check and the write: on the same file, without the lock.
func TestAnotherProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tracker.db")
	store, err := OpenStore(t.Context(), file, time.Now)
	require.NoError(t, err)
	defer store.Close()
	project, err := store.Project(t.Context(), "acme", "apollo")
	require.NoError(t, err)
	issue, err := store.Issue(t.Context(), project, 1)
	require.NoError(t, err)
	_, err = store.UpdateIssue(t.Context(), issue, IssueContent{Title: "theirs", State: Open})
	require.NoError(t, err)
	_, err = store.UpdateIssue(t.Context(), issue, IssueContent{Title: "ours", State: Open})
	assert.ErrorIs(t, err, restmachine.ErrStale)
	assert.ErrorIs(t, store.DeleteIssue(t.Context(), issue), restmachine.ErrStale)
	_, err = store.CreateProject(t.Context(), "acme", "apollo", "twice")
	assert.ErrorIs(t, err, restmachine.ErrStale)
	theirs := &Attachment{Name: "a", Hash: "theirs", issue: issue}
	require.NoError(t, store.KeepAttachment(t.Context(), nil, theirs, nil))
	assert.ErrorIs(t, store.KeepAttachment(t.Context(), nil, &Attachment{Name: "a", Hash: "ours", issue: issue}, nil), restmachine.ErrStale)
	gone := &Issue{ProjectID: project.ID, Number: 99}
	assert.ErrorIs(t, store.KeepAttachment(t.Context(), nil, &Attachment{Name: "a", issue: gone}, nil), restmachine.ErrStale)
}
