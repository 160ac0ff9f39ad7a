// JSON:API (https://jsonapi.org/format/) on the way out and in: the documents
// that events, updates and errors become.

package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/restmachine/restmachine-go/restmachine"
)

const (
	mediaType = "application/vnd.api+json"
	eventType = "event"
)

// A Resource is the resource object of an event.
type Resource struct {
	Type       string     `json:"type"`
	ID         string     `json:"id"`
	Attributes Attributes `json:"attributes"`
}

// Attributes are an event's, or those that an update changes.
type Attributes struct {
	Name         *string    `json:"name,omitempty"`
	LocationName *string    `json:"location-name,omitempty"`
	StartsAt     *time.Time `json:"starts-at,omitempty"`
}

// An Update is the content of a PATCH.
type Update struct {
	Data Resource `json:"data"`
}

// An Error is one member of an error document.
type Error struct {
	Status string `json:"status"`
	Source Source `json:"source"`
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
}

// A Source points at what an error is about; the empty pointer is the whole
// document.
type Source struct {
	Pointer string `json:"pointer"`
}

func resource(e *Event) Resource {
	return Resource{eventType, e.ID, Attributes{&e.Name, &e.LocationName, &e.StartsAt}}
}

// apply changes e to what the attributes say; what they leave out stays.
func (a Attributes) apply(e *Event) {
	if a.Name != nil {
		e.Name = *a.Name
	}
	if a.LocationName != nil {
		e.LocationName = *a.LocationName
	}
	if a.StartsAt != nil {
		e.StartsAt = *a.StartsAt
	}
}

func renderEvent(e *Event) map[string]Resource {
	return map[string]Resource{"data": resource(e)}
}

func renderEvents(events []*Event) map[string][]Resource {
	data := []Resource{}
	for _, e := range events {
		data = append(data, resource(e))
	}
	return map[string][]Resource{"data": data}
}

func parseUpdate(content []byte) (Update, error) {
	var u Update
	if err := json.Unmarshal(content, &u); err != nil {
		return u, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "The content is no JSON:API document of an event."}
	}
	return u, nil
}

// renderError makes an error document of what went wrong, for whoever asks. The
// header of the problem goes out with it.
func renderError(p *restmachine.Problem) map[string][]Error {
	if p.Header == nil {
		p.Header = http.Header{}
	}
	p.Header.Set("Content-Type", mediaType)
	return map[string][]Error{"errors": {{Status: strconv.Itoa(p.Status), Title: p.Title, Detail: p.Detail}}}
}
