// These tests let several clients change one event at the same time. One of them
// succeeds. The others are told: the hash that they send is no longer current.

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

const patches = 64

// patchTo changes the name of event 1 if it still has the tag.
func patchTo(name, etag string) restmachine.Request {
	return restmachine.Request{Method: "PATCH", Path: "/v1/events/1",
		Header: http.Header{"Content-Type": {mediaType}, "If-Match": {etag}},
		Body:   fmt.Appendf(nil, `{"data": {"type": "event", "id": "1", "attributes": {"name": %q}}}`, name)}
}

// RaceWrites delays every PATCH between its check and its write.
func TestOneOfManyPatchesIsWritten(t *testing.T) {
	app := New(true)
	for round := range 3 {
		etag := execute(t, app, "GET", "/v1/events/1", "").Header.Get("ETag")
		restmachinetest.RaceWrites(t, app, patchTo(fmt.Sprint("Round ", round), etag), patches)
		assert.Contains(t, string(execute(t, app, "GET", "/v1/events/1", "").Body), fmt.Sprint("Round ", round))
	}
}

// Over a connection, each PATCH sets another name. The name shows which PATCH was kept.
func TestTheWinnerIsKept(t *testing.T) {
	for _, major := range []int{1, 2} {
		t.Run(fmt.Sprint("HTTP/", major), func(t *testing.T) {
			app := New(true)
			server := serve(t, app, major)
			for round := range 30 {
				etag := execute(t, app, "GET", "/v1/events/1", "").Header.Get("ETag")
				name := func(i int) string { return fmt.Sprintf("%d of round %d", i, round) }
				statuses := make([]int, patches)
				var ready, all sync.WaitGroup
				ready.Add(patches)
				for i := range patches {
					all.Go(func() {
						ready.Done()
						ready.Wait()
						statuses[i] = send(t, server, major, patchTo(name(i), etag)).StatusCode
					})
				}
				all.Wait()
				i := slices.Index(statuses, 200)
				require.GreaterOrEqual(t, i, 0, "none has won")
				assert.Contains(t, string(execute(t, app, "GET", "/v1/events/1", "").Body), `"`+name(i)+`"`)
				want := slices.Repeat([]int{412}, patches)
				want[i] = 200
				require.Equal(t, want, statuses, "one wins")
			}
		})
	}
}

// serve serves an App until the test ends. It returns the server.
func serve(t *testing.T, app *restmachine.App, major int) *httptest.Server {
	server := httptest.NewUnstartedServer(app)
	if server.EnableHTTP2 = major == 2; server.EnableHTTP2 {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	server.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = patches
	send(t, server, major, restmachine.Request{Method: "GET", Path: "/v1/events"})
	return server
}

// send sends a request over the given version of HTTP. It may be called concurrently.
func send(t *testing.T, server *httptest.Server, major int, req restmachine.Request) restmachine.Response {
	r, err := http.NewRequestWithContext(t.Context(), req.Method, server.URL+req.Path, bytes.NewReader(req.Body))
	if !assert.NoError(t, err) {
		return restmachine.Response{}
	}
	r.Header = req.Header
	answer, err := server.Client().Do(r)
	if !assert.NoError(t, err) {
		return restmachine.Response{}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	assert.NoError(t, err)
	assert.Equal(t, major, answer.ProtoMajor)
	resp := restmachine.Response{StatusCode: answer.StatusCode, Header: answer.Header, Body: body}
	restmachinetest.CheckResponse(t, req, resp)
	return resp
}
