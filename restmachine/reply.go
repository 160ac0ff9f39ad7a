package restmachine

import "net/http"

// This file is what a handler returns that has more to say than the entity. In come a
// status, fields and an entity. The graph takes them for its answer, as far as they go.

// Reply is an entity with a status and header fields. A handler returns a *Reply where
// it has more to say than the entity. Status is 200 to 599; 0 leaves the status to the
// graph. A status of 400 or more is a refusal, and the cleanups of Dependencies get an
// error. Header is added to the response's; what it sets is kept.
type Reply struct {
	Status int
	Header http.Header
	Entity any
}

// Created returns a 201 with the entity that was created. location is where it lives,
// as in [Facts.Location]; "" leaves that to the Location fact of the entity's type (RFC
// 9110, 15.3.2).
func Created(location string, entity any) *Reply {
	return withLocation(http.StatusCreated, location, entity)
}

// Accepted returns a 202: the work goes on, and entity says how it stands (RFC 9110,
// 15.3.3).
func Accepted(entity any) *Reply { return NewReply(http.StatusAccepted, entity) }

// NoContent returns a 204, the same as returning nothing (RFC 9110, 15.3.5).
func NoContent() *Reply { return NewReply(http.StatusNoContent, nil) }

// SeeOther returns a 303 to location, which the client fetches by GET (RFC 9110,
// 15.4.4).
func SeeOther(location string) *Reply { return withLocation(http.StatusSeeOther, location, nil) }

// NewReply returns a reply of any final status, 200 to 599, with an entity, which may
// be nil. Its Header is empty and not nil, so that fields can be set. Any other status
// is a logged 500.
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
