// A language and a charset are wishes: where nothing that is offered fulfils one, the
// client gets the first, unless the App is strict.

package represent_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

// wishes are fields that take nothing of what manyOffers offers.
var wishes = [][]string{
	{"Accept-Language", "it"}, {"Accept-Language", "*;q=0"}, {"Accept-Language", "en;q=0"}, {"Accept-Language", "it, en-Latn-GB-x;q=0"},
	{"Accept-Charset", "koi8-r"}, {"Accept-Charset", "*;q=0"}, {"Accept-Charset", "utf-8;q=0"},
	{"Accept-Language", "it", "Accept-Charset", "koi8-r"},
}

func writable(app *restmachine.App) {
	manyOffers(app)
	app.Put("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
	app.Post("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
	app.Patch("/pages/{id}", func(l *harness.Leaf) *harness.Leaf { return l })
	app.Delete("/pages/{id}", func(*harness.Leaf) {})
}

func TestWishesThatNothingFulfils(t *testing.T) {
	lenient := harness.NewProbe(t, writable)
	strict := harness.NewProbe(t, writable, restmachine.WithStrictNegotiation())
	for _, fields := range wishes {
		for method, want := range map[string]int{"GET": 200, "HEAD": 200, "PUT": 200, "PATCH": 200, "POST": 200, "DELETE": 204} {
			resp := lenient.Want(want, method, "/pages/here", "", fields...)
			if want == 200 {
				assert.Equal(t, "en", resp.Header.Get("Content-Language"), "%s %q", method, fields)
				assert.Equal(t, "text/html; charset=utf-8", resp.Header.Get("Content-Type"), "%s %q", method, fields)
				assert.Contains(t, resp.Header.Get("Vary"), "Accept-Language, Accept-Charset", "%s %q", method, fields)
			}
			strict.Want(406, method, "/pages/here", "", fields...)
		}
		full := lenient.Want(200, "GET", "/pages/here", "", fields...)
		assert.Equal(t, `"1"`, full.Header.Get("ETag"), "the first of everything has the tag as it is")
		restmachinetest.CheckNotModified(t, full, lenient.Do("GET", "/pages/here", "", append(fields, "If-None-Match", `"1"`)...))
	}
	for _, accept := range []string{"image/png", "*/*;q=0"} {
		lenient.Want(406, "GET", "/pages/here", "", "Accept", accept)
	}
}

// TestWishesOverTheWire: the same over a connection.
func TestWishesOverTheWire(t *testing.T) {
	app := restmachine.New(harness.Quiet)
	writable(app)
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	for _, fields := range wishes {
		_, resp := harness.SendOver(t, server, harness.RequestOf("POST", "/pages/here", "", fields...))
		assert.Equal(t, 200, resp.StatusCode, "%q", fields)
	}
}

// TestTracesOfWishes: a trace says that the wish was not fulfilled.
func TestTracesOfWishes(t *testing.T) {
	p := harness.NewProbe(t, writable)
	_, trace := p.Explain(harness.RequestOf("GET", "/pages/here", "", "Accept-Language", "it", "Accept-Charset", "koi8-r"))
	text := ""
	for _, visit := range trace.Visits {
		text += visit.Why + "\n"
	}
	assert.Contains(t, text, "Accept-Language it takes none of en, de-CH, fr, and gets the first")
	assert.Contains(t, text, "Accept-Charset koi8-r takes none of utf-8, utf-16, and gets the first")
	assert.Contains(t, trace.String(), "D5 E5 E6 F6")
}

// TestOneLanguage is for everybody, and Vary does not name it; a strict App refuses others.
func TestOneLanguage(t *testing.T) {
	german := func(app *restmachine.App) {
		app.Languages("de")
		app.Charsets("utf-8")
		app.Get("/", func() string { return "Guten Tag" })
	}
	for _, value := range []string{"", "it", "de", "*;q=0", "?"} {
		resp := harness.NewProbe(t, german).Want(200, "GET", "/", "", "Accept-Language", value, "Accept-Charset", value)
		assert.Equal(t, "de", resp.Header.Get("Content-Language"))
		assert.Empty(t, resp.Header.Values("Vary"), "no field makes a difference")
	}
	strict := harness.NewProbe(t, german, restmachine.WithStrictNegotiation())
	assert.Equal(t, "Accept-Language, Accept-Charset", strict.Want(200, "GET", "/", "", "Accept-Language", "de").Header.Get("Vary"))
	strict.Want(406, "GET", "/", "", "Accept-Language", "it")
	strict.Want(406, "GET", "/", "", "Accept-Charset", "koi8-r")
}

// TestOffersThatNobodyCanChoose are wiring faults.
func TestOffersThatNobodyCanChoose(t *testing.T) {
	for _, place := range []func(*restmachine.App) *restmachine.Facts{
		func(app *restmachine.App) *restmachine.Facts { return &app.Facts },
		func(app *restmachine.App) *restmachine.Facts { return &app.Group("/").Facts },
		func(app *restmachine.App) *restmachine.Facts { return &app.Resource("/").Facts },
	} {
		for _, tt := range []struct {
			say   func(*restmachine.Facts)
			fault string
		}{
			{func(f *restmachine.Facts) { f.Languages("*") }, `Languages("*"): "*" is what a client may ask for, and cannot be offered; name what there is`},
			{func(f *restmachine.Facts) { f.Languages("en", "*") }, `Languages("*")`},
			{func(f *restmachine.Facts) { f.Charsets("*") }, `Charsets("*")`},
			{func(f *restmachine.Facts) { f.Encodings("gzip", "*") }, `Encodings("*")`},
			{func(f *restmachine.Facts) { f.Languages("en_US") }, `Languages("en_US"): no request can choose that; write a language tag such as "de" or "de-CH"`},
			{func(f *restmachine.Facts) { f.Languages("") }, `Languages(""): no request can choose that`},
			{func(f *restmachine.Facts) { f.Charsets("utf 8") }, `Charsets("utf 8"): no request can choose that; write the name of a charset such as "utf-8"`},
			{func(f *restmachine.Facts) { f.Encodings("gzip, br") }, `Encodings("gzip, br"): no request can choose that; write the name of a coding such as "gzip"`},
		} {
			p := harness.NewPort(t)
			p.Get("/", func() string { return "" })
			tt.say(place(p.App))
			fault := harness.FaultsOf(t, p.App)[0]
			assert.Contains(t, fault, tt.fault)
			assert.True(t, strings.HasPrefix(fault, harness.InThisFile()), fault)
		}
	}
}
