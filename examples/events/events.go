// The application: events with tags by hash. Requests come in. A tag is the hash of the
// content that a GET would send. It is made before anything is written. So a write with a
// false If-Match changes nothing.

package main

import (
	"github.com/restmachine/restmachine-go/restmachine"
)

// New returns the application. It keeps its events in memory. With etag, every
// representation has an entity-tag. Without it, there are no entity-tags, and If-Match is
// true only for *.
func New(etag bool) *restmachine.App {
	app := restmachine.New()
	if etag {
		app.AutoETag(restmachine.Strong)
	}

	app.OnStartup(NewStore)
	app.ResourceExists(func(path restmachine.PathParams, store *Store) *Event {
		return store.Event(path.Get("event_id"))
	})

	app.Provides(mediaType, renderEvent)
	app.Provides(mediaType, renderEvents)
	app.Accepts(mediaType, parseUpdate)
	app.RenderError(renderError)

	v1 := app.Group("/v1")
	v1.Get("/events", (*Store).Events)

	event := v1.Resource("/events/{event_id}")
	event.IsConflict(namesAnother)
	event.Get(func(e *Event) *Event { return e })
	event.Patch(updateEvent)
	return app
}

// namesAnother reports whether the content names another resource than the request. This
// is a 409 in JSON:API.
func namesAnother(e *Event, in restmachine.Body[Update]) bool {
	return in.Value.Data.Type != eventType || in.Value.Data.ID != e.ID
}

func updateEvent(e *Event, in restmachine.Body[Update], store *Store) (*Event, error) {
	changed := *e
	in.Value.Data.Attributes.apply(&changed)
	return store.Replace(e, changed)
}
