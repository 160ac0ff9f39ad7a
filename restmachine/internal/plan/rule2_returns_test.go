// The second rule: which validators a path carries. They describe what its GET
// returned, so that body and tag come from one value.

package plan_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// A voyage is an App whose ship anna sails on: the first of a convoy.
type voyage struct {
	harness.Port
	anna, bert *harness.Ship
	gets       int // runs of the GET handler
	writes     int
}

func newVoyage(t *testing.T) *voyage {
	v := &voyage{Port: harness.NewPort(t), anna: &harness.Ship{Name: "anna", Version: 1}, bert: &harness.Ship{Name: "bert", Version: 1}}
	v.ResourceExists(func() *harness.Ship {
		if v.anna == nil {
			return nil
		}
		s := *v.anna
		return &s
	})
	v.GenerateETag(harness.TagOfShip)
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
		return v.Get("/ship", func(s *harness.Ship) *harness.Ship { v.got(); return s })
	}, `"anna-1"`, `"anna-2"`, false},
	{"GET func(T) (T, error)", "the value that the GET returned is described", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *harness.Ship) (*harness.Ship, error) { v.got(); return s, nil })
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET asks for T and returns another T", "the tag is that of what is returned", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(_ *harness.Ship, _ restmachine.Method) *harness.Ship { v.got(); return v.bert })
	}, `"bert-1"`, `"bert-1"`, true},
	{"GET asks for nothing and returns T", "it holds on a path whose GET returns a T", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func() *harness.Ship { v.got(); return v.anna })
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET returns a view", "the view's tag is nobody's; a list never carries the ship's", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *harness.Ship) harness.ShipView { v.got(); return harness.ShipView{Label: fmt.Sprint(s.Version)} })
	}, "", "", true},
	{"GET returns a list", "that would be a stale 304 for ever", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *harness.Ship) []harness.Cargo { v.got(); return []harness.Cargo{{Tons: s.Version}} })
	}, "", "", true},
	{"GET returns a view, with a tag of its own type", "the first parameter is what a GET returns", func(v *voyage) *restmachine.Resource {
		v.GenerateETag(func(s harness.ShipView) string { return s.Label })
		return v.Get("/ship", func(s *harness.Ship) harness.ShipView { v.got(); return harness.ShipView{Label: fmt.Sprint(s.Version)} })
	}, `"1"`, `"2"`, true},
	{"GET returns a view, the tag given on the Resource", "given on a Resource, it always holds there", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *harness.Ship) harness.ShipView { v.got(); return harness.ShipView{Label: fmt.Sprint(s.Version)} })
		r.GenerateETag(func(s *harness.Ship) string { return "own-" + s.Tag() })
		return r
	}, `"own-anna-1"`, `"own-anna-2"`, true},
	{"GET asks for nothing, the tag given on the Resource", "it loads what it takes", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func() harness.ShipView { v.got(); return harness.ShipView{Label: fmt.Sprint(v.anna.Version)} })
		r.GenerateETag(harness.TagOfShip)
		return r
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET *Reply of a T", "in fact, where *Reply is declared", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func() *restmachine.Reply[any] { v.got(); return restmachine.NewReply[any](200, v.anna) })
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET any of a T", "in fact, where an interface is declared", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *harness.Ship) any { v.got(); return s })
	}, `"anna-1"`, `"anna-2"`, true},
	{"GET any of a view", "in fact it is no T", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *harness.Ship) any { v.got(); return harness.ShipView{Label: fmt.Sprint(s.Version)} })
	}, "", "", true},
	{"GET any of another T, the tag given on the Resource", "the value that the GET returned is described", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *harness.Ship) any { v.got(); return v.bert })
		r.GenerateETag(harness.TagOfShip)
		return r
	}, `"bert-1"`, `"bert-1"`, true},
	{"GET any of a view, the tag given on the Resource", "it always holds there: of the loaded ship", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *harness.Ship) any { v.got(); return harness.ShipView{Label: fmt.Sprint(s.Version)} })
		r.GenerateETag(harness.TagOfShip)
		return r
	}, `"anna-1"`, `"anna-2"`, true},
	{"a tag that takes no T, on the Resource", "the nearest wins", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *harness.Ship) *harness.Ship { v.got(); return s })
		r.GenerateETag(func() string { return fmt.Sprintf("untyped-%d", v.anna.Version) })
		return r
	}, `"untyped-1"`, `"untyped-2"`, false},
	{"a tag that asks for a Dependency", "it takes no T", func(v *voyage) *restmachine.Resource {
		v.Dependency(func() *harness.Cargo { return &harness.Cargo{Tons: v.anna.Version} })
		r := v.Get("/ship", func(s *harness.Ship) harness.ShipView { v.got(); return harness.ShipView{Label: fmt.Sprint(s.Version)} })
		r.GenerateETag(func(c *harness.Cargo) string { return fmt.Sprintf("cargo-%d", c.Tons) })
		return r
	}, `"cargo-1"`, `"cargo-2"`, true},
	{"a tag that the handler sets", "a validator field that a handler sets itself is kept", func(v *voyage) *restmachine.Resource {
		return v.Get("/ship", func(s *harness.Ship) *restmachine.Reply[any] {
			v.got()
			return &restmachine.Reply[any]{Entity: s, Header: http.Header{"ETag": {fmt.Sprintf(`"self-%d"`, s.Version)}}}
		})
	}, `"self-1"`, `"self-2"`, true},
	{"AutoETag", "by hash wherever no GenerateETag holds", func(v *voyage) *restmachine.Resource {
		r := v.Get("/ship", func(s *harness.Ship) harness.ShipView { v.got(); return harness.ShipView{Label: fmt.Sprint(s.Version)} })
		r.AutoETag(restmachine.Strong)
		return r
	}, "hash", "hash", true},
}

