package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/examples/internal/recipe"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// logged returns a logger without times, and what it has written.
func logged() (*slog.Logger, *bytes.Buffer) {
	var out bytes.Buffer
	return slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})), &out
}

// TestPage plays the session of the page, and then compares the log.
func TestPage(t *testing.T) {
	logger, out := logged()
	_, handler := NewApp(logger)
	recipe.Check(t, handler)
	if out.Len() == 0 {
		t.Skip("the session was not played")
	}
	assert.NoError(t, recipe.Compare(recipe.Read(t).Blocks["log"][0], out.String(), nil, nil))
}

func TestEachResponseHasAnID(t *testing.T) {
	logger, out := logged()
	app, handler := NewApp(logger)
	restmachinetest.Check(t, app)
	client := restmachinetest.Over(handler)

	note := client.Get("/notes/1").Expect(t).Status(200)
	first := note.Response.Header.Get(field)
	assert.Len(t, first, 26)
	same := client.Get("/notes/1").IfNoneMatch(note.ETag()).Expect(t).Status(304)
	assert.NotEqual(t, first, same.Response.Header.Get(field), "each request has its own, a 304 too")
	restmachinetest.CheckNotModified(t, note.Response, same.Response)

	for path, status := range map[string]int{"/notes/2": 500, "/notes/3": 404, "/nowhere": 404} {
		out.Reset()
		refused := client.Get(path).Header(field, "mine-1").Expect(t).Status(status).Header(field, "mine-1").
			Header("Content-Type", "application/problem+json")
		var problem struct {
			ID RequestID `json:"request_id"`
		}
		require.NoError(t, json.Unmarshal(refused.Response.Body, &problem))
		assert.EqualValues(t, "mine-1", problem.ID)
		for line := range strings.Lines(out.String()) {
			assert.Contains(t, line, "request_id=mine-1", "each line has the ID")
		}
	}
	client.Method("PATCH", "/notes/1").Header(field, "mine-1").Expect(t).Status(405).Header(field, "mine-1")
}

// TestStrangeIDsAreReplaced: what could fill the log, or forge a line of it, does not get there.
func TestStrangeIDsAreReplaced(t *testing.T) {
	logger, out := logged()
	_, handler := NewApp(logger)
	client := restmachinetest.Over(handler)
	for _, id := range []string{"", strings.Repeat("a", 65), "a b", "a level=ERROR", "a;b", "ä", `"a"`} {
		got := client.Get("/notes/1").Header(field, id).Expect(t).Status(200).Response.Header.Get(field)
		assert.Len(t, got, 26, "%q", id)
		assert.True(t, RequestID(got).isPlain())
	}
	assert.NotContains(t, out.String(), "ERROR")
	client.Get("/notes/1").Header(field, strings.Repeat("a", 64)).Expect(t).Header(field, strings.Repeat("a", 64))
}

// TestForward: the ID of a request goes on to the next service.
func TestForward(t *testing.T) {
	next := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Header.Get(field))
	}))
	defer next.Close()
	client := http.Client{Transport: Forward{http.DefaultTransport}}
	get := func(ctx context.Context) string {
		r, err := http.NewRequestWithContext(ctx, "GET", next.URL, nil)
		require.NoError(t, err)
		resp, err := client.Do(r)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		assert.Empty(t, r.Header, "the request of the caller is left as it was")
		return string(text)
	}
	assert.Equal(t, "mine-1", get(context.WithValue(t.Context(), key{}, RequestID("mine-1"))))
	assert.Empty(t, get(t.Context()))
}

// TestDocument holds the answers to the OpenAPI document.
func TestDocument(t *testing.T) {
	logger, _ := logged()
	app, _ := NewApp(logger)
	restmachinetest.CheckDocument(t, app, restmachinetest.Document{Values: map[string][]string{"id": {"1"}}})
}
