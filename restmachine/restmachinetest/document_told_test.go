// CheckDocument finds response fields that the document does not tell, and request fields that only
// some callbacks read are in it.

package restmachinetest_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/cors"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// untold are Apps whose answers have a field that nothing tells. tell says what the finding advises.
var untold = []struct {
	name    string
	say     func(app *restmachine.App)
	finding string
	tell    func(app *restmachine.App)
}{
	{"a field of a Reply", func(app *restmachine.App) {
		app.Get("/x", func() *restmachine.Reply[string] {
			return &restmachine.Reply[string]{Header: header("Link", `<?page=2>; rel="next"`), Entity: "a"}
		})
	}, `GET /x answered 200: the field Link is not told; say it where it is set, on the Resource, a Group or the App: Field("Link", "what it says", 200), or without the 200 if every answer has it`,
		func(app *restmachine.App) { app.Resource("/x").Field("link", "The next page.", 200) }},
	{"a cookie", func(app *restmachine.App) {
		app.Post("/x", func() *restmachine.Reply[string] {
			reply := restmachine.Created("/x", "a")
			reply.Header.Set("Set-Cookie", "a=b")
			return reply
		})
	}, "POST /x answered 201: the field Set-Cookie is not told",
		func(app *restmachine.App) { app.Field("Set-Cookie", "The session.", 201) }},
	{"a field of all answers", func(app *restmachine.App) {
		app.ResourceExists(func(path restmachine.PathParams) (int, bool) { return 1, path.Get("id") != "nobody" })
		app.Get("/x/{id}", func(n int) int { return n })
		app.FinishRequest(func(r *restmachine.Response) { r.Header.Set("X-Request-Id", "7") })
	}, "GET /x/{id} answered 404: the field X-Request-Id is not told",
		func(app *restmachine.App) { app.Field("X-Request-Id", "For the support.") }},
	{"a field of a 304", func(app *restmachine.App) {
		app.Get("/x", func() string { return "" }).GenerateETag(func() string { return "1" })
		app.FinishRequest(func(r *restmachine.Response) {
			if r.StatusCode == 304 {
				r.Header.Set("X-Cache", "same")
			}
		})
	}, "GET /x answered 304: the field X-Cache is not told",
		func(app *restmachine.App) { app.Field("X-Cache", "", 304) }},
	{"a field of what any request may get", func(app *restmachine.App) {
		app.Get("/x", func(restmachine.Query[struct {
			N int `query:"n"`
		}]) error {
			return nil
		})
		app.FinishRequest(func(r *restmachine.Response) {
			if r.StatusCode == 400 {
				r.Header.Set("X-Help", "/help")
			}
		})
	}, "GET /x answered 400: the field X-Help is not told",
		func(app *restmachine.App) { app.Field("X-Help", "", 400) }},
	{"a field of a Problem", func(app *restmachine.App) {
		app.Post("/x", func(in restmachine.Body[Note]) error {
			if in.Value.Text == "" {
				return &restmachine.Problem{Status: 409, Header: header("X-Free-At", "12")}
			}
			return nil
		}).Problems(&restmachine.Problem{Status: 409})
	}, `POST /x answered 409: the field X-Free-At is not told; say it where it is set, on the Resource, a Group or the App: Field("X-Free-At", "what it says", 409), or without the 409 if every answer has it, or give it to the Header of the Problem that Problems names`,
		func(app *restmachine.App) {
			app.Resource("/x").Problems(&restmachine.Problem{Status: 409, Header: header("X-Free-At", "")})
		}},
	{"the freshness of a write", func(app *restmachine.App) {
		app.Delete("/x", func() {})
		app.FinishRequest(func(r *restmachine.Response) { r.Header.Set("Cache-Control", "no-store") })
	}, "DELETE /x answered 204: the field Cache-Control is not told",
		func(app *restmachine.App) { app.Field("Cache-Control", "") }},
	{"a tag that no fact gives", func(app *restmachine.App) {
		app.Get("/x", func() *restmachine.Reply[string] {
			return &restmachine.Reply[string]{Header: header("ETag", `"1"`), Entity: "a"}
		})
	}, "GET /x answered 200: the field ETag is not told; what tells it is GenerateETag or AutoETag",
		func(app *restmachine.App) { app.Resource("/x").GenerateETag(func() string { return "1" }) }},
}

