package plan

import (
	"github.com/restmachine/restmachine-go/restmachine/internal/textfield"
	"github.com/restmachine/restmachine-go/restmachine/internal/validate"
)

// This file says where the value of a parameter comes from. A source is data: the plan says
// which one serves, and package exchange gets the value.

// An Origin is the kind of a source.
type Origin uint8

// The origins. Their order means nothing, but that byType is the zero value.
const (
	byType Origin = iota // not bound: not yet, or after a fault

	// What every request brings.
	FromContext
	FromRequest
	FromHeader
	FromQuery
	FromParams
	FromMethod
	FromSelected
	FromPreconditions
	FromLogger
	FromLastEvent // the ID in Last-Event-ID
	FromTarget    // for the library's own handlers

	// FromSubject is the one value that a callback is about: what a fact or a renderer
	// describes, the Problem of a RenderError, the Response of a FinishRequest.
	FromSubject

	// What is provided.
	FromOverride
	FromStartup
	FromDependency
	FromResource // that must exist
	FromOptional // that may be missing
	FromBody
	FromPathFields
	FromQueryFields
	FromHeaderFields
	FromCookieFields

	// What a parser of Accepts gets.
	FromContentBytes
	FromContentReader
	FromContentForm
)

// ofEveryRequest reports whether every request has the value, and nothing need be made for it.
func (o Origin) ofEveryRequest() bool {
	switch o {
	case FromContext, FromRequest, FromHeader, FromQuery, FromParams, FromMethod, FromSelected, FromPreconditions, FromLogger, FromLastEvent, FromTarget:
		return true
	}
	return false
}

// A Target is what the library's own handlers look at of a request.
type Target struct {
	Path     string // escaped, without the prefix of a mount
	RawQuery string
	Accept   []string // the lines of the field
}

// A Source gives the value of a parameter. Its origin says which of the other fields is set.
type Source struct {
	Origin     Origin
	Startup    *Startup
	Dependency *Dependency
	Load       *Load
	Body       *Body
	Rare       *Rare
}

// Rare is what few sources need.
type Rare struct {
	Value     any              // of an override
	Fields    textfield.Fields // of a Path, a Query, a Header or a Cookie
	Composite *Composite       // likewise, and of an Optional
	Checks    validate.Checks  // of the T of what has Fields
}
