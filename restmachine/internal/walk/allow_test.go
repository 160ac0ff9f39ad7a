// The field Allow where MethodAllowed facts refuse: on a 405 it lists what they allow to this
// very request, on an OPTIONS what they allow by the method alone (RFC 9110, 10.2.1, 15.5.6).

package walk_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// allowedTo is what a client in a role may do.
func allowedTo(role string, m restmachine.Method) bool {
	return m.Safe() || role == "admin" || role == "writer" && m != "DELETE"
}

// A granted says by whom methods are allowed: however a MethodAllowed learns of the method, it
// is told the one that it is asked about.
type granted struct {
	name string
	say  func(app *restmachine.App)
}

var grants = []granted{
	{"by Method", func(app *restmachine.App) {
		app.MethodAllowed(func(m restmachine.Method, h http.Header) bool { return allowedTo(h.Get("Role"), m) })
	}},
	{"by *http.Request", func(app *restmachine.App) {
		app.MethodAllowed(func(r *http.Request) bool { return allowedTo(r.Header.Get("Role"), restmachine.Method(r.Method)) })
	}},
	{"by a Dependency of the method", func(app *restmachine.App) {
		app.Dependency(func(m restmachine.Method, h http.Header) bool { return allowedTo(h.Get("Role"), m) })
		app.MethodAllowed(func(may bool) bool { return may })
	}},
	{"by a Dependency of a Dependency of the request", func(app *restmachine.App) {
		type verb string
		app.Dependency(func(r *http.Request) verb { return verb(r.Method) })
		app.Dependency(func(v verb, h http.Header) bool { return allowedTo(h.Get("Role"), restmachine.Method(v)) })
		app.MethodAllowed(func(may bool) bool { return may })
	}},
	{"by two gates", func(app *restmachine.App) {
		app.MethodAllowed(func(m restmachine.Method, h http.Header) bool { return m != "DELETE" || h.Get("Role") == "admin" })
		app.MethodAllowed(func(m restmachine.Method, h http.Header) bool { return m == "DELETE" || allowedTo(h.Get("Role"), m) })
	}},
	{"by an error", func(app *restmachine.App) {
		app.MethodAllowed(func(m restmachine.Method, h http.Header) (bool, error) {
			if !allowedTo(h.Get("Role"), m) && m != "PUT" {
				return true, restmachine.ErrNotFound
			}
			return allowedTo(h.Get("Role"), m), nil
		})
	}},
}

func TestAllowListsWhatIsAllowed(t *testing.T) {
	for _, g := range grants {
		t.Run(g.name, func(t *testing.T) {
			p := harness.NewPort(t)
			g.say(p.App)
			p.Get("/ship", func(m restmachine.Method) string { return string(m) }).
				Put(func(m restmachine.Method) string { return string(m) }).Patch(func(restmachine.Body[harness.Cargo]) {}).Delete(func() {})
			p.Valid()
			for _, row := range []struct {
				status              int
				role, method, allow string
			}{
				{405, "guest", "PUT", "GET, HEAD, OPTIONS"},
				{405, "guest", "POST", "GET, HEAD, OPTIONS"}, // nobody handles it
				{405, "writer", "POST", "GET, HEAD, PATCH, PUT, OPTIONS"},
				{405, "admin", "POST", "DELETE, GET, HEAD, PATCH, PUT, OPTIONS"},
				{200, "guest", "OPTIONS", "DELETE, GET, HEAD, PATCH, PUT, OPTIONS"},
			} {
				resp := p.Expect(row.status, row.method, "/ship", "Role", row.role)
				assert.Equal(t, row.allow, resp.Header.Get("Allow"), "%s to a %s", row.method, row.role)
				w, r := httptest.NewRecorder(), httptest.NewRequest(row.method, "/ship", nil)
				r.Header.Set("Role", row.role)
				p.ServeHTTP(w, r)
				assert.Equal(t, row.allow, w.Header().Get("Allow"), "%s to a %s, by HTTP", row.method, row.role)
			}
			assert.Equal(t, "PUT", string(p.Expect(200, "PUT", "/ship", "Role", "writer").Body), "the handler has the request's own")
		})
	}
}

// A MethodAllowed that takes nothing but the method is asked for an OPTIONS, too.
func TestAllowOfOptions(t *testing.T) {
	p := harness.NewPort(t)
	asked := map[string]int{}
	p.MethodAllowed(func(m restmachine.Method) bool { asked[string(m)]++; return m.Safe() })
	p.MethodAllowed(func(http.Header) bool { return false })
	p.Get("/ship", func() string { return "" }).Put(func() {}).Patch(func(restmachine.Body[harness.Cargo]) {})
	p.Valid()
	resp := p.Expect(200, "OPTIONS", "/ship")
	assert.Equal(t, "GET, HEAD, OPTIONS", resp.Header.Get("Allow"))
	assert.Empty(t, resp.Header.Get("Accept-Patch"), "what is not allowed is not accepted")
	assert.Equal(t, map[string]int{"GET": 1, "HEAD": 1, "PUT": 1, "PATCH": 1}, asked, "once for each handled method")

	clear(asked)
	assert.Equal(t, "OPTIONS", p.Expect(405, "PUT", "/ship").Header.Get("Allow"))
	assert.Equal(t, map[string]int{"GET": 1, "HEAD": 1, "PUT": 1, "PATCH": 1}, asked, "once for each handled method")
}

