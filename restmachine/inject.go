package restmachine

import (
	"fmt"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file has the types that a callback can take from a request, beside those of
// net/http, context and log/slog. Package exchange fills them, anew for each request.
// They are here and not further in, so that users find them and their methods in one
// place.

// ETag is an entity-tag as it stands in a field: "x" in quotes, or W/"x".
type ETag = conditional.ETag

// Method is the request's method, such as "GET". A HEAD is "HEAD", also in the handler
// of the GET.
type Method string

// Safe reports whether the method is registered as safe (RFC 9110, 9.2.1 and 16.1.1):
// GET, HEAD, OPTIONS, TRACE, PROPFIND, QUERY, REPORT or SEARCH.
func (m Method) Safe() bool {
	switch m {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "QUERY", "REPORT", "SEARCH":
		return true
	}
	return false
}

// PathParams are the parameters of the request's path, decoded. A callback may keep
// them. [Path] is the same as a struct, checked at start.
type PathParams route.Params

// Get returns the value of a parameter. A name that the route lacks panics, which ends
// the request with a logged 500; it never returns an empty string for it.
func (p PathParams) Get(name string) string {
	params := route.Params(p)
	for i, own := range params.Names() {
		if own == name {
			return params.Value(i)
		}
	}
	panic(lacks(params, name))
}

// lacks says what Get was asked for in vain.
func lacks(params route.Params, name string) string {
	of := "of an unknown path"
	if pattern := params.Pattern(); pattern != nil {
		of = pattern.String()
	}
	return fmt.Sprintf("PathParams.Get(%q): the route %s does not have this parameter; it has %q", name, of, params.Names())
}

// last returns the value of the last parameter, or "" where there is none.
func (p PathParams) last() string {
	params := route.Params(p)
	if n := len(params.Names()); n > 0 {
		return params.Value(n - 1)
	}
	return ""
}

// All returns the parameters by name, in a new map.
func (p PathParams) All() map[string]string {
	params := route.Params(p)
	names := params.Names()
	m := make(map[string]string, len(names))
	for i, name := range names {
		m[name] = params.Value(i)
	}
	return m
}

// Path is the parameters of the path as a struct T whose fields are tagged
// `path:"name"`: strings, booleans, numbers, types made of them, pointers to them, and
// encoding.TextUnmarshaler. A value that does not parse is 404, and so is one that the
// Validate() error method of T refuses, and an integer or boolean that is not spelled as Go
// prints it, such as 01, +1 and T: one record has one URI. A float, and a type that reads its
// text by itself, such as a UUID, takes any spelling, and the lock goes by its value as text:
// the shortest form of a float, and what MarshalText returns, of times in UTC. A name that the
// route lacks is a wiring fault.
type Path[T any] struct{ Value T }

// Query is the query as a struct T whose fields are tagged `query:"name"`: of the types
// that [Path] takes, and slices of them for names that may come more than once. An
// absent name leaves its field at zero, or at what a tag such as `default:"20"` says; of a
// slice that is a list, such as `default:"a, b"`. A name without a value is not absent. A value
// that does not parse is 400, and so is a second value for a field that is not a slice, and what
// the Validate() error method of T or [WithValidator] refuses, of a default too. The Problem
// names each such parameter (see [FieldError]). A default that does not parse is a wiring fault.
type Query[T any] struct{ Value T }

// Header is fields of the request's header as a struct T whose fields are tagged
// `header:"X-Tenant"`: of the types that [Query] takes. Case does not matter in names. A slice
// is the elements of a list (RFC 9110, 5.6.1), from all lines of the field. Commas in quotes do
// not separate, and an element in quotes is the text in them. Any other field that has two lines
// is 400. What does not parse, and what is refused, is 400 as it is for a Query, and so is the
// default. A name that a request cannot have is a wiring fault, and so are the fields by which
// the library decides: those of preconditions, of negotiation and of ranges.
//
// What a GET reads so is in Vary of its answers, 304 too (RFC 9110, 12.5.5), but for
// Authorization. A tag `vary:"-"` says of a field that it changes nothing in them, such as an
// ID for logs.
type Header[T any] struct{ Value T }

// Cookie is cookies of the request as a struct T whose fields are tagged `cookie:"session"`: of
// the types that [Path] takes, in any spelling, and otherwise as a [Header]. The answers to a
// GET that reads one have Vary: Cookie. Cookies are read as net/http reads them: of two of one
// name the first counts. What was sent is not told in the 400, since scripts may not see it.
type Cookie[T any] struct{ Value T }

// Body is the content of the request as a T, parsed when a callback first asks for it,
// so that a 404 or 412 comes before a 400. [Facts.Accepts] gives the parsers for T. By
// default a T is read from application/json and types that end in +json. That JSON may
// be 100 levels deep; a name that comes twice is a 400, and so is empty content. A null that
// T does not read by itself is a 422.
//
// These T have a default of their own: url.Values is read from a form, which may be empty, a [MergePatch]
// from application/merge-patch+json, and []byte and string are the content as it is.
// io.ReadSeeker is the content in a temporary file, for each callback from its start and until
// the answer was sent, and io.Reader is the content as it comes, once. Content that comes too slowly is 408, and
// content that breaks off is 400, also where a handler returns the error of an io.Reader.
// A type that no parser reads is 415. Content over [Facts.MaxBody] is 413.
// JSON that is not of its type is 422, with a pointer to the value and what was expected. A T that
// has a Validate() error method is validated: an error of that is a 422. Where a slice, array or
// map has none, its elements are validated. See [Invalid] and [WithValidator].
type Body[T any] struct{ Value T }

// Optional is a T that may be missing. OK says whether it exists; where it does not,
// Value is zero. A PUT or PATCH that takes the Optional of its path's target can create
// it.
type Optional[T any] struct {
	Value T
	OK    bool
}

// Selected is the representation that the negotiation chose: its media type, language,
// charset and content coding. What was not negotiated is "". Content that would not shrink
// is sent without the coding: nothing that is rendered should depend on it.
type Selected struct{ MediaType, Language, Charset, Coding string }

// A generic is one of the generic types above, seen without its T.
type generic interface{ composite() *plan.Composite }

func (Path[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.PathPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, _ := v.(T); return Path[T]{t} }}
}

func (Query[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.QueryPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, _ := v.(T); return Query[T]{t} }}
}

func (Header[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.HeaderPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, _ := v.(T); return Header[T]{t} }}
}

func (Cookie[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.CookiePart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, _ := v.(T); return Cookie[T]{t} }}
}

func (Body[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.BodyPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, _ := v.(T); return Body[T]{t} },
		New: func() (made, target any) {
			b := new(Body[T])
			return b, &b.Value
		}}
}

// A T that exists is never nil, so nil stands for a T that is missing.
func (Optional[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.OptionalPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, ok := v.(T); return Optional[T]{t, ok} }}
}

var genericType = reflect.TypeFor[generic]()

// asComposite returns t seen as a composite, or nil where t is not one of the generic
// types.
func asComposite(t reflect.Type) *plan.Composite {
	if t.Kind() != reflect.Struct || !t.Implements(genericType) {
		return nil
	}
	return reflect.Zero(t).Interface().(generic).composite()
}