func TestReturns(t *testing.T) {
	for _, row := range tellings {
		t.Run(row.name, func(t *testing.T) {
			v := newVoyage(t)
			v.Get("/used", harness.ShowShip)
			row.declare(v)
			v.Valid()
			first := v.Expect(200, "GET", "/ship")
			tag := first.Header.Get("Etag")
			if row.tag == "hash" {
				require.NotEmpty(t, tag)
			} else {
				require.Equal(t, row.tag, tag, row.reason)
			}
			restmachinetest.CheckHead(t, first, v.Expect(200, "HEAD", "/ship"))
			if tag == "" {
				v.Expect(200, "GET", "/ship", "If-None-Match", `"anna-1"`) // never a foreign tag
				v.Expect(412, "GET", "/ship", "If-Match", `"anna-1"`)
				return
			}
			before := v.gets
			restmachinetest.CheckNotModified(t, first, v.Expect(304, "GET", "/ship", "If-None-Match", tag))
			v.Expect(412, "GET", "/ship", "If-Match", `"other"`)
			assert.Equal(t, row.handler304, v.gets > before, "the handler runs for a 304 and a 412: %s", row.reason)

			v.anna = &harness.Ship{Name: "anna", Version: 2}
			second := v.Do("GET", "/ship", "", "If-None-Match", tag)
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
				v.Get("/used", harness.ShowShip)
				r := row.declare(v)
				write := func(*harness.Ship) { v.writes++ }
				map[string]func(restmachine.Func) *restmachine.Resource{
					"PUT": r.Put, "PATCH": r.Patch, "DELETE": r.Delete, "POST": r.Post}[method](write)
				v.Valid()
				tag := v.Expect(200, "GET", "/ship").Header.Get("Etag")
				v.Expect(412, method, "/ship", "If-Match", `"other"`)
				v.Expect(412, method, "/ship", "If-None-Match", tag)
				require.Zero(t, v.writes, "never an unguarded write")
				v.Expect(204, method, "/ship", "If-Match", tag)
				require.Equal(t, 1, v.writes)
				v.anna, v.bert = &harness.Ship{Name: "anna", Version: 2}, &harness.Ship{Name: "bert", Version: 2}
				v.Expect(412, method, "/ship", "If-Match", tag)
				assert.Equal(t, 1, v.writes, "never an unguarded write")
			})
		}
	}
}

