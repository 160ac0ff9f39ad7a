// Methods that declare to return another type than the GET of their path: what they negotiate
// among, and what their preconditions speak of.

package represent_test

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

type (
	shelf   struct{ Leaves []string } // what the GET returns
	receipt struct{ Of string }       // what others return
)

const asJSON, asHTML, asText, as406 = "application/json", "text/html", "text/plain", "406"

func provideShelf(media ...string) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		for _, m := range media {
			app.Provides(m, func(shelf) string { return `"` + m + ` of a shelf"` })
		}
	}
}

func provideReceipt(media ...string) func(app *restmachine.App) {
	return func(app *restmachine.App) {
		for _, m := range media {
			app.Provides(m, func(receipt) string { return `"` + m + ` of a receipt"` })
		}
	}
}

// TestNegotiatedApart: a method that declares what it returns negotiates among the offers for that;
// one that does not, among those of the GET.
func TestNegotiatedApart(t *testing.T) {
	getShelf := func() shelf { return shelf{} }
	reply := func() *restmachine.Reply[receipt] { return restmachine.Created("/shelf", receipt{"x"}) }
	bare := func() receipt { return receipt{"x"} }
	tests := []struct {
		name             string
		shelf, receipt   []string
		get              restmachine.Func // nil: none
		method           string
		handler          restmachine.Func
		json, html, none string // the Content-Type for an Accept of JSON, of HTML, and without one; 406, or "": no content
		vary             string
	}{
		{"POST has HTML beside JSON, GET has JSON", nil, []string{asJSON, asHTML}, getShelf, "POST", reply, asJSON, asHTML, asJSON, "Accept"},
		{"a value without a Reply, too", nil, []string{asJSON, asHTML}, getShelf, "POST", bare, asJSON, asHTML, asJSON, "Accept"},
		{"POST has HTML first", []string{asJSON, asHTML}, []string{asHTML, asJSON}, getShelf, "POST", reply, asJSON, asHTML, asHTML, "Accept"},
		{"GET has HTML only, POST has JSON", []string{asHTML}, nil, getShelf, "POST", reply, asJSON, as406, asJSON, ""},
		{"GET has both, POST has JSON", []string{asJSON, asHTML}, nil, getShelf, "POST", reply, asJSON, as406, asJSON, ""},
		{"the same media types", []string{asJSON, asHTML}, []string{asJSON, asHTML}, getShelf, "POST", reply, asJSON, asHTML, asJSON, "Accept"},
		{"the same type", nil, []string{asJSON, asHTML}, bare, "POST", reply, asJSON, asHTML, asJSON, "Accept"},
		{"a pointer", []string{asHTML}, nil, getShelf, "POST", func() *receipt { return &receipt{"x"} }, asJSON, as406, asJSON, ""},
		{"a slice is another type", nil, []string{asJSON, asHTML}, bare, "POST", func() []receipt { return nil }, asJSON, as406, asJSON, ""},
		{"Reply[any] is the GET's", []string{asJSON}, []string{asJSON, asHTML}, getShelf, "POST", func() *restmachine.Reply[any] { return restmachine.Created[any]("/shelf", receipt{"x"}) }, asJSON, as406, asJSON, ""},
		{"an interface is the GET's", []string{asJSON}, []string{asJSON, asHTML}, getShelf, "POST", func() any { return receipt{"x"} }, asJSON, as406, asJSON, ""},
		{"nothing is the GET's", []string{asHTML}, []string{asJSON}, getShelf, "POST", func() {}, as406, "", "", "Accept-Nothing"},
		{"GET tells nothing", nil, []string{asJSON, asHTML}, func() any { return shelf{} }, "POST", reply, asJSON, asHTML, asJSON, "Accept"},
		{"POST returns what only the value tells", nil, nil, getShelf, "POST", func() io.Reader { return strings.NewReader("x") }, "application/octet-stream", "application/octet-stream", "application/octet-stream", ""},
		{"DELETE returns something", nil, []string{asHTML}, getShelf, "DELETE", bare, as406, asHTML, asHTML, ""},
		{"PATCH returns something else", nil, []string{asHTML}, getShelf, "PATCH", bare, as406, asHTML, asHTML, ""},
		{"a method of another name returns something else", nil, []string{asHTML}, getShelf, "RECEIVE", bare, as406, asHTML, asHTML, ""},
		{"no GET", nil, []string{asJSON, asHTML}, nil, "POST", reply, asJSON, asHTML, asJSON, "Accept"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := harness.NewProbe(t, func(app *restmachine.App) {
				provideShelf(tt.shelf...)(app)
				provideReceipt(tt.receipt...)(app)
				r := app.Resource("/shelf")
				if tt.get != nil {
					r.Get(tt.get)
				}
				map[string]func(restmachine.Func) *restmachine.Resource{"POST": r.Post, "PATCH": r.Patch, "DELETE": r.Delete, "RECEIVE": func(h restmachine.Func) *restmachine.Resource { return r.Handle("RECEIVE", h) }}[tt.method](tt.handler)
			})
			for accept, want := range map[string]string{asJSON: tt.json, asHTML: tt.html, "": tt.none} {
				var fields []string
				if accept != "" {
					fields = []string{"Accept", accept}
				}
				resp := p.On(t).Do(tt.method, "/shelf", "", fields...)
				switch want {
				case as406:
					assert.Equal(t, 406, resp.StatusCode, accept)
					assert.Equal(t, "Accept", resp.Header.Get("Vary"), accept)
				default:
					assert.Less(t, resp.StatusCode, 300, "%s: %s", accept, resp.Body)
					assert.Equal(t, want, resp.Header.Get("Content-Type"), accept)
				}
				if want != as406 && want != "" {
					assert.Equal(t, tt.vary, resp.Header.Get("Vary"), accept)
				}
			}
			if tt.name != "GET tells nothing" { // the document does not list the 406 of such a GET
				restmachinetest.CheckDocument(t, p.App)
			}
		})
	}
}

