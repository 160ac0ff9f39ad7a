// Corner cases G: writes, creation, variants and codings (RFC 9110, 8.8.3.3,
// 9.3.4, 13.1.1, 15.3.2; RFC 5789; RFC 6585, 3).

package walk_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

func TestCornersOfWrites(t *testing.T)   { runOwnCorners(t, writeCorners) }
func TestCornersOfVariants(t *testing.T) { runOwnCorners(t, variantCorners) }

// A ticket is a resource with a version, at /tickets/1.
type ticket struct{ Version int }

// A ticketText is what a client may say of a ticket.
type ticketText struct{ Text string }

// tickets builds an App with one ticket, which writes change and DELETE removes.
func tickets(more ...func(*restmachine.App, *restmachine.Resource)) func() *restmachine.App {
	return func() *restmachine.App {
		app := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
		current := &ticket{Version: 1}
		change := func(t *ticket, _ restmachine.Body[ticketText]) *ticket {
			current = &ticket{Version: t.Version + 1}
			return current
		}
		app.ResourceExists(func() *ticket { return current })
		app.GenerateETag(func(t *ticket) string { return fmt.Sprint(t.Version) })
		app.Location(func(*ticket) string { return "/tickets/1" })
		one := app.Get("/tickets/1", func(t *ticket) *ticket { return t }).Put(change).Patch(change).Post(change)
		one.Delete(func(*ticket) { current = nil })
		app.Get("/tickets", func() []ticket { return nil }).Post(func() *restmachine.Reply[any] {
			current = &ticket{Version: 1}
			return restmachine.Created[any]("", current)
		})
		for _, register := range more {
			register(app, one)
		}
		return app
	}
}

// versions builds an App whose ticket is another one whenever it is loaded.
func versions() *restmachine.App {
	app, loads := restmachine.New(), 0
	app.ResourceExists(func() *ticket { loads++; return &ticket{loads} })
	app.GenerateETag(func(t *ticket) string { return fmt.Sprint(t.Version) })
	app.Get("/tickets/1", func(t *ticket) *ticket { return t })
	return app
}

const ticketBody = "\n\n" + `{"Text":"x"}`

// expect asserts the status of one exchange.
func expect(t *testing.T, status int, resp restmachine.Response) restmachine.Response {
	t.Helper()
	assert.Equal(t, status, resp.StatusCode, string(resp.Body))
	return resp
}

var writeCorners = []ownCorner{
	{"G1 somebody was faster", tickets(), func(t *testing.T, say say) {
		expect(t, 200, say("PUT /tickets/1", `If-Match: "1"`+ticketBody))
		expect(t, 412, say("PUT /tickets/1", `If-Match: "1"`+ticketBody))
		assert.JSONEq(t, `{"Version":2}`, string(say("GET /tickets/1", "").Body))
	}},
	{"G2 a write that is sent again", tickets(), func(t *testing.T, say say) {
		expect(t, 200, say("PATCH /tickets/1", `If-Match: "1"`+ticketBody))
		expect(t, 412, say("PATCH /tickets/1", `If-Match: "1"`+ticketBody))
	}},
	{"G3 PATCH is guarded like PUT", tickets(), func(t *testing.T, say say) {
		expect(t, 412, say("PATCH /tickets/1", `If-Match: "0"`+ticketBody))
		resp := expect(t, 200, say("PATCH /tickets/1", `If-Match: "1"`+ticketBody))
		assert.Equal(t, say("GET /tickets/1", "").Header.Get("ETag"), resp.Header.Get("ETag"))
	}},
	{"G3 PATCH says what it takes", tickets(), func(t *testing.T, say say) {
		resp := expect(t, 415, say("PATCH /tickets/1", "Content-Type: text/csv\n\na,b"))
		assert.Equal(t, "application/json", resp.Header.Get("Accept-Patch"))
	}},
	{"G3 a conflict comes after the preconditions", tickets(func(app *restmachine.App, _ *restmachine.Resource) {
		app.IsConflict(func(*ticket) bool { return true })
	}), func(t *testing.T, say say) {
		expect(t, 412, say("PATCH /tickets/1", `If-Match: "0"`+ticketBody))
		expect(t, 409, say("PATCH /tickets/1", `If-Match: "1"`+ticketBody))
	}},
	{"G4 POST to what exists", tickets(), func(t *testing.T, say say) {
		expect(t, 412, say("POST /tickets/1", `If-Match: "0"`+ticketBody))
		expect(t, 200, say("POST /tickets/1", `If-Match: "1"`+ticketBody))
	}},
	{"G5 POST to a collection, which exists", tickets(), answers(412, "POST /tickets", `If-None-Match: *`)},
	{"G6 delete twice", tickets(), func(t *testing.T, say say) {
		expect(t, 204, say("DELETE /tickets/1", `If-Match: "1"`))
		expect(t, 404, say("DELETE /tickets/1", `If-Match: "1"`))
	}},
	{"G9 a PUT says what is there now", tickets(), func(t *testing.T, say say) {
		put := expect(t, 200, say("PUT /tickets/1", ticketBody))
		get := say("GET /tickets/1", "")
		assert.Equal(t, get.Header.Get("ETag"), put.Header.Get("ETag"))
		assert.Equal(t, get.Body, put.Body)
		assert.Equal(t, "/tickets/1", put.Header.Get("Content-Location"))
	}},
	{"G10 what is created has a place and a tag", tickets(), func(t *testing.T, say say) {
		expect(t, 204, say("DELETE /tickets/1", ""))
		resp := expect(t, 201, say("POST /tickets", ""))
		assert.Equal(t, "/tickets/1", resp.Header.Get("Location"))
		assert.Equal(t, say("GET /tickets/1", "").Header.Get("ETag"), resp.Header.Get("ETag"))
	}},
	{"G15 no tag", memoWith(func(*restmachine.App) {}, withTag("")), func(t *testing.T, say say) {
		assert.Empty(t, expect(t, 200, say("GET /x", `If-None-Match: "A1"`)).Header.Values("ETag"))
	}},
	{"G15 a tag that cannot be found out guards nothing", tickets(func(_ *restmachine.App, one *restmachine.Resource) {
		one.GenerateETag(func(*ticket) (string, error) { return "", errors.New("the index is down") })
	}), func(t *testing.T, say say) {
		for _, condition := range []string{`If-Match: "1"`, `If-None-Match: "0"`} {
			resp := expect(t, 500, say("PUT /tickets/1", condition+ticketBody))
			assert.NotContains(t, string(resp.Body), "index")
		}
		expect(t, 500, say("GET /tickets/1", ""))
	}},
	{"G16 tag and content come from one load", versions, func(t *testing.T, say say) {
		resp := expect(t, 200, say("GET /tickets/1", ""))
		assert.Equal(t, fmt.Sprintf(`{"Version":%s}`, strings.Trim(resp.Header.Get("ETag"), `"`)), string(resp.Body))
		expect(t, 304, say("GET /tickets/1", `If-None-Match: "2"`))
		expect(t, 412, say("GET /tickets/1", `If-Match: "2"`))
	}},
	{"G17 a precondition is required", tickets(func(_ *restmachine.App, one *restmachine.Resource) {
		one.RequirePreconditions()
	}), func(t *testing.T, say say) {
		resp := expect(t, 428, say("PUT /tickets/1", ticketBody))
		assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
		assert.Contains(t, string(resp.Body), "If-Match")
		for _, none := range []string{`If-None-Match: "0"`, "If-Modified-Since: Tue, 16 Jan 2024 10:00:00 GMT", "If-Unmodified-Since: Tue, 16 Jan 2024 10:00:00 GMT"} {
			expect(t, 428, say("PUT /tickets/1", none+ticketBody))
		}
		expect(t, 428, say("DELETE /tickets/1", ""))
		expect(t, 412, say("PUT /tickets/1", `If-None-Match: *`+ticketBody))
		expect(t, 200, say("PUT /tickets/1", `If-Match: "1"`+ticketBody))
		expect(t, 200, say("POST /tickets/1", ticketBody))
		expect(t, 200, say("GET /tickets/1", ""))
	}},
	{"G17 a date that counts is one", memoWith(func(app *restmachine.App) { app.RequirePreconditions() }),
		answers(200, "PUT /x", "If-Unmodified-Since: Tue, 16 Jan 2024 10:00:00 GMT")},
	{"G18 immutable does not spare the answer", memoWith(cached), answers(304, "GET /x", `If-None-Match: "A1"`)},
}

