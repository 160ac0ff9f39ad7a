// Dependencies: how often they are made, for whom, and what is undone at the end.

package exchange_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A Dependency is made at most once per request, when something asks for it,
// and for no other request.
func TestDependencyOncePerRequest(t *testing.T) {
	p, made := harness.NewPort(t), 0
	p.Dependency(func() *harness.Cargo { made++; return &harness.Cargo{Tons: made} })
	p.Dependency(harness.NewCrane)
	p.Authorized(func(c *harness.Cargo) bool { return c.Tons == made })
	p.Get("/asks", func(c *harness.Cargo, by *harness.Crane) string { return fmt.Sprint(c == by.Of) })
	p.Resource("/lazy").Get(func() string { return "" })
	p.Valid()
	assert.Equal(t, "true", string(p.Expect(200, "GET", "/asks").Body))
	assert.Equal(t, 1, made)
	p.Expect(200, "GET", "/asks")
	assert.Equal(t, 2, made)

	p, made = harness.NewPort(t), 0
	p.Dependency(func() *harness.Cargo { made++; return &harness.Cargo{} })
	p.Get("/asks", harness.ShowCargo)
	p.Get("/lazy", func() string { return "" })
	p.Expect(200, "GET", "/lazy")
	assert.Zero(t, made, "nothing asked for it")
}

// Values of one request are never seen by another.
func TestRequestsShareNothing(t *testing.T) {
	p := harness.NewPort(t)
	type caller struct{ name string }
	p.Dependency(func(h http.Header) *caller { return &caller{h.Get("X-Caller")} })
	p.ResourceExists(func(path restmachine.PathParams, c *caller) *harness.Ship {
		return &harness.Ship{Name: path.Get("ship") + c.name}
	})
	p.GenerateETag(harness.TagOfShip)
	p.Get("/ships/{ship}", func(s *harness.Ship, c *caller, q restmachine.Query[struct {
		N int `query:"n"`
	}]) *harness.Ship {
		return &harness.Ship{Name: s.Name + c.name, Version: q.Value.N}
	})
	p.Valid()
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			id := fmt.Sprint(i)
			resp := p.Do("GET", "/ships/"+id+"?n="+id, "", "X-Caller", "c"+id)
			name := id + "c" + id + "c" + id
			assert.JSONEq(t, fmt.Sprintf(`{"Name":%q,"Version":%d}`, name, i), string(resp.Body))
			assert.Equal(t, fmt.Sprintf(`"%s-%d"`, name, i), resp.Header.Get("Etag"))
		})
	}
	all.Wait()
}

// What callbacks and clients do to what they are given changes nothing that the
// other has, and one Request can be sent by many at once.
func TestARequestIsNotChanged(t *testing.T) {
	p := harness.NewPort(t)
	spoil := func(h http.Header) {
		for name := range h {
			h[name][0] = "spoilt"
		}
		h.Set("Another", "one")
	}
	p.ResourceExists(func(h http.Header, r *http.Request) *harness.Ship {
		spoil(h)
		spoil(r.Header)
		return &harness.Ship{Name: "a"}
	})
	p.GenerateETag(harness.TagOfShip)
	p.Get("/ship", func(s *harness.Ship) *harness.Ship { return s })
	p.Put("/ship", func(s *harness.Ship, b restmachine.Body[[]byte]) *harness.Ship { clear(b.Value); return s })
	p.Valid()
	var all sync.WaitGroup
	for _, method := range []string{"GET", "PUT"} {
		for _, fields := range []http.Header{nil, {"If-None-Match": {`"a-0"`}, "Content-Type": {"text/x"}}, {"if-none-match": {` "a-0"`}}} {
			sent := restmachine.Request{Method: method, Path: "/ship", Header: fields, Body: []byte("content")}
			kept := restmachine.Request{Method: method, Path: "/ship", Header: fields.Clone(), Body: []byte("content")}
			for range 8 {
				all.Go(func() { spoil(p.Execute(sent).Header) })
			}
			all.Wait()
			assert.Equal(t, kept, sent)
		}
	}
}

// A cleanupRow is a request whose two Dependencies have cleanups.
type cleanupRow struct {
	name, reason string
	handler      func() error
	own          error // of the outer cleanup
	fields       []string
	status       int
	passed       string // the error that the cleanups got: inner, outer
}

var errBroken = errors.New("secret: broken")

