// The second rule's part on replies: which of them carry the validators of their
// entity, and what a Reply does to the status.

package plan_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A replyRow is a write, and what its answer carries. The GET of its path shows
// what get returns.
type replyRow struct {
	name, reason string
	get          restmachine.Func // nil: none
	method       string
	handler      restmachine.Func
	there        bool
	status       int
	tag          string
	location     string
	same         bool // Content-Location says that it is the representation
}

func sailed(version int) func() *harness.Ship {
	return func() *harness.Ship { return &harness.Ship{Name: "anna", Version: version} }
}

// A shipReply makes a Reply of a ship.
type shipReply = func(*harness.Ship) *restmachine.Reply[*harness.Ship]

func shipIn(reply shipReply, version int) func() *restmachine.Reply[*harness.Ship] {
	return func() *restmachine.Reply[*harness.Ship] { return reply(sailed(version)()) }
}

func createdHere(s *harness.Ship) *restmachine.Reply[*harness.Ship] {
	return restmachine.Created("", s)
}
func acceptedHere(s *harness.Ship) *restmachine.Reply[*harness.Ship] {
	return restmachine.Accepted("", s)
}
func withStatus(status int) shipReply {
	return func(s *harness.Ship) *restmachine.Reply[*harness.Ship] { return restmachine.NewReply(status, s) }
}

func listShips() []harness.Ship { return nil }

var replyRows = []replyRow{
	{"PUT returns what the GET returns", "a 200 to PUT carries the validators of the new state", harness.ShowShip, "PUT", sailed(2), true, 200, `"anna-2"`, "", true},
	{"PATCH returns what the GET returns", "so does one to PATCH", harness.ShowShip, "PATCH", sailed(2), true, 200, `"anna-2"`, "", true},
	{"PUT returns another type", "no foreign tag", viewShip, "PUT", sailed(2), true, 200, "", "", false},
	{"PUT replies with the entity", "a Reply of 200 is the same as returning it", harness.ShowShip, "PUT", shipIn(withStatus(200), 2), true, 200, `"anna-2"`, "", true},
	{"PUT replies 201 where it replaced", "the graph says 201 where it created, else 200", harness.ShowShip, "PUT", shipIn(createdHere, 2), true, 200, `"anna-2"`, "", true},
	{"PUT replies 204 where it created", "the graph says 201", harness.ShowShip, "PUT", restmachine.NoContent[*harness.Ship], false, 201, "", "", false},
	{"PUT returns nothing", "204 where it replaced", harness.ShowShip, "PUT", func() {}, true, 204, "", "", false},
	{"PUT creates", "a 201 carries the validators and the Location of its entity, and says that it is the representation", harness.ShowShip, "PUT", sailed(1), false, 201, `"anna-1"`, "/ships/anna", true},
	{"PUT creates, by a Reply", "so does a Reply", harness.ShowShip, "PUT", shipIn(createdHere, 1), false, 201, `"anna-1"`, "/ships/anna", true},
	{"PATCH creates", "so does a PATCH that creates what its path shows", harness.ShowShip, "PATCH", func(restmachine.Optional[*harness.Ship]) *harness.Ship { return makeShip() }, false, 201, `"anna-1"`, "/ships/anna", true},
	{"PATCH replies 201", "what it created may be elsewhere", harness.ShowShip, "PATCH", shipIn(createdHere, 1), true, 201, `"anna-1"`, "/ships/anna", false},
	{"PUT creates nothing that is shown", "a 201 without content describes nothing", harness.ShowShip, "PUT", func() {}, false, 201, "", "", false},
	{"PUT creates where the GET shows a view", "whatever the GET returns", viewShip, "PUT", sailed(1), false, 201, `"anna-1"`, "/ships/anna", false},
	{"PUT creates without a GET", "a 201 to a PUT needs no Location, and has one by the facts", nil, "PUT", func(restmachine.Optional[*harness.Ship]) *harness.Ship { return makeShip() }, false, 201, `"anna-1"`, "/ships/anna", false},
	{"PUT replies 202", "any other explicit status ends the walk, and carries none", harness.ShowShip, "PUT", shipIn(acceptedHere, 2), true, 202, "", "", false},
	{"PUT replies 409", "no validators on 4xx", harness.ShowShip, "PUT", shipIn(withStatus(409), 2), true, 409, "", "", false},
	{"POST creates in a list", "by the facts for its T, whatever the GET returns", listShips, "POST", shipIn(createdHere, 1), true, 201, `"anna-1"`, "/ships/anna", false},
	{"POST creates without a GET", "so does a path without one", nil, "POST", shipIn(createdHere, 1), true, 201, `"anna-1"`, "/ships/anna", false},
	{"POST creates what the path shows", "its own tag", harness.ShowShip, "POST", shipIn(createdHere, 7), true, 201, `"anna-7"`, "/ships/anna", false},
	{"POST says where", "a Location of its own is kept", listShips, "POST",
		func() *restmachine.Reply[*harness.Ship] { return restmachine.Created("/elsewhere", sailed(1)()) }, true, 201, `"anna-1"`, "/elsewhere", false},
	{"POST creates what no fact knows", "then the target URI names what was created", listShips, "POST",
		func() *restmachine.Reply[harness.Cargo] { return restmachine.Created("", harness.Cargo{}) }, true, 201, "", "", false},
	{"POST returns an entity", "201 only by Created; a 200 to POST carries no validators", harness.ShowShip, "POST", sailed(2), true, 200, "", "", false},
	{"POST sees another", "303", listShips, "POST", func() *restmachine.Reply[*harness.Ship] { return restmachine.SeeOther[*harness.Ship]("/ships/bert") }, true, 303, "", "/ships/bert", false},
	{"DELETE returns an entity", "no other reply does", harness.ShowShip, "DELETE", sailed(2), true, 200, "", "", false},
	{"DELETE replies 204", "the same as returning nothing", harness.ShowShip, "DELETE", restmachine.NoContent[*harness.Ship], true, 204, "", "", false},
}

