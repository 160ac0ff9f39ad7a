// Every callback fails in every way: whatever it does, its client gets the
// status that is due and nothing that is not its business, the log says who it
// was, and nothing is left behind. What callbacks return that cannot be sent is
// in hostile_test.go.

package restmachine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// secret is in every failure of these tests, and in no answer.
const secret = "postgres://app:hunter2@10.0.0.7/prod"

// A journal keeps what an App logs.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

// read is what was logged since the last time.
func (j *journal) read() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	defer j.text.Reset()
	return j.text.String()
}

// A trial is an App that is expected to fail, asked in process and over a
// connection, with what it logs.
type trial struct {
	*probe
	log    *journal
	server *httptest.Server
}

func newTrial(t *testing.T, build func(app *restmachine.App), options ...restmachine.Option) *trial {
	t.Helper()
	log := &journal{}
	options = append(options, restmachine.WithLogger(slog.New(slog.NewTextHandler(log, nil))))
	x := &trial{probe: newProbe(t, build, options...), log: log}
	require.NoError(t, x.app.Start(t.Context()))
	log.read()
	x.server = httptest.NewUnstartedServer(x.app)
	x.server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelInfo)
	x.server.Start()
	x.server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(x.server.Close)
	return x
}

// send sends a request over the connection. The error says that there was no
// whole answer.
func (x *trial) send(req restmachine.Request) (restmachine.Response, error) {
	r, err := http.NewRequest(req.Method, x.server.URL+req.Path, bytes.NewReader(req.Body))
	require.NoError(x.t, err)
	r.Header = req.Header.Clone()
	resp, err := x.server.Client().Do(r)
	if err != nil {
		return restmachine.Response{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	got := restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
	if err == nil {
		restmachinetest.CheckResponse(x.t, req, got)
	}
	return got, err
}

// idle asserts that no resource is locked.
func (x *trial) idle() {
	x.t.Helper()
	restmachinetest.CheckIdle(x.t, x.app)
}

// A note is the resource of the tests of failures and of the lock: "1" exists,
// every other one does not.
type note struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Version int    `json:"version"`
}

type noteIn struct {
	Text string `json:"text"`
}

func noteByPath(path restmachine.PathParams) *note {
	if path.Get("id") != "1" {
		return nil
	}
	return &note{ID: "1", Text: "first", Version: 1}
}

func rewrite(n *note, in restmachine.Body[noteIn]) *note {
	return &note{n.ID, in.Value.Text, n.Version + 1}
}

// noteHandlers declares all handlers of a note but the one left out.
func noteHandlers(app *restmachine.App, leftOut string) *restmachine.Resource {
	one := app.Resource("/notes/{id}")
	for method, handle := range map[string]func(){
		"GET":    func() { one.Get(func(n *note) *note { return n }) },
		"PUT":    func() { one.Put(rewrite) },
		"PATCH":  func() { one.Patch(rewrite) },
		"DELETE": func() { one.Delete(func(*note) {}) },
		"POST": func() {
			app.Post("/notes", func(in restmachine.Body[noteIn]) *restmachine.Reply {
				return restmachine.Created("/notes/2", &note{"2", in.Value.Text, 1})
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
	{"panics", func() error { panic(secret) }, 500, true},
	{"panics with an error that means 404", func() error { panic(fmt.Errorf("%s: %w", secret, restmachine.ErrNotFound)) }, 500, true},
	{"returns an unknown error", func() error { return errors.New(secret) }, 500, false},
	{"returns a typed nil", func() error { var p *restmachine.Problem; return p }, 500, false},
	{"wraps ErrNotFound", func() error { return fmt.Errorf("%s: %w", secret, restmachine.ErrNotFound) }, 404, false},
	{"wraps a Problem", func() error { return fmt.Errorf("%s: %w", secret, &restmachine.Problem{Status: 418}) }, 418, false},
	{"finds the context ended", func() error { return fmt.Errorf("%s: %w", secret, context.DeadlineExceeded) }, 503, false},
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
	x := newTrial(t, func(app *restmachine.App) {
		if s.without != "ResourceExists" {
			app.ResourceExists(noteByPath)
		}
		s.say(app, noteHandlers(app, s.without), func() error {
			if !armed.CompareAndSwap(true, false) {
				return nil
			}
			return f.fail()
		})
	})
	req := requestOf(s.method, s.target, s.body, s.fields...)
	if instead, ok := s.instead[f.name]; ok {
		f.status = instead
	}

	assert.Equal(t, s.healthy, x.do(s.method, s.target, s.body, s.fields...).StatusCode, "before it fails")
	armed.Store(true)
	x.checkInProcess(req, f)
	assert.False(t, armed.Load(), "the callback was not called")
	if logged := x.log.read(); !s.late || f.status == 500 {
		checkLog(t, logged, f)
	}
	assert.Equal(t, s.healthy, x.do(s.method, s.target, s.body, s.fields...).StatusCode, "after it failed")

	armed.Store(true)
	resp, err := x.send(req)
	switch cut := s.late && f.status >= 400 || f.status == 0; {
	case s.late && f.name == "aborts": // what was sent by then may have been all
	case cut:
		assert.Error(t, err, "the connection is cut: %d %s", resp.StatusCode, resp.Body)
	case assert.NoError(t, err):
		assert.Equal(t, f.status, resp.StatusCode, "over the wire: %s", resp.Body)
		x.discreet(resp)
	}
	resp, err = x.send(req)
	require.NoError(t, err)
	assert.Equal(t, s.healthy, resp.StatusCode, "over the wire, after it failed")
	x.idle()
}

// checkInProcess has a goroutine of its own, which the failure may end.
func (x *trial) checkInProcess(req restmachine.Request, f failure) {
	x.t.Helper()
	var resp *restmachine.Response
	done := make(chan struct{})
	go func() {
		defer close(done)
		r := x.app.Execute(req)
		resp = &r
	}()
	<-done
	x.idle()
	if resp == nil {
		assert.Equal(x.t, "ends its goroutine", f.name, "Execute did not return")
		return
	}
	restmachinetest.CheckResponse(x.t, req, *resp)
	if f.name != "aborts" { // there is no connection to cut
		assert.Equal(x.t, f.status, resp.StatusCode, "in process: %s", resp.Body)
	}
	x.discreet(*resp)
}

// discreet asserts that an answer gives nothing away.
func (x *trial) discreet(resp restmachine.Response) {
	x.t.Helper()
	all := fmt.Sprint(resp.Header, string(resp.Body))
	for _, word := range []string{"hunter2", "panic", "goroutine", ".go:", "restmachine"} {
		assert.NotContains(x.t, all, word)
	}
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

// A stream that ends early must not look whole, whoever is to blame: with the
// last chunk behind it, half an answer would be one.
func TestAStreamThatTheContextEnds(t *testing.T) {
	var end context.CancelFunc
	x := newTrial(t, func(app *restmachine.App) {
		app.Get("/stream", func(ctx context.Context) io.Reader {
			sent := 0
			return readerFunc(func(p []byte) (int, error) {
				if sent += len(p); sent > 1<<20 {
					end()
				}
				return len(p), ctx.Err()
			})
		})
	})
	x.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		end = cancel
		x.app.ServeHTTP(w, r.WithContext(ctx))
	})
	resp, err := x.send(requestOf("GET", "/stream", ""))
	assert.Error(t, err, "%d, %d bytes", resp.StatusCode, len(resp.Body))
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
