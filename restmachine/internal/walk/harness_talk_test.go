// How the corner cases talk with an App: in process and over TCP, by one script.

package walk_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// ways are how a request reaches an App: as a value, or as header field lines.
var ways = map[string]func(*testing.T, *restmachine.App, restmachine.Request, string) restmachine.Response{
	"Execute": inProcess, "TCP": overTCP,
}

// say sends a request: its method and target, and a message of header field
// lines, one below the other, and perhaps content after an empty line.
type say func(start, message string) restmachine.Response

// talk runs a script with an App in process, and with another over TCP.
func talk(t *testing.T, build func() *restmachine.App, script func(*testing.T, say)) {
	t.Helper()
	for name, exchange := range ways {
		t.Run(name, func(t *testing.T) {
			app := build()
			var ledger restmachinetest.Ledger
			script(t, func(start, message string) restmachine.Response {
				t.Helper()
				req, lines := parsedMessage(start, message)
				resp := exchange(t, app, req, lines)
				restmachinetest.CheckResponse(t, req, resp)
				ledger.Check(t, req, resp)
				return resp
			})
		})
	}
}

// parsedMessage splits a message into a request and its header field lines. White
// space around values is kept: an App in process has to see to it itself. A line
// that begins with white space continues the one before (RFC 9112, 5.2).
func parsedMessage(start, message string) (restmachine.Request, string) {
	lines, content, _ := strings.Cut(message, "\n\n")
	method, target, _ := strings.Cut(start, " ")
	req := restmachine.Request{Method: method, Path: target, Header: http.Header{}, Body: []byte(content)}
	unfolded := strings.NewReplacer("\n ", "  ", "\n\t", "  ").Replace(lines)
	for line := range strings.Lines(unfolded) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		req.Header.Add(name, value)
	}
	return req, lines
}

func inProcess(_ *testing.T, app *restmachine.App, req restmachine.Request, _ string) restmachine.Response {
	return app.Execute(req)
}

// overTCP writes the request as it stands to a connection of its own, and
// asserts that the response is all that comes back.
func overTCP(t *testing.T, app *restmachine.App, req restmachine.Request, lines string) restmachine.Response {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n", req.Method, req.Path)
	if lines != "" {
		fmt.Fprintf(&b, "%s\r\n", strings.ReplaceAll(lines, "\n", "\r\n"))
	}
	if len(req.Body) > 0 {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(req.Body))
	}
	fmt.Fprintf(&b, "\r\n%s", req.Body)
	return rawTCP(t, app, b.String())
}

// rawTCP writes bytes to a server of the App and reads one response, the last on
// the connection.
func rawTCP(t *testing.T, app *restmachine.App, message string) restmachine.Response {
	t.Helper()
	server := httptest.NewUnstartedServer(app)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, message)
	require.NoError(t, err)
	method, _, _ := strings.Cut(message, " ")
	return received(t, bufio.NewReader(conn), method)
}

// received reads one response, the last on its connection.
func received(t *testing.T, conn *bufio.Reader, method string) restmachine.Response {
	t.Helper()
	resp, err := http.ReadResponse(conn, &http.Request{Method: method})
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	rest, err := io.ReadAll(conn)
	assert.NoError(t, err)
	assert.Empty(t, string(rest), "after the response")
	return restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
}

// An ownCorner is a case that takes an App or a judgement of its own.
type ownCorner struct {
	name   string
	build  func() *restmachine.App
	script func(*testing.T, say)
}

func runOwnCorners(t *testing.T, corners []ownCorner) {
	for _, c := range corners {
		t.Run(c.name, func(t *testing.T) { talk(t, c.build, c.script) })
	}
}