func TestReplies(t *testing.T) {
	for _, row := range replyRows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			p.ResourceExists(func() *harness.Ship {
				if row.there {
					return &harness.Ship{Name: "anna", Version: 1}
				}
				return nil
			})
			p.GenerateETag(harness.TagOfShip)
			p.Location(func(s *harness.Ship) string { return "/ships/" + s.Name })
			p.Get("/used", harness.ShowShip)
			r := p.Resource("/path")
			if row.get != nil {
				r.Get(row.get)
			}
			write(r, row.method, row.handler)
			p.Valid()
			resp := p.Expect(row.status, row.method, "/path")
			assert.Equal(t, row.tag, resp.Header.Get("Etag"), row.reason)
			assert.Equal(t, row.location, resp.Header.Get("Location"), row.reason)
			if row.same {
				assert.Equal(t, "/path", resp.Header.Get("Content-Location"), row.reason)
			} else {
				assert.Empty(t, resp.Header.Get("Content-Location"), row.reason)
			}
		})
	}
}

// write gives r the handler of a method that is not GET.
func write(r *restmachine.Resource, method string, handler restmachine.Func) {
	switch method {
	case "PUT":
		r.Put(handler)
	case "PATCH":
		r.Patch(handler)
	case "DELETE":
		r.Delete(handler)
	case "POST":
		r.Post(handler)
	}
}

// A validator that takes no T would have to be asked again after a write: answers to writes do
// not carry it.
func TestUntypedValidators(t *testing.T) {
	saved := func(w func()) restmachine.Func { return func(s *harness.Ship) *harness.Ship { w(); return s } }
	for _, row := range []struct {
		method, reason string
		handler        func(write func()) restmachine.Func
		status         int
	}{
		{"PUT", "another process may have written again", saved, 200},
		{"PATCH", "another process may have written again", saved, 200},
		{"POST", "a 201 speaks of what was created, and the fact of the collection", func(w func()) restmachine.Func {
			return func() *restmachine.Reply[any] {
				w()
				return restmachine.Created[any]("/bert", &harness.Ship{Name: "bert", Version: 1})
			}
		}, 201},
		{"POST", "a 200 carries none", saved, 200},
		{"DELETE", "not used", saved, 200},
	} {
		t.Run(row.method+" "+row.reason, func(t *testing.T) {
			p, version := harness.NewPort(t), 1
			p.Dependency(func() *harness.Cargo { return &harness.Cargo{Tons: version} })
			p.ResourceExists(harness.LoadShip)
			p.GenerateETag(func(c *harness.Cargo) string { return fmt.Sprintf("v%d", c.Tons) })
			p.LastModified(func(c *harness.Cargo) time.Time { return time.Date(2020, 1, c.Tons, 0, 0, 0, 0, time.UTC) })
			r := p.Get("/ship", harness.ShowShip)
			write(r, row.method, row.handler(func() { version++ }))
			p.Valid()
			require.Equal(t, `"v1"`, p.Expect(200, "GET", "/ship").Header.Get("Etag"))
			p.Expect(412, row.method, "/ship", "If-Match", `"v2"`)
			resp := p.Expect(row.status, row.method, "/ship", "If-Match", `"v1"`)
			assert.Empty(t, resp.Header.Get("Etag"), row.reason)
			assert.Empty(t, resp.Header.Get("Last-Modified"), row.reason)
			assert.Equal(t, `"v2"`, p.Expect(200, "GET", "/ship").Header.Get("Etag"), "the client asks for it")
		})
	}
}

