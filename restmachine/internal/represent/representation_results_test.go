// The table of what callbacks may return, each form with what it means. The forms that
// are refused are in the tests of package plan.

package represent_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// What callbacks return as an error, of which MapError names the first.
var (
	errLeak   = errors.New("leak")
	errBroken = errors.New("secret: broken")
)

// A resultRow is a fact in one of its forms, and what comes of it on /ship.
type resultRow struct {
	name   string
	say    func(app *restmachine.App)
	method string
	status int
	fields []string // of the response, name and value in turn
}

var (
	moored  = time.Date(2021, 2, 3, 4, 5, 6, 789e6, time.UTC)
	mooring = "Wed, 03 Feb 2021 04:05:06 GMT"
)

// A shipTag is a string of a type of its own.
type shipTag string

// exists shows what a ResourceExists provides to get.
func exists(fact, get restmachine.Func) func(*restmachine.App) {
	return func(app *restmachine.App) {
		app.ResourceExists(fact)
		app.Get("/ship", get)
	}
}

// said says something of a ship that is always there.
func said(say func(r *restmachine.Resource)) func(*restmachine.App) {
	return func(app *restmachine.App) {
		r := app.Get("/ship", func() string { return "a ship" }).Put(func() {})
		r.AutoETag(restmachine.Weak) // a PUT takes the lock
		say(r)
	}
}

func tag(fact restmachine.Func) func(*restmachine.App) {
	return func(app *restmachine.App) { app.Get("/ship", func() string { return "a ship" }).GenerateETag(fact) }
}

