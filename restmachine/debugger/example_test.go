// This example mounts a Debugger beside its App.

package debugger_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/debugger"
)

func ExampleNew() {
	d := debugger.New("/debug/", debugger.Redact("X-Api-Key"))
	app := restmachine.New(restmachine.WithTrace(d))
	app.Get("/motto", func() string { return "Say what is true." })

	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.Handle("/debug/", d) // wrap d in a handler that authenticates people

	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/nowhere", nil))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/debug/?status=404", nil))
	fmt.Println(strings.Contains(w.Body.String(), "no route has this path"))
	// Output: true
}
