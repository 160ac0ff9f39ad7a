// Wiring faults of what is read as text: fields of the header, cookies, defaults.

package plan_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/harness"
)

// get gives the App a GET, and returns its place.
func get(handler restmachine.Func) func(app *restmachine.App) string {
	return func(app *restmachine.App) string {
		site := harness.NextLine()
		app.Get("/ships/{id}", handler)
		return site
	}
}

func getOnly(handler restmachine.Func) func(app *restmachine.App) {
	return func(app *restmachine.App) { get(handler)(app) }
}

var fieldFaults = []faultRow{
	{
		name: "a Header of no struct", reason: "fields have names",
		fault: get(func(restmachine.Header[string]) {}),
		says:  []string{"string is not a struct", "`header:\"name\"`", "/ships/{id}"},
		near: getOnly(func(restmachine.Header[struct {
			A string `header:"A"`
		}]) {
		}),
	},
	{
		name: "a Cookie without tags", reason: "nothing would ever be read",
		fault: get(func(restmachine.Cookie[harness.Cargo]) {}),
		says:  []string{"no field of harness.Cargo is tagged `cookie:\"name\"`; tag at least one"},
		near: getOnly(func(restmachine.Cookie[struct {
			A string `cookie:"a"`
			B string
			C string `cookie:"-"`
		}]) {
		}),
	},
	{
		name: "a field name that is not a token", reason: "no request can have it (RFC 9110, 5.1)",
		fault: get(func(restmachine.Header[struct {
			A string `header:"X Tenant"`
		}]) {
		}),
		says: []string{`header:"X Tenant"`, "cannot be the name of a header field", "token"},
		near: getOnly(func(restmachine.Header[struct {
			A string `header:"x_tenant!"`
		}]) {
		}),
	},
	{
		name: "a cookie name that is not a token", reason: "no cookie can have it (RFC 6265, 4.1.1)",
		fault: get(func(restmachine.Cookie[struct {
			A string `cookie:"a=b"`
		}]) {
		}),
		says: []string{`cookie:"a=b"`, "cannot be the name of a cookie", "token"},
		near: getOnly(func(restmachine.Cookie[struct {
			A string `cookie:"__Host-a.b"`
		}]) {
		}),
	},
	{
		name: "two fields of one name", reason: "case does not matter in the name of a field (RFC 9110, 5.1)",
		fault: get(func(restmachine.Header[struct {
			A string `header:"X-Tenant"`
			B string `header:"x-tenant"`
		}]) {
		}),
		says: []string{"two fields of", "`header:\"x-tenant\"`", "its own name"},
		near: getOnly(func(restmachine.Cookie[struct {
			A string `cookie:"X-Tenant"`
			B string `cookie:"x-tenant"`
		}]) { // in that of a cookie it does
		}),
	},
	{
		name: "a field that is no text", reason: "there is no way to fill it",
		fault: get(func(restmachine.Header[struct {
			A struct{ B string } `header:"A"`
		}]) {
		}),
		says: []string{"which cannot be read from text", "UnmarshalText"},
		near: getOnly(func(restmachine.Header[struct {
			A []*int `header:"A"`
		}]) {
		}),
	},
	{
		name: "a cookie as a slice", reason: "a cookie has one value",
		fault: get(func(restmachine.Cookie[struct {
			A []string `cookie:"a"`
		}]) {
		}),
		says: []string{"A is a []string, which cannot be read from text"},
		near: getOnly(func(restmachine.Cookie[struct {
			A *string `cookie:"a"`
		}]) {
		}),
	},
	{
		name: "a default that is not of the type", reason: "each request without the name would be a 400",
		fault: get(func(restmachine.Query[struct {
			A int8 `query:"a" default:"128"`
		}]) {
		}),
		says: []string{"A has the tag `default:\"128\"`, which is not a value of type int8", "/ships/{id}"},
		near: getOnly(func(restmachine.Query[struct {
			A *int8 `query:"a" default:"127"`
		}]) {
		}),
	},
	{
		name: "an element of a default that is not of the type", reason: "likewise",
		fault: get(func(restmachine.Query[struct {
			A []bool `query:"a" default:"true, maybe"`
		}]) {
		}),
		says: []string{"`default:\"true, maybe\"`, which is not a value of type []bool"},
		near: getOnly(func(restmachine.Query[struct {
			A []bool `query:"a" default:"true, false"`
		}]) {
		}),
	},
	{
		name: "a default that is not a list", reason: "the quotation mark was meant to be closed",
		fault: get(func(restmachine.Header[struct {
			A []string `header:"a" default:"x, \"y"`
		}]) {
		}),
		says: []string{"which is not a list: a quotation mark is not closed"},
		near: getOnly(func(restmachine.Header[struct {
			A string `header:"a" default:"x, \"y"`
		}]) {
		}),
	},
	{
		name: "a default in a path", reason: "a path is never absent",
		fault: get(func(restmachine.Path[struct {
			ID int `path:"id" default:"1"`
		}]) {
		}),
		says: []string{"ID has the tag `default:\"1\"`, but a request always has its path; remove the tag"},
		near: getOnly(func(restmachine.Path[struct {
			ID int `path:"id" query:"id" default:"1"`
		}]) {
		}),
	},
}

func TestFieldFaults(t *testing.T) { checkFaults(t, fieldFaults) }

// TestFieldsThatAreNotRead: what the library decides by, and what is not in the header, is read
// by something else, which the fault names.
func TestFieldsThatAreNotRead(t *testing.T) {
	for _, row := range []struct {
		handler any
		says    string
	}{
		{func(restmachine.Header[struct {
			A string `header:"if-match"`
		}]) {
		}, "take conditional.Preconditions"},
		{func(restmachine.Header[struct {
			A string `header:"If-Modified-Since"`
		}]) {
		}, "take conditional.Preconditions"},
		{func(restmachine.Header[struct {
			A []string `header:"accept-language"`
		}]) {
		}, "take restmachine.Selected"},
		{func(restmachine.Header[struct {
			A string `header:"Range"`
		}]) {
		}, "take http.Header"},
		{func(restmachine.Header[struct {
			A string `header:"Host"`
		}]) {
		}, "take *http.Request"},
		{func(restmachine.Header[struct {
			A string `header:"Cookie"`
		}]) {
		}, "take restmachine.Cookie[T]"},
	} {
		p := harness.NewPort(t)
		p.Get("/", row.handler)
		faults := harness.FaultsOf(t, p.App)
		if assert.Len(t, faults, 1) {
			assert.Contains(t, faults[0], row.says)
			assert.Contains(t, faults[0], "has a field tagged `header:")
		}
	}
	p := harness.NewPort(t)
	p.Get("/", func(conditional.Preconditions, restmachine.Selected, http.Header, restmachine.Header[struct {
		Type   string `header:"Content-Type"`
		Token  string `header:"Authorization"`
		Agent  string `header:"User-Agent"`
		Expect string `header:"Expect"`
	}], restmachine.Cookie[struct {
		Host string `cookie:"Host"`
	}]) {
	})
	p.Valid()
}
