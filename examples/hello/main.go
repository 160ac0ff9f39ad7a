// Hello is the program of the README: one note, read and written safely.
package main

import (
	"context"
	"log"
	"strconv"
	"sync/atomic"

	"github.com/restmachine/restmachine-go/restmachine"
)

type Note struct {
	Text    string `json:"text"`
	Version int    `json:"version"`
}

func main() {
	var note atomic.Pointer[Note]
	note.Store(&Note{"Hello, World!", 1})

	app := restmachine.New()
	app.ResourceExists(func() *Note { return note.Load() })
	app.GenerateETag(func(n *Note) string { return strconv.Itoa(n.Version) })
	app.Get("/note", func(n *Note) *Note { return n })
	app.Put("/note", func(n *Note, in restmachine.Body[Note]) *Note {
		note.Store(&Note{in.Value.Text, n.Version + 1})
		return note.Load()
	})
	log.Fatal(app.ListenAndServe(context.Background(), "127.0.0.1:8080"))
}