var resultRows = []resultRow{
	{"ResourceExists *T", exists(harness.LoadShip, func(s *harness.Ship) string { return s.Name }), "GET", 200, nil},
	{"ResourceExists nil *T, with an error result", exists(func() (*harness.Ship, error) { return nil, nil }, func(s *harness.Ship) string { return s.Name }), "GET", 404, nil},
	{"ResourceExists interface", exists(func() harness.Manager { return &harness.Boss{} }, func(harness.Manager) string { return "" }), "GET", 200, nil},
	{"ResourceExists nil interface", exists(func() harness.Manager { return nil }, func(harness.Manager) string { return "" }), "GET", 404, nil},
	{"ResourceExists typed nil in an interface", exists(func() harness.Manager { return (*harness.Boss)(nil) }, func(harness.Manager) string { return "" }), "GET", 404, nil},
	{"ResourceExists (T, true)", exists(func() (harness.Ship, bool) { return harness.Ship{}, true }, func(harness.Ship) string { return "" }), "GET", 200, nil},
	{"ResourceExists (T, false)", exists(func() (harness.Ship, bool, error) { return harness.Ship{}, false, nil }, func(harness.Ship) string { return "" }), "GET", 404, nil},
	{"ResourceExists false", said(func(r *restmachine.Resource) { r.ResourceExists(func() bool { return false }) }), "GET", 404, nil},
	{"ResourceExists true", said(func(r *restmachine.Resource) {
		r.ResourceExists(func() (bool, error) { return true, nil })
	}), "GET", 200, nil},

	{"GenerateETag string", tag(func() string { return "a" }), "GET", 200, []string{"ETag", `"a"`}},
	{"GenerateETag quoted", tag(func() string { return `"a"` }), "GET", 200, []string{"ETag", `"a"`}},
	{"GenerateETag weak", tag(func() string { return `W/"a"` }), "GET", 200, []string{"ETag", `W/"a"`}},
	{"GenerateETag ETag", tag(func() (restmachine.ETag, error) { return `"a"`, nil }), "GET", 200, []string{"ETag", `"a"`}},
	{"GenerateETag of a named string", tag(func() shipTag { return "a" }), "GET", 200, []string{"ETag", `"a"`}},
	{"GenerateETag none", tag(func() string { return "" }), "GET", 200, []string{"ETag", ""}},
	{"GenerateETag with a space", tag(func() string { return "a b" }), "GET", 500, []string{"ETag", ""}},
	{"GenerateETag with a quote inside", tag(func() string { return `a"b` }), "GET", 500, []string{"ETag", ""}},
	{"GenerateETag with a line break", tag(func() string { return "a\r\nX: y" }), "GET", 500, []string{"ETag", "", "X", ""}},

	{"LastModified", said(func(r *restmachine.Resource) { r.LastModified(func() time.Time { return moored }) }), "GET", 200, []string{"Last-Modified", mooring}},
	{"LastModified zero", said(func(r *restmachine.Resource) { r.LastModified(func() time.Time { return time.Time{} }) }), "GET", 200, []string{"Last-Modified", ""}},
	{"LastModified of the Unix epoch", said(func(r *restmachine.Resource) {
		r.LastModified(func() (time.Time, error) { return time.Unix(0, 0), nil })
	}), "GET", 200, []string{"Last-Modified", ""}},
	{"Expires", said(func(r *restmachine.Resource) { r.Expires(func() time.Time { return moored }) }), "GET", 200, []string{"Expires", mooring}},
	{"Expires zero", said(func(r *restmachine.Resource) { r.Expires(func() time.Time { return time.Unix(0, 0) }) }), "GET", 200, []string{"Expires", ""}},
	{"CacheControl", said(func(r *restmachine.Resource) { r.CacheControl(func() (string, error) { return "no-cache", nil }) }), "GET", 200, []string{"Cache-Control", "no-cache"}},
	{"CacheControl none", said(func(r *restmachine.Resource) { r.CacheControl(func() string { return "" }) }), "GET", 200, []string{"Cache-Control", ""}},
	{"Variances", said(func(r *restmachine.Resource) { r.Variances(func() []string { return []string{"x-a", "X-B"} }) }), "GET", 200, []string{"Vary", "X-A, X-B"}},
	{"LockKey", said(func(r *restmachine.Resource) { r.LockKey(func() (string, error) { return "", errBroken }) }), "PUT", 500, nil},

	{"FinishRequest", said(func(r *restmachine.Resource) {
		r.FinishRequest(func(resp *restmachine.Response) { resp.Header.Set("x-status", fmt.Sprint(resp.StatusCode)) })
	}), "GET", 200, []string{"X-Status", "200"}},
	{"FinishRequest of nothing", said(func(r *restmachine.Resource) { r.FinishRequest(func() {}) }), "GET", 200, nil},
	{"FinishRequest that fails", said(func(r *restmachine.Resource) { r.FinishRequest(func() error { return errBroken }) }), "GET", 500, nil},

	{"Authorized", said(func(r *restmachine.Resource) { r.Authorized(func() bool { return true }) }), "GET", 200, nil},
	{"Authorized false", said(func(r *restmachine.Resource) { r.Authorized(func() bool { return false }) }), "GET", 401, []string{"WWW-Authenticate", "Bearer"}},
	{"Authorized with a challenge", said(func(r *restmachine.Resource) {
		r.Authorized(func() (string, bool, error) { return `Basic realm="quay"`, false, nil })
	}), "GET", 401, []string{"WWW-Authenticate", `Basic realm="quay"`}},
	{"Authorized with an empty challenge", said(func(r *restmachine.Resource) { r.Authorized(func() (string, bool) { return "", false }) }),
		"GET", 401, []string{"WWW-Authenticate", "Bearer"}},
	{"Authorized with a challenge and true", said(func(r *restmachine.Resource) { r.Authorized(func() (string, bool) { return "Basic", true }) }),
		"GET", 200, []string{"WWW-Authenticate", ""}},
	{"Forbidden, with an error result", said(func(r *restmachine.Resource) { r.Forbidden(func() (bool, error) { return true, nil }) }), "GET", 403, nil},
}

func TestResults(t *testing.T) {
	for _, row := range resultRows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			row.say(p.App)
			p.Valid()
			resp := p.Expect(row.status, row.method, "/ship")
			for i := 0; i < len(row.fields); i += 2 {
				assert.Equal(t, row.fields[i+1], resp.Header.Get(row.fields[i]), row.fields[i])
			}
			if row.status == 500 {
				assert.NotEmpty(t, p.Log.String(), "a 500 is logged")
			}
		})
	}
}

