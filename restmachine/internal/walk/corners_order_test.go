// Corner cases F: the order of preconditions and other answers (RFC 9110,
// 13.2.1), and what 304 and 412 say (15.4.5, 15.5.13).

package walk_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestCornersOfOrder(t *testing.T) { runOwnCorners(t, orderCorners) }

// answers is a script of one request that asks for a status.
func answers(status int, start, message string) func(*testing.T, say) {
	return func(t *testing.T, say say) {
		resp := say(start, message)
		assert.Equal(t, status, resp.StatusCode, string(resp.Body))
	}
}

// ofLines gives a PATCH that takes a line of text, where newMemo gave none.
func ofLines(app *restmachine.App) {
	app.Accepts("text/plain", func(b []byte) line { return line(b) })
	app.Resource("/x").Patch(func(_ *memo, in restmachine.Body[line]) *memo { return &memo{[]byte(in.Value)} })
}

// A line is content that can be bad.
type line string

func (l line) Validate() error {
	if l == "bad" {
		return errors.New("this is a bad line")
	}
	return nil
}

func cached(app *restmachine.App) {
	app.CacheControl(func(*memo) string { return "max-age=60, immutable" })
	app.Expires(func(*memo) time.Time { return printed.AddDate(100, 0, 0) })
	app.Provides("application/json", func(m *memo) map[string]string { return map[string]string{"content": string(m.content)} })
}

// notModified asserts that the request is a 304 that says what a cache needs.
func notModified(t *testing.T, say say, condition string) restmachine.Response {
	t.Helper()
	resp := say("GET /x", condition)
	restmachinetest.CheckNotModified(t, say("GET /x", ""), resp)
	return resp
}