// A path without a GET has its target's validators, for preconditions only.
func TestPathWithoutGet(t *testing.T) {
	v := newVoyage(t)
	v.LastModified(func(s *harness.Ship) time.Time { return time.Date(2020, 1, s.Version, 0, 0, 0, 0, time.UTC) })
	v.Get("/used", harness.ShowShip)
	v.LockKey(restmachine.ByPath)
	v.Put("/ship", func(s *harness.Ship) *harness.Ship {
		v.writes++
		return &harness.Ship{Name: "anna", Version: s.Version + 1}
	})
	v.Delete("/harbour", func() { v.writes++ }).Post(func(*harness.Ship) {})
	v.Valid()
	v.Expect(412, "PUT", "/ship", "If-Match", `"anna-0"`)
	v.Expect(412, "PUT", "/ship", "If-None-Match", `"anna-1"`)
	v.Expect(412, "DELETE", "/harbour", "If-Match", `"anna-0"`)
	v.Expect(412, "PUT", "/ship", "If-Unmodified-Since", "Tue, 31 Dec 2019 00:00:00 GMT")
	require.Zero(t, v.writes)
	resp := v.Expect(200, "PUT", "/ship", "If-Match", `"anna-1"`)
	for _, field := range []string{"Etag", "Last-Modified", "Content-Location"} {
		assert.Empty(t, resp.Header.Get(field), "for preconditions only: no GET shows it")
	}
	v.Expect(204, "DELETE", "/harbour", "If-Match", `"anna-1"`)
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
			return func() *harness.Ship {
				if *there {
					return makeShip()
				}
				return nil
			}
		}, true, 404},
		{"a nil pointer without validators", "nothing is 204", func(there *bool) restmachine.Func {
			return func() *harness.Ship { return nil }
		}, false, 204},
		{"ErrNotFound", "that is a missing resource, and no failure of the PUT", func(there *bool) restmachine.Func {
			return func() (*harness.Ship, error) {
				if *there {
					return makeShip(), nil
				}
				return nil, fmt.Errorf("looking: %w", restmachine.ErrNotFound)
			}
		}, true, 404},
		{"a Reply of 404", "so is that", func(there *bool) restmachine.Func {
			return func() *restmachine.Reply[any] {
				if *there {
					return restmachine.NewReply[any](200, makeShip())
				}
				return restmachine.NewReply[any](404, nil)
			}
		}, true, 404},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, there := harness.NewPort(t), false
			if row.validated {
				p.GenerateETag(harness.TagOfShip)
				p.Get("/used", func() *harness.Ship { return makeShip() })
			}
			p.Get("/ship", row.get(&there)).Put(func() *harness.Ship { there = true; return makeShip() }).Delete(func() {})
			p.Valid()
			p.Expect(row.status, "GET", "/ship")
			if !row.validated {
				p.Expect(200, "PUT", "/ship")
				return
			}
			p.Expect(404, "GET", "/ship", "If-Match", "*")
			p.Expect(404, "DELETE", "/ship", "If-Match", "*")
			p.Expect(412, "PUT", "/ship", "If-Match", "*")
			require.False(t, there)
			p.Expect(201, "PUT", "/ship", "If-None-Match", "*")
			p.Expect(412, "PUT", "/ship", "If-None-Match", "*")
			p.Expect(200, "PUT", "/ship", "If-Match", `"anna-1"`)
			p.Expect(200, "PUT", "/ship")
			there = false
			p.Expect(201, "PUT", "/ship") // the GET runs before every PUT that can create
		})
	}
}

