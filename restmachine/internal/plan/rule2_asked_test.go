// The second rule's part on when a fact is asked that takes no value: before everything else
// that is read, and only where somebody needs it.

package plan_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

func TestFactsThatTakeNoValueAreAskedFirst(t *testing.T) {
	all := []string{"tag", "date", "expires", "cache"}
	inm, im := []string{"If-None-Match", `"1"`}, []string{"If-Match", `"1"`}
	date := "Wed, 01 Jan 2020 00:00:00 GMT"
	for _, row := range []struct {
		name, method, path string
		fields             []string
		status             int
		first              []string // the facts that are asked before anything is loaded
		later              string   // what is done then
	}{
		{"GET", "GET", "/ship", nil, 200, all, "load get"},
		{"HEAD", "HEAD", "/ship", nil, 200, all, "load get"},
		{"304", "GET", "/ship", inm, 304, all, "load get"},
		{"412", "GET", "/ship", []string{"If-Match", `"2"`}, 412, all, "load get"},
		{"304 of what the GET is given", "GET", "/given", inm, 304, all, "load"},
		{"of any", "GET", "/any", nil, 200, all, "load get"},
		{"missing", "GET", "/missing", nil, 404, all, ""},
		{"PUT", "PUT", "/ship", nil, 200, nil, "load put"},
		{"PUT with a tag", "PUT", "/ship", im, 200, []string{"tag"}, "load get tag put"},
		{"PUT with a tag that does not match", "PUT", "/ship", []string{"If-Match", `"2"`}, 412, []string{"tag"}, "load get"},
		{"PUT with a tag that must not match", "PUT", "/ship", []string{"If-None-Match", `"2"`}, 200, []string{"tag"}, "load get tag put"},
		{"PUT with a star", "PUT", "/ship", []string{"If-Match", "*"}, 200, nil, "load get put"},
		{"PUT with a date", "PUT", "/ship", []string{"If-Unmodified-Since", date}, 200, []string{"date"}, "load get date put"},
		{"PUT with a date that does not count", "PUT", "/ship", []string{"If-Match", `"1"`, "If-Unmodified-Since", date}, 200, []string{"tag"}, "load get tag put"},
		{"PUT with a date that is not for it", "PUT", "/ship", []string{"If-Modified-Since", date}, 200, nil, "load get put"},
		{"PUT that creates", "PUT", "/new", []string{"If-None-Match", "*"}, 201, nil, "get put"},
		{"PUT that would create", "PUT", "/new", im, 412, []string{"tag"}, "get"},
		{"DELETE with a tag", "DELETE", "/ship", im, 204, []string{"tag"}, "load get tag delete"},
		{"POST", "POST", "/ship", nil, 204, nil, "load post"},
		{"POST with a tag", "POST", "/ship", im, 204, []string{"tag"}, "load get tag post"},
		{"OPTIONS", "OPTIONS", "/ship", nil, 200, nil, ""},
		{"405", "PATCH", "/ship", nil, 405, nil, ""},
		{"unknown path", "GET", "/nowhere", nil, 404, nil, ""},
		{"403", "GET", "/ship", []string{"X-Pirate", "yes"}, 403, nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			var done []string
			note := func(what string) { done = append(done, what) }
			p.GenerateETag(func() string { note("tag"); return "1" })
			p.LastModified(func() time.Time { note("date"); return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) })
			p.CacheControl(func() string { note("cache"); return "no-cache" })
			p.Expires(func() time.Time { note("expires"); return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) })
			p.Forbidden(func(h http.Header) bool { return h.Get("X-Pirate") != "" })
			p.ResourceExists(func() *harness.Ship { note("load"); return makeShip() })
			p.Get("/ship", func(s *harness.Ship) (*harness.Ship, error) { note("get"); return s, nil }).
				Put(func(s *harness.Ship) *harness.Ship { note("put"); return s }).
				Delete(func() { note("delete") }).
				Post(func() { note("post") })
			p.Get("/given", func(s *harness.Ship) *harness.Ship { note("get"); return s })
			p.Get("/any", func(s *harness.Ship) any { note("get"); return s })
			p.Get("/new", func() *harness.Crane { note("get"); return nil }).Put(func() *harness.Crane { note("put"); return &harness.Crane{} })
			p.ResourceExists(func() *harness.Harbour { return nil })
			p.Get("/missing", func(h *harness.Harbour) *harness.Harbour { return h })
			p.Valid()
			p.Expect(row.status, row.method, row.path, row.fields...)
			want := strings.Join(row.first, " ")
			if row.later != "" {
				want = strings.TrimSpace(want + " " + row.later)
			}
			assert.Equal(t, want, strings.Join(done, " "))
		})
	}
}

