package openapiui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/restmachine/restmachine-go/contrib/openapiui"
	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

var about = openapi.Info{Title: "Notes", Hide: []string{"/docs/{path...}"}}

// The page is a Resource of the App. Facts of the App guard it, as they do all others.
func ExampleFiles() {
	app := restmachine.New()
	app.Get("/notes", func() []string { return []string{"Buy milk"} })
	app.Get("/openapi.json", openapi.Handler(app, about))
	app.Get("/docs/{path...}", openapiui.Files("../openapi.json", openapiui.Title("Notes")))

	page := app.Execute(restmachine.Request{Method: "GET", Path: "/docs/"})
	fmt.Println(page.StatusCode, page.Header.Get("Content-Type"))
	page = app.Execute(restmachine.Request{Method: "GET", Path: "/docs/", Header: http.Header{"If-None-Match": {page.Header.Get("ETag")}}})
	fmt.Println(page.StatusCode)
	// Output:
	// 200 text/html; charset=utf-8
	// 304
}

// The page stands beside the App, which knows nothing of it.
func ExampleHandler() {
	app := restmachine.New()
	app.Get("/notes", func() []string { return []string{"Buy milk"} })
	app.Get("/openapi.json", openapi.Handler(app, about))
	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.Handle("/docs/", http.StripPrefix("/docs", openapiui.Handler("../openapi.json")))

	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest("GET", "/docs", nil))
	fmt.Println(answer.Code, answer.Header().Get("Location"))
	// Output: 307 /docs/
}

func ExampleTitle() {
	show("", openapiui.Handler("/openapi.json", openapiui.Title("Notes")), "<title>")
	// Output: <title>Notes</title>
}

func ExampleReadOnly() {
	show("page.js", openapiui.Handler("/openapi.json", openapiui.ReadOnly()), "supportedSubmitMethods")
	// Output: "supportedSubmitMethods": [],
}

// Who may send requests from the page is a question of where it runs.
func ExampleOption() {
	inProduction := true
	options := []openapiui.Option{openapiui.Title("Notes")}
	if inProduction {
		options = append(options, openapiui.ReadOnly())
	}
	show("", openapiui.Handler("/openapi.json", options...), "<title>")
	// Output: <title>Notes</title>
}

func ExampleSetting() {
	show("page.js", openapiui.Handler("/openapi.json", openapiui.Setting("docExpansion", "full")), "docExpansion")
	// Output: "docExpansion": "full",
}

// show prints the line of a file that has a word in it.
func show(file string, page http.Handler, word string) {
	answer := httptest.NewRecorder()
	page.ServeHTTP(answer, httptest.NewRequest("GET", "/"+file, nil))
	for line := range strings.Lines(answer.Body.String()) {
		if strings.Contains(line, word) {
			fmt.Println(strings.TrimSpace(line))
		}
	}
}
