package restmachine

import (
	"fmt"
	"reflect"

	"github.com/restmachine/restmachine-go/restmachine/conditional"
	"github.com/restmachine/restmachine-go/restmachine/internal/plan"
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
type PathParams route.Params

// Get is the value of a parameter. A name that the route lacks ends the request
// with a logged 500, never with an empty string: see Path for parameters that
// are checked at start.
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

// last is the value of the last parameter, "" where there is none.
func (p PathParams) last() string {
	params := route.Params(p)
	if n := len(params.Names()); n > 0 {
		return params.Value(n - 1)
	}
	return ""
}

// All are the parameters by name, as a map that the caller may keep.
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

// A generic is one of the generic types above, seen without its T.
type generic interface{ composite() *plan.Composite }

func (Path[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.PathPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, _ := v.(T); return Path[T]{t} }}
}

func (Query[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.QueryPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, _ := v.(T); return Query[T]{t} }}
}

func (Body[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.BodyPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, _ := v.(T); return Body[T]{t} },
		New: func() (made, target any) {
			b := new(Body[T])
			return b, &b.Value
		}}
}

// What exists is never a nil, so that nil stands for a T that is missing.
func (Optional[T]) composite() *plan.Composite {
	return &plan.Composite{Part: plan.OptionalPart, Type: reflect.TypeFor[T](), Wrap: func(v any) any { t, ok := v.(T); return Optional[T]{t, ok} }}
}

var genericType = reflect.TypeFor[generic]()

// asComposite is t seen as a composite, nil where it is none.
func asComposite(t reflect.Type) *plan.Composite {
	if t.Kind() != reflect.Struct || !t.Implements(genericType) {
		return nil
	}
	return reflect.Zero(t).Interface().(generic).composite()
}
