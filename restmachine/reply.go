package restmachine

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
)

// This file is what a handler returns that has more to say than the entity. In come a
// status, fields and an entity. The graph takes them for its answer, as far as they go.

// Reply is an entity of a type T with a status and header fields. A handler returns a
// *Reply[T] where it has more to say than the entity. T is known at start: the facts for
// T hold as if the handler returned a T. In a Reply[any], or a Reply of an interface that
// nothing provides, the type of the value counts instead.
//
// Status is 200 to 599; 0 leaves the status to the graph. A status of 400 or more is a
// refusal, and the cleanups of Dependencies get an error. Header is added to the
// response's; what it sets is kept. A nil Entity is none, and so is the zero Entity of a
// redirect (3xx). An Entity that is an error is the answer, whatever Status says below
// 400.
type Reply[T any] struct {
	Status int
	Header http.Header
	Entity T
}

// Created returns a 201 with the entity that was created. location is where it lives,
// as in [Facts.Location]; "" leaves that to the Location fact of the entity's type. If
// nothing says where it lives, the request's own URI names it (RFC 9110, 15.3.2). A PUT
// on a path with a target answers 201 or 200 as it created or replaced, whatever its
// Reply says: see [Scope.Put].
func Created[T any](location string, entity T) *Reply[T] {
	return NewReply(http.StatusCreated, entity).locate(location)
}

// Accepted returns a 202: the work goes on, and entity says how it stands. location is
// where the client can watch it, as in [Facts.Location]; "" says nothing (RFC 9110,
// 15.3.3).
func Accepted[T any](location string, entity T) *Reply[T] {
	return NewReply(http.StatusAccepted, entity).locate(location)
}

// NoContent returns a 204, the same as returning nothing (RFC 9110, 15.3.5).
func NoContent[T any]() *Reply[T] {
	var none T
	return NewReply(http.StatusNoContent, none)
}

// SeeOther returns a 303 to location, which the client fetches by GET (RFC 9110,
// 15.4.4).
func SeeOther[T any](location string) *Reply[T] {
	var none T
	return NewReply(http.StatusSeeOther, none).locate(location)
}

// NewReply returns a reply of any final status, 200 to 599, with an entity, which may
// be nil. Its Header is empty and not nil, so that fields can be set. Any other status
// is a logged 500.
func NewReply[T any](status int, entity T) *Reply[T] {
	return &Reply[T]{Status: status, Header: http.Header{}, Entity: entity}
}

// locate sets Location, unless location is "".
func (r *Reply[T]) locate(location string) *Reply[T] {
	if location != "" {
		r.Header.Set("Location", location)
	}
	return r
}

// A replied is a Reply[T] or a *Reply[T], seen without its T. A struct that embeds one is
// a replied, too, by its methods. So isReply looks at the name of the type.
type replied interface {
	entityType() reflect.Type
	plain() plan.Reply
}

func (Reply[T]) entityType() reflect.Type { return reflect.TypeFor[T]() }

// plain returns the Reply as the inner packages see it.
func (r Reply[T]) plain() plan.Reply {
	seen := plan.Reply{Status: r.Status, Header: r.Header, Entity: r.Entity}
	if r.Status >= 300 && r.Status < 400 && seen.Entity != nil && reflect.ValueOf(seen.Entity).IsZero() {
		seen.Entity = nil
	}
	return seen
}

var ownPackage = reflect.TypeFor[Problem]().PkgPath()

// isReply reports whether t is a Reply[T].
func isReply(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() == ownPackage && strings.HasPrefix(t.Name(), "Reply[")
}

// entityOfReply returns the T of *Reply[T]; false for any other type.
func entityOfReply(t reflect.Type) (entity reflect.Type, ok bool) {
	if t.Kind() != reflect.Pointer || !isReply(t.Elem()) {
		return nil, false
	}
	return reflect.Zero(t.Elem()).Interface().(replied).entityType(), true
}

// asReply returns a value as the inner packages see it, if it is a Reply or a pointer to
// one. The value is not nil.
func asReply(value any) (plan.Reply, bool) {
	r, ok := value.(replied)
	if !ok {
		return plan.Reply{}, false
	}
	t := reflect.TypeOf(value)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !isReply(t) {
		return plan.Reply{}, false
	}
	return r.plain(), true
}
