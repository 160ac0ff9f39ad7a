// Methods beside those of RFC 9110: given by Handle, they are guarded and locked as a PUT
// is, and never create; given by HandleSafe, they change nothing, and no precondition
// counts.
package walk_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/decision"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// withMethods is an App with a leaf that takes PURGE and QUERY, and a path that does not.
func withMethods(more func(app *restmachine.App, r *restmachine.Resource)) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		app.ResourceExists(harness.LeafByPath)
		app.GenerateETag(func(l *harness.Leaf) string { return "1" })
		app.LastModified(func(*harness.Leaf) time.Time { return harness.LeafModified })
		r := app.Get("/leaves/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
		r.Handle("PURGE", func(l *harness.Leaf) *harness.Leaf { return l })
		r.HandleSafe("QUERY", func(l *harness.Leaf, in restmachine.Body[harness.LeafIn]) []int { return []int{in.Value.Version} })
		app.Get("/other", func() string { return "x" })
		if more != nil {
			more(app, r)
		}
	}
}

func TestOtherMethods(t *testing.T) {
	const here, gone, query = "/leaves/here", "/leaves/gone", `{"version": 7}`
	json := []string{"Content-Type", "application/json"}
	rows := []struct {
		name, reason         string
		status               int
		method, target, body string
		fields               []string
	}{
		{"an unsafe one", "its handler runs", 200, "PURGE", here, "", nil},
		{"a safe one with content", "it reads its Body", 200, "QUERY", here, query, nil},
		{"a missing target", "it never creates", 404, "PURGE", gone, "", nil},
		{"a missing target, under If-Match", "404 comes before the preconditions", 404, "PURGE", gone, "", []string{"If-Match", "*"}},
		{"a missing target of a safe one", "as with GET", 404, "QUERY", gone, query, nil},
		{"the tag matches", "as with PUT", 200, "PURGE", here, "", []string{"If-Match", `"1"`}},
		{"another tag", "as with PUT", 412, "PURGE", here, "", []string{"If-Match", `"2"`}},
		{"a tag that cannot be read", "as with PUT", 400, "PURGE", here, "", []string{"If-Match", `"2`}},
		{"it has changed since", "as with PUT", 412, "PURGE", here, "", []string{"If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"}},
		{"it is there already", "412 for all but GET and HEAD (RFC 9110, 13.1.2)", 412, "PURGE", here, "", []string{"If-None-Match", "*"}},
		{"another tag, safely", "the tag is not of what a QUERY returns", 200, "QUERY", here, query, []string{"If-Match", `"2"`}},
		{"a tag that cannot be read, safely", "it is not read", 200, "QUERY", here, query, []string{"If-Match", `"2`}},
		{"the GET's tag, safely", "never a 304, nor a 412", 200, "QUERY", here, query, []string{"If-None-Match", `"1"`}},
		{"the GET's date, safely", "never a 304", 200, "QUERY", here, query, []string{"If-Modified-Since", "Mon, 01 Jan 2035 00:00:00 GMT"}},
		{"an old date, safely", "never a 412", 200, "QUERY", here, query, []string{"If-Unmodified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"}},
		{"content of another type", "as with PUT", 415, "QUERY", here, query, []string{"Content-Type", "text/csv"}},
		{"content that is not JSON", "as with PUT", 400, "QUERY", here, "{", nil},
		{"too long", "MaxBody holds", 413, "QUERY", here, `{"version":` + strings.Repeat(" ", 2000) + `7}`, nil},
		{"a client that waits", "the answer comes after 100 Continue", 200, "QUERY", here, query, []string{"Expect", "100-continue"}},
		{"a range", "ranges are for GET alone (RFC 9110, 14.2)", 200, "QUERY", here, query, []string{"Range", "bytes=0-0"}},
		{"another path", "the method is known to the App", 405, "PURGE", "/other", "", nil},
		{"an unknown path", "there is nothing", 404, "QUERY", "/nowhere", "", nil},
		{"a method that nobody handles", "it is not known", 501, "LOCK", here, "", nil},
		{"another spelling", "methods are case-sensitive (RFC 9110, 9.1)", 501, "purge", here, "", nil},
	}
	p := harness.NewProbe(t, withMethods(func(app *restmachine.App, _ *restmachine.Resource) { app.MaxBody(1000) }))
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			fields := row.fields
			if row.body != "" && !strings.Contains(strings.Join(fields, " "), "Content-Type") {
				fields = append(fields, json...)
			}
			resp := p.Want(row.status, row.method, row.target, row.body, fields...)
			for _, name := range []string{"Etag", "Last-Modified", "Content-Location"} {
				assert.Empty(t, resp.Header.Get(name), row.reason)
			}
			if row.status == 405 {
				assert.Equal(t, "GET, HEAD, OPTIONS", resp.Header.Get("Allow"))
			}
		})
	}
	assert.Equal(t, "GET, HEAD, PURGE, QUERY, OPTIONS", p.Want(200, "OPTIONS", here, "").Header.Get("Allow"))
	assert.Equal(t, "[7]", string(p.Want(200, "QUERY", here, query, json...).Body))
}

