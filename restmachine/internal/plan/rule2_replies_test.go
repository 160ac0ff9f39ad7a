// The second rule's part on replies: which of them carry the validators of their
// entity, and what a Reply does to the status.

package plan_test

import (
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

func shipIn(reply func(any) *restmachine.Reply, version int) func() *restmachine.Reply {
	return func() *restmachine.Reply { return reply(&harness.Ship{Name: "anna", Version: version}) }
}

func createdHere(v any) *restmachine.Reply { return restmachine.Created("", v) }
func withStatus(status int) func(any) *restmachine.Reply {
	return func(v any) *restmachine.Reply { return restmachine.NewReply(status, v) }
}

func listShips() []harness.Ship { return nil }

var replyRows = []replyRow{
	{"PUT returns what the GET returns", "a 200 to PUT carries the validators of the new state", harness.ShowShip, "PUT", sailed(2), true, 200, `"anna-2"`, "", true},
	{"PATCH returns what the GET returns", "so does one to PATCH", harness.ShowShip, "PATCH", sailed(2), true, 200, `"anna-2"`, "", true},
	{"PUT returns another type", "no foreign tag", viewShip, "PUT", sailed(2), true, 200, "", "", false},
	{"PUT replies with the entity", "a Reply of 200 is the same as returning it", harness.ShowShip, "PUT", shipIn(withStatus(200), 2), true, 200, `"anna-2"`, "", true},
	{"PUT replies 201 where it replaced", "the graph says 201 where it created, else 200", harness.ShowShip, "PUT", shipIn(createdHere, 2), true, 200, `"anna-2"`, "", true},
	{"PUT replies 204 where it created", "the graph says 201", harness.ShowShip, "PUT", restmachine.NoContent, false, 201, "", "", false},
	{"PUT returns nothing", "204 where it replaced", harness.ShowShip, "PUT", func() {}, true, 204, "", "", false},
	{"PUT creates", "a 201 carries the validators and the Location of its entity", harness.ShowShip, "PUT", sailed(1), false, 201, `"anna-1"`, "/ships/anna", false},
	{"PUT creates where the GET shows a view", "whatever the GET returns", viewShip, "PUT", sailed(1), false, 201, `"anna-1"`, "/ships/anna", false},
	{"PUT creates without a GET", "a 201 to a PUT needs no Location, and has one by the facts", nil, "PUT", func(restmachine.Optional[*harness.Ship]) *harness.Ship { return makeShip() }, false, 201, `"anna-1"`, "/ships/anna", false},
	{"PUT replies 202", "any other explicit status ends the walk, and carries none", harness.ShowShip, "PUT", shipIn(restmachine.Accepted, 2), true, 202, "", "", false},
	{"PUT replies 409", "no validators on 4xx", harness.ShowShip, "PUT", shipIn(withStatus(409), 2), true, 409, "", "", false},
	{"POST creates in a list", "by the facts for its T, whatever the GET returns", listShips, "POST", shipIn(createdHere, 1), true, 201, `"anna-1"`, "/ships/anna", false},
	{"POST creates without a GET", "so does a path without one", nil, "POST", shipIn(createdHere, 1), true, 201, `"anna-1"`, "/ships/anna", false},
	{"POST creates what the path shows", "its own tag", harness.ShowShip, "POST", shipIn(createdHere, 7), true, 201, `"anna-7"`, "/ships/anna", false},
	{"POST says where", "a Location of its own is kept", listShips, "POST",
		func() *restmachine.Reply {
			return restmachine.Created("/elsewhere", &harness.Ship{Name: "anna", Version: 1})
		}, true, 201, `"anna-1"`, "/elsewhere", false},
	{"POST creates what no fact knows", "a Created that no Location fact covers is a logged 500", listShips, "POST",
		func() *restmachine.Reply { return restmachine.Created("", harness.Cargo{}) }, true, 500, "", "", false},
	{"POST returns an entity", "201 only by Created; a 200 to POST carries no validators", harness.ShowShip, "POST", sailed(2), true, 200, "", "", false},
	{"POST sees another", "303", listShips, "POST", func() *restmachine.Reply { return restmachine.SeeOther("/ships/bert") }, true, 303, "", "/ships/bert", false},
	{"DELETE returns an entity", "no other reply does", harness.ShowShip, "DELETE", sailed(2), true, 200, "", "", false},
	{"DELETE replies 204", "the same as returning nothing", harness.ShowShip, "DELETE", restmachine.NoContent, true, 204, "", "", false},
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
			if row.status == 500 {
				assert.Contains(t, p.Log.String(), "Location")
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

// A validator that takes no T is asked again after PUT and PATCH, and not used
// after POST and DELETE.
func TestUntypedValidators(t *testing.T) {
	for _, row := range []struct {
		method, reason string
		handler        func(write func()) restmachine.Func
		status         int
		tag            string
	}{
		{"PUT", "asked again", func(w func()) restmachine.Func { return func(s *harness.Ship) *harness.Ship { w(); return s } }, 200, `"v2"`},
		{"PATCH", "asked again", func(w func()) restmachine.Func { return func(s *harness.Ship) *harness.Ship { w(); return s } }, 200, `"v2"`},
		{"POST", "a 201 speaks of what was created, and the fact of the collection", func(w func()) restmachine.Func {
			return func() *restmachine.Reply {
				w()
				return restmachine.Created("/bert", &harness.Ship{Name: "bert", Version: 1})
			}
		}, 201, ""},
		{"POST", "a 200 carries none", func(w func()) restmachine.Func { return func(s *harness.Ship) *harness.Ship { w(); return s } }, 200, ""},
		{"DELETE", "not used", func(w func()) restmachine.Func { return func(s *harness.Ship) *harness.Ship { w(); return s } }, 200, ""},
	} {
		t.Run(row.method+" "+row.reason, func(t *testing.T) {
			p, version := harness.NewPort(t), 1
			tag := func(c *harness.Cargo) string { return "v" + string(rune('0'+c.Tons)) }
			p.Dependency(func() *harness.Cargo { return &harness.Cargo{Tons: version} })
			p.ResourceExists(harness.LoadShip)
			p.GenerateETag(tag)
			p.LastModified(func(c *harness.Cargo) time.Time { return time.Date(2020, 1, c.Tons, 0, 0, 0, 0, time.UTC) })
			r := p.Get("/ship", harness.ShowShip)
			write(r, row.method, row.handler(func() { version++ }))
			p.Valid()
			require.Equal(t, `"v1"`, p.Expect(200, "GET", "/ship").Header.Get("Etag"))
			p.Expect(412, row.method, "/ship", "If-Match", `"v2"`)
			resp := p.Expect(row.status, row.method, "/ship", "If-Match", `"v1"`)
			assert.Equal(t, row.tag, resp.Header.Get("Etag"), row.reason)
			assert.Equal(t, row.tag != "", resp.Header.Get("Last-Modified") == "Thu, 02 Jan 2020 00:00:00 GMT", row.reason)
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

// The tag of a 200 to PUT is the one that the next GET carries, also where it
// comes from a loaded value or from a Dependency.
func TestReplyTagIsTheNextTag(t *testing.T) {
	for _, row := range []struct {
		name, reason string
		say          func(p harness.Port, r *restmachine.Resource)
	}{
		{"of the returned value", "the fact's only parameter is what was returned", func(p harness.Port, _ *restmachine.Resource) {
			p.GenerateETag(func(v harness.ShipView) string { return v.Label })
		}},
		{"of the loaded value", "it is loaded again", func(_ harness.Port, r *restmachine.Resource) {
			r.GenerateETag(harness.TagOfShip)
		}},
		{"of both", "what was read before the write is read again", func(p harness.Port, r *restmachine.Resource) {
			r.GenerateETag(func(v harness.ShipView, s *harness.Ship) string { return v.Label + s.Tag() })
		}},
		{"of a Dependency", "it is made again", func(p harness.Port, r *restmachine.Resource) {
			p.Dependency(func(s *harness.Ship) *harness.Cargo { return &harness.Cargo{Tons: s.Version} })
			r.GenerateETag(func(c *harness.Cargo) string { return string(rune('a' + c.Tons)) })
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, anna := harness.NewPort(t), &harness.Ship{Name: "anna", Version: 1}
			p.ResourceExists(func() *harness.Ship { s := *anna; return &s })
			r := p.Get("/ship", func(s *harness.Ship) harness.ShipView {
				return harness.ShipView{Label: "v" + string(rune('0'+s.Version))}
			}).
				Put(func(s *harness.Ship) harness.ShipView {
					anna = &harness.Ship{Name: "anna", Version: s.Version + 1}
					return harness.ShipView{Label: "v" + string(rune('0'+anna.Version))}
				})
			row.say(p, r)
			p.Valid()
			before := p.Expect(200, "GET", "/ship").Header.Get("Etag")
			put := p.Expect(200, "PUT", "/ship", "If-Match", before).Header.Get("Etag")
			assert.NotEqual(t, before, put)
			assert.Equal(t, p.Expect(200, "GET", "/ship").Header.Get("Etag"), put, row.reason)
			p.Expect(412, "PUT", "/ship", "If-Match", before)
		})
	}
}

// A Reply's status is the handler's own: of a 206 the parts are, too, and what must
// come with a 401 or a 405 does (RFC 9110, 15.5.2 and 15.5.6).
func TestReplyStatusesOfTheHandler(t *testing.T) {
	p := harness.NewPort(t)
	p.Get("/part", func() *restmachine.Reply {
		return &restmachine.Reply{Status: 206, Entity: []byte("abc"), Header: http.Header{"Content-Range": {"bytes 0-2/10"}}}
	})
	p.Get("/secret", func() *restmachine.Reply { return restmachine.NewReply(401, "who are you?") })
	p.Get("/closed", func() *restmachine.Reply { return restmachine.NewReply(405, "not now") })
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
	p.Get("/ship", func() *restmachine.Reply {
		return &restmachine.Reply{Status: 203, Entity: makeShip(), Header: http.Header{
			"etag": {`"own"`}, "x-flag": {"red", "white"}}}
	})
	p.Valid()
	resp := p.Expect(203, "GET", "/ship")
	assert.Equal(t, `"own"`, resp.Header.Get("Etag"))
	assert.Equal(t, []string{"red", "white"}, resp.Header.Values("X-Flag"))
}