func TestAFieldThatNobodyTellsIsFound(t *testing.T) {
	for _, row := range untold {
		t.Run(row.name, func(t *testing.T) {
			app := restmachine.New(quiet)
			row.say(app)
			found := reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, app) })
			assert.Contains(t, strings.Join(found, "\n"), row.finding)

			app = restmachine.New(quiet)
			row.say(app)
			row.tell(app)
			restmachinetest.CheckDocument(t, app) // what the finding advises ends it
		})
	}
}

// TestAFieldIsFoundOnceForAStatus: though its value is another one each time.
func TestAFieldIsFoundOnceForAStatus(t *testing.T) {
	app := restmachine.New(quiet)
	n := 0
	app.FinishRequest(func(r *restmachine.Response) {
		n++
		r.Header.Set("X-Request-Id", strconv.Itoa(n))
	})
	app.Get("/x", func() string { return "" })
	found := reports(t, func(t testing.TB) { restmachinetest.CheckDocument(t, app) })
	assert.Len(t, found, 2, "for 200 and 406: %q", found)
}

// TestFieldsThatNoDocumentTells: fields of each message, and those for browsers alone.
func TestFieldsThatNoDocumentTells(t *testing.T) {
	app := restmachine.New(quiet)
	cors.Allow(app, cors.Policy{Origins: []string{"https://page.example"}, Credentials: true})
	app.FinishRequest(func(r *restmachine.Response) {
		for _, name := range []string{"Date", "Server", "Via", "Age", "Content-Security-Policy", "Strict-Transport-Security", "Referrer-Policy"} {
			r.Header.Set(name, "x")
		}
	})
	app.Get("/x", func() string { return "" })
	restmachinetest.CheckDocument(t, app, restmachinetest.Document{Header: header("Origin", "https://page.example")})
	assert.NotEmpty(t, app.Execute(restmachine.Request{Path: "/x", Header: header("Origin", "https://page.example")}).Header.Get("Access-Control-Allow-Origin"))
}

// TestADocumentOfFieldsThatSomeRequestsRead: a parser, a renderer and hooks read fields of their own. A
// request that none of them reads is not refused for its field, and the document is true.
func TestADocumentOfFieldsThatSomeRequestsRead(t *testing.T) {
	type shown struct{ A int }
	app := restmachine.New(quiet)
	app.Provides("text/csv", func(*shown, restmachine.Header[struct {
		N uint8 `header:"X-Show"`
	}]) string {
		return "a"
	})
	app.Accepts("application/x-a", func([]byte, restmachine.Header[struct {
		N uint8 `header:"X-Parse"`
	}]) shown {
		return shown{}
	})
	app.Variances(func(restmachine.Header[struct {
		N uint8 `header:"X-Vary"`
	}]) []string {
		return nil
	})
	app.FinishRequest(func(restmachine.Cookie[struct {
		N uint8 `cookie:"finish"`
	}]) {
	})
	app.RenderError(func(*restmachine.Problem, restmachine.Header[struct {
		N uint8 `header:"X-Error"`
	}]) any {
		return "no"
	})
	app.Get("/x", func() *shown { return &shown{} })
	app.Post("/x", func(restmachine.Body[shown]) *shown { return &shown{} })
	restmachinetest.CheckDocument(t, app, manyDraws)

	operations, err := app.Operations()
	assert.NoError(t, err)
	var names []string
	for _, p := range operations[1].Parameters {
		assert.True(t, p.Sometimes, p.Name)
		names = append(names, p.Name)
	}
	assert.ElementsMatch(t, []string{"X-Show", "X-Parse", "X-Vary", "X-Error", "finish"}, names)
}