var orderCorners = []ownCorner{
	{"F1 not acceptable comes first", usualMemo, answers(406, "GET /x", "Accept: image/png\nIf-None-Match: \"A1\"")},
	{"F2 so does a media type", memoWith(ofLines, inPlace(existingCreatable)), answers(415, "PATCH /x", "Content-Type: text/csv\nIf-Match: \"B\"\n\na,b")},
	{"F2 so does a length", memoWith(func(app *restmachine.App) { ofLines(app); app.MaxBody(4) }, inPlace(existingCreatable)),
		answers(413, "PATCH /x", "Content-Type: text/plain\nIf-Match: \"B\"\n\nlonger")},
	{"F3 so does a missing credential", memoWith(func(app *restmachine.App) { app.Authorized(func() bool { return false }) }),
		answers(401, "PUT /x", `If-Match: "B"`)},
	{"F3 so does a forbidden resource", memoWith(func(app *restmachine.App) { app.Forbidden(func(*memo) bool { return true }) }),
		answers(403, "GET /x", `If-None-Match: "A1"`)},
	{"F4 so does a redirect", memoWith(func(app *restmachine.App) { app.MovedPermanently(func() string { return "/y" }) }, gone),
		answers(301, "GET /x", `If-Match: "A1"`)},
	{"F4 so does a temporary one of a write", memoWith(func(app *restmachine.App) { app.MovedTemporarily(func() string { return "/y" }) }, gone),
		answers(307, "PUT /x", `If-Match: *`)},
	{"F4 so does what is gone", memoWith(func(app *restmachine.App) { app.PreviouslyExisted(func() bool { return true }) }, gone),
		answers(410, "DELETE /x", `If-Match: "A1"`)},
	{"F5 content comes later", memoWith(ofLines, inPlace(existingCreatable)), answers(412, "PATCH /x", "Content-Type: text/plain\nIf-Match: \"B\"\n\nbad")},
	{"F5 content counts at last", memoWith(ofLines, inPlace(existingCreatable)), answers(422, "PATCH /x", "Content-Type: text/plain\nIf-Match: \"A1\"\n\nbad")},
	{"F6 a 304 by the tag", memoWith(cached), func(t *testing.T, say say) {
		resp := notModified(t, say, `If-None-Match: "A1"`)
		assert.Equal(t, `"A1"`, resp.Header.Get("ETag"))
		assert.Equal(t, "Accept", resp.Header.Get("Vary"))
		assert.Equal(t, "max-age=60, immutable", resp.Header.Get("Cache-Control"))
	}},
	{"F6 a 304 by the date", memoWith(cached), func(t *testing.T, say say) {
		assert.Equal(t, `"A1"`, notModified(t, say, "If-Modified-Since: Mon, 15 Jan 2024 10:00:00 GMT").Header.Get("ETag"))
	}},
	{"F7 a 304 has no content", usualMemo, func(t *testing.T, say say) {
		resp := notModified(t, say, `If-None-Match: "A1"`)
		assert.Empty(t, resp.Body)
		assert.Empty(t, resp.Header.Values("Content-Length"))
	}},
	{"F8 nor does it describe one", usualMemo, func(t *testing.T, say say) {
		resp := notModified(t, say, `If-None-Match: "A1"`)
		for _, field := range []string{"Content-Type", "Content-Encoding", "Content-Language", "Transfer-Encoding"} {
			assert.Empty(t, resp.Header.Values(field), field)
		}
	}},
	{"F9 a tag spares the date", usualMemo, func(t *testing.T, say say) {
		assert.Empty(t, notModified(t, say, `If-None-Match: "A1"`).Header.Values("Last-Modified"))
	}},
	{"F9 without a tag the date stays", memoWith(func(*restmachine.App) {}, untagged), func(t *testing.T, say say) {
		resp := notModified(t, say, "If-Modified-Since: Mon, 15 Jan 2024 10:00:00 GMT")
		assert.Equal(t, "Mon, 15 Jan 2024 10:00:00 GMT", resp.Header.Get("Last-Modified"))
	}},
	{"F10 HEAD is GET without content", memoWith(cached), func(t *testing.T, say say) {
		get := say("GET /x", "")
		restmachinetest.CheckHead(t, get, say("HEAD /x", ""))
		assert.Equal(t, "11", get.Header.Get("Content-Length"))
	}},
	{"F11 a 412 explains itself", usualMemo, func(t *testing.T, say say) {
		resp := say("PUT /x", `If-Match: "B"`)
		assert.Equal(t, http.StatusPreconditionFailed, resp.StatusCode)
		assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"))
		assert.Contains(t, string(resp.Body), "If-Match")
		assert.Contains(t, string(say("PUT /x", `If-Match: W/"A1"`).Body), "proxy", "it may have made the tag weak")
	}},
	{"F12 OPTIONS looks at none", usualMemo, answers(200, "OPTIONS /x", `If-Match: "B"`)},
	{"F12 nor does TRACE", usualMemo, answers(405, "TRACE /x", `If-None-Match: "A1"`)},
	{"F13 an error after a passed precondition", memoWith(func(app *restmachine.App) {
		cached(app)
		app.Resource("/x").Patch(func(*memo) (*memo, error) { return nil, errors.New("the disk is full") })
	}, inPlace(existingCreatable)), func(t *testing.T, say say) {
		resp := say("PATCH /x", `If-Match: "A1"`)
		assert.Equal(t, http.StatusInternalServerError, resp.StatusCode)
		assert.Equal(t, []string{"no-store"}, resp.Header.Values("Cache-Control"))
		assert.NotContains(t, string(resp.Body), "disk")
	}},
	{"F14 what is deleted has no validators", usualMemo, func(t *testing.T, say say) {
		resp := say("DELETE /x", `If-Match: "A1"`)
		assert.Equal(t, http.StatusNoContent, resp.StatusCode)
		assert.Empty(t, resp.Header.Values("ETag"))
		assert.Empty(t, resp.Header.Values("Last-Modified"))
	}},
	{"F14 nor has a refusal", usualMemo, func(t *testing.T, say say) {
		resp := say("GET /x", `If-Match: "B"`)
		assert.Equal(t, http.StatusPreconditionFailed, resp.StatusCode)
		assert.Empty(t, resp.Header.Values("ETag"))
		assert.Empty(t, resp.Header.Values("Last-Modified"))
	}},
}
