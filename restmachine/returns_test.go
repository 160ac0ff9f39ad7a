package restmachine_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// This file is the second rule: which validators a path carries. They describe
// what its GET returned, so that body and tag come from one value.

// A voyage is an App whose ship anna sails on: the first of a convoy.
type voyage struct {
	port
	anna, bert *ship
	gets       int // runs of the GET handler
	writes     int
}

func newVoyage(t *testing.T) *voyage {
	v := &voyage{port: newPort(t), anna: &ship{"anna", 1}, bert: &ship{"bert", 1}}
	v.ResourceExists(func() *ship {
		if v.anna == nil {
			return nil
		}
		s := *v.anna
		return &s
	})
	v.GenerateETag(tagOfShip)
	return v
}

func (v *voyage) got() { v.gets++ }

// A telling is a path and the tag that it carries.
type telling struct {
	name, reason string
	declare      func(v *voyage) *restmachine.Resource
	tag          string // while anna is at version 1
	sailed       string // once anna is at version 2
	handler304   bool   // a 304 runs the GET handler
}

var tellings = []telling{
	{"GET func(T) T", "it returns what it was given", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *ship) *ship { v.got(); return s })
	}, `"anna-1"`, `"anna-2"`, false},
	{"GET func(T) (T, error)", "the value that the GET returned is described", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *ship) (*ship, error) { v.got(); return s, nil })
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET asks for T and returns another T", "the tag is that of what is returned", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(_ *ship, _ restmachine.Method) *ship { v.got(); return v.bert })
	}, `"bert-1"`, `"bert-1"`, true},
	{"GET asks for nothing and returns T", "it holds on a path whose GET returns a T", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func() *ship { v.got(); return v.anna })
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET returns a view", "the view's tag is nobody's; a list never carries the ship's", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *ship) shipView { v.got(); return shipView{fmt.Sprint(s.Version)} })
	}, "", "", true},
	{"GET returns a list", "that would be a stale 304 for ever", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *ship) []cargo { v.got(); return []cargo{{s.Version}} })
	}, "", "", true},
	{"GET returns a view, with a tag of its own type", "the first parameter is what a GET returns", func(v *voyage) *restmachine.Resource {
		v.GenerateETag(func(s shipView) string { return s.Label })
		return v.Get("/ship", func(s *ship) shipView { v.got(); return shipView{fmt.Sprint(s.Version)} })
	}, `"1"`, `"2"`, true},
	{"GET returns a view, the tag given on the Resource", "given on a Resource, it always holds there", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *ship) shipView { v.got(); return shipView{fmt.Sprint(s.Version)} })
		r.GenerateETag(func(s *ship) string { return "own-" + s.tag() })
		return r
	}, `"own-anna-1"`, `"own-anna-2"`, true},
	{"GET asks for nothing, the tag given on the Resource", "it loads what it takes", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func() shipView { v.got(); return shipView{fmt.Sprint(v.anna.Version)} })
		r.GenerateETag(tagOfShip)
		return r
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET *Reply of a T", "in fact, where *Reply is declared", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func() *restmachine.Reply { v.got(); return restmachine.NewReply(200, v.anna) })
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET any of a T", "in fact, where an interface is declared", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *ship) any { v.got(); return s })
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET any of a view", "in fact it is no T", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *ship) any { v.got(); return shipView{fmt.Sprint(s.Version)} })
	}, "", "", true},
	{"GET any of another T, the tag given on the Resource", "the value that the GET returned is described", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *ship) any { v.got(); return v.bert })
		r.GenerateETag(tagOfShip)
		return r
	}, `"bert-1"`, `"bert-1"`, true},
	{"GET any of a view, the tag given on the Resource", "it always holds there: of the loaded ship", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *ship) any { v.got(); return shipView{fmt.Sprint(s.Version)} })
		r.GenerateETag(tagOfShip)
		return r
	}, `"anna-1"`, `"anna-2"`, true},
	{"a tag that takes no T, on the Resource", "the nearest wins", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *ship) *ship { v.got(); return s })
		r.GenerateETag(func() string { return fmt.Sprintf("untyped-%d", v.anna.Version) })
		return r
	}, `"untyped-1"`, `"untyped-2"`, false},
	{"a tag that asks for a Dependency", "it takes no T", func(v *voyage) *restmachine.Resource {
		v.Dependency(func() *cargo { return &cargo{v.anna.Version} })
		r := v.Get("/ship", func(s *ship) shipView { v.got(); return shipView{fmt.Sprint(s.Version)} })
		r.GenerateETag(func(c *cargo) string { return fmt.Sprintf("cargo-%d", c.Tons) })
		return r
	}, `"cargo-1"`, `"cargo-2"`, true},
	{"a tag that the handler sets", "a validator field that a handler sets itself is kept", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *ship) *restmachine.Reply {
			v.got()
			return &restmachine.Reply{Entity: s, Header: http.Header{"ETag": {fmt.Sprintf(`"self-%d"`, s.Version)}}}
		})
	}, `"self-1"`, `"self-2"`, true},
	{"AutoETag", "by hash wherever no GenerateETag holds", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *ship) shipView { v.got(); return shipView{fmt.Sprint(s.Version)} })
		r.AutoETag(restmachine.Strong)
		return r
	}, "hash", "hash", true},
}

