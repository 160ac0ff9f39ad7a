package restmachine

import (
	"context"
	"time"

	"github.com/restmachine/restmachine-go/restmachine/internal/stream"
)

// This file is the event stream, as an entity: what a handler returns to send events as they
// happen. In comes a function that sends them. The other streams need no type of ours.

// Event is one event of an [EventStream]. Data is what happened. The other fields may be zero.
type Event struct {
	// ID is what a client sends as its [LastEventID] when it connects again; "" leaves the one
	// before in force. It must be able to stand in a header field: no control characters, and no
	// space at its ends.
	ID string
	// Name is the type of the event; "" is "message", which is what EventSource.onmessage gets.
	Name string
	// Data is a string or []byte, sent as text, or any other value, sent as JSON. An event
	// without Data changes the ID or Retry of a client, and is not seen by its script.
	Data any
	// Retry is how long the client waits before it connects again; 0 leaves that to the client.
	Retry time.Duration
}

// EventStream is an entity that is sent as text/event-stream: see [Events].
type EventStream struct{ source }

// source is how the inner packages know an EventStream.
type source = stream.Source

// LastEventID can be injected into any callback: the ID of the last event that the client got
// before it connected again, as it stands in its Last-Event-ID field, or "".
type LastEventID string

// Events returns an event stream for a handler to return (WHATWG HTML, 9.2). run sends the
// events. It is called once the response is sent: not for a HEAD, and not for a 304.
//
//	app.Get("/posts/feed", func(last restmachine.LastEventID, feed *Feed) *restmachine.EventStream {
//		return restmachine.Events(func(ctx context.Context, send func(restmachine.Event) error) error {
//			for post := range feed.After(ctx, last) {
//				if err := send(restmachine.Event{ID: post.Version, Data: post}); err != nil {
//					return err
//				}
//			}
//			return nil
//		})
//	})
//
// ctx ends when the client goes, and when draining begins ([App.Drain]). Then run has to return;
// what it returns does not matter. The client of a server that drains connects again, and
// reaches the next server.
//
// send sends an event at once, also through a content coding. It waits for the client as long as
// [WithStreamPatience] says, so a slow client slows run down, and nothing piles up. Its error
// says that the stream has ended, or that the event would not arrive as it is meant: run returns
// it. Several goroutines may call send, and none may after run has returned.
//
// Whatever run returns before anything was sent is the answer, with its status; the fields are
// sent with the first event, or after 50 milliseconds. Any later error cuts the connection, and
// so has the client connect again. After nil the client connects again, too: only a 204 tells it
// to stay away, which is what a nil *EventStream is.
//
// Unless facts or a Reply say otherwise, a cache does not keep the stream. A client that is
// silent is kept by heartbeats ([WithHeartbeat]). [App.Execute] collects the events until run
// returns; an endless stream needs [App.ExecuteContext], which ends with its context.
func Events(run func(ctx context.Context, send func(Event) error) error) *EventStream {
	return &EventStream{stream.NewSource(func(ctx context.Context, send func(stream.Event) error) error {
		return run(ctx, func(e Event) error { return send(stream.Event(e)) })
	})}
}
