// Corner cases J: what the three rules add to conditional requests. What is created where
// nothing is loaded, gates that add up, other methods, replies whose tags would be asked too
// late, languages, and how long a refusal may be kept.

package walk_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
)

func TestCornersOfRules(t *testing.T) { runOwnCorners(t, ruleCorners) }

// A ticketView is made from a ticket.
type ticketView struct{ Of int }

func viewOf(t *ticket) ticketView { return ticketView{t.Version} }

// bare builds an App without a ticket.
func bare(declare func(app *restmachine.App), options ...restmachine.Option) func() *restmachine.App {
	return func() *restmachine.App {
		app := restmachine.New(append(options, restmachine.WithLogger(slog.New(slog.DiscardHandler)))...)
		declare(app)
		return app
	}
}

// refusedFor is a gate that refuses whoever has a field.
func refusedFor(name string) func(http.Header) bool {
	return func(h http.Header) bool { return h.Get(name) != "" }
}

func inLanguages(app *restmachine.App) {
	app.Get("/text", func(s restmachine.Selected) string { return "in " + s.Language }).Languages("en", "de")
}

var ruleCorners = []ownCorner{
	{"J1 a PUT learns from its database that it created", bare(func(app *restmachine.App) {
		app.Put("/x", func() *restmachine.Reply[*ticket] { return restmachine.Created("", &ticket{1}) })
	}), func(t *testing.T, say say) {
		assert.Empty(t, expect(t, 201, say("PUT /x", "")).Header.Values("Location"))
	}},
	{"J2 a POST that creates without a place", bare(func(app *restmachine.App) {
		app.Post("/x", func() *restmachine.Reply[*ticket] { return restmachine.Created("", &ticket{1}) })
	}), func(t *testing.T, say say) {
		assert.Empty(t, expect(t, 201, say("POST /x", "")).Header.Values("Location"))
	}},
	{"J3 a typed Created has the facts for its type", tickets(func(app *restmachine.App, _ *restmachine.Resource) {
		app.Post("/more", func() *restmachine.Reply[*ticket] { return restmachine.Created("", &ticket{7}) })
	}), func(t *testing.T, say say) {
		resp := expect(t, 201, say("POST /more", ""))
		assert.Equal(t, `"7"`, resp.Header.Get("ETag"))
		assert.Equal(t, "/tickets/1", resp.Header.Get("Location"))
	}},
	{"J4 gates add up", tickets(func(app *restmachine.App, one *restmachine.Resource) {
		app.Forbidden(refusedFor("Guest"))
		one.Forbidden(refusedFor("Stranger"))
		one.Forbidden(func(*ticket) bool { return false })
	}), func(t *testing.T, say say) {
		for _, who := range []string{"Guest", "Stranger"} {
			for _, what := range []string{"GET /tickets/1", "PUT /tickets/1", "DELETE /tickets/1"} {
				expect(t, 403, say(what, who+": yes\nIf-Match: \"0\""))
				expect(t, 403, say(what, who+": yes\nIf-None-Match: \"1\""))
			}
		}
		expect(t, 304, say("GET /tickets/1", `If-None-Match: "1"`))
	}},
	{"J5 another method is guarded", tickets(func(_ *restmachine.App, one *restmachine.Resource) {
		one.Handle("PURGE", func(*ticket) {})
	}), func(t *testing.T, say say) {
		expect(t, 412, say("PURGE /tickets/1", `If-Match: "0"`))
		expect(t, 412, say("PURGE /tickets/1", `If-None-Match: "1"`))
		expect(t, 204, say("PURGE /tickets/1", `If-Match: "1"`))
	}},
	{"J6 another safe method is not", tickets(func(_ *restmachine.App, one *restmachine.Resource) {
		one.HandleSafe("QUERY", func(t *ticket) []int { return []int{t.Version} })
	}), func(t *testing.T, say say) {
		for _, condition := range []string{`If-None-Match: "1"`, `If-Match: "0"`, "If-None-Match: *"} {
			assert.Empty(t, expect(t, 200, say("QUERY /tickets/1", condition)).Header.Values("ETag"))
		}
	}},
	{"J7 the answer to a write leaves out a tag that would be asked after it", tickets(func(app *restmachine.App, _ *restmachine.Resource) {
		view := app.Get("/views/1", viewOf).Put(viewOf).Patch(func(t *ticket) *restmachine.Reply[any] { return restmachine.NewReply[any](200, viewOf(t)) })
		view.GenerateETag(func(t *ticket) string { return "t" + strings.Repeat("+", t.Version) })
		view.LockKey(restmachine.ByPath)
		app.Resource("/tickets/1").LockKey(restmachine.ByPath)
	}), func(t *testing.T, say say) {
		tag := expect(t, 200, say("GET /views/1", "")).Header.Get("ETag")
		for _, method := range []string{"PUT", "PATCH"} {
			resp := expect(t, 200, say(method+" /views/1", "If-Match: "+tag))
			assert.Empty(t, resp.Header.Values("ETag"))
			assert.Equal(t, "/views/1", resp.Header.Get("Content-Location"))
		}
	}},
	{"J8 a language is a wish", bare(inLanguages), func(t *testing.T, say say) {
		for _, wish := range []string{"", "Accept-Language: fr", "Accept-Language: *", "Accept-Language: en;q=0"} {
			resp := expect(t, 200, say("GET /text", wish))
			assert.Equal(t, "en", resp.Header.Get("Content-Language"), wish)
			assert.Equal(t, "in en", string(resp.Body), wish)
			assert.Equal(t, "Accept-Language", resp.Header.Get("Vary"), wish)
		}
		assert.Equal(t, "in de", string(say("GET /text", "Accept-Language: fr, de;q=0.1").Body))
	}},
	{"J8 unless negotiation is strict", bare(inLanguages, restmachine.WithStrictNegotiation()), answers(406, "GET /text", "Accept-Language: fr")},
	{"J9 no cache keeps a refusal", tickets(func(app *restmachine.App, one *restmachine.Resource) {
		one.RequirePreconditions()
		app.Get("/known", func() error {
			return &restmachine.Problem{Status: 404, Header: http.Header{"Cache-Control": {"max-age=60"}}}
		})
	}), func(t *testing.T, say say) {
		for what, status := range map[string]int{"GET /nowhere": 404, "TRACE /tickets/1": 405, "PUT /tickets/1": 428} {
			assert.Equal(t, "no-store", expect(t, status, say(what, "")).Header.Get("Cache-Control"), what)
		}
		assert.Equal(t, "no-store", expect(t, 412, say("PUT /tickets/1", `If-Match: "0"`)).Header.Get("Cache-Control"))
		assert.Equal(t, "no-store", expect(t, 406, say("GET /tickets/1", "Accept: image/png")).Header.Get("Cache-Control"))
		assert.Equal(t, "max-age=60", expect(t, 404, say("GET /known", "")).Header.Get("Cache-Control"))
	}},
}
