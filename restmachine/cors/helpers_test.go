// What the tests of this package share: an App with an answer of every kind, and requests of
// browsers to it.

package cors_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

const (
	ours   = "https://app.example.com"
	theirs = "https://evil.example"
)

type note struct {
	ID, Text string
}

// fields is a header of names and values.
func fields(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

// newNotes is an App that asks for a token, with answers of many statuses. It fails the test if
// anything is loaded that may not be.
func newNotes(options ...restmachine.Option) *restmachine.App {
	quiet := restmachine.WithLogger(slog.New(slog.DiscardHandler))
	app := restmachine.New(append(options, quiet)...)
	app.ServiceAvailable(func(h http.Header) (bool, error) {
		switch h.Get("X-Load") {
		case "full":
			return false, nil
		case "much":
			return false, &restmachine.Problem{Status: 429, Header: http.Header{"Retry-After": {"3"}}}
		}
		return true, nil
	})
	app.MalformedRequest(func(h http.Header) bool { return h.Get("X-Client") == "" })
	app.Authorized(func(h http.Header) bool { return h.Get("Authorization") != "" })
	app.ResourceExists(func(p restmachine.PathParams) (*note, error) {
		switch p.Get("id") {
		case "1":
			return &note{"1", "hello"}, nil
		case "panic":
			panic("the store is broken")
		}
		return nil, nil
	})
	app.GenerateETag(func(n *note) string { return n.Text })
	app.Get("/notes/{id}", func(n *note) *note { return n }).
		Put(func(n *note, in restmachine.Body[note]) *note { return &note{n.ID, in.Value.Text} }).
		Delete(func(n *note) {})
	app.Post("/notes", func(in restmachine.Body[note]) *restmachine.Reply[*note] {
		return restmachine.Created("/notes/2", &in.Value)
	})
	app.Get("/old", func() (*note, error) { return nil, restmachine.ErrGone })
	app.Get("/stream", func() io.Reader { return io.MultiReader(strings.NewReader("half"), broken{}) })
	return app
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// A door is a way to send a request.
type door func(t *testing.T, method, path, body string, h http.Header) restmachine.Response

// doors are in process, and over the wire.
func doors(t *testing.T, app *restmachine.App) map[string]door {
	t.Helper()
	require.NoError(t, app.Validate())
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	return map[string]door{
		"Execute": func(t *testing.T, method, path, body string, h http.Header) restmachine.Response {
			r := restmachine.Request{Method: method, Path: path, Header: h, Body: []byte(body)}
			resp := app.Execute(r)
			restmachinetest.CheckResponse(t, r, resp)
			return resp
		},
		"net/http": func(t *testing.T, method, path, body string, h http.Header) restmachine.Response {
			r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
			require.NoError(t, err)
			r.Header = h.Clone()
			resp, err := server.Client().Do(r)
			require.NoError(t, err)
			defer resp.Body.Close()
			text, _ := io.ReadAll(resp.Body) // a stream may break
			return restmachine.Response{StatusCode: resp.StatusCode, Header: resp.Header, Body: text}
		},
	}
}

// preflight asks, as a browser does, whether a page may send a request.
func preflight(t *testing.T, app *restmachine.App, path, origin, method string, names ...string) restmachine.Response {
	t.Helper()
	require.NoError(t, app.Validate())
	h := fields("Origin", origin, "Access-Control-Request-Method", method)
	if len(names) > 0 {
		h.Set("Access-Control-Request-Headers", strings.Join(names, ","))
	}
	r := restmachine.Request{Method: http.MethodOptions, Path: path, Header: h}
	resp := app.Execute(r)
	restmachinetest.CheckResponse(t, r, resp)
	return resp
}

// allowed makes an App of newNotes with a policy for all of it.
func allowed(p cors.Policy) *restmachine.App {
	app := newNotes()
	cors.Allow(app, p)
	return app
}

// list are the names in a field.
func list(h http.Header, name string) []string {
	var all []string
	for _, line := range h.Values(name) {
		for part := range strings.SplitSeq(line, ",") {
			all = append(all, http.CanonicalHeaderKey(strings.TrimSpace(part)))
		}
	}
	return all
}
