// Every callback fails in every way: whatever it does, its client gets the
// status that is due and nothing that is not its business, the log says who it
// was, and nothing is left behind. What callbacks return that cannot be sent is
// in restmachine/hostile_test.go.

package walk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func rewrite(n *harness.Note, in restmachine.Body[harness.NoteIn]) *harness.Note {
	return &harness.Note{ID: n.ID, Text: in.Value.Text, Version: n.Version + 1}
}

// noteHandlers declares all handlers of a note but the one left out.
func noteHandlers(app *restmachine.App, leftOut string) *restmachine.Resource {
	one := app.Resource("/notes/{id}")
	for method, handle := range map[string]func(){
		"GET":    func() { one.Get(func(n *harness.Note) *harness.Note { return n }) },
		"PUT":    func() { one.Put(rewrite) },
		"PATCH":  func() { one.Patch(rewrite) },
		"DELETE": func() { one.Delete(func(*harness.Note) {}) },
		"POST": func() {
			app.Post("/notes", func(in restmachine.Body[harness.NoteIn]) *restmachine.Reply[any] {
				return restmachine.Created[any]("/notes/2", &harness.Note{ID: "2", Text: in.Value.Text, Version: 1})
			})
		},
	} {
		if method != leftOut {
			handle()
		}
	}
	return one
}

// A failure is a way to fail.
type failure struct {
	name   string
	fail   func() error
	status int // 0: there is no answer
	stack  bool
}

var failures = []failure{
	{"panics", func() error { panic(harness.Secret) }, 500, true},
	{"panics with an error that means 404", func() error { panic(fmt.Errorf("%s: %w", harness.Secret, restmachine.ErrNotFound)) }, 500, true},
	{"returns an unknown error", func() error { return errors.New(harness.Secret) }, 500, false},
	{"returns a typed nil", func() error { var p *restmachine.Problem; return p }, 500, false},
	{"wraps ErrNotFound", func() error { return fmt.Errorf("%s: %w", harness.Secret, restmachine.ErrNotFound) }, 404, false},
	{"wraps a Problem", func() error { return fmt.Errorf("%s: %w", harness.Secret, &restmachine.Problem{Status: 418}) }, 418, false},
	{"finds the context ended", func() error { return fmt.Errorf("%s: %w", harness.Secret, context.DeadlineExceeded) }, 503, false},
	{"aborts", func() error { panic(http.ErrAbortHandler) }, 0, false},
	{"ends its goroutine", func() error { runtime.Goexit(); return nil }, 0, false},
}

func TestEveryCallbackFails(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, s := range spots {
		t.Run(s.name, func(t *testing.T) {
			for _, f := range failures {
				t.Run(f.name, func(t *testing.T) { s.check(t, f) })
			}
		})
	}
	http.DefaultClient.CloseIdleConnections()
	assert.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+2 }, 10*time.Second, 10*time.Millisecond,
		"goroutines are left: %d before, %d now", before, runtime.NumGoroutine())
}

// check lets the spot fail once in process and once over the connection, each
// time followed by a request that does not fail.
func (s spot) check(t *testing.T, f failure) {
	var armed atomic.Bool
	x := harness.NewTrial(t, func(app *restmachine.App) {
		if s.without != "ResourceExists" {
			app.ResourceExists(harness.NoteByPath)
		}
		s.say(app, noteHandlers(app, s.without), func() error {
			if !armed.CompareAndSwap(true, false) {
				return nil
			}
			return f.fail()
		})
	})
	req := harness.RequestOf(s.method, s.target, s.body, s.fields...)
	if instead, ok := s.instead[f.name]; ok {
		f.status = instead
	}

	assert.Equal(t, s.healthy, x.Do(s.method, s.target, s.body, s.fields...).StatusCode, "before it fails")
	armed.Store(true)
	checkInProcess(x, req, f)
	assert.False(t, armed.Load(), "the callback was not called")
	if logged := x.Log.Take(); !s.late || f.status == 500 {
		checkLog(t, logged, f)
	}
	assert.Equal(t, s.healthy, x.Do(s.method, s.target, s.body, s.fields...).StatusCode, "after it failed")

	armed.Store(true)
	resp, err := x.Send(req)
	switch cut := s.late && f.status >= 400 || f.status == 0; {
	case s.late && f.name == "aborts": // what was sent by then may have been all
	case cut:
		assert.Error(t, err, "the connection is cut: %d %s", resp.StatusCode, resp.Body)
	case assert.NoError(t, err):
		assert.Equal(t, f.status, resp.StatusCode, "over the wire: %s", resp.Body)
		x.Discreet(resp)
	}
	resp, err = x.Send(req)
	require.NoError(t, err)
	assert.Equal(t, s.healthy, resp.StatusCode, "over the wire, after it failed")
	x.Idle()
}

// checkInProcess has a goroutine of its own, which the failure may end.
func checkInProcess(x *harness.Trial, req restmachine.Request, f failure) {
	x.T.Helper()
	var resp *restmachine.Response
	done := make(chan struct{})
	go func() {
		defer close(done)
		r := x.App.Execute(req)
		resp = &r
	}()
	<-done
	x.Idle()
	if resp == nil {
		assert.Equal(x.T, "ends its goroutine", f.name, "Execute did not return")
		return
	}
	restmachinetest.CheckResponse(x.T, req, *resp)
	if f.name != "aborts" { // there is no connection to cut
		assert.Equal(x.T, f.status, resp.StatusCode, "in process: %s", resp.Body)
	}
	x.Discreet(*resp)
}

// checkLog asserts that the log of a 500 says what failed, and where.
func checkLog(t *testing.T, logged string, f failure) {
	t.Helper()
	if f.status != 500 && f.status != 0 {
		return
	}
	assert.Contains(t, logged, "_test.go:", "the callback is named with its place")
	if f.stack {
		assert.Contains(t, logged, "goroutine ", "the stack")
	}
	if f.stack || f.name == "returns an unknown error" {
		assert.Contains(t, logged, "hunter2", "what was said")
	}
}
