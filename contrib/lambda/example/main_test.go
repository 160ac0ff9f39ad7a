package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file runs the program as Lambda does: it starts the process, hands events to it by the
// Runtime API, and ends it by SIGTERM.

// asProgram makes the test's binary the program itself.
const asProgram = "RUN_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// A runtime is the Runtime API and the Extensions API of Lambda.
type runtime struct {
	events  chan string
	answers chan string
}

func (l *runtime) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/invocation/next"):
		select {
		case event := <-l.events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "invocation-1")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(time.Minute).UnixMilli()))
			_, _ = io.WriteString(w, event)
		case <-r.Context().Done():
		}
	case strings.HasSuffix(path, "/response"), strings.HasSuffix(path, "/error"):
		b, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		l.answers <- path[strings.LastIndex(path, "/")+1:] + " " + string(b)
	case strings.HasSuffix(path, "/extension/register"):
		w.Header().Set("Lambda-Extension-Identifier", "extension-1")
	case strings.HasSuffix(path, "/extension/event/next"):
		<-r.Context().Done()
	}
}

func (l *runtime) invoke(t *testing.T, event string) (answer struct {
	StatusCode   int               `json:"statusCode"`
	Headers      map[string]string `json:"headers"`
	ErrorMessage string            `json:"errorMessage"`
}) {
	t.Helper()
	l.events <- event
	kind, body, _ := strings.Cut(<-l.answers, " ")
	require.NoError(t, json.Unmarshal([]byte(body), &answer), "%s", body)
	require.Equal(t, kind == "error", answer.ErrorMessage != "", "%s", body)
	return answer
}

// event is one of a function URL.
func event(method, fields, body string) string {
	return fmt.Sprintf(`{"version": "2.0", "rawPath": "/notes/1", "headers": {%s}, "body": %q, "requestContext":
		{"domainName": "abc123.lambda-url.eu-west-1.on.aws", "http": {"method": %q}}}`, fields, body, method)
}

// TestInLambda: start, 200, 304, 428, 412, 200, an event of another kind, and the end.
func TestInLambda(t *testing.T) {
	l := &runtime{make(chan string), make(chan string, 1)}
	server := httptest.NewServer(l)
	defer server.Close()
	defer server.CloseClientConnections()

	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), asProgram+"=1", "AWS_LAMBDA_RUNTIME_API="+strings.TrimPrefix(server.URL, "http://"))
	log, err := process.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	defer func() { _ = process.Process.Kill(); _ = process.Wait() }()
	lines := bufio.NewScanner(log)
	requireLine(t, lines, "started") // before the first event

	const content = `"content-type": "application/json"`
	got := l.invoke(t, event("GET", "", ""))
	require.Equal(t, 200, got.StatusCode)
	tag := got.Headers["Etag"]
	assert.Equal(t, `"1"`, tag)
	assert.Equal(t, 304, l.invoke(t, event("GET", fmt.Sprintf(`"if-none-match": %q`, tag), "")).StatusCode)
	assert.Equal(t, 428, l.invoke(t, event("PUT", content, `{"text": "x"}`)).StatusCode)
	assert.Equal(t, 412, l.invoke(t, event("PUT", content+`, "if-match": "\"0\""`, `{"text": "x"}`)).StatusCode)
	assert.Equal(t, 200, l.invoke(t, event("PUT", content+fmt.Sprintf(`, "if-match": %q`, tag), `{"text": "Buy oats"}`)).StatusCode)
	assert.Contains(t, l.invoke(t, `{"source": "aws.events", "detail-type": "Scheduled Event"}`).ErrorMessage, "EventBridge")
	assert.Equal(t, 200, l.invoke(t, event("GET", "", "")).StatusCode, "the process goes on")

	require.NoError(t, process.Process.Signal(syscall.SIGTERM))
	requireLine(t, lines, "ended")
}

func requireLine(t *testing.T, lines *bufio.Scanner, word string) {
	t.Helper()
	for lines.Scan() {
		if strings.HasSuffix(lines.Text(), word) {
			return
		}
	}
	require.Fail(t, "the program has not logged "+word)
}