// Accept-Patch stands where PATCH itself is allowed, and not a method whose name ends so.
func TestAcceptPatchOfOptions(t *testing.T) {
	for refused, patch := range map[string]string{"": "application/json", "PATCH": "", "DISPATCH": "application/json"} {
		p := harness.NewPort(t)
		p.MethodAllowed(func(m restmachine.Method) bool { return string(m) != refused })
		p.Patch("/ship", func(restmachine.Body[harness.Cargo]) {}).Handle("DISPATCH", func() {})
		p.Valid()
		assert.Equal(t, patch, p.Expect(200, "OPTIONS", "/ship").Header.Get("Accept-Patch"), "without %s", refused)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest("OPTIONS", "/ship", nil))
		assert.Equal(t, patch, w.Header().Get("Accept-Patch"), "without %s, by HTTP", refused)
	}
}

// A Dependency that is made from the method is made for each, and its cleanups run; one that is
// not is made once. Behind the question all is as it was.
func TestAllowMakesDependenciesAnew(t *testing.T) {
	p := harness.NewPort(t)
	type role string
	made, cleaned := map[string]int{}, 0
	p.Dependency(func(h http.Header) role { made["role"]++; return role(h.Get("Role")) })
	p.Dependency(func(m restmachine.Method, r role) (bool, func(error) error) {
		made[string(m)]++
		return allowedTo(string(r), m), func(error) error { cleaned++; return nil }
	})
	p.MethodAllowed(func(may bool) bool { return may })
	p.FinishRequest(func(may bool, r *restmachine.Response) {
		r.Header.Set("May", map[bool]string{true: "yes", false: "no"}[may])
	})
	p.Get("/ship", func() string { return "" }).Put(func() {})
	resp := p.Valid().Expect(405, "PUT", "/ship", "Role", "guest")
	assert.Equal(t, map[string]int{"role": 1, "GET": 1, "HEAD": 1, "PUT": 1}, made)
	assert.Equal(t, 3, cleaned)
	assert.Equal(t, "no", resp.Header.Get("May"), "it is of the request's method again")
}

// Where one of GET and HEAD is refused, the other may be allowed.
func TestAllowOfHeadAlone(t *testing.T) {
	p := harness.NewPort(t)
	p.MethodAllowed(func(m restmachine.Method) bool { return m != "HEAD" })
	p.Get("/ship", func() string { return "" })
	p.Valid()
	assert.Equal(t, "GET, OPTIONS", p.Expect(405, "HEAD", "/ship").Header.Get("Allow"))
	assert.Equal(t, "GET, OPTIONS", p.Expect(405, "PUT", "/ship").Header.Get("Allow"))
	assert.Equal(t, "GET, OPTIONS", p.Expect(200, "OPTIONS", "/ship").Header.Get("Allow"))
}

// A MethodAllowed that fails or panics for another method refuses that one alone, and the log
// says so. A 405 by an error, and one by a Reply, list what is allowed, too.
func TestAllowWhereAGateFails(t *testing.T) {
	p := harness.NewPort(t)
	p.MethodAllowed(func(m restmachine.Method) (bool, error) {
		switch m {
		case "DELETE":
			return true, errors.New("no such luck")
		case "PATCH":
			panic("no such method")
		}
		return m != "PUT", nil
	})
	p.Get("/ship", func() (string, error) { return "", &restmachine.Problem{Status: 405} }).
		Put(func() {}).Delete(func() {}).Patch(func() {}).
		Post(func() *restmachine.Reply[any] { return &restmachine.Reply[any]{Status: 405} })
	p.Valid()
	assert.Equal(t, "GET, HEAD, POST, OPTIONS", p.Expect(405, "PUT", "/ship").Header.Get("Allow"))
	assert.Contains(t, p.Log.String(), "no such luck")
	assert.Contains(t, p.Log.String(), "no such method")
	for _, method := range []string{"GET", "HEAD"} { // one handler
		assert.Equal(t, "POST, OPTIONS", p.Expect(405, method, "/ship").Header.Get("Allow"))
	}
	assert.Equal(t, "GET, HEAD, OPTIONS", p.Expect(405, "POST", "/ship").Header.Get("Allow"))
}
