// Response fields that somebody tells, and request fields that somebody reads: where they stand in
// the document.

package openapi_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

// told are the responses of an operation that tell a field.
func (d tree) told(operation, field string) (statuses []string) {
	for _, status := range d.keys(operation + " responses") {
		if _, ok := d.at(operation + " responses " + status + " headers")[field]; ok {
			statuses = append(statuses, status)
		}
	}
	return statuses
}

// TestWhereAFieldIsTold: at the statuses that were named, of the operations below the place.
func TestWhereAFieldIsTold(t *testing.T) {
	app := newItems()
	one := app.Get("/items/{id}", getItem)
	one.Put(func(i *item, in restmachine.Body[item]) *item { return i })
	one.Field("Link", "Its parts.", 200)
	app.Get("/other", func() string { return "" })
	app.Field("X-Request-ID", "What to tell the support.")
	group := app.Group("/jobs")
	group.Post("", func() (*restmachine.Reply[string], error) { return nil, nil })
	group.Field("Retry-After", "", 202, 503)
	busy := &restmachine.Problem{Status: 409, Header: http.Header{"X-Free-At": {"12"}, "Location": {"/"}, "Content-Type": {"x/y"}}}
	group.Problems(busy, &restmachine.Problem{Status: 507, Header: http.Header{"X-Size": {"1"}}})
	d := document(t, app, openapi.Info{AllMethods: true, Texts: map[string]openapi.Text{"POST /jobs": {Statuses: []int{202}}}})

	get, put, other, post := "paths /items/{id} get", "paths /items/{id} put", "paths /other get", "paths /jobs post"
	assert.Equal(t, []string{"200"}, d.told(get, "Link"))
	assert.Equal(t, []string{"200"}, d.told(put, "Link"))
	assert.Equal(t, []string{"200"}, d.told("paths /items/{id} head", "Link"))
	assert.Equal(t, []string{"200"}, d.told("paths /items/{id} options", "Link"))
	assert.Empty(t, d.told(other, "Link"))
	assert.Equal(t, "Its parts.", d.at("components headers Link")["description"])

	for _, operation := range []string{get, put, other, post, "paths /other head", "paths /other options"} {
		assert.Equal(t, d.keys(operation+" responses"), d.told(operation, "X-Request-ID"), "each answer of %s", operation)
	}
	assert.Equal(t, []string{"202", "default"}, d.told(post, "Retry-After"), "503 is of the default")
	assert.Equal(t, "When to try again (RFC 9110, 10.2.3).", d.at(post + " responses 202 headers Retry-After")["description"])

	assert.Equal(t, []string{"409"}, d.told(post, "X-Free-At"), "the Header of a Problem needs no Field")
	assert.Equal(t, []string{"default"}, d.told(post, "X-Size"))
	assert.NotContains(t, d.told(post, "Location"), "409", "what the library says itself is not told by a Problem")
	assert.Empty(t, d.told(post, "Content-Type"))
	assert.NotContains(t, d.at("components headers X-Size"), "description", "nobody has said any")
}

// TestTheNearestTellsAField: and what the library knows better stays.
func TestTheNearestTellsAField(t *testing.T) {
	app := newItems()
	app.Field("X-Rate", "Of the App.")
	app.Field("cache-control", "Of the App.")
	app.Field("expires", "", 200)
	one := app.Get("/items/{id}", getItem)
	one.Field("x-rate", "Of the item.", 200)
	d := document(t, app, openapi.Info{})
	get := "paths /items/{id} get responses "
	assert.Equal(t, "Of the item.", d.at(get + "200 headers x-rate")["description"])
	assert.NotContains(t, d.keys(get+"200 headers"), "X-Rate")
	assert.Equal(t, "Of the App.", d.at(get + "304 headers X-Rate")["description"])
	assert.Equal(t, "Of the App.", d.at(get + "200 headers cache-control")["description"])
	assert.Contains(t, d.keys(get+"404 headers"), "Cache-Control")
	assert.NotContains(t, d.keys(get+"404 headers"), "cache-control")
	assert.Equal(t, "When it is stale (RFC 9111, 5.3).", d.at(get + "200 headers expires")["description"])
}

// TestResponsesWithFieldsAreShared: those that have the same fields are one component, and a text that
// differs makes another response.
func TestResponsesWithFieldsAreShared(t *testing.T) {
	app := newItems()
	app.Get("/items/{id}", getItem)
	app.Field("X-Request-Id", "What to tell the support.")
	for i, doc := range []string{"One.", "Two."} {
		r := app.Get("/things/"+strconv.Itoa(i), func() string { return "" })
		r.Field("X-Odd!", doc)
	}
	text, err := openapi.Of(app, openapi.Info{})
	require.NoError(t, err)
	again, err := openapi.Of(app, openapi.Info{})
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))

	d := document(t, app, openapi.Info{})
	assert.Equal(t, []string{"NotAcceptable-X-Odd--X-Request-Id", "NotAcceptable-X-Request-Id", "NotFound-X-Request-Id", "Problem-X-Odd--X-Request-Id", "Problem-X-Request-Id"},
		d.keys("components responses"))
	for i, doc := range []string{"One.", "Two."} {
		at := "paths /things/" + strconv.Itoa(i) + " get responses "
		for _, status := range []string{"200", "406", "default"} {
			assert.Equal(t, doc, d.at(at + status + " headers X-Odd!")["description"], status)
		}
	}
}