// An untyped validator of a collection does not hide that of what a POST
// creates in it.
func TestCreatedInATaggedCollection(t *testing.T) {
	p := harness.NewPort(t)
	p.ResourceExists(harness.LoadShip)
	p.GenerateETag(harness.TagOfShip)
	p.Location(func(s *harness.Ship) string { return "/ships/" + s.Name })
	p.Get("/ships/{ship}", harness.ShowShip)
	r := p.Get("/ships", listShips).Post(shipIn(createdHere, 3))
	r.GenerateETag(func() string { return "list" })
	p.Valid()
	assert.Equal(t, `"list"`, p.Expect(200, "GET", "/ships").Header.Get("Etag"))
	resp := p.Expect(201, "POST", "/ships", "If-Match", `"list"`)
	assert.Equal(t, `"anna-3"`, resp.Header.Get("Etag"))
	assert.Equal(t, "/ships/anna", resp.Header.Get("Location"))
}

// A moored is a transaction: a Dependency with a cleanup.
type moored struct{ tons int }

// The tag of a 200 to PUT or PATCH, and of a 201, is the one that the next GET carries. It is
// left out where the fact takes more than the very value that the handler returned and what
// does not change. Describe says so.
func TestReplyTagIsTheNextTag(t *testing.T) {
	of := func(tag restmachine.Func) func(harness.Port, *restmachine.Resource) {
		return func(_ harness.Port, r *restmachine.Resource) { r.GenerateETag(tag) }
	}
	for _, row := range []struct {
		name, omitted string // why Describe says that the tag is left out; "": it is sent
		say           func(p harness.Port, r *restmachine.Resource)
	}{
		{"of the returned value", "", of(func(v harness.ShipView) string { return v.Label })},
		{"of the returned value, for the App", "", func(p harness.Port, _ *restmachine.Resource) {
			p.GenerateETag(func(v harness.ShipView) string { return v.Label })
		}},
		{"beside what an OnStartup provides", "", func(p harness.Port, r *restmachine.Resource) {
			p.OnStartup(func() *harness.Crane { return &harness.Crane{} })
			r.GenerateETag(func(v harness.ShipView, _ *harness.Crane) string { return v.Label })
		}},
		{"beside what the request says", "", of(func(v harness.ShipView, r *http.Request, q restmachine.Query[struct {
			Deck string `query:"deck"`
		}], p restmachine.PathParams, _ context.Context, _ http.Header) string {
			return v.Label + r.Host + q.Value.Deck
		})},
		{"beside a transaction that the handler is given", "", of(func(v harness.ShipView, m *moored) string { return fmt.Sprint(v.Label, m.tons) })},
		{"of AutoETag", "", func(_ harness.Port, r *restmachine.Resource) { r.AutoETag(restmachine.Strong) }},
		{"beside a transaction that only the fact takes", "it takes the *plan_test.lateMoored of a Dependency", func(p harness.Port, r *restmachine.Resource) {
			p.Dependency(func() (*lateMoored, func(error) error) { return &lateMoored{}, nil })
			r.GenerateETag(func(v harness.ShipView, _ *lateMoored) string { return v.Label })
		}},
		{"beside a Dependency", "it takes the *harness.Cargo of a Dependency", func(p harness.Port, r *restmachine.Resource) {
			p.Dependency(func() *harness.Cargo { return &harness.Cargo{} })
			r.GenerateETag(func(v harness.ShipView, c *harness.Cargo) string { return fmt.Sprint(v.Label, c.Tons) })
		}},
		{"of the loaded value", "it takes the loaded *harness.Ship", of(harness.TagOfShip)},
		{"of both", "it takes the loaded *harness.Ship", of(func(v harness.ShipView, s *harness.Ship) string { return v.Label + s.Tag() })},
		{"of both, if it is there", "it takes the loaded *harness.Ship", of(func(v harness.ShipView, s restmachine.Optional[*harness.Ship]) string {
			return fmt.Sprint(v.Label, s.OK && s.Value.Version > 1)
		})},
		{"of a Dependency", "it does not take a value", func(p harness.Port, r *restmachine.Resource) {
			p.Dependency(func(s *harness.Ship) *harness.Cargo { return &harness.Cargo{Tons: s.Version} })
			r.GenerateETag(func(c *harness.Cargo) string { return string(rune('a' + c.Tons)) })
		}},
	} {
		for _, method := range []string{"PUT", "PATCH"} {
			t.Run(row.name+" "+method, func(t *testing.T) {
				p, anna := harness.NewPort(t), &harness.Ship{Name: "anna", Version: 1}
				p.Dependency(func() (*moored, func(error) error) { return &moored{}, nil })
				p.ResourceExists(func() *harness.Ship { s := *anna; return &s })
				r := p.Get("/ship", func(s *harness.Ship) harness.ShipView {
					return harness.ShipView{Label: fmt.Sprintf("v%d", s.Version)}
				})
				write(r, method, func(s *harness.Ship, _ *moored) harness.ShipView {
					anna = &harness.Ship{Name: "anna", Version: s.Version + 1}
					return harness.ShipView{Label: fmt.Sprintf("v%d", anna.Version)}
				})
				row.say(p, r)
				p.Valid()
				before := p.Expect(200, "GET", "/ship").Header.Get("Etag")
				require.NotEmpty(t, before)
				resp := p.Expect(200, method, "/ship", "If-Match", before)
				put, after := resp.Header.Get("Etag"), p.Expect(200, "GET", "/ship").Header.Get("Etag")
				assert.NotEqual(t, before, after)
				assert.Equal(t, "/ship", resp.Header.Get("Content-Location"))
				p.Expect(412, method, "/ship", "If-Match", before)
				if row.omitted == "" {
					assert.Equal(t, after, put)
					assert.NotContains(t, p.Describe(), "not in answers")
				} else {
					assert.Empty(t, put)
					assert.Contains(t, p.Describe(), "; not in answers to "+method+", since "+row.omitted+"\n")
				}
			})
		}
	}
}

