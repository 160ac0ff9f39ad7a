package restmachine

import "net/http"

// Reply is an entity with a status and header fields, for handlers that have
// more to say than the entity. Status 0 leaves the status to the graph.
type Reply struct {
	Status int
	Header http.Header
	Entity any
}

// Created is a 201 with the entity that was created. location is where it
// lives; "" leaves that to the Location fact of its type (RFC 9110, 15.3.2).
func Created(location string, entity any) *Reply {
	return withLocation(http.StatusCreated, location, entity)
}

// Accepted is a 202: the work goes on, and entity says how it stands.
func Accepted(entity any) *Reply { return NewReply(http.StatusAccepted, entity) }

// NoContent is a 204, the same as returning nothing.
func NoContent() *Reply { return NewReply(http.StatusNoContent, nil) }

// SeeOther is a 303 to location, to be fetched by GET (RFC 9110, 15.4.4).
func SeeOther(location string) *Reply { return withLocation(http.StatusSeeOther, location, nil) }

// NewReply is a reply of any final status, 200 to 599, with an entity, which
// may be nil. Its Header is empty and can be set.
func NewReply(status int, entity any) *Reply {
	return &Reply{Status: status, Header: http.Header{}, Entity: entity}
}

func withLocation(status int, location string, entity any) *Reply {
	r := NewReply(status, entity)
	if location != "" {
		r.Header.Set("Location", location)
	}
	return r
}