// An error of a fact that is asked first is an answer only where the fact is needed.
func TestErrorsOfFactsThatAreAskedFirst(t *testing.T) {
	p := harness.NewPort(t)
	p.GenerateETag(func() (string, error) { return "", errors.New("secret") })
	there := false
	p.ResourceExists(func() *harness.Ship {
		if there {
			return makeShip()
		}
		return nil
	})
	p.Get("/ship", harness.ShowShip).Put(func(s *harness.Ship) *harness.Ship { return s })
	p.Valid()
	p.Expect(404, "GET", "/ship")
	p.Expect(404, "PUT", "/ship", "If-Match", `"1"`)
	there = true
	p.Expect(500, "GET", "/ship")
	p.Expect(500, "PUT", "/ship", "If-Match", `"1"`)
	p.Expect(200, "PUT", "/ship")
	assert.Contains(t, p.Log.String(), "GenerateETag")
}

// A trace says at G7 what was asked before anything was loaded.
func TestTraceOfFactsThatAreAskedFirst(t *testing.T) {
	p := harness.NewPort(t)
	p.GenerateETag(func() string { return "1" })
	p.LastModified(func() time.Time { return time.Unix(1, 0) })
	p.Get("/list", func() []string { return nil })
	p.Valid()
	_, trace := p.Explain(restmachine.Request{Method: "GET", Path: "/list"})
	for _, v := range trace.Visits {
		if v.ID.String() == "G7" {
			assert.Equal(t, "asked before anything is loaded: GenerateETag, LastModified", v.Why)
			assert.Contains(t, v.Callback, "TestTraceOfFactsThatAreAskedFirst")
			return
		}
	}
	t.Fatal("no G7 in the trace")
}

// Where a fact takes a Dependency that the content is made from, all others are asked before
// that is made.
func TestFactsAreAskedBeforeTheContentOfAnotherIsMade(t *testing.T) {
	type content struct{ version int }
	type reader struct{ now func() int }
	for name, declare := range map[string]func(p harness.Port, now func() int){
		"a tag of the content": func(p harness.Port, now func() int) {
			p.GenerateETag(func(c *content) string { return fmt.Sprint(c.version) })
			p.LastModified(func() time.Time { return time.Unix(int64(now()), 0) })
		},
		"a date of the content": func(p harness.Port, now func() int) {
			p.LastModified(func(c *content) time.Time { return time.Unix(int64(c.version), 0) })
			p.GenerateETag(func() string { return fmt.Sprint(now()) })
		},
		"the other by a Dependency": func(p harness.Port, now func() int) {
			p.Dependency(func() *reader { return &reader{now} })
			p.GenerateETag(func(c *content) string { return fmt.Sprint(c.version) })
			p.LastModified(func(r *reader) time.Time { return time.Unix(int64(r.now()), 0) })
		},
		"the content beside a value": func(p harness.Port, now func() int) {
			p.GenerateETag(func(v harness.ShipView, c *content) string { return v.Label })
			p.LastModified(func() time.Time { return time.Unix(int64(now()), 0) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, version := harness.NewPort(t), 1
			now := func() int { version++; return version } // somebody writes before each question
			p.Dependency(func() *content { return &content{now()} })
			p.Get("/ship", func(c *content) harness.ShipView { return harness.ShipView{Label: fmt.Sprint(c.version)} })
			declare(p, now)
			p.Valid()
			resp := p.Expect(200, "GET", "/ship")
			date, err := http.ParseTime(resp.Header.Get("Last-Modified"))
			require.NoError(t, err)
			assert.Contains(t, string(resp.Body), "3", "the content is read last")
			assert.LessOrEqual(t, date.Unix(), int64(3))
			assert.LessOrEqual(t, resp.Header.Get("ETag"), `"3"`)
		})
	}
}
