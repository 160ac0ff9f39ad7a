// These tests check the client, and the checks before an App starts.

package restmachinetest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/restmachinetest"
)

func TestCallsMakeRequests(t *testing.T) {
	client := restmachinetest.NewClient(newShelf()).Header("Authorization", "Bearer me")
	get := client.Get("/page").Header("Authorization")
	for _, tt := range []struct {
		name string
		call restmachinetest.Call
		want restmachine.Request
	}{
		{"every request has the client's fields", client.Get("/page?a=b"),
			restmachine.Request{Method: "GET", Path: "/page?a=b", Header: header("Authorization", "Bearer me")}},
		{"a field set again is set once", client.Head("/page").Header("authorization", "Basic you"),
			restmachine.Request{Method: "HEAD", Path: "/page", Header: header("Authorization", "Basic you")}},
		{"a field without a value goes", client.Delete("/page").Header("Authorization"),
			restmachine.Request{Method: "DELETE", Path: "/page", Header: header()}},
		{"several lines", get.Header("Accept-Language", "de", "en"),
			restmachine.Request{Method: "GET", Path: "/page", Header: header("Accept-Language", "de", "Accept-Language", "en")}},
		{"tags are one list", get.IfMatch(`"1"`, `"2"`),
			restmachine.Request{Method: "GET", Path: "/page", Header: header("If-Match", `"1", "2"`)}},
		{"tags that must not match", get.IfNoneMatch("*"),
			restmachine.Request{Method: "GET", Path: "/page", Header: header("If-None-Match", "*")}},
		{"a date is in the one form that may be sent, in UTC", get.IfModifiedSince(changed.In(time.FixedZone("", 3600))),
			restmachine.Request{Method: "GET", Path: "/page", Header: header("If-Modified-Since", "Mon, 15 Jan 2024 10:00:00 GMT")}},
		{"a media type", get.Accept("text/html, */*;q=0.1"),
			restmachine.Request{Method: "GET", Path: "/page", Header: header("Accept", "text/html, */*;q=0.1")}},
		{"JSON", client.Header("Authorization").Put("/page").JSON(page{Text: "x"}),
			restmachine.Request{Method: "PUT", Path: "/page", Header: header("Content-Type", "application/json"), Body: []byte(`{"Text":"x"}`)}},
		{"a form", client.Header("Authorization").Post("/echo").Form(url.Values{"a": {"b c"}}),
			restmachine.Request{Method: "POST", Path: "/echo", Header: header("Content-Type", "application/x-www-form-urlencoded"), Body: []byte(`a=b+c`)}},
		{"content of any kind", client.Header("Authorization").Patch("/page").Body("text/plain", "x"),
			restmachine.Request{Method: "PATCH", Path: "/page", Header: header("Content-Type", "text/plain"), Body: []byte(`x`)}},
		{"a method of any kind", client.Header("Authorization").Method("OPTIONS", "/page"),
			restmachine.Request{Method: "OPTIONS", Path: "/page", Header: header()}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.call.Request()
			if got.Header == nil {
				got.Header = http.Header{}
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

// Changes to a copy of a Call or to its Request do not change the Call.
func TestCallsAreValues(t *testing.T) {
	base := restmachinetest.NewClient(newShelf()).Put("/page").IfMatch(`"1"`).Body("text/plain", "base")
	base.IfMatch(`"2"`).Body("text/plain", "other")
	mutable := base.Request()
	mutable.Header.Set("If-Match", `"3"`)
	mutable.Body[0] = 'B'

	assert.Equal(t, restmachine.Request{Method: "PUT", Path: "/page", Body: []byte("base"),
		Header: header("If-Match", `"1"`, "Content-Type", "text/plain")}, base.Request())
}

func TestJSONPanicsOfWhatIsNone(t *testing.T) {
	assert.PanicsWithValue(t, "restmachinetest: the content of PUT /page: json: unsupported type: func()", func() {
		restmachinetest.NewClient(newShelf()).Put("/page").JSON(func() {})
	})
}

func TestCheckReportsWiringFaults(t *testing.T) {
	faulty := restmachine.New(quiet)
	faulty.Get("/page", func(*page) string { return "" })

	for name, test := range map[string]func(t testing.TB){
		"Check":      func(t testing.TB) { restmachinetest.Check(t, faulty) },
		"Expect":     func(t testing.TB) { restmachinetest.NewClient(faulty).Get("/page").Expect(t).Status(404) },
		"RaceWrites": func(t testing.TB) { restmachinetest.RaceWrites(t, faulty, guardedPut, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			faults := reports(t, test)
			if assert.Len(t, faults, 1) {
				assert.Contains(t, faults[0], "nothing provides *restmachinetest_test.page")
			}
		})
	}
	assert.Empty(t, reports(t, func(t testing.TB) { restmachinetest.Check(t, newShelf()) }))
}

// Check must not run anything that needs the real environment.
func TestCheckStartsNothing(t *testing.T) {
	app := newShelf()
	app.OnStartup(func() { assert.Fail(t, "it was started") })
	restmachinetest.Check(t, app)
}
