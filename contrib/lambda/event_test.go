package lambda_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/contrib/lambda"
	"github.com/restmachine/restmachine-go/restmachine"
)

// This file holds whole events and their answers, events that are something else, and what goes
// wrong.

var update = flag.Bool("update", false, "write the golden answers anew")

func newHandler(t testing.TB, app *restmachine.App, options ...lambda.Option) *lambda.Handler {
	t.Helper()
	h, err := lambda.New(context.Background(), app, options...)
	require.NoError(t, err)
	return h
}

// TestGolden: an event as the services send it, and the very JSON that goes back.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/events/*.json")
	require.NoError(t, err)
	require.Len(t, files, 8)
	for _, file := range files {
		event, err := os.ReadFile(file)
		require.NoError(t, err)
		answer, err := newHandler(t, newApp()).Invoke(t.Context(), event)
		require.NoError(t, err, file)
		var indented bytes.Buffer
		require.NoError(t, json.Indent(&indented, answer, "", "  "))
		golden := filepath.Join("testdata", "answers", filepath.Base(file))
		if *update {
			require.NoError(t, os.WriteFile(golden, append(indented.Bytes(), '\n'), 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		assert.Equal(t, string(want), indented.String()+"\n", file)
	}
}

// TestOtherEvents: what is not an HTTP request is an error that says what it seems to be, without
// its values, or what WithOther makes of it.
func TestOtherEvents(t *testing.T) {
	says := map[string]string{
		"schedule": "EventBridge", "queue": "records", "websocket": "websocket", "authorizer-1": "authorizer", "authorizer-2": "authorizer",
		"lattice-1": "VPC Lattice", "lattice-2": `its version is "2.0", and its fields are "headers", "method", "path"`,
		"later": `its version is "3.0"`, "ping": `its fields are "password", "warm"`,
	}
	files, err := filepath.Glob("testdata/others/*.json")
	require.NoError(t, err)
	require.Len(t, files, len(says))
	other := lambda.WithOther(func(_ context.Context, event json.RawMessage) (any, error) {
		return map[string]int{"bytes": len(event)}, nil
	})
	for _, file := range files {
		event, err := os.ReadFile(file)
		require.NoError(t, err)
		_, err = newHandler(t, newApp()).Invoke(t.Context(), event)
		require.Error(t, err, file)
		assert.Contains(t, err.Error(), says[strings.TrimSuffix(filepath.Base(file), ".json")], file)
		assert.NotContains(t, err.Error(), "secret", file)

		answer, err := newHandler(t, newApp(), other).Invoke(t.Context(), event)
		require.NoError(t, err, file)
		assert.Contains(t, string(answer), `{"bytes":`, file)
	}
	for event, says := range map[string]string{
		"": "not JSON", "{": "not JSON", "null": "not a JSON object", "[]": "not a JSON object", `"x"`: "not a JSON object", "{}": "not one field",
		`{"requestContext": "x", "httpMethod": "GET"}`:                                      `its fields are "httpMethod", "requestContext"`,
		`{"requestContext": {}, "httpMethod": "GET", "path": 1}`:                            "cannot be read as events.APIGatewayProxyRequest",
		`{"requestContext": {"elb": {}}, "path": "/"}`:                                      "its fields are",
		`{"requestContext": {}, "httpMethod": "PUT", "body": "%", "isBase64Encoded": true}`: "says that it is base64, and is not",
	} {
		_, err := newHandler(t, newApp()).Invoke(t.Context(), []byte(event))
		require.Error(t, err, event)
		assert.Contains(t, err.Error(), says, event)
	}
}

// TestTheEventOfOthersIsTheirs: Lambda uses the bytes of an event again.
func TestTheEventOfOthersIsTheirs(t *testing.T) {
	var kept json.RawMessage
	h := newHandler(t, newApp(), lambda.WithOther(func(_ context.Context, event json.RawMessage) (any, error) {
		kept = event
		return nil, nil
	}))
	event := []byte(`{"a":1}`)
	answer, err := h.Invoke(t.Context(), event)
	require.NoError(t, err)
	assert.Equal(t, "null", string(answer))
	clear(event)
	assert.Equal(t, `{"a":1}`, string(kept))
}

// TestTypedHandlers: each kind has its own method, for a function that serves one alone.
func TestTypedHandlers(t *testing.T) {
	h := newHandler(t, newApp())
	tag := map[string]string{"if-none-match": `"1-1"`}
	one, err := h.REST(t.Context(), events.APIGatewayProxyRequest{HTTPMethod: "GET", Path: "/notes/1", Headers: tag})
	require.NoError(t, err)
	assert.Equal(t, 304, one.StatusCode)
	two, err := h.HTTP(t.Context(), events.APIGatewayV2HTTPRequest{RawPath: "/notes/1", Headers: tag,
		RequestContext: events.APIGatewayV2HTTPRequestContext{HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: "GET"}}})
	require.NoError(t, err)
	assert.Equal(t, 304, two.StatusCode)
	url, err := h.FunctionURL(t.Context(), events.LambdaFunctionURLRequest{RawPath: "/notes/1", Headers: tag,
		RequestContext: events.LambdaFunctionURLRequestContext{HTTP: events.LambdaFunctionURLRequestContextHTTPDescription{Method: "GET"}}})
	require.NoError(t, err)
	assert.Equal(t, 304, url.StatusCode)
	alb, err := h.ALB(t.Context(), events.ALBTargetGroupRequest{HTTPMethod: "GET", Path: "/notes/1", Headers: tag})
	require.NoError(t, err)
	assert.Equal(t, "304 Not Modified", alb.StatusDescription)

	bad := "%"
	_, err = h.REST(t.Context(), events.APIGatewayProxyRequest{Body: bad, IsBase64Encoded: true})
	assert.ErrorContains(t, err, "base64")
	_, err = h.HTTP(t.Context(), events.APIGatewayV2HTTPRequest{Body: bad, IsBase64Encoded: true})
	assert.ErrorContains(t, err, "base64")
	_, err = h.FunctionURL(t.Context(), events.LambdaFunctionURLRequest{Body: bad, IsBase64Encoded: true})
	assert.ErrorContains(t, err, "base64")
	_, err = h.ALB(t.Context(), events.ALBTargetGroupRequest{Body: bad, IsBase64Encoded: true})
	assert.ErrorContains(t, err, "base64")
}

// A lastMoment has a deadline at which it does not end: Lambda would kill the process then.
type lastMoment struct {
	context.Context
	at time.Time
}

func (c lastMoment) Deadline() (time.Time, bool) { return c.at, true }

// TestDeadline: the context ends before Lambda stops the process, so that the App can answer and
// clean up.
func TestDeadline(t *testing.T) {
	cleaned := false
	app := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	type tx struct{}
	app.Dependency(func() (*tx, func(error) error, error) {
		return &tx{}, func(err error) error { cleaned = err != nil; return nil }, nil
	})
	app.Get("/slow", func(ctx context.Context, _ *tx) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	})
	h := newHandler(t, app, lambda.WithGrace(time.Minute)) // more than half of what is left
	ctx := lastMoment{t.Context(), time.Now().Add(100 * time.Millisecond)}
	answer, err := h.Invoke(ctx, services[0].payload(t, call{method: "GET", path: "/slow", header: fields()}))
	require.NoError(t, err)
	assert.Equal(t, 503, read(t, answer).StatusCode)
	assert.True(t, cleaned)
}

