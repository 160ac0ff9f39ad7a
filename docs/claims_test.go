// What pages say in prose, beside a snippet that only compiles: each claim is tried on an App with the
// functions of its page.

package docs_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
	"github.com/restmachine/restmachine-go/restmachine/store"
)

// The errands of docs/validation.md.
type (
	errand struct {
		Title string    `json:"title"`
		Due   time.Time `json:"due,omitzero"`
	}
	newErrand struct{ errand }
	clock     func() time.Time
	checked   struct{ errand }
)

func (e errand) Validate() error {
	var bad restmachine.Invalid
	if e.Title == "" {
		bad.Add("/title", "is required")
	}
	return bad.Err()
}

func (e newErrand) Validate() error {
	var bad restmachine.Invalid
	bad.At("", e.errand.Validate())
	if !e.Due.IsZero() && e.Due.Before(time.Now()) {
		bad.Add("/due", "is in the past")
	}
	return bad.Err()
}

// TestACreationHasItsOwnRules: the POST refuses a date in the past, by the type or by a Dependency with
// a clock, and the PUT does not.
func TestACreationHasItsOwnRules(t *testing.T) {
	app := restmachine.New()
	app.OnStartup(func() clock { return time.Now })
	app.Dependency(func(in restmachine.Body[errand], now clock) (*checked, error) {
		var bad restmachine.Invalid
		if due := in.Value.Due; !due.IsZero() && due.Before(now()) {
			bad.Add("/due", "is in the past")
		}
		return &checked{in.Value}, bad.Err()
	})
	app.Post("/typed", func(in restmachine.Body[newErrand]) errand { return in.Value.errand })
	app.Post("/checked", func(in *checked) errand { return in.errand })
	app.Put("/errand", func(in restmachine.Body[errand]) errand { return in.Value })
	restmachine.Override(app, clock(func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }))
	client := restmachinetest.NewClient(app)

	const old, wrong = `{"title":"a","due":"2020-01-02T00:00:00Z"}`, `{"due":"2020-01-02T00:00:00Z"}`
	client.Put("/errand").Body("application/json", old).Expect(t).Status(200)
	client.Put("/errand").Body("application/json", `{"title":"a"}`).Expect(t).Status(200).Body(`{"title":"a"}`)
	for path, mistakes := range map[string]int{"/typed": 2, "/checked": 1} {
		client.Post(path).Body("application/json", `{"title":"a"}`).Expect(t).Status(200)
		client.Post(path).Body("application/json", old).Expect(t).Status(422).Problem("/due: is in the past")
		resp := app.Execute(restmachine.Request{Method: "POST", Path: path, Body: []byte(wrong)})
		assert.Equal(t, mistakes, strings.Count(string(resp.Body), `"pointer"`), "%s: %s", path, resp.Body)
	}
}

// A file is a record of docs/negotiation.md and docs/conditional.md.
type file struct {
	Name    string
	Version int
}

func newFiles(version *int) *restmachine.App {
	app := restmachine.New()
	app.ResourceExists(func(path restmachine.PathParams) *file { return &file{path.Get("name"), *version} })
	app.GenerateETag(func(f *file) string { return strconv.Itoa(f.Version) })
	app.LastModified(func(f *file) time.Time { return time.Unix(1e9+int64(f.Version), 0) })
	app.CacheControl(func(*file) string { return "no-cache" })
	app.Location(func(f *file) string { return "/files/" + url.PathEscape(f.Name) })
	app.Get("/files/{name}", func(f *file) *file { return f })
	app.Put("/files/{name}", func(f *file) *file { *version++; return &file{f.Name, *version} })
	app.Delete("/files/{name}", func(*file) {})
	app.Post("/files/{name}", func(f *file) *file { return f })
	app.Post("/files", func(in restmachine.Body[file]) *restmachine.Reply[*file] { return restmachine.Created("", &in.Value) })
	return app
}

// TestALocationIsEscaped: docs/negotiation.md, "Escape the key in a Location".
func TestALocationIsEscaped(t *testing.T) {
	client := restmachinetest.NewClient(newFiles(new(int)))
	made := client.Post("/files").JSON(file{Name: "a/b 50%"}).Expect(t).Status(201)
	assert.Equal(t, "/files/a%2Fb%2050%25", made.Location())
	client.Get(made.Location()).Expect(t).Status(200).Body(`{"Name":"a/b 50%","Version":0}`)
}