func TestReturns(t *testing.T) {
	for _, row := range tellings {
		t.Run(row.name, func(t *testing.T) {
			v := newVoyage(t)
			v.Get("/used", showShip)
			row.declare(v)
			v.valid()
			first := v.expect(200, "GET", "/ship")
			tag := first.Header.Get("Etag")
			if row.tag == "hash" {
				require.NotEmpty(t, tag)
			} else {
				require.Equal(t, row.tag, tag, row.reason)
			}
			restmachinetest.CheckHead(t, first, v.expect(200, "HEAD", "/ship"))
			if tag == "" {
				v.expect(200, "GET", "/ship", "If-None-Match", `"anna-1"`) // never a foreign tag
				v.expect(412, "GET", "/ship", "If-Match", `"anna-1"`)
				return
			}
			before := v.gets
			restmachinetest.CheckNotModified(t, first, v.expect(304, "GET", "/ship", "If-None-Match", tag))
			v.expect(412, "GET", "/ship", "If-Match", `"other"`)
			assert.Equal(t, row.handler304, v.gets > before, "the handler runs for a 304 and a 412: %s", row.reason)

			v.anna = &ship{"anna", 2}
			second := v.do("GET", "/ship", "", "If-None-Match", tag)
			if row.tag == row.sailed && row.tag != "hash" {
				assert.Equal(t, 304, second.StatusCode, "what is shown did not change")
				return
			}
			require.Equal(t, 200, second.StatusCode, "never a stale 304")
			assert.NotEqual(t, string(first.Body), string(second.Body))
			if row.tag != "hash" {
				assert.Equal(t, row.sailed, second.Header.Get("Etag"))
			}
		})
	}
}

// The preconditions of a write speak of what the path's GET shows.
func TestWritesAreGuardedByWhatIsShown(t *testing.T) {
	for _, row := range tellings {
		if row.tag == "" {
			continue // a wiring fault, where the write asks for the ship
		}
		for _, method := range []string{"PUT", "PATCH", "DELETE", "POST"} {
			t.Run(method+" "+row.name, func(t *testing.T) {
				v := newVoyage(t)
				v.Get("/used", showShip)
				r := row.declare(v)
				write := func(*ship) { v.writes++ }
				map[string]func(restmachine.Func) *restmachine.Resource{
					"PUT": r.Put, "PATCH": r.Patch, "DELETE": r.Delete, "POST": r.Post}[method](write)
				v.valid()
				tag := v.expect(200, "GET", "/ship").Header.Get("Etag")
				v.expect(412, method, "/ship", "If-Match", `"other"`)
				v.expect(412, method, "/ship", "If-None-Match", tag)
				require.Zero(t, v.writes, "never an unguarded write")
				v.expect(204, method, "/ship", "If-Match", tag)
				require.Equal(t, 1, v.writes)
				v.anna, v.bert = &ship{"anna", 2}, &ship{"bert", 2}
				v.expect(412, method, "/ship", "If-Match", tag)
				assert.Equal(t, 1, v.writes, "never an unguarded write")
			})
		}
	}
}

