package restmachine

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/route"
)

// This file is what a callback can be injected beside the plain types of
// net/http, context and log/slog: each type here is filled anew per request.

// ETag is an entity-tag as it stands in the field: "x" in quotes, or W/"x".
type ETag = conditional.ETag

// Method is the request's method.
type Method string

// Safe reports whether the method is safe: GET, HEAD, OPTIONS or TRACE
// (RFC 9110, 9.2.1).
func (m Method) Safe() bool {
	return m == "GET" || m == "HEAD" || m == "OPTIONS" || m == "TRACE"
}

// PathParams are the parameters of the request's path, decoded. It may be kept.
type PathParams struct{ params route.Params }

// Get is the value of a parameter. A name that the route lacks ends the request
// with a logged 500, never with an empty string: see Path for parameters that
// are checked at start.
func (p PathParams) Get(name string) string {
	for i, own := range p.params.Names() {
		if own == name {
			return p.params.Value(i)
		}
	}
	panic(p.lacks(name))
}

// lacks says what Get was asked for in vain.
func (p PathParams) lacks(name string) string {
	of := "of none"
	if pattern := p.params.Pattern(); pattern != nil {
		of = pattern.String()
	}
	return fmt.Sprintf("PathParams.Get(%q): the route %s has the parameters %q", name, of, p.params.Names())
}

// lookup are the values of a parameter, none where the route lacks it.
func (p PathParams) lookup(name string) []string {
	if i := slices.Index(p.params.Names(), name); i >= 0 {
		return []string{p.params.Value(i)}
	}
	return nil
}

// last is the value of the last parameter, "" where there is none.
func (p PathParams) last() string {
	if n := len(p.params.Names()); n > 0 {
		return p.params.Value(n - 1)
	}
	return ""
}

// All are the parameters by name, as a map that the caller may keep.
func (p PathParams) All() map[string]string {
	names := p.params.Names()
	m := make(map[string]string, len(names))
	for i, name := range names {
		m[name] = p.params.Value(i)
	}
	return m
}

// Path is the parameters of the path as a struct T whose fields are tagged
// `path:"name"`: strings, booleans, numbers, types made of them, and
// encoding.TextUnmarshaler. A value that does not parse is 404; a name that the
// route lacks is a wiring fault.
type Path[T any] struct{ Value T }

// Query is the query as a struct T whose fields are tagged `query:"name"`: as
// in Path, and slices of such for names that may come more than once. An absent
// name leaves its field at zero; a value that does not parse is 400.
type Query[T any] struct{ Value T }

// Body is the content of the request, parsed by the parser that Accepts names
// for T and the Content-Type; with none as JSON, and url.Values as a form. T may
// also be []byte or string (the content as it is), io.ReadSeeker (spooled to a
// temporary file), io.Reader (streamed, once) or a [MergePatch]. A T with a
// Validate() error method is validated: its error is a 422.
type Body[T any] struct{ Value T }

// Optional is a T that may be missing: OK says whether it exists. A PUT or
// PATCH that takes the Optional of its target can create it.
type Optional[T any] struct {
	Value T
	OK    bool
}

// Selected is the representation that the negotiation chose: its media type,
// language, charset and content coding; what was not negotiated is "".
type Selected struct{ MediaType, Language, Charset, Coding string }

// A composite is one of the generic types above, seen without its T.
type composite interface {
	part() part
	of() reflect.Type
	// with is the composite with a value, given as any; nil is the zero T.
	with(v any) any
}

type part uint8

const (
	pathPart part = iota
	queryPart
	bodyPart
	optionalPart
)

func (Path[T]) part() part     { return pathPart }
func (Query[T]) part() part    { return queryPart }
func (Body[T]) part() part     { return bodyPart }
func (Optional[T]) part() part { return optionalPart }

func (Path[T]) of() reflect.Type     { return reflect.TypeFor[T]() }
func (Query[T]) of() reflect.Type    { return reflect.TypeFor[T]() }
func (Body[T]) of() reflect.Type     { return reflect.TypeFor[T]() }
func (Optional[T]) of() reflect.Type { return reflect.TypeFor[T]() }

func (Path[T]) with(v any) any  { t, _ := v.(T); return Path[T]{t} }
func (Query[T]) with(v any) any { t, _ := v.(T); return Query[T]{t} }
func (Body[T]) with(v any) any  { t, _ := v.(T); return Body[T]{t} }

// with takes nil for a T that is missing: what exists is never a nil.
func (Optional[T]) with(v any) any { t, ok := v.(T); return Optional[T]{t, ok} }

// A holder is a composite that a value can be read into, in place.
type holder interface {
	fresh() (made, target any)
}

func (Body[T]) fresh() (made, target any) {
	b := new(Body[T])
	return b, &b.Value
}

var compositeType = reflect.TypeFor[composite]()

// asComposite is t seen as a composite, nil where it is none.
func asComposite(t reflect.Type) composite {
	if t.Kind() != reflect.Struct || !t.Implements(compositeType) {
		return nil
	}
	return reflect.Zero(t).Interface().(composite)
}