// What is given as an entity, and what is sent.
func TestHandlerResults(t *testing.T) {
	var none *harness.Ship
	var nothing []harness.Ship
	var empty map[string]int
	for _, row := range []struct {
		name    string
		handler restmachine.Func
		status  int
		media   string
		body    string
	}{
		{"nothing", func() {}, 204, "", ""},
		{"an error that is nil", func() error { return nil }, 204, "", ""},
		{"a nil pointer", func() *harness.Ship { return none }, 204, "", ""},
		{"a nil interface", func() any { return nil }, 204, "", ""},
		{"a typed nil in an interface", func() any { return none }, 204, "", ""},
		{"a nil *Reply", func() *restmachine.Reply[any] { return nil }, 204, "", ""},
		{"NoContent", restmachine.NoContent[any], 204, "", ""},
		{"a nil slice", func() []harness.Ship { return nothing }, 200, "application/json", "[]"},
		{"a nil map", func() (map[string]int, error) { return empty, nil }, 200, "application/json", "{}"},
		{"a struct", func() harness.Cargo { return harness.Cargo{Tons: 3} }, 200, "application/json", `{"Tons":3}`},
		{"a string", func() string { return "<a>" }, 200, "text/plain; charset=utf-8", "<a>"},
		{"bytes", func() []byte { return []byte("a") }, 200, "application/octet-stream", "a"},
		{"a Reply with a status", func() *restmachine.Reply[any] { return restmachine.NewReply[any](203, "a") }, 203, "text/plain; charset=utf-8", "a"},
		{"a Reply of a status that is not final", func() *restmachine.Reply[any] { return restmachine.NewReply[any](102, "a") }, 500, "application/problem+json", ""},
		{"Accepted", func() *restmachine.Reply[any] { return restmachine.Accepted[any]("", "soon") }, 202, "text/plain; charset=utf-8", "soon"},
		{"SeeOther", func() (*restmachine.Reply[any], error) { return restmachine.SeeOther[any]("/there"), nil }, 303, "", ""},
	} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(method+" "+row.name, func(t *testing.T) {
				p := harness.NewPort(t)
				if method == "GET" {
					p.Get("/", row.handler)
				} else {
					p.Post("/", row.handler)
				}
				resp := p.Valid().Expect(row.status, method, "/")
				assert.Equal(t, row.media, resp.Header.Get("Content-Type"))
				if row.body != "" || row.status < 300 {
					assert.Equal(t, row.body, string(resp.Body))
				}
			})
		}
	}
}

// An error stops the graph, whoever returns it.
func TestErrorResults(t *testing.T) {
	for _, row := range []struct {
		name   string
		err    error
		status int
		shows  string
	}{
		{"a Problem", &restmachine.Problem{Status: 418, Detail: "tea"}, 418, "tea"},
		{"a Problem, wrapped", fmt.Errorf("secret: %w", &restmachine.Problem{Status: 402, Title: "Pay"}), 402, "Pay"},
		{"a Problem without a status", &restmachine.Problem{Detail: "own words"}, 500, "own words"},
		{"ErrNotFound", fmt.Errorf("secret: %w", restmachine.ErrNotFound), 404, ""},
		{"ErrGone", restmachine.ErrGone, 410, ""},
		{"MaxBytesError", &http.MaxBytesError{Limit: 7}, 413, "7"},
		{"what MapError names", fmt.Errorf("secret: %w", errLeak), 409, "leaking"},
		{"a cancelled context", fmt.Errorf("secret: %w", context.Canceled), 503, ""},
		{"any other", errors.New("secret"), 500, ""},
	} {
		for name, say := range map[string]func(r *restmachine.Resource, err error){
			"handler":        func(r *restmachine.Resource, err error) { r.Get(func() (string, error) { return "", err }) },
			"ResourceExists": func(r *restmachine.Resource, err error) { r.ResourceExists(func() (bool, error) { return true, err }) },
			"gate":           func(r *restmachine.Resource, err error) { r.Forbidden(func() (bool, error) { return false, err }) },
			"GenerateETag":   func(r *restmachine.Resource, err error) { r.GenerateETag(func() (string, error) { return "a", err }) },
			"CacheControl":   func(r *restmachine.Resource, err error) { r.CacheControl(func() (string, error) { return "a", err }) },
			"Provides": func(r *restmachine.Resource, err error) {
				r.Provides("text/plain", func(string) (string, error) { return "", err })
			},
			"FinishRequest": func(r *restmachine.Resource, err error) { r.FinishRequest(func() error { return err }) },
		} {
			t.Run(row.name+" from a "+name, func(t *testing.T) {
				p := harness.NewPort(t)
				p.MapError(errLeak, &restmachine.Problem{Status: 409, Detail: "leaking"})
				r := p.Resource("/ship")
				say(r, row.err)
				if name != "handler" {
					r.Get(func() string { return "a ship" })
				}
				resp := p.Valid().Expect(row.status, "GET", "/ship")
				assert.Contains(t, string(resp.Body), row.shows)
				assert.NotContains(t, string(resp.Body), "secret")
				if row.name == "any other" {
					assert.Contains(t, p.Log.String(), "secret")
				}
			})
		}
	}
}
