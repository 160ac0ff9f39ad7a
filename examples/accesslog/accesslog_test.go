// These tests check the log: one line for each request, whatever ends it, and the ID of the
// request in each line that belongs to it.

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A journal keeps what is logged.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

// lines returns the lines that were logged since it was last asked.
func (j *journal) lines(t *testing.T) (all []map[string]any) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	for line := range strings.Lines(j.text.String()) {
		one := map[string]any{}
		require.NoError(t, json.Unmarshal([]byte(line), &one), line)
		all = append(all, one)
	}
	j.text.Reset()
	return all
}

// logged returns a server, and the journal that it writes.
func logged(t *testing.T) (url string, j *journal) {
	j = &journal{}
	log := newLogger(j)
	app := New(log, accessLog(log))
	require.NoError(t, app.Start(t.Context()))
	server := httptest.NewServer(requestIDs(app))
	t.Cleanup(server.Close)
	j.lines(t)
	return server.URL, j
}

// send sends a request, and returns its lines of the log. The last is that of the access log.
func send(t *testing.T, url string, j *journal, method, path, body string, fields ...string) (lines []map[string]any, resp *http.Response) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	resp, err = http.DefaultClient.Do(r)
	require.NoError(t, err)
	content, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	// A client may have its answer before the line is written.
	require.Eventually(t, func() bool {
		lines = append(lines, j.lines(t)...)
		return len(lines) > 0 && lines[len(lines)-1]["msg"] == "request"
	}, 5*time.Second, time.Millisecond)
	if method != http.MethodHead {
		assert.EqualValues(t, len(content), lines[len(lines)-1]["bytes"])
	}
	return lines, resp
}

func TestOneLineForEachRequest(t *testing.T) {
	url, j := logged(t)
	for _, test := range []struct {
		method, path, body string
		fields             []string
		status             int
		decision, route    string
		others             string // the line of the App or of a handler before it
	}{
		{"GET", "/counters/doors", "", nil, 200, "P19", "/counters/{name}", ""},
		{"HEAD", "/counters/doors", "", nil, 200, "P19", "/counters/{name}", ""},
		{"GET", "/counters/doors?secret=1", "", []string{"If-None-Match", `"1"`}, 304, "J19", "/counters/{name}", ""},
		{"PUT", "/counters/doors", `{"count": 5}`, []string{"If-Match", `"7"`}, 412, "G11", "/counters/{name}", ""},
		{"PUT", "/counters/doors", `{"count": 3}`, []string{"If-Match", `"1"`}, 200, "P19", "/counters/{name}", "a counter goes back"},
		{"PUT", "/counters/windows", `{"count": 1}`, nil, 500, "O15", "/counters/{name}", "restmachine: a request failed"},
		{"GET", "/counters/none", "", nil, 404, "L7", "/counters/{name}", ""},
		{"GET", "/nowhere", "", nil, 404, "L7", "", ""},
		{"DELETE", "/counters/doors", "", nil, 405, "B10", "/counters/{name}", ""},
	} {
		what := test.method + " " + test.path
		lines, resp := send(t, url, j, test.method, test.path, test.body, test.fields...)
		id := resp.Header.Get("X-Request-Id")
		assert.NotEmpty(t, id, what)
		others := lines[:len(lines)-1]
		if test.others == "" {
			assert.Empty(t, others, what)
		} else {
			require.Len(t, others, 1, what)
			assert.Equal(t, test.others, others[0]["msg"], what)
			assert.Equal(t, id, others[0]["request_id"], "%s: %s", what, test.others)
		}
		line := lines[len(lines)-1]
		path, _, _ := strings.Cut(test.path, "?")
		assert.Equal(t, map[bool]string{true: "ERROR", false: "INFO"}[test.status == 500], line["level"], what)
		assert.Positive(t, line["duration"], what)
		for _, name := range []string{"time", "level", "bytes", "duration", "error"} {
			delete(line, name)
		}
		assert.Equal(t, map[string]any{"msg": "request", "method": test.method, "path": path, "route": test.route,
			"status": float64(test.status), "decision": test.decision, "request_id": id}, line, what)
	}
}

// TestIDs: one that a proxy sent is kept; one that could harm the log is not.
func TestIDs(t *testing.T) {
	url, j := logged(t)
	for sent, kept := range map[string]bool{"7-a_B": true, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false, "": false, `a"b`: false, "a b": false, "é": false} {
		lines, resp := send(t, url, j, "GET", "/counters/doors", "", "X-Request-Id", sent)
		id := resp.Header.Get("X-Request-Id")
		assert.Equal(t, kept, id == sent, sent)
		assert.NotEmpty(t, id)
		assert.Equal(t, id, lines[0]["request_id"], sent)
	}
}

// TestALoggerWithMore keeps the IDs.
func TestALoggerWithMore(t *testing.T) {
	j := &journal{}
	log := newLogger(j).With("service", "counters").WithGroup("http")
	app := New(log, accessLog(log))
	requestIDs(app).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/counters/doors", nil))
	lines := j.lines(t)
	last := lines[len(lines)-1]
	assert.Equal(t, "counters", last["service"])
	group, _ := last["http"].(map[string]any)
	assert.NotEmpty(t, group["request_id"])
	assert.EqualValues(t, 200, group["status"])
}

// TestTheLogOfAPanic has its first line, and not its stack.
func TestTheLogOfAPanic(t *testing.T) {
	j := &journal{}
	app := restmachine.New(restmachine.WithLogger(newLogger(io.Discard)), restmachine.WithObserver(accessLog(newLogger(j))))
	app.Get("/", func() { panic("x") })
	app.Execute(restmachine.Request{Path: "/"})
	lines := j.lines(t)
	require.Len(t, lines, 1)
	assert.Equal(t, "panic: x", lines[0]["error"])
	assert.Equal(t, "", lines[0]["decision"], "the way had no end")
}
