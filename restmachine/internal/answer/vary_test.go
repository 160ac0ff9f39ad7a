// Vary names what callbacks read on the way of a GET, so that no cache gives an answer to
// somebody for whom it would be another one (RFC 9110, 12.5.5).

package answer_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

type (
	tenantOf struct {
		Name string `header:"x-tenant"`
	}
	sessionOf struct {
		ID string `cookie:"session"`
	}
	traceOf struct {
		ID    string `header:"X-Request-Id" vary:"-"`
		Token string `header:"Authorization"`
		Seen  string `cookie:"seen" vary:"-"`
	}
	language string
)

// varied are Apps with a GET of /, and what its answer has in Vary.
var varied = []struct {
	name  string
	want  string
	build func(app *restmachine.App)
}{
	{"nothing is read", "", func(app *restmachine.App) {
		app.Get("/", func(http.Header, restmachine.Query[struct {
			A string `query:"a"`
		}]) string {
			return ""
		})
	}},
	{"the handler reads", "X-Tenant", func(app *restmachine.App) {
		app.Get("/", func(restmachine.Header[tenantOf]) string { return "" })
	}},
	{"cookies", "Cookie", func(app *restmachine.App) {
		app.Get("/", func(restmachine.Cookie[sessionOf]) string { return "" })
	}},
	{"what chooses nothing, and what no cache shares", "", func(app *restmachine.App) {
		app.Get("/", func(restmachine.Header[traceOf], restmachine.Cookie[struct {
			Seen string `cookie:"seen" vary:"-"`
		}]) string {
			return ""
		})
	}},
	{"a Dependency of a Dependency", "X-Tenant", func(app *restmachine.App) {
		app.Dependency(func(in restmachine.Header[tenantOf]) language { return language(in.Value.Name) })
		app.Dependency(func(l language) *harness.Cargo { return &harness.Cargo{} })
		app.Get("/", func(*harness.Cargo) string { return "" })
	}},
	{"a Dependency that nobody asks for", "", func(app *restmachine.App) {
		app.Dependency(func(in restmachine.Header[tenantOf]) language { return language(in.Value.Name) })
		app.Get("/", func() string { return "" })
	}},
	{"a load, and a tag", "Cookie, X-Tenant", func(app *restmachine.App) {
		app.ResourceExists(func(restmachine.Header[tenantOf]) *harness.Ship { return &harness.Ship{} })
		app.GenerateETag(func(*harness.Ship, restmachine.Cookie[sessionOf]) string { return "1" })
		app.Get("/", harness.ShowShip)
	}},
	{"a gate", "X-Tenant", func(app *restmachine.App) {
		app.Forbidden(func(restmachine.Header[tenantOf]) bool { return false })
		app.Get("/", func() string { return "" })
	}},
	{"a gate of writes", "", func(app *restmachine.App) {
		app.Get("/", func() string { return "" }).Put(func() {}).IsConflict(func(restmachine.Header[tenantOf]) bool { return false })
	}},
	{"a write", "", func(app *restmachine.App) {
		app.Get("/", func() string { return "" }).Put(func(restmachine.Header[tenantOf]) {})
	}},
	{"a renderer", "Accept, X-Tenant", func(app *restmachine.App) {
		app.Provides("text/plain", func(*harness.Ship, restmachine.Header[tenantOf]) string { return "" })
		app.Provides("text/html", func(*harness.Ship) string { return "" })
		app.Get("/", func() *harness.Ship { return &harness.Ship{} })
	}},
	{"a renderer of an interface", "Cookie", func(app *restmachine.App) {
		app.Provides("application/json", func(any, restmachine.Cookie[sessionOf]) string { return "" })
		app.Get("/", func() *harness.Ship { return &harness.Ship{} })
	}},
	{"a hook", "X-Tenant", func(app *restmachine.App) {
		app.FinishRequest(func(restmachine.Header[tenantOf]) {})
		app.Get("/", func() string { return "" })
	}},
	{"beside Variances and a Reply", "X-Plan, X-Tenant", func(app *restmachine.App) {
		app.Variances(func() []string { return []string{"X-Tenant"} })
		app.Get("/", func(restmachine.Header[tenantOf]) *restmachine.Reply[string] {
			r := restmachine.NewReply(200, "x")
			r.Header = http.Header{"Vary": {"x-plan"}}
			return r
		})
	}},
}

