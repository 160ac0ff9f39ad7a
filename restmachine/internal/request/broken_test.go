// Content that does not come whole, over real connections: too slowly is 408, broken off is
// 400, and a stream that is cancelled hears nothing. None of it is an error of the service.
// Nothing here measures time: a client that sends nothing more is too slow at some moment.

package request_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// readings are the ways in which a handler takes content. reached says that the handler runs
// before all of it is there.
var readings = map[string]struct {
	handler restmachine.Func
	reached bool
}{
	"json":    {func(restmachine.Body[map[string]any]) {}, false},
	"bytes":   {func(restmachine.Body[[]byte]) {}, false},
	"form":    {func(restmachine.Body[[]byte], *http.Request) {}, false},
	"spool":   {func(restmachine.Body[io.ReadSeeker]) {}, false},
	"stream":  {func(in restmachine.Body[io.Reader]) error { _, err := io.ReadAll(in.Value); return err }, true},
	"request": {func(r *http.Request) error { _, err := io.ReadAll(r.Body); return err }, true},
	"wrapped": {func(in restmachine.Body[io.Reader]) error {
		if _, err := io.Copy(io.Discard, in.Value); err != nil {
			return fmt.Errorf("storing it: %w", err)
		}
		return nil
	}, true},
	"echo": {func(in restmachine.Body[io.Reader]) io.Reader { return in.Value }, true},
}

func declare(app *restmachine.App, method, path string, handler restmachine.Func) {
	switch method {
	case "POST":
		app.Post(path, handler)
	case "PUT":
		app.Put(path, handler)
	case "PATCH":
		app.Patch(path, handler)
	}
}

// brokenApp is an App with a path for each reading; over says that a request is over.
func brokenApp(t *testing.T) (log *harness.Log, over http.Handler, done chan struct{}) {
	x := harness.NewTrial(t, func(app *restmachine.App) {
		// What has returned long ago is not to blame.
		app.Authorized(func() bool { return true })
		for name, r := range readings {
			declare(app, "POST", "/"+name, r.handler)
		}
	})
	done = make(chan struct{}, 100)
	return x.Log, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { done <- struct{}{} }()
		x.App.ServeHTTP(w, r)
	}), done
}

// served is a server whose clients have milliseconds for a request.
func served(t *testing.T, h http.Handler, timeout time.Duration, http2 bool) *httptest.Server {
	server := httptest.NewUnstartedServer(h)
	server.Config.ReadTimeout = timeout
	server.Config.ReadHeaderTimeout = time.Minute // on a busy machine, too, the handler runs
	server.Config.IdleTimeout = time.Minute
	server.EnableHTTP2 = http2
	if http2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

func quietly(t *testing.T, log *harness.Log, what string) {
	t.Helper()
	text := log.Take()
	assert.NotContains(t, text, "ERROR", what)
	assert.NotContains(t, text, "WARN", what)
}

// head is the head of a request whose content is longer than what follows.
func head(path string, chunked bool) string {
	length := "Content-Length: 100"
	if chunked {
		length = "Transfer-Encoding: chunked"
	}
	content := `{"a":`
	if chunked {
		content = fmt.Sprintf("%x\n%s\n", len(content), content)
	}
	return strings.ReplaceAll("POST /"+path+" HTTP/1.1\nHost: x\nContent-Type: application/json\n"+length+"\n\n"+content, "\n", "\r\n")
}

func dial(t *testing.T, server *httptest.Server, text string) *net.TCPConn {
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(conn, text)
	require.NoError(t, err)
	return conn.(*net.TCPConn)
}

func TestSlowContent(t *testing.T) {
	log, h, done := brokenApp(t)
	server := served(t, h, 50*time.Millisecond, false)
	for name := range readings {
		for _, chunked := range []bool{false, true} {
			what := fmt.Sprint(name, " chunked ", chunked)
			r := bufio.NewReader(dial(t, server, head(name, chunked)))
			resp, err := http.ReadResponse(r, nil)
			<-done
			quietly(t, log, what)
			if name == "echo" { // its answer has begun
				continue
			}
			require.NoError(t, err, what)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err, what)
			assert.Equal(t, 408, resp.StatusCode, what)
			assert.True(t, resp.Close, "%s: the connection is not used again (RFC 9110, 15.5.9)", what)
			assert.Contains(t, string(body), "the content came too slowly", what)
			_, err = r.ReadByte()
			assert.ErrorIs(t, err, io.EOF, what)
		}
	}
}

func TestContentThatBreaksOff(t *testing.T) {
	log, h, done := brokenApp(t)
	server := served(t, h, time.Minute, false)
	for name := range readings {
		for _, chunked := range []bool{false, true} {
			what := fmt.Sprint(name, " chunked ", chunked)
			conn := dial(t, server, head(name, chunked))
			require.NoError(t, conn.CloseWrite()) // the client still listens
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			<-done
			quietly(t, log, what)
			if name != "echo" {
				require.NoError(t, err, what)
				body, err := io.ReadAll(resp.Body)
				require.NoError(t, err, what)
				assert.Equal(t, 400, resp.StatusCode, what)
				assert.True(t, resp.Close, what)
				assert.Contains(t, string(body), "the content ended early", what)
			}
			reset := dial(t, server, head(name, chunked))
			require.NoError(t, reset.SetLinger(0))
			require.NoError(t, reset.Close()) // a reset: nobody listens
			<-done
			quietly(t, log, what+", reset")
		}
	}
}

