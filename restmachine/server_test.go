// ListenAndServe: it starts, serves within safe limits, lets go of nobody in the
// middle of a write, and ends in order.

package restmachine_test

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// A herald is a log handler that hears where the server listens.
type herald struct {
	slog.Handler
	address chan string
}

func (h herald) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "address" {
			h.address <- a.Value.String()
		}
		return true
	})
	return nil
}

// A stage is an App that is served, with the order of what happened to it.
type stage struct {
	address string
	stop    context.CancelFunc
	ended   chan error
	mu      sync.Mutex
	events  []string
}

func (s *stage) note(event string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, event)
}

func (s *stage) noted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.events...)
}

func serve(t *testing.T, d *harness.Doorman) *stage {
	t.Helper()
	h := herald{slog.NewTextHandler(io.Discard, nil), make(chan string, 1)}
	app := restmachine.New(restmachine.WithLogger(slog.New(h)))
	ctx, stop := context.WithCancel(t.Context())
	s := &stage{stop: stop, ended: make(chan error, 1)}
	app.OnStartup(func() *harness.Clock { s.note("start"); return &harness.Clock{} })
	app.OnShutdown(func(*harness.Clock) { s.note("shutdown") })
	app.ResourceExists(harness.TaskByPath)
	app.Get("/tasks/{id}", func(t *harness.Task) *harness.Task { return t }).Put(func(t *harness.Task, header http.Header) *harness.Task {
		d.Pass(header)
		s.note("write")
		return t
	})
	go func() { s.ended <- app.ListenAndServe(ctx, "127.0.0.1:0") }()
	select {
	case s.address = <-h.address:
	case err := <-s.ended:
		require.NoError(t, err)
	}
	t.Cleanup(stop)
	return s
}

// end waits for ListenAndServe to return.
func (s *stage) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.ended:
		return err
	case <-time.After(10 * time.Second):
		require.Fail(t, "it does not end")
		return nil
	}
}

func TestListenAndServeEndsInOrder(t *testing.T) {
	d := harness.NewDoorman()
	s := serve(t, d)
	status := make(chan int, 1)
	go func() {
		req, _ := http.NewRequest("PUT", "http://"+s.address+"/tasks/1", nil)
		req.Header.Set("X-Stay", "yes")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if !assert.NoError(t, err) {
			status <- 0
			return
		}
		_ = resp.Body.Close()
		status <- resp.StatusCode
	}()
	<-d.In
	s.stop()
	assert.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", s.address)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, 10*time.Second, time.Millisecond, "nobody new is let in")
	assert.Equal(t, []string{"start"}, s.noted(), "nothing is shut down under a request")
	close(d.Out)
	assert.Equal(t, 200, <-status, "the request under way is answered")
	assert.NoError(t, s.end(t))
	assert.Equal(t, []string{"start", "write", "shutdown"}, s.noted())
}

func TestListenAndServeEndsIdle(t *testing.T) {
	s := serve(t, harness.NewDoorman())
	resp, err := http.Get("http://" + s.address + "/tasks/1")
	require.NoError(t, err)
	_ = resp.Body.Close()
	assert.Equal(t, 200, resp.StatusCode)
	s.stop()
	assert.NoError(t, s.end(t))
	http.DefaultClient.CloseIdleConnections()
}

func TestListenAndServeFails(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	broken := errors.New("no database")
	rows := []struct {
		name    string
		address string
		say     func(app *restmachine.App)
		ended   []string
		says    string
	}{
		{"no address", "nowhere", func(*restmachine.App) {}, []string{"start", "shutdown"}, "nowhere"},
		{"an address that is taken", taken.Addr().String(), func(*restmachine.App) {}, []string{"start", "shutdown"}, "in use"},
		{"a wiring fault", "127.0.0.1:0", func(app *restmachine.App) { app.Get("/x", func(*harness.Note) {}) }, nil, "harness.Note"},
		{"a provider that fails", "127.0.0.1:0", func(app *restmachine.App) {
			app.OnStartup(func(*harness.Clock) (*harness.Note, error) { return nil, broken })
			app.Get("/x", func(*harness.Note) {})
		}, []string{"start", "shutdown"}, "no database"},
		{"a hook that fails", "nowhere", func(app *restmachine.App) {
			app.OnShutdown(func(*harness.Clock) error { return broken })
		}, []string{"start", "shutdown"}, "no database"},
		{"a hook that panics", "nowhere", func(app *restmachine.App) {
			app.OnShutdown(func(*harness.Clock) { panic(broken) })
		}, []string{"start", "shutdown"}, "no database"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var events []string
			app := restmachine.New(harness.Quiet)
			app.OnStartup(func() *harness.Clock { events = append(events, "start"); return &harness.Clock{} })
			app.OnShutdown(func(*harness.Clock) { events = append(events, "shutdown") })
			row.say(app)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			assert.ErrorContains(t, app.ListenAndServe(ctx, row.address), row.says)
			assert.NoError(t, ctx.Err(), "it went on to serve")
			assert.Equal(t, row.ended, events, "what has started is shut down")
		})
	}
}

