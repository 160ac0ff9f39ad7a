// This file reads and writes JSON:API documents (https://jsonapi.org/format/). Events and
// errors go out as documents, updates come in.

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

// Attributes are the attributes of an event, or those that an update changes.
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

// A Source points at the cause of an error. The empty pointer means the whole document.
type Source struct {
	Pointer string `json:"pointer"`
}

func resource(e *Event) Resource {
	return Resource{eventType, e.ID, Attributes{&e.Name, &e.LocationName, &e.StartsAt}}
}

// apply sets the attributes in e. An attribute that is left out stays as it is.
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
		return u, &restmachine.Problem{Status: http.StatusBadRequest, Detail: "The content is not a JSON:API document of an event."}
	}
	return u, nil
}

// renderError makes an error document of a problem, for all clients. The header of the
// problem is sent with it.
func renderError(p *restmachine.Problem) map[string][]Error {
	if p.Header == nil {
		p.Header = http.Header{}
	}
	p.Header.Set("Content-Type", mediaType)
	return map[string][]Error{"errors": {{Status: strconv.Itoa(p.Status), Title: p.Title, Detail: p.Detail}}}
}
