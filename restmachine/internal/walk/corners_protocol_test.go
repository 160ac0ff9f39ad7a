// Corner cases I: what the protocol brings besides (RFC 9110, 7, 9, 10.1.1,
// 15.5; RFC 9112, 3).

package walk_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

func TestCornersOfProtocol(t *testing.T) { runOwnCorners(t, protocolCorners) }

// refused is a script of one request that must not succeed, nor be echoed.
func refused(start, message, secret string, statuses ...int) func(*testing.T, say) {
	return func(t *testing.T, say say) {
		resp := say(start, message)
		assert.Contains(t, statuses, resp.StatusCode, string(resp.Body))
		assert.NotContains(t, string(resp.Body), secret)
	}
}

// readOnly builds an App with a path that has a GET alone.
func readOnly() *restmachine.App {
	app := restmachine.New()
	app.Get("/x", func() string { return "hello" })
	app.Get("/b", func() string { return "hello" })
	return app
}

// posting builds an App that creates at /x, and takes no more than ten bytes.
func posting() *restmachine.App {
	app := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	app.MaxBody(10)
	app.Post("/x", func(restmachine.Body[string]) *restmachine.Reply[any] { return restmachine.Created[any]("/x/1", nil) })
	return app
}

var protocolCorners = []ownCorner{
	{"I5 a star for a path", usualMemo, answers(400, "GET *", "")},
	{"I6 TRACE is no echo", usualMemo, refused("TRACE /x", "Cookie: secret", "secret", 405)},
	{"I7 CONNECT is not routed", readOnly, refused("CONNECT /a/../b", "", "hello", 400, 404, 405)},
	{"I8 a method that nobody knows", usualMemo, answers(501, "FROB /x", "")},
	{"I8 methods have case", usualMemo, answers(501, "get /x", "")},
	{"I8 a method that this path lacks", readOnly, func(t *testing.T, say say) {
		resp := expect(t, 405, say("DELETE /x", `If-Match: *`))
		assert.Equal(t, "GET, HEAD, OPTIONS", resp.Header.Get("Allow"))
	}},
	{"I12 a long target", usualMemo, refused("GET /x?"+strings.Repeat("long", 2500), "", "longlong", 414)},
	{"I12 a very long one", usualMemo, refused("GET /"+strings.Repeat("long", 200_000), "", "longlong", 414)},
	{"I13 content where none may be", memoWith(func(app *restmachine.App) {
		app.Resource("/x").Patch(func(*memo) *restmachine.Reply[any] { return restmachine.NewReply[any](http.StatusNoContent, "content") })
	}, inPlace(existingCreatable)), func(t *testing.T, say say) {
		assert.Empty(t, expect(t, 204, say("PATCH /x", "")).Body)
	}},
	{"I14 content over the limit", posting, answers(413, "POST /x", "Content-Type: text/plain\n\nmore than ten bytes")},
	{"I15 a fragment", usualMemo, refused("GET /x#y", "", "hello", 400, 404)},
}

// Messages that only a connection can carry, as they are on the wire.
func TestCornersOfMessages(t *testing.T) {
	tests := []struct {
		name    string
		build   func() *restmachine.App
		message string // lines, less their CRs
		status  int
		judge   func(*testing.T, restmachine.Response)
	}{
		{"I1 a 412 does not wait for content", tickets(),
			"PUT /tickets/1 HTTP/1.1\nHost: a\nConnection: close\nExpect: 100-continue\nContent-Length: 12\nIf-Match: \"0\"\n\n", 412, nil},
		{"I1 a 415 does not either", tickets(),
			"PUT /tickets/1 HTTP/1.1\nHost: a\nConnection: close\nExpect: 100-continue\nContent-Length: 12\nContent-Type: text/csv\n\n", 415, nil},
		{"I1 nor does a 413", posting,
			"POST /x HTTP/1.1\nHost: a\nConnection: close\nExpect: 100-continue\nContent-Length: 1000000000\n\n", 413, nil},
		{"I2 another expectation", usualMemo,
			"GET /x HTTP/1.1\nHost: a\nConnection: close\nExpect: the-unexpected\n\n", 417, nil},
		{"I3 the Host is nobody's promise", posting,
			"POST http://evil.example/x HTTP/1.1\nHost: a\nConnection: close\nContent-Type: text/plain\nContent-Length: 2\n\nhi", 201,
			func(t *testing.T, resp restmachine.Response) { assert.Equal(t, "/x/1", resp.Header.Get("Location")) }},
		{"I9 HTTP/1.0 without a Host", usualMemo, "GET /x HTTP/1.0\nIf-None-Match: \"A1\"\n\n", 304, nil},
		{"I9 HTTP/1.0 has no chunks", usualMemo, "GET /x HTTP/1.0\n\n", 200, func(t *testing.T, resp restmachine.Response) {
			assert.Equal(t, "11", resp.Header.Get("Content-Length"))
		}},
		{"I9 a 412 by HTTP/1.0", usualMemo, "PUT /x HTTP/1.0\nIf-Match: \"B\"\n\n", 412, nil},
		{"I14 chunks over the limit", posting,
			"POST /x HTTP/1.1\nHost: a\nConnection: close\nContent-Type: text/plain\nTransfer-Encoding: chunked\n\nb\nhello world\n0\n\n", 413, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp := expect(t, tt.status, rawTCP(t, tt.build(), strings.ReplaceAll(tt.message, "\n", "\r\n")))
			if tt.judge != nil {
				tt.judge(t, resp)
			}
		})
	}
}