type lateMoored struct{}

// A handler that declares any may return what the path shows. Then the tags of that are left
// out as they would be of a declared type, also where no fact takes the type.
func TestReplyOfAnyLeavesOutWhatIsAskedLater(t *testing.T) {
	show := func(s *harness.Ship) harness.ShipView { return harness.ShipView{Label: s.Tag()} }
	for _, method := range []string{"PUT", "PATCH"} {
		for name, handler := range map[string]func(w func()) restmachine.Func{
			"a Reply of any": func(w func()) restmachine.Func {
				return func(s *harness.Ship) *restmachine.Reply[any] { w(); return restmachine.NewReply[any](200, show(s)) }
			},
			"any": func(w func()) restmachine.Func {
				return func(s *harness.Ship) any { w(); return show(s) }
			},
		} {
			t.Run(method+" "+name, func(t *testing.T) {
				p, version := harness.NewPort(t), 1
				p.ResourceExists(func() *harness.Ship { return &harness.Ship{Name: "anna", Version: version} })
				r := p.Get("/ship", show)
				r.GenerateETag(harness.TagOfShip)
				r.LastModified(func(s *harness.Ship) time.Time { return time.Unix(int64(s.Version), 0) })
				write(r, method, handler(func() { version++ }))
				p.Valid()
				resp := p.Expect(200, method, "/ship", "If-Match", p.Expect(200, "GET", "/ship").Header.Get("Etag"))
				assert.Empty(t, resp.Header.Get("Etag"))
				assert.Empty(t, resp.Header.Get("Last-Modified"))
				assert.Contains(t, p.Describe(), "not in answers to "+method+", since it takes the loaded *harness.Ship")
			})
		}
	}
}

