package restmachine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/restmachine/restmachine-go/restmachine"
)

func ExampleWithTrace() {
	app := restmachine.New(restmachine.WithTrace(restmachine.TracerFunc(func(e *restmachine.Exchange) {
		fmt.Println(e.Request.Method, e.Request.Path, e.Route, e.Response.StatusCode)
		for _, v := range e.Trace.Visits {
			if v.Why != "" {
				fmt.Println(v.ID, v.Label, v.Answer, v.Why)
			}
		}
	})))
	app.GenerateETag(func() string { return "1-1" })
	app.Get("/motto", func() string { return "Say what is true." })
	app.Execute(restmachine.Request{Path: "/motto", Header: http.Header{"If-None-Match": {`"1-1"`}}})
	// Output:
	// GET /motto /motto 304
	// C3 Accept? no no Accept
	// G7 Exists? yes asked before anything is loaded: GenerateETag
	// G8 If-Match? no no If-Match
	// H10 If-Unmodified-Since? no no If-Unmodified-Since
	// I12 If-None-Match? yes If-None-Match "1-1"
	// I13 If-None-Match: *? no If-None-Match "1-1"
	// J13 If-None-Match readable? yes If-None-Match "1-1"
	// K13 Entity-tag matches? yes If-None-Match "1-1" matches "1-1" weakly
	// J19 If-Modified-Since disagrees? no no If-Modified-Since
}

func ExampleWithTraceField() {
	app := restmachine.New(restmachine.WithTraceField(func(r *http.Request) bool {
		return r.Header.Get("Debug") == "sesame"
	}))
	app.Get("/motto", func() string { return "Say what is true." })

	r := httptest.NewRequest("POST", "/motto", nil)
	r.Header.Set("Debug", "sesame")
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	fmt.Println(w.Header().Get("Trace"))
	// Output: B13 B12 B11 B10 405
}