// A nil T is 404 whatever the validators take, and whatever the GET declares.
func TestNilIsMissingWithEachValidator(t *testing.T) {
	validators := map[string]func(p harness.Port, r *restmachine.Resource){
		"a tag of T": func(p harness.Port, _ *restmachine.Resource) { p.GenerateETag(harness.TagOfShip) },
		"a date of T": func(p harness.Port, _ *restmachine.Resource) {
			p.LastModified(func(*harness.Ship) time.Time { return time.Unix(1, 0) })
		},
		"a tag of nothing": func(p harness.Port, _ *restmachine.Resource) { p.GenerateETag(func() string { return "1" }) },
		"a date of nothing, on the Resource": func(_ harness.Port, r *restmachine.Resource) {
			r.LastModified(func() time.Time { return time.Unix(1, 0) })
		},
		"AutoETag": func(p harness.Port, _ *restmachine.Resource) { p.AutoETag(restmachine.Strong) },
	}
	gets := map[string]func(s *harness.Ship) restmachine.Func{
		"a pointer": func(s *harness.Ship) restmachine.Func { return func() *harness.Ship { return s } },
		"a pointer and an error": func(s *harness.Ship) restmachine.Func {
			return func() (*harness.Ship, error) { return s, nil }
		},
		"any, with a nil pointer in it": func(s *harness.Ship) restmachine.Func { return func() any { return s } },
		"a nil any": func(s *harness.Ship) restmachine.Func {
			return func() any {
				if s == nil {
					return nil
				}
				return s
			}
		},
	}
	for says, say := range validators {
		for returns, get := range gets {
			t.Run(says+", GET returns "+returns, func(t *testing.T) {
				p := harness.NewPort(t)
				r := p.Get("/nil", get(nil)).Put(func() *harness.Ship { return makeShip() }).Delete(func() {}).Patch(func() {})
				say(p, p.Get("/ship", get(makeShip())))
				say(harness.Port{App: restmachine.New()}, r) // on this Resource, too, where it is given on one
				p.Get("/used", func() *harness.Ship { return makeShip() })
				p.Valid()
				p.Expect(200, "GET", "/ship")
				for _, method := range []string{"GET", "HEAD"} {
					p.Expect(404, method, "/nil")
					p.Expect(404, method, "/nil", "If-None-Match", "*")
				}
				p.Expect(404, "DELETE", "/nil", "If-Match", "*")
				p.Expect(404, "PATCH", "/nil", "If-None-Match", `"1"`)
				p.Expect(412, "PUT", "/nil", "If-Match", "*")
				p.Expect(201, "PUT", "/nil", "If-None-Match", "*")
				p.Expect(201, "PUT", "/nil")
			})
		}
	}
}

// What fails while the current representation is made stops a write.
func TestWriteNeedsTheCurrentRepresentation(t *testing.T) {
	p, written := harness.NewPort(t), false
	p.GenerateETag(harness.TagOfShip)
	p.Get("/ship", func() (*harness.Ship, error) { return nil, errors.New("secret") }).Put(func() { written = true })
	p.Valid()
	resp := p.Expect(500, "PUT", "/ship", "If-None-Match", "*")
	assert.NotContains(t, string(resp.Body), "secret")
	assert.False(t, written)
}

// Freshness holds where the tag does.
func TestFreshnessHoldsWithTheTag(t *testing.T) {
	v := newVoyage(t)
	v.CacheControl(func(*harness.Ship) string { return "max-age=60" })
	v.Expires(func(*harness.Ship) time.Time { return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) })
	v.Get("/ship", harness.ShowShip)
	v.Get("/view", viewShip)
	v.Valid()
	for _, resp := range []restmachine.Response{v.Expect(200, "GET", "/ship"), v.Expect(304, "GET", "/ship", "If-None-Match", `"anna-1"`)} {
		assert.Equal(t, "max-age=60", resp.Header.Get("Cache-Control"))
		assert.Equal(t, "Tue, 01 Jan 2030 00:00:00 GMT", resp.Header.Get("Expires"))
	}
	resp := v.Expect(200, "GET", "/view")
	assert.Empty(t, resp.Header.Get("Cache-Control"))
	assert.Empty(t, resp.Header.Get("Expires"))
}

// What nothing is declared to return may be what a GET returns in fact.
func TestTypeThatOnlyTheValueTells(t *testing.T) {
	p := harness.NewPort(t)
	p.GenerateETag(func(c harness.Cargo) string { return fmt.Sprint(c.Tons) })
	p.Get("/any", func() any { return harness.Cargo{Tons: 3} })
	p.Get("/reply", func() *restmachine.Reply[any] { return restmachine.NewReply[any](200, harness.Cargo{Tons: 4}) })
	p.Get("/other", func() any { return harness.Crane{} })
	p.Valid()
	assert.Equal(t, `"3"`, p.Expect(200, "GET", "/any").Header.Get("Etag"))
	p.Expect(304, "GET", "/any", "If-None-Match", `"3"`)
	assert.Equal(t, `"4"`, p.Expect(200, "GET", "/reply").Header.Get("Etag"))
	assert.Empty(t, p.Expect(200, "GET", "/other").Header.Get("Etag"))
	assert.Contains(t, p.Describe(), "takes harness.Cargo, but no GET is declared to return it")
}