// TestWhichRepliesADescriptionReaches: the table of docs/facts.md.
func TestWhichRepliesADescriptionReaches(t *testing.T) {
	app := newFiles(new(int))
	for _, row := range []struct {
		method, path           string
		tag, location, caching bool
	}{
		{"GET", "/files/a", true, false, true},
		{"PUT", "/files/a", true, false, false},
		{"POST", "/files/a", false, false, false},
		{"POST", "/files", true, true, false},
	} {
		resp := app.Execute(restmachine.Request{Method: row.method, Path: row.path, Body: []byte(`{"Name":"a"}`)})
		require.Less(t, resp.StatusCode, 300, row)
		assert.Equal(t, row.tag, resp.Header.Get("ETag") != "", row)
		assert.Equal(t, row.tag, resp.Header.Get("Last-Modified") != "", row)
		assert.Equal(t, row.location, resp.Header.Get("Location") != "", row)
		assert.Equal(t, row.caching, resp.Header.Get("Cache-Control") != "", row)
	}
}

// TestATagIsDemanded: docs/conditional.md, "Refuse a stale write".
func TestATagIsDemanded(t *testing.T) {
	demanding := func(version *int) *restmachine.App {
		app := newFiles(version)
		files := app.Resource("/files/{name}")
		files.RequirePreconditions()
		files.Forbidden(func(f *file, m restmachine.Method, sent conditional.Preconditions) bool {
			noTag := sent.IfMatch.Star() || !sent.IfMatch.Present() && sent.IfUnmodifiedSince.Present()
			return noTag && !m.Safe()
		})
		return app
	}
	app := demanding(new(int))
	for _, row := range []struct {
		field, value string
		status       int
	}{
		{"Accept", "*/*", 428},
		{"If-Match", "*", 403},
		{"If-Unmodified-Since", "Fri, 01 Jan 2100 00:00:00 GMT", 403},
		{"If-Match", `"7"`, 412},
		{"If-None-Match", "*", 412},
		{"If-Match", `"0"`, 200},
	} {
		resp := app.Execute(restmachine.Request{Method: "PUT", Path: "/files/a", Header: http.Header{row.field: {row.value}}})
		assert.Equal(t, row.status, resp.StatusCode, row)
	}
	restmachinetest.CheckDocument(t, demanding(new(int)), restmachinetest.Document{Skip: []string{"POST /files"}})
}

// TestAMovedFactIsAskedAlone: the default of PreviouslyExisted in docs/facts-table.md.
func TestAMovedFactIsAskedAlone(t *testing.T) {
	app := restmachine.New()
	app.ResourceExists(func(restmachine.PathParams) *file { return nil })
	files := app.Resource("/files/{name}")
	files.MovedPermanently(func(path restmachine.PathParams) string {
		return map[string]string{"old": "/files/new"}[path.Get("name")]
	})
	files.Get(func(f *file) *file { return f })
	client := restmachinetest.NewClient(app)
	client.Get("/files/old").Expect(t).Status(301)
	client.Get("/files/other").Expect(t).Status(404)
}

// TestAStoreOfEachRequestIsEmpty: docs/injection.md, "Make a store in an OnStartup".
func TestAStoreOfEachRequestIsEmpty(t *testing.T) {
	type files = store.Store[string, file]
	for status, provide := range map[int]func(*restmachine.App, func() files){
		404: func(app *restmachine.App, fn func() files) { app.Dependency(fn) },
		200: func(app *restmachine.App, fn func() files) { app.OnStartup(fn) },
	} {
		app := restmachine.New()
		provide(app, func() files { return new(store.Memory[string, file]) })
		app.ResourceExists(func(ctx context.Context, path restmachine.PathParams, in files) (store.Record[string, file], bool, error) {
			return in.Get(ctx, path.Get("name"))
		})
		app.Location(func(r store.Record[string, file]) string { return "/files/" + r.Key })
		app.Provides("application/json", func(r store.Record[string, file]) file { return r.Value })
		app.Get("/files/{name}", func(r store.Record[string, file]) store.Record[string, file] { return r })
		app.Post("/files", func(ctx context.Context, in files) (*restmachine.Reply[store.Record[string, file]], error) {
			r, err := in.Put(ctx, "a", file{Name: "a"}, store.Absent())
			return restmachine.Created("", r), err
		})
		require.NoError(t, app.Validate())
		client := restmachinetest.NewClient(app)
		made := client.Post("/files").Expect(t).Status(201)
		client.Get(made.Location()).Expect(t).Status(status)
	}
}