// TestMalformedChunks are content that breaks off, too.
func TestMalformedChunks(t *testing.T) {
	log, h, done := brokenApp(t)
	server := served(t, h, time.Minute, false)
	for _, name := range []string{"json", "spool", "stream", "request", "wrapped"} {
		conn := dial(t, server, head(name, true)+"no number\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err, name)
		<-done
		assert.Equal(t, 400, resp.StatusCode, name)
		quietly(t, log, name)
	}
}

// never is content that does not come, once its beginning has.
type never struct {
	begun bool
	ended <-chan struct{}
}

func (n *never) Read(p []byte) (int, error) {
	if !n.begun {
		n.begun = true
		return copy(p, `{"a":`), nil
	}
	<-n.ended
	return 0, errors.New("the client has given up")
}

// connected gives the client of server its connection. net/http allows a TLS handshake no more
// than the ReadTimeout, which is too little on a busy machine: then it is tried again.
func connected(t *testing.T, server *httptest.Server, done chan struct{}) {
	for {
		resp, err := server.Client().Get(server.URL + "/")
		if err == nil {
			_ = resp.Body.Close()
			<-done
			return
		}
		require.NoError(t, t.Context().Err())
	}
}

func TestSlowContentOverHTTP2(t *testing.T) {
	log, h, done := brokenApp(t)
	server := served(t, h, 50*time.Millisecond, true)
	connected(t, server, done)
	for name := range readings {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "POST", server.URL+"/"+name, &never{ended: ctx.Done()})
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		resp, err := server.Client().Do(req)
		<-done
		quietly(t, log, name)
		if name != "echo" && assert.NoError(t, err, name) {
			assert.Equal(t, 2, resp.ProtoMajor)
			assert.Equal(t, 408, resp.StatusCode, name)
			assert.Empty(t, resp.Header.Get("Connection"), "%s: HTTP/2 has none (RFC 9113, 8.2.2)", name)
		}
		cancel()
		if err == nil {
			_ = resp.Body.Close()
		}
	}
}

func TestCancelledStreamsOverHTTP2(t *testing.T) {
	log, h, done := brokenApp(t)
	begun := make(chan struct{}, 1)
	server := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}
		h.ServeHTTP(w, r)
	}), time.Minute, true)
	for name := range readings {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "POST", server.URL+"/"+name, &never{ended: ctx.Done()})
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		go func() {
			<-begun
			cancel()
		}()
		resp, err := server.Client().Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		<-done
		quietly(t, log, name)
	}
}

// TestAConnectionThatEndsOverHTTP2: all of its streams break off.
func TestAConnectionThatEndsOverHTTP2(t *testing.T) {
	log, h, done := brokenApp(t)
	begun := make(chan struct{}, 1)
	server := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}
		h.ServeHTTP(w, r)
	}), time.Minute, true)
	for name := range readings {
		var conn net.Conn
		transport := server.Client().Transport.(*http.Transport).Clone()
		transport.DialTLSContext = func(ctx context.Context, network, addr string) (c net.Conn, err error) {
			conn, err = (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}}).DialContext(ctx, network, addr)
			return conn, err
		}
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "POST", server.URL+"/"+name, &never{ended: ctx.Done()})
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		go func() {
			<-begun
			_ = conn.Close()
			<-done
			cancel() // the client's own reader waits for it
		}()
		resp, err := transport.RoundTrip(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		<-ctx.Done()
		quietly(t, log, name)
		transport.CloseIdleConnections()
	}
}

// unreadable is content of a middleware, which fails.
type unreadable struct{ err error }

func (u unreadable) Read([]byte) (int, error) { return 0, u.err }

// TestContentOfAMiddleware: an error that says something says it, a limit is a limit, and
// any other is content that breaks off. What the errors of connections mean to the service,
// they do not mean here.
func TestContentOfAMiddleware(t *testing.T) {
	errOwn := errors.New("not decrypted")
	for _, method := range []string{"POST", "PUT", "PATCH"} {
		x := harness.NewTrial(t, func(app *restmachine.App) {
			app.MapError(errOwn, &restmachine.Problem{Status: 422})
			app.MapError(context.DeadlineExceeded, &restmachine.Problem{Status: 504})
			app.MapError(io.ErrUnexpectedEOF, &restmachine.Problem{Status: 502})
			for name, r := range readings {
				declare(app, method, "/"+name, r.handler)
			}
		})
		for name := range readings {
			for _, row := range []struct {
				err  error
				want int
			}{
				{&restmachine.Problem{Status: 403}, 403}, {fmt.Errorf("x: %w", errOwn), 422}, {&http.MaxBytesError{Limit: 3}, 413},
				{errors.New("anything"), 400}, {io.ErrUnexpectedEOF, 400}, {context.DeadlineExceeded, 408}, {context.Canceled, 400},
				{&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, 400},
			} {
				if name == "echo" {
					continue
				}
				r := httptest.NewRequest(method, "/"+name, unreadable{row.err})
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				x.App.ServeHTTP(w, r)
				assert.Equal(t, row.want, w.Code, "%s %s: %v", method, name, row.err)
				if row.want == 400 || row.want == 408 {
					assert.Equal(t, "close", w.Header().Get("Connection"))
				}
				quietly(t, x.Log, name)
			}
		}
	}
}
