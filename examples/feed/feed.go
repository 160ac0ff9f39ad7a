// This file says what is true of notices, and how they are sent.

package main

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strconv"

	"github.com/restmachine/restmachine-go/restmachine"
)

// New returns the App, with a board of its own.
func New() *restmachine.App {
	app := restmachine.New()
	app.OnStartup(NewBoard)
	app.Location(func(n *Notice) string { return fmt.Sprintf("/notices/%d", n.ID) })

	app.Get("/readyz", app.Ready)
	app.Get("/notices", func(b *Board) iter.Seq[*Notice] { return b.All() })
	app.Post("/notices", func(b *Board, in restmachine.Body[NewNotice]) *restmachine.Reply[*Notice] {
		return restmachine.Created("", b.Put(in.Value.Text))
	})
	app.Get("/notices/{id}", func(b *Board, path restmachine.Path[noticePath]) *Notice {
		return b.Notice(path.Value.ID)
	}).ResourceExists(func(b *Board, path restmachine.Path[noticePath]) bool {
		return b.Notice(path.Value.ID) != nil
	})
	app.Get("/notices/feed", feed)
	return app
}

type noticePath struct {
	ID int `path:"id"`
}

// feed sends each notice behind the last one that the client has seen.
func feed(b *Board, last restmachine.LastEventID) (*restmachine.EventStream, error) {
	seen := 0
	if last != "" {
		var err error
		if seen, err = strconv.Atoi(string(last)); err != nil {
			return nil, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "Last-Event-ID is the number of a notice"}
		}
	}
	return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
		for {
			notices, more := b.After(seen)
			for _, n := range notices {
				if err := send(restmachine.Event{ID: strconv.Itoa(n.ID), Name: "notice", Data: n}); err != nil {
					return err
				}
				seen = n.ID
			}
			select {
			case <-more:
			case <-ctx.Done(): // the client has gone, or the server is about to
				return nil
			}
		}
	}), nil
}
