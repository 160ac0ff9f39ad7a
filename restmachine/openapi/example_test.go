// What a document says by itself, and what is said for it.

package openapi_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine"
	"github.com/restmachine/restmachine-go/restmachine/openapi"
)

type Note struct {
	Text    string `json:"text" doc:"What is to be remembered."`
	Version int    `json:"version"`
}

// newNotes returns an App with one note.
func newNotes() *restmachine.App {
	app := restmachine.New(restmachine.WithLogger(slog.New(slog.DiscardHandler)))
	app.ResourceExists(func() *Note { return &Note{"Hello", 1} })
	app.GenerateETag(func(n *Note) string { return fmt.Sprint(n.Version) })
	note := app.Get("/note", getNote)
	note.Put(func(n *Note, in restmachine.Body[Note]) *Note { return &in.Value })
	note.RequirePreconditions()
	return app
}

func getNote(n *Note) *Note { return n }

func ExampleOf() {
	text, err := openapi.Of(newNotes(), openapi.Info{Title: "Notes", Version: "1"})
	if err != nil {
		panic(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			Summary   string
			Responses map[string]any
		}
	}
	_ = json.Unmarshal(text, &document)
	for _, method := range []string{"get", "put"} {
		o := document.Paths["/note"][method]
		for _, status := range []string{"200", "304", "404", "406", "412", "428"} {
			fmt.Print(status, ":", o.Responses[status] != nil, " ")
		}
		fmt.Println(o.Summary)
	}
	// Output:
	// 200:true 304:true 404:true 406:true 412:false 428:false Get note
	// 200:true 304:false 404:true 406:true 412:true 428:true Put note
}

func ExampleHandler() {
	app := newNotes()
	app.Get("/openapi.json", openapi.Handler(app, openapi.Info{Title: "Notes", Version: "1"}))

	first := app.Execute(restmachine.Request{Path: "/openapi.json"})
	fmt.Println(first.StatusCode, first.Header.Get("Content-Type"), strings.Contains(string(first.Body), `"openapi": "3.1.1"`))
	again := app.Execute(restmachine.Request{Path: "/openapi.json", Header: http.Header{"If-None-Match": first.Header["Etag"]}})
	fmt.Println(again.StatusCode)
	// Output:
	// 200 application/json true
	// 304
}

func ExampleInfo() {
	_, err := openapi.Of(newNotes(), openapi.Info{
		Title: "Notes", Version: "1", License: "MIT", Servers: []string{"https://notes.example.com/v1"},
		Texts: map[string]openapi.Text{"POST /note": {Summary: "Add a note"}},
	})
	fmt.Println(err)
	// Output: openapi: the Text of "POST /note" is of no operation; write the method and the path as it was registered, such as "GET /posts/{post_id}"
}

func ExampleText() {
	text, _ := openapi.Of(newNotes(), openapi.Info{Texts: map[string]openapi.Text{
		"PUT /note": {OperationID: "keepNote", Summary: "Keep a note", Tags: []string{"notes"}, Request: Note{Text: "Buy milk"}},
	}})
	fmt.Println(strings.Contains(string(text), `"operationId": "keepNote"`))
	// Output: true
}
