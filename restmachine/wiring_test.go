package restmachine_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// This file holds what the tests of the wiring share: a harbour with ships, an
// App whose log can be read, and a client that checks every answer.

type harbour struct{ Name string }

// A ship lies in a harbour; each change gives it the next version.
type ship struct {
	Name    string
	Version int
}

// A shipView is what a client is shown of a ship, where that is not the ship.
type shipView struct{ Label string }

func (s *ship) tag() string { return fmt.Sprintf("%s-%d", s.Name, s.Version) }

func tagOfShip(s *ship) string { return s.tag() }

// A port is an App under test.
type port struct {
	*restmachine.App
	t   *testing.T
	log *portLog
}

// portLog is a log that can be read while it is written.
type portLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *portLog) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *portLog) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func newPort(t *testing.T, options ...restmachine.Option) port {
	j := &portLog{}
	logger := slog.New(slog.NewTextHandler(j, nil))
	return port{restmachine.New(append(options, restmachine.WithLogger(logger))...), t, j}
}

// do sends a request with fields, name and value in turn. Content is JSON
// unless they say otherwise.
func (p port) do(method, path, body string, fields ...string) restmachine.Response {
	p.t.Helper()
	req := restmachine.Request{Method: method, Path: path, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Add(fields[i], fields[i+1])
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp := p.Execute(req)
	restmachinetest.CheckResponse(p.t, req, resp)
	return resp
}

// expect is do without content, for the status.
func (p port) expect(status int, method, path string, fields ...string) restmachine.Response {
	p.t.Helper()
	resp := p.do(method, path, "", fields...)
	assert.Equal(p.t, status, resp.StatusCode, "%s %s %q: %s\n%s", method, path, fields, resp.Body, p.log)
	return resp
}

// valid asserts that the App has no wiring fault.
func (p port) valid() port {
	p.t.Helper()
	require.NoError(p.t, p.Validate())
	return p
}

// faultsOf are the wiring faults of an App, one text each.
func faultsOf(t *testing.T, app *restmachine.App) []string {
	t.Helper()
	err := app.Validate()
	if err == nil {
		return nil
	}
	var all interface{ Unwrap() []error }
	require.True(t, errors.As(err, &all), "%T lists its faults", err)
	var texts []string
	for _, fault := range all.Unwrap() {
		texts = append(texts, fault.Error())
	}
	return texts
}

// nextLine is the place of the line behind the call, as faults name it.
func nextLine() string { return lineFrom(1) }

// lineAbove is the place of the line before the call.
func lineAbove() string { return lineFrom(-1) }

func lineFrom(offset int) string {
	_, file, line, _ := runtime.Caller(2)
	parts := strings.Split(file, "/")
	return fmt.Sprintf("%s:%d", strings.Join(parts[len(parts)-2:], "/"), line+offset)
}