func TestFieldsThatCannotBeTold(t *testing.T) {
	for _, row := range []struct {
		name  string
		say   func(app *restmachine.App)
		fault string
	}{
		{"a name that is not a token", func(app *restmachine.App) { app.Field("X Rate", "") }, `Field("X Rate"): the name of a field is a token`},
		{"no name", func(app *restmachine.App) { app.Field("", "") }, `Field(""): the name of a field is a token`},
		{"a tag", func(app *restmachine.App) { app.Field("etag", "") }, "tells this field by itself; remove this line. What says it is GenerateETag or AutoETag"},
		{"a challenge", func(app *restmachine.App) { app.Field("WWW-Authenticate", "") }, "What says it is Authorized"},
		{"a date", func(app *restmachine.App) { app.Field("Date", "") }, "no document tells this field: each response of a server with a clock has it (RFC 9110, 6.6.1)"},
		{"a media type", func(app *restmachine.App) { app.Field("Content-Type", "") }, "ignores a header of that name"},
		{"a status that is not final", func(app *restmachine.App) { app.Field("Link", "", 103) }, "no answer has the status 103"},
		{"a status that there is not", func(app *restmachine.App) { app.Field("Link", "", 200, 600) }, "no answer has the status 600"},
		{"twice", func(app *restmachine.App) { app.Field("Link", "a", 200); app.Field("link", "b", 404, 200) }, `Field("link"): it is told of the same answers at`},
		{"twice, of all", func(app *restmachine.App) { app.Field("Link", "a"); app.Field("Link", "b") }, "it is told of the same answers at"},
		{"a status that no operation has", func(app *restmachine.App) { app.Field("Link", "", 200, 202) },
			`the Field "Link" of status 202 is of no answer; name a status that an operation below has, or add it to Text.Statuses`},
	} {
		t.Run(row.name, func(t *testing.T) {
			app := newItems()
			app.Get("/items/{id}", getItem)
			row.say(app)
			_, err := openapi.Of(app, openapi.Info{})
			assert.ErrorContains(t, err, row.fault)
		})
	}
}

// TestFieldsThatMayBeTold: two answers, or two places, and what only browsers read.
func TestFieldsThatMayBeTold(t *testing.T) {
	app := newItems()
	one := app.Get("/items/{id}", getItem)
	app.Get("/hidden", func() *restmachine.Reply[string] { return nil }).Field("Link", "", 202)
	app.Field("Link", "of all")
	app.Field("Link", "of a success", 200)
	app.Field("Link", "of a missing item", 404)
	one.Field("Link", "of this one", 200)
	one.Field("Access-Control-Allow-Origin", "for a gateway")
	one.Field("Retry-After", "", 503, 400)
	_, err := openapi.Of(app, openapi.Info{})
	assert.ErrorContains(t, err, "status 202", "no type tells the status of a Reply")
	_, err = openapi.Of(app, openapi.Info{Hide: []string{"/hidden"}})
	assert.NoError(t, err)
	_, err = openapi.Of(app, openapi.Info{Texts: map[string]openapi.Text{"GET /hidden": {Statuses: []int{202}}}})
	assert.NoError(t, err)
}

// TestWhateverReadsAFieldIsAParameter: the document has each request field and each cookie,
// whichever callback reads it.
func TestWhateverReadsAFieldIsAParameter(t *testing.T) {
	type dependency int
	app := restmachine.New()
	app.ResourceExists(func(restmachine.Header[struct {
		A string `header:"X-Load"`
	}]) *item {
		return nil
	})
	app.Authorized(func(restmachine.Header[struct {
		A string `header:"X-Gate"`
	}]) bool {
		return true
	})
	app.Forbidden(func(*item, restmachine.Cookie[struct {
		A string `cookie:"behind"`
	}]) bool {
		return false
	})
	app.Dependency(func(restmachine.Cookie[struct {
		A string `cookie:"made"`
	}]) dependency {
		return 0
	})
	app.GenerateETag(func(*item, restmachine.Header[struct {
		A string `header:"X-Tag"`
	}]) string {
		return ""
	})
	app.LastModified(func(*item, restmachine.Header[struct {
		A string `header:"X-Date"`
	}]) time.Time {
		return time.Time{}
	})
	app.Provides("application/json", func(i *item, _ restmachine.Header[struct {
		A string `header:"X-Show"`
	}]) any {
		return i
	})
	app.FinishRequest(func(restmachine.Header[struct {
		A string `header:"X-Finish"`
	}]) {
	})
	app.RenderError(func(*restmachine.Problem, restmachine.Header[struct {
		A string `header:"X-Error"`
	}]) any {
		return nil
	})
	app.Get("/items/{id}", func(i *item, _ dependency, _ restmachine.Cookie[struct {
		A string `cookie:"shown"`
	}]) *item {
		return i
	})
	names := document(t, app, openapi.Info{}).parameters("paths /items/{id} get")
	for _, name := range []string{"X-Load", "X-Gate", "behind", "made", "X-Tag", "X-Date", "X-Show", "X-Finish", "X-Error", "shown"} {
		assert.Contains(t, names, name)
	}
}
