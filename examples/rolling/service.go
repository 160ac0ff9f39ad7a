// This file says what is true of the counter and the notes. It knows nothing of the other
// processes, or of nginx.

package main

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

// A NewCount is the content of a PUT.
type NewCount struct {
	Count int `json:"count"`
}

// A NewNote is the content of a POST.
type NewNote struct {
	Text string `json:"text"`
}

// New returns the App on a journal.
func New(journal *Journal, options ...restmachine.Option) *restmachine.App {
	app := restmachine.New(options...)
	app.OnStartup(func() *Journal { return journal })
	app.Get("/readyz", app.Ready)

	counter := app.Resource("/counter")
	counter.RequirePreconditions()
	counter.ResourceExists((*Journal).Counter)
	counter.GenerateETag(func(c *Counter) string { return strconv.Itoa(c.Version) })
	counter.Get(func(c *Counter) *Counter { return c })
	counter.Put(func(c *Counter, in restmachine.Body[NewCount], j *Journal) (*Counter, error) {
		return j.SetCount(in.Value.Count, c.Version)
	})

	app.Post("/notes", func(in restmachine.Body[NewNote], j *Journal) (*restmachine.Reply[Entry], error) {
		e, err := j.Add(in.Value.Text)
		return restmachine.Created("/feed", e), err
	})
	app.Get("/feed", feed)
	return app
}

// lookAgain is how often a stream looks for what other processes wrote.
const lookAgain = 50 * time.Millisecond

// feed sends each entry behind the last one that the client has seen.
func feed(j *Journal, last restmachine.LastEventID) (*restmachine.EventStream, error) {
	seen := 0
	if last != "" {
		var err error
		if seen, err = strconv.Atoi(string(last)); err != nil {
			return nil, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "Last-Event-ID is the number of an entry"}
		}
	}
	return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
		for {
			entries, err := j.After(seen)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if err := send(restmachine.Event{ID: strconv.Itoa(e.ID), Data: e}); err != nil {
					return err
				}
				seen = e.ID
			}
			select {
			case <-time.After(lookAgain):
			case <-ctx.Done(): // the client has gone, or the process is about to
				return nil
			}
		}
	}), nil
}