// The zero value of http.Server waits for slow clients for ever.
func TestServerLimits(t *testing.T) {
	server := restmachine.New(harness.Quiet).Server()
	assert.Equal(t, 5*time.Second, server.ReadHeaderTimeout)
	assert.Equal(t, 30*time.Second, server.ReadTimeout)
	assert.Equal(t, 2*time.Minute, server.IdleTimeout)
	assert.Equal(t, 64<<10, server.MaxHeaderBytes)
	assert.NotNil(t, server.ErrorLog, "what net/http says goes to the App's log")

	s := serve(t, harness.NewDoorman())
	conn, err := net.Dial("tcp", s.address)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	go func() {
		_, _ = io.WriteString(conn, "GET /tasks/1 HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("a", 80<<10)+"\r\n\r\n")
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	_ = resp.Body.Close()
	assert.Equal(t, 431, resp.StatusCode)
}

// Serve keeps what its server says, and fills in the rest.
func TestServeWithAServerOfItsOwn(t *testing.T) {
	inner := restmachine.New(harness.Quiet)
	inner.Get("/", func() string { return "inner" })
	around := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Around", "yes")
		inner.ServeHTTP(w, r)
	})
	certificate := httptest.NewTLSServer(nil)
	certificate.Close()
	for _, row := range []struct {
		name, scheme string
		server       *http.Server
		around       string
	}{
		{"nothing said", "http", &http.Server{}, ""},
		{"middleware and limits", "http", &http.Server{Handler: around, ReadTimeout: -1, IdleTimeout: time.Second}, "yes"},
		{"TLS", "https", &http.Server{TLSConfig: certificate.TLS, Handler: around}, "yes"},
		{"TLS without a certificate is not meant", "http", &http.Server{TLSConfig: &tls.Config{MinVersion: tls.VersionTLS13}}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			readTimeout, idleTimeout := row.server.ReadTimeout, row.server.IdleTimeout
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			app := restmachine.New(harness.Quiet)
			app.Get("/", func() string { return "app" })
			go func() { ended <- app.Serve(ctx, listener, row.server) }()
			client := certificate.Client()
			resp, err := client.Get(row.scheme + "://" + listener.Addr().String())
			require.NoError(t, err)
			_ = resp.Body.Close()
			assert.Equal(t, 200, resp.StatusCode)
			assert.Equal(t, row.around, resp.Header.Get("X-Around"))
			stop()
			assert.NoError(t, <-ended)
			client.CloseIdleConnections()
			assert.Equal(t, cmp.Or(readTimeout, 30*time.Second), row.server.ReadTimeout)
			assert.Equal(t, cmp.Or(idleTimeout, 2*time.Minute), row.server.IdleTimeout)
			_, err = net.Dial("tcp", listener.Addr().String())
			assert.Error(t, err, "the listener is closed")
		})
	}
}

// A Serve that cannot start closes its listener, too.
func TestServeThatCannotStart(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/x", func(*harness.Note) {})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	assert.ErrorContains(t, app.Serve(t.Context(), listener, nil), "harness.Note")
	assert.ErrorIs(t, listener.Close(), net.ErrClosed)
}

// A client that is slow to send its fields is dropped; the limit of the test is
// shorter than the real one.
func TestSlowClientsAreDropped(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	app.Get("/", func() string { return "" })
	server := app.Server()
	server.ReadHeaderTimeout = 20 * time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: ")
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err, "the connection is closed")
	assert.NotContains(t, string(answer), "200")
}
