// Acceptance: many requests at once. None sees a value that belongs to another,
// and none undoes the work of another.

package restmachine_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/internal/proof/twin"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// caller is who sends the request, by a Dependency.
type caller string

// A desk is the resource: ResourceExists makes one per request.
type desk struct{ Number, Caller string }

// A sight is all that a handler was given.
type sight struct{ Desk, DeskCaller, Caller, Said string }

type words struct{ Said string }

func newOffice() *restmachine.App {
	app := restmachine.New()
	app.Dependency(func(header http.Header) caller { return caller(header.Get("X-Caller")) })
	app.ResourceExists(func(path restmachine.PathParams, c caller) *desk {
		return &desk{path.Get("number"), string(c)}
	})
	app.GenerateETag(func(s *sight, c caller) string { return fmt.Sprintf("%s-%s", s.Desk, c) })
	app.Get("/desks/{number}", func(d *desk, c caller) *sight {
		return &sight{d.Number, d.Caller, string(c), ""}
	})
	app.Put("/desks/{number}", func(d *desk, c caller, in restmachine.Body[words]) *sight {
		return &sight{d.Number, d.Caller, string(c), in.Value.Said}
	})
	return app
}

func TestNoRequestSeesAnother(t *testing.T) {
	const callers, rounds = 100, 10
	app := newOffice()
	server := httptest.NewServer(app)
	defer server.Close()

	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			name, number := fmt.Sprintf("caller%d", i), fmt.Sprint(i%7) // several at one desk
			for round := range rounds {
				said := fmt.Sprintf("%s says %d", name, round)
				header := http.Header{"X-Caller": {name}, "Content-Type": {"application/json"}}
				get := restmachine.Request{Method: "GET", Path: "/desks/" + number, Header: header}
				put := get
				put.Method, put.Body = "PUT", []byte(`{"Said": "`+said+`"}`)

				expectSight(t, get, app.Execute(get), sight{number, name, name, ""})
				expectSight(t, put, app.Execute(put), sight{number, name, name, said})
				if round == 0 {
					expectSight(t, get, twin.Send(t, server, get), sight{number, name, name, ""})
					expectSight(t, put, twin.Send(t, server, put), sight{number, name, name, said})
				}
			}
		})
	}
	all.Wait()
}

func expectSight(t *testing.T, req restmachine.Request, resp restmachine.Response, want sight) {
	restmachinetest.CheckResponse(t, req, resp)
	var got sight
	if assert.NoError(t, json.Unmarshal(resp.Body, &got), "%d %s", resp.StatusCode, resp.Body) {
		assert.Equal(t, want, got)
	}
	tag := fmt.Sprintf(`"%s-%s"`, want.Desk, want.Caller)
	if req.Method == "PUT" {
		tag = "" // it takes a Dependency
	}
	assert.Equal(t, tag, resp.Header.Get("ETag"))
}

// TestNoUpdateIsLost: clients that read and then write under If-Match count
// together. The card box writes what it is given, so only the lock on the resource
// keeps two writers apart that both passed the check.
func TestNoUpdateIsLost(t *testing.T) {
	const clients, attempts = 8, 100
	app := newCards()
	var done atomic.Int64
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for range attempts {
				get := restmachine.Request{Method: "GET", Path: "/kept/1"}
				put := restmachine.Request{Method: "PUT", Path: "/kept/1", Body: []byte(`{}`), Header: http.Header{
					"If-Match": app.Execute(get).Header.Values("ETag"), "Content-Type": {"application/json"}}}
				resp := app.Execute(put)
				restmachinetest.CheckResponse(t, put, resp)
				if assert.Contains(t, []int{200, 412}, resp.StatusCode, "%s", resp.Body) && resp.StatusCode == 200 {
					done.Add(1)
				}
			}
		})
	}
	all.Wait()
	assert.Positive(t, done.Load())
	last := app.Execute(restmachine.Request{Method: "GET", Path: "/kept/1"})
	assert.Equal(t, fmt.Sprintf(`"%d"`, 1+done.Load()), last.Header.Get("ETag"))
}