// What is left out of an answer does not keep a handler from saying it.
func TestReplyBringsItsOwnTag(t *testing.T) {
	for _, status := range []int{200, 201} {
		p := harness.NewPort(t)
		p.ResourceExists(func() *harness.Ship {
			if status == 201 {
				return nil
			}
			return makeShip()
		})
		r := p.Get("/ship", harness.ShowShip).Put(func() *restmachine.Reply[*harness.Ship] {
			return &restmachine.Reply[*harness.Ship]{Entity: makeShip(), Header: http.Header{
				"Etag": {"own"}, "Last-Modified": {"Wed, 01 Jan 2020 00:00:00 GMT"}}}
		})
		r.GenerateETag(func() string { return "of the path" })
		r.LastModified(func() time.Time { return time.Unix(1, 0) })
		p.Valid()
		resp := p.Expect(status, "PUT", "/ship")
		assert.Equal(t, `"own"`, resp.Header.Get("Etag"))
		assert.Equal(t, "Wed, 01 Jan 2020 00:00:00 GMT", resp.Header.Get("Last-Modified"))
		assert.Equal(t, "/ship", resp.Header.Get("Content-Location"))
	}
}

// A 201 leaves out the validators that would have to be asked after the write, too.
func TestCreatedLeavesOutWhatIsAskedLater(t *testing.T) {
	for _, method := range []string{"PUT", "POST"} {
		p := harness.NewPort(t)
		p.Dependency(func() *harness.Cargo { return &harness.Cargo{} })
		p.GenerateETag(func(s *harness.Ship, _ *harness.Cargo) string { return s.Tag() })
		p.LastModified(func(s *harness.Ship) time.Time { return time.Unix(int64(s.Version), 0) })
		p.Location(func(s *harness.Ship, _ *harness.Cargo) string { return "/ships/" + s.Name })
		p.ResourceExists(func() *harness.Ship { return nil })
		p.Get("/used", harness.ShowShip)
		r := p.Resource("/ship")
		if method == "PUT" {
			r.Get(harness.ShowShip).Put(sailed(1))
		} else {
			r.Post(shipIn(createdHere, 1))
		}
		p.Valid()
		resp := p.Expect(201, method, "/ship")
		assert.Empty(t, resp.Header.Get("Etag"), method)
		assert.Equal(t, "Thu, 01 Jan 1970 00:00:01 GMT", resp.Header.Get("Last-Modified"), "the date takes the value alone")
		assert.Equal(t, "/ships/anna", resp.Header.Get("Location"), "where it lives is no validator")
		assert.Contains(t, p.Describe(), "not in answers to "+method+", since it takes the *harness.Cargo of a Dependency")
	}
}

// A Reply's status is the handler's own: of a 206 the parts are, too, and what must
// come with a 401 or a 405 does (RFC 9110, 15.5.2 and 15.5.6).
func TestReplyStatusesOfTheHandler(t *testing.T) {
	p := harness.NewPort(t)
	p.Get("/part", func() *restmachine.Reply[any] {
		return &restmachine.Reply[any]{Status: 206, Entity: []byte("abc"), Header: http.Header{"Content-Range": {"bytes 0-2/10"}}}
	})
	p.Get("/secret", func() *restmachine.Reply[any] { return restmachine.NewReply[any](401, "who are you?") })
	p.Get("/closed", func() *restmachine.Reply[any] { return restmachine.NewReply[any](405, "not now") })
	p.Valid()
	part := p.Expect(206, "GET", "/part", "Range", "bytes=0-2")
	assert.Equal(t, "abc", string(part.Body))
	assert.Equal(t, "3", part.Header.Get("Content-Length"))
	assert.Equal(t, "application/octet-stream", part.Header.Get("Content-Type"))
	assert.Equal(t, "Bearer", p.Expect(401, "GET", "/secret").Header.Get("Www-Authenticate"))
	assert.Equal(t, "OPTIONS", p.Expect(405, "GET", "/closed").Header.Get("Allow"))
}

// A Reply's own fields are kept, and its explicit status ends the walk.
func TestReplyFields(t *testing.T) {
	p := harness.NewPort(t)
	p.GenerateETag(harness.TagOfShip)
	p.Get("/ship", func() *restmachine.Reply[any] {
		return &restmachine.Reply[any]{Status: 203, Entity: makeShip(), Header: http.Header{
			"etag": {`"own"`}, "x-flag": {"red", "white"}}}
	})
	p.Valid()
	resp := p.Expect(203, "GET", "/ship")
	assert.Equal(t, `"own"`, resp.Header.Get("Etag"))
	assert.Equal(t, []string{"red", "white"}, resp.Header.Values("X-Flag"))
}
