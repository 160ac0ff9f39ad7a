// The trial: an App that is expected to fail, and the secrets that no answer may
// tell.

package harness

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// Secret is in many failures of these tests, and in no answer.
const Secret = "postgres://app:hunter2@10.0.0.7/prod"

// ErrSecret is an error that means a 500.
var ErrSecret = errors.New("secret")

// A Trial is an App that is expected to fail, asked in process and over a
// connection, with what it logs.
type Trial struct {
	*Probe
	Log    *Log
	Server *httptest.Server
}

// NewTrial makes and starts an App, which build declares, and serves it.
func NewTrial(t *testing.T, build func(app *restmachine.App), options ...restmachine.Option) *Trial {
	t.Helper()
	log := &Log{}
	options = append(options, restmachine.WithLogger(log.logger()))
	x := &Trial{Probe: NewProbe(t, build, options...), Log: log}
	require.NoError(t, x.App.Start(t.Context()))
	log.Take()
	x.Server = httptest.NewUnstartedServer(x.App)
	x.Server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelInfo)
	x.Server.Start()
	x.Server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(x.Server.Close)
	return x
}

// On is x for a subtest.
func (x *Trial) On(t *testing.T) *Trial { return &Trial{x.Probe.On(t), x.Log, x.Server} }

// Send sends a request over the connection. The error says that there was no
// whole answer.
func (x *Trial) Send(req restmachine.Request) (restmachine.Response, error) {
	r, err := http.NewRequest(req.Method, x.Server.URL+req.Path, bytes.NewReader(req.Body))
	require.NoError(x.T, err)
	r.Header = req.Header.Clone()
	resp, err := x.Server.Client().Do(r)
	if err != nil {
		return restmachine.Response{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	got := restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
	if err == nil {
		restmachinetest.CheckResponse(x.T, req, got)
	}
	return got, err
}

// Idle asserts that no resource is locked.
func (x *Trial) Idle() {
	x.T.Helper()
	restmachinetest.CheckIdle(x.T, x.App)
}

// SendRaw writes lines to the server, less their CRs, and returns a reader of what it answers.
func (x *Trial) SendRaw(text string) (*net.TCPConn, *bufio.Reader) {
	x.T.Helper()
	conn, err := net.Dial("tcp", x.Server.Listener.Addr().String())
	require.NoError(x.T, err)
	x.T.Cleanup(func() { _ = conn.Close() })
	require.NoError(x.T, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, strings.ReplaceAll(text, "\n", "\r\n"))
	require.NoError(x.T, err)
	return conn.(*net.TCPConn), bufio.NewReader(conn)
}

// Status reads one answer, 100 included.
func (x *Trial) Status(r *bufio.Reader) int {
	x.T.Helper()
	resp, err := http.ReadResponse(r, nil)
	require.NoError(x.T, err)
	if resp.StatusCode >= 200 {
		_, _ = io.Copy(io.Discard, resp.Body)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// Discreet asserts that an answer gives nothing away.
func (x *Trial) Discreet(resp restmachine.Response) {
	x.T.Helper()
	all := fmt.Sprint(resp.Header, string(resp.Body))
	for _, word := range []string{"hunter2", "panic", "goroutine", ".go:", "restmachine"} {
		assert.NotContains(x.T, all, word)
	}
}