var cleanupRows = []cleanupRow{
	{"fine", "nil where nothing ended it", func() error { return nil }, nil, nil, 204, "inner <nil>, outer <nil>"},
	{"an error", "the error that ended it", func() error { return errBroken }, nil, nil, 500, "inner secret: broken, outer secret: broken"},
	{"a Problem", "whatever its status", func() error { return &restmachine.Problem{Status: 418, Detail: "tea"} }, nil, nil, 418, "inner tea, outer tea"},
	{"its own error", "makes a 500", func() error { return nil }, errBroken, nil, 500, "inner <nil>, outer <nil>"},
	{"its own ErrStale", "409 without a precondition", func() error { return nil }, restmachine.ErrStale, nil, 409, "inner <nil>, outer <nil>"},
	{"its own ErrStale, under a precondition", "412", func() error { return nil }, fmt.Errorf("commit: %w", restmachine.ErrStale),
		[]string{"If-None-Match", `"1"`}, 412, "inner <nil>, outer <nil>"},
	{"its own ErrStale, under If-Match: *", "409: the resource existed all the time", func() error { return nil },
		restmachine.ErrStale, []string{"If-Match", "*"}, 409, "inner <nil>, outer <nil>"},
	{"a panic", "is an error, too", func() error { panic("secret") }, nil, nil, 500, "inner panic, outer panic"},
}

func TestCleanups(t *testing.T) {
	type inner struct{}
	type outer struct{}
	for _, row := range cleanupRows {
		t.Run(row.name, func(t *testing.T) {
			p := harness.NewPort(t)
			var passed []string
			note := func(who string, err error) {
				text, _, _ := strings.Cut(fmt.Sprint(err), ":")
				if errors.Is(err, errBroken) {
					text = err.Error()
				}
				passed = append(passed, who+" "+text)
			}
			p.Dependency(func() (*outer, func(error) error, error) {
				return &outer{}, func(err error) error { note("outer", err); return row.own }, nil
			})
			p.Dependency(func(*outer) (*inner, func(error) error) {
				return &inner{}, func(err error) error { note("inner", err); return nil }
			})
			p.Put("/ship", func(*inner) error { return row.handler() })
			p.Valid()
			resp := p.Expect(row.status, "PUT", "/ship", row.fields...)
			assert.Equal(t, row.passed, strings.Join(passed, ", "), row.reason)
			assert.NotContains(t, string(resp.Body), "secret")
		})
	}
}

// Every cleanup runs, also where an earlier one fails or panics, and the next
// hears of it; a nil cleanup is none.
func TestEveryCleanupRuns(t *testing.T) {
	type a struct{}
	type b struct{}
	type c struct{}
	for _, fail := range []func() error{func() error { return errBroken }, func() error { panic("broken") }} {
		p, ran := harness.NewPort(t), []string{}
		p.Dependency(func() (a, func(error) error) {
			return a{}, func(err error) error { ran = append(ran, fmt.Sprint("a ", err != nil)); return nil }
		})
		p.Dependency(func(a) (b, func(error) error) {
			return b{}, func(err error) error { ran = append(ran, fmt.Sprint("b ", err != nil)); return fail() }
		})
		p.Dependency(func(b) (c, func(error) error) { return c{}, nil })
		p.Get("/", func(c) string { return "shown" })
		p.Valid()
		resp := p.Expect(500, "GET", "/")
		assert.Equal(t, []string{"b false", "a true"}, ran)
		assert.NotContains(t, string(resp.Body), "shown")
		assert.NotContains(t, string(resp.Body), "broken")
		assert.Contains(t, p.Log.String(), "broken")
	}
}

// A cleanup runs before the answer is written, and where the graph refuses, too.
func TestCleanupRunsBeforeTheAnswer(t *testing.T) {
	p, done := harness.NewPort(t), false
	p.Dependency(func() (*harness.Cargo, func(error) error) {
		return &harness.Cargo{}, func(error) error { done = true; return nil }
	})
	p.Forbidden(func(*harness.Cargo) bool { return true })
	p.Get("/", func() string { return "" })
	w := &writeHook{ResponseRecorder: httptest.NewRecorder(), before: func() { assert.True(t, done) }}
	p.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	require.Equal(t, 403, w.Code)
	assert.True(t, done)
}

type writeHook struct {
	*httptest.ResponseRecorder
	before func()
}

func (w *writeHook) WriteHeader(status int) { w.before(); w.ResponseRecorder.WriteHeader(status) }

// A Dependency that fails ends the request; the next one tries again.
func TestFailingDependency(t *testing.T) {
	p, fail := harness.NewPort(t), true
	p.Dependency(func() (*harness.Cargo, error) {
		if fail {
			return nil, errBroken
		}
		return &harness.Cargo{}, nil
	})
	p.Get("/", harness.ShowCargo)
	p.Expect(500, "GET", "/")
	fail = false
	p.Expect(200, "GET", "/")
}