// TestGrace: of what is left, the grace is taken, and at most half.
func TestGrace(t *testing.T) {
	for _, test := range []struct{ grace, left, want time.Duration }{
		{20 * time.Second, time.Minute, 40 * time.Second}, {time.Hour, 40 * time.Second, 20 * time.Second}, {0, time.Minute, time.Minute},
	} {
		var got time.Time
		h, err := lambda.Over(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got, _ = r.Context().Deadline() }), lambda.WithGrace(test.grace))
		require.NoError(t, err)
		deadline := time.Now().Add(test.left)
		ctx, cancel := context.WithDeadline(t.Context(), deadline)
		_, err = h.Invoke(ctx, services[0].payload(t, call{method: "GET", path: "/", header: fields()}))
		cancel()
		require.NoError(t, err)
		assert.InDelta(t, test.want.Seconds(), test.left.Seconds()-deadline.Sub(got).Seconds(), 5.0)
	}
}

// TestFaultsAtStart: what cannot work is known before the first event.
func TestFaultsAtStart(t *testing.T) {
	wrong := restmachine.New()
	wrong.Get("/a", 1)
	_, err := lambda.New(t.Context(), wrong)
	require.ErrorContains(t, err, "event_test.go:")
	assert.Error(t, lambda.Start(wrong))

	failing := restmachine.New()
	failing.OnStartup(func() (*notes, error) { return nil, errors.New("no database") })
	failing.Get("/a", func(*notes) string { return "" })
	_, err = lambda.New(t.Context(), failing)
	assert.ErrorContains(t, err, "no database")

	for says, option := range map[string]lambda.Option{
		"an Option is nil": nil, `the base path "shop"`: lambda.WithBasePath("shop"), `"/shop/"`: lambda.WithBasePath("/shop/"), `""`: lambda.WithBasePath(""),
		`"/a//b"`: lambda.WithBasePath("/a//b"), "less than nothing": lambda.WithGrace(-1), "nil function": lambda.WithOther(nil),
	} {
		_, err := lambda.New(t.Context(), newApp(), option)
		assert.ErrorContains(t, err, says)
		_, err = lambda.Over(newApp(), option)
		assert.ErrorContains(t, err, says)
	}
	_, err = lambda.New(t.Context(), nil)
	assert.ErrorContains(t, err, "nil App")
	_, err = lambda.Over(nil)
	assert.ErrorContains(t, err, "nil http.Handler")
}

// TestOutsideLambda: a program that runs elsewhere is told so, and what it started is ended.
func TestOutsideLambda(t *testing.T) {
	t.Setenv("AWS_LAMBDA_RUNTIME_API", "")
	ended := false
	app := newApp()
	app.OnShutdown(func(*notes) { ended = true })
	assert.ErrorContains(t, lambda.Start(app), "App.ListenAndServe")
	assert.True(t, ended)
}
