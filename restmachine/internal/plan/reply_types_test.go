// A Reply[T] says at start what its entity is: facts, offers and faults are those of a
// handler that returns a T.

package plan_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A boxed is not a Reply, though it has the methods of one.
type boxed struct{ *restmachine.Reply[string] }

type boxedByValue struct{ restmachine.Reply[string] }

func (boxed) MarshalText() ([]byte, error)        { return []byte("boxed"), nil }
func (boxedByValue) MarshalText() ([]byte, error) { return []byte("boxed"), nil }

// TestReplyHasTheTypeOfItsEntity: what a typed Reply becomes, beside what the entity
// itself becomes.
func TestReplyHasTheTypeOfItsEntity(t *testing.T) {
	var nobody *harness.Ship
	rows := []struct {
		name    string
		handler restmachine.Func
		status  int
		tag     string
		content string
	}{
		{"a loaded T", func(s *harness.Ship) *restmachine.Reply[*harness.Ship] { return restmachine.NewReply(200, s) }, 200, `"anna-1"`, `{"Name":"anna","Version":1}`},
		{"status 0", func(s *harness.Ship) *restmachine.Reply[*harness.Ship] {
			return &restmachine.Reply[*harness.Ship]{Entity: s}
		}, 200, `"anna-1"`, `{"Name":"anna","Version":1}`},
		{"a view, which the tag is not of", func(s *harness.Ship) *restmachine.Reply[harness.ShipView] {
			return restmachine.NewReply(200, harness.ShipView{Label: s.Name})
		}, 200, "", `{"Label":"anna"}`},
		{"any of a T", func(s *harness.Ship) *restmachine.Reply[any] { return restmachine.NewReply[any](200, s) }, 200, `"anna-1"`, `{"Name":"anna","Version":1}`},
		{"a nil T", func() *restmachine.Reply[*harness.Ship] { return restmachine.NewReply(0, nobody) }, 204, "", ""},
		{"any of a nil T", func() *restmachine.Reply[any] { return restmachine.NewReply[any](0, nobody) }, 204, "", ""},
		{"a nil slice", func() *restmachine.Reply[[]int] { return restmachine.NewReply[[]int](200, nil) }, 200, "", "[]"},
		{"a zero struct", func() *restmachine.Reply[harness.ShipView] {
			return restmachine.NewReply(200, harness.ShipView{})
		}, 200, "", `{"Label":""}`},
		{"no content of a struct", restmachine.NoContent[harness.ShipView], 204, "", ""},
		{"a redirect of a struct", func() *restmachine.Reply[harness.ShipView] {
			return restmachine.SeeOther[harness.ShipView]("/there")
		}, 303, "", ""},
		{"a redirect that says more", func() *restmachine.Reply[string] { return restmachine.NewReply(300, "choose") }, 300, "", "choose"},
		{"a nil Reply", func() *restmachine.Reply[int] { return nil }, 204, "", ""},
		{"a struct around a Reply", func() boxed { return boxed{restmachine.NewReply(418, "x")} }, 200, "", `"boxed"`},
		{"a struct around a Reply, in an any", func() any { return boxed{restmachine.NewReply(418, "x")} }, 200, "", `"boxed"`},
		{"a struct around a Reply by value, in an any", func() any { return boxedByValue{} }, 200, "", `"boxed"`},
		{"a nil pointer to such a struct", func() any { return (*boxed)(nil) }, 404, "", ""},
		{"a Reply in an any", func() any { return restmachine.NewReply(203, "x") }, 203, "", "x"},
		{"a Reply by value in an any", func() any { return *restmachine.NewReply(203, "x") }, 203, "", "x"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			p.ResourceExists(func() *harness.Ship { return &harness.Ship{Name: "anna", Version: 1} })
			p.Get("/used", harness.ShowShip)
			p.GenerateETag(harness.TagOfShip)
			p.Get("/path", row.handler)
			p.Valid()
			resp := p.Expect(row.status, "GET", "/path")
			assert.Equal(t, row.tag, resp.Header.Get("Etag"))
			if row.status < 400 {
				assert.Equal(t, row.content, string(resp.Body))
			}
			if row.tag != "" {
				p.Expect(304, "GET", "/path", "If-None-Match", row.tag)
				p.Expect(412, "GET", "/path", "If-Match", `"another"`)
			}
		})
	}
}

// TestReplyNegotiates: the offers of a typed Reply are known before it runs, so that the
// GET of a missing type is a 406 with all of them, and a write carries no tag of another.
func TestReplyNegotiates(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(func() *harness.Ship { return &harness.Ship{Name: "anna", Version: 1} })
	p.Provides("application/json", func(s *harness.Ship) string { return `"` + s.Name + `"` })
	p.Provides("text/plain", func(s *harness.Ship) string { return s.Name })
	r := p.Get("/ship", func(s *harness.Ship) *restmachine.Reply[*harness.Ship] {
		return &restmachine.Reply[*harness.Ship]{Entity: s, Header: http.Header{"X-Own": {"1"}}}
	})
	r.GenerateETag(harness.TagOfShip)
	r.Put(func(s *harness.Ship) *harness.Ship { return &harness.Ship{Name: "anna", Version: s.Version + 1} })
	p.Valid()
	resp := p.Expect(200, "GET", "/ship", "Accept", "text/plain")
	assert.Equal(t, "anna", string(resp.Body))
	assert.Equal(t, `"anna-1;text/plain"`, resp.Header.Get("Etag"))
	assert.Equal(t, "1", resp.Header.Get("X-Own"))
	assert.Equal(t, "Accept", resp.Header.Get("Vary"))
	p.Expect(406, "GET", "/ship", "Accept", "image/png")
	p.Expect(412, "PUT", "/ship", "If-Match", `"anna-7"`)
	assert.Equal(t, `"anna-2"`, p.Expect(200, "PUT", "/ship", "If-Match", `"anna-1"`).Header.Get("Etag"))
	assert.Contains(t, p.Describe(), "returns *harness.Ship in a Reply")
}

