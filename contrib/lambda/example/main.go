// Program example is an App that runs in AWS Lambda, and elsewhere as a server of its own:
//
//	go run ./example                                    # http://localhost:8080/notes/1
//	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build -tags lambda.norpc -o bootstrap ./example
//	zip notes.zip bootstrap                             # the guide's page on Lambda goes on from here
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"

	"github.com/restmachine/restmachine-go/contrib/lambda"
	"github.com/restmachine/restmachine-go/restmachine"
)

// This file is the whole program. In comes where it runs. Out comes the App, by Lambda or by a
// server.

func main() {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		log.Fatal(lambda.Start(newApp()))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newApp().ListenAndServe(ctx, ":8080"); err != nil {
		log.Fatal(err)
	}
}

// A Note is what the service keeps.
type Note struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	Version int    `json:"version"`
}

// notes keeps them in memory, which is enough to look at: each instance of a function has its
// own, and forgets it when it ends. Use a database.
type notes struct {
	mu   sync.Mutex
	byID map[string]Note
}

func open() *notes {
	log.Print("started")
	return &notes{byID: map[string]Note{"1": {"1", "Buy milk", 1}}}
}

func (s *notes) get(id string) *Note {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n, ok := s.byID[id]; ok {
		return &n
	}
	return nil
}

// update writes a note, unless somebody was faster.
func (s *notes) update(n *Note, text string) (*Note, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID[n.ID].Version != n.Version {
		return nil, restmachine.ErrStale
	}
	next := Note{n.ID, text, n.Version + 1}
	s.byID[n.ID] = next
	return &next, nil
}

func newApp() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(open)
	app.OnShutdown(func(*notes) { log.Print("ended") })

	one := app.Resource("/notes/{id}")
	one.ResourceExists(func(path restmachine.PathParams, s *notes) *Note { return s.get(path.Get("id")) })
	one.GenerateETag(func(n *Note) string { return strconv.Itoa(n.Version) })
	one.RequirePreconditions()
	one.Get(func(n *Note) *Note { return n })
	one.Put(func(n *Note, in restmachine.Body[Note], s *notes) (*Note, error) { return s.update(n, in.Value.Text) })
	return app
}