func TestVaryOfWhatIsRead(t *testing.T) {
	for _, row := range varied {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			row.build(p.App)
			p.Valid()
			for _, method := range []string{"GET", "HEAD"} {
				resp := p.Expect(200, method, "/")
				assert.Equal(t, row.want, resp.Header.Get("Vary"), method)
			}
			tagged := harness.NewPort(t)
			row.build(tagged.App)
			tagged.AutoETag(restmachine.Strong)
			shown := tagged.Expect(200, "GET", "/")
			unchanged := tagged.Expect(304, "GET", "/", "If-None-Match", shown.Header.Get("ETag"))
			assert.Equal(t, row.want, unchanged.Header.Get("Vary"), "304")
			operations, err := p.Operations()
			assert.NoError(t, err)
			for _, o := range operations {
				if o.Method == "GET" && row.name != "beside Variances and a Reply" {
					assert.Equal(t, row.want, strings.Join(o.Vary, ", "), "Operations")
				}
			}
		})
	}
}

// TestVaryOfAGetThatIsDecidedEarly: the short way of a GET by its tag has it, too, and so has
// a QUERY.
func TestVaryOfAGetThatIsDecidedEarly(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(func(restmachine.Header[tenantOf]) *harness.Ship { return harness.LoadShip() })
	p.GenerateETag(harness.TagOfShip)
	p.Get("/", harness.ShowShip).HandleSafe("QUERY", func() string { return "" })
	p.Resource("/query").HandleSafe("QUERY", func(restmachine.Cookie[sessionOf]) string { return "" })
	assert.Equal(t, "X-Tenant", p.Expect(304, "GET", "/", "If-None-Match", `"anna-1"`).Header.Get("Vary"))
	assert.Equal(t, "X-Tenant", p.Expect(304, "HEAD", "/", "If-None-Match", `"anna-1"`).Header.Get("Vary"))
	assert.Equal(t, "Cookie", p.Expect(200, "QUERY", "/query").Header.Get("Vary"))
}

// TestVaryOfWhatACacheMayKeep: a redirect has it, and an error that may be stored. One that may
// not needs none.
func TestVaryOfWhatACacheMayKeep(t *testing.T) {
	errKept := errors.New("kept")
	p := harness.NewPort(t)
	p.MapError(errKept, &restmachine.Problem{Status: 404, Header: http.Header{"Cache-Control": {"max-age=60"}}})
	p.MapError(http.ErrNoLocation, &restmachine.Problem{Status: 303, Header: http.Header{"Location": {"/b"}}})
	p.Get("/kept", func(restmachine.Header[tenantOf]) (string, error) { return "", errKept })
	p.Get("/problem", func(restmachine.Header[tenantOf]) (string, error) { return "", http.ErrNoLocation })
	p.Get("/missing", func(restmachine.Header[tenantOf]) (string, error) { return "", restmachine.ErrNotFound })
	moved := p.Get("/moved", func() string { return "" })
	moved.ResourceExists(func() bool { return false })
	moved.MovedPermanently(func(in restmachine.Header[tenantOf]) string { return "/" + in.Value.Name })
	p.Valid()
	kept := p.Expect(404, "GET", "/kept")
	assert.Equal(t, "max-age=60", kept.Header.Get("Cache-Control"))
	assert.Equal(t, "Accept, X-Tenant", kept.Header.Get("Vary"))
	assert.Equal(t, "X-Tenant", p.Expect(303, "GET", "/problem").Header.Get("Vary"))
	to := p.Expect(301, "GET", "/moved", "X-Tenant", "venus")
	assert.Equal(t, []string{"/venus", "X-Tenant"}, []string{to.Header.Get("Location"), to.Header.Get("Vary")})
	assert.Equal(t, "Accept", p.Expect(404, "GET", "/missing").Header.Get("Vary"), "it says no-store")
}
