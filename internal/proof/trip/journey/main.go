// Command journey asks a small App for the usual answers over ServeHTTP and writes
// the way of each request, as JSON, to its standard output. The ways are empty
// unless command trip has built it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/restmachine/restmachine-go/internal/proof/trip/way"
	"github.com/restmachine/restmachine-go/restmachine"
)

// warmUp is how often a request is served before its way is recorded. After that,
// nothing is done for the first time, even what an App keeps only by chance, one time
// in eight.
const warmUp = 300

type document struct {
	Title   string    `json:"title"`
	Version int       `json:"version"`
	Changed time.Time `json:"changed"`
}

type update struct {
	Title string `json:"title"`
}

// service has one document, which never changes.
func service() *restmachine.App {
	doc := &document{"The way of a request", 7, time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC)}
	app := restmachine.New()
	app.ResourceExists(func(path restmachine.PathParams) *document {
		if path.Get("id") != "1" {
			return nil
		}
		return doc
	})
	app.GenerateETag(func(d *document) string { return strconv.Itoa(d.Version) })
	app.LastModified(func(d *document) time.Time { return d.Changed })
	app.Get("/documents/{id}", func(d *document) *document { return d })
	app.Put("/documents/{id}", func(d *document, in restmachine.Body[update]) *document {
		return &document{in.Value.Title, d.Version + 1, d.Changed.Add(time.Second)}
	})
	return app
}

// A request is one of those whose way is recorded.
type request struct {
	name, method string
	header       map[string]string
	body         string
	status       int
}

func requests() []request {
	const content = `{"title":"Another"}`
	put := func(match string) map[string]string {
		return map[string]string{"Accept": "*/*", "Content-Type": "application/json", "If-Match": match}
	}
	return []request{
		{"GET 304 by tag", "GET", map[string]string{"Accept": "*/*", "If-None-Match": `"7"`}, "", 304},
		{"PUT 412", "PUT", put(`"6"`), content, 412},
		{"PUT 200", "PUT", put(`"7"`), content, 200},
		{"GET 200", "GET", map[string]string{"Accept": "*/*"}, "", 200},
	}
}

// serve serves the request once, and is an error unless its status is right.
func (r request) serve(h http.Handler) error {
	in := httptest.NewRequest(r.method, "/documents/1", strings.NewReader(r.body))
	for name, value := range r.header {
		in.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, in)
	if w.Code != r.status {
		return fmt.Errorf("%s: status %d: %s", r.name, w.Code, w.Body)
	}
	return nil
}

func main() {
	log.SetFlags(0)
	debug.SetGCPercent(-1) // the collector empties pools, and what is missing there is made anew
	runtime.GOMAXPROCS(1)  // each processor has a pool of its own
	if err := run(); err != nil {
		log.Fatal("journey: ", err)
	}
}

func run() error {
	app := service()
	if err := app.Start(context.Background()); err != nil {
		return err
	}
	var ways []way.Way
	for _, r := range requests() {
		for range warmUp {
			if err := r.serve(app); err != nil {
				return err
			}
		}
		var err error
		steps := way.Record(func() { err = r.serve(app) })
		if err != nil {
			return err
		}
		ways = append(ways, way.Way{Request: r.name, Steps: steps})
	}
	if err := app.Shutdown(context.Background()); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(ways)
}