// inVariants offers a ticket as JSON and as text.
func inVariants(app *restmachine.App, _ *restmachine.Resource) {
	app.Provides("application/json", func(t *ticket) map[string]int { return map[string]int{"version": t.Version} })
	app.Provides("text/plain", func(t *ticket) string { return fmt.Sprint("version ", t.Version) })
}

func zipped(app *restmachine.App, one *restmachine.Resource) {
	one.Encodings("gzip")
	app.Provides("text/plain", func(t *ticket) string { return strings.Repeat("very much text ", 1000) })
}

var variantCorners = []ownCorner{
	{"G11 variants have tags of their own", tickets(inVariants), func(t *testing.T, say say) {
		json, text := say("GET /tickets/1", ""), say("GET /tickets/1", "Accept: text/plain")
		assert.NotEqual(t, json.Header.Get("ETag"), text.Header.Get("ETag"))
		for _, resp := range []restmachine.Response{json, text,
			expect(t, 304, say("GET /tickets/1", "If-None-Match: "+json.Header.Get("ETag"))),
			expect(t, 406, say("GET /tickets/1", "Accept: image/png"))} {
			assert.Equal(t, "Accept", resp.Header.Get("Vary"))
		}
	}},
	{"G11 each guards a write", tickets(inVariants), func(t *testing.T, say say) {
		text := say("GET /tickets/1", "Accept: text/plain").Header.Get("ETag")
		expect(t, 200, say("PUT /tickets/1", "If-Match: "+text+ticketBody))
		expect(t, 412, say("PUT /tickets/1", "If-Match: "+text+ticketBody))
		expect(t, 200, say("PUT /tickets/1", "Accept: text/plain\nIf-Match: \"2\""+ticketBody))
		expect(t, 412, say("PUT /tickets/1", `If-Match: "3;text"`+ticketBody))
	}},
	{"G12 a coding has a tag of its own, and knows it", tickets(zipped), func(t *testing.T, say say) {
		plain, zip := say("GET /tickets/1", ""), say("GET /tickets/1", "Accept-Encoding: gzip")
		assert.Equal(t, "gzip", zip.Header.Get("Content-Encoding"))
		assert.NotEqual(t, plain.Header.Get("ETag"), zip.Header.Get("ETag"))
		expect(t, 304, say("GET /tickets/1", "Accept-Encoding: gzip\nIf-None-Match: "+zip.Header.Get("ETag")))
		expect(t, 200, say("PUT /tickets/1", "If-Match: "+zip.Header.Get("ETag")+ticketBody))
	}},
	{"G13 another variant's tag is a miss", tickets(inVariants), func(t *testing.T, say say) {
		json := say("GET /tickets/1", "").Header.Get("ETag")
		expect(t, 200, say("GET /tickets/1", "Accept: text/plain\nIf-None-Match: "+json))
	}},
}