// TestNegotiatedApartWithoutAGet: each handler has the offers of its own type.
func TestNegotiatedApartWithoutAGet(t *testing.T) {
	p := harness.NewProbe(t, func(app *restmachine.App) {
		provideShelf(asHTML)(app)
		app.Resource("/shelf").Post(func() receipt { return receipt{} }).Delete(func() shelf { return shelf{} }).Put(func() {})
	})
	p.Want(406, "POST", "/shelf", "", "Accept", asHTML)
	p.Want(406, "DELETE", "/shelf", "", "Accept", asJSON)
	for _, accept := range []string{asHTML, asJSON} {
		p.Want(204, "PUT", "/shelf", "", "Accept", accept)
	}
}

// TestNotAcceptableBeforeTheWrite: the 406 of a write names what it offers, and nothing was done.
func TestNotAcceptableBeforeTheWrite(t *testing.T) {
	runs := 0
	p := harness.NewProbe(t, func(app *restmachine.App) {
		provideShelf(asHTML)(app)
		app.Get("/shelf", func() shelf { return shelf{} }).Post(func() *restmachine.Reply[receipt] {
			runs++
			return restmachine.Created("/shelf", receipt{"x"})
		})
	})
	resp, trace := p.Explain(harness.RequestOf("POST", "/shelf", "", "Accept", asHTML))
	assert.Equal(t, 406, resp.StatusCode)
	assert.Contains(t, string(resp.Body), "available: application/json")
	assert.Contains(t, trace.Table(), "matches none of application/json")
	assert.Zero(t, runs)
	_, trace = p.Explain(harness.RequestOf("POST", "/shelf", "", "Accept", asJSON))
	assert.Contains(t, trace.Table(), "chooses application/json")
	assert.Equal(t, 1, runs)
	assert.Contains(t, p.App.Describe(), "in a Reply; offers application/json")
}

// TestPreconditionsOfWhatTheGetShows: the entity-tag that a write is compared with is the one that a
// GET has, whatever the write itself negotiates.
func TestPreconditionsOfWhatTheGetShows(t *testing.T) {
	var told []string // Selected, as the GET's facts and handler are told
	tag := func(_ shelf, chosen restmachine.Selected) string {
		told = append(told, chosen.MediaType)
		return "7"
	}
	for name, validate := range map[string]func(app *restmachine.App){
		"a fact": func(app *restmachine.App) { app.GenerateETag(tag) },
		"a fact without a value": func(app *restmachine.App) {
			app.Resource("/shelf").GenerateETag(func(chosen restmachine.Selected) string { return "of-" + chosen.MediaType[:4] })
		},
		"a hash": func(app *restmachine.App) { app.AutoETag(restmachine.Strong) },
	} {
		t.Run(name, func(t *testing.T) {
			runs := 0
			p := harness.NewProbe(t, func(app *restmachine.App) {
				provideShelf(asJSON, asText)(app)
				provideReceipt(asHTML, asText, asJSON)(app)
				app.Get("/shelf", func(chosen restmachine.Selected) shelf {
					told = append(told, chosen.MediaType)
					return shelf{}
				}).Post(func(chosen restmachine.Selected) receipt {
					runs++
					return receipt{chosen.MediaType}
				})
				validate(app)
			})
			for _, shown := range []string{asJSON, asText} {
				etag := p.Want(200, "GET", "/shelf", "", "Accept", shown).Header.Get("ETag")
				assert.NotEmpty(t, etag)
				for _, accept := range []string{asJSON, asText, asHTML} {
					if name == "a fact without a value" && (accept == asText) != (shown == asText) {
						continue // it says another tag for another Accept
					}
					told = nil
					resp := p.Want(200, "POST", "/shelf", "", "Accept", accept, "If-Match", etag)
					assert.Equal(t, accept, resp.Header.Get("Content-Type"))
					assert.NotContains(t, told, asHTML)
					p.Want(412, "POST", "/shelf", "", "Accept", accept, "If-None-Match", etag)
					p.Want(412, "POST", "/shelf", "", "Accept", accept, "If-Match", `"other"`)
				}
			}
			assert.NotZero(t, runs)
		})
	}
}