// TestOtherMethodsAndFacts: which facts an unsafe one passes, and which a safe one.
func TestOtherMethodsAndFacts(t *testing.T) {
	yes := func() bool { return true }
	no := func() bool { return false }
	rows := []struct {
		name         string
		say          func(r *restmachine.Resource)
		purge, query int
	}{
		{"nothing", func(*restmachine.Resource) {}, 200, 200},
		{"IsConflict", func(r *restmachine.Resource) { r.Put(func(*harness.Leaf) {}).IsConflict(yes) }, 409, 200},
		{"RequirePreconditions", func(r *restmachine.Resource) { r.RequirePreconditions() }, 428, 200},
		{"MultipleChoices", func(r *restmachine.Resource) { r.MultipleChoices(yes) }, 200, 200},
		{"Forbidden", func(r *restmachine.Resource) { r.Forbidden(yes) }, 403, 403},
		{"Forbidden once loaded", func(r *restmachine.Resource) { r.Forbidden(func(*harness.Leaf) bool { return true }) }, 403, 403},
		{"Authorized", func(r *restmachine.Resource) { r.Authorized(no) }, 401, 401},
		{"MethodAllowed", func(r *restmachine.Resource) { r.MethodAllowed(no) }, 405, 405},
		{"KnownMethod", func(r *restmachine.Resource) { r.KnownMethod(no) }, 501, 501},
		{"MovedPermanently", func(r *restmachine.Resource) { r.MovedPermanently(func() string { return "/x" }) }, 200, 200},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewProbe(t, withMethods(func(_ *restmachine.App, r *restmachine.Resource) { row.say(r) }))
			p.Want(row.purge, "PURGE", "/leaves/here", "")
			p.Want(row.query, "QUERY", "/leaves/here", `{"version": 1}`, "Content-Type", "application/json")
		})
	}
}

// TestOtherMethodsReply: what their handlers may return.
func TestOtherMethodsReply(t *testing.T) {
	rows := []struct {
		name    string
		handler restmachine.Func
		status  int
		tag     string
	}{
		{"nothing", func(*harness.Leaf) {}, 204, ""},
		{"what the GET returns", func(l *harness.Leaf) *harness.Leaf { return l }, 200, ""},
		{"a Reply of it", func(l *harness.Leaf) *restmachine.Reply[*harness.Leaf] { return restmachine.NewReply(207, l) }, 207, ""},
		{"a 201, whose validators are its own", func(l *harness.Leaf) *restmachine.Reply[*harness.Leaf] { return restmachine.Created("/lock", l) }, 201, `"1"`},
		{"NoContent", func(*harness.Leaf) *restmachine.Reply[int] { return restmachine.NoContent[int]() }, 204, ""},
		{"a Problem", func(*harness.Leaf) error { return &restmachine.Problem{Status: 423} }, 423, ""},
		{"no leaf at all, so that a missing one is 404", func() string { return "x" }, 200, ""},
		{"an Optional, which is there", func(l restmachine.Optional[*harness.Leaf]) bool { return l.OK }, 200, ""},
	}
	for _, row := range rows {
		for _, safe := range []bool{false, true} {
			t.Run(row.name+map[bool]string{true: ", safe"}[safe], func(t *testing.T) {
				p := harness.NewProbe(t, withMethods(func(_ *restmachine.App, r *restmachine.Resource) {
					if safe {
						r.HandleSafe("PROPFIND", row.handler)
					} else {
						r.Handle("PROPFIND", row.handler)
					}
				}))
				resp := p.Want(row.status, "PROPFIND", "/leaves/here", "")
				assert.Equal(t, row.tag, resp.Header.Get("Etag"))
				assert.Empty(t, resp.Header.Get("Content-Location"))
			})
		}
	}
}

// TestOtherMethodsHaveNoHash: AutoETag makes the tag of what the path shows, and not of what
// another method says of it, even in a 201.
func TestOtherMethodsHaveNoHash(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		r := app.Get("/x", func() string { return "x" })
		r.AutoETag(restmachine.Strong)
		r.Handle("LOCK", func() *restmachine.Reply[string] { return restmachine.Created("/lock", "x") })
	})
	assert.NotEmpty(t, p.Want(200, "GET", "/x", "").Header.Get("Etag"))
	assert.Empty(t, p.Want(201, "LOCK", "/x", "").Header.Get("Etag"))
}

// TestOtherMethodsLock: an unsafe one excludes the PUT of its path, and runs again where it
// found its resource stale; a safe one does neither.
func TestOtherMethodsLock(t *testing.T) {
	turns := 0
	stale := func(*harness.Leaf) error {
		turns++
		return restmachine.ErrStale
	}
	for _, safe := range []bool{false, true} {
		p := harness.NewProbe(t, withMethods(func(_ *restmachine.App, r *restmachine.Resource) {
			if safe {
				r.HandleSafe("LOCK", stale)
			} else {
				r.Handle("LOCK", stale)
			}
		}))
		turns = 0
		p.Want(409, "LOCK", "/leaves/here", "")
		if safe {
			assert.Equal(t, 1, turns)
			p.Want(409, "LOCK", "/leaves/here", "", "If-Match", `"1"`)
			assert.Contains(t, p.App.Describe(), "safe")
			continue
		}
		assert.Equal(t, 4, turns)
		p.Want(412, "LOCK", "/leaves/here", "", "If-Match", `"1"`)
		_, trace := p.App.Explain(restmachine.Request{Method: "LOCK", Path: "/leaves/here"})
		for _, id := range []decision.ID{decision.G6, decision.O17, decision.O15} {
			assert.Contains(t, fmt.Sprint(trace), id.String())
		}
	}
}

// TestOtherMethodsOverHTTP: on the wire a QUERY has content, as in process.
func TestOtherMethodsOverHTTP(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	withMethods(nil)(app)
	server := httptest.NewServer(app)
	defer server.Close()
	_, resp := harness.SendOver(t, server, restmachine.Request{Method: "QUERY", Path: "/leaves/here",
		Header: http.Header{"Content-Type": {"application/json"}, "If-None-Match": {`"1"`}}, Body: []byte(`{"version": 3}`)})
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, "[3]", string(resp.Body))
	assert.Empty(t, resp.Header.Get("Etag"))
}
