// These tests check that a refused request that changed something is found.

package restmachinetest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestCheckUnchanged(t *testing.T) {
	type state struct{ version, writes int }
	seen, written := state{1, 0}, state{1, 1}
	tests := []struct {
		name   string
		req    restmachine.Request
		status int
		after  state
		want   string
	}{
		{"a 304 that ran a handler", conditionalGet, 304, written,
			"GET /x answered 304, which breaks V6 a refusal changes nothing (RFC 9110, 13.1): state: was {version:1 writes:0}, and is {version:1 writes:1}"},
		{"a 412 that wrote", guardedPut, 412, state{2, 1}, "PUT /x answered 412, which breaks V6"},
		{"a 428 that wrote", put, 428, state{2, 1}, "V6"},
		{"a 405 that wrote", post, 405, state{2, 1}, "V6"},
		{"a 499, the last of its kind", post, 499, state{2, 1}, "V6"},
		{"a 412 that did nothing", guardedPut, 412, seen, ""},
		{"a write that was done", guardedPut, 204, state{2, 1}, ""},
		{"a failure may be one in the middle of it", put, 500, written, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expectFault(t, tt.want, reports(t, func(t testing.TB) {
				restmachinetest.CheckUnchanged(t, tt.req, restmachine.Response{StatusCode: tt.status}, seen, tt.after)
			}))
		})
	}
}

// A pointer is equal to itself, even if what it points to was changed.
func TestCheckUnchangedTakesNoPointer(t *testing.T) {
	p := &page{}
	for name, check := range map[string]func(t testing.TB){
		"a pointer": func(t testing.TB) {
			restmachinetest.CheckUnchanged(t, put, restmachine.Response{StatusCode: 204}, p, p)
		},
		"a pointer as any": func(t testing.TB) {
			restmachinetest.CheckUnchanged[any](t, put, restmachine.Response{StatusCode: 204}, p, p)
		},
	} {
		t.Run(name, func(t *testing.T) {
			expectFault(t, "fatal: the state is a *restmachinetest_test.page; a pointer does not show changes", reports(t, check))
		})
	}
}

// A watching client finds a handler that writes first and checks afterwards.
func TestClientWatching(t *testing.T) {
	stock := 1
	app := restmachine.New(quiet)
	app.Post("/hasty", func() error { stock--; return &restmachine.Problem{Status: 409} })
	app.Post("/careful", func() error { return &restmachine.Problem{Status: 409} })
	app.Post("/sold", func() { stock-- })
	watching := restmachinetest.NewClient(app).Watching(func() string { return fmt.Sprint("stock ", stock) })

	faults := reports(t, func(t testing.TB) { watching.Post("/hasty").Expect(t).Status(409) })
	expectFault(t, "POST /hasty: the response breaks V6 a refusal changes nothing (RFC 9110, 13.1): state: was stock 1, and is stock 0", faults)
	for path, status := range map[string]int{"/careful": 409, "/sold": 204, "/nowhere": 404} {
		assert.Empty(t, reports(t, func(t testing.TB) { watching.Post(path).Expect(t).Status(status) }), path)
	}
}