// A path without a GET has its target's validators, for preconditions only.
func TestPathWithoutGet(t *testing.T) {
	v := newVoyage(t)
	v.LastModified(func(s *ship) time.Time { return time.Date(2020, 1, s.Version, 0, 0, 0, 0, time.UTC) })
	v.Get("/used", showShip)
	v.Put("/ship", func(s *ship) *ship { v.writes++; return &ship{"anna", s.Version + 1} })
	v.Delete("/harbour", func() { v.writes++ }).Post(func(*ship) {})
	v.valid()
	v.expect(412, "PUT", "/ship", "If-Match", `"anna-0"`)
	v.expect(412, "PUT", "/ship", "If-None-Match", `"anna-1"`)
	v.expect(412, "DELETE", "/harbour", "If-Match", `"anna-0"`)
	v.expect(412, "PUT", "/ship", "If-Unmodified-Since", "Tue, 31 Dec 2019 00:00:00 GMT")
	require.Zero(t, v.writes)
	resp := v.expect(200, "PUT", "/ship", "If-Match", `"anna-1"`)
	for _, field := range []string{"Etag", "Last-Modified", "Content-Location"} {
		assert.Empty(t, resp.Header.Get(field), "for preconditions only: no GET shows it")
	}
	v.expect(204, "DELETE", "/harbour", "If-Match", `"anna-1"`)
}

// A nil T of a GET with validators is 404, and a PUT may then create it.
func TestNothingToShow(t *testing.T) {
	for _, row := range []struct {
		name, reason string
		get          func(there *bool) restmachine.Func
		validated    bool
		status       int // of a GET
	}{
		{"a nil pointer", "404 with validators", func(there *bool) restmachine.Func {
			return func() *ship {
				if *there {
					return makeShip()
				}
				return nil
			}
		}, true, 404},
		{"a nil pointer without validators", "nothing is 204", func(there *bool) restmachine.Func {
			return func() *ship { return nil }
		}, false, 204},
		{"ErrNotFound", "that is a missing resource, and no failure of the PUT", func(there *bool) restmachine.Func {
			return func() (*ship, error) {
				if *there {
					return makeShip(), nil
				}
				return nil, fmt.Errorf("looking: %w", restmachine.ErrNotFound)
			}
		}, true, 404},
		{"a Reply of 404", "so is that", func(there *bool) restmachine.Func {
			return func() *restmachine.Reply {
				if *there {
					return restmachine.NewReply(200, makeShip())
				}
				return restmachine.NewReply(404, nil)
			}
		}, true, 404},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, there := newPort(t), false
			if row.validated {
				p.GenerateETag(tagOfShip)
				p.Get("/used", func() *ship { return makeShip() })
			}
			p.Get("/ship", row.get(&there)).Put(func() *ship { there = true; return makeShip() }).Delete(func() {})
			p.valid()
			p.expect(row.status, "GET", "/ship")
			if !row.validated {
				p.expect(200, "PUT", "/ship")
				return
			}
			p.expect(404, "GET", "/ship", "If-Match", "*")
			p.expect(404, "DELETE", "/ship", "If-Match", "*")
			p.expect(412, "PUT", "/ship", "If-Match", "*")
			require.False(t, there)
			p.expect(201, "PUT", "/ship", "If-None-Match", "*")
			p.expect(412, "PUT", "/ship", "If-None-Match", "*")
			p.expect(200, "PUT", "/ship", "If-Match", `"anna-1"`)
			p.expect(200, "PUT", "/ship")
			there = false
			p.expect(201, "PUT", "/ship") // the GET runs before every PUT that can create
		})
	}
}

// What fails while the current representation is made stops a write.
func TestWriteNeedsTheCurrentRepresentation(t *testing.T) {
	p, written := newPort(t), false
	p.GenerateETag(tagOfShip)
	p.Get("/ship", func() (*ship, error) { return nil, errors.New("secret") }).Put(func() { written = true })
	p.valid()
	resp := p.expect(500, "PUT", "/ship", "If-None-Match", "*")
	assert.NotContains(t, string(resp.Body), "secret")
	assert.False(t, written)
}

// Freshness holds where the tag does.
func TestFreshnessHoldsWithTheTag(t *testing.T) {
	v := newVoyage(t)
	v.CacheControl(func(*ship) string { return "max-age=60" })
	v.Expires(func(*ship) time.Time { return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) })
	v.Get("/ship", showShip)
	v.Get("/view", viewShip)
	v.valid()
	for _, resp := range []restmachine.Response{v.expect(200, "GET", "/ship"), v.expect(304, "GET", "/ship", "If-None-Match", `"anna-1"`)} {
		assert.Equal(t, "max-age=60", resp.Header.Get("Cache-Control"))
		assert.Equal(t, "Tue, 01 Jan 2030 00:00:00 GMT", resp.Header.Get("Expires"))
	}
	resp := v.expect(200, "GET", "/view")
	assert.Empty(t, resp.Header.Get("Cache-Control"))
	assert.Empty(t, resp.Header.Get("Expires"))
}