// TestReplyBringsItsOwnValidators: a GET by a typed Reply may set its own tag, which guards
// the writes of its path though no fact gives one.
func TestReplyBringsItsOwnValidators(t *testing.T) {
	p := harness.NewPort(t)
	r := p.Get("/ship", func() *restmachine.Reply[string] {
		return &restmachine.Reply[string]{Entity: "anna", Header: http.Header{"ETag": {`"own"`}}}
	})
	r.Put(func() string { return "bert" })
	p.Valid()
	p.Expect(304, "GET", "/ship", "If-None-Match", `"own"`)
	p.Expect(412, "PUT", "/ship", "If-Match", `"another"`)
	p.Expect(200, "PUT", "/ship", "If-Match", `"own"`)
}

// TestReplyIsNotWhatItWasGiven: a GET of the form func(T) T returns what it was given; one
// that replies may say another thing of it, so it runs before preconditions are compared.
func TestReplyIsNotWhatItWasGiven(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(func() *harness.Ship { return &harness.Ship{Name: "anna", Version: 1} })
	p.GenerateETag(harness.TagOfShip)
	p.Get("/own", func(s *harness.Ship) *restmachine.Reply[*harness.Ship] {
		return &restmachine.Reply[*harness.Ship]{Entity: s, Header: http.Header{"ETag": {`"own"`}}}
	})
	p.Get("/sunk", func(s *harness.Ship) *restmachine.Reply[*harness.Ship] { return restmachine.NewReply(410, s) })
	p.Valid()
	p.Expect(304, "GET", "/own", "If-None-Match", `"own"`)
	p.Expect(200, "GET", "/own", "If-None-Match", `"anna-1"`)
	p.Expect(410, "GET", "/sunk", "If-None-Match", `"anna-1"`)
}

// TestReplyFaults: what could never hold is found at start, as it is without a Reply.
func TestReplyFaults(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(func() *harness.Ship { return nil })
	p.GenerateETag(harness.TagOfShip)
	p.Get("/used", harness.ShowShip)
	p.Get("/ship", func(s *harness.Ship) *restmachine.Reply[harness.Ship] { return restmachine.NewReply(200, *s) })
	err := p.Validate()
	if assert.Error(t, err) {
		assert.Contains(t, err.Error(), "a fact for *harness.Ship does not hold for the harness.Ship that a handler returns")
	}
}

// TestMissingLocationIsReported: a POST that may answer 201 for a T that no Location fact is
// for says so at start. Nothing is refused for it.
func TestMissingLocationIsReported(t *testing.T) {
	report := "POST /path replies with a harness.Cargo, for which there is no Location fact"
	created := func() *restmachine.Reply[harness.Cargo] { return restmachine.Created("", harness.Cargo{Tons: 1}) }
	where := func(harness.Cargo) string { return "/cargo" }
	rows := []struct {
		name    string
		method  string
		handler restmachine.Func
		say     func(p harness.Port, r *restmachine.Resource)
		reports bool
	}{
		{"no fact", "POST", created, nil, true},
		{"a fact of the App", "POST", created, func(p harness.Port, _ *restmachine.Resource) {
			p.Get("/cargo", func() harness.Cargo { return harness.Cargo{} })
			p.Location(where)
		}, false},
		{"a fact of the Resource", "POST", created, func(p harness.Port, r *restmachine.Resource) {
			p.Get("/cargo", func() harness.Cargo { return harness.Cargo{} })
			r.Location(where)
		}, false},
		{"a fact that takes no value speaks of the path", "POST", created, func(_ harness.Port, r *restmachine.Resource) {
			r.Get(func() string { return "x" })
			r.Location(func() string { return "/path" })
		}, true},
		{"its type is not known", "POST", func() *restmachine.Reply[any] { return restmachine.Created[any]("", harness.Cargo{}) }, nil, false},
		{"a text is not a resource", "POST", func() *restmachine.Reply[string] { return restmachine.Accepted("", "soon") }, nil, false},
		{"an entity of its own is never a 201", "POST", func() harness.Cargo { return harness.Cargo{} }, nil, false},
		{"a PUT creates its target URI", "PUT", created, nil, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			r := p.Resource("/path")
			write(r, row.method, row.handler)
			if row.say != nil {
				row.say(p, r)
			}
			p.Valid()
			assert.Equal(t, row.reports, strings.Contains(p.Describe(), report), p.Describe())
		})
	}
}
